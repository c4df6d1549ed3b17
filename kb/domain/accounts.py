"""Who acts and what they may do: one table of rights, asked by the services, never by a view alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from kb.errors import Forbidden


class Role(Enum):
    """What somebody is here for; an account may have several, but for SEPARATE ones."""

    READER = "reader"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    PUBLICITY = "publicity"
    STEWARD = "steward"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


SEPARATE = (frozenset({Role.ADMINISTRATOR, Role.REVIEWER, Role.AUDITOR}),)
"""Of each set one account has at most one: who keeps the accounts neither reviews nor audits."""


class Right(Enum):
    """One thing one may do; where it concerns a record, the service asks about that record besides."""

    READ_INTERNAL = "read_internal"
    WRITE = "write"
    REVIEW = "review"
    INCLUDE = "include"
    ARCHIVE = "archive"
    ANSWER_CORRECTIONS = "answer_corrections"
    PICK_HIGHLIGHTS = "pick_highlights"
    KEEP_TAXONOMY = "keep_taxonomy"
    KEEP_ACCOUNTS = "keep_accounts"
    READ_AUDIT = "read_audit"
    SEE_STATUS = "see_status"
    HAND_OVER = "hand_over"
    ADOPT = "adopt"
    CONFIRM_ADOPTIONS = "confirm_adoptions"
    PROMOTE = "promote"
    ANSWER_WANTED = "answer_wanted"
    KEEP_UNIT_SHEET = "keep_unit_sheet"
    KEEP_THEMES = "keep_themes"
    KEEP_LAYOUTS = "keep_layouts"


OF_A_UNIT = frozenset({Right.ADOPT, Right.CONFIRM_ADOPTIONS, Right.KEEP_UNIT_SHEET})
"""What people of a unit do for it: its ledger, its sheet, and a word on what other units report."""
RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.READER: frozenset({Right.READ_INTERNAL, *OF_A_UNIT}),
    Role.EDITOR: frozenset({Right.READ_INTERNAL, *OF_A_UNIT, Right.WRITE}),
    Role.REVIEWER: frozenset({Right.READ_INTERNAL, Right.REVIEW, Right.INCLUDE, Right.ANSWER_CORRECTIONS}),
    Role.PUBLICITY: frozenset({Right.READ_INTERNAL, Right.PICK_HIGHLIGHTS, Right.KEEP_THEMES}),
    Role.STEWARD: frozenset(
        {
            Right.READ_INTERNAL,
            Right.KEEP_TAXONOMY,
            Right.ARCHIVE,
            Right.ANSWER_CORRECTIONS,
            Right.SEE_STATUS,
            Right.HAND_OVER,
            Right.PROMOTE,
            Right.ANSWER_WANTED,
            Right.KEEP_THEMES,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {Right.READ_INTERNAL, Right.KEEP_ACCOUNTS, Right.SEE_STATUS, Right.HAND_OVER, Right.KEEP_LAYOUTS}
    ),
    Role.AUDITOR: frozenset({Right.READ_INTERNAL, Right.READ_AUDIT, Right.SEE_STATUS}),
}


@dataclass(frozen=True)
class Actor:
    """Whoever makes a request: account number (0 for a guest), name to show, unit, roles, review steps held."""

    number: int = 0
    name: str = "访客"
    unit: str = ""
    roles: frozenset[Role] = frozenset()
    steps: frozenset[str] = frozenset()

    @property
    def is_guest(self) -> bool:
        return self.number == 0

    def may(self, right: Right) -> bool:
        return any(right in RIGHTS[role] for role in self.roles)

    @property
    def sees(self) -> frozenset[str]:
        """The visibilities of included cases this actor sees: public, internal, and `unit:` with the actor's unit."""
        if not self.may(Right.READ_INTERNAL):
            return frozenset({"public"})
        return frozenset({"public", "internal", f"unit:{self.unit}"} if self.unit else {"public", "internal"})


GUEST = Actor()


def require(actor: Actor, right: Right) -> None:
    """Raises Forbidden unless the actor has the right."""
    if not actor.may(right):
        if actor.is_guest:
            raise Forbidden("这一步要先登录。", advice="登录后再试。")
        raise Forbidden("你的账号不能办这件事。", advice="需要时请管理员调整角色。")
