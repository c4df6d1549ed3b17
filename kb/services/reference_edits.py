"""A change to a file of taxonomy or lexicon: proposed, looked at with its effect, then written; and undone again.

    propose ──► proposed ──► confirm: writing ──► (file put in place) ──► written ──► undo: a new proposal
                                        └── the file is another one meanwhile: Conflict, back to proposed

The whole text before and after is kept with each change, so that every one that was written can be taken back.
"""

import difflib
import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NamedTuple, Protocol

from kb.domain.accounts import Actor, Right, require
from kb.errors import AskedWrongly, Conflict, NotFound, NotReady, UnreadableFile, why
from kb.services.measure_effect import Effect, read_effect

MOST_LISTED, MOST_WAITING = 100, 20
MOST_OPEN = 200
"""Proposals kept that nobody confirmed; older ones go."""


class EditState(Enum):
    """WRITING is what a stop between the intent and the last transaction leaves behind."""

    PROPOSED = "proposed"
    WRITING = "writing"
    WRITTEN = "written"


class Change(NamedTuple):
    """What is to become of a file: its text, and in words what was done to it."""

    path: str
    text: str
    deed: str


@dataclass(frozen=True)
class ReferenceEdit:
    """A change as it is kept; digests are SHA-256 of the bytes, times UTC in ISO form, `undoes` the number of another."""

    number: int
    path: str
    deed: str
    sha256_before: str
    sha256: str
    text_before: str
    text: str
    proposed_at: str
    proposed_by: int
    state: EditState = EditState.PROPOSED
    written_at: str = ""
    written_by: int = 0
    effect: str = ""
    undoes: int = 0

    @property
    def measured(self) -> Effect | None:
        return read_effect(self.effect)


class ReferenceEdits(Protocol):
    """Where changes are kept; each call is a transaction of its own."""

    def add(self, edit: ReferenceEdit) -> ReferenceEdit: ...

    def find(self, number: int) -> ReferenceEdit | None: ...

    def begin(self, number: int) -> None:
        """Notes that the file is about to be written."""
        ...

    def give_up(self, number: int) -> None:
        """Notes that it was not written."""
        ...

    def finish(self, edit: ReferenceEdit, at: str, by: Actor) -> None:
        """Notes that it is written, with its audit entry, in one transaction."""
        ...

    def keep_effect(self, number: int, effect: str) -> None: ...

    def in_state(self, state: EditState, limit: int) -> Sequence[ReferenceEdit]:
        """The newest first."""
        ...


class ReferenceFolder(Protocol):
    """Files by path under the content folder; digests are SHA-256 of the bytes, "" for no file."""

    def digest(self, path: str) -> str: ...

    def read(self, path: str) -> str: ...

    def write_beside(self, path: str, text: str) -> None: ...

    def put_in_place(self, path: str, *, before: str) -> None: ...

    def flush(self, path: str) -> None: ...

    def clear(self, path: str) -> None: ...


class Seen(NamedTuple):
    """A file as it stands: its text and digest."""

    text: str
    sha256: str


