"""单位表 as services see it: what is kept of units, and who may see and keep it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from kb.domain.accounts import Actor
from kb.domain.audited import Deed, Outcome
from kb.domain.unit_sheet import UnitSheet


class UnitSheets(Protocol):
    """Where sheets are kept, in the transaction of whoever calls."""

    def find(self, unit: str) -> UnitSheet | None: ...

    def all(self) -> Mapping[str, UnitSheet]:
        """Every sheet by unit."""
        ...

    def adopted(self) -> Mapping[str, Sequence[str]]:
        """By unit the mechanisms it reported the adoption of."""
        ...

    def put(self, sheet: UnitSheet) -> bool:
        """Keeps it as the version after `sheet.version`; false when that is no longer the newest one."""
        ...


class Trail(Protocol):
    """The part of the audit trail used here."""

    def note(self, actor: Actor, kind: Deed, subject: str, result: Outcome, detail: str = "") -> None: ...
