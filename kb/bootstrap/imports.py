"""Bulk intake: a folder or zip of files from anywhere becomes drafts in the content folder of this library."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from kb.bootstrap.office_files import file_reader, unpack_files
from kb.config import Settings
from kb.database.operations_log import SqlOperationsLog
from kb.domain.named_ids import settle_ids
from kb.errors import AskedWrongly, NotReady, UnreadableFile, why
from kb.repository.content_folder import MarkdownContentRepository
from kb.repository.decode import MAX_BYTES
from kb.repository.draft_file import Draft, build_draft, build_word_draft
from kb.repository.drafts_folder import add_drafts
from kb.repository.foreign_files import ForeignFile, ForeignFiles, read_folder, read_sent
from kb.services.import_document import fill_fields
from kb.services.import_files import tell_filled
from kb.services.operations import ImportRun
from kb.services.ports import Progress, ReferenceData

MOST = 9999
WORD = "Word"
"""Said of a Word file where the encoding of a text stands."""


class ImportedFile(NamedTuple):
    """What became of one file: `path` of its draft, or "" with the reason in `notes`."""

    name: str
    path: str
    title: str
    encoding: str
    notes: tuple[str, ...]


def import_files(
    settings: Settings, source: Path, region: str, year: int, *, dry_run: bool, progress: Progress
) -> list[ImportedFile]:
    """Takes in every file of a folder or zip that can be read, all of them or none.

    Raises AskedWrongly, NotReady, and UnreadableFile for a zip that is not in order.
    """
    if not re.fullmatch(r"[0-9]{6}", region):
        raise AskedWrongly(f"地区代码“{region[:20]}”不对。", advice="写六位数的行政区划代码，如 110113。")
    repository = MarkdownContentRepository(settings.content_folder, settings.templates_folder)
    reference = repository.reference_data()
    prefix = f"{region}-{year}-"
    first = _first_free(repository, prefix)
    drafts: dict[str, str] = {}
    report: list[ImportedFile] = []
    found = _files_of(source)
    for done, file in enumerate(found.files, start=1):
        record_id = _numbered(prefix, first + len(drafts))
        try:
            draft = _build_draft(record_id, file, reference)
        except UnreadableFile as refusal:
            line = f"第 {refusal.line} 行：" if refusal.line else ""
            report.append(ImportedFile(file.name, "", "", "", (f"{line}{refusal.message}{refusal.advice}",)))
        else:
            drafts[f"{record_id}.md"] = draft.text
            encoding = file.text.encoding if file.text else WORD
            report.append(ImportedFile(file.name, f"cases/{record_id}.md", draft.title, encoding, draft.notes))
        progress("读取文件", done, found.total)
    if drafts and not dry_run:
        add_drafts(settings.content_folder, drafts)
        with suppress(NotReady):  # the drafts are in; that they are is what counts
            run = ImportRun(
                datetime.now(UTC).isoformat(timespec="seconds"), str(source), len(drafts), len(report) - len(drafts)
            )
            SqlOperationsLog(settings.data_folder).note_import(run)
    return report


def _files_of(source: Path) -> ForeignFiles:
    if source.suffix.lower() != ".zip" or not source.is_file():
        return read_folder(source)
    try:
        return read_sent(unpack_files(source.read_bytes()))
    except OSError as error:
        raise AskedWrongly(f"{source} 打不开：{why(error)}。", advice="检查权限。") from error


def _build_draft(record_id: str, file: ForeignFile, reference: ReferenceData) -> Draft:
    """Raises UnreadableFile for a file that cannot be read, or that no case file could hold."""
    if file.refusal:
        raise file.refusal
    if file.text:
        draft = build_draft(record_id, file.name, file.text.lines_unified, reference.case_template)
    else:
        draft = _build_word_draft(record_id, file, reference)
    if len(draft.text.encode()) > MAX_BYTES:
        raise UnreadableFile("太长，一个案例装不下。", advice="拆成几个文件。")
    return draft


def _build_word_draft(record_id: str, file: ForeignFile, reference: ReferenceData) -> Draft:
    template, references = reference.case_template, reference.references
    filled = fill_fields(file_reader(template).read(file.name, file.word), template)
    fields = settle_ids(template, filled.fields, references.taxonomy, references.titles)
    draft = build_word_draft(record_id, file.name, fields, filled.tray, template)
    line = tell_filled(file.name, filled, template)
    told = [f"{line.found}，留在“做法”的引文里" if line.in_tray else line.found, *([line.left] if line.left else [])]
    if filled.pictures:
        told.append(f"{len(filled.pictures)} 张图片没有收，要用的到投稿页上传")
    return draft._replace(notes=("；".join(told) + "。", *filled.remarks, *draft.notes))


def _first_free(repository: MarkdownContentRepository, prefix: str) -> int:
    """The number after all that stand in the folder under any letter case, used or not."""
    stems = (file.path.rpartition("/")[2].removesuffix(".md") for file in repository.list_files()[0])
    taken = [int(stem.removeprefix(prefix)) for stem in stems if re.fullmatch(re.escape(prefix) + r"\d{2,4}", stem)]
    return max(taken, default=0) + 1


def _numbered(prefix: str, number: int) -> str:
    if number > MOST:
        raise AskedWrongly(f"{prefix} 的序号用完了。", advice="换一个 --region，或分批在不同年份导入。")
    return f"{prefix}{number:04d}"
