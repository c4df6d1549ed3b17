"""Docs say what is so: commands, settings, fields, glossary, layers."""

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from docs.make_pages import glossary_page, template_page
from kb.cli import commands
from kb.config import VARIABLES
from kb.domain.case import Case
from kb.domain.mechanism import Mechanism
from kb.domain.template import Template
from kb.domain.workflow import Stage
from kb.repository.decode import decode
from kb.repository.yaml_text import read_yaml
from kb.services.manage_accounts import ROLE_LABELS
from tests.made_up import CASE_TEMPLATE, MECHANISM_TEMPLATE, ROOT, UNIT_TEMPLATE

README = (ROOT / "README.md").read_text(encoding="utf-8")


def glossary() -> dict[str, str]:
    text = decode((ROOT / "content/taxonomy/glossary.yaml").read_bytes()).lines_unified
    return {term["id"]: term["label"] for term in read_yaml(text, limit=400_000).value["terms"]}


def verbs(group: click.Group, prefix: str = "kb") -> list[str]:
    names = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        names += verbs(command, f"{prefix} {name}") if isinstance(command, click.Group) else [f"{prefix} {name}"]
    return names


def test_generated_pages_are_up_to_date() -> None:
    assert (ROOT / "docs/glossary.md").read_text(encoding="utf-8") == glossary_page()
    assert (ROOT / "docs/template.md").read_text(encoding="utf-8") == template_page()


@pytest.mark.parametrize(
    "template", [CASE_TEMPLATE, MECHANISM_TEMPLATE, UNIT_TEMPLATE], ids=lambda template: template.name
)
def test_every_field_choice_and_column_has_its_glossary_row(template: Template) -> None:
    wanted = {slot.key: slot.label for slot in template.slots}
    wanted |= {choice.id: choice.label for slot in template.slots for choice in slot.choices}
    wanted |= {column.key: column.label for slot in template.slots for column in slot.columns}
    known = glossary()
    assert {key: label for key, label in wanted.items() if label not in known.get(key, "").split("、")} == {}


def test_every_stage_has_its_glossary_row() -> None:
    assert [stage.value for stage in Stage if stage.value not in glossary()] == []


def test_every_role_has_its_glossary_row() -> None:
    assert {role.value: label for role, label in ROLE_LABELS.items() if glossary().get(role.value) != label} == {}


def test_records_have_the_fields_of_their_templates() -> None:
    assert [field.name for field in fields(Case)] == [*CASE_TEMPLATE.keys, "unstated"]
    assert [field.name for field in fields(Mechanism)] == [*MECHANISM_TEMPLATE.keys, "unstated", "notes"]


def test_the_readme_names_every_command_and_setting() -> None:
    config = (ROOT / "kb/config.py").read_text(encoding="utf-8")
    settings = {*VARIABLES, *VARIABLES.values(), *re.findall(r"(?:env|given)\.get\(\"([A-Z_]+)\"", config)}
    assert [verb for verb in verbs(commands) if verb not in README] == []
    assert [name for name in settings if f"`{name}`" not in README] == []


def test_the_readme_says_the_two_commands_first() -> None:
    assert re.findall(r"^make (\w+)", README, re.MULTILINE)[:2] == ["run", "test"]


def test_paths_named_in_the_docs_exist() -> None:
    missing = []
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for name in re.findall(
            r"`((?:kb|search|tests|templates|content|docs|benchmarks)/[A-Za-z0-9_./-]*)`", page.read_text()
        ):
            if not (ROOT / name).exists():
                missing.append(f"{page.name}: {name}")
    assert missing == []


def test_every_dependency_says_what_for() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("\n")
    start = lines.index("dependencies = [")
    dependencies = [line for line in lines[start:] if re.match(r'    "[A-Za-z].*[=>]', line) and "," in line]
    assert [line for line in dependencies if "# what for:" not in line] == []


def test_locks_have_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert re.findall(r"https?://|--(?:extra-)?index-url|--find-links", text) == []


def test_makefile_help_lists_every_target_a_reader_is_told_of() -> None:
    makefile = Path(ROOT / "Makefile").read_text(encoding="utf-8")
    helped = set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE))
    assert {"run", "test", "check", "setup", "lock", "docs", "clean", "help"} <= helped
