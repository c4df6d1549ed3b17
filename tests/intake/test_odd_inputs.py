"""Every office file of the odd inputs: the text of every w:p is in a field or the tray, or the file is refused by name."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from kb.bootstrap.office_files import file_reader
from kb.domain.document import Paragraph
from kb.errors import UnreadableFile
from kb.services.import_document import fill_fields
from tests.made_up import CASE_TEMPLATE, ROOT

ODD_INPUTS = ROOT.parent / "shared/data/odd_inputs"
OFFICE = sorted((ODD_INPUTS / "real_office").glob("*"))
TEXT = sorted(
    path
    for folder in ("real_text", "made")
    for path in (ODD_INPUTS / folder).glob("*")
    if path.suffix in (".txt", ".md")
)
REFUSED = {"paperless-ngx__multi-part-broken.odt": "OpenDocument", "paperless-ngx__sample.doc": "旧版 Word"}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

pytestmark = pytest.mark.skipif(not ODD_INPUTS.exists(), reason="skipped: data not present (../shared/data/odd_inputs)")


def words_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        for entry in value.values() if isinstance(value, dict) else value:  # type: ignore[attr-defined]
            yield from words_of(entry)


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def paragraphs(data: bytes) -> Iterator[str]:
    """The letters of every w:p of every part, but for page numbers, which Word counts itself."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for name in file.namelist():
            if name.startswith("word/") and name.endswith(".xml"):
                for node in etree.fromstring(file.read(name)).iter(f"{W}p"):
                    codes = " ".join(code.text or "" for code in node.iter(f"{W}instrText"))
                    is_counted = re.search(r"\b(?:PAGE|NUMPAGES)\b", codes) is not None
                    text = letters("".join(t.text or "" for t in node.iter(f"{W}t")))
                    if text and not (is_counted and text.isdigit()):
                        yield text


@pytest.mark.parametrize("path", OFFICE, ids=lambda path: path.name)
def test_every_paragraph_of_an_office_file_is_kept_or_the_file_refused_by_name(path: Path) -> None:
    data = path.read_bytes()
    if path.name in REFUSED:
        with pytest.raises(UnreadableFile, match=REFUSED[path.name]) as refused:
            file_reader().read(path.name, data)
        assert "另存为 .docx" in refused.value.advice
        return
    filled = fill_fields(file_reader().read(path.name, data), CASE_TEMPLATE)
    kept = letters("".join((*words_of(filled.fields), *filled.tray)))
    found = list(paragraphs(data))
    assert len(found) >= 5
    assert [text for text in found if text not in kept] == []


@pytest.mark.parametrize("path", TEXT, ids=lambda path: path.name)
def test_every_line_of_a_text_file_is_kept_or_the_file_refused_by_name(path: Path) -> None:
    data = path.read_bytes()
    try:
        document = file_reader(CASE_TEMPLATE).read(path.name, data)
    except UnreadableFile as error:
        assert error.advice
        return
    filled = fill_fields(document, CASE_TEMPLATE)
    told = (found.why for found in filled.recognised.values())
    kept = letters("".join((*words_of(filled.fields), *filled.tray, *told)))
    lines = [letters(block.text) for block in document.blocks if isinstance(block, Paragraph)]
    own = {letters(slot.label) for slot in CASE_TEMPLATE.slots}
    assert [line for line in lines if line not in kept and line not in own] == []
