"""Row 53: what points at a private person is found. Every number and name here is made up."""

import pytest

from kb.domain.redaction import Detail, find_private_details, is_bank_card, is_identity_number
from tests.made_up import ROOT

IDENTITY = "11010519491231002X"
"""The example of GB 11643-1999 itself."""
CARD = "6222021001116245702"
FOUND = [
    (f"身份证号{IDENTITY}，", [(Detail.IDENTITY_NUMBER, IDENTITY, "18 位号码")]),
    ("号码 110105 19491231 002x 已登记", [(Detail.IDENTITY_NUMBER, "110105 19491231 002x", "18 位号码")]),
    ("１１０１０５１９４９１２３１００２Ｘ", [(Detail.IDENTITY_NUMBER, "１１０１０５１９４９１２３１００２Ｘ", "18 位号码")]),
    ("电话13812345678联系", [(Detail.MOBILE, "13812345678", "138****5678")]),
    ("电话 138-1234-5678。", [(Detail.MOBILE, "138-1234-5678", "138****5678")]),
    ("+86 13812345678", [(Detail.MOBILE, "86 13812345678", "138****5678")]),
    ("卡号6222 0210 0111 6245 702", [(Detail.BANK_CARD, "6222 0210 0111 6245 702", "19 位号码")]),
    ("走访贫困户张三家", [(Detail.NAME, "张三", "张某")]),
    ("低收入户村民李小明患病", [(Detail.NAME, "李小明", "李某")]),
    ("村民王大山是低保户", [(Detail.NAME, "王大山", "王某")]),
    ("困难党员陈秀英，今年七十岁", [(Detail.NAME, "陈秀英", "陈某")]),
    (f"{IDENTITY}和13812345678",
     [(Detail.IDENTITY_NUMBER, IDENTITY, "18 位号码"), (Detail.MOBILE, "13812345678", "138****5678")]),
]  # fmt: skip
NOT_FOUND = [
    "110105194912310021",  # the check character is wrong
    "110105194913310025",  # the thirteenth month
    "6222021001116245703",  # Luhn's sum is wrong
    "12812345678",
    "总投资1381234567800元",
    "（京）字第13812345678901号",
    "邮编 101300 电话 010-12345678",
    "低保户白某某",
    "帮扶贫困户江苏省",
    "低收入户任务、贫困户周转房",
    "残疾人、孤儿、留守儿童关爱",
    "书记王强走访低保户",
    "党员马上走访低保户",
    "",
]


@pytest.mark.parametrize(("text", "wanted"), FOUND, ids=[text for text, _ in FOUND])
def test_private_details_are_found_where_they_stand(text: str, wanted: list[tuple[Detail, str, str]]) -> None:
    assert [
        (detail.kind, text[detail.start : detail.end], detail.shown) for detail in find_private_details(text)
    ] == wanted


@pytest.mark.parametrize("text", NOT_FOUND)
def test_other_numbers_and_words_are_left_alone(text: str) -> None:
    assert find_private_details(text) == ()


def test_what_may_be_shown_repeats_no_number() -> None:
    shown = " ".join(detail.shown for detail in find_private_details(f"{IDENTITY} {CARD} 13812345678"))
    assert "1949" not in shown and "6222" not in shown and "1234" not in shown


def test_every_single_changed_digit_is_noticed_by_both_sums() -> None:
    for number, is_right in ((IDENTITY, is_identity_number), (CARD, is_bank_card)):
        assert is_right(number)
        for place in range(6, 17):
            other = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
            assert not is_right(other)


def test_the_shipped_records_name_no_private_person() -> None:
    found = [
        (path.name, detail.kind)
        for path in sorted((ROOT / "content").glob("[cm]*/*.md"))
        for detail in find_private_details(path.read_text(encoding="utf-8"))
    ]
    assert found == []
