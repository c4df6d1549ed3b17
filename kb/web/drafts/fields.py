"""The form of a draft, made from the slots of its template: groups of fields, and what is said of each."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kb.domain.answers import count_han
from kb.domain.drafting import NOTHING
from kb.domain.finding import Finding
from kb.domain.template import UNSTATED, Need, Slot, Template
from kb.services.check_wording import Concern
from kb.services.describe_template import NEED_LABELS
from kb.web.drafts.in_words import in_words
from kb.web.drafts.inputs import Input, Offers, Row, build_inputs, build_rows

GROUPS = (
    ("basics", "基本情况", ("title", "kind", "origin", "summary", "keywords", "unit", "level", "field", "period")),
    ("problem-group", "问题与成因", ("problem", "also", "situation", "causes")),
    ("practice-group", "做法与机制", ("practice", "steps", "forming", "mechanism")),
    ("effect-group", "成效", ("effect", "results", "expected")),
    ("carrying-group", "推广", ("carrying", "promotion", "cost", "lessons")),
    ("rest", "来源与其他", ("sources", "quotes", "indicators", "contact", "visibility")),
)
"""The order in which a writer is asked; what a newer template adds stands in the last group."""


@dataclass(frozen=True)
class FormField:
    """A field on the page. `faults` are to be mended, `hints` are reminders, `note` is what the reviewer wants mended.

    `before` and `theirs` are filled where somebody else changed it too.
    """

    key: str
    label: str
    help: str
    example: str
    need: str
    is_needed: bool
    is_section: bool
    inputs: tuple[Input, ...]
    rows: tuple[Row, ...] = ()
    is_list: bool = False
    can_be_unstated: bool = False
    is_unstated: bool = False
    is_missing: bool = False
    length: str = ""
    faults: tuple[Finding, ...] = ()
    hints: tuple[Finding, ...] = ()
    concerns: tuple[Concern, ...] = ()
    note: str = ""
    confidence: str = ""
    before: str = ""
    theirs: str = ""
    is_disputed: bool = False


class FormGroup(NamedTuple):
    id: str
    label: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True)
class Remarks:
    """What is said beside the fields."""

    errors: Sequence[Finding] = ()
    warnings: Sequence[Finding] = ()
    concerns: Sequence[Concern] = ()
    notes: Mapping[str, str] | None = None
    confidences: Mapping[str, str] | None = None
    disputed: Collection[str] = ()
    before: Mapping[str, Any] | None = None
    theirs: Mapping[str, Any] | None = None


def build_form(
    template: Template, fields: Mapping[str, Any], offers: Offers, remarks: Remarks, more: str = ""
) -> tuple[FormGroup, ...]:
    """Every slot a writer fills, in groups; `more` names a list that gets several blank rows."""
    slots = {slot.key: slot for slot in template.slots if slot.need is not Need.AUTOMATIC}
    grouped = {key for _, _, keys in GROUPS for key in keys}
    left = tuple(key for key in slots if key not in grouped)
    is_own = fields.get("origin") == template["origin"].label_of("own")
    groups = []
    for number, (name, label, keys) in enumerate(GROUPS):
        wanted = (*keys, *left) if number == len(GROUPS) - 1 else keys
        built = (
            _field(slots[key], fields.get(key, ""), offers, remarks, blanks=4 if key == more else 1, is_own=is_own)
            for key in wanted
            if key in slots
        )
        groups.append(FormGroup(name, label, tuple(built)))
    return tuple(groups)


def build_fields(
    template: Template, keys: Iterable[str], fields: Mapping[str, Any], offers: Offers, remarks: Remarks
) -> tuple[FormField, ...]:
    """The named slots alone, without blank rows below those that are filled."""
    is_own = fields.get("origin") == template["origin"].label_of("own")
    return tuple(
        _field(template[key], fields.get(key, ""), offers, remarks, blanks=0 if fields.get(key) else 1, is_own=is_own)
        for key in keys
    )


def _field(slot: Slot, value: Any, offers: Offers, remarks: Remarks, *, blanks: int, is_own: bool) -> FormField:
    is_unstated = value == UNSTATED
    held = "" if is_unstated else value
    is_rows = slot.kind in ("rows", "sources")
    is_disputed = slot.key in remarks.disputed
    return FormField(
        key=slot.key,
        label=slot.heading or slot.label,
        help=slot.help,
        example=slot.example,
        need=NEED_LABELS[slot.need],
        is_needed=slot.need in (Need.SUBMIT, Need.INCLUDE),
        is_section=slot.is_section,
        inputs=() if is_rows else tuple(build_inputs(slot, held, offers)),
        rows=tuple(build_rows(slot, held, blanks)) if is_rows else (),
        is_list=is_rows,
        can_be_unstated=slot.unstated and (is_unstated or not is_own),
        is_unstated=is_unstated,
        is_missing=value in NOTHING,
        length=_length(slot, held),
        faults=tuple(_of(slot, remarks.errors, value)),
        hints=tuple(_of(slot, remarks.warnings, value)),
        concerns=tuple(concern for concern in remarks.concerns if _root(concern.field) == slot.key),
        note=(remarks.notes or {}).get(slot.key, ""),
        confidence=(remarks.confidences or {}).get(slot.key, ""),
        before=in_words(slot, (remarks.before or {}).get(slot.key, "")) if is_disputed else "",
        theirs=in_words(slot, (remarks.theirs or {}).get(slot.key, "")) if is_disputed else "",
        is_disputed=is_disputed,
    )


def _of(slot: Slot, findings: Iterable[Finding], value: Any) -> Iterator[Finding]:
    """Findings of this field; that a blank one is missing is said by the field itself."""
    return (finding for finding in findings if _root(finding.field) == slot.key and value not in NOTHING)


def _root(path: str) -> str:
    return path.partition(".")[0]


def _length(slot: Slot, value: Any) -> str:
    if slot.han and isinstance(value, str):
        return f"{count_han(value)} 字，宜 {slot.han[0]}–{slot.han[1]} 字"
    if slot.count and isinstance(value, list):
        return f"{len(value)} 条，{slot.count[0]}–{slot.count[1]} 条"
    return ""
