"""Writes docs/glossary.md and docs/template.md from the data that owns them: `make docs`."""

from pathlib import Path

from kb.domain.template import Need, Slot, Template
from kb.repository.decode import decode
from kb.repository.reference_files import read_template
from kb.repository.yaml_text import read_yaml

ROOT = Path(__file__).resolve().parent.parent
NEEDS = {Need.SUBMIT: "送审要", Need.INCLUDE: "纳入要", Need.AUTOMATIC: "自动", Need.OPTIONAL: "可选"}


def glossary_page() -> str:
    """The glossary as a table, from content/taxonomy/glossary.yaml."""
    text = decode((ROOT / "content/taxonomy/glossary.yaml").read_bytes()).lines_unified
    terms = read_yaml(text, limit=400_000).value["terms"]
    rows = [f"| `{term['id']}` | {term['label']} | {term['definition']} |" for term in terms]
    head = "# Glossary\n\nMade from `content/taxonomy/glossary.yaml` by `make docs`.\n\n| code | 界面 | 含义 |\n|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


def template_page() -> str:
    """What the templates ask, from templates/mechanism/*.yaml."""
    parts = ["# Templates\n\nMade from `templates/mechanism/` by `make docs`. 标 ○ 的项可以答“原文未载”。\n"]
    for name in ("case", "mechanism", "unit-sheet"):
        template = read_template(ROOT / f"templates/mechanism/{name}.yaml")
        parts.append(_template_table(template))
    return "\n".join(parts)


def _template_table(template: Template) -> str:
    rows = "\n".join(_row(slot) for slot in template.slots)
    head = f"## {template.label}（第 {template.version} 版）\n\n| 键 | 标签 | 何时要 | 规则 | 说明 |\n|---|---|---|---|---|\n"
    return f"{head}{rows}\n"


def _row(slot: Slot) -> str:
    rules = [f"{slot.han[0]}–{slot.han[1]} 个汉字"] if slot.han else []
    rules += [f"{slot.count[0]}–{slot.count[1]} 条"] if slot.count else []
    rules += ["、".join(choice.label for choice in slot.choices)] if slot.choices else []
    rules += [f"每行：{'、'.join(f'{column.label} `{column.key}`' for column in slot.columns)}"] if slot.columns else []
    rules += ["○"] if slot.unstated else []
    place = f"正文“{slot.heading}”" if slot.heading else f"`{slot.key}`"
    return f"| {place} | {slot.label} | {NEEDS[slot.need]} | {'；'.join(rules)} | {slot.help} |"


if __name__ == "__main__":
    (ROOT / "docs/glossary.md").write_text(glossary_page(), encoding="utf-8")
    (ROOT / "docs/template.md").write_text(template_page(), encoding="utf-8")
