"""Looks of the paragraphs of our Word files: role of the face, size, line, indent, outline level (GB/T 9704-2012)."""

from typing import NamedTuple

from kb.domain.word_form import (
    BODY,
    CAPTION,
    CELL,
    HEADING,
    HINT,
    ITEM,
    LABEL,
    SUBHEADING,
    THIRD_HEADING,
    TITLE,
    WordStyle,
)

LINE = 579
"""Twips: 22 lines of 28.95 pt are 636.9 of the 637.8 pt of the type area."""
CONDENSED = -5
"""Twips between characters: 28 × 15.75 pt are 441 of the 442.2 pt of a line; at 16 pt 28 would not fit."""
GREY = "767676"


class Look(NamedTuple):
    """Lengths in twips; `line` 0 is as high as what stands in it; `align` as Word calls it."""

    style: WordStyle
    role: str
    points: float
    line: int = LINE
    align: str = "both"
    outline: int | None = None
    indent: bool = False
    condensed: bool = False
    before: int = 0
    after: int = 0
    colour: str = ""
    keeps_next: bool = False
    breaks_words: bool = False


FORM_LOOKS = (
    Look(TITLE, "title", 22, line=660, align="center", outline=0, after=300, keeps_next=True),
    Look(HEADING, "heading", 16, align="left", outline=1, indent=True, condensed=True, before=120, keeps_next=True),
    Look(SUBHEADING, "script", 16, align="left", outline=2, indent=True, condensed=True, keeps_next=True),
    Look(THIRD_HEADING, "text", 16, align="left", outline=3, indent=True, condensed=True, keeps_next=True),
    Look(BODY, "text", 16, indent=True, condensed=True),
    Look(ITEM, "text", 16, indent=True, condensed=True),
    Look(CAPTION, "script", 14, align="left", before=160, after=60, keeps_next=True),
    Look(LABEL, "heading", 11, line=340, align="left"),
    Look(CELL, "text", 12, line=360, align="left", breaks_words=True),
    Look(HINT, "script", 10.5, line=320, align="left", colour=GREY),
)
"""Of the case form, whose import knows these styles by their ids."""

OFFICE_TITLE = WordStyle("OfficeTitle", "文件标题")
OFFICE_SUBTITLE = WordStyle("OfficeSubtitle", "文件副标题")
OFFICE_HEADINGS = (
    WordStyle("OfficeHeading1", "文件一级标题"),
    WordStyle("OfficeHeading2", "文件二级标题"),
    WordStyle("OfficeHeading3", "文件三级标题"),
    WordStyle("OfficeHeading4", "文件四级标题"),
)
OFFICE_TEXT = WordStyle("OfficeText", "文件正文")
OFFICE_FLUSH = WordStyle("OfficeFlush", "文件顶格")
OFFICE_QUOTATION = WordStyle("OfficeQuotation", "文件引文")
OFFICE_SOURCE = WordStyle("OfficeSource", "文件引文出处")
OFFICE_SIGNATURE = WordStyle("OfficeSignature", "文件署名")
OFFICE_PICTURE = WordStyle("OfficePicture", "文件图片")
OFFICE_PICTURE_NAME = WordStyle("OfficePictureName", "文件图名")
OFFICE_NOTE = WordStyle("OfficeNote", "文件说明")
OFFICE_HEAD_NAME = WordStyle("OfficeHeadName", "简报名称")
OFFICE_HEAD_LINE = WordStyle("OfficeHeadLine", "简报期数")
OFFICE_SMALL_LABEL = WordStyle("OfficeSmallLabel", "文件小表栏目")
OFFICE_SMALL_CELL = WordStyle("OfficeSmallCell", "文件小表")
CONTENTS_TITLE = WordStyle("OfficeContents", "文件目录名")
CONTENTS_LINES = (WordStyle("TOC1", "toc 1"), WordStyle("TOC2", "toc 2"))
"""Word's own styles of a contents list, so that updating it keeps its looks."""

OFFICE_LOOKS = (
    Look(OFFICE_TITLE, "title", 22, line=660, align="center", outline=0, after=300, keeps_next=True),
    Look(OFFICE_SUBTITLE, "script", 16, align="center", after=300, keeps_next=True),
    *(
        Look(style, role, 16, align="left", outline=level, indent=True, condensed=True, keeps_next=True)
        for level, (style, role) in enumerate(
            zip(OFFICE_HEADINGS, ("heading", "script", "text", "text"), strict=True), start=1
        )
    ),
    Look(OFFICE_TEXT, "text", 16, indent=True, condensed=True),
    Look(OFFICE_FLUSH, "text", 16, condensed=True),
    Look(OFFICE_QUOTATION, "script", 16, indent=True, condensed=True),
    Look(OFFICE_SOURCE, "script", 12, line=400, align="right", after=120, breaks_words=True),
    Look(OFFICE_SIGNATURE, "text", 16, align="right", condensed=True),
    Look(OFFICE_PICTURE, "text", 16, line=0, align="center", before=120, keeps_next=True),
    Look(OFFICE_PICTURE_NAME, "script", 14, line=400, align="center", after=120),
    Look(OFFICE_NOTE, "text", 12, line=400, align="left", breaks_words=True),
    Look(OFFICE_HEAD_NAME, "title", 36, line=1000, align="center", keeps_next=True),
    Look(OFFICE_HEAD_LINE, "text", 16, align="center", keeps_next=True),
    Look(CAPTION, "script", 14, line=400, align="left", before=160, after=60, keeps_next=True),
    Look(LABEL, "heading", 11, line=340, align="left"),
    Look(CELL, "text", 12, line=360, align="left", breaks_words=True),
    Look(OFFICE_SMALL_LABEL, "heading", 10.5, line=300, align="left"),
    Look(OFFICE_SMALL_CELL, "text", 10.5, line=300, align="left", breaks_words=True),
    Look(CONTENTS_TITLE, "heading", 16, align="center", after=120, keeps_next=True),
    Look(CONTENTS_LINES[0], "text", 16, align="left"),
    Look(CONTENTS_LINES[1], "text", 14, align="left", indent=True),
)
"""Of every other document: on the grid of lines throughout."""

POINTS_OF = {look.style.id: look.points for look in (*FORM_LOOKS, *OFFICE_LOOKS)}
ROLE_OF = {look.style.id: look.role for look in (*FORM_LOOKS, *OFFICE_LOOKS)}
