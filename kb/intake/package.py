"""The zip a Word file or a workbook is: looked over before a part of it is unpacked; no part may declare a document type."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from kb.errors import UnreadableFile

MAX_ENTRIES = 2_000
MAX_UNPACKED = 30_000_000
"""Bytes of all entries together."""
MAX_RATIO = 100
"""Unpacked to packed; XML of real documents stays below 40."""
SMALL = 100_000
"""Bytes below which a ratio says nothing."""
_PARSER_OPTIONS = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_BROKEN = "请用办公软件打开，另存一份再上传。"


def is_unsafe_name(name: str) -> bool:
    """Whether an entry's name leads out of a folder it would be unpacked into."""
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or bool(re.match(r"[A-Za-z]:", name)) or "\0" in name


def check_entries(entries: list[zipfile.ZipInfo], *, most_entries: int, most_bytes: int) -> None:
    """Raises UnreadableFile before anything is unpacked: too many, too large, odd names, links, locked, twice there."""
    if len(entries) > most_entries:
        raise UnreadableFile(f"压缩包里有 {len(entries)} 个文件，超过 {most_entries} 个。", advice=_BROKEN)
    if sum(entry.file_size for entry in entries) > most_bytes:
        raise UnreadableFile(f"展开后超过 {most_bytes // 1_000_000} MB。", advice="压缩或删去其中的图片后再上传。")
    seen: set[str] = set()
    for entry in entries:
        if is_unsafe_name(entry.filename):
            raise UnreadableFile("压缩包里有指向别处的文件名。", advice=_BROKEN)
        if (entry.external_attr >> 16) & 0o170000 == 0o120000:
            raise UnreadableFile("压缩包里有链接。", advice=_BROKEN)
        if entry.flag_bits & 0x1:
            raise UnreadableFile("压缩包设有密码。", advice="去掉密码再上传。")
        if entry.filename.lower() in seen:
            raise UnreadableFile("压缩包里有同名的文件。", advice=_BROKEN)
        seen.add(entry.filename.lower())
        if entry.file_size > SMALL and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise UnreadableFile("压缩包里有压缩得过分的内容（展开后大一百倍以上）。", advice=_BROKEN)


class Relation(NamedTuple):
    """What a part refers to: `target` is a part's name, or an address when it lies outside."""

    id: str
    kind: str
    target: str
    is_outside: bool


class OfficePackage:
    """The parts of an office file by name; raises UnreadableFile for a package that is no sound file of its kind."""

    kind = ""
    """What such a file is called."""
    content_mark = ""
    """What the type of its main part says."""
    saved_as = ""
    other_kind = ("", "")
    """What is said of a file of another kind, and the advice."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        entries = file.infolist()
        check_entries(entries, most_entries=MAX_ENTRIES, most_bytes=MAX_UNPACKED)
        self._file = file
        self.names = [entry.filename for entry in entries if not entry.is_dir()]
        if any(name.lower().endswith("vbaproject.bin") for name in self.names):
            raise UnreadableFile("文件里带有宏，不收。", advice=f"请另存为不带宏的 {self.saved_as} 再上传。")
        self.main = self._find_main()

    def read(self, name: str) -> bytes:
        """The bytes of a part, at most as many as its entry says."""
        try:
            return self._file.read(name)
        except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
            raise UnreadableFile(f"文件已损坏（{name[:60]}）。", advice=_BROKEN) from error
        except KeyError as error:
            raise UnreadableFile(f"文件里缺少 {name[:60]}。", advice=_BROKEN) from error

    def parse(self, name: str) -> etree._Element:
        """The root of an XML part."""
        data = self.read(name)
        if b"<!DOCTYPE" in data.replace(b"\0", b"") or b"<!ENTITY" in data.replace(b"\0", b""):
            raise UnreadableFile(f"文件里声明了文档类型（DTD），正常的 {self.kind}没有。", advice=_BROKEN)
        try:
            return etree.fromstring(data, etree.XMLParser(**_PARSER_OPTIONS))
        except etree.XMLSyntaxError as error:
            raise UnreadableFile(f"文件已损坏（{name[:60]}）。", advice=_BROKEN) from error

    def relations(self, part: str) -> Iterator[Relation]:
        """What a part refers to."""
        folder, _, base = part.rpartition("/")
        name = f"{folder}/_rels/{base}.rels".lstrip("/")
        if name not in self.names:
            return
        for relation in self.parse(name).iter(_RELATIONS):
            is_outside = relation.get("TargetMode") == "External"
            target = relation.get("Target") or ""
            if not is_outside:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = (relation.get("Type") or "").rpartition("/")[2]
            yield Relation(relation.get("Id") or "", kind, target, is_outside)

    def _find_main(self) -> str:
        for relation in self.relations(""):
            if relation.kind == "officeDocument" and not relation.is_outside and relation.target in self.names:
                self._check_content_type(relation.target)
                return relation.target
        raise UnreadableFile(f"这不是完整的 {self.kind}：缺少正文。", advice=_BROKEN)

    def _check_content_type(self, main: str) -> None:
        for entry in self.parse("[Content_Types].xml"):
            if entry.get("PartName") == f"/{main}":
                kind = entry.get("ContentType") or ""
                if "macroEnabled" in kind:
                    advice = f"请另存为不带宏的 {self.saved_as} 再上传。"
                    raise UnreadableFile(f"这是带宏的 {self.kind}，不收。", advice=advice)
                if self.content_mark not in kind:
                    raise UnreadableFile(self.other_kind[0], advice=self.other_kind[1])


class WordPackage(OfficePackage):
    """A .docx."""

    kind = "Word 文件"
    content_mark = "wordprocessingml"
    saved_as = ".docx"
    other_kind = ("这不是 Word 文件（可能是表格或幻灯片）。", "可以上传 .docx、.txt、.md。")


class SheetPackage(OfficePackage):
    """An .xlsx."""

    kind = "表格文件"
    content_mark = "spreadsheetml"
    saved_as = ".xlsx"
    other_kind = ("这不是表格文件（可能是 Word 文件或幻灯片）。", "可以上传 .xlsx、.csv。")
