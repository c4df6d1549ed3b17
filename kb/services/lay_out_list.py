"""导出清单: the cases a search found, in its order, as an office document."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from kb.domain.office_document import DataTable, OfficeDocument, Text
from kb.services.case_cards import CaseCard
from kb.services.find_cases import FACET_LABELS, Answer, CaseFinder, Question

MOST_CASES = 100
"""Rows of a list: some thirty pages."""
COLUMNS = ("序", "案例", "单位", "问题类型", "关键做法")


def find_listed(finder: CaseFinder, question: Question) -> Answer:
    """The first cases of the answer, as many as a list holds; raises search.QueryError as the finder does."""
    return finder.find(replace(question, page=1, size=MOST_CASES))


def lay_out_list(answer: Answer, label_of: Callable[[str, str], str], today: date) -> OfficeDocument:
    """What was asked, how many there are, and a row a case; cases of nearly the same text follow the one they resemble."""
    cards = list(_cards(answer))[:MOST_CASES]
    rows = tuple(
        (str(number), f"{card.title}\n{card.id}", card.unit, card.problem, card.practice)
        for number, card in enumerate(cards, start=1)
    )
    table = (DataTable("", COLUMNS, rows, is_small=True),) if rows else ()
    return OfficeDocument(
        title="案例检索清单",
        blocks=(Text(_asked(answer, label_of, len(cards))), *table),
        notes=(
            f"清单取自党建创新案例库，{today.year}年{today.month}月{today.day}日。各案例的全文和来源见库中该编号。",
        ),
    )


def _cards(answer: Answer) -> Iterator[CaseCard]:
    for hit in answer.hits:
        yield hit.card
        yield from hit.twins


def _asked(answer: Answer, label_of: Callable[[str, str], str], shown: int) -> str:
    question = answer.question
    words = [f"检索词：{question.text}"] if question.text else []
    words += [
        f"{FACET_LABELS[name]}：{'、'.join(label_of(name, value) for value in values)}"
        for name, values in question.chosen.items()
    ]
    asked = "；".join(words) or "全部案例"
    count = f"共找到 {answer.total} 个案例" if answer.total else "没有找到案例"
    listed = f"，下面列出前 {shown} 个" if answer.total > shown else ""
    relaxed = answer.relaxed or ""
    return f"{asked}。{count}{listed}。{relaxed}"
