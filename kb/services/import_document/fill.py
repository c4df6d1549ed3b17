"""Walks a document once and puts each of its texts into a field or into the tray."""

from collections import defaultdict
from collections.abc import Sequence

from kb.domain.document import Document, Paragraph, Table
from kb.domain.template import Slot, Template
from kb.domain.word_form import LISTS_NAME, TABLE_KINDS, form_words, is_list_line
from kb.services.import_document.filled import Confidence, Filled, Recognised
from kb.services.import_document.gathered import Gathered
from kb.services.import_document.headings import find_section, heading_level, is_form, is_title
from kb.services.import_document.labels import Answer, Labels, has_remark
from kb.services.import_document.sections import Line, paragraph_line, table_line, write_markdown
from kb.services.import_document.tables import find_answers, find_rows
from kb.services.import_document.title import find_title


def fill_fields(document: Document, template: Template, *, takes_automatic: bool = False) -> Filled:
    """Every text of the document is in a field or in the tray afterwards, but for labels and the form's own words.

    What the library gives itself (number, stage, dates) goes to the tray, unless `takes_automatic`: a file must not
    bring its own number or call itself included.
    """
    gathered = Gathered(template, takes_automatic=takes_automatic)
    gathered.take_named(document.answers)
    _Walk(document, template, gathered).run()
    for aside in document.asides:
        gathered.keep(f"{aside.where}：{aside.text}")
    return Filled(gathered.fields, gathered.recognised, tuple(gathered.tray), document.pictures, document.remarks)


class _Walk:
    def __init__(self, document: Document, template: Template, gathered: Gathered) -> None:
        self._template = template
        self._gathered = gathered
        self._labels = Labels(template)
        self._form_words = form_words(template)
        self._blocks = self._without_form(document.blocks)
        self._is_form = is_form([block for block in self._blocks if isinstance(block, Paragraph)])
        self._sections: dict[str, list[Line]] = defaultdict(list)
        self._opened: dict[str, str] = {}
        self._section: Slot | None = None
        self._has_heading = False
        self._waiting: Answer | None = None
        self._top = self._top_level()

    def run(self) -> None:
        for place in range(self._take_title(), len(self._blocks)):
            block = self._blocks[place]
            if isinstance(block, Table):
                self._take_table(block, self._caption_of(place))
            elif not self._is_caption(place):
                self._take_paragraph(block)
        self._stop_waiting()
        self._close_sections()

    def _without_form(self, blocks: Sequence[Paragraph | Table]) -> list[Paragraph | Table]:
        """What was written; a line like those of the form's lists is the writer's own above their caption."""
        kept, is_in_lists = [], False
        for block in blocks:
            text = block.text.strip() if isinstance(block, Paragraph) else ""
            is_in_lists = is_in_lists or text == LISTS_NAME
            if text not in self._form_words and not (is_in_lists and is_list_line(text)):
                kept.append(block)
        return kept

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
        found = find_title(self._blocks, self._may_be_title)
        if found is None:
            return 0
        for block in found.before:
            if isinstance(block, Table):
                self._take_table(block, None)
            else:
                self._gathered.keep(block.text)
        if "title" in self._template.keys:
            self._gathered.put("title", found.text, found.recognised)
        else:
            self._gathered.keep(found.text)
        return found.end

    def _may_be_title(self, first: Paragraph) -> bool:
        if self._is_form or self._labels.find_line(first.text) or self._labels.find(first.text):
            return False
        return first.level == 1 or not self._opens(first)

    def _opens(self, paragraph: Paragraph) -> bool:
        level = heading_level(paragraph, form=self._is_form)
        return level == self._top or (level == 1 and not self._is_form)

    def _take_paragraph(self, paragraph: Paragraph) -> None:
        text = paragraph.text.strip()
        if text and self._opens(paragraph):
            self._open_section(text)
        elif not self._has_heading and text and self._take_labelled(text):
            return
        elif self._section is not None:
            level = heading_level(paragraph, form=self._is_form)
            self._sections[self._section.key].append(paragraph_line(paragraph, level - self._top + 1 if level else 0))
        else:
            self._gathered.keep(text)

    def _open_section(self, text: str) -> None:
        slot, is_own = find_section(self._template, text)
        self._has_heading, self._section = True, slot
        self._stop_waiting()
        if slot is None:
            self._gathered.keep(text)
            return
        is_new = slot.key not in self._opened
        self._opened.setdefault(slot.key, text)
        if is_own and is_new:
            self._gathered.recognised[slot.key] = Recognised(Confidence.SURE, f"标题“{text}”与模板相同")
            return
        if not is_own:
            self._gathered.recognised[slot.key] = Recognised(Confidence.LIKELY, f"按标题“{text}”的用词")
        self._sections[slot.key].append(Line(f"### {text}"))

    def _close_sections(self) -> None:
        """A heading nothing came under is no answer."""
        for key, heading in self._opened.items():
            text = write_markdown(self._sections[key])
            if text:
                self._gathered.fields[key] = text
                continue
            del self._gathered.recognised[key]
            if heading != self._template[key].heading:
                self._gathered.keep(heading)

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
            self._gathered.take(found)
        else:
            self._waiting = found
        return True

    def _stop_waiting(self) -> None:
        """A label nothing came after is a piece of the tray like any other."""
        if self._waiting is not None:
            self._gathered.keep(self._waiting.label)
        self._waiting = None

    def _is_caption(self, place: int) -> bool:
        return place + 1 < len(self._blocks) and self._caption_of(place + 1) is not None

    def _caption_of(self, place: int) -> Slot | None:
        """The table field whose name stands right above the table at this place."""
        above = self._blocks[place - 1] if place else None
        if not isinstance(self._blocks[place], Table) or not isinstance(above, Paragraph) or has_remark(above.text):
            return None
        found = self._labels.find(above.text)
        return found.slot if found and not found.column and found.slot.kind in TABLE_KINDS else None

    def _take_table(self, table: Table, caption: Slot | None) -> None:
        table = self._without_form_words(table)
        rows = find_rows(self._template, table, caption)
        if rows is not None:
            self._gathered.take_rows(rows, Confidence.SURE if caption else Confidence.LIKELY)
            return
        found = list(find_answers(self._labels, table))
        answers = [entry for entry in found if isinstance(entry, Answer)]
        # In the text of a section a table is a form only if most of it is.
        if self._section is not None and caption is None and 2 * len(answers) <= len(table.rows):
            self._sections[self._section.key].append(table_line(table))
            return
        for entry in found:
            if isinstance(entry, Answer):
                self._gathered.take(entry)
            else:
                self._gathered.keep(" | ".join(cell for cell in entry if cell))

    def _without_form_words(self, table: Table) -> Table:
        return Table(
            tuple(
                tuple(tuple(p for p in cell if p.text.strip() not in self._form_words) for cell in row)
                for row in table.rows
            )
        )
