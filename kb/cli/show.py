"""kb show: one case or mechanism on the terminal."""

import click

from kb.bootstrap import Holdings, Reading
from kb.config import load_settings
from kb.domain.case import Case
from kb.domain.mechanism import Mechanism
from kb.domain.partial_date import PartialDate, Period
from kb.domain.records import SourceReference, word_for_unstated
from kb.domain.template import Slot, Template
from kb.errors import NotFound


@click.command()
@click.argument("record_id", metavar="ID")
def show(record_id: str) -> None:
    """按编号显示一个案例或机制的全部内容。"""
    with Holdings(load_settings()).reading() as reading:
        click.echo(_describe(record_id, reading))


def _describe(record_id: str, reading: Reading) -> str:
    entry = reading.catalogue.find_case(record_id)
    if entry:
        return _lines(entry.case, reading.reference.case_template, reading)
    found = reading.catalogue.find_mechanism(record_id)
    if found:
        return _lines(found.mechanism, reading.reference.mechanism_template, reading)
    raise NotFound(
        f"没有编号为“{record_id}”的案例或机制。",
        advice="核对编号；刚加的文件先运行 kb sync；阶段是“纳入”且公开的才显示。",
    )


def _lines(record: Case | Mechanism, template: Template, reading: Reading) -> str:
    unstated = word_for_unstated(record.named_parts, reading.reference.references.records)
    lines = []
    for slot in template.slots:
        value = unstated if slot.key in record.unstated else _words(getattr(record, slot.key), slot)
        if value:
            lines.append(f"\n{slot.heading}\n{value}" if slot.is_section else f"{slot.label}：{value}")
    return "\n".join(lines)


def _words(value: object, slot: Slot) -> str:
    match value:
        case str():
            return slot.label_of(value)
        case Period() | PartialDate():
            return value.in_words()
        case SourceReference():
            return "，".join(text for text in (value.record or value.title, "、".join(value.parts)) if text)
        case tuple():
            return "".join(f"\n  - {_words(entry, slot)}" for entry in value)
        case dict():
            labels = {column.key: column.label for column in slot.columns}
            return "；".join(f"{labels[key]} {_inline(cell)}" for key, cell in value.items())
    return ""


def _inline(cell: str | tuple[str, ...]) -> str:
    return cell if isinstance(cell, str) else "、".join(cell)
