"""Made-up twins: copies with names and years changed are folded, other cases on the same matter are not."""

from kb.services.fold_twins import find_twins
from search import Hit

SUMMARY = "虚构镇有三个支部长期开不成会，镇党委派人与支部结对，逐月帮助，把会开起来，把办法写成制度。"
BODY = (
    "虚构镇的三个支部两年没有开会，书记在外打工，村里的事没有人管。镇党委先摸底，再派六名干部与支部结对，"
    "每月到村里两次，帮着定议题、叫人、做记录。半年以后三个支部都按月开会，镇里把做法写成办法，别的村照着办。"
)


def hit(id: str, summary: str = SUMMARY, body: str = BODY) -> Hit:
    return Hit(id, 1.0, (), {"summary": summary, "body": body})


def twins(*hits: Hit, lesson: str = "") -> dict[str, tuple[str, ...]]:
    return find_twins(hits, {hit.id: "教训" if hit.id == lesson else "经验" for hit in hits})


def test_a_copy_with_a_name_a_number_and_a_year_changed_is_folded_into_the_better_hit() -> None:
    copy = hit("2", SUMMARY.replace("虚构镇", "假想乡"), BODY.replace("虚构镇", "假想乡").replace("六名", "九名"))
    assert twins(hit("1"), copy) == {"1": ("2",)}


def test_the_same_matter_in_other_words_stays() -> None:
    other = hit("2", "某乡几个支部没人主持，乡里选派干部驻村，把组织生活恢复起来。", "支部停摆以后，乡里派人驻村。" * 5)
    assert twins(hit("1"), other) == {"1": (), "2": ()}


def test_only_the_summary_or_only_the_body_alike_is_no_twin() -> None:
    assert twins(hit("1"), hit("2", summary="别的摘要，说的是另一个地方的另一件事。")) == {"1": (), "2": ()}
    assert twins(hit("1"), hit("2", body="别的正文，说的是另一个地方的另一件事。")) == {"1": (), "2": ()}


def test_empty_texts_are_nobodys_twins() -> None:
    assert twins(hit("1", "", ""), hit("2", "", "")) == {"1": (), "2": ()}


def test_three_copies_fold_into_the_first_and_order_is_kept() -> None:
    other = hit("2", "另一件事的摘要，讲的是社区停车。", "另一件事的正文，讲的是小区里怎样挖出车位。")
    assert twins(hit("1"), other, hit("3"), hit("4")) == {"1": ("3", "4"), "2": ()}


def test_a_lesson_told_in_the_words_of_an_experience_stays_a_case_of_its_own() -> None:
    assert twins(hit("1"), hit("2")) == {"1": ("2",)}
    assert twins(hit("1"), hit("2"), lesson="2") == {"1": (), "2": ()}
