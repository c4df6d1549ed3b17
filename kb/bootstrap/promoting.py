"""Promotion of one library: ledger, plans and supervision put together from the kept database and the clock."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple

from kb.bootstrap.desk import Desk
from kb.bootstrap.latest import Latest
from kb.database.adoptions import SqlAdoptions
from kb.database.generation import NOTHING_KEPT, PromotionReader
from kb.database.messages import SqlMessages, SqlPeople
from kb.database.promotion_plans import SqlPlans
from kb.database.proofs import SqlProofs
from kb.database.supervisions import SqlSupervisions
from kb.database.unit_sheets import SqlUnitSheets
from kb.domain.promotion_plan import PlanState
from kb.errors import NotReady
from kb.services.confirm_adoption import AdoptionConfirming, UnitsByMechanism
from kb.services.keep_adoptions import AdoptionLedger
from kb.services.ports import ReferenceData
from kb.services.promote_mechanism import MOST_LISTED, PromotionPlanning
from kb.services.prove_adoption import AdoptionProving
from kb.services.show_promotion import NOTHING_PROMOTED, Standing, read_standing
from kb.services.supervise import Supervising
from kb.services.tell_units import Titles, UnitTelling
from kb.services.write_draft import DraftWriter

_log = logging.getLogger(__name__)


class PromotionWork(NamedTuple):
    """The services of one request, on one transaction."""

    ledger: AdoptionLedger
    confirming: AdoptionConfirming
    proving: AdoptionProving
    planning: PromotionPlanning
    supervising: Supervising
    adoptions: SqlAdoptions
    sheets: SqlUnitSheets
    drafts: DraftWriter


class Promoting:
    """What the pages of promotion work with; opened once per process, used from many threads.

    units_by_mechanism: the units of the cases that formed each of these mechanisms, whoever may see them; titles: of mechanisms;
    proof_bytes: what the files that prove the adoptions of one unit may take up.
    """

    def __init__(
        self,
        desk: Desk,
        today: Callable[[], date],
        units_by_mechanism: UnitsByMechanism,
        titles: Titles,
        proof_bytes: int,
    ) -> None:
        self._proof_bytes = proof_bytes
        self._desk = desk
        self._today = today
        self.units_by_mechanism = units_by_mechanism
        self._titles = titles
        self._state = PromotionReader(desk.path)
        self._standing: Latest[Standing] = Latest()

    def state(self) -> tuple[Any, ...] | None:
        """Another one whenever an adoption, a plan or a wanted problem changed; None when that cannot be told."""
        return self._state.read()

    def standing(self) -> Standing:
        """How all cases and mechanisms stand; counted anew only after a change. What cannot be read is not promoted."""
        state = self._state.read()
        if state is None or state == NOTHING_KEPT:
            return NOTHING_PROMOTED
        try:
            return self._standing.of(state, self._read_standing)
        except NotReady as error:
            _log.error("promotion could not be read: %s", error.message)
            return NOTHING_PROMOTED

    def _read_standing(self) -> Standing:
        with self._desk.session() as session:
            plans = SqlPlans(session).listed([PlanState.IN_FORCE], limit=MOST_LISTED)
            return read_standing(SqlAdoptions(session, self._desk.adoption_columns), plans)

    @contextmanager
    def work(self, reference: ReferenceData, source: str = "", *, writes: bool = False) -> Iterator[PromotionWork]:
        """The services for one request; one that `writes` holds the write lock and commits at its end."""
        desk = self._desk
        with desk.writing() if writes else desk.session() as session:
            adoptions, plans = SqlAdoptions(session), SqlPlans(session)
            trail = desk.audit(session, source)
            telling = UnitTelling(SqlMessages(session), SqlPeople(session), self._titles, now=desk.now)
            ledger = AdoptionLedger(adoptions, trail, now=desk.now, today=self._today)
            confirming = AdoptionConfirming(
                adoptions, trail, self.units_by_mechanism, telling, now=desk.now, today=self._today
            )
            yield PromotionWork(
                ledger,
                confirming,
                AdoptionProving(
                    SqlProofs(session), adoptions, ledger, confirming, trail, most_bytes=self._proof_bytes, now=desk.now
                ),
                PromotionPlanning(plans, adoptions, trail, reference, telling, now=desk.now, today=self._today),
                Supervising(
                    SqlSupervisions(session),
                    plans,
                    adoptions,
                    trail,
                    reference,
                    telling,
                    now=desk.now,
                    today=self._today,
                ),
                adoptions,
                SqlUnitSheets(session),
                DraftWriter(desk.submissions(session), trail, reference, now=desk.now, today=self._today),
            )

    def close(self) -> None:
        self._state.close()
