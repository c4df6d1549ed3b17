"""复制引用: a reference to a case in the manner of GB/T 7714, with the source it rests on."""

from collections.abc import Sequence
from datetime import date

from kb.domain.case import Case
from kb.domain.template import UNSTATED
from kb.services.read_case import NamedSource

LIBRARY = "党建创新案例库"


def cite_case(case: Case, named: Sequence[NamedSource], read_on: date) -> str:
    """One line without line ends, ready to paste into a document; `named` are the sources of the case."""
    words = f"{LIBRARY}. {case.title}: 案例 {case.id}[DB/OL]. [{read_on.isoformat()}]."
    sources = " ".join(cite_source(source) for source in named)
    return f"{words} 据: {sources}" if sources else words


def cite_source(source: NamedSource) -> str:
    """A source with publisher, date and address as far as they are known."""
    carrier = "[EB/OL]" if source.url else "[Z]"
    parts = [source.publisher, f"{source.title}{carrier}"]
    dated = f"({source.published_on})" if source.published_on not in ("", UNSTATED) else ""
    words = ". ".join(part for part in (*parts, dated, source.url) if part and part != UNSTATED)
    return f"{words}."
