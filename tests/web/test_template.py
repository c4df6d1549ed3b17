"""机制模板: the page and the skeletons are made from the slots, so they cannot disagree with the checks."""

import pytest
from flask.testing import FlaskClient

from kb.domain.answers import read_answers
from kb.domain.finding import Report
from kb.domain.kinds import READERS
from kb.domain.template import Need, Template
from kb.repository.record_file import parse_record
from kb.services.describe_template import KIND_WORDS, NEED_LABELS, build_skeleton, describe_template
from tests.made_up import CASE_TEMPLATE, MECHANISM_TEMPLATE
from tests.web.page import Page

TEMPLATES = [CASE_TEMPLATE, MECHANISM_TEMPLATE]


def test_every_kind_and_need_has_words() -> None:
    assert set(KIND_WORDS) == set(READERS)
    assert set(NEED_LABELS) == set(Need)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_every_slot_stands_on_the_page(client: FlaskClient, template: Template) -> None:
    page = Page(client.get("/template").text)
    for slot in template.slots:
        assert page.says(f"{slot.heading or slot.label} {slot.key} {NEED_LABELS[slot.need]} {slot.help}")


def test_a_slot_is_told_with_its_rules() -> None:
    lines = {
        line.key: line
        for line in (*describe_template(CASE_TEMPLATE).fields, *describe_template(CASE_TEMPLATE).sections)
    }
    assert lines["kind"].rules == ("经验、教训",)
    assert lines["sources"].rules == ("1 到 9 条，超出不能收入",)
    assert lines["steps"].rules == ("1 到 12 条", "可以答“原文未载”")
    assert lines["steps"].parts == ("步骤", "责任方", "时限", "产出", "见原文")
    assert lines["situation"].label == "一、问题"
    assert lines["id"].example == "110113-2017-01"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_a_skeleton_is_a_file_of_the_template_with_every_field_and_no_fault_of_form(template: Template) -> None:
    plain = parse_record(build_skeleton(template).encode(), template)
    assert list(plain.fields) == list(template.keys)
    report = Report("skeleton.md")
    read_answers(template, plain.fields, report)
    unfilled = ("汉字，宜在", "条，应当是")
    assert [found.message for found in report.findings if not any(words in found.message for words in unfilled)] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_a_skeleton_can_be_saved(client: FlaskClient, template: Template) -> None:
    answer = client.get(f"/template/{template.name}.md")
    assert answer.text == build_skeleton(template)
    assert answer.content_type == "text/markdown; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{template.name}.md"'
