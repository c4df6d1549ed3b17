"""The steward's work on one library: edits of reference files, their effect, what uses what."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from filelock import FileLock, Timeout
from sqlalchemy.orm import Session

from kb.bootstrap.desk import Desk
from kb.bootstrap.effects import EffectMeasuring
from kb.config import Settings
from kb.database.faults import explain
from kb.database.reference_edits import SqlReferenceEdits
from kb.domain.accounts import Actor
from kb.domain.audited import Deed, Outcome
from kb.errors import NotReady
from kb.repository.record_folder import FileRecordFolder
from kb.repository.reference_text import (
    FlaggedWordingText,
    IndicatorsText,
    ProblemTypesText,
    SynonymsText,
    TermsText,
    UnitsText,
)
from kb.services.reference_edits import ReferenceEdit, ReferenceEditing
from kb.services.reference_uses import Uses

LOCK_WAIT = 20.0
"""Seconds a writer waits for another one to end."""


class Stewarding:
    """What the pages of the steward work with; opened once per process, used from many threads.

    find_uses: what uses which unit and problem type, whoever may see it.
    """

    units = UnitsText()
    problem_types = ProblemTypesText()
    indicators = IndicatorsText()
    synonyms = SynonymsText()
    terms = TermsText()
    flagged_wording = FlaggedWordingText()

    def __init__(
        self, desk: Desk, settings: Settings, today: Callable[[], date], find_uses: Callable[[], Uses]
    ) -> None:
        self._desk = desk
        self._folder = FileRecordFolder(settings.content_folder)
        self._lock = desk.path.with_name("reference.lock")
        self.find_uses = find_uses
        self.effects = EffectMeasuring(
            settings, today, lambda number, effect: self._edits().keep_effect(number, effect)
        )

    def editing(self, source: str = "") -> ReferenceEditing:
        """The edits for one request; `source` is the address it came from, for the audit trail."""
        return ReferenceEditing(self._folder, self._edits(source), now=self._desk.now, alone=self._alone)

    def _edits(self, source: str = "") -> SqlReferenceEdits:
        def note(session: Session, edit: ReferenceEdit, by: Actor) -> None:
            self._desk.audit(session, source).note(
                by, Deed.REFERENCE_CHANGED, edit.path, Outcome.DONE, f"第 {edit.number} 次修改：{edit.deed}"
            )

        return SqlReferenceEdits(self._desk.session, self._desk.writing, note)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self._lock.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._lock, timeout=LOCK_WAIT).acquire()
        except Timeout as error:
            raise NotReady("另一处修改正在写入。", advice="等几秒再办。") from error
        except OSError as error:
            raise explain(error, self._lock) from error
        with lock:
            yield
