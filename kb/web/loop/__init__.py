"""闭环总览: the pages of the loop.

asking      what a reader narrows the pages to, and the counts for one request
figures     numbers to the geometry of a chart
pages       the blueprint and a view per chart
downloads   the same numbers as xlsx
"""

from kb.web.loop import downloads
from kb.web.loop.pages import blueprint

__all__ = ["blueprint", "downloads"]
