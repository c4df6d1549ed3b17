"""本单位指标体系: a unit takes in its own list of indicators whole or not at all, and can take the last one back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kb.domain.accounts import Actor, Right, require
from kb.domain.audited import Deed, Outcome
from kb.domain.sheet_import import SheetReport
from kb.domain.spreadsheet import ReadSheet
from kb.domain.taxonomy import Taxonomy
from kb.domain.unit_indicator import UnitIndicator, judge_sheet
from kb.errors import AskedWrongly
from kb.services.adoptions import Trail


@dataclass(frozen=True)
class IndicatorList:
    """A unit's list as it was taken in; `at` is UTC in ISO form."""

    number: int
    unit: str
    at: str
    by: int
    indicators: tuple[UnitIndicator, ...]


class IndicatorLists(Protocol):
    """Where lists are kept, every one that was ever taken in."""

    def current(self, unit: str) -> IndicatorList | None:
        """The newest that was not taken back."""
        ...

    def add(self, one: IndicatorList) -> IndicatorList: ...

    def take_back(self, number: int) -> None: ...


class UnitIndicatorKeeping:
    """What people of a unit do with its list. The caller commits."""

    def __init__(self, lists: IndicatorLists, trail: Trail, taxonomy: Taxonomy, *, now: Callable[[], datetime]) -> None:
        self._lists = lists
        self._trail = trail
        self._taxonomy = taxonomy
        self._now = now

    def own(self, actor: Actor) -> IndicatorList | None:
        """The list of the actor's unit, which nobody else is shown."""
        require(actor, Right.READ_INTERNAL)
        return self._lists.current(actor.unit) if actor.unit else None

    def look_over(self, actor: Actor, sheets: Sequence[ReadSheet]) -> SheetReport:
        """Row by row what is wrong; changes nothing."""
        self._check(actor)
        return judge_sheet(sheets[0], self._taxonomy)[0]

    def take_in(self, actor: Actor, sheets: Sequence[ReadSheet]) -> IndicatorList:
        """The whole sheet instead of the list there was; raises AskedWrongly, and nothing is taken, with a row in the way."""
        self._check(actor)
        report, indicators = judge_sheet(sheets[0], self._taxonomy)
        if not report.is_sound:
            raise AskedWrongly("表里有不能收的行，一行也没有收。", advice="照下面逐行改好，再上传一次。")
        at = self._now().isoformat(timespec="seconds")
        kept = self._lists.add(IndicatorList(0, actor.unit, at, actor.number, indicators))
        self._note(actor, f"收入指标体系 {len(indicators)} 行（第 {kept.number} 份）")
        return kept

    def take_back(self, actor: Actor, number: int) -> None:
        """The list before is in force again; raises AskedWrongly when `number` is no longer the one in force."""
        self._check(actor)
        current = self._lists.current(actor.unit)
        if current is None or current.number != number:
            raise AskedWrongly("要撤回的不是现在用的这一份。", advice="刷新后看现在的，再撤回。")
        self._lists.take_back(number)
        self._note(actor, f"撤回指标体系（第 {number} 份）")

    def _check(self, actor: Actor) -> None:
        require(actor, Right.KEEP_UNIT_SHEET)
        if not actor.unit:
            raise AskedWrongly("你的账号没有写单位，不能收指标体系。", advice="请管理员补上单位。")

    def _note(self, actor: Actor, detail: str) -> None:
        self._trail.note(actor, Deed.UNIT_SHEET_CHANGED, f"indicators:{actor.unit}", Outcome.DONE, detail)
