"""管理: what the steward keeps, a module per page.

pages      the blueprint, the entry page
editing    what every form here does: propose a change, then look at it
edits      预览, 确认, 测算影响, 修改记录, 撤销
types, units, terms, synonyms, wording    the files, an entry at a time
indicators  党建指标, the whole list from a sheet
missed     没有找到的检索
"""

from kb.web.stewardship import edits, indicators, missed, synonyms, terms, types, units, wording
from kb.web.stewardship.pages import blueprint

BODY_LIMITS = indicators.LIMITS
__all__ = [
    "BODY_LIMITS",
    "blueprint",
    "edits",
    "indicators",
    "missed",
    "synonyms",
    "terms",
    "types",
    "units",
    "wording",
]
