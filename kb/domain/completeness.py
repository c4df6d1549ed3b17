"""How much of a case really answers its template: 原文未载 satisfies a rule but completes nothing."""

from typing import NamedTuple

from kb.domain.case import Case
from kb.domain.mechanism import Mechanism
from kb.domain.template import Need, Slot, Template


class Completeness(NamedTuple):
    """Answered slots of those asked for inclusion, and the labels of what the source does not say."""

    answered: int
    asked: int
    unstated: tuple[str, ...]


def completeness(template: Template, record: Case | Mechanism) -> Completeness:
    """Counts the slots needed to submit or include; optional ones do not count."""
    asked = [slot for slot in template.slots if slot.need in (Need.SUBMIT, Need.INCLUDE)]
    answered = sum(1 for slot in asked if _is_answered(record, slot))
    labels = tuple(slot.label for slot in template.slots if slot.key in record.unstated)
    return Completeness(answered, len(asked), labels)


def _is_answered(record: Case | Mechanism, slot: Slot) -> bool:
    return slot.key not in record.unstated and getattr(record, slot.key) not in ("", (), {}, None)
