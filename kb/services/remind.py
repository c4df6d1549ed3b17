"""催报: what has gone quiet or comes due is told, once for each date it hangs on, to those who can do something about it.

A reminder is a message whose key names what it is about, its kind and the date of the news (or the due day) it refers to. So a
second run, a clock that was set back or ahead, or two programs at once give nobody the same reminder twice, and none is lost: what
was not due by a wrong clock is due by the right one. News is another date, and starts another count.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from typing import NamedTuple, Protocol

from kb.domain.accounts import Actor, Right
from kb.domain.audited import Deed, Outcome
from kb.services.keep_audit import AuditTrail
from kb.services.messages import Messages, People, quoted

QUIET_DAYS, SILENT_DAYS = 30, 180
"""Days without news of an adoption after which it is asked about, and asked again."""
AHEAD_DAYS = 14
"""Days before the target of a plan when it is told."""
UNASSIGNED_DAYS = 30
PROGRAM = Actor(0, "催报")
"""Who acts, in the audit trail."""


class Reminder(Enum):
    """What somebody is reminded of; the value stands in the key of the message."""

    QUIET = "adoption-30"
    SILENT = "adoption-180"
    OVERDUE = "supervision"
    TARGET = "plan"
    UNASSIGNED = "wanted"
    REVIEW = "review"

    @property
    def label(self) -> str:
        return {
            Reminder.QUIET: "采用三十天没有进展",
            Reminder.SILENT: "采用一百八十天没有进展",
            Reminder.OVERDUE: "督导督查到期",
            Reminder.TARGET: "推广计划临近目标日期",
            Reminder.UNASSIGNED: "待征集问题三十天没有交办",
            Reminder.REVIEW: "案例到期复核",
        }[self]


class QuietAdoption(NamedTuple):
    """An adoption on the way of which nothing was told since `news_at`."""

    number: int
    unit: str
    mechanism: str
    stage: str
    news_at: str


class DueMatter(NamedTuple):
    """A supervision or plan: its due day (YYYY-MM-DD), and who answers for it, where a unit does.

    plan, adoption: what a supervision is of, 0 for not of one.
    """

    number: int
    title: str
    due_on: str
    answerable: str
    plan: int = 0
    adoption: int = 0


class Unassigned(NamedTuple):
    """A wanted problem nobody was asked to write about."""

    number: int
    text: str
    asked_at: str


class DueCase(NamedTuple):
    """A case to be looked at again from that day on."""

    id: str
    title: str
    review_by: str


class Calendar(Protocol):
    """What hangs on a date, in the kept database; days are YYYY-MM-DD."""

    def quiet_adoptions(self, before: str) -> Sequence[QuietAdoption]:
        """Intended or on trial, last told of before that day."""
        ...

    def overdue_matters(self, before: str) -> Sequence[DueMatter]:
        """Supervisions not yet at an end, due before that day."""
        ...

    def near_targets(self, until: str) -> Sequence[DueMatter]:
        """Plans in force whose target day is that day or earlier."""
        ...

    def unassigned(self, before: str) -> Sequence[Unassigned]: ...


class Due(NamedTuple):
    """A reminder to give: of what kind, about what, hanging on which date, in which words, where to look, and to whom.

    `others` look at `elsewhere`: they are concerned too, and may not open `address`.
    """

    kind: Reminder
    subject: str
    dated: str
    text: str
    address: str
    accounts: frozenset[int]
    others: frozenset[int] = frozenset()
    elsewhere: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind.value}:{self.subject}:{self.dated}"


class Given(NamedTuple):
    """A reminder that was given now, and to how many."""

    kind: Reminder
    subject: str
    text: str
    people: int


def find_due(
    calendar: Calendar, people: People, cases: Iterable[DueCase], now: datetime, titles: Callable[[str], str]
) -> tuple[Due, ...]:
    """Everything that is due now, given before or not; `titles` tells a mechanism's title by its id."""
    return (
        *_of_adoptions(calendar, people, now, titles),
        *_of_supervisions(calendar, people, now.date()),
        *_of_plans(calendar, people, now.date()),
        *_of_wanted(calendar, people, now.date()),
        *_of_cases(cases, people, now.date()),
    )


