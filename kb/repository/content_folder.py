"""The content folder on disk: cases/*.md and mechanisms/*.md, and the reference files beside them."""

import hashlib
import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

from kb.domain.case import Case
from kb.domain.finding import Finding
from kb.domain.mechanism import Mechanism
from kb.domain.template import Template
from kb.domain.workflow import READABLE
from kb.errors import AskedWrongly, BrokenLibrary, NotReady, UnreadableFile, why
from kb.repository.decode import MAX_BYTES
from kb.repository.record_file import parse_record
from kb.repository.reference_files import (
    digest_of,
    read_flagged_wording,
    read_references,
    read_review_rules,
    read_synonyms,
    read_template,
    read_words,
)
from kb.services.ports import ContentFile, PlainRecord, ReferenceData

FOLDERS = {"cases": "case", "mechanisms": "mechanism"}
WATCHED = (*FOLDERS, "taxonomy", "lexicon", "sources")
RECORDS: dict[str, type[Case] | type[Mechanism]] = {"case": Case, "mechanism": Mechanism}
SETTLED_NS = 2_000_000_000
"""Age of a change after which time stamps tell the next one apart, even on file systems that count in seconds."""
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.md")


class _Head(NamedTuple):
    """What cases need of a mechanism's file; `title` is "" for one no reader may see yet."""

    id: str
    solves: tuple[str, ...]
    title: str


