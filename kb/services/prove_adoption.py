"""凭据文件: a unit attaches files that prove its adoption, for those who confirm it and those who promote; none is ever lost.

Each file added or taken away is an entry of the adoption's history and makes it a newer version: who confirms has looked at
the files that stand there. One that was taken away stays for its unit and those who promote. The history, which everybody
signed in reads, does not name them; the audit trail does.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, Protocol

from kb.domain.accounts import Actor, Right
from kb.domain.adoption import Adoption
from kb.domain.audited import Deed, Outcome
from kb.errors import AskedWrongly, NotFound
from kb.services.adoptions import AdoptionEvent, Adoptions, EventKind, Trail, may_edit
from kb.services.confirm_adoption import AdoptionConfirming
from kb.services.keep_adoptions import AdoptionConflict, AdoptionLedger
from kb.services.receive_file import KeptFile

MOST_PROOFS = 10
"""Files of one adoption at a time; each is at most `receive_file.MOST_BYTES`."""
MOST_EVER = 40
"""The same with those taken away, which stay."""


class ProofFile(NamedTuple):
    """A file of an adoption; its bytes are kept under `sha256`. Times are UTC in ISO form, removed_at "" while it stands."""

    number: int
    adoption: int
    name: str
    media_type: str
    size: int
    sha256: str
    added_at: str
    added_by: int
    removed_at: str = ""


class Proofs(Protocol):
    """Where they are noted, in the transaction of whoever calls."""

    def add(self, proof: ProofFile) -> ProofFile:
        """Keeps a new one and gives it its number."""
        ...

    def of(self, adoption: int) -> Sequence[ProofFile]:
        """Those taken away too, the oldest first."""
        ...

    def space_of(self, unit: str, *, but: str = "") -> int:
        """Bytes that files of the unit's adoptions take up, each once wherever it stands; that of this SHA-256 left out."""
        ...

    def remove(self, number: int, at: str) -> None:
        """It no longer stands; nothing else of it changes."""
        ...


class Room(NamedTuple):
    """Bytes for the files of one unit's adoptions: taken up, those taken away too, and how many there may be."""

    used: int
    most: int

    @property
    def is_full(self) -> bool:
        return self.used >= self.most


