"""Which addresses are shown as links."""

import pytest

from kb.domain.records import is_credible


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
