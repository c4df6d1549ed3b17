"""A mechanism (机制): what a case leaves behind for others to use."""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.domain.answers import Answers
from kb.domain.kinds import Row
from kb.domain.records import SourceReference
from kb.domain.workflow import READABLE, Stage

LOOP_STEPS = {
    "1U": "问题上来", "1D": "部署下去", "2U": "进展上来", "2D": "督导下去",
    "3U": "考核成果上来", "3D": "压力传导下去", "4U": "经验上来", "4D": "推广下去",
}  # fmt: skip
"""The eight half-turns of 四上四下, by code."""


@dataclass(frozen=True)
class Mechanism:
    """Field names are the slot keys of templates/mechanism/mechanism.yaml; `notes` is the free body in Markdown."""

    id: str
    title: str
    summary: str
    solves: tuple[str, ...]
    why: str
    steps: tuple[Row, ...]
    loop: tuple[str, ...]
    loop_reading: str
    preconditions: tuple[str, ...]
    must_follow: tuple[str, ...]
    may_adapt: tuple[str, ...]
    documents: tuple[Row, ...]
    start_kit: tuple[str, ...]
    safeguards: tuple[str, ...]
    boundaries: tuple[str, ...]
    sources: tuple[SourceReference, ...]
    fork_of: str
    fork_reason: str
    status: str
    unstated: frozenset[str] = frozenset()
    notes: str = ""

    @property
    def stage(self) -> Stage:
        return Stage(self.status or "draft")

    @property
    def is_readable(self) -> bool:
        return self.stage in READABLE

    @property
    def is_loop_closed(self) -> bool:
        return is_loop_closed(self.loop)

    @property
    def named_parts(self) -> dict[str, tuple[str, ...]]:
        return {source.record: source.parts for source in self.sources if source.record}


def is_loop_closed(codes: Sequence[str]) -> bool:
    """A loop is closed when something comes up and something goes down."""
    return any(code.endswith("U") for code in codes) and any(code.endswith("D") for code in codes)


def build_mechanism(answers: Answers, notes: str = "") -> Mechanism:
    """The mechanism of a full set of answers; `notes` is the body of its file."""
    return Mechanism(**answers.values, unstated=answers.unstated, notes=notes)
