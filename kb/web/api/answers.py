"""What answers each operation, from the library as this reader sees it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from kb.domain.evidence import grade
from kb.domain.mechanism import LOOP_STEPS, Mechanism
from kb.domain.passage import SourceRevision
from kb.domain.taxonomy import ProblemType
from kb.services import read_mechanism as mechanisms
from kb.services.browse_problems import ProblemNode, problem_tree
from kb.services.case_cards import CaseCard, build_card
from kb.services.find_cases import FACET_LABELS, FoundCase, Question
from kb.services.propose_highlights import propose_highlights
from kb.services.read_case import NamedSource, get_case_entry, name_sources
from kb.web.api import records
from kb.web.keeping import sources_of
from kb.web.reading import library, reading, today

Asked = Mapping[str, Any]


def search(asked: Asked) -> records.SearchPage:
    order = asked["order"] or ("relevance" if asked["q"].strip() else "-year")
    question = Question(asked["q"].strip(), _chosen(asked), order, asked["page"], asked["size"])
    answer = reading().finder.find(question)
    return records.SearchPage(
        total=answer.total,
        page=asked["page"],
        size=asked["size"],
        pages=answer.pages,
        words=answer.words,
        relaxed=answer.relaxed or "",
        cases=tuple(_found(hit) for hit in answer.hits),
        facets={
            facet.name: tuple(records.FacetCount(one.id, one.label, one.count) for one in facet.values)
            for facet in answer.facets
        },
    )


def list_cases(asked: Asked) -> records.CasePage:
    answer = reading().finder.find(Question("", _chosen(asked), "id", asked["page"], asked["size"]))
    return records.CasePage(
        total=answer.total,
        page=asked["page"],
        size=asked["size"],
        pages=answer.pages,
        cases=tuple(_brief(hit.card) for hit in answer.hits),
    )


def get_case(asked: Asked) -> records.CaseRecord:
    now = reading()
    case = get_case_entry(asked["case_id"], now.catalogue).case
    taxonomy, template = now.reference.references.taxonomy, now.reference.case_template
    indicators = (taxonomy.indicators.get(one) for one in case.indicators)
    return records.CaseRecord(
        id=case.id,
        title=case.title,
        kind=template["kind"].label_of(case.kind),
        origin=template["origin"].label_of(case.origin),
        summary=case.summary,
        keywords=case.keywords,
        unit=case.unit,
        level=template["level"].label_of(case.level),
        field=template["field"].label_of(case.field),
        period=case.period.in_words() if case.period else "",
        problems=_problems(tuple(filter(None, map(taxonomy.find_problem, case.problems)))),
        indicators=tuple(one.label for one in indicators if one),
        mechanism=case.mechanism,
        situation=case.situation,
        causes=case.causes,
        practice=case.practice,
        forming=case.forming,
        effect=case.effect,
        carrying=case.carrying,
        lessons=case.lessons,
        steps=case.steps,
        results=case.results,
        expected=case.expected,
        promotion=case.promotion,
        cost=case.cost,
        quotes=case.quotes,
        contact=case.contact,
        sources=_sources(name_sources(case.sources, now.reference)),
        unstated=tuple(sorted(case.unstated)),
        evidence=grade(case, today=today(), reproduced_by=now.standing.reproduced_by(case.id)).code,
        standing=now.standing.of_case(case.id, case.mechanism, is_lesson=case.kind == "lesson").labels,
        review_by=case.review_by.text if case.review_by else "",
        address=_address("cases.show", case_id=case.id),
    )


def list_highlights(asked: Asked) -> records.HighlightList:
    now, case_id = reading(), asked["case_id"]
    case = get_case_entry(case_id, now.catalogue).case
    source = sources_of([case_id]).revision(case_id) or SourceRevision(case_id, 0, "")
    found = propose_highlights(case, source).passages
    return records.HighlightList(
        case=_brief(build_card(case, now.reference)),
        revision=source.number,
        digest=source.digest,
        highlights=tuple(
            records.Highlight(one.kind.label, one.text, now.reference.case_template[one.section].label, one.dated)
            for one in found
        ),
    )


def list_mechanisms(asked: Asked) -> records.MechanismPage:
    now = reading()
    rows = [
        row
        for row in mechanisms.list_mechanisms(now.catalogue, now.reference)
        if not asked["problem"] or asked["problem"] in row.mechanism.solves
    ]
    size, start = asked["size"], (asked["page"] - 1) * asked["size"]
    return records.MechanismPage(
        total=len(rows),
        page=asked["page"],
        size=size,
        pages=max(1, -(-len(rows) // size)),
        mechanisms=tuple(_mechanism_brief(row) for row in rows[start : start + size]),
    )


def get_mechanism(asked: Asked) -> records.MechanismRecord:
    now = reading()
    page = mechanisms.read_mechanism(asked["mechanism_id"], now.catalogue, now.reference, now.standing, today=today())
    mechanism: Mechanism = page.entry.mechanism
    return records.MechanismRecord(
        id=mechanism.id,
        title=mechanism.title,
        summary=mechanism.summary,
        problems=_problems(page.problems),
        why=mechanism.why,
        steps=mechanism.steps,
        loop=tuple(LOOP_STEPS[code] for code in mechanism.loop if code in LOOP_STEPS),
        preconditions=mechanism.preconditions,
        must_follow=mechanism.must_follow,
        may_adapt=mechanism.may_adapt,
        documents=mechanism.documents,
        start_kit=mechanism.start_kit,
        safeguards=mechanism.safeguards,
        boundaries=mechanism.boundaries,
        fork_of=mechanism.fork_of,
        fork_reason=mechanism.fork_reason,
        sources=_sources(page.sources),
        unstated=tuple(sorted(mechanism.unstated)),
        cases=tuple(_brief(card) for card in page.cases),
        standing=now.standing.of_mechanism(mechanism.id).labels,
        address=_address("mechanisms.show_one", mechanism_id=mechanism.id),
    )


def list_types(_: Asked) -> records.TypeList:
    now = reading()
    tree = problem_tree(now.catalogue, now.reference)
    return records.TypeList(tuple(_type(node) for root in tree for node in (root, *root.children)))


def _chosen(asked: Asked) -> dict[str, tuple[str, ...]]:
    return {name: asked[name] for name in FACET_LABELS if asked[name]}


def _found(hit: FoundCase) -> records.FoundCase:
    snippet = "".join(segment.text for segment in hit.snippet)
    return records.FoundCase(_brief(hit.card), hit.why, snippet, tuple(twin.id for twin in hit.twins))


def _brief(card: CaseCard) -> records.CaseBrief:
    return records.CaseBrief(
        id=card.id,
        title=card.title,
        kind=card.kind,
        summary=card.summary,
        unit=card.unit,
        level=card.level,
        field=card.field,
        year=card.year,
        problem=records.ProblemName(card.problem_id, card.problem),
        mechanism=card.mechanism_id,
        address=_address("cases.show", case_id=card.id),
    )


def _mechanism_brief(row: mechanisms.MechanismRow) -> records.MechanismBrief:
    return records.MechanismBrief(
        id=row.mechanism.id,
        title=row.mechanism.title,
        summary=row.mechanism.summary,
        problems=_problems(row.problems),
        cases=row.cases,
        standing=reading().standing.of_mechanism(row.mechanism.id).labels,
        address=_address("mechanisms.show_one", mechanism_id=row.mechanism.id),
    )


def _type(node: ProblemNode) -> records.TypeRecord:
    problem = node.problem
    return records.TypeRecord(
        id=problem.id,
        label=problem.label,
        parent=problem.parent,
        definition=problem.definition,
        aliases=problem.aliases,
        signs=problem.signs,
        cases=node.count.cases,
        mechanisms=node.count.mechanisms,
        address=_address("problems.show_type", problem_id=problem.id),
    )


def _problems(problems: Sequence[ProblemType]) -> tuple[records.ProblemName, ...]:
    return tuple(records.ProblemName(problem.id, problem.label) for problem in problems)


def _sources(sources: Sequence[NamedSource]) -> tuple[records.Source, ...]:
    return tuple(
        records.Source(one.title, one.publisher, one.published_on, one.url, one.reference.parts) for one in sources
    )


def _address(endpoint: str, **values: Any) -> str:
    """Whole where the library was told its address, else a path; never from the Host header."""
    return library().settings.address + url_for(endpoint, **values)