class ReferenceEditing:
    """What the steward does with these files; `alone` keeps two writers apart, across processes too."""

    def __init__(
        self,
        folder: ReferenceFolder,
        edits: ReferenceEdits,
        *,
        now: Callable[[], datetime],
        alone: Callable[[], AbstractContextManager[object]],
    ) -> None:
        self._folder = folder
        self._edits = edits
        self._now = now
        self._alone = alone

    def look(self, actor: Actor, path: str) -> Seen:
        """A file as it stands. Raises Conflict when it changes under one's eyes, AskedWrongly when it cannot be read."""
        require(actor, Right.KEEP_TAXONOMY)
        return self._read(path)

    def _read(self, path: str) -> Seen:
        sha256 = self._folder.digest(path)
        try:
            text = self._folder.read(path)
        except UnreadableFile as error:
            raise AskedWrongly(f"{path} 第 {error.line} 行读不出来：{error.message}", advice=error.advice) from error
        if self._folder.digest(path) != sha256:
            raise Conflict(f"{path} 正被改动。", advice="等几秒再打开。")
        return Seen(text, sha256)

    def propose(self, actor: Actor, path: str, seen: str, change: Callable[[str], Change]) -> ReferenceEdit:
        """Keeps what would be written; nothing is written yet.

        seen: the digest of the file the form was made from; raises Conflict when it is another one now, and what
        `change` raises.
        """
        require(actor, Right.KEEP_TAXONOMY)
        standing = self._read(path)
        if seen and standing.sha256 != seen:
            raise Conflict(
                f"打开这一页以后，{path} 有人改过。", advice="你写的还在下面；核对列表里现在的内容，再提交一次。"
            )
        made = change(standing.text)
        return self._add(actor, made, standing)

    def confirm(self, actor: Actor, number: int) -> ReferenceEdit:
        """Writes it. Raises Conflict when the file is no longer the one it was made from, AskedWrongly for faults."""
        require(actor, Right.KEEP_TAXONOMY)
        with self._alone():
            self._settle()
            edit = self._get(number)
            if edit.state is not EditState.PROPOSED:
                raise Conflict("这次修改已经写入了。", advice="到“修改记录”里看。")
            self._check_effect(edit)
            if self._folder.digest(edit.path) != edit.sha256_before:
                raise self._overtaken(edit)
            self._edits.begin(number)
            try:
                self._folder.write_beside(edit.path, edit.text)
                self._folder.put_in_place(edit.path, before=edit.sha256_before)
                self._folder.flush(edit.path)
            except Conflict as error:
                self._settle()
                raise self._overtaken(edit) from error
            except OSError as error:
                self._settle()
                if self._get(number).state is EditState.PROPOSED:
                    words = f"{edit.path} 没有写成：{why(error)}。原来的文件没有动。"
                    raise NotReady(words, advice="请管理员检查磁盘空间和权限，再试一次。") from error
                return edit
            except Exception:
                self._settle()
                raise
            self._edits.finish(edit, self._at(), actor)
        return edit

    def undo(self, actor: Actor, number: int) -> ReferenceEdit:
        """Proposes the file without that change; what was changed later elsewhere in it stays. Raises Conflict."""
        require(actor, Right.KEEP_TAXONOMY)
        edit = self._get(number)
        if edit.state is not EditState.WRITTEN:
            raise AskedWrongly("这次修改没有写入，没有可撤销的。", advice="到“修改记录”里看。")
        standing = self._read(edit.path)
        text = take_back(edit.text_before, edit.text, standing.text)
        if text is None:
            raise Conflict("这几行后来又改过，不能直接撤销。", advice="到那一项里照着“原”改回去。")
        return self._add(
            actor, Change(edit.path, text, f"撤销第 {number} 次修改（{edit.deed}）"), standing, undoes=number
        )

    def open(self, actor: Actor, number: int) -> ReferenceEdit:
        """Raises NotFound, Forbidden."""
        require(actor, Right.KEEP_TAXONOMY)
        return self._get(number)

    def is_overtaken(self, edit: ReferenceEdit) -> bool:
        """Whether the file has changed since it was proposed."""
        return edit.state is EditState.PROPOSED and self._folder.digest(edit.path) != edit.sha256_before

    def written(self, actor: Actor) -> Sequence[ReferenceEdit]:
        """The newest first."""
        require(actor, Right.KEEP_TAXONOMY)
        if self._edits.in_state(EditState.WRITING, 1):
            with self._alone():
                self._settle()
        return self._edits.in_state(EditState.WRITTEN, MOST_LISTED)

    def waiting(self, actor: Actor) -> Sequence[ReferenceEdit]:
        """Proposals that can still be confirmed, the newest first."""
        require(actor, Right.KEEP_TAXONOMY)
        proposed = self._edits.in_state(EditState.PROPOSED, MOST_WAITING)
        return [edit for edit in proposed if not self.is_overtaken(edit)]

    def _add(self, actor: Actor, made: Change, standing: Seen, *, undoes: int = 0) -> ReferenceEdit:
        if made.text == standing.text:
            raise AskedWrongly("和现在的内容一样，没有可改的。", advice="改了再提交。")
        sha256 = hashlib.sha256(made.text.encode()).hexdigest()
        return self._edits.add(
            ReferenceEdit(
                0, made.path, made.deed, standing.sha256, sha256, standing.text, made.text, self._at(), actor.number,
                undoes=undoes,
            )
        )  # fmt: skip

    def _check_effect(self, edit: ReferenceEdit) -> None:
        if edit.path not in MEASURED:
            return
        if edit.measured is None:
            raise AskedWrongly("影响还没有测算完，没有写入。", advice="等测算完，看过影响再确认。")
        if edit.measured.faults:
            raise AskedWrongly("这样改会让现有的案例或文件出错，没有写入。", advice="按页面列出的错误改好再来。")

    def _settle(self) -> None:
        """Ends what a stop had cut off; to be called `alone`. Whoever confirmed it is named again in the audit trail."""
        for edit in self._edits.in_state(EditState.WRITING, MOST_LISTED):
            self._folder.clear(edit.path)
            if self._folder.digest(edit.path) == edit.sha256:
                self._edits.finish(edit, self._at(), Actor(edit.proposed_by, "修改人"))
            else:
                self._edits.give_up(edit.number)

    def _overtaken(self, edit: ReferenceEdit) -> Conflict:
        return Conflict(f"预览以后，{edit.path} 有人改过，没有覆盖它。", advice="回到那一项，按现在的内容重新改。")

    def _get(self, number: int) -> ReferenceEdit:
        found = self._edits.find(number)
        if found is None:
            raise NotFound("没有这次修改。", advice="到“修改记录”里看。")
        return found

    def _at(self) -> str:
        return self._now().isoformat(timespec="seconds")


MEASURED = frozenset(
    {
        "taxonomy/problem-types.yaml",
        "taxonomy/units.yaml",
        "taxonomy/indicators.yaml",
        "lexicon/terms.txt",
        "lexicon/synonyms.yaml",
    }
)
"""Files whose change can touch the search or the cases: its effect is measured before it is written."""


def take_back(before: str, after: str, standing: str) -> str | None:
    """The standing text without the change from `before` to `after`; None where the same lines were changed since."""
    made, now, old = after.split("\n"), standing.split("\n"), before.split("\n")
    back = [
        code for code in difflib.SequenceMatcher(None, made, old, autojunk=False).get_opcodes() if code[0] != "equal"
    ]
    later = [
        code for code in difflib.SequenceMatcher(None, made, now, autojunk=False).get_opcodes() if code[0] != "equal"
    ]
    if any(one[1] <= other[2] and other[1] <= one[2] for one in back for other in later):
        return None
    pieces = [(start, end, old[i:j]) for _, start, end, i, j in back]
    pieces += [(start, end, now[i:j]) for _, start, end, i, j in later]
    for start, end, lines in sorted(pieces, key=lambda piece: piece[0], reverse=True):
        made[start:end] = lines
    return "\n".join(made)
