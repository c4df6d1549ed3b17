"""Workbooks made by hand for tests; what they say is made up."""

from collections.abc import Mapping

from tests.intake.made_files import R_NS, RELS, relation, zip_file

S_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
STYLES = (
    f'<styleSheet xmlns="{S_NS}"><numFmts><numFmt numFmtId="200" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/>'
    '<numFmt numFmtId="201" formatCode="#,##0.0%"/><numFmt numFmtId="202" formatCode="&quot;共&quot;0&quot;日&quot;"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="31"/><xf numFmtId="200"/><xf numFmtId="201"/>'
    '<xf numFmtId="10"/><xf numFmtId="22"/><xf numFmtId="202"/></cellXfs></styleSheet>'
)
"""Styles by number: 0 general, 1 m/d/yyyy, 2 Chinese day, 3 year and month, 4 and 5 percent, 6 day with time, 7 共0日."""


def text(place: str, words: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'


def number(place: str, value: str, style: int = 0, formula: str = "") -> str:
    return (
        f'<c r="{place}" s="{style}">{f"<f>{formula}</f>" if formula else ""}{f"<v>{value}</v>" if value else ""}</c>'
    )


def row(place: int, *cells: str, attributes: str = "") -> str:
    return f'<row r="{place}" {attributes}>{"".join(cells)}</row>'


def sheet_xml(rows: str, *, before: str = "", columns: str = "", after: str = "", dimension: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<worksheet xmlns="{S_NS}">'
        f"{dimension}{columns}<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def workbook(
    *sheets: str,
    states: Mapping[int, str] | None = None,
    shared: str = "",
    main_type: str = MAIN_TYPE,
    parts: Mapping[str, str | bytes] | None = None,
    is_1904: bool = False,
) -> bytes:
    """An .xlsx of sheets named 甲, 乙, 丙 …; `states` by place from 0 ("hidden")."""
    named = "".join(
        f'<sheet name="{"甲乙丙丁戊"[place % 5]}" sheetId="{place + 1}" state="{(states or {}).get(place, "visible")}" r:id="r{place + 1}"/>'
        for place in range(len(sheets))
    )
    relations = "".join(relation(n + 1, "worksheet", f"worksheets/sheet{n + 1}.xml") for n in range(len(sheets)))
    flag = '<workbookPr date1904="1"/>' if is_1904 else ""
    return zip_file(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/xl/workbook.xml" ContentType="{main_type}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{RELS}">{relation(1, "officeDocument", "xl/workbook.xml")}</Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{S_NS}" xmlns:r="{R_NS}">{flag}<sheets>{named}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELS}">{relations}'
            f"{relation(90, 'styles', 'styles.xml')}{relation(91, 'sharedStrings', 'sharedStrings.xml')}</Relationships>",
            "xl/styles.xml": STYLES,
            "xl/sharedStrings.xml": f'<sst xmlns="{S_NS}">{shared}</sst>',
            **{f"xl/worksheets/sheet{place + 1}.xml": sheet for place, sheet in enumerate(sheets)},
            **(parts or {}),
        }
    )
