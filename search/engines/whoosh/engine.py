"""The Whoosh engine: promises of `search.engine` over a store of generations and a snapshot of the current one."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from search.analysis import Analyser
from search.bounds import bounded
from search.engines.whoosh.impacts import Mask
from search.engines.whoosh.manifest import read_manifest
from search.engines.whoosh.matching import Matching
from search.engines.whoosh.ranking import best_of, refined_scores
from search.engines.whoosh.scoring import foremost
from search.engines.whoosh.snapshot import Snapshot
from search.engines.whoosh.store import Store, Version
from search.errors import IndexDamaged, IndexFault, IndexMissing, IndexUnavailable
from search.model import Document, Hit, Request, Results, Schema
from search.plan import build_plan
from search.reasons import build_hit

CACHE_BYTES = 256 << 20  # a bound, not a reserve: 3,000 cases fill a tenth of it
ATTEMPTS = 5  # a writer may take files away between reading the manifest and opening them


class OpenSnapshot:
    """A snapshot with a count of its users; it is closed by the last one after it has been retired."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.users = 0
        self.is_retired = False


class WhooshEngine:
    def __init__(self, folder: Path, schema: Schema, analyser: Analyser, *, cache_bytes: int = CACHE_BYTES) -> None:
        self._schema = schema
        self._analyser = analyser
        self._cache_bytes = cache_bytes
        self._store = Store(folder, schema, analyser)
        self._lock = Lock()
        self._open: OpenSnapshot | None = None
        self._version: Version | None = None
        self._fault: IndexFault | None = None

    def rebuild(
        self, documents: Iterable[Document], *, stamp: str, progress: Callable[[int], None] | None = None
    ) -> None:
        self._store.rebuild(_counted(documents, progress), stamp)

    def update(self, upserts: Iterable[Document], removals: Iterable[str], *, stamp: str | None = None) -> None:
        gone = set(removals)
        added = {document.id: document for document in upserts if document.id not in gone}
        with self._store.changing() as manifest:
            with self._using() as snapshot:
                numbers = snapshot.numbers()
            outdated = [numbers[id] for id in sorted({*added, *gone} & numbers.keys())]
            self._store.update(manifest, list(added.values()), outdated, manifest.stamp if stamp is None else stamp)

    def search(self, request: Request) -> Results:
        started = time.perf_counter()
        request = bounded(request, self._schema)
        plan = build_plan(request.query, self._analyser, is_description=request.is_description)
        with self._using() as snapshot:
            matching = Matching(snapshot, plan)
            scores = matching.scores  # first, for it looks up all terms at once
            masks = {group: snapshot.facet(group).mask(values) for group, values in request.filters.items()}
            relaxed, matched = matching.first_step(_all(matching.allowed, masks.values()))
            found = np.flatnonzero(_all(matched & matching.allowed, masks.values()))
            scores = refined_scores(snapshot, plan, scores, found)
            page = _page(snapshot, scores, found, request)
            ranked = ((snapshot.ids[n], float(scores[n]), n) for n in page)
            if request.is_bare:
                hits = [Hit(id, score, (), {}) for id, score, _ in ranked]
            else:
                hits = [
                    build_hit(plan, id, score, snapshot.texts(n), snapshot.folded_texts(n)) for id, score, n in ranked
                ]
            counts = {}
            for group in request.facets:
                others = [mask for name, mask in masks.items() if name != group]
                counts[group] = snapshot.facet(group).counts(_all(matched & matching.allowed, others))
        return Results(
            total=len(found),
            hits=tuple(hits),
            facets=counts,
            relaxed=relaxed if len(found) else None,
            words=plan.spellings,
            took_ms=(time.perf_counter() - started) * 1000,
            aliases=plan.aliases,
        )

    def best(self, weights: Mapping[str, float], count: int) -> list[tuple[str, float]]:
        """Ids and scores of the best documents for weighted terms: what is left of a search without its text."""
        with self._using() as snapshot:
            scores = snapshot.scores(weights)
            candidates = foremost(scores, count)
            found = best_of(snapshot, scores, candidates[scores[candidates] > 0], count)
            return [(snapshot.ids[number], float(scores[number])) for number in found]

    def ids(self) -> frozenset[str]:
        with self._using() as snapshot:
            return frozenset(snapshot.numbers())

    def stamp(self) -> str | None:
        try:
            return read_manifest(self._store.current).stamp
        except IndexMissing:
            return None
        except OSError as error:
            raise _unavailable(error) from error

    def verify(self) -> list[str]:
        faults = self._store.verify()
        if faults:
            return faults
        try:
            with self._using() as snapshot:
                count, expected = snapshot.count, read_manifest(self._store.current).documents
        except IndexFault as fault:
            return list(fault.faults)
        return [] if count == expected else [f"索引应有 {expected} 篇文档，实有 {count} 篇"]

    def close(self) -> None:
        with self._lock:
            self._retire()

    @contextmanager
    def _using(self) -> Iterator[Snapshot]:
        """The snapshot of the current generation, kept open until this use of it ends."""
        with self._lock:
            if self._open is None or self._store.version() != self._version:
                self._reopen()
            used = self._open
            assert used is not None
            used.users += 1
        try:
            yield used.snapshot
        finally:
            with self._lock:
                used.users -= 1
                _close_if_idle(used)

    def _reopen(self) -> None:
        version = self._store.version()
        if self._fault is not None and version == self._version:
            raise type(self._fault)(*self._fault.faults)  # known to be broken: do not read all of it again
        self._retire()
        self._version, self._fault = version, None
        try:
            self._open = OpenSnapshot(self._opened())
        except IndexFault as fault:
            self._fault = fault
            raise
        except OSError as error:
            raise _unavailable(error) from error

    def _opened(self) -> Snapshot:
        for attempt in range(ATTEMPTS):
            before = self._store.version()
            try:
                manifest = self._store.read()
                self._store.check_readable(manifest)
                return Snapshot(self._store.files(manifest), manifest.toc, self._schema, self._cache_bytes)
            except (FileNotFoundError, IndexDamaged):
                if before == self._store.version() or attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _retire(self) -> None:
        if self._open is not None:
            self._open.is_retired = True
            _close_if_idle(self._open)
            self._open = None


def _unavailable(error: OSError) -> IndexUnavailable:
    return IndexUnavailable(f"索引读不出来：{error.strerror}")


def _close_if_idle(used: OpenSnapshot) -> None:
    if used.is_retired and used.users == 0:
        used.snapshot.close()


def _all(mask: Mask, others: Iterable[Mask]) -> Mask:
    for other in others:
        mask = mask & other
    return mask


def _page(snapshot: Snapshot, scores: NDArray[np.float32], found: NDArray[np.intp], request: Request) -> list[int]:
    """Numbers of the documents on the page, best first, equals by id."""
    last = request.offset + request.limit
    if request.order == "relevance":
        return best_of(snapshot, scores, found, last)[request.offset :]
    ranks = snapshot.order(request.order.removeprefix("-"))[found]
    keys = (snapshot.id_ranks[found], -ranks if request.order.startswith("-") else ranks, ranks < 0)
    ordered: list[int] = found[np.lexsort(keys)][request.offset : last].tolist()
    return ordered


def _counted(documents: Iterable[Document], progress: Callable[[int], None] | None) -> Iterator[Document]:
    seen: set[str] = set()
    for done, document in enumerate(documents, 1):
        if document.id in seen:
            raise ValueError(f"id {document.id!r} comes twice")
        seen.add(document.id)
        yield document
        if progress:
            progress(done)
