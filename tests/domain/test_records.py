"""Which addresses are shown as links."""

import pytest

from kb.domain.records import SourceRecord, is_credible, word_for_unstated


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.beijing.gov.cn/a", True),
        ("http://gov.cn", True),
        ("https://evilgov.cn/a", False),
        ("https://gov.cn.evil.example/a", False),
        ("http://www.x.gov.cn：80/", False),
        ("http://[abc", False),
        ("https://mp.weixin.qq.com／s／abc", False),
        ("", False),
    ],
)
def test_only_hosts_of_the_list_and_below_are_credible(url: str, expected: bool) -> None:
    assert is_credible(url, ("gov.cn",)) is expected


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (("whole",), "原文未载"),
        (("whole", "part"), "所见部分未载"),
        (("unknown-extent",), "所见部分未载"),
        (("no-record",), "原文未载"),
        ((), "原文未载"),
    ],
)
def test_only_of_pages_read_as_a_whole_one_may_say_what_they_do_not_say(named: tuple[str, ...], expected: str) -> None:
    extents = {"whole": "全文", "part": "部分", "unknown-extent": ""}
    records = {name: SourceRecord(name, "题", "某报", "2020", extent=extent) for name, extent in extents.items()}
    assert word_for_unstated(named, records) == expected