def give_due(due: Iterable[Due], messages: Messages, trail: AuditTrail, at: str) -> tuple[Given, ...]:
    """Gives those that were not given yet; the audit trail notes how many."""
    given = []
    for one in due:
        people = len(messages.give(one.accounts, one.key, one.text, one.address, at))
        people += len(messages.give(one.others - one.accounts, one.key, one.text, one.elsewhere, at))
        if people:
            given.append(Given(one.kind, one.subject, one.text, people))
    if given:
        kinds = (f"{kind.label} {sum(one.kind is kind for one in given)} 件" for kind in Reminder)
        told = "；".join(
            words for kind, words in zip(Reminder, kinds, strict=True) if any(one.kind is kind for one in given)
        )
        trail.note(PROGRAM, Deed.REMINDED, "reminders", Outcome.DONE, told)
    return tuple(given)


def _of_adoptions(calendar: Calendar, people: People, now: datetime, titles: Callable[[str], str]) -> Iterable[Due]:
    promoting, adopting = people.with_right(Right.PROMOTE), people.with_right(Right.ADOPT)
    of_unit = cache(lambda unit: people.of_units([unit]) & adopting)  # thousands of adoptions are of some hundred units
    silent_before = _days_before(now.date(), SILENT_DAYS)
    for one in calendar.quiet_adoptions(_days_before(now.date(), QUIET_DAYS)):
        is_silent = one.news_at[:10] < silent_before
        kind, days = (Reminder.SILENT, SILENT_DAYS) if is_silent else (Reminder.QUIET, QUIET_DAYS)
        told = f"{one.unit}采用{quoted(titles(one.mechanism))}，{days} 天没有报进展，请报一次：推进了、落地了，还是停用了。"
        asked = of_unit(one.unit) | (promoting if is_silent else frozenset())
        yield Due(kind, str(one.number), one.news_at, told, f"/adoptions/{one.number}", asked)


def _of_supervisions(calendar: Calendar, people: People, today: date) -> Iterable[Due]:
    promoting = people.with_right(Right.PROMOTE)
    for one in calendar.overdue_matters(today.isoformat()):
        told = f"督办事项{quoted(one.title)}的期限 {one.due_on} 已过，请办下一步或者说明情况。"
        subject = f"/plans/{one.plan}" if one.plan else f"/adoptions/{one.adoption}"
        unit = people.of_units([one.answerable])
        yield Due(
            Reminder.OVERDUE, str(one.number), one.due_on, told, f"/supervision/{one.number}", promoting, unit, subject
        )


def _of_plans(calendar: Calendar, people: People, today: date) -> Iterable[Due]:
    promoting = people.with_right(Right.PROMOTE)
    for one in calendar.near_targets((today + timedelta(days=AHEAD_DAYS)).isoformat()):
        told = f"推广计划{quoted(one.title)}的目标日期是 {one.due_on}，请看进度，到期的办结。"
        asked = promoting | people.of_units([one.answerable])
        yield Due(Reminder.TARGET, str(one.number), one.due_on, told, f"/plans/{one.number}", asked)


def _of_wanted(calendar: Calendar, people: People, today: date) -> Iterable[Due]:
    answering = people.with_right(Right.ANSWER_WANTED)
    for one in calendar.unassigned(_days_before(today, UNASSIGNED_DAYS)):
        told = f"待征集问题{quoted(one.text)}提出 {UNASSIGNED_DAYS} 天还没有交办，请交办、答复或者合并。"
        yield Due(Reminder.UNASSIGNED, str(one.number), one.asked_at, told, f"/wanted/{one.number}", answering)


def _of_cases(cases: Iterable[DueCase], people: People, today: date) -> Iterable[Due]:
    """To reviewers, who look at it again, and to stewards."""
    concerned = people.with_right(Right.INCLUDE) | people.with_right(Right.KEEP_TAXONOMY)
    for one in cases:
        if one.review_by <= today.isoformat():
            told = f"案例{quoted(one.title)}的复核日期 {one.review_by} 到了，请核对近况。"
            yield Due(Reminder.REVIEW, one.id, one.review_by, told, f"/cases/{one.id}", concerned)


def _days_before(day: date, days: int) -> str:
    """The day from which on news is recent: what is older has been quiet for so many days."""
    return (day - timedelta(days=days - 1)).isoformat()
