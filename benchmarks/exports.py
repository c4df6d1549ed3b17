"""How long finished pieces take: a case as Word, a hundred cases as one compilation in Word and in PDF.

    python benchmarks/exports.py [--json] [--without-pdf]

The shipped cases, in this process but for the PDF, which has a child of its own. Seconds by the clock; `cpu`: of processor time,
the child's included. 0 kB: the PDF took longer than it may.
"""

import argparse
import json
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import cast

from kb.domain.case import Case
from kb.domain.mechanism import Mechanism
from kb.domain.office_document import Block, Heading, OfficeDocument, PageBreak
from kb.errors import AskedWrongly
from kb.exports import build_pdf, build_word
from kb.repository.content_folder import MarkdownContentRepository
from kb.services.build_records import restore_case, restore_mechanism
from kb.services.lay_out_case import lay_out_case
from kb.services.ports import CaseEntry, Catalogue, MechanismEntry, ReferenceData
from kb.services.read_case import build_case_page

ROOT = Path(__file__).resolve().parent.parent
GOALS = {"one case, Word": 0.3, "100 cases, Word": 10.0}
"""Seconds."""
CASES = 100
ROUNDS = 20


class Mechanisms:
    """The part of a catalogue that laying a case out asks."""

    def __init__(self, mechanisms: Mapping[str, Mechanism]) -> None:
        self._mechanisms = mechanisms

    def find_mechanism(self, mechanism_id: str) -> MechanismEntry | None:
        found = self._mechanisms.get(mechanism_id)
        return MechanismEntry(found, "", "") if found else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--without-pdf", action="store_true")
    wanted = parser.parse_args()
    figures = measure(with_pdf=not wanted.without_pdf)
    if wanted.json:
        print(json.dumps(figures, ensure_ascii=False))
        return
    for name, (seconds, cpu, size) in figures.items():
        goal = f"（目标 {GOALS[name]:g} 秒）" if name in GOALS else ""
        print(f"{name}: {seconds:.3f} s, cpu {cpu:.3f} s, {size / 1000:.0f} kB {goal}")


def measure(*, with_pdf: bool) -> dict[str, tuple[float, float, int]]:
    """Seconds by the clock, seconds of processor time, bytes; of each piece."""
    cases, catalogue, reference = _read()

    def lay_out(case: Case) -> OfficeDocument:
        return lay_out_case(
            build_case_page(CaseEntry(case, {}, ""), catalogue, reference, (), today=date.today()), reference
        )

    build_word(lay_out(cases[0]))  # imports and the empty file of a set of faces are made once a process
    runs = [_timed(lambda case=case: build_word(lay_out(case))) for case in cases[:ROUNDS]]
    figures = {"one case, Word": tuple(median(run[place] for run in runs) for place in range(3))}
    figures[f"{CASES} cases, Word"] = _timed(lambda: build_word(_compiled([lay_out(case) for case in cases[:CASES]])))
    if with_pdf:
        figures["one case, PDF"] = _timed(lambda: build_pdf(lay_out(cases[0])))
        figures[f"{CASES} cases, PDF"] = _timed(lambda: build_pdf(_compiled([lay_out(case) for case in cases[:CASES]])))
    return cast("dict[str, tuple[float, float, int]]", figures)


def _read() -> tuple[list[Case], Catalogue, ReferenceData]:
    repository = MarkdownContentRepository(ROOT / "content", ROOT / "templates")
    reference = repository.reference_data()
    files = repository.list_files()[0]
    cases = [restore_case(repository.read(file.path), reference) for file in files if file.kind == "case"]
    mechanisms = [
        restore_mechanism(repository.read(file.path), reference) for file in files if file.kind == "mechanism"
    ]
    return cases, cast("Catalogue", Mechanisms({one.id: one for one in mechanisms})), reference


def _compiled(documents: Sequence[OfficeDocument]) -> OfficeDocument:
    blocks: list[Block] = []
    for document in documents:
        lower = [
            replace(block, level=block.level + 1) if isinstance(block, Heading) else block for block in document.blocks
        ]
        blocks += [PageBreak(), Heading(document.title), *lower]
    notes = tuple(note for document in documents for note in document.notes)
    return OfficeDocument("典型案例汇编", tuple(blocks), notes=notes, has_contents=True)


def _timed(work: Callable[[], bytes]) -> tuple[float, float, int]:
    began, cpu = time.perf_counter(), _cpu()
    try:
        data = work()
    except AskedWrongly:  # the PDF took longer than it may
        data = b""
    return time.perf_counter() - began, _cpu() - cpu, len(data)


def _cpu() -> float:
    """Of this process and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
