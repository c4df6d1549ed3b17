"""Every word of a Word file is handed on: body, tables, boxes, headers, notes, comments, numbers Word counts itself."""

from pathlib import Path

import pytest

from kb.domain.document import Aside, Paragraph, Table
from kb.errors import UnreadableFile
from kb.intake.word_document import read_word
from kb.intake.word_numbering import write_number
from tests.intake.made_files import paragraph, part, picture, relation, table, word_file

BOX = "<w:txbxContent>{}</w:txbxContent>"


def texts(data: bytes) -> list[str]:
    return [block.text for block in read_word(data).blocks if isinstance(block, Paragraph)]


def test_blocks_come_in_order_with_tables_and_what_is_wrapped() -> None:
    body = (
        paragraph("一、问题")
        + f"<w:sdt><w:sdtContent>{paragraph('控件里的一段')}</w:sdtContent></w:sdt>"
        + table(("单位", "虚构镇党委"), ("领域", "农村"))
        + "<w:p><w:ins><w:r><w:t>补上的</w:t></w:r></w:ins><w:del><w:r><w:delText>删去的</w:delText></w:r></w:del></w:p>"
        + "<w:p><w:hyperlink><w:r><w:t>链接上的字</w:t><w:br/><w:t>第二行</w:t></w:r></w:hyperlink></w:p>"
    )
    document = read_word(word_file(body))
    assert [block.text if isinstance(block, Paragraph) else list(block.texts()) for block in document.blocks] == [
        "一、问题", "控件里的一段", [("单位", "虚构镇党委"), ("领域", "农村")], "补上的", "链接上的字\n第二行",
    ]  # fmt: skip
    assert document.remarks == ("文件里有没有处理完的修订：按接受修订后的样子读入，删去的文字没有读。",)


def test_a_text_box_is_an_aside_once_and_not_part_of_its_paragraph() -> None:
    box = BOX.format(paragraph("框里的字"))
    copy = BOX.format(paragraph("框里的字") + paragraph("只在旧式框里的字"))
    inside = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback><w:pict>{copy}</w:pict></mc:Fallback></mc:AlternateContent>"
    document = read_word(word_file(paragraph("框外", inside) + table(("格",))))
    assert document.blocks == (Paragraph("框外"), Table((((Paragraph("格"),),),)))
    assert document.asides == (Aside("文本框", "框里的字"), Aside("文本框", "只在旧式框里的字"))


def test_a_table_inside_a_cell_is_read_with_the_cell() -> None:
    inner = f"<w:tbl><w:tr><w:tc>{paragraph('内一')}</w:tc><w:tc>{paragraph('内二')}</w:tc></w:tr></w:tbl>"
    body = f"<w:tbl><w:tr><w:tc>{paragraph('外')}{inner}{paragraph('后')}</w:tc></w:tr></w:tbl>"
    (block,) = read_word(word_file(body)).blocks
    assert isinstance(block, Table)
    assert list(block.texts()) == [("外\n内一\n内二\n后",)]


def test_headers_notes_comments_and_building_blocks_are_asides_and_page_numbers_are_not() -> None:
    page = '<w:p><w:r><w:t>— </w:t></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>7</w:t></w:r></w:fldSimple></w:p>'
    field = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>8</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    kinds = ("header", "footer", "footnotes", "endnotes", "comments", "glossaryDocument")
    parts = {f"{kind}.xml": part(kind, paragraph(f"{kind}里的字")) for kind in kinds}
    parts["footer.xml"] = part("ftr", page + field + paragraph("虚构镇"))
    relations = "".join(relation(n, kind, f"{kind}.xml") for n, kind in enumerate(kinds))
    document = read_word(word_file(paragraph("正文"), parts=parts, relations=relations))
    assert document.asides == (
        Aside("页眉", "header里的字"), Aside("页脚", "虚构镇"), Aside("脚注", "footnotes里的字"),
        Aside("尾注", "endnotes里的字"), Aside("批注", "comments里的字"), Aside("文档部件", "glossaryDocument里的字"),
    )  # fmt: skip


