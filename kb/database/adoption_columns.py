"""What adoptions are counted by, of every one that is not a draft, read at once and good until the ledger changes."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.database.columns import Codes, Column, Mask, encode, group
from kb.database.kept_tables import AdoptionRow
from kb.domain.adoption import AdoptionStage
from kb.services.adoptions import Uptake
from kb.services.measure_loop import AdoptionSlice

STAGES = ("stopped", "intended", "trial", "landed", "confirmed")
"""How far an adoption has come, by the numbers of `furthest`."""
_DRAFT = AdoptionStage.DRAFT.value
_FURTHEST = {AdoptionStage.STOPPED.value: 0, AdoptionStage.TRIAL.value: 2, AdoptionStage.LANDED.value: 3}


class AdoptionColumns(NamedTuple):
    """Columns by name: unit, mechanism, case, year (of 拟学) and confirmed_year, "" where none.

    `reached` are the numbers of a `Reached` of each row: 1, tried, landed, confirmed, stopped now.
    """

    numbers: Codes
    named: Mapping[str, Column]
    reached: Sequence[Mask]
    furthest: Codes

    @property
    def confirmed(self) -> Mask:
        return self.reached[3]

    def within(self, wanted: AdoptionSlice) -> Mask:
        """Rows of the slice. Every question goes through here: nothing from a case that is hidden."""
        kept = self.named["mechanism"].among(wanted.mechanisms)
        if wanted.hidden:
            kept &= ~self.named["case"].among(wanted.hidden)
        for name, allowed in (("unit", wanted.units), ("case", wanted.cases)):
            if allowed is not None:
                kept &= self.named[name].among(allowed)
        if wanted.year:
            kept &= self.named["year"].among({wanted.year})
        return kept

    def uptake_by(self, name: str) -> Mapping[str, Uptake]:
        """Of every value of this column: units that reported, and those of them that are confirmed; "" is left out."""
        column = self.named[name]
        pairs = group([column, self.named["unit"]], len(column.codes))
        taken = pairs.most(self.confirmed.astype(np.int64))
        by_value = group([encode([value for value, _ in pairs.keys])], len(pairs.keys))
        numbers = zip(by_value.sizes().tolist(), by_value.sums([taken])[:, 0].tolist(), strict=True)
        return {value: Uptake(*told) for (value,), told in zip(by_value.keys, numbers, strict=True) if value}

    def furthest_first(self, kept: Mask) -> Codes:
        """Numbers of these adoptions: what came furthest first, then by unit and number."""
        rows = np.flatnonzero(kept)
        unit = self.named["unit"]
        rank = np.argsort(np.argsort(np.array(unit.values, object))) if unit.values else unit.codes
        order = np.lexsort((self.numbers[rows], rank[unit.codes[rows]], -self.furthest[rows]))
        return self.numbers[rows[order]]


def read_adoptions(session: Session) -> AdoptionColumns:
    """Of the ledger as this session sees it; 50,000 rows in some 150 ms."""
    asked = (
        "unit", "mechanism", "case_id", "intended_on", "trial_on", "landed_on", "confirmed_unit", "confirmed_on", "stage",
        "number",
    )  # fmt: skip
    table = AdoptionRow.__table__.c  # of the table and not of the class, which takes twice as long
    rows = session.execute(select(*(table[name] for name in asked)).where(table.stage != _DRAFT)).all()
    told = dict(zip(asked, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(asked, ())
    *texts, numbers = told.values()
    unit, mechanism, case, intended_on, trial_on, landed_on, confirmed_unit, confirmed_on, stage = map(encode, texts)
    confirmed = ~confirmed_unit.among({""})
    landed = ~landed_on.among({""}) | confirmed
    far: Codes = np.array([_FURTHEST.get(value, STAGES.index("intended")) for value in stage.values], np.int64)
    return AdoptionColumns(
        np.array(numbers, np.int64),
        {
            "unit": unit,
            "mechanism": mechanism,
            "case": case,
            "year": _years(intended_on),
            "confirmed_year": _years(confirmed_on),
        },
        (
            np.ones(len(rows), bool),
            ~trial_on.among({""}) | landed,
            landed,
            confirmed,
            stage.among({AdoptionStage.STOPPED.value}),
        ),
        np.where(confirmed, STAGES.index("confirmed"), far[stage.codes]),
    )


def _years(days: Column) -> Column:
    return days.mapped({day: day[:4] for day in days.values})
