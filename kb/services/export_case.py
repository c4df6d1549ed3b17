"""下载 Word: a case as readers may see it, on the case form; and the form itself."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from kb.domain.answers import Answers, plain_answers
from kb.domain.case import Case
from kb.domain.records import word_for_unstated
from kb.domain.template import UNSTATED, Template
from kb.domain.word_form import choice_lists
from kb.errors import NotFound
from kb.services.ports import Catalogue, ReferenceData

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]')
MAX_NAME = 60
"""Characters of a file name taken from a title: 180 bytes, where systems allow 255."""


class FormWriter(Protocol):
    """Writes the case form."""

    def write_case(
        self, template: Template, plain: Mapping[str, Any], names: Mapping[str, str], *, is_read_in_part: bool
    ) -> bytes:
        """A case with every answer of `plain`; `names` says what ids mean."""
        ...

    def write_blank(self, template: Template, lists: Sequence[str]) -> bytes:
        """The form to fill in; `lists` are lines of what may be chosen."""
        ...


class NamedFile(NamedTuple):
    """A file to hand out."""

    name: str
    data: bytes


def export_case(case_id: str, catalogue: Catalogue, reference: ReferenceData, writer: FormWriter) -> NamedFile:
    """Raises NotFound for an unknown case and for one readers may not see, without telling which."""
    entry = catalogue.find_case(case_id)
    if entry is None:
        raise NotFound("没有找到这个案例。", advice="核对编号，或到“查案例”里检索。")
    case = entry.case
    is_read_in_part = word_for_unstated(case.named_parts, reference.references.records) != UNSTATED
    data = writer.write_case(
        reference.case_template,
        plain_case(case, reference.case_template),
        name_ids(case, catalogue, reference),
        is_read_in_part=is_read_in_part,
    )
    return NamedFile(file_name(f"案例表-{case.title}", "docx", case.id), data)


def export_form(reference: ReferenceData, writer: FormWriter) -> NamedFile:
    """The blank case form, with the problem types and mechanisms of this library to choose from."""
    template, references = reference.case_template, reference.references
    lists = choice_lists(references.taxonomy, references.solves, references.titles)
    return NamedFile(f"{template.label}投稿表.docx", writer.write_blank(template, lists))


def file_name(title: str, kind: str, otherwise: str = "文件") -> str:
    """A name every system takes: `otherwise` where nothing of the title can stand in one."""
    name = _NOT_IN_NAMES.sub("", title)[:MAX_NAME].strip(" .")
    return f"{name or otherwise}.{kind}"


def plain_case(case: Case, template: Template) -> dict[str, Any]:
    """The plain values of a case, as its file holds them."""
    return plain_answers(template, Answers({key: getattr(case, key) for key in template.keys}, case.unstated))


def name_ids(case: Case, catalogue: Catalogue, reference: ReferenceData) -> dict[str, str]:
    """What the ids of a case mean: its problem types, its mechanism, its provenance records, its indicators."""
    taxonomy, records = reference.references.taxonomy, reference.references.records
    names = {problem: taxonomy.problems[problem].label for problem in case.problems if problem in taxonomy.problems}
    names |= {item: taxonomy.indicators[item].label for item in case.indicators if item in taxonomy.indicators}
    mechanism = catalogue.find_mechanism(case.mechanism)
    if mechanism is not None:
        names[case.mechanism] = mechanism.mechanism.title
    for source in case.sources:
        if source.record in records:
            record = records[source.record]
            words = (record.title, record.publisher, record.published_on)
            names[source.record] = "，".join(word for word in words if word and word != UNSTATED)
    return names
