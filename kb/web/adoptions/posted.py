"""What a posted report of an adoption says, and the controls it is written in."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import request

from kb.domain.adoption import MOST_RESULTS, REPORTED, Adoption, AdoptionReport, AdoptionStage
from kb.domain.drafting import LINE_ENDS, UNSEEN_CHARACTERS
from kb.domain.template import Column
from kb.services.keep_adoptions import RESULT_COLUMNS, tidy_results
from kb.web.reading import reading


class ReportForm(NamedTuple):
    """A report as it stands in the form: `stage` "" before anything was chosen."""

    stage: str
    on: str
    changes: str
    results: tuple[Mapping[str, str], ...]
    proof: str
    stop_reason: str
    judged: tuple[str, ...]

    @property
    def rows(self) -> tuple[Mapping[str, str], ...]:
        """The rows and a blank one below."""
        return (*self.results, {})


def form_of(adoption: Adoption, today: str) -> ReportForm:
    """What stands now, ready to be changed."""
    return ReportForm(
        "", today, adoption.changes, tuple(adoption.results), adoption.proof, adoption.stop_reason, adoption.judged
    )


def empty_form(today: str, judged: Sequence[str] = ()) -> ReportForm:
    return ReportForm("", today, "", (), "", "", tuple(judged))


def posted_form(known_conditions: Sequence[str]) -> ReportForm:
    """As it was posted; ticks count for conditions the mechanism has."""
    form = request.form
    rows: Any = [
        {key: form.get(f"results.{number}.{key}", "") for key in RESULT_COLUMNS} for number in range(MOST_RESULTS + 1)
    ]
    ticked = set(form.getlist("judged"))
    return ReportForm(
        stage=form.get("stage", ""),
        on=form.get("on", "").strip(),
        changes=_plain(form.get("changes", "")),
        results=tidy_results(rows, reading().reference),
        proof=_plain(form.get("proof", "")),
        stop_reason=_plain(form.get("stop_reason", "")),
        judged=tuple(text for text in known_conditions if text in ticked),
    )


def report_of(form: ReportForm) -> AdoptionReport:
    """The report; any stage but those that can be reported means that only words are added."""
    known = {stage.value: stage for stage in REPORTED}
    stage: AdoptionStage | None = known.get(form.stage)
    on = form.on if stage else ""
    return AdoptionReport(stage, on, form.changes, form.results, form.proof, form.stop_reason, form.judged)


def result_columns() -> tuple[Column, ...]:
    """Columns of a case's result rows that a unit fills, with the template's labels."""
    columns = {column.key: column for column in reading().reference.case_template["results"].columns}
    return tuple(columns[key] for key in RESULT_COLUMNS if key in columns)


def _plain(text: str) -> str:
    return UNSEEN_CHARACTERS.sub("", LINE_ENDS.sub("\n", text)).strip()
