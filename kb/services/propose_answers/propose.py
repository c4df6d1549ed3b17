"""All proposals for a draft: only for fields that are still blank, each with what it was taken from."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from kb.domain.drafting import NOTHING, piece_id
from kb.domain.template import UNSTATED
from kb.services.ports import ReferenceData
from kb.services.propose_answers import carrying, practice, results, whole
from kb.services.propose_types import Proposal


class Proposed(NamedTuple):
    """A value as a case file holds it, what it was taken from, and the id of the piece of the tray it is ("" for none)."""

    value: Any
    why: str
    piece: str = ""


class _Draft(NamedTuple):
    """A draft under its questions; `types` are proposed problem types, `original` the name of its file."""

    fields: Mapping[str, Any]
    tray: Sequence[str]
    reference: ReferenceData
    types: Sequence[Proposal]
    original: str
    today: date

    def section(self, *keys: str) -> str:
        return "\n\n".join(text for key in keys if (text := str(self.fields.get(key, ""))) != UNSTATED)

    @property
    def title(self) -> str:
        return str(self.fields.get("title", ""))

    @property
    def text(self) -> str:
        keys = [slot.key for slot in self.reference.case_template.sections]
        return "\n".join((self.title, *self.tray, self.section(*keys)))


def propose_answers(
    fields: Mapping[str, Any],
    tray: Sequence[str],
    reference: ReferenceData,
    types: Sequence[Proposal],
    *,
    original: str,
    today: date,
) -> dict[str, Proposed]:
    """By the key of the field, in the order of the template; `original` is the name of the file, "" without one."""
    draft = _Draft(fields, tray, reference, types, original, today)
    blank = (slot.key for slot in reference.case_template.slots if fields.get(slot.key, "") in NOTHING)
    answers = ((key, _QUESTIONS[key](draft)) for key in blank if key in _QUESTIONS)
    return {key: answer for key, answer in answers if answer and answer.value not in NOTHING}


def _kind(draft: _Draft) -> Proposed | None:
    is_lesson = whole.is_lesson(draft.title)
    label = draft.reference.case_template["kind"].label_of("lesson" if is_lesson else "experience")
    return Proposed(label, "标题里说是教训" if is_lesson else "标题里没有说是教训")


def _field(draft: _Draft) -> Proposed | None:
    name, word, times = whole.guess_field(draft.text)
    label = draft.reference.case_template["field"].label_of(name)
    return Proposed(label, f"文中“{word}”等字样有 {times} 处") if name else None


def _unit(draft: _Draft) -> Proposed | None:
    unit = whole.find_unit(draft.text, draft.reference.references.taxonomy.units.values())
    return Proposed(unit.label, "文中有单位名册里的这个名称") if unit else None


def _level(draft: _Draft) -> Proposed | None:
    units = draft.reference.references.taxonomy.units
    unit = units.get(str(draft.fields.get("unit", ""))) or whole.find_unit(draft.text, units.values())
    return Proposed(unit.level, f"单位名册里“{unit.label}”的层级") if unit else None


def _keywords(draft: _Draft) -> Proposed | None:
    problems = draft.reference.references.taxonomy.problems.values()
    named = (word for problem in problems if problem.parent for word in (problem.label, *problem.aliases))
    words = whole.find_keywords(draft.title, draft.text, (*draft.reference.lexicon_words, *named))
    return Proposed(words, "标题里加引号的词和文中出现最多的词典词")


def _summary(draft: _Draft) -> Proposed | None:
    summary, piece = whole.find_summary(
        draft.tray, [draft.section(key) for key in ("situation", "causes", "practice", "effect")]
    )
    return Proposed(summary, "第一个标题前的导语" if piece else "正文各节的第一句", piece_id(piece) if piece else "")


def _period(draft: _Draft) -> Proposed | None:
    done = whole.find_period(draft.section("practice"), draft.today)
    return Proposed(done or whole.find_period(draft.section("effect"), draft.today), "做法里最早和最晚的日期")


def _problem(draft: _Draft) -> Proposed | None:
    if not draft.types:
        return None
    first = draft.types[0]
    return Proposed(first.problem.id, f"{first.confidence}“{first.problem.label}”，按相近的案例和用词")


def _sources(draft: _Draft) -> Proposed | None:
    is_own = draft.fields.get("origin") == draft.reference.case_template["origin"].label_of("own")
    found = _unit(draft)
    unit = draft.fields.get("unit", "") or (found.value if found else "")
    if not (is_own and draft.original and unit):
        return None
    dated = [known[-1] for piece in draft.tray if len(piece) < 20 and (known := whole.find_dates(piece, draft.today))]
    source = {
        "title": draft.title or draft.original,
        "publisher": unit,
        "date": dated[-1] if dated else draft.today.isoformat(),
        "file": draft.original,
    }
    why = "本单位自述，来源就是这份原稿；日期是" + ("原稿上写的" if dated else "今天，请改成成稿日期")
    return Proposed([source], why)


def _steps(draft: _Draft) -> Proposed | None:
    return Proposed(
        practice.find_steps(draft.section("practice")), "做法里编了号的各条；责任方、时限、产出是其中先出现的"
    )


def _forming(draft: _Draft) -> Proposed | None:
    return Proposed(practice.find_rules(draft.section("practice")), "做法里写到制度、办法的句子")


def _results(draft: _Draft) -> Proposed | None:
    return Proposed(results.find_results(draft.section("effect")), "成效里“由……到……”的数字，照抄原文")


def _promotion(draft: _Draft) -> Proposed | None:
    return Proposed(
        carrying.find_promotion(draft.section("carrying")), "推广一节的句子，按“适合”“前提”“必须”等用词归类"
    )


_QUESTIONS: Mapping[str, Callable[[_Draft], Proposed | None]] = {
    "kind": _kind, "field": _field, "unit": _unit, "level": _level, "keywords": _keywords, "summary": _summary,
    "period": _period, "problem": _problem, "sources": _sources, "steps": _steps, "forming": _forming,
    "results": _results, "promotion": _promotion,
}  # fmt: skip
"""What visibility a case has and which mechanism it forms nobody proposes: these are decisions."""
