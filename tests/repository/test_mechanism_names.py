"""Names of mechanisms for those who write: of the ones readers may see, and new as soon as a file is."""

from pathlib import Path

from kb.repository.content_folder import MarkdownContentRepository
from tests.made_up import MECHANISM
from tests.web.conftest import open_synced
from tests.web.made_up_folder import write_folder


def test_a_mechanism_goes_by_its_title_once_readers_may_see_it(tmp_path: Path) -> None:
    settings = write_folder(tmp_path)
    repository = MarkdownContentRepository(settings.content_folder, settings.templates_folder)
    draft = (
        MECHANISM.replace("pair-up", "not-yet")
        .replace("干部与支部结对", "还没有纳入的")
        .replace("status: 纳入", "status: 草稿")
    )
    (settings.content_folder / "mechanisms/not-yet.md").write_text(draft, encoding="utf-8")
    found = repository.reference_data().references
    assert (found.titles, sorted(found.solves)) == ({"pair-up": "干部与支部结对"}, ["not-yet", "pair-up"])
    renamed = MECHANISM.replace("title: 干部与支部结对", "title: 改了的名称")
    (settings.content_folder / "mechanisms/pair-up.md").write_text(renamed, encoding="utf-8")
    assert repository.reference_data().references.titles == {"pair-up": "改了的名称"}


def test_an_open_library_knows_the_titles_of_its_last_sync(tmp_path: Path) -> None:
    library = open_synced(tmp_path)
    file = library.settings.content_folder / "mechanisms/pair-up.md"
    found = []
    for old, new in (("", ""), ("title: 干部与支部结对", "title: 改了的名称"), ("status: 纳入", "status: 草稿")):
        file.write_text(MECHANISM.replace(old, new, 1), encoding="utf-8")
        library.sync(lambda *_: None)
        with library.reading() as reading:
            found.append(reading.reference.references.titles)
    library.close()
    assert found == [{"pair-up": "干部与支部结对"}, {"pair-up": "改了的名称"}, {}]
