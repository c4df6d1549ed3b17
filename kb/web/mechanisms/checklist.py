"""对照本单位自查: what a unit asks itself before it takes a mechanism over."""

from typing import NamedTuple

from kb.domain.inferred import part_inferred
from kb.domain.mechanism import Mechanism
from kb.domain.template import UNSTATED, Template

QUESTIONS = {
    "preconditions": "这些条件本单位具备吗？",
    "must_follow": "这些要求本单位做得到吗？",
    "steps": "每一步本单位由谁负责？",
}


class CheckItem(NamedTuple):
    """One box to tick; `detail` says who and when the mechanism names."""

    text: str
    detail: str = ""


class CheckGroup(NamedTuple):
    """A heading, its question and its boxes, from `inferred_from` on those no source says; no boxes: the source does not say."""

    label: str
    question: str
    items: tuple[CheckItem, ...]
    inferred_from: int | None = None


def build_checklist(mechanism: Mechanism, template: Template) -> tuple[CheckGroup, ...]:
    """Conditions, what must be followed, steps: in the order one asks them."""
    return tuple(_group(mechanism, key, template[key].label, question) for key, question in QUESTIONS.items())


def _group(mechanism: Mechanism, key: str, label: str, question: str) -> CheckGroup:
    if key == "steps":
        steps = [
            CheckItem(row.get("action", ""), _detail(row.get("responsible"), row.get("due"))) for row in mechanism.steps
        ]
        return CheckGroup(label, question, tuple(steps))
    parted = part_inferred([text for text in getattr(mechanism, key) if text != UNSTATED])
    return CheckGroup(
        label, question, tuple(map(CheckItem, parted.lines)), len(parted.stated) if parted.inferred else None
    )


def _detail(responsible: str | None, due: str | None) -> str:
    named = (("原责任方", responsible), ("原时限", due))
    return "；".join(f"{label}：{text}" for label, text in named if text and text != UNSTATED)
