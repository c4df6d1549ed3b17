"""Small words of the pages: dates as Chinese reads them, columns that hold something, addresses one may follow."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Flask

from kb.bootstrap.office_files import FACE_LABELS
from kb.domain.inferred import INFERRED, LEAST, ONCE, part_inferred, plain_lines
from kb.domain.partial_date import date_in_words
from kb.domain.records import UNSEEN
from kb.domain.template import UNSTATED, Column
from kb.domain.workflow import Stage
from kb.web.reading import reading

_DAY = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")


def register(app: Flask) -> None:
    app.jinja_env.filters.update(date_in_words=date_in_words, used_columns=used_columns, web_address=web_address)
    app.jinja_env.filters.update(moment_in_words=moment_in_words, stage_in_words=stage_in_words)
    app.jinja_env.filters.update(days_in_words=days_in_words, judged_alike=judged_alike)
    app.jinja_env.globals.update(UNSTATED=UNSTATED, UNSEEN=UNSEEN, ONCE=ONCE, part_inferred=part_inferred)
    app.jinja_env.globals.update(FACE_LABELS=FACE_LABELS, default_faces=app.extensions["library"].settings.faces)


def moment_in_words(text: str) -> str:
    """2026-11-25T08:03:00+00:00 → 2026年11月25日 16:03 where the server stands in China; what is no moment stays."""
    try:
        moment = datetime.fromisoformat(text).astimezone()
    except ValueError:
        return text
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"


def days_in_words(text: str) -> str:
    """The days within a sentence (2026-03-01) as pages write them."""
    return _DAY.sub(lambda found: date_in_words(found[0]), text)


class Judged(NamedTuple):
    """Answers of which every one is the editor's own reading, so that a page says so once; else as they stand."""

    is_judged: bool
    texts: tuple[str, ...]


def judged_alike(texts: Iterable[str]) -> Judged:
    """Taken together, and in their order, where all of several are marked 编者判断."""
    told = tuple(texts)
    if len(told) < LEAST or not all(text.startswith(INFERRED) for text in told):
        return Judged(False, told)
    return Judged(True, plain_lines(told))


def stage_in_words(stage: Stage) -> str:
    """As the template calls it."""
    return reading().reference.case_template["status"].label_of(stage.value)


def used_columns(rows: Sequence[Mapping[str, str]], columns: Sequence[Column]) -> list[Column]:
    """The columns in which at least one row says something."""
    return [column for column in columns if any(row.get(column.key) for row in rows)]


def web_address(text: str) -> str:
    """The address when a browser may follow it, else nothing (javascript:, data: and the like)."""
    return text if text.lower().startswith(("http://", "https://")) else ""
