"""An office's own layout: filled as meant; nothing hostile in it gets out of its sandbox or its child (row 29)."""

import io
import re
import subprocess
import zipfile
from dataclasses import replace

import docx
import pytest

from kb.bootstrap.layouts import ChildLayoutFiller, blank_layout
from kb.domain.office_document import Head
from kb.domain.office_layout import SAMPLE
from kb.errors import AskedWrongly, UnreadableFile
from kb.exports import OFFICIAL
from kb.exports.layout import fill_layout
from tests.exports.made_documents import WHOLE
from tests.exports.word_file import WordFile


def layout(*paragraphs: str) -> bytes:
    file = docx.Document()
    for text in paragraphs:
        file.add_paragraph(text)
    buffer = io.BytesIO()
    file.save(buffer)
    return buffer.getvalue()


def texts(data: bytes) -> list[str]:
    return [text for _, text in WordFile(data).paragraphs()]


def test_the_blank_layout_filled_is_the_document() -> None:
    filled = texts(fill_layout(blank_layout("official"), WHOLE, OFFICIAL))
    joined = "".join(filled)
    for words in (
        "虚构党建工作简报",
        "第3期",
        "一、虚构的情况",
        "把问题带上来",
        "摸底",
        "2026年11月26日",
        "第二条说明",
    ):
        assert words in joined
    assert [text for text in filled if "{" in text or "\ue000" in text] == []


def test_fields_stand_where_the_layout_has_them_and_blocks_keep_their_styles() -> None:
    made = layout(
        "本单位的报头 {{ name }}（{{ issue }}）", "{{ title }}", "{{ body }}", "报送：虚构的单位", "{{notes}}"
    )
    data = ChildLayoutFiller().fill(made, SAMPLE, "official")
    assert texts(data)[:2] == ["本单位的报头 这里是简报名称（第1期）", "这里是标题"]
    styles = [style for style, _ in WordFile(data).paragraphs()]
    assert styles[2:] == ["OfficeHeading1", "OfficeText", "OfficeHeading2", "OfficeText", "", "OfficeNote"]
    docx.Document(io.BytesIO(data))


def saved_by_word(data: bytes) -> bytes:
    """The file with new ids for all its styles, as Word gives them, which knows styles by their names."""
    source, buffer = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    ids = re.findall(r'w:styleId="([^"]+)"', source.read("word/styles.xml").decode())
    new = {style: f"a{number}" for number, style in enumerate(ids)}
    used = re.compile(r'(w:styleId="|<w:(?:pStyle|rStyle|basedOn|next|link) w:val=")([^"]+)"')
    with zipfile.ZipFile(buffer, "w") as file:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("word/") and name.endswith(".xml"):
                part = used.sub(lambda found: f'{found[1]}{new.get(found[2], found[2])}"', part.decode()).encode()
            file.writestr(name, part)
    return buffer.getvalue()


def test_a_layout_that_word_has_saved_is_filled_in_its_own_styles() -> None:
    def looks(data: bytes) -> list[tuple[str | None, str]]:
        return [(one.style and one.style.name, one.text) for one in docx.Document(io.BytesIO(data)).paragraphs]

    made = fill_layout(saved_by_word(blank_layout("official")), WHOLE, OFFICIAL)
    assert looks(made) == looks(fill_layout(blank_layout("official"), WHOLE, OFFICIAL))
    defined = set(re.findall(r'w:styleId="([^"]+)"', WordFile(made).file.read("word/styles.xml").decode()))
    used = set(re.findall(r'<w:[pr]Style w:val="([^"]+)"', WordFile(made).file.read("word/document.xml").decode()))
    assert used - defined == set()


def test_text_and_sources_stand_at_the_end_of_a_layout_that_has_no_place_for_them() -> None:
    made = fill_layout(layout("{{ title }}", "报送：虚构的单位"), SAMPLE, OFFICIAL)
    assert texts(made)[:3] == [SAMPLE.title, "报送：虚构的单位", "一、样例小标题"]
    assert texts(made)[-1] == SAMPLE.notes[0]


def test_blocks_in_a_footer_are_refused_and_words_there_are_filled() -> None:
    made = []
    for field in ("title", "notes"):
        file = docx.Document(io.BytesIO(layout("{{ body }}")))
        file.sections[0].footer.paragraphs[0].text = f"{{{{ {field} }}}}"
        buffer = io.BytesIO()
        file.save(buffer)
        made.append(buffer.getvalue())
    filled = docx.Document(io.BytesIO(fill_layout(made[0], SAMPLE, OFFICIAL)))
    assert filled.sections[0].footer.paragraphs[0].text == SAMPLE.title
    with pytest.raises(UnreadableFile, match=r"页脚或脚注里放了 \{\{ notes"):
        fill_layout(made[1], SAMPLE, OFFICIAL)


