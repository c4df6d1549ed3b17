"""One library folder, opened by one process, with everything that is kept of it besides its cases."""

import os
from collections.abc import Callable, Collection, Hashable, Mapping
from datetime import date
from functools import cached_property

from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from kb.bootstrap.asking import Asking
from kb.bootstrap.background_sync import BackgroundSync
from kb.bootstrap.batches import Batches
from kb.bootstrap.desk import Desk
from kb.bootstrap.exchanging import Exchanging
from kb.bootstrap.holdings import Holdings
from kb.bootstrap.previews import PreviewRenderer
from kb.bootstrap.promoting import Promoting
from kb.bootstrap.reviewing import Reviewing
from kb.bootstrap.stewarding import Stewarding
from kb.config import Settings
from kb.database.catalogue import read_stamps
from kb.database.faults import explain
from kb.database.generation import GenerationReader
from kb.database.reference_uses import read_uses
from kb.services.missed_searches import KEPT_MONTHS, Missed, MissedTally, months_back
from kb.services.reference_uses import Uses
from kb.services.show_promotion import Standing


class Library(Holdings):
    """One library folder, opened by one process; safe to use from many threads."""

    def __init__(
        self,
        settings: Settings,
        today: Callable[[], date] = date.today,
        *,
        heals_itself: bool = False,
        ask_for_repair: Callable[[str], object] | None = None,
    ) -> None:
        self._background = BackgroundSync(settings) if heals_itself else None
        super().__init__(settings, today, ask_for_repair=self._background.ask if self._background else ask_for_repair)
        self._generation = GenerationReader(settings.data_folder / "catalogue.sqlite3")
        self.missed = MissedTally(self._keep_missed, today)
        self.stewarding = Stewarding(self.desk, settings, today, self._find_uses)
        proof_bytes = settings.proof_megabytes * 1_000_000
        self.promoting = Promoting(self.desk, today, self._units_by_mechanism, self._mechanism_titles, proof_bytes)

    @cached_property
    def desk(self) -> Desk:
        """What is kept of accounts and submissions; opened when first asked, so that guests never wait for it."""
        return Desk(self.settings.data_folder)

    @cached_property
    def reviewing(self) -> Reviewing:
        """Review, publishing and corrections."""
        return Reviewing(
            self.desk,
            self.settings.content_folder,
            self.today,
            bring_up=lambda: self.sync(lambda *_: None),
            ask_later=self.ask_for_repair or (lambda _: None),
            keeps_git=self.settings.keeps_git,
        )

    @cached_property
    def asking(self) -> Asking:
        """Wanted problems, words on usefulness, messages."""
        return Asking(self.desk)

    @cached_property
    def batches(self) -> Batches:
        """Files that are sent in many at once."""
        return Batches(self.desk, self.reading, self.today)

    @cached_property
    def exchanging(self) -> Exchanging:
        """The ledger and the unit sheets as workbooks."""
        units_by_mechanism = self.promoting.units_by_mechanism
        return Exchanging(self.desk, self.settings.templates_folder, self.today, units_by_mechanism)

    @cached_property
    def previews(self) -> PreviewRenderer:
        """Renders drafts; its child process starts with the first preview."""
        return PreviewRenderer()

    def state(self) -> Hashable | None:
        """Everything a page depends on besides its address: catalogue, promotion and the day; None when unreadable."""
        generation, promotion = self._generation.read(), self.promoting.state()
        return None if generation is None or promotion is None else (generation, promotion, self.today())

    def start_background(self) -> bool:
        """Starts the resident indexer of a library that heals itself; says, after its first sync, whether it was done."""
        if self._background is None:
            return False
        self._background.start()
        return self._background.wait_for_first()

    def is_read_only(self) -> bool:
        """Whether the disk takes nothing new: neither what is kept, nor content of a library folder."""
        own = (self.settings.content_folder,) if self.settings.library_folder else ()
        return not all(os.access(folder, os.W_OK) for folder in (self.settings.data_folder, *own))

    def close(self) -> None:
        """Lets go of files and ends the resident indexer, after the sync it is at."""
        if self._background:
            self._background.close()
        self._generation.close()
        self.promoting.close()
        self.missed.flush()
        self.stewarding.effects.close()
        self.desk.close()
        self.previews.close()
        super().close()

    def _standing(self) -> Standing:
        return self.promoting.standing()

    def _find_uses(self) -> Uses:
        with self._told_plainly(), Session(self._database) as session:
            return read_uses(session)

    def _units_by_mechanism(self, mechanisms: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        with Session(self._database) as session:
            catalogue = self._equip(read_stamps(session).get("content", "")).catalogue(session)
            return catalogue.units_by_mechanism(mechanisms)

    def _mechanism_titles(self, mechanisms: Collection[str]) -> Mapping[str, str]:
        with Session(self._database) as session:
            catalogue = self._equip(read_stamps(session).get("content", "")).catalogue(session)
            return catalogue.mechanism_titles(mechanisms)

    def _keep_missed(self, missed: Missed) -> None:
        try:
            with self.desk.writing() as session:
                searches = self.desk.missed_searches(session)
                searches.add(missed)
                searches.forget_before(months_back(self.today(), KEPT_MONTHS))
        except DatabaseError as error:
            raise explain(error, self.desk.path) from error


def open_library(
    settings: Settings, *, heals_itself: bool = False, ask_for_repair: Callable[[str], object] | None = None
) -> Library:
    """The library of these settings.

    One that `heals_itself` answers by title while a child process mends the index; so does one that is given whom to ask
    for that (`ask_for_repair`, with the reason).
    """
    return Library(settings, heals_itself=heals_itself, ask_for_repair=ask_for_repair)
