"""kb import: any text becomes a draft that holds it word for word, anything else is refused by name; all or nothing."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from kb.bootstrap import open_library
from kb.bootstrap.imports import WORD, ImportedFile, import_files
from kb.config import Settings, load_settings
from kb.errors import AskedWrongly, NotReady, UnreadableFile
from kb.repository.content_folder import MarkdownContentRepository
from kb.repository.decode import decode
from kb.repository.draft_file import build_draft, build_word_draft, quote, unquote
from kb.repository.record_file import parse_record
from tests.cli.own_library import call_kb, make_own_library
from tests.intake.made_files import paragraph, table, word_file, zip_file
from tests.intake.test_odd_inputs import letters, paragraphs
from tests.made_up import CASE, CASE_TEMPLATE, ROOT

ODD_INPUTS = ROOT.parent / "shared/data/odd_inputs"
REFUSED_TEXTS = {
    "made/nul_bytes.md": "空字符（NUL）", "made/only_bom.md": "文件是空的", "made/trunc_utf8.md": "UTF-8 文字在第",
}  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"KB_LIBRARY": str(make_own_library(tmp_path / "own"))})


def take_in(settings: Settings, folder: Path, *, dry_run: bool = False) -> dict[str, ImportedFile]:
    return {row.name: row for row in report_on(settings, folder, dry_run=dry_run)}


def report_on(settings: Settings, source: Path, region: str = "000000", *, dry_run: bool = False) -> list[ImportedFile]:
    return import_files(settings, source, region, 2026, dry_run=dry_run, progress=lambda *_: None)


def test_every_odd_input_is_a_draft_with_its_text_or_refused_by_name(settings: Settings) -> None:
    if not ODD_INPUTS.is_dir():
        pytest.skip(f"data not present: {ODD_INPUTS}")
    rows = [json.loads(line) for line in (ODD_INPUTS / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    report = take_in(settings, ODD_INPUTS)
    assert len(rows) == 119
    assert set(report) == {row["file"] for row in rows} | {"manifest.jsonl"}
    wrong, refused, words = [], {}, {}
    for row in rows:
        found = report[row["file"]]
        if not found.path:
            refused[row["file"]] = " ".join(found.notes)
            continue
        if found.encoding == WORD:
            kept = letters((settings.content_folder / found.path).read_text(encoding="utf-8"))
            texts = list(paragraphs((ODD_INPUTS / row["file"]).read_bytes()))
            wrong += [(row["file"], text) for text in texts if text not in kept]
            words[row["file"]] = len(texts)
            continue
        source = decode((ODD_INPUTS / row["file"]).read_bytes())
        draft = (settings.content_folder / found.path).read_text(encoding="utf-8")
        digests = {hashlib.sha256(text.encode()).hexdigest() for text in (source.text, source.lines_unified)}
        is_as_told = "text_sha256" not in row or row["text_sha256"] in digests
        if not is_as_told or unquote(draft) != source.lines_unified:
            wrong.append(row["file"])
    assert wrong == []
    office = {name: told for name, told in refused.items() if name.startswith("real_office/")}
    assert len(office) == 2 and all("另存为 docx" in told for told in office.values())
    assert len(words) == 8 and sum(words.values()) >= 300
    assert {name for name in refused if name not in office} == set(REFUSED_TEXTS)
    assert all(part in refused[name] for name, part in REFUSED_TEXTS.items())
    repository = MarkdownContentRepository(settings.content_folder, settings.templates_folder)
    for path in (row.path for row in report.values() if row.path):
        plain = repository.read(path)
        assert plain.fields["status"] == "草稿" and plain.fields["title"].strip()


def test_drafts_are_checked_and_synced_without_being_shown(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "from"
    folder.mkdir()
    for number, text in enumerate(("# 一\n\n## 做法\n\n```\n## 二\n", "---\na: [\n---\n正文", "[" * 2000, CASE)):
        (folder / f"{number}.md").write_text(text, encoding="utf-8")
    assert all(row.path for row in take_in(settings, folder).values())
    library = open_library(settings)
    assert {finding.path for finding in library.check() if finding.is_error} == {"cases/000000-2026-0003.md"}
    assert library.sync(lambda *_: None).cases == 1
    library.close()


def test_own_case_files_keep_their_fields_and_what_the_template_lacks(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "from"
    folder.mkdir()
    text = CASE.replace("unit: ", "mood: 很好\nunit: ")
    (folder / "old.md").write_text(text, encoding="gb18030")
    row = take_in(settings, folder)["old.md"]
    assert (row.path, row.encoding) == ("cases/000000-2026-0001.md", "gb18030")
    draft = (settings.content_folder / row.path).read_text(encoding="utf-8")
    before, after = (
        parse_record(CASE.encode(), CASE_TEMPLATE).fields,
        parse_record(draft.encode(), CASE_TEMPLATE).fields,
    )
    changed = {key for key in before if before[key] != after.get(key)}
    assert changed == {"id", "status", "practice"}
    assert after["practice"].startswith(before["practice"]) and unquote(draft) == text
    assert row.notes == ("模板里没有的项留在“做法”的引文里：mood。",)


@pytest.mark.parametrize(
    ("text", "title", "keywords"),
    [
        ("---\ntitle: 甲\ntags: [乙, 丙]\n---\n正文", "甲", ["乙", "丙"]),
        ("---\n标题: 甲\n关键词: 乙、丙，丁\n---\n正文", "甲", ["乙", "丙", "丁"]),
        ("正文\n# 第一个标题 #\n", "第一个标题", []),
        ("---\ntitle: 没有收尾\n", "old", []),
        ("只有正文", "old", []),
        ("---\ntitle: {a: 1}\n---\n# 用这个", "用这个", []),
    ],
)
def test_title_and_keywords_from_any_front_matter(text: str, title: str, keywords: list[str]) -> None:
    draft = build_draft("000000-2026-0001", "x/old.md", text, CASE_TEMPLATE)
    plain = parse_record(draft.text.encode(), CASE_TEMPLATE).fields
    assert (plain["title"], plain.get("keywords", [])) == (title, keywords)
    assert unquote(draft.text) == text


def test_quoting_comes_back_whole() -> None:
    for text in ("", "\n\n", "> a\n>b\n\n", "## 一、问题\n~~~\n  \n", "a \n b"):
        assert unquote(quote(text)) == text


def test_names_from_anywhere_get_safe_ones(settings: Settings, tmp_path: Path) -> None:
    """Row 8: whatever a file is called, its draft is called after its number."""
    folder = tmp_path / "from"
    folder.mkdir()
    names = [
        b"CON.md",
        ("长" * 83 + ".md").encode(),
        b"A.md",
        b"a.md",
        b"dot.",
        b"\xff\xfe.md",
        b"a\nb\x1b[31m.md",
        b" .md",
    ]
    for name in names:
        (folder / os.fsdecode(name)).write_text("正文", encoding="utf-8")
    (folder / "link.md").symlink_to("/etc/hosts")
    (folder / "linked").symlink_to("/etc")
    report = report_on(settings, folder)
    taken = sorted(row.path for row in report if row.path)
    assert taken == [f"cases/000000-2026-{number:04d}.md" for number in range(1, len(names) + 1)]
    assert all(row.name.isprintable() for row in report)
    assert {row.name: row.notes for row in report if not row.path} == dict.fromkeys(
        ("link.md", "linked"), ("这是一个链接，没有读取。把文件本身放进来。",)
    )
    assert open_library(settings).sync(lambda *_: None).cases == 1
    with pytest.raises(AskedWrongly, match="地区代码"):
        report_on(settings, folder, "../../")


def test_all_or_nothing(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "from"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.md").write_text("正文", encoding="utf-8")
    before = sorted(settings.content_folder.rglob("*"))
    assert len(take_in(settings, folder, dry_run=True)) == 5
    assert sorted(settings.content_folder.rglob("*")) == before
    for call, stop in (("os.link", 3), ("os.fsync", 4)):
        real, calls = (os.link, os.fsync)[call == "os.fsync"], []

        def fail(*words: object, real=real, calls=calls, stop=stop) -> object:  # type: ignore[no-untyped-def]
            calls.append(words)
            if len(calls) == stop:
                raise OSError(28, "No space left on device")
            return real(*words)

        with monkeypatch.context() as patch:
            patch.setattr(call, fail)
            with pytest.raises(NotReady, match="一个也没有收进来"):
                take_in(settings, folder)
        assert sorted(settings.content_folder.rglob("*")) == before
    assert next(row.path for row in take_in(settings, folder).values()) == "cases/000000-2026-0001.md"
    assert next(row.path for row in take_in(settings, folder).values()) == "cases/000000-2026-0006.md"


BODY = (
    paragraph("虚构村用夜访办法听到了真话")
    + table(("单位", "虚构镇党委"), ("摘要", "虚构的摘要"), ("主问题类型", "P5.1 软弱涣散"), ("起止时间", "2019年1月"))
    + paragraph("一、问题")
    + paragraph("村里白天找不到人。")
    + paragraph("附件")
)
WORDS = {
    "村/甲.docx": word_file(BODY),
    "乙.txt": "乙的正文".encode("gb18030"),
    "旧.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "坏.docx": b"PK\x03\x04",
}


def test_a_folder_and_a_zip_of_word_files_come_in_the_same_way(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "from"
    for name, data in WORDS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    packed = tmp_path / "一批.zip"
    packed.write_bytes(zip_file(dict(sorted(WORDS.items()))))
    assert report_on(settings, folder, dry_run=True) == report_on(settings, packed, dry_run=True)
    report = {row.name: row for row in report_on(settings, packed)}
    assert {name for name, row in report.items() if not row.path} == {"旧.doc", "坏.docx"}
    asked = sum(slot.need.value != "automatic" for slot in CASE_TEMPLATE.slots)
    row = report["村/甲.docx"]
    assert (row.title, row.encoding) == ("虚构村用夜访办法听到了真话", WORD)
    assert row.notes[0].startswith(f"认出 6/{asked} 项；还差 ")
    text = (settings.content_folder / row.path).read_text(encoding="utf-8")
    plain = parse_record(text.encode(), CASE_TEMPLATE).fields
    assert (plain["unit"], plain["summary"], plain["status"]) == ("虚构镇党委", "虚构的摘要", "草稿")
    assert (plain["problem"], plain["period"]) == ("P5.1", {"start": "2019-01"})
    assert plain["situation"].startswith("村里白天找不到人。")
    assert open_library(settings).sync(lambda *_: None).cases == 1


@pytest.mark.parametrize(
    ("fields", "left"), [({"title": "甲", "situation": "## 一\n字"}, ("余下",)), ({"keywords": ["字" * 20_000]}, ())]
)
def test_what_a_case_file_cannot_hold_as_a_field_is_quoted(fields: dict[str, object], left: tuple[str, ...]) -> None:
    draft = build_word_draft("000000-2026-0001", "甲.docx", fields, left, CASE_TEMPLATE)
    plain = parse_record(draft.text.encode(), CASE_TEMPLATE).fields
    assert set(plain) == {"id", "status", "title", "practice"}
    assert plain["title"] == "甲" and draft.notes == (
        "认出的各项写不成案例文件（太长，或有特殊的写法），都留在引文里。",
    )
    for text in (*left, str(fields.get("situation", "字" * 20_000))):
        assert text in unquote(draft.text)


def test_a_zip_not_in_order_leaves_the_library_as_it_was(settings: Settings, tmp_path: Path) -> None:
    packed = tmp_path / "坏.zip"
    packed.write_bytes(zip_file({"甲.docx": WORDS["村/甲.docx"], "../../乙.docx": b"x"}))
    before = sorted(settings.content_folder.rglob("*"))
    with pytest.raises(UnreadableFile, match="指向别处"):
        report_on(settings, packed)
    assert sorted(settings.content_folder.rglob("*")) == before


def test_how_far_it_is_is_told_file_by_file(settings: Settings, tmp_path: Path) -> None:
    packed = tmp_path / "两份.zip"
    packed.write_bytes(zip_file({"甲.txt": "甲", "乙.txt": "乙"}))
    told: list[tuple[str, int, int]] = []
    import_files(settings, packed, "000000", 2026, dry_run=True, progress=lambda *step: told.append(step))
    assert told == [("读取文件", 1, 2), ("读取文件", 2, 2)]


def test_the_command_reports_file_by_file(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "from"
    folder.mkdir()
    (folder / "a.txt").write_text("正文", encoding="utf-8-sig")
    (folder / "b.docx").write_bytes(b"PK\x03\x04")
    assert settings.library_folder
    done = call_kb(settings.library_folder, "import", folder, "--region", "110113", "--dry-run")
    assert (done.returncode, done.stderr) == (1, "")
    first, second, last, _ = done.stdout.split("\n")
    assert first.startswith("a.txt → cases/110113-") and first.endswith("-0001.md（utf-8）a")
    assert second == "没有收 b.docx：文件已损坏，打不开。请在 Word 或 WPS 里打开，另存一份再上传。"
    assert last == "2 个文件：可以收作草稿 1 个，没有收 1 个。"