def test_a_layout_has_no_empty_head_where_a_piece_has_no_name() -> None:
    piece = replace(SAMPLE, subtitle="", head=Head(issue="第1期", unit="这里是编印单位"))
    filled = WordFile(fill_layout(blank_layout("official"), piece, OFFICIAL))
    assert filled.paragraphs()[:4] == [
        ("OfficeHeadLine", "第1期"),
        ("OfficeHeadLine", "这里是编印单位"),
        ("OfficeTitle", "这里是标题"),
        ("OfficeHeading1", "一、样例小标题"),
    ]
    bare = WordFile(fill_layout(blank_layout("official"), replace(piece, head=Head()), OFFICIAL))
    assert [style for style, _ in bare.paragraphs()][:2] == ["OfficeTitle", "OfficeHeading1"]
    assert "w:pBdr" not in str(bare.file.read("word/document.xml")).partition("OfficeTitle")[0]


def test_a_layout_that_asks_for_a_field_is_told_that_it_is_blank() -> None:
    made = fill_layout(
        layout("{% if name %}有{% else %}无{% endif %}名称", "{{ body }}"), replace(SAMPLE, head=None), OFFICIAL
    )
    assert texts(made)[0] == "无名称"


def test_words_with_marks_in_them_stay_words() -> None:
    document = SAMPLE.__class__("<w:p/> & {{ name }} {% raw %}", SAMPLE.blocks)
    assert texts(fill_layout(layout("{{ title }}"), document, OFFICIAL))[0] == "<w:p/> & {{ name }} {% raw %}"


@pytest.mark.parametrize(
    "mark",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ title.__init__.__globals__ }}",
        "{{ title['__class__'] }}",
        "{{ title|attr('__class__') }}",
        "{{ '{0.__class__}'.format(title) }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lipsum.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ range(10) }}",
        "{{ unknown }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends 'x' %}",
        "{{ 1 // 0 }}",
        "{{ title",
        "{% for x in title %}",
    ],
)
def test_what_is_no_field_is_refused_with_the_fields_there_are(mark: str) -> None:
    with pytest.raises(UnreadableFile) as told:
        fill_layout(layout("{{ title }}", mark), SAMPLE, OFFICIAL)
    assert told.value.message.startswith("版式里")
    assert "{{ body }}" in told.value.advice or told.value.advice.startswith("去掉")


@pytest.mark.parametrize(
    "mark",
    [
        "{% for a in (title * 99) %}{% for b in (title * 99) %}{% for c in (title * 99) %}x{% endfor %}{% endfor %}{% endfor %}",
        "{{ 'a' * 2000000000 }}",
        "{{ 99 ** 99999999 }}",
    ],
)
def test_what_never_ends_ends_with_its_child(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.bootstrap.layouts.CPU_SECONDS", 1)
    with pytest.raises(UnreadableFile):
        ChildLayoutFiller().fill(layout(mark), SAMPLE, "official")


def with_relation(target: str, kind: str = "attachedTemplate") -> bytes:
    file = docx.Document(io.BytesIO(layout("{{ title }}")))
    file.part.relate_to(
        target, f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}", is_external=True
    )
    buffer = io.BytesIO()
    file.save(buffer)
    return buffer.getvalue()


def test_a_file_that_is_no_sound_layout_is_refused_before_it_is_filled() -> None:
    filler = ChildLayoutFiller()
    filler.check("版式.docx", blank_layout("official"))
    filler.check("版式.docx", with_relation("https://example.invalid/", "hyperlink"))
    for name, data, words in (
        ("版式.docx", with_relation("http://127.0.0.1/a.dotx"), "放在别处"),
        ("版式.docx", with_relation("http://127.0.0.1/a.png", "image"), "放在别处"),
        ("版式.txt", "文字".encode(), "要是 .docx"),
        ("版式.docm", b"PK", "带宏"),
        ("版式.docx", b"PK\x03\x04", "损坏"),
    ):
        with pytest.raises(UnreadableFile, match=words):
            filler.check(name, data)


def test_a_child_that_says_nothing_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1, b"FILLED\nPK"))
    with pytest.raises(UnreadableFile, match="用尽了时间或内存"):
        ChildLayoutFiller().fill(b"", SAMPLE, "official")


def test_faces_that_are_none_are_not_blamed_on_the_layout() -> None:
    with pytest.raises(AskedWrongly, match="没有“虚构”这套字体"):
        ChildLayoutFiller().fill(layout("{{ title }}"), SAMPLE, "虚构")
