"""单位名册: a unit is added, renamed, placed or taken out; one that is in use keeps its name."""

import re
from collections.abc import Sequence
from typing import Protocol

from kb.domain.taxonomy import Unit
from kb.errors import AskedWrongly
from kb.services.reference_edits import Change
from kb.services.reference_uses import Use

LONGEST_LABEL = 40
MOST_TOLD = 5


class UnitsText(Protocol):
    """The register as text."""

    path: str

    def entries(self, text: str) -> tuple[Unit, ...]: ...

    def add(self, text: str, unit: Unit) -> str: ...

    def change(self, text: str, label: str, unit: Unit) -> str: ...

    def remove(self, text: str, label: str) -> str: ...


def add_unit(text: str, wish: Unit, levels: Sequence[str], register: UnitsText) -> Change:
    """Raises AskedWrongly for what no unit can be."""
    _check(wish, levels, [one.label for one in register.entries(text)])
    return Change(register.path, register.add(text, wish), f"新增单位“{wish.label}”")


def change_unit(
    text: str, label: str, wish: Unit, levels: Sequence[str], uses: Sequence[Use], accounts: int, register: UnitsText
) -> Change:
    """`uses` and `accounts`: cases that name it and accounts that belong to it, which keep its name as it is."""
    _check(wish, levels, [one.label for one in register.entries(text) if one.label != label])
    if wish.label != label:
        _check_unused(label, uses, accounts, "改名")
    return Change(register.path, register.change(text, label, wish), f"修改单位“{label}”")


def remove_unit(text: str, label: str, uses: Sequence[Use], accounts: int, register: UnitsText) -> Change:
    """Raises AskedWrongly while it is in use."""
    _check_unused(label, uses, accounts, "去掉")
    return Change(register.path, register.remove(text, label), f"去掉单位“{label}”")


def _check(wish: Unit, levels: Sequence[str], others: Sequence[str]) -> None:
    if not wish.label or len(wish.label) > LONGEST_LABEL or not wish.label.isprintable():
        raise AskedWrongly(f"单位名称要写，不超过 {LONGEST_LABEL} 字。", advice="写全称，和文件上的一样。")
    if wish.label in others:
        raise AskedWrongly(f"名册里已有“{wish.label}”。", advice="在名册里找到它来改。")
    if not re.fullmatch(r"[0-9]{6}", wish.region):
        raise AskedWrongly("地区代码是六位数字。", advice="照行政区划代码写，如 110113。")
    if wish.level not in levels:
        raise AskedWrongly("没有选层级。", advice=f"从{'、'.join(levels)}里选一个。")


def _check_unused(label: str, uses: Sequence[Use], accounts: int, deed: str) -> None:
    told = [f"{len(uses)} 个案例（{name_uses(uses)}）"] if uses else []
    told += [f"{accounts} 个账号"] if accounts else []
    if told:
        raise AskedWrongly(
            f"“{label}”还有{'、'.join(told)}在用，不能{deed}。", advice="先修订这些案例、改这些账号的单位，再来办。"
        )


def name_uses(uses: Sequence[Use]) -> str:
    """The first few ids, and how many more."""
    more = f"等 {len(uses)} 个" if len(uses) > MOST_TOLD else ""
    return "、".join(use.id for use in uses[:MOST_TOLD]) + more