class MarkdownContentRepository:
    """Reads one content folder; follows no link out of it."""

    def __init__(self, content: Path, templates: Path) -> None:
        self._content = content
        self._digests: dict[str, tuple[tuple[int, ...], str]] = {}
        self._heads: dict[tuple[str, str], _Head] = {}
        self._template_files = [templates / "mechanism" / f"{kind}.yaml" for kind in FOLDERS.values()]
        self._templates = {path.stem: _read_template(path) for path in self._template_files}
        status = self._templates["mechanism"]["status"]
        self._readable = {word for stage in READABLE for word in (stage.value, status.label_of(stage.value))}

    def reference_data(self) -> ReferenceData:
        lexicon = self._content / "lexicon"
        heads = self._read_heads()
        solves, titles = {one.id: one.solves for one in heads}, {one.id: one.title for one in heads if one.title}
        references = read_references(self._content, solves, titles)
        # A name that begins with a dot is a file still being written.
        files = sorted(
            path for name in ("taxonomy", "lexicon", "sources") for path in (self._content / name).glob("[!.]*.*")
        )
        return ReferenceData(
            case_template=self._templates["case"],
            mechanism_template=self._templates["mechanism"],
            references=references,
            lexicon_words=read_words(lexicon / "terms.txt"),
            synonyms=read_synonyms(lexicon / "synonyms.yaml"),
            digest=digest_of(self._template_files + files, repr(sorted(references.solves.items()))),
            flagged_wording=read_flagged_wording(lexicon / "flagged-wording.csv"),
            review_rules=read_review_rules(self._content / "taxonomy/review-steps.yaml"),
        )

    def _read_heads(self) -> list["_Head"]:
        files = self._list("mechanisms")[0]
        for file in files:
            if (file.path, file.digest) not in self._heads:
                self._heads[file.path, file.digest] = self._read_head(file)
        return [self._heads[file.path, file.digest] for file in files]

    def _read_head(self, file: ContentFile) -> "_Head":
        try:
            fields = self.read(file.path).fields
        except UnreadableFile:
            # Its own finding is made when it is taken in; its cases are not to vanish with it.
            return _Head(file.path.rpartition("/")[2].removesuffix(".md"), (), "")
        ids = fields.get("solves", [])
        solves = tuple([ids] if isinstance(ids, str) else map(str, ids))
        is_readable = fields.get("status") in self._readable
        return _Head(str(fields.get("id", "")), solves, str(fields.get("title", "")) if is_readable else "")

    def list_files(self) -> tuple[Sequence[ContentFile], Sequence[Finding]]:
        listed = [self._list(folder) for folder in FOLDERS]
        return [file for files, _ in listed for file in files], [found for _, findings in listed for found in findings]

    def fingerprint(self) -> int:
        """Another number whenever a file of the content folder was added, changed, moved or removed."""
        seen = []
        for folder in WATCHED:
            for entry in _entries(self._content / folder):
                try:
                    status = entry.stat(follow_symlinks=False)
                except OSError:
                    continue
                seen.append((entry.path, status.st_mtime_ns, status.st_size, status.st_ino))
        return hash(tuple(sorted(seen)))

    def folder_times(self) -> tuple[int, ...]:
        """Other numbers as soon as a file was added, moved or removed; not when one is written over where it stands."""
        return tuple(_time_of(self._content / name) for name in WATCHED)

    def _list(self, folder: str) -> tuple[list[ContentFile], list[Finding]]:
        if not self._content.is_dir():
            raise BrokenLibrary(f"找不到内容文件夹 {self._content}。", advice="检查设置 KB_CONTENT。")
        if (self._content / folder).is_symlink():
            return [], [Finding(folder, 0, "", "这个文件夹是一个链接，没有读取。", "把文件夹本身放进来。")]
        files: list[ContentFile] = []
        findings: list[Finding] = []
        root = f"{self._content}{os.sep}"
        # Names, not paths: to make 3,000 of them took half the time of a sync of one file.
        named = (
            (entry.path.removeprefix(root).replace(os.sep, "/"), entry) for entry in _entries(self._content / folder)
        )
        for name, entry in sorted(named, key=lambda one: one[0].split("/")):
            if entry.is_symlink():
                findings.append(Finding(name, 0, "", "这是一个链接，没有读取。", "把文件本身放进来。"))
            elif entry.is_file() and entry.name.lower().endswith(".md"):
                if name != f"{folder}/{entry.name}" or not _SAFE_NAME.fullmatch(entry.name):
                    words = "文件名或位置不对，没有读取。"
                    findings.append(Finding(name, 0, "", words, "用编号作文件名，直接放在这一级文件夹里。"))
                    continue
                try:
                    files.append(ContentFile(name, FOLDERS[folder], self._digest(entry.path)))
                except OSError as error:
                    words = f"文件打不开：{why(error)}。"
                    findings.append(Finding(name, 0, "", words, "检查文件是否还在、权限是否允许读取。"))
        return files, findings

    def _digest(self, path: str) -> str:
        """SHA-256 of the bytes. What was read before is not read again, unless it may have changed within one tick."""
        status = os.stat(path)  # noqa: PTH116 - as above
        identity = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        known = self._digests.get(path)
        if known and known[0] == identity:
            return known[1]
        digest = digest_of_file(Path(path))
        if time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) > SETTLED_NS:
            self._digests[path] = (identity, digest)
        return digest

    def read(self, path: str) -> PlainRecord:
        template = self._template_of(path)
        try:
            with (self._content / path).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise UnreadableFile(
                f"文件打不开：{why(error)}。", advice="检查文件是否还在、权限是否允许读取。"
            ) from error
        return parse_record(data, template)

    def add(self, path: str, text: str) -> None:
        target = self._content / path
        if target.exists():
            raise AskedWrongly(f"已有文件 {path}。", advice="换一个编号。")
        draft = target.with_name(f".{target.name}.tmp")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, target)  # unlike a rename, it never replaces a file made meanwhile
        except FileExistsError as error:
            raise AskedWrongly(f"已有文件 {path}。", advice="换一个编号。") from error
        except OSError as error:
            raise NotReady(f"{path} 没有写成：{why(error)}。", advice="检查磁盘空间和权限，再试一次。") from error
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def _template_of(self, path: str) -> Template:
        return self._templates[FOLDERS[path.partition("/")[0]]]


def _read_template(path: Path) -> Template:
    """Raises BrokenLibrary for a template of another program version: it has other slots."""
    template = read_template(path)
    wanted = {field.name for field in fields(RECORDS[path.stem])} - {"unstated", "notes"}
    if odd := wanted.symmetric_difference(template.keys):
        words = f"模板 {path} 与这一版程序不合：{'、'.join(sorted(odd))}。"
        raise BrokenLibrary(words, advice="对照随程序的同名模板，补上或删去这几项。")
    return template


def digest_of_file(path: Path) -> str:
    """SHA-256 of the bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _time_of(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Everything under the folder, links and folders included, links not followed; nothing where there is none."""
    try:
        with os.scandir(folder) as found:
            entries = list(found)
    except OSError:
        return
    for entry in entries:
        yield entry
        if entry.is_dir(follow_symlinks=False):
            yield from _entries(Path(entry.path))
