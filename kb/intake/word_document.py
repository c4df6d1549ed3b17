"""A .docx as a Document: every paragraph of every part ends in a block or an aside."""

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from kb.domain.document import Aside, Document, Paragraph, Picture, Table
from kb.errors import UnreadableFile
from kb.intake.package import WordPackage
from kb.intake.pictures import MAX_PICTURES, remake_picture
from kb.intake.word_numbering import WordNumbering
from kb.intake.word_styles import WordStyles, centred, list_place, outline_level
from kb.intake.word_text import MC, TEXT_BOX, W, own_text

MAX_PARAGRAPHS = 20_000
"""Paragraphs of the main part; a case has some hundreds."""
MAX_CHARACTERS = 600_000
_PARAGRAPH, _TABLE = f"{W}p", f"{W}tbl"
_EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}p"
_OUTSIDE = {
    "header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注", "comments": "批注",
    "glossaryDocument": "文档部件", "diagramData": "示意图",
}  # fmt: skip
_CONTENTS_STYLE = re.compile(r"(?:toc|目录)\s*\d", re.IGNORECASE)


def read_word(data: bytes) -> Document:
    """Raises UnreadableFile for what is no sound Word file or over its bounds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return _Reading(WordPackage(file)).document()
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise UnreadableFile("文件已损坏，打不开。", advice="请在 Word 或 WPS 里打开，另存一份再上传。") from error


class _Reading:
    def __init__(self, package: WordPackage) -> None:
        self._package = package
        self._relations = {relation.id: relation for relation in package.relations(package.main)}
        self._styles = WordStyles(self._part_of("styles"))
        self._numbering = WordNumbering(self._part_of("numbering"))
        self._asides: list[Aside] = []
        self._pictures: list[Picture] = []
        self._remarks: list[str] = []
        self._before = ""

    def document(self) -> Document:
        root = self._package.parse(self._package.main)
        if sum(1 for _ in root.iter(_PARAGRAPH)) > MAX_PARAGRAPHS:
            raise UnreadableFile(f"文件有 {MAX_PARAGRAPHS} 段以上。", advice="拆成几个案例，一个案例一个文件。")
        body = root.find(f"{W}body")
        if body is None:
            raise UnreadableFile("这不是完整的 Word 文件：缺少正文。", advice="另存一份 .docx 再上传。")
        blocks = tuple(self._blocks(body))
        self._read_other_parts()
        self._note_oddities(root)
        if sum(map(len, root.itertext())) > MAX_CHARACTERS:
            raise UnreadableFile(f"文件超过 {MAX_CHARACTERS} 个字符。", advice="拆成几个案例，一个案例一个文件。")
        return Document(blocks, tuple(self._asides), tuple(self._pictures), tuple(self._remarks))

    def _part_of(self, kind: str) -> etree._Element | None:
        for relation in self._relations.values():
            if relation.kind == kind and not relation.is_outside and relation.target in self._package.names:
                return self._package.parse(relation.target)
        return None

    def _blocks(self, node: etree._Element) -> Iterator[Paragraph | Table]:
        for child in node:
            if child.tag == _PARAGRAPH:
                paragraph = self._paragraph(child)
                if _CONTENTS_STYLE.fullmatch(paragraph.style):
                    self._add_aside("目录", paragraph.text)
                else:
                    yield paragraph
            elif child.tag == _TABLE:
                yield Table(tuple(self._row(row) for row in _own_rows(child)))
            elif isinstance(child.tag, str) and child.tag not in (f"{W}del", f"{W}moveFrom", f"{W}sectPr"):
                yield from self._blocks(child)

    def _row(self, row: etree._Element) -> tuple[tuple[Paragraph, ...], ...]:
        cells = (cell for cell in row.iter(f"{W}tc") if _nearest(cell, f"{W}tr") is row)
        return tuple(tuple(self._paragraph(node) for node in _own_paragraphs(cell)) for cell in cells)

    def _paragraph(self, node: etree._Element) -> Paragraph:
        style_node = node.find(f"{W}pPr/{W}pStyle")
        look = self._styles.look("" if style_node is None else style_node.get(f"{W}val") or "")
        text = own_text(node)
        place = list_place(node) or look.number
        prefix, is_item = self._numbering.next(place) if place and text.strip() else ("", False)
        self._read_boxes(node)
        self._read_pictures(node)
        self._before = text.strip() or self._before
        own_centre = centred(node)
        return Paragraph(
            text=_joined(prefix, text),
            style=look.name,
            level=outline_level(node) or look.level,
            is_item=is_item,
            is_centred=look.is_centred if own_centre is None else own_centre,
        )

    def _read_boxes(self, node: etree._Element) -> None:
        """Text boxes hang on a paragraph; an older copy of each for old programs says the same once more."""
        boxes = [box for box in node.iter(TEXT_BOX) if _nearest(box, _PARAGRAPH) is node]
        for is_copy in (False, True):
            for box in boxes:
                if (_nearest(box, f"{MC}Fallback") is not None) is is_copy:
                    for text in map(own_text, box.iter(_PARAGRAPH)):
                        if not is_copy or text.strip() not in self._before_copy():
                            self._add_aside("文本框", text)

    def _before_copy(self) -> set[str]:
        return {aside.text for aside in self._asides}

    def _read_pictures(self, node: etree._Element) -> None:
        for holder in node.iter("{*}blip", "{*}imagedata"):
            if _nearest(holder, _PARAGRAPH) is not node or _nearest(holder, f"{MC}Fallback") is not None:
                continue
            relation = self._relations.get(holder.get(_EMBED) or holder.get(_ID) or "")
            if relation is None or relation.is_outside:
                self._remark("有一处图片链接到文件以外，没有去取。请把图片粘贴到文件里再上传。")
            elif all(picture.name != _base(relation.target) for picture in self._pictures):
                self._take_picture(relation.target)

    def _take_picture(self, target: str) -> None:
        name = _base(target)
        if len(self._pictures) >= MAX_PICTURES:
            self._remark(f"图片超过 {MAX_PICTURES} 张，其余的没有取。")
            return
        try:
            self._pictures.append(remake_picture(name, self._package.read(target), beside=self._before[:40]))
        except UnreadableFile as error:
            self._remark(f"图片 {name} 没有取：{error.message}{error.advice}")

    def _read_other_parts(self) -> None:
        """Headers, notes, comments, building blocks and what these refer to in turn, each once."""
        waiting, seen = [self._package.main], {self._package.main}
        while waiting:
            for relation in self._package.relations(waiting.pop()):
                if relation.kind == "aFChunk":
                    self._remark("文件里嵌着另一份文件，没有读；请打开它，把文字粘贴进来。")
                if relation.kind not in _OUTSIDE or relation.is_outside or relation.target in seen:
                    continue
                if relation.target in self._package.names:
                    seen.add(relation.target)
                    waiting.append(relation.target)
                    self._read_outside(_OUTSIDE[relation.kind], relation.target)

    def _read_outside(self, where: str, part: str) -> None:
        root = self._package.parse(part)
        tag = _DRAWN if where == "示意图" else _PARAGRAPH
        for count, node in enumerate(root.iter(tag)):
            if count > MAX_PARAGRAPHS:
                raise UnreadableFile(f"文件有 {MAX_PARAGRAPHS} 段以上。", advice="拆成几个案例，一个案例一个文件。")
            self._add_aside(where, "".join(node.itertext()) if tag == _DRAWN else own_text(node))

    def _add_aside(self, where: str, text: str) -> None:
        if re.search(r"\w", text) and Aside(where, text.strip()) not in self._asides[-200:]:
            self._asides.append(Aside(where, text.strip()))

    def _note_oddities(self, root: etree._Element) -> None:
        if root.find(f".//{W}del") is not None or root.find(f".//{W}ins") is not None:
            self._remark("文件里有没有处理完的修订：按接受修订后的样子读入，删去的文字没有读。")
        if root.find(f".//{W}rPr/{W}vanish") is not None:
            self._remark("文件里有隐藏的文字，已经一起读入，请核对。")
        if root.find(".//{*}OLEObject") is not None:
            self._remark("文件里嵌有别的程序的对象（如表格），没有读；请改成文字或图片。")

    def _remark(self, words: str) -> None:
        if words not in self._remarks:
            self._remarks.append(words)


def _joined(prefix: str, text: str) -> str:
    if not prefix:
        return text
    return prefix + (" " if prefix.endswith(".") else "") + text.lstrip()


def _own_rows(table: etree._Element) -> list[etree._Element]:
    return [row for row in table.iter(f"{W}tr") if _nearest(row, _TABLE) is table]


def _own_paragraphs(cell: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs of a cell and of tables inside it, not those of text boxes."""
    for node in cell.iter(_PARAGRAPH):
        if not any(above.tag == TEXT_BOX for above in _above(node, cell)):
            yield node


def _above(node: etree._Element, end: etree._Element) -> Iterator[etree._Element]:
    for above in node.iterancestors():
        if above is end:
            return
        yield above


def _nearest(node: etree._Element, tag: str) -> etree._Element | None:
    return next(node.iterancestors(tag), None)


def _base(name: str) -> str:
    return name.rpartition("/")[2]
