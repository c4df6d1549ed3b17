"""Names of mechanisms for those who write: of the ones readers may see, and new as soon as a file is."""

from pathlib import Path

from kb.repository.content_folder import MarkdownContentRepository
from tests.made_up import MECHANISM
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
