"""Walks a document once and puts each of its texts into a field or into the tray."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple, Protocol

from kb.domain.document import Document, Paragraph, Picture, Table
from kb.domain.template import UNSTATED, Slot, Template
from kb.domain.word_form import TABLE_KINDS, form_words
from kb.services.import_document.headings import find_section, heading_level, is_form, is_title
from kb.services.import_document.labels import Answer, Labels
from kb.services.import_document.sections import Line, paragraph_line, table_line, write_markdown
from kb.services.import_document.tables import find_answers, find_rows, has_remark
from kb.services.import_document.values import plain_value

MAX_TITLE = 50
"""Characters of a first line that may be a title."""
TITLE_WITHIN = 6
"""Blocks with words among which a paragraph in a title style is looked for."""


class DocumentReader(Protocol):
    """Bytes of a file an editor sends in."""

    def read(self, name: str, data: bytes) -> Document:
        """Raises UnreadableFile with what is wrong and what to do."""
        ...

    def read_picture(self, name: str, data: bytes) -> Picture:
        """Raises UnreadableFile for what is no picture."""
        ...


class Confidence(Enum):
    """How sure an import is of a field."""

    SURE = "确定"
    LIKELY = "可能"
    GUESSED = "待核"


class Recognised(NamedTuple):
    """How sure, and what it was recognised by, in words."""

    confidence: Confidence
    why: str


@dataclass(frozen=True)
class Filled:
    """Plain values by slot key (as a case file holds them) and how each was recognised; `tray` holds the rest, in order."""

    fields: Mapping[str, Any]
    recognised: Mapping[str, Recognised]
    tray: tuple[str, ...]
    pictures: tuple[Picture, ...] = ()
    remarks: tuple[str, ...] = ()


def fill_fields(document: Document, template: Template) -> Filled:
    """Every text of the document is in a field or in the tray afterwards, but for labels and the form's own words."""
    filling = _Filling(document, template)
    filling.run()
    return filling.filled()


