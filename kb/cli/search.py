"""kb search: find cases from the terminal."""

import json
import sys

import click

from kb.bootstrap import Holdings
from kb.config import load_settings
from kb.errors import AskedWrongly
from kb.services.find_cases import Answer, FoundCase, Question
from kb.services.ports import ReferenceData


@click.command()
@click.argument("text")
@click.option("--type", "problem", help="问题类型的编号、名称或别名。")
@click.option("--field", help="领域，如 农村。")
@click.option("--level", help="层级，如 区县。")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="最多显示几条。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def search(text: str, problem: str | None, field: str | None, level: str | None, limit: int, as_json: bool) -> None:
    """用自己的话检索案例。退出状态：0 有结果，1 没有，2 无法检索。"""
    with Holdings(load_settings()).reading() as reading:
        chosen = _chosen(reading.reference, problem, field, level)
        answer = reading.finder.find(Question(text, chosen, size=limit))
    click.echo(json.dumps(_as_json(answer), ensure_ascii=False, indent=2) if as_json else _as_text(answer))
    sys.exit(0 if answer.total else 1)


def _chosen(
    reference: ReferenceData, problem: str | None, field: str | None, level: str | None
) -> dict[str, tuple[str, ...]]:
    chosen: dict[str, tuple[str, ...]] = {}
    if problem:
        chosen["problem"] = (_problem_id(reference, problem),)
    for name, wanted in (("field", field), ("level", level)):
        if wanted:
            choices = reference.case_template[name].choices
            found = next((choice.id for choice in choices if wanted in (choice.id, choice.label)), None)
            if found is None:
                known = "、".join(choice.label for choice in choices)
                raise AskedWrongly(f"没有“{wanted}”这一项。", advice=f"可用：{known}。")
            chosen[name] = (found,)
    return chosen


def _problem_id(reference: ReferenceData, wanted: str) -> str:
    taxonomy = reference.references.taxonomy
    found = taxonomy.find_problem(wanted)
    if found:
        return found.id
    for problem in taxonomy.problems.values():
        if wanted == problem.label or wanted in problem.aliases:
            return problem.id
    raise AskedWrongly(f"没有问题类型“{wanted}”。", advice="用“按问题找”页面上的编号或名称。")


def _as_json(answer: Answer) -> dict[str, object]:
    return {
        "total": answer.total,
        "took_ms": round(answer.took_ms, 2),
        "relaxed": answer.relaxed,
        "hits": [_hit(found) for found in answer.hits],
        "facets": {facet.label: {value.label: value.count for value in facet.values} for facet in answer.facets},
    }


def _hit(found: FoundCase) -> dict[str, object]:
    return {
        "id": found.card.id,
        "title": found.card.title,
        "problem": found.card.problem,
        "mechanism": found.mechanism,
        "score": round(found.score, 4),
        "why": found.why,
        "snippet": "".join(segment.text for segment in found.snippet),
        "twins": [twin.id for twin in found.twins],
    }


def _as_text(answer: Answer) -> str:
    if not answer.total:
        nearest = "、".join(problem.label for problem in answer.nearest)
        return "没有找到案例。" + (f"相近的问题类型：{nearest}。" if nearest else "换几个词再试。")
    lines = [f"找到 {answer.total} 个案例，用时 {answer.took_ms:.0f} 毫秒。{answer.relaxed or ''}"]
    for number, found in enumerate(answer.hits, start=1):
        lines.append(f"\n{number}. {found.card.title}（{found.card.id}）")
        lines.append(f"   解决问题：{found.card.problem}；机制：{found.mechanism}")
        lines.append(f"   为什么命中：{found.why}")
        lines += [f"   相近案例：{twin.title}（{twin.id}）" for twin in found.twins]
    return "\n".join(lines)
