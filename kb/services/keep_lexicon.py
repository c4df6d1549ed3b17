"""词典: words the segmentation keeps whole, and groups of words that mean the same."""

from collections.abc import Sequence
from typing import Protocol

from kb.errors import AskedWrongly
from kb.services.reference_edits import Change

SHORTEST, LONGEST = 2, 20
"""Characters of a word."""
MOST_OF_A_GROUP = 30
Group = tuple[str, ...]


class TermsText(Protocol):
    """The words as text."""

    path: str

    def entries(self, text: str) -> tuple[str, ...]: ...

    def add(self, text: str, word: str) -> str: ...

    def change(self, text: str, was: str, word: str) -> str: ...

    def remove(self, text: str, was: str) -> str: ...


class SynonymsText(Protocol):
    """The groups as text."""

    path: str

    def entries(self, text: str) -> tuple[Group, ...]: ...

    def add(self, text: str, group: Group) -> str: ...

    def change(self, text: str, was: Group, group: Group) -> str: ...

    def remove(self, text: str, was: Group) -> str: ...


def add_term(text: str, word: str, terms: TermsText) -> Change:
    """Raises AskedWrongly for what no word can be."""
    check_word(word)
    _check_new(word, terms.entries(text))
    return Change(terms.path, terms.add(text, word), f"新增词语“{word}”")


def change_term(text: str, was: str, word: str, terms: TermsText) -> Change:
    check_word(word)
    _check_new(word, [one for one in terms.entries(text) if one != was])
    return Change(terms.path, terms.change(text, was, word), f"词语“{was}”改为“{word}”")


def remove_term(text: str, was: str, terms: TermsText) -> Change:
    return Change(terms.path, terms.remove(text, was), f"去掉词语“{was}”")


def add_group(text: str, group: Sequence[str], synonyms: SynonymsText) -> Change:
    """Raises AskedWrongly for what no group can be."""
    words = _checked(group, synonyms.entries(text))
    return Change(synonyms.path, synonyms.add(text, words), f"新增同义词“{words[0]}”等 {len(words)} 个")


def change_group(text: str, was: Group, group: Sequence[str], synonyms: SynonymsText) -> Change:
    words = _checked(group, [one for one in synonyms.entries(text) if one != was])
    return Change(synonyms.path, synonyms.change(text, was, words), f"修改同义词“{was[0]}”一组")


def remove_group(text: str, was: Group, synonyms: SynonymsText) -> Change:
    return Change(synonyms.path, synonyms.remove(text, was), f"去掉同义词“{was[0]}”一组")


def split_words(text: str) -> Group:
    """Words apart by 、, commas or line ends, each once."""
    for sign in "，,；;\n\r":
        text = text.replace(sign, "、")
    return tuple(dict.fromkeys(word.strip() for word in text.split("、") if word.strip()))


def check_word(word: str) -> None:
    """Raises AskedWrongly for what no word can be."""
    if not SHORTEST <= len(word) <= LONGEST or not word.isprintable() or word.startswith("#") or " " in word:
        raise AskedWrongly(
            f"“{word[:LONGEST]}”不能作词语。", advice=f"{SHORTEST} 到 {LONGEST} 个字，中间不空格，不以 # 开头。"
        )


def _check_new(word: str, others: Sequence[str]) -> None:
    if word in others:
        raise AskedWrongly(f"词典里已有“{word}”。", advice="不用再加。")


def _checked(group: Sequence[str], others: Sequence[Group]) -> Group:
    words = tuple(dict.fromkeys(group))
    if not 2 <= len(words) <= MOST_OF_A_GROUP:
        raise AskedWrongly(f"一组要有 2 到 {MOST_OF_A_GROUP} 个不同的词。", advice="每个词之间用顿号隔开。")
    for word in words:
        check_word(word)
    if any(set(words) == set(other) for other in others):
        raise AskedWrongly("已有这样的一组。", advice="在列表里找到它来改。")
    return words
