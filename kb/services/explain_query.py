"""kb explain: what the search made of a question: its tree, its words and terms with their weights, and the scores."""

from collections.abc import Iterator

from search import Analyser, Engine, Exclude, Literal, Request, parse
from search.plan import Plan, build_plan

MOST_TERMS = 30
MOST_HITS = 10


def explain_query(text: str, engine: Engine, analyser: Analyser) -> str:
    """Lines to read; raises search.QueryError and search.IndexFault."""
    query = parse(text)
    plan = build_plan(query, analyser)
    lines = ["查询树："]
    for clause in query.clauses:
        kind = "原句" if isinstance(clause, Literal) else "排除" if isinstance(clause, Exclude) else "词语"
        words = clause.clause.text if isinstance(clause, Exclude) else clause.text
        lines.append(f"  {kind} {words}")
    lines += ["词语：", *_words(plan)]
    lines.append(
        f"方式：{'长文，按有区分度的词项排序' if plan.is_long else '一句话，不强求词语，有的在前' if plan.is_sentence else '短问，先要求全部词语，再逐步放宽'}"
    )
    weights = sorted(plan.weights.items(), key=lambda item: (-item[1], item[0]))
    lines.append(f"词项权重（{len(weights)} 个，列前 {min(MOST_TERMS, len(weights))} 个）：")
    lines += [f"  {term} {weight:.3f}" for term, weight in weights[:MOST_TERMS]]
    results = engine.search(Request(query, limit=MOST_HITS))
    relaxed = f"（{results.relaxed.value}）" if results.relaxed else ""
    lines.append(f"命中 {results.total} 个{relaxed}，用时 {results.took_ms:.1f} 毫秒：")
    for number, hit in enumerate(results.hits, start=1):
        reasons = "、".join(dict.fromkeys(f"{reason.word}@{reason.field}" for reason in hit.reasons[:8]))
        lines.append(f"  {number}. {hit.id} {hit.score:.4f} {reasons}")
    return "\n".join(lines)


def _words(plan: Plan) -> Iterator[str]:
    for word in plan.words:
        aliases = f" 又作 {'、'.join(alias.text for alias in word.aliases)}" if word.aliases else ""
        yield f"  {word.spelling} → {' '.join(word.terms)}{aliases}"
