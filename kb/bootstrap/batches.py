"""Batches of files of one library: looked over and kept in a request, read in a thread of the server, one at a time.

Of several processes of a server the one that took the request reads; the others see that it does (`UnderWay`).
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date
from typing import Any, NamedTuple, Protocol

from filelock import Timeout

from kb.bootstrap.desk import Desk
from kb.bootstrap.office_files import file_reader, unpack_files
from kb.bootstrap.under_way import Piece, UnderWay
from kb.database.batches import SqlBatchStore
from kb.database.faults import explain
from kb.domain.accounts import Actor, Right, require
from kb.domain.audited import Deed, Outcome
from kb.errors import Conflict, KbError, NotReady
from kb.services.build_records import judge_draft
from kb.services.compare_draft import NearDuplicate, find_duplicates
from kb.services.find_similar import SimilarFinder
from kb.services.find_twin_drafts import TwinFinder
from kb.services.ports import Catalogue, ReferenceData
from kb.services.submit_batch import (
    Batch,
    BatchStore,
    ReadFile,
    compare_batch,
    keep_batch,
    new_batch,
    open_batch,
    read_batch,
)
from kb.services.write_draft import DraftWriter

UNPACK_WAIT = 20.0
"""Seconds a request waits for another one's zip: each may fill memory with 100 MB."""
UNFORESEEN = "程序没能完成这一步，已经记录下来；再试仍然不行，请告诉管理员。"
_log = logging.getLogger(__name__)


class View(Protocol):
    """The part of a reading of the library used here."""

    @property
    def reference(self) -> ReferenceData: ...

    @property
    def catalogue(self) -> Catalogue: ...

    @property
    def similar(self) -> SimilarFinder: ...


class Standing(NamedTuple):
    """A batch as its page shows it: `is_being_read` now, or stopped by this `fault` ("" when nobody knows why)."""

    batch: Batch
    is_being_read: bool
    fault: str


