"""One text into the content folder, so that a stop at any moment leaves it wholly there or wholly absent.

    validate → render → intent row → write beside, flush → put in place → flush folder → one transaction (done + revision)

What the last transaction has said is there after every stop. Without it, `reconcile` finds the intent at start-up: a
file of the intended digest is taken as published, a file as it was before is left alone, anything else is somebody's
own and wins. The index follows later; a publish never fails because of it.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from enum import Enum
from typing import Any, NamedTuple, Protocol

from kb.domain.finding import Finding
from kb.domain.kinds import CASE_ID
from kb.domain.template import label_of_field
from kb.errors import AskedWrongly, Conflict
from kb.services.build_records import judge_case
from kb.services.ports import PlainRecord, ReferenceData, Renderer

MOST_TOLD = 3
"""Findings a refusal names; the rest is counted."""


class Point(Enum):
    """The moments between two steps, by name, where a stop is tried."""

    BEGUN = "begun"
    VALIDATED = "validated"
    RENDERED = "rendered"
    INTENDED = "intended"
    WRITTEN = "written"
    PLACED = "placed"
    FLUSHED = "flushed"
    DONE = "done"


class Publication(NamedTuple):
    """What is to be published: `before` is the digest the file must have now, "" for a new one."""

    record_id: str
    text: str
    before: str
    reason: str
    by: int
    submission: int = 0

    @property
    def path(self) -> str:
        return path_of(self.record_id)


class Intent(NamedTuple):
    """A publication that was begun."""

    number: int
    publication: Publication
    sha256: str


class Revision(NamedTuple):
    """A revision of a record: the whole file as it was published; `at` is UTC in ISO form, `by` 0 for the folder."""

    record_id: str
    number: int
    at: str
    by: int
    submission: int
    sha256: str
    text: str
    reason: str


class Reconciled(NamedTuple):
    """Record ids of publications that a stop had cut off: found whole, undone, overtaken by somebody's own change."""

    finished: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    overtaken: tuple[str, ...] = ()


class RecordFolder(Protocol):
    """Case files by relative path; digests are SHA-256 of the bytes, "" for no file."""

    def digest(self, path: str) -> str: ...

    def read(self, path: str) -> str:
        """The text, "" for no file; raises UnreadableFile."""
        ...

    def taken_ids(self) -> frozenset[str]: ...

    def write_beside(self, path: str, text: str) -> None: ...

    def put_in_place(self, path: str, *, before: str) -> None:
        """Raises Conflict when the file is not the one of digest `before`."""
        ...

    def flush(self, path: str) -> None: ...

    def clear(self, path: str) -> None: ...


class PublishLedger(Protocol):
    """What was begun, what was done, every revision, every id ever given. Each writing call is one transaction."""

    def begin(self, publication: Publication, sha256: str, at: str) -> Intent:
        """Raises Conflict when the submission is no longer waiting to be included."""
        ...

    def finish(self, intent: Intent, at: str) -> Revision:
        """Done, the revision, the submission's stage and the corrections it answers, all or nothing."""
        ...

    def close(self, intent: Intent, state: str) -> None:
        """Dropped or overtaken."""
        ...

    def open_intents(self) -> Sequence[Intent]: ...

    def adopt(self, revision: Revision) -> Revision:
        """Notes a text somebody put into the folder; its number is given here."""
        ...

    def revisions(self, record_id: str) -> Sequence[Revision]:
        """Newest first."""
        ...

    def latest(self) -> Mapping[str, tuple[int, str]]:
        """Number and digest of the newest revision by record id."""
        ...

    def newest_with(self, line: str) -> Sequence[Revision]:
        """The newest revisions that hold this whole line, by record id."""
        ...

    def taken_ids(self) -> frozenset[str]: ...

    def id_of(self, submission: int) -> str:
        """The record id an earlier try gave this submission, else ""."""
        ...


class RecordFormat(Protocol):
    """Case files to plain values and back."""

    def parse(self, text: str) -> PlainRecord:
        """Raises UnreadableFile."""
        ...

    def serialize(self, fields: Mapping[str, Any]) -> str: ...

    def replace_field(self, text: str, key: str, value: str) -> str: ...


def path_of(record_id: str) -> str:
    """The file of a case; raises AskedWrongly for what is no id."""
    if not CASE_ID.fullmatch(record_id):
        raise AskedWrongly("案例编号的写法不对。", advice="写成地区代码-年份-序号，如 110113-2017-01。")
    return f"cases/{record_id}.md"


