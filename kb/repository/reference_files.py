"""Taxonomy, provenance records, templates and lexicon, read from their YAML and text files."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from kb.domain.check_case import References
from kb.domain.flagged_wording import FlaggedWord, Level
from kb.domain.records import FurtherPage, Part, SourceRecord
from kb.domain.review import ReviewRules
from kb.domain.submission import ReviewStep
from kb.domain.taxonomy import Indicator, ProblemType, Remedy, Taxonomy, Unit
from kb.domain.template import UNSTATED, Template, build_template
from kb.errors import BrokenLibrary, UnreadableFile
from kb.repository.decode import decode
from kb.repository.yaml_text import read_yaml

MAX_REFERENCE_CHARACTERS = 400_000


def read_template(path: Path) -> Template:
    """A template from templates/mechanism/<name>.yaml."""
    return build_template(_load(path))


def read_taxonomy(folder: Path) -> Taxonomy:
    """Problem types, units and indicators from content/taxonomy/."""
    types = _load(folder / "problem-types.yaml")
    try:
        problems = parse_problem_types(types, "problem-types.yaml")
        units = {row["label"]: Unit(row["label"], row["region"], row["level"]) for row in _rows(folder, "units")}
        axis = _load(folder / "indicators.yaml")
        indicators = {
            row["id"]: Indicator(row["id"], row["label"], row.get("aspect", ""), row.get("area", ""))
            for row in _rows(folder, "indicators")
        }
        aspects, areas = (tuple(axis.get(name) or ()) for name in ("aspects", "construction_areas"))
    except (KeyError, TypeError, AttributeError) as error:
        raise BrokenLibrary(f"问题类型、单位或指标的数据缺少 {error}。", advice=f"检查 {folder} 下的文件。") from error
    return Taxonomy(problems, types.get("retired") or {}, units, indicators, aspects, areas, str(axis.get("note", "")))


def parse_problem_types(value: Mapping[str, Any], name: str) -> dict[str, ProblemType]:
    """Problem types by id, a parent before its children, from the plain values of a file of that name."""
    try:
        return {problem.id: problem for problem in _problems(value["types"])}
    except (KeyError, TypeError, AttributeError) as error:
        raise BrokenLibrary(f"{name} 里的问题类型缺少 {error}。", advice="每个类型写上 id 和 label。") from error


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    return _rows_of(folder / f"{name}.yaml", name)


def _rows_of(path: Path, key: str) -> list[Any]:
    rows = _load(path).get(key)
    if not isinstance(rows, list):
        raise BrokenLibrary(f"{path.name} 里没有“{key}”这一项。", advice="从安装包中找回这个文件。")
    return rows


def _problems(rows: list[dict[str, Any]], parent: str = "") -> Iterator[ProblemType]:
    for row in rows:
        yield ProblemType(
            id=row["id"],
            label=row["label"],
            parent=parent,
            aliases=tuple(row.get("aliases") or ()),
            definition=row.get("definition", ""),
            signs=tuple(row.get("signs") or ()),
            remedies=tuple(
                Remedy(entry["text"], entry["source"], entry["part"], entry.get("inferred") == "true")
                for entry in row.get("remedies") or ()
            ),
        )
        yield from _problems(row.get("children") or [], row["id"])


def read_records(folder: Path) -> dict[str, SourceRecord]:
    """Provenance records by id, one file each, from content/sources/."""
    records = [_record(path) for path in sorted(folder.glob("*.yaml"))]
    return {record.id: record for record in records}


def _record(path: Path) -> SourceRecord:
    row = _load(path)
    try:
        parts = [Part(part["id"], part.get("heading", ""), tuple(part["facts"])) for part in row["parts"]]
        return SourceRecord(
            id=row["id"],
            title=row["title"],
            publisher=row["publisher"],
            published_on=row["date"],
            url="" if row.get("url", "") == UNSTATED else row.get("url", ""),
            site=row.get("site", ""),
            kind=row.get("kind", ""),
            seen=row.get("seen", ""),
            extent=row.get("extent", ""),
            note=row.get("note", ""),
            missing=tuple(row.get("missing") or ()),
            further_pages=tuple(
                FurtherPage(
                    page.get("title", ""),
                    page["publisher"],
                    page.get("date", ""),
                    page.get("url", ""),
                    page.get("note", ""),
                )
                for page in row.get("more_pages") or ()
            ),
            parts={part.id: part for part in parts},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise BrokenLibrary(f"出处记录 {path.name} 缺少 {error}。", advice="对照 docs/template.md 补上。") from error


def read_words(path: Path) -> tuple[str, ...]:
    """One word a line; blank lines and lines starting with # are passed over."""
    lines = _text(path).split("\n")
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def read_synonyms(path: Path) -> tuple[tuple[str, ...], ...]:
    """Groups of words that mean the same."""
    return tuple(tuple(group) for group in _rows_of(path, "groups"))


