"""问题类型: a type gets other words, a new one is added, one without use gives way to another; ids never change."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from kb.domain.taxonomy import ProblemType
from kb.errors import AskedWrongly, NotFound
from kb.services.keep_lexicon import check_word, split_words
from kb.services.keep_units import name_uses
from kb.services.reference_edits import Change
from kb.services.reference_uses import Use

LONGEST_LABEL, LONGEST_DEFINITION, LONGEST_SIGN = 20, 200, 80
MOST_ALIASES, MOST_SIGNS = 20, 12


class TypesText(Protocol):
    """The types as text; `retired` leads from an id that is gone to the one in its place."""

    path: str

    def entries(self, text: str) -> tuple[ProblemType, ...]: ...

    def retired(self, text: str) -> Mapping[str, str]: ...

    def change(self, text: str, wish: ProblemType) -> str: ...

    def add(self, text: str, wish: ProblemType) -> str: ...

    def retire(self, text: str, problem_id: str, successor: str) -> str: ...


class TypeWish(NamedTuple):
    """A type as a form has it: aliases apart by 、, a sign a line."""

    label: str = ""
    aliases: str = ""
    definition: str = ""
    signs: str = ""


def wish_of(problem: ProblemType) -> TypeWish:
    """The form of a type that stands."""
    return TypeWish(problem.label, "、".join(problem.aliases), problem.definition, "\n".join(problem.signs))


def get_type(text: str, problem_id: str, types: TypesText) -> ProblemType:
    """Raises NotFound."""
    found = next((one for one in types.entries(text) if one.id == problem_id), None)
    if found is None:
        raise NotFound("没有这个问题类型。", advice="从列表里选一个。")
    return found


def change_type(text: str, problem_id: str, wish: TypeWish, types: TypesText) -> Change:
    """Raises AskedWrongly for what no type can be, NotFound."""
    old = get_type(text, problem_id, types)
    new = _read(old, wish, [one for one in types.entries(text) if one.id != problem_id])
    return Change(types.path, types.change(text, new), f"修改问题类型 {problem_id}“{old.label}”")


def add_type(text: str, parent: str, wish: TypeWish, types: TypesText) -> Change:
    """Under a type of the first level, or "" for a new one of the first level; the next free id is given."""
    known = types.entries(text)
    if parent and get_type(text, parent, types).parent:
        raise AskedWrongly("问题类型只有两级。", advice="选一个第一级的类型。")
    new = _read(ProblemType(next_id(parent, [one.id for one in known], types.retired(text)), "", parent), wish, known)
    return Change(types.path, types.add(text, new), f"新增问题类型 {new.id}“{new.label}”")


def retire_type(text: str, problem_id: str, successor: str, uses: Sequence[Use], types: TypesText) -> Change:
    """Raises AskedWrongly while it is in use, has types under it, or when the successor cannot take its place."""
    old = get_type(text, problem_id, types)
    known = types.entries(text)
    if uses:
        words = f"“{old.label}”还有 {len(uses)} 个案例或机制在用（{name_uses(uses)}），不能停用。"
        raise AskedWrongly(words, advice="先修订它们，换成别的问题类型，再来停用。")
    if any(one.parent == problem_id for one in known):
        raise AskedWrongly(f"“{old.label}”下面还有类型，不能停用。", advice="先停用下面的各个类型。")
    if not any(one.id == successor != problem_id for one in known):
        raise AskedWrongly("没有选由哪个类型代替。", advice="旧的地址和链接以后转到它。")
    return Change(
        types.path, types.retire(text, problem_id, successor), f"停用问题类型 {problem_id}，由 {successor} 代替"
    )


def next_id(parent: str, known: Sequence[str], retired: Mapping[str, str]) -> str:
    """The first number above all that were ever given."""
    start = f"{parent}." if parent else "P"
    numbers = [
        int(one.removeprefix(start)) for one in (*known, *retired) if re.fullmatch(rf"{re.escape(start)}[0-9]+", one)
    ]
    return f"{start}{max(numbers, default=0) + 1}"


def _read(old: ProblemType, wish: TypeWish, others: Sequence[ProblemType]) -> ProblemType:
    label, definition = wish.label.strip(), " ".join(wish.definition.split())
    aliases = tuple(word for word in split_words(wish.aliases) if word != label)
    signs = tuple(line.strip() for line in wish.signs.splitlines() if line.strip())
    if not label or len(label) > LONGEST_LABEL or not definition or len(definition) > LONGEST_DEFINITION:
        raise AskedWrongly(
            f"名称和定义都要写，名称不超过 {LONGEST_LABEL} 字，定义不超过 {LONGEST_DEFINITION} 字。",
            advice="改好再提交。",
        )
    if len(aliases) > MOST_ALIASES or len(signs) > MOST_SIGNS or any(len(sign) > LONGEST_SIGN for sign in signs):
        raise AskedWrongly(
            f"别名最多 {MOST_ALIASES} 个，表现最多 {MOST_SIGNS} 条、每条不超过 {LONGEST_SIGN} 字。",
            advice="删减后再提交。",
        )
    for alias in aliases:
        check_word(alias)
    for other in others:
        shared = {label, *aliases} & {other.label, *other.aliases}
        if shared:
            raise AskedWrongly(
                f"“{min(shared)}”已经是 {other.id}“{other.label}”的名称或别名。", advice="一个说法只归一个类型。"
            )
    return replace(old, label=label, aliases=aliases, definition=definition, signs=signs)
