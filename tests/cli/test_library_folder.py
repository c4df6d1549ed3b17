"""A library folder: made by kb init, found from wherever one stands, its settings beaten by the environment."""

from pathlib import Path

import pytest

from kb.config import Settings, load_settings
from kb.errors import AskedWrongly, BrokenLibrary
from kb.paths import shipped
from kb.repository.content_folder import MarkdownContentRepository
from kb.repository.library_folder import start_library
from tests.cli.own_library import call_kb, make_own_library


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_shelf_comes_along_or_stays_out(tmp_path: Path) -> None:
    start_library(tmp_path / "full", with_shelf=True)
    start_library(tmp_path / "empty", with_shelf=False)
    shelf = {f"content/{path.relative_to(shipped('content')).as_posix()}" for path in shipped("content").rglob("*.*")}
    assert {name for name in names(tmp_path / "full") if name.startswith("content/")} == shelf
    kept = {name for name in shelf if name.startswith(("content/taxonomy/", "content/lexicon/"))}
    others = {
        "library.toml",
        "templates/mechanism/case.yaml",
        "templates/mechanism/mechanism.yaml",
        "templates/mechanism/unit-sheet.yaml",
    }
    assert names(tmp_path / "empty") == kept | others | {"content/questions/kept.yaml"}


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("我的")
    with pytest.raises(AskedWrongly, match="里已有东西，没有动它"):
        start_library(tmp_path, with_shelf=False)
    assert (names(tmp_path), list(tmp_path.parent.glob(".*.init-*"))) == ({"mine.txt"}, [])


def test_a_stop_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kb.repository.library_folder.write_file", fail)
    with pytest.raises(OSError):
        start_library(tmp_path / "new", with_shelf=False)
    assert list(tmp_path.iterdir()) == []


def test_the_commands_work_from_any_folder(tmp_path: Path) -> None:
    library = make_own_library(tmp_path / "own")
    (tmp_path / "elsewhere").mkdir()
    assert call_kb(library / "content/cases", "sync").stderr == "读取 2 个文件，移除 0 个；库中现有 1 个案例。\n"
    for words, env in (((), {"KB_LIBRARY": str(library)}), (("--library", library), {})):
        shown = call_kb(tmp_path / "elsewhere", "show", "pair-up", *words, **env)
        assert shown.stdout.startswith("编号：pair-up\n"), shown.stderr
    assert call_kb(tmp_path, "--library", tmp_path / "elsewhere", "sync").stderr == (
        f"错误：{tmp_path}/elsewhere 里没有 library.toml，不是案例库文件夹。用 kb init {tmp_path}/elsewhere 新建一个。\n"
    )
    assert names(tmp_path / "elsewhere") == set()


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_library(tmp_path / "own", with_shelf=False)
    folder = tmp_path / "own"
    (folder / "library.toml").write_text('port = 9000\nresult_cache = false\ndata = "/srv/data"\n', encoding="utf-8")
    from_file = load_settings({"KB_LIBRARY": str(folder), "KB_PROCESSES": "1"})
    assert from_file == Settings(
        folder / "content", Path("/srv/data"), shipped("templates"), port=9000, keeps_results=False, library_folder=folder
    )  # fmt: skip
    env = {
        "KB_LIBRARY": str(folder),
        "KB_PROCESSES": "1",
        "PORT": "9100",
        "KB_DATA": str(tmp_path / "d"),
        "KB_RESULT_CACHE": "1",
    }
    assert load_settings(env) == Settings(
        folder / "content", tmp_path / "d", shipped("templates"), port=9100, library_folder=folder
    )
    monkeypatch.chdir(tmp_path)
    assert load_settings({}).library_folder is None


@pytest.mark.parametrize(
    ("text", "words"),
    [("port = [", "读不了"), ("colour = 1", "“colour”不能用"), ("port = 0", "PORT=0 不是"), ("[port]", "“port”不能用")],
)
def test_a_faulty_settings_file_is_said_in_plain_words(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "library.toml").write_text(text, encoding="utf-8")
    with pytest.raises(AskedWrongly, match=words):
        load_settings({"KB_LIBRARY": str(tmp_path)})


def test_a_template_of_another_version_is_refused_by_name(tmp_path: Path) -> None:
    start_library(tmp_path / "own", with_shelf=False)
    path = tmp_path / "own/templates/mechanism/case.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("{key: quotes,", "{key: sayings,"), encoding="utf-8")
    with pytest.raises(BrokenLibrary, match=r"case\.yaml 与这一版程序不合：quotes、sayings。"):
        MarkdownContentRepository(tmp_path / "own/content", tmp_path / "own/templates")
