"""The stages of a record: 草稿 → 送审 → 成熟 → 纳入; 退回; 归档. 推广 is computed, not a stage."""

from enum import Enum

from kb.errors import AskedWrongly


class Stage(Enum):
    """A stage; the value is the id used in templates and the database."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    MATURED = "matured"
    INCLUDED = "included"
    RETURNED = "returned"
    ARCHIVED = "archived"


READABLE = frozenset({Stage.INCLUDED})
"""Stages a reader may see, in every door: pages, search, counts, exports."""

NEXT = {
    Stage.DRAFT: frozenset({Stage.SUBMITTED}),
    Stage.SUBMITTED: frozenset({Stage.MATURED, Stage.RETURNED, Stage.DRAFT}),
    Stage.RETURNED: frozenset({Stage.SUBMITTED}),
    Stage.MATURED: frozenset({Stage.INCLUDED, Stage.RETURNED}),
    Stage.INCLUDED: frozenset({Stage.ARCHIVED}),
    Stage.ARCHIVED: frozenset({Stage.INCLUDED}),
}


def move(current: Stage, wanted: Stage, *, has_errors: bool) -> Stage:
    """The stage after the move; raises AskedWrongly when the order forbids it or blocking findings stand open."""
    if wanted not in NEXT[current]:
        raise AskedWrongly("案例不能这样改变阶段。", advice="按 草稿、送审、成熟、纳入 的次序办理。")
    if has_errors and wanted in {Stage.SUBMITTED, Stage.MATURED, Stage.INCLUDED}:
        raise AskedWrongly("还有必须改正的问题，不能进入下一阶段。", advice="先按检查结果逐项改正。")
    return wanted
