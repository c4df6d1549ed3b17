"""An index on disk that cannot hurt: damage is found before a file is opened, a change is whole or absent."""

import multiprocessing
import os
import pickle
import signal
import threading
import time

import pytest

from search import Analyser, Document, IndexDamaged, IndexMissing, IndexStale, Request, Schema, TextField, parse
from search.engines.whoosh import WhooshEngine

SCHEMA = Schema((TextField("title", 2.0), TextField("body")), facets=("level",))
EVERYTHING = Request(parse(""), limit=1000)


def case(number, word="甲"):
    return Document(f"d{number}", {"title": f"党建{number}号{word}", "body": "四上四下" * 20}, {"level": ("区",)})


@pytest.fixture
def folder(tmp_path, analyser):
    engine = WhooshEngine(tmp_path, SCHEMA, analyser)
    engine.rebuild([case(number) for number in range(5)], stamp="one")
    engine.close()
    return tmp_path


def files(folder, pattern):
    return sorted(folder.glob(pattern))


def cut(path):
    path.write_bytes(path.read_bytes()[:-7])


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(bytes(data))


class Trap:
    def __reduce__(self):
        return os.abort, ()


def plant_foreign_pickle(path):
    path.write_bytes(pickle.dumps(Trap()).ljust(path.stat().st_size, b"\0"))


DAMAGE = [
    ("g-*/*.toc", cut),
    ("g-*/*.toc", lambda path: path.write_bytes(b"")),
    ("g-*/*.toc", flip),
    ("g-*/*.toc", plant_foreign_pickle),
    ("g-*/*.toc", lambda path: path.unlink()),
    ("g-*/*.seg", cut),
    ("g-*/*.seg", flip),
    ("g-*/*.seg", plant_foreign_pickle),
    ("g-*/*.seg", lambda path: path.unlink()),
    ("CURRENT", cut),
    ("CURRENT", flip),
    ("CURRENT", lambda path: path.write_bytes(b"")),
]


@pytest.mark.parametrize(("pattern", "damage"), DAMAGE, ids=range(len(DAMAGE)))
def test_damage_is_found_said_and_mended_by_a_rebuild(folder, analyser, pattern, damage):
    (path,) = files(folder, pattern)
    damage(path)
    engine = WhooshEngine(folder, SCHEMA, analyser)
    (fault,) = engine.verify()
    assert "索引" in fault
    for ask in (lambda: engine.search(EVERYTHING), engine.ids, lambda: engine.update([case(9)], [])):
        with pytest.raises(IndexDamaged) as found:
            ask()
        assert found.value.faults == (fault,)
    engine.rebuild([case(1)], stamp="two")
    assert (engine.verify(), engine.stamp(), engine.ids()) == ([], "two", {"d1"})
    engine.close()


def test_all_deleted_is_a_missing_index(folder, analyser):
    for path in (*files(folder, "g-*/*"), folder / "CURRENT"):
        path.unlink()
    engine = WhooshEngine(folder, SCHEMA, analyser)
    assert engine.stamp() is None
    with pytest.raises(IndexMissing):
        engine.search(EVERYTHING)


def test_damage_after_opening_is_found_on_demand(folder, analyser):
    engine = WhooshEngine(folder, SCHEMA, analyser)
    engine.search(EVERYTHING)
    (path,) = files(folder, "g-*/*.seg")
    flip(path)
    assert engine.verify() == [f"索引文件 {path.name} 的内容被改动过"]
    engine.close()


def test_another_dictionary_reads_on_but_does_not_write(folder):
    engine = WhooshEngine(folder, SCHEMA, Analyser(["新词语"]))
    assert engine.search(EVERYTHING).total == 5
    assert engine.verify() == ["索引所用的词典与现在的词典不同，需要重建"]
    with pytest.raises(IndexStale):
        engine.update([case(9)], [])
    engine.close()


def test_another_schema_neither_reads_nor_writes(folder, analyser):
    engine = WhooshEngine(folder, Schema((TextField("title"),)), analyser)
    for ask in (lambda: engine.search(EVERYTHING), lambda: engine.update([], [])):
        with pytest.raises(IndexStale):
            ask()


def test_leftovers_of_a_killed_writer_are_not_read_and_are_swept(folder, analyser):
    (generation,) = files(folder, "g-*")
    strays = [generation / "_MAIN_99.toc", generation / "MAIN_stray.seg", folder / "g-half" / "x"]
    strays[2].parent.mkdir()
    for path in strays:
        path.write_bytes(b"half")
    engine = WhooshEngine(folder, SCHEMA, analyser)
    assert engine.search(EVERYTHING).total == 5
    engine.update([case(7)], [])
    assert engine.search(EVERYTHING).total == 6
    assert [path for path in strays if path.exists()] == []
    engine.close()


def test_when_all_documents_were_replaced_nothing_of_the_old_ones_is_kept(folder, analyser):
    engine = WhooshEngine(folder, SCHEMA, analyser)
    (before,) = files(folder, "g-*/*.seg")
    engine.update([case(number, "乙") for number in range(5)], [])
    found = engine.search(Request(parse("乙"))), engine.search(Request(parse("“甲”")))
    engine.close()
    (after,) = [path for path in files(folder, "g-*/*.seg") if path.name in (folder / "CURRENT").read_text()]
    assert after != before
    assert [results.total for results in found] == [5, 0]


def test_another_process_sees_the_change(folder, analyser):
    reader, writer = (WhooshEngine(folder, SCHEMA, analyser) for _ in range(2))
    assert reader.search(EVERYTHING).total == 5
    writer.update([case(8)], ["d0"])
    assert reader.ids() == writer.ids() == {"d1", "d2", "d3", "d4", "d8"}
    writer.rebuild([case(1)], stamp="two")
    assert (reader.ids(), reader.stamp()) == ({"d1"}, "two")
    reader.close()
    writer.close()


def write_for_ever(folder, analyser):
    engine = WhooshEngine(folder, SCHEMA, analyser)
    turn = 0
    while True:
        turn += 1
        word = "甲乙"[turn % 2]
        changed = [case(number, word) for number in range(5)]
        if turn % 3:
            engine.update(changed, [])
        else:
            engine.rebuild(changed, stamp="again")


@pytest.mark.parametrize("delay_ms", [35, 60, 90, 125, 170, 220])
def test_a_writer_killed_at_any_time_leaves_old_or_new_never_a_mixture(folder, analyser, delay_ms):
    writer = multiprocessing.get_context("fork").Process(target=write_for_ever, args=(folder, analyser), daemon=True)
    writer.start()
    time.sleep(delay_ms / 1000)
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    engine = WhooshEngine(folder, SCHEMA, analyser)
    titles = sorted(hit.texts["title"] for hit in engine.search(EVERYTHING).hits)
    assert engine.verify() == []
    assert titles in [[f"党建{number}号{word}" for number in range(5)] for word in "甲乙"]
    engine.update([case(6)], [])
    assert len(engine.ids()) == 6
    engine.close()


def test_threads_search_while_commits_go_on(folder, analyser):
    engine = WhooshEngine(folder, SCHEMA, analyser)
    wrong = []
    is_done = threading.Event()

    def ask():
        while not is_done.is_set():
            results = engine.search(Request(parse("党建 四上四下"), facets=("level",), limit=99))
            words = {hit.texts["title"][-1] for hit in results.hits}
            if (results.total, len(words), results.facets) != (5, 1, {"level": {"区": 5}}):
                wrong.append(results)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for turn in range(12):
        engine.update([case(number, "甲乙"[turn % 2]) for number in range(5)], [])
    is_done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert engine.verify() == []
    engine.close()
