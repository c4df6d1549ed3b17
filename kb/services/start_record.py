"""kb new: a skeleton with a fresh id, as a draft."""

import re
from typing import NamedTuple

from kb.domain.kinds import MECHANISM_ID
from kb.errors import AskedWrongly
from kb.services.describe_template import build_skeleton
from kb.services.ports import ContentRepository


class StartedRecord(NamedTuple):
    """The new id and its file, relative to the content folder."""

    id: str
    path: str


def start_case(repository: ContentRepository, region: str, year: int) -> StartedRecord:
    """A new case file with the next free number of its region and year; raises AskedWrongly for a wrong region code."""
    if not re.fullmatch(r"[0-9]{6}", region):
        raise AskedWrongly(f"地区代码“{region[:20]}”不对。", advice="写六位数的行政区划代码，如 110113。")
    if not 1900 <= year <= 2999:
        raise AskedWrongly(f"年份“{year}”不对。", advice="写四位数的年份。")
    prefix = f"{region}-{year}-"
    taken = [name for file in repository.list_files()[0] if (name := _stem(file.path)).startswith(prefix)]
    numbers = [int(name.removeprefix(prefix)) for name in taken if name.removeprefix(prefix).isdigit()]
    return _start(repository, "cases", f"{prefix}{max(numbers, default=0) + 1:02d}")


def start_mechanism(repository: ContentRepository, slug: str) -> StartedRecord:
    """A new mechanism file; raises AskedWrongly when the id has another shape or is taken."""
    if not MECHANISM_ID.fullmatch(slug) or len(slug) > 80:
        raise AskedWrongly(
            f"编号“{slug[:40]}”不对。", advice="用英文小写词，以连字符相连，如 supervision-in-six-steps。"
        )
    return _start(repository, "mechanisms", slug)


def _start(repository: ContentRepository, folder: str, record_id: str) -> StartedRecord:
    reference = repository.reference_data()
    template = reference.case_template if folder == "cases" else reference.mechanism_template
    path = f"{folder}/{record_id}.md"
    skeleton = build_skeleton(template)
    repository.add(path, re.sub(r"^id:.*$", f"id: {record_id}", skeleton, count=1, flags=re.MULTILINE))
    return StartedRecord(record_id, path)


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")
