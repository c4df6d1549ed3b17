"""One analyser for all search tests: jieba's dictionary takes a second to read."""

import pytest

from search import Analyser

WORDS = ("四上四下", "中梗阻", "宽松软", "人才洼地")
SYNONYMS = (("两新", "非公企业和社会组织"), ("三会一课", "组织生活"))


@pytest.fixture(scope="session")
def analyser() -> Analyser:
    return Analyser(WORDS, SYNONYMS)
