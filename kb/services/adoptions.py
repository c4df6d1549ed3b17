"""The ledger of adoptions (推广台账) as services see it: what is kept, found, counted."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum
from typing import NamedTuple, Protocol

from kb.domain.accounts import Actor, Right
from kb.domain.adoption import Adoption, AdoptionStage
from kb.domain.audited import Deed, Outcome


class EventKind(Enum):
    """What happened to an adoption, as its history keeps it."""

    RECORDED = "recorded"
    REPORTED = "reported"
    AMENDED = "amended"
    TAKEN_BACK = "taken_back"
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    DRAFTED = "drafted"

    @property
    def label(self) -> str:
        return {
            "recorded": "登记", "reported": "报进展", "amended": "补充内容",
            "taken_back": "撤回上一次", "confirmed": "确认落地", "unconfirmed": "撤回确认", "drafted": "起草案例",
        }[self.value]  # fmt: skip


class AdoptionEvent(NamedTuple):
    """An entry of its history: `detail` a Chinese sentence, `before` the adoption before it, None for the first."""

    number: int
    adoption: int
    at: str
    by: int
    kind: EventKind
    detail: str
    before: Adoption | None = None
    by_name: str = ""


class LedgerFilter(NamedTuple):
    """Which adoptions: equal mechanism, unit, stage, plan (0 for any) and year of its first report; "" for any.

    `with_drafts_of`: whose drafts are among them: a unit's, "*" for all, "" for nobody's.
    """

    mechanism: str = ""
    unit: str = ""
    stage: AdoptionStage | None = None
    plan: int = 0
    year: str = ""
    with_drafts_of: str = ""


class Uptake(NamedTuple):
    """How many units reported that they took something up, and for how many another unit confirmed that it took hold."""

    units: int = 0
    confirmed: int = 0


class Adoptions(Protocol):
    """Where the ledger is kept, in the transaction of whoever calls."""

    def add(self, adoption: Adoption) -> Adoption:
        """Keeps a new one and gives it its number."""
        ...

    def find(self, number: int) -> Adoption | None: ...

    def numbered(self, numbers: Collection[int]) -> Mapping[int, Adoption]:
        """Those of these numbers that are there."""
        ...

    def change(self, adoption: Adoption) -> bool:
        """Keeps it as the version after `adoption.version`; false when that is no longer the newest one."""
        ...

    def note(self, event: AdoptionEvent) -> None: ...

    def history(self, number: int) -> Sequence[AdoptionEvent]:
        """The oldest first, with the names of who did it."""
        ...

    def running(self, unit: str, mechanism: str) -> Adoption | None:
        """An adoption of that mechanism by the unit that was not stopped."""
        ...

    def listed(self, wanted: LedgerFilter, *, offset: int = 0, limit: int = 50) -> Sequence[Adoption]:
        """Last news first."""
        ...

    def count(self, wanted: LedgerFilter) -> int: ...

    def waiting(self, *, limit: int) -> Sequence[Adoption]:
        """Landed and not confirmed, the longest waiting first."""
        ...

    def stages(self, mechanisms: Iterable[str]) -> Mapping[str, Mapping[str, tuple[AdoptionStage, bool]]]:
        """Of each mechanism the furthest reported stage of each unit and whether it was confirmed."""
        ...

    def units(self) -> Sequence[str]:
        """Units of which something was reported, by name."""
        ...

    def uptake(self) -> tuple[Mapping[str, Uptake], Mapping[str, Uptake]]:
        """Of every mechanism and of every case that anything was reported of."""
        ...


class Trail(Protocol):
    """The part of the audit trail used here."""

    def note(self, actor: Actor, kind: Deed, subject: str, result: Outcome, detail: str = "") -> None: ...


def may_edit(actor: Actor, adoption: Adoption) -> bool:
    """A unit edits its own alone."""
    return actor.may(Right.ADOPT) and actor.unit != "" and actor.unit == adoption.unit


def may_see(actor: Actor, adoption: Adoption) -> bool:
    """What was reported, everybody signed in; a draft, its unit and those who promote."""
    if not actor.may(Right.READ_INTERNAL):
        return False
    return not adoption.is_draft or may_edit(actor, adoption) or actor.may(Right.PROMOTE)


def drafts_seen_by(actor: Actor) -> str:
    """For `LedgerFilter.with_drafts_of`."""
    if actor.may(Right.PROMOTE):
        return "*"
    return actor.unit if actor.may(Right.ADOPT) else ""
