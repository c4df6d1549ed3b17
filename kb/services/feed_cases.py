"""订阅: which cases a feed carries, the newest first, and when each was last made or changed."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import NamedTuple

from kb.domain.partial_date import find_date
from kb.errors import NotFound
from kb.services.case_cards import CaseCard, card_of
from kb.services.ports import Catalogue, ReferenceData

MOST_ENTRIES = 50
MOST_LOOKED_AT = 1000
"""Of the cases with the latest 复核日期; a revision made here sets that date anew."""
CHINA = timezone(timedelta(hours=8))
"""A day of inclusion begins there."""


class FeedEntry(NamedTuple):
    """A case in a feed; `problems` are (id, label), the primary one first."""

    card: CaseCard
    problems: tuple[tuple[str, str], ...]
    published: datetime
    updated: datetime


class CaseFeed(NamedTuple):
    """`name` tells one feed from another for good: "cases", "problems/P5.1", "units/…", "themes/3"."""

    name: str
    title: str
    updated: datetime
    entries: tuple[FeedEntry, ...]


class FeedShelf(NamedTuple):
    """What feeds are made from; `revised_at` has the moment (ISO, aware) of the newest revision of each case revised here."""

    catalogue: Catalogue
    reference: ReferenceData
    revised_at: Mapping[str, str]
    today: Callable[[], date]

    def all_cases(self) -> CaseFeed:
        return self._feed("cases", "新案例", self.catalogue.newest(limit=MOST_LOOKED_AT))

    def of_problem(self, problem_id: str) -> CaseFeed:
        """Of a type with all types under it; raises NotFound, a retired id gives the feed of its successor."""
        taxonomy = self.reference.references.taxonomy
        problem = taxonomy.find_problem(problem_id)
        if problem is None:
            raise NotFound("没有这个问题类型。", advice="从“按问题找”里选一个。")
        wanted = (problem.id, *(child.id for child in taxonomy.children_of(problem.id)))
        found = self.catalogue.newest(problems=wanted, limit=MOST_LOOKED_AT)
        return self._feed(f"problems/{problem.id}", f"“{problem.label}”的新案例", found)

    def of_unit(self, unit: str) -> CaseFeed:
        """Raises NotFound for a unit that is not in the register and has no case one may see."""
        found = self.catalogue.newest(unit=unit, limit=MOST_LOOKED_AT)
        if not found and unit not in self.reference.references.taxonomy.units:
            raise NotFound("没有这个单位的案例。", advice="核对单位名称，或在“查案例”里按单位筛选。")
        return self._feed(f"units/{unit}", f"{unit}的新案例", found)

    def of_cases(self, name: str, title: str, ids: Collection[str]) -> CaseFeed:
        """Of these cases, as far as they are seen."""
        cases = [entry.case for entry in self.catalogue.cases(list(ids))]
        chosen = [(case.id, case.review_by.text if case.review_by else "") for case in cases]
        return self._feed(name, title, chosen)

    def _feed(self, name: str, title: str, found: Sequence[tuple[str, str]]) -> CaseFeed:
        fallback = _moment(self.catalogue.updated_on()) or _begin_of(self.today())
        published = {record_id: included_at(review_by) or fallback for record_id, review_by in found}
        updated = {one: _moment(self.revised_at.get(one, "")) or at for one, at in published.items()}
        newest = sorted(updated, key=lambda one: (-updated[one].timestamp(), one))[:MOST_ENTRIES]
        entries = tuple(
            FeedEntry(
                card=card_of(lines, self.reference),
                problems=tuple(
                    (problem, self.reference.references.taxonomy.label_of(problem)) for problem in lines.problems
                ),
                published=min(published[lines.id], updated[lines.id]),
                updated=updated[lines.id],
            )
            for lines in self.catalogue.lines(newest)
        )
        return CaseFeed(name, title, max((entry.updated for entry in entries), default=fallback), entries)


def included_at(review_by: str) -> datetime | None:
    """The beginning of the day of inclusion, twelve months before 复核日期; None where that is no whole day."""
    found = find_date(review_by)
    if found is None or len(review_by) != 10:
        return None
    day = found.earliest
    is_leap_day = (day.month, day.day) == (2, 29)
    return _begin_of(day.replace(year=day.year - 1, day=28 if is_leap_day else day.day))


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)


def _moment(text: str) -> datetime | None:
    """A day (its beginning) or a moment; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) == 10:
        return found.replace(tzinfo=CHINA)
    return found.replace(microsecond=0) if found.tzinfo else found.replace(microsecond=0, tzinfo=UTC)
