"""党建指标 of the library: the whole list is taken in from a sheet, or not at all; what a case names stays."""

from collections.abc import Sequence
from typing import Protocol

from kb.domain.sheet_import import SheetReport
from kb.domain.taxonomy import Indicator
from kb.errors import AskedWrongly
from kb.services.reference_edits import Change


class IndicatorsText(Protocol):
    """The list as text."""

    path: str

    def entries(self, text: str) -> tuple[Indicator, ...]: ...

    def become(self, text: str, wanted: Sequence[Indicator]) -> str: ...


def take_in_indicators(
    text: str, report: SheetReport, indicators: Sequence[Indicator], texts: IndicatorsText
) -> Change:
    """Raises AskedWrongly for a sheet with a row in the way, and for one that says what stands there already."""
    if not report.is_sound:
        raise AskedWrongly("表里有不能收的，一行也没有收。", advice="照下面逐行改好，再上传一次。")
    known = texts.entries(text)
    gone = {one.id for one in known} - {one.id for one in indicators}
    if not report.has_changes and not gone:
        raise AskedWrongly("表里的和现在的一样，没有要改的。", advice="在表里改好再上传。")
    told = f"党建指标从表格导入：共 {len(indicators)} 项（原来 {len(known)} 项）"
    return Change(texts.path, texts.become(text, indicators), told)
