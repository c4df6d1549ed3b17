"""亮点工作台: what is worth quoting, sentences to tick, the basket, the favourites."""

from kb.web.highlights import basket, favourites, picking
from kb.web.highlights.pages import blueprint

__all__ = ["basket", "blueprint", "favourites", "picking"]
