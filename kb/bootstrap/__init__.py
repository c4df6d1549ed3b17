"""The only place that picks concrete parts and puts them together.

content           the files of one library folder
holdings          … with catalogue and index: what a reader of its cases needs
library           … with everything that is kept besides: accounts, submissions, review, promotion, pieces
watching          the resident indexer: syncs whatever changes, in a process that stays warm
background_sync   that process as the child of a server: replaced when it dies, asked when the index is unusable
temporary_engine  an empty index in a temporary place, to measure on texts that are not the library's
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.bootstrap.content import Content
    from kb.bootstrap.holdings import Holdings, Reading, build_analyser
    from kb.bootstrap.library import Library, open_library
    from kb.bootstrap.temporary_engine import open_temporary_engine
    from kb.bootstrap.watching import Bell, watch
else:
    _HOMES = {
        "Bell": "watching",
        "Content": "content",
        "Holdings": "holdings",
        "Library": "library",
        "Reading": "holdings",
        "build_analyser": "holdings",
        "open_library": "library",
        "open_temporary_engine": "temporary_engine",
        "watch": "watching",
    }

    def __getattr__(name: str) -> object:
        """Only the part that is asked for is loaded: all of them take a second of processor time, `content` a quarter."""
        if name not in _HOMES:
            raise AttributeError(f"{__name__} has no {name}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


__all__ = [
    "Bell",
    "Content",
    "Holdings",
    "Library",
    "Reading",
    "build_analyser",
    "open_library",
    "open_temporary_engine",
    "watch",
]
