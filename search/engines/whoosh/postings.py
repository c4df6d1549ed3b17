"""A term's posting blocks as arrays, read straight from the bytes Whoosh wrote.

Reads name their place and share no position, so several threads may decode at once.
"""

import io
import pickle
import struct
import zlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC
from whoosh.reading import SegmentReader, TermNotFound

_LENGTH = struct.Struct("!i")


class Postings(NamedTuple):
    """Document numbers, ascending, and the term's frequency in each."""

    documents: NDArray[np.int32]
    frequencies: NDArray[np.float32]


def read_postings(reader: SegmentReader, field: str, term: bytes) -> Postings | None:
    """Postings of a term in one segment, deleted documents included; None where the segment lacks it."""
    terms = reader._terms
    if field not in terms._fieldmap:
        return None
    try:
        offset, (length,) = terms.term_info(field, term).extent()  # read back, Whoosh leaves the length packed
    except TermNotFound:
        return None
    blocks = _blocks(terms._postfile.get(offset, length))
    documents, frequencies = zip(*blocks, strict=True)
    return Postings(np.concatenate(documents), np.concatenate(frequencies))


def _blocks(data: bytes) -> list[tuple[NDArray[np.int32], NDArray[np.float32]]]:
    """Each block: its signed length (negative marks the last), a pickled header, the pickled and packed postings."""
    stream = io.BytesIO(data)
    if stream.read(4) != WHOOSH3_HEADER_MAGIC:
        raise ValueError("no posting list starts here")
    found = []
    is_last = False
    while not is_last:
        (length,) = _LENGTH.unpack(stream.read(_LENGTH.size))
        is_last = length < 0
        end = stream.tell() + abs(length)
        count, _, _, compression, _, _ = pickle.load(stream)
        packed = data[stream.tell() : end]
        stream.seek(end)
        found.append(_block(count, zlib.decompress(packed) if compression else packed))
    return found


def _block(count: int, packed: bytes) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    gaps, weights, _ = pickle.loads(packed)
    documents = np.cumsum(np.array(gaps, dtype=np.int32), dtype=np.int32)
    if weights is None or isinstance(weights, float):  # Whoosh's way of saying that all are one, or all alike
        return documents, np.full(count, 1.0 if weights is None else weights, dtype=np.float32)
    return documents, np.array(weights, dtype=np.float32)
