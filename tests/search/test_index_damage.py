"""Row 37 of the threats: every kind of damage is found by the manifest, named by its fault, and cured by a rebuild."""

import pickle
import random
from pathlib import Path

import pytest

from search import (
    Analyser,
    Document,
    IndexDamaged,
    IndexMissing,
    IndexStale,
    Request,
    Schema,
    TextField,
    parse,
)
from search.engines.whoosh import WhooshEngine

SCHEMA = Schema((TextField("title", 2.0), TextField("body")), facets=("level",), sorts=("year",))
CASES = [
    Document(f"d{n}", {"title": f"党建{n}号", "body": "四上四下，督促落实。" * n}, {"level": ("区",)}, {"year": str(n)})
    for n in range(1, 9)
]
QUESTION = Request(parse("党建 四上四下"), limit=99, facets=("level",))


class Planted:
    """What an attacker would put into a pickle: opening it leaves a file behind."""

    def __init__(self, trace: Path) -> None:
        self._trace = trace

    def __reduce__(self):
        return Path.touch, (self._trace,)


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path):
    path.write_bytes(b"")


def flip_a_bit(path):
    data = bytearray(path.read_bytes())
    place = random.Random(len(data)).randrange(len(data))
    data[place] ^= 1
    path.write_bytes(bytes(data))


def scribble(path):
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[: size // 3] + random.Random(size).randbytes(size - size // 3))


def remove(path):
    path.unlink()


def plant(path):
    path.write_bytes(pickle.dumps(Planted(path.with_name("opened"))).ljust(path.stat().st_size, b"\0"))


@pytest.fixture
def folder(tmp_path, analyser):
    engine = WhooshEngine(tmp_path, SCHEMA, analyser)
    engine.rebuild(CASES[:5], stamp="one")
    engine.update(CASES[5:], [], stamp="two")
    engine.close()
    return tmp_path


def answer_of(engine):
    results = engine.search(QUESTION)
    return results.hits, results.facets, results.total


@pytest.mark.parametrize("pattern", ["g-*/*.toc", "g-*/*.seg", "CURRENT"])
@pytest.mark.parametrize("damage", [cut, empty, flip_a_bit, scribble, remove, plant])
def test_damage_is_found_before_anything_is_opened_and_a_rebuild_cures_it(folder, analyser, pattern, damage):
    engine = WhooshEngine(folder, SCHEMA, analyser)
    before = answer_of(engine)
    engine.close()
    victim = max(folder.glob(pattern), key=lambda path: path.stat().st_size)
    damage(victim)
    expected = IndexMissing if (pattern, damage) == ("CURRENT", remove) else IndexDamaged
    broken = WhooshEngine(folder, SCHEMA, analyser)
    for ask in (lambda: broken.search(QUESTION), broken.ids, lambda: broken.update(CASES[:1], [])):
        with pytest.raises(expected):
            ask()
    assert len(broken.verify()) == 1
    assert not victim.with_name("opened").exists()
    broken.rebuild(CASES, stamp="three")
    assert (answer_of(broken), broken.verify(), broken.stamp()) == (before, [], "three")
    broken.close()


def test_everything_deleted_is_a_missing_index_and_a_rebuild_cures_it(folder, analyser):
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    engine = WhooshEngine(folder, SCHEMA, analyser)
    with pytest.raises(IndexMissing):
        engine.search(QUESTION)
    engine.rebuild(CASES, stamp="again")
    assert engine.search(QUESTION).total == len(CASES)
    engine.close()


def test_an_old_dictionary_is_named_and_a_rebuild_cures_it(folder):
    engine = WhooshEngine(folder, SCHEMA, Analyser(["督促落实"]))
    assert engine.search(QUESTION).total == len(CASES)  # reading goes on
    with pytest.raises(IndexStale):
        engine.update(CASES[:1], [])
    assert engine.verify() == ["索引所用的词典与现在的词典不同，需要重建"]
    engine.rebuild(CASES, stamp="new words")
    assert (engine.verify(), engine.ids()) == ([], {case.id for case in CASES})
    engine.close()


def test_an_index_carried_in_from_elsewhere_is_not_opened(folder, analyser, tmp_path_factory):
    """Files of another generation under the names of ours."""
    other = tmp_path_factory.mktemp("other")
    engine = WhooshEngine(other, SCHEMA, analyser)
    engine.rebuild([Document("x", {"title": "别处"})], stamp="other")
    engine.close()
    (segment,) = other.glob("g-*/*.seg")
    max(folder.glob("g-*/*.seg"), key=lambda path: path.stat().st_size).write_bytes(segment.read_bytes())
    engine = WhooshEngine(folder, SCHEMA, analyser)
    with pytest.raises(IndexDamaged):
        engine.search(QUESTION)
