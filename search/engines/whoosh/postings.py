"""A term's posting list: document numbers and frequencies as two packed arrays.

    kind of gaps · kind of frequencies · gaps between document numbers · frequencies        (kinds: 1, 2, 4 bytes each)

Whoosh's own blocks are compressed pickles of tuples; writing them took two thirds of a build and reading them most of
the first touch of a term. A list is written and read whole, as every document of a term is scored anyway.
Frequencies that are all one take no room (kind 0).
"""

from collections.abc import Iterator
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
    gap_kind, frequency_kind = data[0], data[1]
    count = (len(data) - HEADER) // (gap_kind + frequency_kind)
    gaps = np.frombuffer(data, KINDS[gap_kind], count, HEADER)
    documents = np.cumsum(gaps, dtype=np.int32)
    if not frequency_kind:
        return Postings(documents, np.ones(count, dtype=np.float32))
    frequencies = np.frombuffer(data, KINDS[frequency_kind], count, HEADER + count * gap_kind)
    return Postings(documents, frequencies.astype(np.float32))
