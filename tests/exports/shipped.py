"""What is shipped, as the services see it: the pages of all cases and mechanisms, read once."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import cast

from kb.domain.case import Case
from kb.domain.mechanism import Mechanism
from kb.domain.office_document import OfficeDocument
from kb.repository.content_folder import MarkdownContentRepository
from kb.services.build_records import restore_case, restore_mechanism
from kb.services.lay_out_case import lay_out_case
from kb.services.lay_out_mechanism import lay_out_mechanism, lay_out_one_page
from kb.services.ports import CaseEntry, Catalogue, MechanismEntry, ReferenceData
from kb.services.read_case import build_case_page
from kb.services.read_mechanism import read_mechanism
from tests.made_up import ROOT

TODAY = date(2026, 11, 26)


class Shelf:
    """The part of a catalogue that laying out asks."""

    def __init__(self) -> None:
        repository = MarkdownContentRepository(ROOT / "content", ROOT / "templates")
        self.reference: ReferenceData = repository.reference_data()
        files = repository.list_files()[0]
        read = {file.path: (file.kind, repository.read(file.path)) for file in files}
        self.case_list: list[Case] = [
            restore_case(plain, self.reference) for kind, plain in read.values() if kind == "case"
        ]
        self.mechanism_list: list[Mechanism] = [
            restore_mechanism(plain, self.reference) for kind, plain in read.values() if kind == "mechanism"
        ]

    def find_mechanism(self, mechanism_id: str) -> MechanismEntry | None:
        return next((MechanismEntry(one, "", "") for one in self.mechanism_list if one.id == mechanism_id), None)

    def case_ids_of(self, *, mechanism: str) -> Sequence[str]:
        return [case.id for case in self.case_list if case.mechanism == mechanism]

    def cases(self, ids: Sequence[str]) -> Sequence[CaseEntry]:
        return [CaseEntry(case, {}, "") for case in self.case_list if case.id in ids]


@cache
def shelf() -> Shelf:
    return Shelf()


@cache
def case_documents() -> tuple[OfficeDocument, ...]:
    """Every shipped case in official layout."""
    catalogue, reference = cast("Catalogue", shelf()), shelf().reference
    pages = (
        build_case_page(CaseEntry(case, {}, ""), catalogue, reference, (), today=TODAY) for case in shelf().case_list
    )
    return tuple(lay_out_case(page, reference) for page in pages)


@cache
def mechanism_documents() -> tuple[tuple[OfficeDocument, OfficeDocument], ...]:
    """Every shipped mechanism whole, and on one page."""
    catalogue, reference = cast("Catalogue", shelf()), shelf().reference
    pages = [read_mechanism(one.id, catalogue, reference, today=TODAY) for one in shelf().mechanism_list]
    return tuple((lay_out_mechanism(page, reference), lay_out_one_page(page, reference)) for page in pages)