class Publisher:
    """Publishes case files one at a time; `reached` hears of every point."""

    def __init__(
        self,
        folder: RecordFolder,
        ledger: PublishLedger,
        form: RecordFormat,
        reference: ReferenceData,
        renderer: Renderer,
        *,
        now: Callable[[], datetime],
        today: Callable[[], date],
        alone: Callable[[], AbstractContextManager[object]],
        reached: Callable[[Point], None] = lambda _: None,
    ) -> None:
        self.folder = folder
        self.ledger = ledger
        self.form = form
        self.reference = reference
        self._renderer = renderer
        self._now = now
        self.today = today
        self.alone = alone
        self._reached = reached

    def publish(self, publication: Publication, *, accepts_faults: bool = False) -> Revision:
        """Acknowledged when it returns; to be called `alone`. Raises AskedWrongly for faults, Conflict for changes.

        accepts_faults: for what goes out of readers' sight, which no fault may hold up.
        """
        path = publication.path
        sha256 = hashlib.sha256(publication.text.encode()).hexdigest()
        reconcile(self.folder, self.ledger, self.time())  # whoever is alone finds only publications that died
        self._reached(Point.BEGUN)
        if sha256 == publication.before:
            raise AskedWrongly("内容和现在的版本一样，没有可写的。", advice="核对后再办。")
        if not accepts_faults:
            self._validate(publication)
        self._reached(Point.VALIDATED)
        if not accepts_faults:
            self._render(publication.text)
        self._reached(Point.RENDERED)
        if self.folder.digest(path) != publication.before:
            raise Conflict(
                f"内容文件夹里的 {path} 和修订记录对不上，没有覆盖它。",
                advice="先到修订记录里看改了什么，收下或恢复后再办。",
            )
        intent = self.ledger.begin(publication, sha256, self.time())
        self._reached(Point.INTENDED)
        try:
            self.folder.write_beside(path, publication.text)
            self._reached(Point.WRITTEN)
            self.folder.put_in_place(path, before=publication.before)
        except Exception:
            _settle(self.folder, self.ledger, intent, self.time())
            raise
        self._reached(Point.PLACED)
        self.folder.flush(path)
        self._reached(Point.FLUSHED)
        revision = self.ledger.finish(intent, self.time())
        self._reached(Point.DONE)
        return revision

    def findings(self, record_id: str, text: str) -> tuple[Finding, ...]:
        """What is wrong with a text that would stand at this id; raises UnreadableFile."""
        plain = self.form.parse(text)
        return judge_case(plain, self.reference, path_of(record_id), today=self.today()).findings

    def time(self) -> str:
        return self._now().isoformat(timespec="seconds")

    def _validate(self, publication: Publication) -> None:
        faults = [found for found in self.findings(publication.record_id, publication.text) if found.is_error]
        if faults:
            raise AskedWrongly(self._tell(faults), advice="退回写稿人改正，或改正后再办。")

    def _tell(self, faults: Sequence[Finding]) -> str:
        template = self.reference.case_template
        told = [f"〔{label_of_field(template, fault.field)}〕{fault.message}" for fault in faults[:MOST_TOLD]]
        more = f"另有 {len(faults) - MOST_TOLD} 处。" if len(faults) > MOST_TOLD else ""
        return f"还有 {len(faults)} 处必须改正，不能写入案例库：{''.join(told)}{more}"

    def _render(self, text: str) -> None:
        fields = self.form.parse(text).fields
        sections = self.reference.case_template.sections
        self._renderer.render({slot.key: str(fields.get(slot.key, "")) for slot in sections})


def reconcile(folder: RecordFolder, ledger: PublishLedger, at: str) -> Reconciled:
    """Ends what a stop had cut off; to be called `alone`, when a desk opens and before each publication."""
    ends: dict[str, list[str]] = {"done": [], "dropped": [], "overtaken": []}
    for intent in ledger.open_intents():
        ends[_settle(folder, ledger, intent, at)].append(intent.publication.record_id)
    return Reconciled(*(tuple(ids) for ids in ends.values()))


def _settle(folder: RecordFolder, ledger: PublishLedger, intent: Intent, at: str) -> str:
    path = intent.publication.path
    standing = folder.digest(path)
    folder.clear(path)
    folder.flush(path)
    if standing == intent.sha256:
        ledger.finish(intent, at)
        return "done"
    state = "dropped" if standing == intent.publication.before else "overtaken"
    ledger.close(intent, state)
    return state


def next_id(region: str, year: int, taken: frozenset[str]) -> str:
    """The first number of region and year above all that were ever given."""
    prefix = f"{region}-{year}-"
    numbers = [int(name.removeprefix(prefix)) for name in taken if re.fullmatch(rf"{prefix}\d{{2,4}}", name)]
    return f"{prefix}{max(numbers, default=0) + 1:02d}"
