"""An office's own Word layout: which documents may have one, and the fields it may name between double braces."""

from kb.domain.office_document import Head, Heading, OfficeDocument, Signature, Text

LAYOUTS = {"bulletin": "简报"}
"""Documents that may stand in an office's own layout, by id."""
TEXT_FIELDS = {
    "name": "简报名称",
    "issue": "期号",
    "unit": "编印单位",
    "day": "印发日期",
    "title": "标题",
    "subtitle": "副标题",
}
"""Fields that become words in the layout's own type."""
PLACE_FIELDS = {
    "body": "正文（标题、段落、表格、图片都在里面）",
    "signature": "署名和日期",
    "notes": "来源和说明",
}
"""Fields that become paragraphs; each stands in a line of its own."""
LAYOUT_FIELDS = {**TEXT_FIELDS, **PLACE_FIELDS}

BLANK_LAYOUT = OfficeDocument(
    title="{{ title }}",
    subtitle="{{ subtitle }}",
    head=Head("{{ name }}", "{{ issue }}", "{{ unit }}", "{{ day }}"),
    blocks=(Text("{{ body }}"), Text("{{ signature }}"), Text("{{ notes }}")),
)
"""A layout to begin with: every field once."""
SAMPLE = OfficeDocument(
    title="这里是标题",
    subtitle="这里是副标题",
    head=Head("这里是简报名称", "第1期", "这里是编印单位", "2026年1月1日"),
    blocks=(
        Heading("一、样例小标题"),
        Text("这是试填用的样例文字，不是真实内容。" * 6),
        Heading("（一）二级小标题", 2),
        Text("这是试填用的样例文字。" * 4),
    ),
    signature=Signature("这里是署名", "2026年1月1日"),
    notes=("来源：这里是来源。",),
)
"""What a trial fills a layout with."""


def fields_of(document: OfficeDocument) -> dict[str, str]:
    """The words of TEXT_FIELDS; "" for what the document has not."""
    head = document.head or Head()
    return {
        "name": head.name,
        "issue": head.issue,
        "unit": head.unit,
        "day": head.day,
        "title": document.title,
        "subtitle": document.subtitle,
    }
