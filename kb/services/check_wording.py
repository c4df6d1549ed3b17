"""脱敏 and 错敏词 over a whole draft: each concern with its field, the rule that fired and what to do."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from kb.domain.flagged_wording import FlaggedWord, Level, find_flagged
from kb.domain.redaction import find_private_details
from kb.domain.template import Template, label_of_field

UNREAD = frozenset({"id", "status", "review_by", "period", "problem", "also", "indicators", "mechanism"})
"""Fields that hold ids and dates."""
AROUND = 8
"""Characters shown on either side of what was found."""


class Concern(NamedTuple):
    """`field` is a dotted path; `before`, `shown` and `after` the place in its text; `kind` is its word in the audit trail.

    An `is_red` one must be mended or answered for before the draft is submitted.
    """

    field: str
    label: str
    kind: str
    before: str
    shown: str
    after: str
    message: str
    advice: str
    rule: str
    is_red: bool


def check_wording(
    template: Template, fields: Mapping[str, Any], flagged: Iterable[FlaggedWord], *, today: date
) -> tuple[Concern, ...]:
    """All concerns in the order of the template."""
    rules = tuple(flagged)
    return tuple(
        concern
        for slot in template.slots
        if slot.key not in UNREAD
        for path, text in _texts(slot.key, fields.get(slot.key, ""))
        for concern in (*_private(template, path, text), *_flagged(template, path, text, rules, today))
    )


def _texts(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _texts(f"{path}.{key}", part)
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _texts(f"{path}.{index}", entry)


def _private(template: Template, path: str, text: str) -> Iterator[Concern]:
    details = find_private_details(text)
    for detail in details:
        before, after = text[max(0, detail.start - AROUND) : detail.start], text[detail.end : detail.end + AROUND]
        if any(other is not detail and abs(other.start - detail.start) < 40 for other in details):
            before = after = ""  # the surroundings may hold another number
        yield Concern(
            field=path,
            label=label_of_field(template, path),
            kind=detail.kind.label,
            before=before,
            shown=detail.shown,
            after=after,
            message=f"像是{detail.kind.label}。",
            advice=detail.kind.advice,
            rule=f"脱敏规则：{detail.kind.label}",
            is_red=True,
        )


def _flagged(
    template: Template, path: str, text: str, rules: tuple[FlaggedWord, ...], today: date
) -> Iterator[Concern]:
    for rule, start in find_flagged(text, rules, today=today):
        end = start + len(rule.wrong)
        yield Concern(
            field=path,
            label=label_of_field(template, path),
            kind="错敏词",
            before=text[max(0, start - AROUND) : start],
            shown=rule.wrong,
            after=text[end : end + AROUND],
            message=f"“{rule.wrong}”宜作“{rule.right}”。",
            advice=f"改成“{rule.right}”；这里就该这样写的，可以保留。",
            rule=f"错敏词（{rule.level.value}）：{rule.basis}",
            is_red=rule.level is Level.RED,
        )
