"""A Word file of ours taken apart, for tests."""

import io
import zipfile
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class WordFile:
    """Parts by name, and the values tests ask for."""

    def __init__(self, data: bytes) -> None:
        self.file = zipfile.ZipFile(io.BytesIO(data))

    def root(self, part: str) -> Any:
        return etree.fromstring(self.file.read(part))

    def paragraphs(self) -> list[tuple[str, str]]:
        """Style and text of each paragraph of the body, tables included."""
        found = []
        for node in self.root("word/document.xml").iter(f"{W}p"):
            style = node.find(f"{W}pPr/{W}pStyle")
            text = "".join(t.text or "" for t in node.iter(f"{W}t"))
            found.append(("" if style is None else style.get(f"{W}val"), text))
        return found

    def values(self, part: str, path: str) -> dict[str, str]:
        """Attributes of the first element at this path of tags."""
        node = self.root(part).find(".//" + "/".join(f"{W}{tag}" for tag in path.split("/")))
        return {key.rpartition("}")[2]: value for key, value in node.attrib.items()}

    def style(self, style_id: str, path: str) -> dict[str, str]:
        """Attributes of an element of a style."""
        for style in self.root("word/styles.xml").iter(f"{W}style"):
            if style.get(f"{W}styleId") == style_id:
                node = style.find("/".join(f"{W}{tag}" for tag in path.split("/")))
                return {key.rpartition("}")[2]: value for key, value in node.attrib.items()}
        raise AssertionError(style_id)

    def faces_of_theme(self) -> list[str]:
        """Attributes that would let a theme choose the face."""
        return [
            key
            for name in self.file.namelist()
            if name.startswith("word/") and name.endswith(".xml") and "theme" not in name
            for fonts in self.root(name).iter(f"{W}rFonts")
            for key in fonts.attrib
            if "heme" in key
        ]
