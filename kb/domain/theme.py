"""A theme (专题): cases put together for readers under one title, by a search that is asked anew each time or as a list."""

from dataclasses import dataclass
from enum import Enum

from kb.errors import AskedWrongly

LONGEST_TITLE, LONGEST_INTRO, LONGEST_QUERY = 60, 1000, 20_000
MOST_CASES = 100
"""Of a list; so many of a search are shown."""


class ThemeKind(Enum):
    """Where its cases come from."""

    SEARCH = "search"
    LIST = "list"

    @property
    def label(self) -> str:
        return {"search": "按检索，随时更新", "list": "选定的案例"}[self.value]


class ThemeState(Enum):
    """Readers see it while it is published."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"

    @property
    def label(self) -> str:
        return {"draft": "草稿", "published": "已发布", "archived": "已归档"}[self.value]


@dataclass(frozen=True)
class Theme:
    """`query` holds the search as the address line of 查案例 has it, "" for a list; moments are ISO, UTC."""

    number: int
    title: str
    intro: str
    kind: ThemeKind
    query: str
    case_ids: tuple[str, ...]
    state: ThemeState = ThemeState.DRAFT
    version: int = 1
    made_at: str = ""
    made_by: int = 0
    changed_at: str = ""

    @property
    def is_published(self) -> bool:
        return self.state is ThemeState.PUBLISHED


def check_theme(theme: Theme, *, wanted: ThemeState) -> None:
    """Raises AskedWrongly naming all that is wrong with it, or missing for it to be published."""
    faults = []
    if not theme.title or len(theme.title) > LONGEST_TITLE:
        faults.append(f"标题要写，不超过 {LONGEST_TITLE} 字")
    if len(theme.intro) > LONGEST_INTRO:
        faults.append(f"导语超过 {LONGEST_INTRO} 字")
    if theme.kind is ThemeKind.SEARCH and not 0 < len(theme.query) <= LONGEST_QUERY:
        faults.append("检索的词和条件至少要有一样，也不能太长")
    if theme.kind is ThemeKind.LIST and len(theme.case_ids) > MOST_CASES:
        faults.append(f"案例至多 {MOST_CASES} 个")
    if wanted is ThemeState.PUBLISHED:
        if not theme.intro:
            faults.append("还没有写导语")
        if theme.kind is ThemeKind.LIST and not theme.case_ids:
            faults.append("还没有选案例")
    if faults:
        raise AskedWrongly("；".join(faults) + "。", advice="改好再存，填的都还在下面。")
