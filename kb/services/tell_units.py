"""告诉单位: the people of a unit are told what others decided about its plans and adoptions, each thing once.

A key names what is told and its version or day, so that a second run of the same deed tells nobody again. Messages that stay
unread go out by e-mail as all others do (`send_mail`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from kb.domain.accounts import Actor, Right
from kb.domain.adoption import Adoption
from kb.domain.partial_date import find_date
from kb.domain.promotion_plan import PromotionPlan
from kb.domain.supervision import Supervision
from kb.services.messages import Messages, People, quoted

Titles = Callable[[Collection[str]], Mapping[str, str]]
"""Titles of mechanisms by id; those that are gone are left out."""


class UnitTelling:
    """Gives messages in the transaction of the deed they tell of, to those of a unit who keep its ledger."""

    def __init__(self, messages: Messages, people: People, titles: Titles, *, now: Callable[[], datetime]) -> None:
        self._messages = messages
        self._people = people
        self._titles = titles
        self._now = now

    def released(
        self, actor: Actor, plan: PromotionPlan, units: Iterable[str], *, changed: Collection[str] = (), what: str = ""
    ) -> None:
        """To every unit of its scope, to those named later when they are; to whom it was told already, what changed.

        changed: the units whose task is another than they were told, by a change of `what` on top of `plan.version`.
        """
        until = f"，{_day(plan.target_on)}前完成" if plan.target_on else ""
        title, address = quoted(plan.title), f"/plans/{plan.number}"
        told = f"推广计划{title}已推出，你单位在内{until}。请打开看必须照做的，采用后填报。"
        fresh = self._tell(actor, units, f"plan:{plan.number}:released", told, address)
        told = f"推广计划{title}改了{what}，你单位在内{until}。请打开看必须照做的，按现在的办。"
        self._tell(actor, changed, f"plan:{plan.number}:changed:{plan.version}", told, address, but=fresh)

    def confirmed(self, actor: Actor, adoption: Adoption) -> None:
        told = f"你单位采用{self._mechanism(adoption)}，{adoption.confirmed_unit}已确认落地。可以由编辑起草成案例。"
        self._of_adoption(actor, adoption, f"confirmed:{adoption.version}", told)

    def sent_back(self, actor: Actor, adoption: Adoption, reason: str) -> None:
        """The confirmation of `actor`'s unit was withdrawn."""
        told = (
            f"你单位采用{self._mechanism(adoption)}，{actor.unit}撤回了确认：{quoted(reason)}。请核对成效数据和凭据。"
        )
        self._of_adoption(actor, adoption, f"sent-back:{adoption.version}", told)

    def supervised(self, actor: Actor, matter: Supervision, units: Iterable[str], *, is_urged: bool = False) -> None:
        """A matter was set up, or its units are pressed at the step it has come to."""
        if is_urged:
            told = (
                f"{matter.step_label}：{quoted(matter.title)}，期限 {_day(matter.due_on)}。请尽快报进展，或者说明情况。"
            )
        else:
            told = f"{matter.kind.label}立项：{quoted(matter.title)}，第一步期限 {_day(matter.due_on)}。请按期报进展。"
        key = f"supervision:{matter.number}:{matter.step}"
        self._tell(actor, units, key, told, f"/plans/{matter.plan}" if matter.plan else f"/adoptions/{matter.adoption}")

    def _of_adoption(self, actor: Actor, adoption: Adoption, deed: str, told: str) -> None:
        address = f"/adoptions/{adoption.number}"
        self._tell(actor, [adoption.unit], f"adoption:{adoption.number}:{deed}", told, address)

    def _tell(
        self, actor: Actor, units: Iterable[str], key: str, told: str, address: str, *, but: Collection[int] = ()
    ) -> frozenset[int]:
        """To all but who did it; returns who had not been told."""
        accounts = self._people.of_units(units, Right.ADOPT) - {actor.number, *but}
        return self._messages.give(accounts, key, told, address, self._now().isoformat(timespec="seconds"))

    def _mechanism(self, adoption: Adoption) -> str:
        return quoted(self._titles([adoption.mechanism]).get(adoption.mechanism, "已不在库里的机制"))


def _day(text: str) -> str:
    found = find_date(text)
    return found.in_words() if found else text
