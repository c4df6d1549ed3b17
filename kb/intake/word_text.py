"""The text of one w:p: its own runs, without text boxes inside it, deleted text and page numbers."""

import re
from collections.abc import Iterator

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
TEXT_BOX = f"{W}txbxContent"
_PASSED_OVER = {TEXT_BOX, f"{MC}Fallback", f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}instrText", f"{W}delText"}
_SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t"}
_PAGE_NUMBER = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b")


def own_text(paragraph: etree._Element) -> str:
    """The words of a paragraph as one reads them; a break is a line end."""
    return _without_page_numbers(_pieces(paragraph))


def _pieces(node: etree._Element) -> Iterator[tuple[str, str]]:
    """Pairs of kind (text, instruction, begin, separate, end) and text, in reading order."""
    for child in node:
        tag = child.tag
        if not isinstance(tag, str):
            continue
        if tag == f"{W}instrText":
            yield "instruction", child.text or ""
        elif tag == f"{W}fldChar":
            yield child.get(f"{W}fldCharType") or "", ""
        elif tag == f"{W}fldSimple" and _PAGE_NUMBER.match(child.get(f"{W}instr") or ""):
            continue
        elif tag in (f"{W}t", f"{M}t"):
            yield "text", child.text or ""
        elif tag in _SIGNS:
            yield "text", _SIGNS[tag]
        elif tag == f"{W}sym":
            yield "text", _symbol(child)
        elif tag not in _PASSED_OVER:
            yield from _pieces(child)


def _symbol(node: etree._Element) -> str:
    """Private characters of symbol fonts are ticks and bullets: ■ stands for them."""
    code = node.get(f"{W}char") or ""
    try:
        character = chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
    return "■" if "\ue000" <= character <= "\uf8ff" else character


def _without_page_numbers(pieces: Iterator[tuple[str, str]]) -> str:
    words: list[str] = []
    fields: list[dict[str, str]] = []
    for kind, text in pieces:
        if kind == "begin":
            fields.append({"instruction": "", "is_shown": ""})
        elif kind == "instruction" and fields:
            fields[-1]["instruction"] += text
        elif kind == "separate" and fields:
            fields[-1]["is_shown"] = "" if _PAGE_NUMBER.match(fields[-1]["instruction"]) else "yes"
        elif kind == "end" and fields:
            fields.pop()
        elif kind == "text" and all(field["is_shown"] for field in fields):
            words.append(text)
    return "".join(words)
