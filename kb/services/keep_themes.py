"""专题: those who keep themes write, publish and archive them; readers see the published ones, each what he may see of it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, Protocol

from kb.domain.accounts import Actor, Right, require
from kb.domain.audited import Deed, Outcome
from kb.domain.theme import MOST_CASES, Theme, ThemeKind, ThemeState, check_theme
from kb.errors import AskedWrongly, Conflict, NotFound
from kb.services.adoptions import Trail
from kb.services.case_cards import CaseCard, card_of
from kb.services.explain_hit import NEAR
from kb.services.find_cases import CaseFinder, Question

MOST_LISTED = 300


class Themes(Protocol):
    """Where themes are kept, in the transaction of whoever calls."""

    def add(self, theme: Theme) -> Theme:
        """Keeps a new one and gives it its number."""
        ...

    def find(self, number: int) -> Theme | None: ...

    def change(self, theme: Theme) -> bool:
        """Keeps it as the version after `theme.version`; false when that is no longer the newest one."""
        ...

    def listed(self, states: Iterable[ThemeState], *, limit: int) -> Sequence[Theme]:
        """The one changed last comes first."""
        ...


class ThemeConflict(Conflict):
    """Somebody else changed the theme meanwhile; nothing was kept, `theirs` is what stands now."""

    def __init__(self, theirs: Theme) -> None:
        super().__init__("有人刚改过这个专题，没有存。", advice="对照现在的内容再改一次；你填的还在下面。")
        self.theirs = theirs


class ShownTheme(NamedTuple):
    """The cases of a theme that one reader sees. `total` of a search may be more than are shown; `hidden` are listed and not seen."""

    cards: tuple[CaseCard, ...]
    total: int
    hidden: tuple[str, ...] = ()


class ThemeKeeping:
    """What is done with themes; the caller commits."""

    def __init__(self, themes: Themes, trail: Trail, *, now: Callable[[], datetime]) -> None:
        self._themes = themes
        self._trail = trail
        self._now = now

    def listed(self, actor: Actor) -> Sequence[Theme]:
        """The published ones; all for those who keep themes."""
        states = tuple(ThemeState) if actor.may(Right.KEEP_THEMES) else (ThemeState.PUBLISHED,)
        return self._themes.listed(states, limit=MOST_LISTED)

    def open(self, actor: Actor, number: int) -> Theme:
        """Raises NotFound also for one that is not published, to those who keep none."""
        found = self._themes.find(number)
        if found is None or not (found.is_published or actor.may(Right.KEEP_THEMES)):
            raise NotFound("没有这个专题。", advice="从“专题”里选一个。")
        return found

    def start(self, actor: Actor, theme: Theme) -> Theme:
        """A new draft."""
        require(actor, Right.KEEP_THEMES)
        check_theme(theme, wanted=ThemeState.DRAFT)
        at = self._now().isoformat(timespec="seconds")
        fresh = replace(
            theme, number=0, state=ThemeState.DRAFT, version=1, made_at=at, made_by=actor.number, changed_at=at
        )
        kept = self._themes.add(fresh)
        self._note(actor, kept, "起草")
        return kept

    def save(self, actor: Actor, theme: Theme) -> Theme:
        """Its title, words and cases anew, on top of `theme.version`; its kind and state stay. Raises ThemeConflict."""
        current = self._changeable(actor, theme.number, theme.version)
        wished = replace(current, title=theme.title, intro=theme.intro, query=theme.query, case_ids=theme.case_ids)
        check_theme(wished, wanted=current.state)
        return current if wished == current else self._keep(actor, wished, "修改")

    def move(self, actor: Actor, number: int, version: int, wanted: ThemeState) -> Theme:
        """Published, archived or taken back to a draft. Raises ThemeConflict, AskedWrongly for one that is not ready."""
        current = self._changeable(actor, number, version)
        if current.state is wanted:
            raise AskedWrongly(f"这个专题已经是“{wanted.label}”。", advice="刷新这一页看它现在怎样。")
        check_theme(current, wanted=wanted)
        return self._keep(actor, replace(current, state=wanted), f"{current.state.label} → {wanted.label}")

    def _changeable(self, actor: Actor, number: int, version: int) -> Theme:
        require(actor, Right.KEEP_THEMES)
        current = self.open(actor, number)
        if current.version != version:
            raise ThemeConflict(current)
        return current

    def _keep(self, actor: Actor, theme: Theme, words: str) -> Theme:
        theme = replace(theme, changed_at=self._now().isoformat(timespec="seconds"))
        if not self._themes.change(theme):
            raise ThemeConflict(self._themes.find(theme.number) or theme)
        self._note(actor, theme, words)
        return replace(theme, version=theme.version + 1)

    def _note(self, actor: Actor, theme: Theme, words: str) -> None:
        self._trail.note(actor, Deed.THEME_CHANGED, subject_of(theme.number), Outcome.DONE, f"{theme.title}：{words}")


def subject_of(number: int) -> str:
    """What the audit trail calls a theme."""
    return f"theme:{number}"


def show_theme(theme: Theme, question: Question, finder: CaseFinder) -> ShownTheme:
    """Its cases as the finder's reader sees them; `question` is that of a search, asked now."""
    if theme.kind is ThemeKind.LIST:
        cases = finder.catalogue.lines(list(theme.case_ids))
        seen = {lines.id: card_of(lines, finder.reference) for lines in cases}
        hidden = tuple(case_id for case_id in theme.case_ids if case_id not in seen)
        return ShownTheme(tuple(seen.values()), len(seen), hidden)
    answer = finder.find(replace(question, page=1, size=MOST_CASES))
    # Cases that are only near the words, or have few of them, are for somebody who looks for help, not for a theme.
    if not answer.is_strict:
        return ShownTheme((), 0)
    hits = [hit for hit in answer.hits if not hit.why.startswith(NEAR)]
    cards = tuple(card for hit in hits for card in (hit.card, *hit.twins))
    return ShownTheme(cards, max(len(cards), answer.total - (len(answer.hits) - len(hits))))


def check_cases(ids: Sequence[str], finder: CaseFinder) -> None:
    """Raises AskedWrongly naming every id for which its reader sees no case."""
    known = {lines.id for lines in finder.catalogue.lines(list(ids))}
    unknown = [case_id for case_id in ids if case_id not in known]
    if unknown:
        raise AskedWrongly(f"没有找到这些案例：{'、'.join(unknown[:10])}。", advice="核对编号；已归档的从单子里去掉。")
