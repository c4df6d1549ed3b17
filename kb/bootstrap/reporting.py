"""The yearly report of one library: its numbers counted in the catalogue and in the kept database."""

from collections.abc import Set

from kb.bootstrap.library import Library
from kb.database.year_counts import SqlYearCounts
from kb.domain.accounts import Actor
from kb.domain.audited import Deed, Outcome
from kb.services.measure_loop import Loop, Slice
from kb.services.report_year import YearReport, count_year, year_span

BY_COMMAND = Actor(0, "命令行")


def count_report(library: Library, year: int, sees: Set[str]) -> YearReport:
    """For somebody who sees these visibilities; raises AskedWrongly for a year that has not begun, NotReady."""
    today = library.today()
    span = year_span(year, today)
    with library.reading(sees) as now, library.desk.session() as session:

        def loop(wanted: Slice) -> Loop:
            ledger = library.desk.ledger_counts(session)
            return Loop(now.counts, ledger, now.reference, wanted, today=today, names_units=True)

        return count_year(span, SqlYearCounts(session), now.catalogue, loop(Slice()), loop(Slice(year=span.year)))


def note_report(library: Library, actor: Actor, year: int, kind: str, source: str = "") -> None:
    """Notes that a report was taken away."""
    with library.desk.writing() as session:
        trail = library.desk.audit(session, source)
        trail.note(actor, Deed.REPORT_MADE, f"report:{year}", Outcome.DONE, kind)
