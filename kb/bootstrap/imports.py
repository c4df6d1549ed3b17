"""Bulk intake: a folder of files from anywhere becomes drafts of this library."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from kb.config import Settings
from kb.database.operations_log import SqlOperationsLog
from kb.errors import AskedWrongly, NotReady
from kb.repository.content_folder import MarkdownContentRepository
from kb.repository.decode import MAX_BYTES
from kb.repository.draft_file import build_draft
from kb.repository.drafts_folder import add_drafts
from kb.repository.foreign_files import read_folder
from kb.services.operations import ImportRun

MOST = 9999


class ImportedFile(NamedTuple):
    """What became of one file: `path` of its draft, or "" with the reason in `notes`."""

    name: str
    path: str
    title: str
    encoding: str
    notes: tuple[str, ...]


def import_folder(settings: Settings, folder: Path, region: str, year: int, *, dry_run: bool) -> list[ImportedFile]:
    """Takes in every file that can be read, all of them or none; raises AskedWrongly, NotReady."""
    if not re.fullmatch(r"[0-9]{6}", region):
        raise AskedWrongly(f"地区代码“{region[:20]}”不对。", advice="写六位数的行政区划代码，如 110113。")
    repository = MarkdownContentRepository(settings.content_folder, settings.templates_folder)
    template = repository.reference_data().case_template
    numbers = _free_numbers(repository, f"{region}-{year}-")
    drafts: dict[str, str] = {}
    report: list[ImportedFile] = []
    for file in read_folder(folder):
        if file.text is None:
            assert file.refusal
            line = f"第 {file.refusal.line} 行：" if file.refusal.line else ""
            report.append(ImportedFile(file.name, "", "", "", (f"{line}{file.refusal.message}{file.refusal.advice}",)))
            continue
        record_id = next(numbers)
        draft = build_draft(record_id, file.name, file.text.lines_unified, template)
        if len(draft.text.encode()) > MAX_BYTES:
            report.append(
                ImportedFile(file.name, "", draft.title, file.text.encoding, ("太长，一个案例装不下。拆成几个文件。",))
            )
            continue
        drafts[f"{record_id}.md"] = draft.text
        report.append(ImportedFile(file.name, f"cases/{record_id}.md", draft.title, file.text.encoding, draft.notes))
    if drafts and not dry_run:
        add_drafts(settings.content_folder, drafts)
        with suppress(NotReady):  # the drafts are in; that they are is what counts
            run = ImportRun(
                datetime.now(UTC).isoformat(timespec="seconds"), str(folder), len(drafts), len(report) - len(drafts)
            )
            SqlOperationsLog(settings.data_folder).note_import(run)
    return report


def _free_numbers(repository: MarkdownContentRepository, prefix: str) -> Iterator[str]:
    """Ids above all that stand in the folder under any letter case, used or not."""
    stems = (file.path.rpartition("/")[2].removesuffix(".md") for file in repository.list_files()[0])
    taken = [int(stem.removeprefix(prefix)) for stem in stems if re.fullmatch(re.escape(prefix) + r"\d{2,4}", stem)]
    for number in range(max(taken, default=0) + 1, MOST + 1):
        yield f"{prefix}{number:04d}"
    raise AskedWrongly(f"{prefix} 的序号用完了。", advice="换一个 --region，或分批在不同年份导入。")
