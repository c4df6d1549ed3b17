"""An office's own layout before it is kept: a sound Word file all of whose parts can be read and stand in it."""

import io
import zipfile

from kb.errors import UnreadableFile
from kb.intake.package import WordPackage

HARMLESS = frozenset({"hyperlink"})
"""Kinds of relation that may lead outside: nothing is fetched before somebody follows them."""


def check_word_layout(data: bytes) -> None:
    """Raises UnreadableFile for a zip, a part or a relation that a layout may not have."""
    try:
        package = WordPackage(zipfile.ZipFile(io.BytesIO(data)))
    except zipfile.BadZipFile as error:
        raise UnreadableFile("文件已损坏，打不开。", advice="在 Word 或 WPS 里另存一份 .docx 再上传。") from error
    for name in ("", *package.names):
        if name.lower().endswith((".xml", ".rels")):
            package.parse(name)
        for relation in package.relations(name):
            if relation.is_outside and relation.kind not in HARMLESS:
                raise UnreadableFile("版式里有放在别处的图片、模板或对象。", advice="改成嵌在文件里的，再上传。")