def test_numbers_word_counts_itself_are_part_of_the_text() -> None:
    def level(place: int, form: str, words: str) -> str:
        return f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{words}"/></w:lvl>'

    lists = (
        '<w:abstractNum w:abstractNumId="4">'
        + level(0, "chineseCounting", "%1、")
        + level(1, "decimal", "%2.")
        + level(2, "bullet", "")
        + '</w:abstractNum><w:num w:numId="2"><w:abstractNumId w:val="4"/></w:num>'
    )

    def item(text: str, place: int) -> str:
        number = f'<w:numPr><w:ilvl w:val="{place}"/><w:numId w:val="2"/></w:numPr>'
        return f"<w:p><w:pPr>{number}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"

    body = item("问题", 0) + item("甲", 1) + item("乙", 1) + item("做法", 0) + item("丙", 1) + item("点", 2)
    data = word_file(
        body, parts={"numbering.xml": part("numbering", lists)}, relations=relation(1, "numbering", "numbering.xml")
    )
    assert texts(data) == ["一、问题", "1. 甲", "2. 乙", "二、做法", "1. 丙", "点"]
    assert [block.is_item for block in read_word(data).blocks if isinstance(block, Paragraph)] == [False] * 5 + [True]
    assert [write_number(n, "chineseCounting") for n in (1, 10, 11, 20, 34)] == ["一", "十", "十一", "二十", "三十四"]


def test_heading_levels_come_from_outline_or_style_along_what_it_is_based_on() -> None:
    styles = (
        '<w:style w:styleId="a1"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:styleId="a2"><w:name w:val="我的标题"/><w:basedOn w:val="a1"/></w:style>'
        '<w:style w:styleId="a3"><w:name w:val="绕圈"/><w:basedOn w:val="a3"/></w:style>'
        '<w:style w:styleId="a4"><w:name w:val="toc 1"/></w:style>'
    )
    body = (
        paragraph("甲", style="a2") + paragraph("乙", style="a3") + paragraph("甲\t1", style="a4")
        + '<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>丙</w:t></w:r></w:p>'
    )  # fmt: skip
    data = word_file(body, parts={"styles.xml": part("styles", styles)}, relations=relation(1, "styles", "styles.xml"))
    document = read_word(data)
    assert [(b.text, b.level, b.style) for b in document.blocks if isinstance(b, Paragraph)] == [
        ("甲", 2, "我的标题"), ("乙", 0, "绕圈"), ("丙", 1, ""),
    ]  # fmt: skip
    assert document.asides == (Aside("目录", "甲\t1"),)


def test_pictures_come_remade_with_the_text_before_them_and_others_are_named() -> None:
    blips = '<a:blip r:embed="r1"/>', '<a:blip r:embed="r2"/>', '<a:blip r:link="r3"/>'
    body = paragraph("开会的照片") + "".join(paragraph("", f"<w:drawing>{blip}</w:drawing>") for blip in blips)
    relations = (
        relation(1, "image", "media/a.png")
        + relation(2, "image", "media/b.emf")
        + relation(3, "image", "http://127.0.0.1:9/x.png", "External")
    )
    parts = {"media/a.png": picture("PNG"), "media/b.emf": b"\x01\x00\x00\x00" * 20}
    document = read_word(word_file(body, parts=parts, relations=relations))
    assert [(p.name, p.mime, p.width, p.height, p.beside) for p in document.pictures] == [
        ("a.png", "image/png", 40, 30, "开会的照片")
    ]
    assert document.remarks == (
        "图片 b.emf 没有取：不是能读的图片，或已残缺。请另存为 PNG 或 JPEG。",
        "有一处图片链接到文件以外，没有去取。请把图片粘贴到文件里再上传。",
    )


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    data = word_file(paragraph("正文"))
    for damaged in (data[:-40], data[:200], data.replace(b"word/document.xml", b"word/documenu.xml")):
        with pytest.raises(UnreadableFile):
            read_word(damaged)