class AdoptionProving:
    """What is done with the files of an adoption. The caller commits."""

    def __init__(
        self,
        proofs: Proofs,
        adoptions: Adoptions,
        ledger: AdoptionLedger,
        confirming: AdoptionConfirming,
        trail: Trail,
        *,
        most_bytes: int,
        now: Callable[[], datetime],
    ) -> None:
        self._most_bytes = most_bytes
        self._proofs = proofs
        self._adoptions = adoptions
        self._ledger = ledger
        self._confirming = confirming
        self._trail = trail
        self._now = now

    def files(self, actor: Actor, adoption: Adoption) -> tuple[ProofFile, ...] | None:
        """Those the actor may look at, None for whoever is neither of the unit, nor confirms, nor promotes."""
        if not self._may_look(actor, adoption):
            return None
        keeps_all = may_edit(actor, adoption) or actor.may(Right.PROMOTE)
        return tuple(file for file in self._proofs.of(adoption.number) if keeps_all or not file.removed_at)

    def room(self, unit: str) -> Room:
        """Of all files of that unit."""
        return Room(self._proofs.space_of(unit), self._most_bytes)

    def open_to_attach(self, actor: Actor, number: int) -> Adoption:
        """Raises Forbidden for another unit's, AskedWrongly for one that was confirmed or has too many."""
        found = self._open_unconfirmed(actor, number)
        known = self._proofs.of(number)
        if sum(not file.removed_at for file in known) >= MOST_PROOFS or len(known) >= MOST_EVER:
            raise AskedWrongly(f"一条采用最多附 {MOST_PROOFS} 个凭据文件。", advice="先去掉不用的，或者几份合成一份。")
        return found

    def check_room(self, actor: Actor, number: int, size: int, sha256: str) -> Adoption:
        """The adoption this file may be attached to; raises as `open_to_attach`, and AskedWrongly where its unit has no room."""
        adoption = self.open_to_attach(actor, number)
        room = Room(self._proofs.space_of(adoption.unit, but=sha256), self._most_bytes)
        if room.used + size > room.most:
            used, most, wanted = (in_megabytes(one) for one in (*room, size))
            raise AskedWrongly(
                f"放不下：你单位的凭据文件已占 {used} MB，一共可用 {most} MB，这个文件要 {wanted} MB。",
                advice="压缩照片、扫描件后再附；去掉的文件仍留存、仍占地方，还不够就请管理员调大 proof_megabytes。",
            )
        return adoption

    def attach(self, actor: Actor, number: int, kept: KeptFile) -> ProofFile:
        """Notes a file whose bytes are kept."""
        adoption = self.check_room(actor, number, kept.size, kept.sha256)
        file = ProofFile(0, number, kept.name, kept.media_type, kept.size, kept.sha256, self._at(), actor.number)
        added = self._proofs.add(file)
        self._note(actor, adoption, "附了一个凭据文件", Deed.FILE_ADDED, f"{kept.name}；SHA-256 {kept.sha256}")
        return added

    def remove(self, actor: Actor, number: int, file: int) -> None:
        """Takes it away from those who confirm; it stays for its unit and those who promote."""
        adoption = self._open_unconfirmed(actor, number)
        found = self._get(self._proofs.of(number), file)
        if found.removed_at:
            return
        self._proofs.remove(file, self._at())
        self._note(actor, adoption, "去掉一个凭据文件（仍留存）", Deed.FILE_REMOVED, found.name)

    def hand_out(self, actor: Actor, number: int, file: int) -> ProofFile:
        """One that is about to be downloaded, which is noted; raises NotFound also for what the actor may not look at."""
        adoption = self._ledger.open(actor, number)
        found = self._get(self.files(actor, adoption) or (), file)
        self._trail.note(actor, Deed.FILE_DOWNLOADED, f"adoption:{number}", Outcome.DONE, found.name)
        return found

    def _open_unconfirmed(self, actor: Actor, number: int) -> Adoption:
        found = self._ledger.open_to_change(actor, number)
        if found.is_confirmed:
            raise AskedWrongly("已经确认过，凭据不能再加减。", advice="要改先请确认的单位撤回确认。")
        return found

    def _may_look(self, actor: Actor, adoption: Adoption) -> bool:
        if may_edit(actor, adoption) or actor.may(Right.PROMOTE):
            return True
        has_confirmed = adoption.is_confirmed and adoption.confirmed_unit == actor.unit
        if has_confirmed and actor.may(Right.CONFIRM_ADOPTIONS):
            return True
        return self._confirming.refusal(actor, adoption) == ""

    def _note(self, actor: Actor, adoption: Adoption, words: str, deed: Deed, detail: str) -> None:
        if not self._adoptions.change(replace(adoption, news_at=self._at())):
            raise AdoptionConflict(self._adoptions.find(adoption.number) or adoption)
        event = AdoptionEvent(0, adoption.number, self._at(), actor.number, EventKind.AMENDED, words, adoption)
        self._adoptions.note(event)
        self._trail.note(actor, deed, f"adoption:{adoption.number}", Outcome.DONE, detail)

    def _at(self) -> str:
        return self._now().isoformat(timespec="seconds")

    @staticmethod
    def _get(files: Sequence[ProofFile], number: int) -> ProofFile:
        found = next((file for file in files if file.number == number), None)
        if found is None:
            raise NotFound("没有这个凭据文件。", advice="从采用页里打开。")
        return found


def in_megabytes(size: int) -> str:
    """Of bytes, to a tenth and never less than they are; no file reads as nothing."""
    return f"{-(-size // 100_000) / 10:g}"
