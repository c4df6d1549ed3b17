"""待征集: problems the library has no case for: the list, one of them, asking, and what stewards do with them."""

from kb.web.wanted import filing, stewarding
from kb.web.wanted.showing import blueprint

__all__ = ["blueprint", "filing", "stewarding"]
