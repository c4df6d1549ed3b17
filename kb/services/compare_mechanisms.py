"""机制对比: two to four mechanisms side by side, row by row."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kb.domain.mechanism import LOOP_STEPS, Mechanism
from kb.domain.records import word_for_unstated
from kb.domain.template import UNSTATED
from kb.errors import AskedWrongly, NotFound
from kb.services.ports import Catalogue, ReferenceData
from kb.services.read_mechanism import name_problems

FEWEST, MOST = 2, 4


class ComparedRow(NamedTuple):
    """One aspect of all mechanisms; each cell is a list of lines, empty where the source does not say."""

    label: str
    cells: tuple[tuple[str, ...], ...]

    @property
    def shared(self) -> frozenset[str]:
        """Lines that every mechanism has."""
        return frozenset.intersection(*map(frozenset, self.cells))


class Comparison(NamedTuple):
    """The mechanisms in the order asked for, the rows, and how 原文未载 reads for each mechanism."""

    mechanisms: tuple[Mechanism, ...]
    rows: tuple[ComparedRow, ...]
    unstated_words: tuple[str, ...]


def compare_mechanisms(ids: Sequence[str], catalogue: Catalogue, reference: ReferenceData) -> Comparison:
    """Raises AskedWrongly for fewer than two or more than four, NotFound for one that is not there."""
    wanted = list(dict.fromkeys(ids))
    if not FEWEST <= len(wanted) <= MOST:
        raise AskedWrongly("一次对比两到四个机制。", advice="在机制列表里勾选两到四个，再按“对比”。")
    mechanisms = []
    for mechanism_id in wanted:
        entry = catalogue.find_mechanism(mechanism_id)
        if entry is None:
            raise NotFound("要对比的机制里有一个没有找到。", advice="从“机制”列表里重新勾选。")
        mechanisms.append(entry.mechanism)
    counts = catalogue.count_by_mechanism()
    rows = [
        _row("解决的问题", [tuple(p.label for p in name_problems(m, reference)) for m in mechanisms]),
        _row("为什么有效", [(m.why,) for m in mechanisms]),
        _row("步骤", [tuple(step.get("action", "") for step in m.steps) for m in mechanisms]),
        _row("责任方", [_distinct(step.get("responsible", "") for step in m.steps) for m in mechanisms]),
        _row("时限", [_distinct(step.get("due", "") for step in m.steps) for m in mechanisms]),
        _row("四上四下", [tuple(LOOP_STEPS[code] for code in m.loop) for m in mechanisms]),
    ]
    for key in ("preconditions", "must_follow", "may_adapt", "safeguards", "boundaries"):
        label = reference.mechanism_template[key].label
        rows.append(_row(label, [getattr(m, key) for m in mechanisms]))
    rows.append(_row("配套文件", [tuple(row.get("name", "") for row in m.documents) for m in mechanisms]))
    rows.append(_row("形成它的案例", [(f"{counts.get(m.id, 0)} 个",) for m in mechanisms]))
    records = reference.references.records
    words = tuple(word_for_unstated(m.named_parts, records) for m in mechanisms)
    return Comparison(tuple(mechanisms), tuple(rows), words)


def _row(label: str, cells: list[tuple[str, ...]]) -> ComparedRow:
    return ComparedRow(label, tuple(tuple(line for line in cell if line) for cell in cells))


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    kept = dict.fromkeys(value for value in values if value and value != UNSTATED)
    return tuple(kept)
