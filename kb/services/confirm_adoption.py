"""确认落地: a unit that is neither adopter nor source says that an adoption took hold."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from kb.domain.accounts import Actor, Right, require
from kb.domain.adoption import Adoption, check_confirmer
from kb.domain.audited import Deed, Outcome
from kb.errors import AskedWrongly, Forbidden, NotFound
from kb.services.adoptions import AdoptionEvent, Adoptions, EventKind, Trail, may_see
from kb.services.keep_adoptions import AdoptionConflict
from kb.services.tell_units import UnitTelling

LONGEST_WORD = 500
MOST_WAITING = 200
REPORTED_HIMSELF = "这一条你自己填报过，不能由你确认。"
UnitsByMechanism = Callable[[Collection[str]], Mapping[str, Mapping[str, str]]]
"""The units of the cases that formed each of these mechanisms, by case id, whoever may see them."""


class WaitingAdoption(NamedTuple):
    """A landed adoption that waits; `refusal` says why the actor cannot confirm it, "" when he can."""

    adoption: Adoption
    refusal: str


class AdoptionConfirming:
    """What other units do about a reported 落地. The caller commits, and with it tells the adopter."""

    def __init__(
        self,
        adoptions: Adoptions,
        trail: Trail,
        units_by_mechanism: UnitsByMechanism,
        telling: UnitTelling,
        *,
        now: Callable[[], datetime],
        today: Callable[[], date],
    ) -> None:
        self._adoptions = adoptions
        self._trail = trail
        self._units_by_mechanism = units_by_mechanism
        self._telling = telling
        self._now = now
        self._today = today

    def queue(self, actor: Actor) -> Sequence[WaitingAdoption]:
        """Those that wait, the longest waiting first, with why the actor cannot confirm where he cannot."""
        require(actor, Right.CONFIRM_ADOPTIONS)
        waiting = self._adoptions.waiting(limit=MOST_WAITING)
        sources = self._units_by_mechanism({adoption.mechanism for adoption in waiting})
        return tuple(WaitingAdoption(one, _refusal(actor, one, sources)) for one in waiting)

    def refusal(self, actor: Actor, adoption: Adoption) -> str:
        """Why this actor cannot confirm it, in a sentence; "" when he can."""
        refusal = _refusal(actor, adoption, self._units_by_mechanism({adoption.mechanism}))
        return refusal or (REPORTED_HIMSELF if self._has_reported(actor, adoption) else "")

    def confirm(self, actor: Actor, number: int, version: int, word: str) -> Adoption:
        """Raises AskedWrongly for the adopter, a source, who reported it himself and what has not landed; AdoptionConflict when it was changed."""
        require(actor, Right.CONFIRM_ADOPTIONS)
        found = self._get(actor, number)
        if found.version != version:
            raise AdoptionConflict(found)
        sources = self._units_by_mechanism({found.mechanism})
        check_confirmer(found, actor.unit, source_units_of(found.mechanism, found.case_id, sources))
        if self._has_reported(actor, found):
            raise AskedWrongly(REPORTED_HIMSELF, advice="请没有填报过它的人来确认。")
        if not word.strip() or len(word) > LONGEST_WORD:
            raise AskedWrongly(f"怎么核实的要写，不超过 {LONGEST_WORD} 字。", advice="写看了什么、问了谁、哪一天。")
        at = self._at()
        confirmed = replace(
            found,
            confirmed_unit=actor.unit,
            confirmed_on=self._today().isoformat(),
            confirmed_by=actor.number,
            news_at=at,
        )
        kept = self._keep(actor, found, confirmed, EventKind.CONFIRMED, f"{actor.unit}确认落地：{word.strip()}")
        self._telling.confirmed(actor, kept)
        return kept

    def withdraw(self, actor: Actor, number: int, version: int, reason: str) -> Adoption:
        """Takes back the confirmation of the actor's own unit; raises Forbidden for another unit's."""
        require(actor, Right.CONFIRM_ADOPTIONS)
        found = self._get(actor, number)
        if found.version != version:
            raise AdoptionConflict(found)
        if not found.is_confirmed or found.confirmed_unit != actor.unit:
            raise Forbidden("只有确认的单位能撤回确认。", advice="请确认的单位撤回。")
        if not reason.strip() or len(reason) > LONGEST_WORD:
            raise AskedWrongly(f"为什么撤回要写，不超过 {LONGEST_WORD} 字。", advice="写明核实有什么出入。")
        undone = replace(found, confirmed_unit="", confirmed_on="", confirmed_by=0, news_at=self._at())
        kept = self._keep(actor, found, undone, EventKind.UNCONFIRMED, f"{actor.unit}撤回确认：{reason.strip()}")
        self._telling.sent_back(actor, kept, reason)
        return kept

    def _has_reported(self, actor: Actor, adoption: Adoption) -> bool:
        """Also by a sheet, for another unit, or for a unit he was of before."""
        told = (EventKind.RECORDED, EventKind.REPORTED, EventKind.AMENDED)
        history = self._adoptions.history(adoption.number)
        return any(event.by == actor.number and event.kind in told for event in history)

    def _get(self, actor: Actor, number: int) -> Adoption:
        found = self._adoptions.find(number)
        if found is None or not may_see(actor, found):
            raise NotFound("台账里没有这一条。", advice="从“待确认”里打开。")
        return found

    def _keep(self, actor: Actor, before: Adoption, after: Adoption, kind: EventKind, words: str) -> Adoption:
        if not self._adoptions.change(after):
            raise AdoptionConflict(self._adoptions.find(before.number) or before)
        self._adoptions.note(AdoptionEvent(0, before.number, self._at(), actor.number, kind, words, before))
        self._trail.note(actor, Deed.ADOPTION_CONFIRMED, f"adoption:{before.number}", Outcome.DONE, words)
        return replace(after, version=after.version + 1)

    def _at(self) -> str:
        return self._now().isoformat(timespec="seconds")


def source_units_of(mechanism: str, case_id: str, units: Mapping[str, Mapping[str, str]]) -> frozenset[str]:
    """The unit of the case it came from, or where it came from none, of all cases that formed the mechanism."""
    of_cases = units.get(mechanism, {})
    return frozenset({of_cases[case_id]} if case_id in of_cases else of_cases.values())


def _refusal(actor: Actor, adoption: Adoption, units: Mapping[str, Mapping[str, str]]) -> str:
    if not actor.may(Right.CONFIRM_ADOPTIONS):
        return "你的账号不能确认落地。"
    try:
        check_confirmer(adoption, actor.unit, source_units_of(adoption.mechanism, adoption.case_id, units))
    except AskedWrongly as error:
        return error.message
    return ""
