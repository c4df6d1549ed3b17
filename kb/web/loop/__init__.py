"""闭环总览: the pages of the loop.

asking      what a reader narrows the pages to, and the counts for one request
figures     numbers to the geometry of a chart
pages       the blueprint and a view per chart
downloads   the same numbers as xlsx
own_indicators    a unit's own indicators: taken in, covered, taken back
"""

from kb.web.loop import downloads, own_indicators
from kb.web.loop.own_indicators import BODY_LIMITS
from kb.web.loop.pages import blueprint

__all__ = ["BODY_LIMITS", "blueprint", "downloads", "own_indicators"]
