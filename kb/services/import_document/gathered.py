"""What has been found so far: fields, how each was recognised, and the tray; a field answered twice keeps its first."""

from collections.abc import Mapping, Sequence
from typing import Any

from kb.domain.template import UNSTATED, Need, Slot, Template
from kb.services.import_document.filled import Confidence, Recognised
from kb.services.import_document.labels import Answer
from kb.services.import_document.tables import FoundRows
from kb.services.import_document.values import plain_value

_NOTHING: tuple[Any, ...] = ("", [], {})


class Gathered:
    """Fills up as a document is walked; every text put in is in a field, in the tray, or told with a field."""

    def __init__(self, template: Template, *, takes_automatic: bool) -> None:
        self._template = template
        self._takes_automatic = takes_automatic
        self.fields: dict[str, Any] = {}
        self.recognised: dict[str, Recognised] = {}
        self.tray: list[str] = []

    def put(self, key: str, value: Any, recognised: Recognised) -> None:
        self.fields[key] = value
        self.recognised[key] = recognised

    def keep(self, text: str) -> None:
        """Into the tray."""
        if text.strip():
            self.tray.append(text.strip())

    def take_named(self, answers: Mapping[str, Any]) -> None:
        """Plain values of a file that names its fields by their keys."""
        for key, value in answers.items():
            if key in self._template.keys and self._may_fill(self._template[key]) and value not in _NOTHING:
                self.put(key, value, Recognised(Confidence.SURE, "案例文件中的项"))
            elif value not in _NOTHING:
                self.keep(f"{key}：{value}")

    def take_rows(self, found: FoundRows, confidence: Confidence) -> None:
        """Rows of a table; those of a second table of the same field follow."""
        held = self.fields.get(found.slot.key, [])
        if not isinstance(held, list):
            self.keep(f"{found.slot.label}：{held}")
            held = []
        if found.rows:
            self.put(found.slot.key, [*held, *found.rows], Recognised(confidence, "表头与模板的栏目相同"))
        for text in found.left:
            self.keep(text)

    def take(self, answer: Answer) -> None:
        """A labelled answer."""
        slot, column, is_own = answer.place
        recognised = Recognised(
            Confidence.SURE if is_own else Confidence.LIKELY,
            f"栏目“{answer.label}”与模板{'相同' if is_own else '相近'}",
        )
        if not answer.texts:
            self.keep("" if answer.is_plain else answer.label)
        elif not self._may_fill(slot):
            self._keep_labelled(answer, answer.texts)
        elif column:
            self._take_column(slot, column, answer, recognised)
        else:
            self._take_whole(slot, answer, recognised)

    def _may_fill(self, slot: Slot) -> bool:
        return self._takes_automatic or slot.need is not Need.AUTOMATIC

    def _take_whole(self, slot: Slot, answer: Answer, recognised: Recognised) -> None:
        value, left = plain_value(slot, answer.texts)
        is_empty = value in _NOTHING
        if slot.key in self.fields and not is_empty:
            if value != self.fields[slot.key] or not answer.is_plain:
                self._keep_labelled(answer, answer.texts)
            return
        if not is_empty:
            self.put(slot.key, value, recognised)
        if left or (is_empty and not answer.is_plain):
            self._keep_labelled(answer, left or answer.texts)

    def _take_column(self, slot: Slot, column: str, answer: Answer, recognised: Recognised) -> None:
        held, texts = self.fields.get(slot.key, {}), list(answer.texts)
        if not isinstance(held, dict) or column in held:
            self._keep_labelled(answer, texts)
            return
        if slot.key in self.recognised:
            recognised = recognised._replace(why=f"{self.recognised[slot.key].why}；{recognised.why}")
        self.put(slot.key, {**held, column: UNSTATED if texts == [UNSTATED] else texts}, recognised)

    def _keep_labelled(self, answer: Answer, texts: Sequence[str]) -> None:
        self.keep(f"{answer.label}：" + "\n".join(texts))
