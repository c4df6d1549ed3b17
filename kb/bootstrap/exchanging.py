"""Sheets of one library: the ledger and the unit sheets, out as workbooks and in again; put together for one request."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Protocol

from kb.bootstrap.desk import Desk
from kb.bootstrap.office_files import sheet_reader
from kb.database.adoptions import SqlAdoptions
from kb.database.promotion_plans import SqlPlans
from kb.database.unit_indicators import SqlIndicatorLists
from kb.database.unit_sheets import SqlUnitSheets
from kb.domain.accounts import Actor, Right, require
from kb.domain.spreadsheet import ReadSheet
from kb.domain.template import Template
from kb.paths import shipped
from kb.repository.reference_files import read_template
from kb.services.confirm_adoption import UnitsByMechanism
from kb.services.exchange_ledger import LedgerExchange
from kb.services.keep_unit_indicators import UnitIndicatorKeeping
from kb.services.keep_unit_sheets import UnitSheetKeeping
from kb.services.ports import Catalogue, ReferenceData

TEMPLATE = Path("mechanism/unit-sheet.yaml")


class View(Protocol):
    """The part of a reading of the library used here."""

    @property
    def reference(self) -> ReferenceData: ...

    @property
    def catalogue(self) -> Catalogue: ...


class Exchanging:
    """What the pages of sheets work with; opened once per process, used from many threads."""

    def __init__(
        self, desk: Desk, templates: Path, today: Callable[[], date], units_by_mechanism: UnitsByMechanism
    ) -> None:
        self._desk = desk
        self._templates = templates
        self._today = today
        self._units_by_mechanism = units_by_mechanism

    @cached_property
    def unit_template(self) -> Template:
        """The library's own, or the shipped one where its folder is older than unit sheets."""
        own = self._templates / TEMPLATE
        return read_template(own if own.is_file() else shipped("templates") / TEMPLATE)

    def keep_sent(self, actor: Actor, name: str, data: bytes, labels: Sequence[str]) -> str:
        """The SHA-256 a file is kept under until its sender has looked over what it says; raises UnreadableFile."""
        require(actor, Right.READ_INTERNAL)
        self.read(name, data, labels)
        return self._desk.uploads.put(data)

    def read_sent(self, name: str, sha256: str, labels: Sequence[str]) -> tuple[ReadSheet, ...]:
        """Raises NotFound when the file is gone."""
        return self.read(name, self._desk.uploads.get(sha256), labels)

    @staticmethod
    def read(name: str, data: bytes, labels: Sequence[str]) -> tuple[ReadSheet, ...]:
        return sheet_reader().read(name, data, labels)

    @contextmanager
    def ledger(self, view: View, source: str = "", *, writes: bool = False) -> Iterator[LedgerExchange]:
        """For one request; one that `writes` holds the write lock and commits at its end."""
        desk = self._desk
        with desk.writing() if writes else desk.session() as session:
            yield LedgerExchange(
                SqlAdoptions(session),
                SqlPlans(session),
                desk.audit(session, source),
                view.catalogue,
                self._units_by_mechanism,
                view.reference,
                now=desk.now,
                today=self._today,
            )

    @contextmanager
    def unit_sheets(self, view: View, source: str = "", *, writes: bool = False) -> Iterator[UnitSheetKeeping]:
        desk = self._desk
        with desk.writing() if writes else desk.session() as session:
            yield UnitSheetKeeping(
                SqlUnitSheets(session),
                SqlAdoptions(session),
                desk.audit(session, source),
                self.unit_template,
                view.reference.references.taxonomy,
                now=desk.now,
            )

    @contextmanager
    def unit_indicators(self, view: View, source: str = "", *, writes: bool = False) -> Iterator[UnitIndicatorKeeping]:
        desk = self._desk
        with desk.writing() if writes else desk.session() as session:
            yield UnitIndicatorKeeping(
                SqlIndicatorLists(session),
                desk.audit(session, source),
                view.reference.references.taxonomy,
                now=desk.now,
            )
