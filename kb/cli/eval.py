"""kb eval: how good is the ranking, on any collection in files or on the library's kept questions?"""

import json
import sys
from pathlib import Path

import click

from kb.bootstrap import Holdings, open_temporary_engine
from kb.config import load_settings
from kb.errors import AskedWrongly
from kb.repository.kept_questions import read_kept_questions
from kb.services.evaluate_search import KeptReport, Miss, ask_kept, figures
from search.evaluation import Report, measure, read_collection, schema_of

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(name="eval")
@click.option("--corpus", type=_FILE, help="文档，每行一个 JSON 对象，可为 .gz；要有 id。")
@click.option("--queries", type=_FILE, help="问题，格式相同。")
@click.option("--qrels", type=_FILE, help="判定，每行“问题编号 TAB 文档编号 TAB 等级”，等级大于 0 为相关。")
@click.option("--corpus-field", "corpus_fields", multiple=True, default=("body",), show_default=True, help="文档取哪个字段；可重复，依次连成一篇。")  # fmt: skip
@click.option("--query-field", "query_fields", multiple=True, default=("query",), show_default=True, help="问题取哪个字段；可重复，依次连成一段。")  # fmt: skip
@click.option("--pool-field", help="问题的哪个字段列有候选文档编号；只在其中排序，没有命中的排在最后。")
@click.option("--exclude-field", help="问题的哪个字段写有不计入结果的文档编号（例如问题自己）。")
@click.option("--limit", type=click.IntRange(min=1), help="只评测前几个问题。")
@click.option("--kept", is_flag=True, help="评测本库的常备问题（content/questions/），其余选项不用。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def evaluate(
    corpus: Path | None,
    queries: Path | None,
    qrels: Path | None,
    corpus_fields: tuple[str, ...],
    query_fields: tuple[str, ...],
    pool_field: str | None,
    exclude_field: str | None,
    limit: int | None,
    kept: bool,
    as_json: bool,
) -> None:
    """用本库的分词和排序，评测任何一组文档、问题和判定；索引建在临时文件夹，用完即删。

    每个指标附 95% 置信区间（自助法，种子固定）。退出状态：0 评测完成，1 常备问题有未达到要求的，2 无法评测。
    """
    if kept:
        report = _ask_kept()
        click.echo(_json(_kept_json(report)) if as_json else _kept_text(report))
        sys.exit(1 if report.misses else 0)
    if not (corpus and queries and qrels):
        raise AskedWrongly("缺少 --corpus、--queries 或 --qrels。", advice="三个文件都要给，或者用 --kept。")
    collection = read_collection(
        corpus=corpus,
        queries=queries,
        qrels=qrels,
        corpus_fields=corpus_fields,
        query_fields=query_fields,
        pool_field=pool_field,
        exclude_field=exclude_field,
        limit=limit,
    )
    with open_temporary_engine(load_settings(), schema_of(collection)) as engine:
        measured = measure(engine, collection)
    click.echo(_json(figures(measured)) if as_json else _text(measured))


def _ask_kept() -> KeptReport:
    settings = load_settings()
    questions = read_kept_questions(settings.content_folder)
    if not questions:
        raise AskedWrongly(
            f"{settings.content_folder / 'questions'} 里没有常备问题。", advice="用 KB_CONTENT 指明内容文件夹。"
        )
    with Holdings(settings).reading() as reading:
        return ask_kept(questions, reading.finder)


def _json(shown: dict[str, object]) -> str:
    return json.dumps(shown, ensure_ascii=False, indent=2)


def _text(report: Report) -> str:
    lines = [f"{report.queries} 个问题，{report.documents} 篇文档；括号内是 95% 置信区间。"]
    if report.wordless_queries or report.wordless_documents:
        lines.append(
            f"没有所选字段：问题 {report.wordless_queries} 个，未评测；文档 {report.wordless_documents} 篇，检索不到。"
        )
    for name, mean in report.means.items():
        low, high = report.intervals[name]
        lines.append(f"{name:<11}{mean:.3f}  [{low:.3f}, {high:.3f}]")
    return "\n".join([*lines, f"每问用时：中位 {report.p50_ms:.1f} 毫秒，95% 在 {report.p95_ms:.1f} 毫秒以内。"])


def _kept_json(report: KeptReport) -> dict[str, object]:
    return {
        "hit@1": round(report.first / max(report.ranked, 1), 4),
        "hit@3": round(report.among_three / max(report.ranked, 1), 4),
        "queries": report.questions,
        "ranked_queries": report.ranked,
        "misses": [
            {
                "id": miss.question.id,
                "text": miss.question.text,
                "expect": list(miss.question.expect),
                "within": miss.question.within,
                "rank": miss.rank,
                "first": miss.first,
            }
            for miss in report.misses
        ],
    }


def _kept_text(report: KeptReport) -> str:
    count, others = max(report.ranked, 1), report.questions - report.ranked
    lines = [
        f"{report.ranked} 个常备问题：第一条就是的 {report.first}（{report.first / count:.0%}），"
        f"前三条里有的 {report.among_three}（{report.among_three / count:.0%}）。"
        + (f"另有 {others} 个只要求出现在结果中。" if others else "")
    ]
    return "\n".join([*lines, *map(_miss_line, report.misses)])


def _miss_line(miss: Miss) -> str:
    place = f"排在第 {miss.rank}" if miss.rank else "没有找到"
    wanted = "、".join(miss.question.expect)
    return f"未达到：{miss.question.id}“{miss.question.text[:40]}”要求前 {miss.question.within} 条有 {wanted}，{place}；第一条是 {miss.first or '无'}。"