class Batches:
    """What the pages of 批量投稿 work with; opened once per process, used from many threads.

    reading: a view of the library for somebody who sees these visibilities.
    """

    def __init__(
        self,
        desk: Desk,
        reading: Callable[[frozenset[str]], AbstractContextManager[View]],
        today: Callable[[], date],
    ) -> None:
        self._desk = desk
        self._reading = reading
        self._today = today
        self._under_way = UnderWay(desk.path.with_name("batches"))
        self._threads: dict[int, threading.Thread] = {}

    @contextmanager
    def store(self) -> Iterator[BatchStore]:
        """To read with."""
        with self._desk.session() as session:
            yield SqlBatchStore(session)

    def send(self, actor: Actor, name: str, data: bytes, source: str) -> int:
        """Keeps the files of a zip and begins to read them; returns the number of the batch.

        Raises Forbidden, UnreadableFile and AskedWrongly with nothing kept, Conflict while another of the actor's is read.
        """
        require(actor, Right.WRITE)
        self._check_free(actor)
        with self._alone():
            batch = new_batch(actor, name, unpack_files(data), self._desk.uploads, self._at())
        with self._desk.writing() as session:
            kept = SqlBatchStore(session).add(batch)
            told = f"{kept.name}；{len(kept.files)} 个文件"
            self._desk.audit(session, source).note(actor, Deed.BATCH_SENT, f"batch:{kept.number}", Outcome.DONE, told)
        self._begin(kept.number, actor, source)
        return kept.number

    def read_again(self, actor: Actor, number: int, source: str) -> None:
        """Begins anew with one that a stop cut off; one that has ended, or is being read, is left alone."""
        self._check_free(actor, but=number)
        with self.store() as store:
            batch = open_batch(actor, number, store)
        if not batch.is_done:
            self._begin(number, actor, source)

    def look(self, actor: Actor, number: int) -> Standing:
        """Raises NotFound for anybody else's."""
        is_being_read = self._under_way.is_under_way(number)  # before the row is: one that ends meanwhile is done
        with self.store() as store:
            batch = open_batch(actor, number, store)
        return Standing(batch, is_being_read and not batch.is_done, self._under_way.words(number))

    def wait(self, number: int) -> None:
        """Until this process no longer reads it."""
        thread = self._threads.get(number)
        if thread is not None:
            thread.join()

    def _begin(self, number: int, actor: Actor, source: str) -> None:
        """Unless it is being read already: from here on every process sees that it is."""
        piece = self._under_way.begin(number)
        if piece is not None:
            thread = threading.Thread(target=self._run, args=(number, actor.number, source, piece), daemon=True)
            self._threads[number] = thread
            thread.start()

    def _run(self, number: int, account: int, source: str, piece: Piece) -> None:
        fault = ""
        try:
            with self._under_way.turn("turn"):
                self._read(number, account, source)
        except Exception as error:  # nobody waits for this thread: its page must say what became of it
            _log.error("batch %s was not taken in: %s", number, error, exc_info=error)
            fault = f"{error.message}{error.advice}" if isinstance(error, KbError) else UNFORESEEN
        finally:
            piece.end(fault)
            self._threads.pop(number, None)

    def _read(self, number: int, account: int, source: str) -> None:
        actor = self._actor(account)
        with self.store() as store:
            batch = open_batch(actor, number, store)
        if batch.is_done:
            return
        with self._reading(actor.sees) as now:
            template = now.reference.case_template
            read = read_batch(
                actor, batch, file_reader(template), template, self._desk.uploads, lambda done: self._note(number, done)
            )
            self._keep(batch, self._compare(actor, read, now), now.reference, account, source)

    def _compare(self, actor: Actor, read: list[ReadFile], now: View) -> list[ReadFile]:
        template = now.reference.case_template

        def duplicates_of(fields: Mapping[str, Any]) -> Sequence[NearDuplicate]:
            return find_duplicates(
                judge_draft(fields, now.reference, today=self._today()).case, now.catalogue, now.similar
            )

        with self._desk.session() as session:
            finder = TwinFinder(actor, self._desk.submissions(session), template)
        return compare_batch(read, finder, template, duplicates_of)

    def _keep(self, batch: Batch, read: list[ReadFile], reference: ReferenceData, account: int, source: str) -> None:
        actor = self._actor(account)  # asked again: the account may have been disabled while the files were read
        with self._desk.writing() as session:
            trail = self._desk.audit(session, source)
            writer = DraftWriter(
                self._desk.submissions(session), trail, reference, now=self._desk.now, today=self._today
            )
            lines = keep_batch(writer, SqlBatchStore(session), actor, batch, read, self._at())
            made = sum(1 for line in lines if line.number)
            told = f"{made} 份草稿，{len(lines) - made} 个文件没有收"
            trail.note(actor, Deed.BATCH_TAKEN_IN, f"batch:{batch.number}", Outcome.DONE, told)

    def _note(self, number: int, read: int) -> None:
        with self._desk.writing() as session:
            SqlBatchStore(session).note_read(number, read)

    def _actor(self, account: int) -> Actor:
        with self._desk.session() as session:
            found = self._desk.accounts(session).get(account)
        return found.actor if found and found.is_active else Actor()

    def _check_free(self, actor: Actor, but: int = 0) -> None:
        with self.store() as store:
            waiting = [batch.number for batch in store.of_owner(actor.number) if not batch.is_done]
        if any(self._under_way.is_under_way(number) for number in waiting if number != but):
            raise Conflict("上一批还在读。", advice="等它读完再上传下一批。")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with ExitStack() as held:
            try:
                held.enter_context(self._under_way.turn("unpacking", UNPACK_WAIT))
            except Timeout as error:
                raise NotReady("别人的压缩包正在打开。", advice="过一会儿再上传。") from error
            except OSError as error:
                raise explain(error, self._desk.path) from error
            yield

    def _at(self) -> str:
        return self._desk.now().isoformat(timespec="seconds")