class _Filling:
    def __init__(self, document: Document, template: Template) -> None:
        self._document = document
        self._template = template
        self._labels = Labels(template)
        self._form_words = form_words(template)
        self._blocks = [block for block in document.blocks if not self._is_form_word(block)]
        self._is_form = is_form([block for block in self._blocks if isinstance(block, Paragraph)])
        self._fields: dict[str, Any] = {}
        self._recognised: dict[str, Recognised] = {}
        self._sections: dict[str, list[Line]] = defaultdict(list)
        self._tray: list[str] = []
        self._section: Slot | None = None
        self._has_heading = False
        self._waiting: Answer | None = None
        self._top = self._top_level()

    def run(self) -> None:
        start = self._take_title()
        for place in range(start, len(self._blocks)):
            block = self._blocks[place]
            if isinstance(block, Table):
                self._take_table(block, self._caption_of(place))
            elif not self._is_caption(place):
                self._take_paragraph(block)
        self._stop_waiting()
        self._tray += [f"{aside.where}：{aside.text}" for aside in self._document.asides]

    def filled(self) -> Filled:
        for key, lines in self._sections.items():
            text = write_markdown(lines)
            if text:
                self._fields[key] = text
            else:
                self._recognised.pop(key, None)
        return Filled(
            self._fields, self._recognised, tuple(self._tray), self._document.pictures, self._document.remarks
        )

    def _is_form_word(self, block: Paragraph | Table) -> bool:
        return isinstance(block, Paragraph) and block.text.strip() in self._form_words

    def _top_level(self) -> int:
        """Where styles number headings from 2 or 3, that level opens sections."""
        found = [
            heading_level(block, form=self._is_form)
            for block in self._blocks
            if isinstance(block, Paragraph) and not is_title(block)
        ]
        return min((level for level in found if level), default=1)

    def _take_title(self) -> int:
        """The place after the title; 0 when the document begins without one."""
        spoken = [(n, block) for n, block in enumerate(self._blocks) if isinstance(block, Table) or block.text.strip()]
        for count, (place, block) in enumerate(spoken[:TITLE_WITHIN]):
            if isinstance(block, Paragraph) and is_title(block):
                for _, before in spoken[:count]:
                    self._keep(before)
                self._set_title(block.text, Recognised(Confidence.SURE, "用了标题样式"))
                return place + 1
        place, first = spoken[0] if spoken else (0, None)
        if self._is_form or not isinstance(first, Paragraph) or not self._may_be_title(first):
            return 0
        text = first.text.strip()
        following = self._blocks[place + 1] if place + 1 < len(self._blocks) else None
        if isinstance(following, Paragraph) and following.text.strip().startswith("—"):
            text, place = text + following.text.strip(), place + 1
        if first.is_centred or first.level == 1:
            self._set_title(text, Recognised(Confidence.LIKELY, "第一行，居中或用了标题样式"))
        else:
            self._set_title(text, Recognised(Confidence.GUESSED, "第一行"))
        return place + 1

    def _may_be_title(self, paragraph: Paragraph) -> bool:
        text = paragraph.text.strip()
        if len(text) > MAX_TITLE or text[-1] in "。；：:" or self._labels.find_line(text) or self._labels.find(text):
            return False
        return paragraph.level == 1 or not self._opens(paragraph)

    def _keep(self, block: Paragraph | Table) -> None:
        if isinstance(block, Table):
            self._take_table(block, None)
        else:
            self._tray.append(block.text.strip())

    def _set_title(self, text: str, recognised: Recognised) -> None:
        if "title" in self._template.keys:
            self._set("title", " ".join(text.split()), recognised)
        else:
            self._tray.append(text)

    def _opens(self, paragraph: Paragraph) -> bool:
        level = heading_level(paragraph, form=self._is_form)
        return level == self._top or (level == 1 and not self._is_form)

    def _take_paragraph(self, paragraph: Paragraph) -> None:
        text = paragraph.text.strip()
        if text and self._opens(paragraph):
            self._open_section(text)
            return
        if not self._has_heading and text and self._take_labelled(text):
            return
        if self._section is not None:
            level = heading_level(paragraph, form=self._is_form)
            self._sections[self._section.key].append(paragraph_line(paragraph, level - self._top + 1 if level else 0))
        elif text:
            self._tray.append(text)

    def _open_section(self, text: str) -> None:
        slot, is_own = find_section(self._template, text)
        self._has_heading, self._section = True, slot
        self._stop_waiting()
        if slot is None:
            self._tray.append(text)
            return
        is_new = slot.key not in self._recognised
        if is_own and is_new:
            self._recognised[slot.key] = Recognised(Confidence.SURE, f"标题“{text}”与模板相同")
            return
        if not is_own:
            self._recognised[slot.key] = Recognised(Confidence.LIKELY, f"按标题“{text}”的用词")
        self._sections[slot.key].append(Line(f"### {text}"))

    def _take_labelled(self, text: str) -> bool:
        """A line of label and answer; a label alone waits for the line after it."""
        found, place = self._labels.find_line(text), self._labels.find(text)
        if found is None and place is not None:
            found = Answer(place, (), text)
        if found is None and self._waiting is not None:
            found, self._waiting = self._waiting._replace(texts=(text,)), None
        if found is None:
            return False
        self._stop_waiting()
        if found.texts:
            self._answer(found)
        else:
            self._waiting = found
        return True

    def _stop_waiting(self) -> None:
        """A label nothing came after is a piece of the tray like any other."""
        if self._waiting is not None:
            self._tray.append(self._waiting.label)
        self._waiting = None

    def _is_caption(self, place: int) -> bool:
        return place + 1 < len(self._blocks) and self._caption_of(place + 1) is not None

    def _caption_of(self, place: int) -> Slot | None:
        """The table field whose name stands right above the table at this place."""
        if place == 0 or not isinstance(self._blocks[place], Table):
            return None
        above = self._blocks[place - 1]
        if isinstance(above, Table):
            return None
        found = self._labels.find(above.text)
        return found.slot if found and not found.column and found.slot.kind in TABLE_KINDS else None

    def _take_table(self, table: Table, caption: Slot | None) -> None:
        table = self._without_form_words(table)
        rows = find_rows(self._template, table, caption)
        if rows is not None:
            why = Recognised(Confidence.SURE if caption else Confidence.LIKELY, "表头与模板的栏目相同")
            if rows.rows:
                self._set(rows.slot.key, [*self._fields.get(rows.slot.key, []), *rows.rows], why)
            self._tray += [text for text in rows.left if text]
            return
        found = list(find_answers(self._labels, table))
        if not any(isinstance(entry, Answer) for entry in found) and self._section is not None:
            self._sections[self._section.key].append(table_line(table))
            return
        for entry in found:
            if isinstance(entry, Answer):
                self._answer(entry)
            else:
                self._tray.append(" | ".join(cell for cell in entry if cell))

    def _without_form_words(self, table: Table) -> Table:
        return Table(
            tuple(
                tuple(tuple(p for p in cell if p.text.strip() not in self._form_words) for cell in row)
                for row in table.rows
            )
        )

    def _answer(self, answer: Answer) -> None:
        slot, column, is_own = answer.place
        recognised = Recognised(
            Confidence.SURE if is_own else Confidence.LIKELY,
            f"栏目“{answer.label}”与模板{'相同' if is_own else '相近'}",
        )
        if not answer.texts:
            if not is_own or has_remark(answer.label):
                self._tray.append(answer.label)
        elif column:
            self._set_column(slot, column, answer, recognised)
        else:
            self._set_whole(slot, answer, recognised)

    def _set_whole(self, slot: Slot, answer: Answer, recognised: Recognised) -> None:
        value, left = plain_value(slot, answer.texts)
        is_empty = value in ("", [], {})
        if slot.key in self._fields and not is_empty:
            if value != self._fields[slot.key] or has_remark(answer.label):
                self._tray.append(_labelled(answer, answer.texts))
            return
        if not is_empty:
            self._set(slot.key, value, recognised)
        if left:
            self._tray.append(_labelled(answer, left))

    def _set_column(self, slot: Slot, column: str, answer: Answer, recognised: Recognised) -> None:
        held, texts = self._fields.get(slot.key, {}), list(answer.texts)
        if not isinstance(held, dict) or column in held:
            self._tray.append(_labelled(answer, texts))
            return
        self._set(slot.key, {**held, column: UNSTATED if texts == [UNSTATED] else texts}, recognised)

    def _set(self, key: str, value: Any, recognised: Recognised) -> None:
        self._fields[key] = value
        self._recognised[key] = recognised


def _labelled(answer: Answer, texts: Sequence[str]) -> str:
    return f"{answer.label}：" + "\n".join(texts)
