"""Kinds of field: how the plain value of a file becomes a typed one, and which faults it can have.

A plain value is text, a list or a mapping; every scalar is text (`NO`, `0123` and `2026-02-30` are judged here, by the
kind that asks for them, never by YAML). A reader returns the typed value, or the kind's empty value with a finding.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from kb.domain.finding import Report
from kb.domain.partial_date import PartialDate, Period, find_date, split_period
from kb.domain.records import SourceReference
from kb.domain.template import UNSTATED, Column, Slot

Plain = Any
Reader = Callable[[Plain, Slot, Report], Any]
Row = Mapping[str, str]

CASE_ID = re.compile(r"\d{6}-\d{4}-\d{2,4}")
MECHANISM_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LOOP_CODES = ("1U", "1D", "2U", "2D", "3U", "3D", "4U", "4D")
_AMOUNT = re.compile(r"\d+(\.\d+)?")
_PHONE = re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,5})?")
_MOBILE = re.compile(r"1[3-9]\d{9}")


def read_text(plain: Plain, slot: Slot, report: Report) -> str:
    if isinstance(plain, str):
        return plain.strip()
    report.error(slot.key, f"“{slot.label}”应当是一段文字。", "去掉列表或下级条目，只写文字。")
    return ""


def read_choice(plain: Plain, slot: Slot, report: Report) -> str:
    text = read_text(plain, slot, report)
    for choice in slot.choices:
        if text in (choice.label, choice.id):
            return choice.id
    if text:
        report.error(slot.key, f"“{slot.label}”没有“{text}”这一项。", f"从{_listed(slot)}中选一个。")
    return ""


def _listed(slot: Slot) -> str:
    return "、".join(choice.label for choice in slot.choices)


def read_terms(plain: Plain, slot: Slot, report: Report) -> tuple[str, ...]:
    return _texts(plain, slot.key, slot.label, report)


def _texts(plain: Plain, path: str, label: str, report: Report) -> tuple[str, ...]:
    entries = [plain] if isinstance(plain, str) else plain
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        report.error(path, f"“{label}”应当是若干条文字。", "每条一行，以“- ”开头。")
        return ()
    return tuple(entry.strip() for entry in entries if entry.strip())


def read_case_id(plain: Plain, slot: Slot, report: Report) -> str:
    return _shaped(plain, slot, report, CASE_ID, "地区代码-年份-序号，如 110113-2017-01")


def read_mechanism_id(plain: Plain, slot: Slot, report: Report) -> str:
    return _shaped(plain, slot, report, MECHANISM_ID, "英文小写词用连字符相连，如 supervision-in-six-steps")


def _shaped(plain: Plain, slot: Slot, report: Report, shape: re.Pattern[str], words: str) -> str:
    text = read_text(plain, slot, report)
    if text and not shape.fullmatch(text):
        report.error(slot.key, f"“{slot.label}”的写法不对：{text[:40]}。", f"写成{words}。")
        return ""
    return text


def read_loop(plain: Plain, slot: Slot, report: Report) -> tuple[str, ...]:
    codes = read_terms(plain, slot, report)
    for code in codes:
        if code not in LOOP_CODES:
            report.error(
                slot.key, f"“{slot.label}”没有环节“{code[:20]}”。", "用 " + "、".join(LOOP_CODES) + " 中的编号。"
            )
    return tuple(code for code in LOOP_CODES if code in codes)


def read_date(plain: Plain, slot: Slot, report: Report) -> PartialDate | None:
    return _date(plain, slot.key, slot.label, report)


def _date(plain: Plain, path: str, label: str, report: Report) -> PartialDate | None:
    if plain in ("", UNSTATED):
        return None
    found = find_date(plain) if isinstance(plain, str) else None
    if found is None:
        dates = split_period(plain) if isinstance(plain, str) else ()
        advice = f"这里只写一个日期，如 {dates[-1]}。" if dates else "写成 2017、2017-10 或 2017-10-17。"
        report.error(path, f"“{label}”不是日历上的日期：{str(plain)[:40]}。", advice)
    return found


def read_period(plain: Plain, slot: Slot, report: Report) -> Period | None:
    if not isinstance(plain, dict):
        report.error(
            slot.key,
            f"“{slot.label}”应当分开写明开始和结束。",
            "例如开始写 2017-04，结束写“原文未载”。",
            in_files="{start: 2017-04, end: 原文未载}",
        )
        return None
    start = _date(plain.get("start", ""), f"{slot.key}.start", "开始", report)
    end = _date(plain.get("end", ""), f"{slot.key}.end", "结束", report)
    if start and end and end.earliest < start.earliest:
        report.error(slot.key, "结束早于开始。", "核对两个日期。")
    return Period(start, end)


def read_sources(plain: Plain, slot: Slot, report: Report) -> tuple[SourceReference, ...]:
    rows = plain if isinstance(plain, list) else [plain]
    if not all(isinstance(row, dict) for row in rows):
        report.error(
            slot.key,
            f"“{slot.label}”应当逐条写明出处。",
            "写出处记录的编号和所用部分，没有记录的写标题、发布单位和日期。",
            in_files="- {record: s1-01, parts: [做法]}",
        )
        return ()
    return tuple(_source(row, f"{slot.key}.{index}", report) for index, row in enumerate(rows))


_SOURCE_KEYS = {"record", "parts", "title", "publisher", "date", "url", "file"}


def _source(row: dict[str, Plain], path: str, report: Report) -> SourceReference:
    _unknown_keys(row, _SOURCE_KEYS, path, report)
    text = {key: value for key, value in row.items() if isinstance(value, str)}
    url = text.get("url", "")
    if url and not re.match(r"https?://[!-~]+$", url):
        report.error(f"{path}.url", "网址只能以 http:// 或 https:// 开头。", "改成完整的网址，或删去。")
        url = ""
    return SourceReference(
        record=text.get("record", ""),
        parts=_texts(row.get("parts", []), f"{path}.parts", "所用部分", report),
        title=text.get("title", ""),
        publisher=text.get("publisher", ""),
        published_on=text.get("date", ""),
        url=url,
        file=text.get("file", ""),
    )


def read_rows(plain: Plain, slot: Slot, report: Report) -> tuple[Row, ...]:
    if not isinstance(plain, list):
        report.error(
            slot.key, f"“{slot.label}”应当是若干行。", f"每行写：{_column_labels(slot)}。", in_files=_column_keys(slot)
        )
        return ()
    return tuple(_cells(row, slot, f"{slot.key}.{index}", report) for index, row in enumerate(plain))


def read_group(plain: Plain, slot: Slot, report: Report) -> Row:
    return _cells(plain, slot, slot.key, report)


def _column_labels(slot: Slot) -> str:
    return "、".join(column.label for column in slot.columns)


def _column_keys(slot: Slot) -> str:
    return "、".join(column.key for column in slot.columns)


def _cells(plain: Plain, slot: Slot, path: str, report: Report) -> Row:
    if not isinstance(plain, dict):
        report.error(
            path,
            f"“{slot.label}”的每一项应当分别写明。",
            f"可以写：{_column_labels(slot)}。",
            in_files=_column_keys(slot),
        )
        return {}
    columns = {column.key: column for column in slot.columns}
    _unknown_keys(plain, set(columns), path, report)
    cells = {}
    for key, column in columns.items():
        if key in plain:
            cells[key] = _cell(plain[key], column, f"{path}.{key}", report)
    return cells


def _cell(plain: Plain, column: Column, path: str, report: Report) -> str:
    if not isinstance(plain, str):
        report.error(path, f"“{column.label}”应当是一段文字。", "只写文字。")
        return ""
    text = plain.strip()
    if text in ("", UNSTATED):
        return text
    if column.kind == "date":
        _date(text, path, column.label, report)
    elif column.kind == "amount" and not (text.isascii() and _AMOUNT.fullmatch(text)):
        report.error(path, f"“{column.label}”应当是不小于零的数：{text[:20]}。", "只写数字。")
    elif column.kind == "phone":
        _check_phone(text, path, report)
    elif column.choices and text not in column.choices:
        report.error(path, f"“{column.label}”没有“{text[:20]}”这一项。", f"从{'、'.join(column.choices)}中选一个。")
    return text


def _check_phone(text: str, path: str, report: Report) -> None:
    if _MOBILE.search(text):
        report.error(path, "这里是个人手机号。", "改成科室的办公电话，本库不登个人手机。")
    elif not _PHONE.fullmatch(text):
        report.error(path, f"电话的写法不对：{text[:20]}。", "写成带区号的办公电话，如 010-12345678。")


def read_lists(plain: Plain, slot: Slot, report: Report) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(plain, dict):
        report.error(
            slot.key, f"“{slot.label}”应当分项写明。", f"分为：{_column_labels(slot)}。", in_files=_column_keys(slot)
        )
        return {}
    columns = {column.key: column for column in slot.columns}
    _unknown_keys(plain, set(columns), slot.key, report)
    return {
        key: _texts(plain[key], f"{slot.key}.{key}", column.label, report)
        for key, column in columns.items()
        if key in plain
    }


def _unknown_keys(plain: dict[str, Plain], known: set[str], path: str, report: Report) -> None:
    for key in plain:
        if key not in known:
            report.warn(
                f"{path}.{key}",
                f"不认识的项“{key[:30]}”，它不会显示。",
                "改正它的名称，或删去。",
                in_files=f"可用的项：{'、'.join(sorted(known))}",
            )


READERS: Mapping[str, Reader] = {
    "text": read_text,
    "section": read_text,
    "unit": read_text,
    "problem": read_text,
    "mechanism": read_text,
    "choice": read_choice,
    "terms": read_terms,
    "problems": read_terms,
    "indicators": read_terms,
    "case_id": read_case_id,
    "mechanism_id": read_mechanism_id,
    "loop": read_loop,
    "date": read_date,
    "period": read_period,
    "sources": read_sources,
    "rows": read_rows,
    "group": read_group,
    "lists": read_lists,
}

EMPTY: Mapping[str, Any] = {
    "terms": (), "problems": (), "indicators": (), "loop": (), "sources": (), "rows": (),
    "date": None, "period": None, "group": {}, "lists": {},
}  # fmt: skip
"""The value of an unanswered field, "" for kinds not named here."""
