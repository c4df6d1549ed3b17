"""错敏词: a rule is added, changed or taken out; each names its basis and the day it ends."""

from datetime import date
from typing import NamedTuple, Protocol

from kb.domain.flagged_wording import FlaggedWord, Level
from kb.errors import AskedWrongly
from kb.services.reference_edits import Change

LONGEST_WORD, LONGEST_BASIS = 30, 120


class RulesText(Protocol):
    """The rules as text."""

    path: str

    def entries(self, text: str) -> tuple[FlaggedWord, ...]: ...

    def add(self, text: str, rule: FlaggedWord) -> str: ...

    def change(self, text: str, wrong: str, rule: FlaggedWord) -> str: ...

    def remove(self, text: str, wrong: str) -> str: ...


class RuleWish(NamedTuple):
    """A rule as a form has it; `until` YYYY-MM-DD or "" for always, `allowed` words apart by 、 or |."""

    wrong: str = ""
    right: str = ""
    level: str = Level.YELLOW.value
    basis: str = ""
    until: str = ""
    allowed: str = ""


def wish_of(rule: FlaggedWord) -> RuleWish:
    """The form of a rule that stands."""
    until = rule.until.isoformat() if rule.until else ""
    return RuleWish(rule.wrong, rule.right, rule.level.value, rule.basis, until, "、".join(rule.allowed))


def add_rule(text: str, wish: RuleWish, rules: RulesText) -> Change:
    """Raises AskedWrongly for what no rule can be."""
    rule = _rule(wish, [one.wrong for one in rules.entries(text)])
    return Change(rules.path, rules.add(text, rule), f"新增错敏词“{rule.wrong}”")


def change_rule(text: str, wrong: str, wish: RuleWish, rules: RulesText) -> Change:
    rule = _rule(wish, [one.wrong for one in rules.entries(text) if one.wrong != wrong])
    return Change(rules.path, rules.change(text, wrong, rule), f"修改错敏词“{wrong}”")


def remove_rule(text: str, wrong: str, rules: RulesText) -> Change:
    return Change(rules.path, rules.remove(text, wrong), f"去掉错敏词“{wrong}”")


def _rule(wish: RuleWish, others: list[str]) -> FlaggedWord:
    if not (wish.wrong and wish.right and wish.basis) or wish.wrong == wish.right:
        raise AskedWrongly("错的写法、正的写法、依据都要写，前两样不能相同。", advice="补上再提交。")
    if max(len(wish.wrong), len(wish.right)) > LONGEST_WORD or len(wish.basis) > LONGEST_BASIS:
        raise AskedWrongly(f"写法不超过 {LONGEST_WORD} 字，依据不超过 {LONGEST_BASIS} 字。", advice="写短些。")
    if wish.wrong in others:
        raise AskedWrongly(f"已有“{wish.wrong}”这一条。", advice="找到它来改。")
    allowed = tuple(dict.fromkeys(word.strip() for word in wish.allowed.replace("|", "、").split("、") if word.strip()))
    apart = [word for word in allowed if wish.wrong not in word]
    if apart:
        raise AskedWrongly(f"例外“{apart[0]}”里没有“{wish.wrong}”，不会起作用。", advice="例外写含有它的整个词。")
    return FlaggedWord(wish.wrong, wish.right, _level(wish.level), wish.basis, _day(wish.until), allowed)


def _level(text: str) -> Level:
    found = next((level for level in Level if level.value == text), None)
    if found is None:
        raise AskedWrongly("没有选级别。", advice="红的送审前必须处理，黄的只提醒。")
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise AskedWrongly("有效期的最后一天写得不对。", advice="写成 2027-12-31 的样子；长期有效的空着。") from error
