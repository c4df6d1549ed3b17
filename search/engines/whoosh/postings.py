"""A term's posting list: document numbers and frequencies as two packed arrays.

    kind of gaps · kind of frequencies · gaps between document numbers · frequencies        (kinds: 1, 2, 4 bytes each)

Whoosh's own blocks are compressed pickles of tuples; writing them took two thirds of a build and reading them most of
the first touch of a term. A list is written and read whole, as every document of a term is scored anyway.
Frequencies that are all one take no room (kind 0).
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

KINDS: dict[int, np.dtype[np.unsignedinteger]] = {1: np.dtype("<u1"), 2: np.dtype("<u2"), 4: np.dtype("<u4")}
HEADER = 2


class Postings(NamedTuple):
    """Document numbers, ascending, and the term's frequency in each."""

    documents: NDArray[np.int32]
    frequencies: NDArray[np.float32]


class FieldPostings(NamedTuple):
    """All postings of a field, term by term; those of `terms[i]` end at `ends[i]`."""

    terms: list[str]
    ends: NDArray[np.int64]
    documents: NDArray[np.uint32]
    frequencies: NDArray[np.uint32]


def starts_of(ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each list starts whose end is given."""
    return np.concatenate([[0], ends[:-1]])


def packed(found: FieldPostings) -> Iterator[bytes]:
    """The posting list of each term as bytes."""
    starts = starts_of(found.ends)
    gaps = np.diff(found.documents, prepend=0)
    gaps[starts] = found.documents[starts]
    largest = np.maximum.reduceat(found.frequencies, starts)
    gap_kinds = _kinds(np.maximum.reduceat(gaps, starts))
    frequency_kinds = np.where(largest == 1, 0, _kinds(largest))
    wide_gaps, wide_frequencies = (
        {kind: made.astype(KINDS[kind]).tobytes() for kind in KINDS} for made in (gaps, found.frequencies)
    )
    rows = zip(starts.tolist(), found.ends.tolist(), gap_kinds.tolist(), frequency_kinds.tolist(), strict=True)
    for start, end, gap, frequency in rows:
        kinds = bytes((gap, frequency))
        data = kinds + wide_gaps[gap][start * gap : end * gap]
        yield data + wide_frequencies[frequency][start * frequency : end * frequency] if frequency else data


def _kinds(largest: NDArray[np.integer]) -> NDArray[np.int64]:
    """Bytes that hold numbers up to these."""
    return np.where(largest < 1 << 8, 1, np.where(largest < 1 << 16, 2, 4))


def unpacked(data: bytes | memoryview) -> Postings:
    """One list."""
    return unpacked_all([data])[0]


def unpacked_all(lists: Sequence[bytes | memoryview]) -> tuple[Postings, NDArray[np.int64]]:
    """The postings of at least one list, one after the other, and where each of them ends.

    At once, because a call of NumPy costs as much as a thousand postings and a question looks up fifty lists.
    """
    counts = [(len(data) - HEADER) // (data[0] + data[1]) for data in lists]
    ends = np.cumsum(counts)
    gaps = [np.frombuffer(data, KINDS[data[0]], count, HEADER) for data, count in zip(lists, counts, strict=True)]
    sums = np.cumsum(np.concatenate(gaps), dtype=np.int64)
    before = np.concatenate([[0], sums[ends[:-1] - 1]])
    documents = (sums - np.repeat(before, counts)).astype(np.int32)
    frequencies = np.ones(len(documents), dtype=np.float32)
    for data, count, end in zip(lists, counts, ends.tolist(), strict=True):
        if data[1]:
            frequencies[end - count : end] = np.frombuffer(data, KINDS[data[1]], count, HEADER + count * data[0])
    return Postings(documents, frequencies), ends