FLAGGED_COLUMNS = ("错", "正", "级别", "依据", "有效期", "例外")
ALWAYS = "长期"


def read_flagged_wording(path: Path) -> tuple[FlaggedWord, ...]:
    """Rules of wording, a row each; 有效期 is the last day or 长期, 例外 are words apart by |. No file: no rules."""
    return parse_flagged_wording(_text(path), path.name) if path.exists() else ()


def parse_flagged_wording(text: str, name: str) -> tuple[FlaggedWord, ...]:
    """The rules of a file of that name; raises BrokenLibrary with the line at fault."""
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != FLAGGED_COLUMNS:
        raise BrokenLibrary(f"{name} 的第一行不对。", advice=f"第一行写：{'、'.join(FLAGGED_COLUMNS)}。")
    return tuple(_flagged_word(row, f"{name} 第 {reader.line_num} 行") for row in reader)


def _flagged_word(row: dict[str, str | None], place: str) -> FlaggedWord:
    cells = {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
    try:
        if None in row or not all(cells[key] for key in FLAGGED_COLUMNS[:4]) or cells["错"] == cells["正"]:
            raise ValueError
        until = None if cells["有效期"] == ALWAYS else date.fromisoformat(cells["有效期"])
        level = Level(cells["级别"])
    except ValueError as error:
        advice = f"错、正、级别（红或黄）、依据都要写；有效期写 YYYY-MM-DD 或{ALWAYS}；逗号要放进引号。"
        raise BrokenLibrary(f"{place}的写法不对。", advice=advice) from error
    allowed = tuple(word for word in cells["例外"].split("|") if word)
    return FlaggedWord(cells["错"], cells["正"], level, cells["依据"], until, allowed)


def read_review_rules(path: Path) -> ReviewRules:
    """The steps of the review; 三审 where a library has no file of its own."""
    if not path.exists():
        return ReviewRules()
    try:
        steps = tuple(ReviewStep(row["id"], row["label"]) for row in _rows_of(path, "steps"))
    except (KeyError, TypeError) as error:
        raise BrokenLibrary(f"{path.name} 里的步骤缺少 {error}。", advice="每一步写上 id 和 label。") from error
    if not steps or len({step.id for step in steps}) < len(steps):
        raise BrokenLibrary(f"{path.name} 里没有步骤，或有重复的步骤。", advice="至少写一步，每步的 id 不同。")
    return ReviewRules(steps, _load(path).get("different_reviewers") != "false")


def read_references(content: Path, solves: dict[str, tuple[str, ...]], titles: dict[str, str]) -> References:
    hosts = tuple(_rows_of(content / "taxonomy/credible-hosts.yaml", "hosts"))
    return References(read_taxonomy(content / "taxonomy"), read_records(content / "sources"), solves, hosts, titles)


def digest_of(paths: list[Path], more: str = "") -> str:
    """SHA-256 over names and bytes of the files, in order, and `more`."""
    whole = hashlib.sha256(more.encode())
    for path in paths:
        whole.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _load(path: Path) -> dict[str, Any]:
    try:
        value = _plain(_text(path))
    except UnreadableFile as error:
        raise BrokenLibrary(f"{path.name} 第 {error.line} 行：{error.message}", advice=error.advice) from error
    if not isinstance(value, dict):
        raise BrokenLibrary(f"{path.name} 的写法不对。", advice="应当是“名称: 内容”的形式。")
    return value


@lru_cache(maxsize=1_000)  # a record takes 6 ms to parse, and a process that stays reads them all at every change
def _plain(text: str) -> Any:
    return read_yaml(text, limit=MAX_REFERENCE_CHARACTERS).value


def _text(path: Path) -> str:
    try:
        return decode(path.read_bytes()).lines_unified
    except OSError as error:
        raise BrokenLibrary(f"文件 {path.name} 打不开。", advice=f"从安装包中找回，放到 {path.parent}。") from error
    except UnreadableFile as error:
        raise BrokenLibrary(f"{path.name} 第 {error.line} 行：{error.message}", advice=error.advice) from error
