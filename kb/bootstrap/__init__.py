"""The only place that picks concrete parts and puts them together.

library           one library folder, opened by one process
watching          the resident indexer: syncs whatever changes, in a process that stays warm
background_sync   that process as the child of a server: replaced when it dies, asked when the index is unusable
temporary_engine  an empty index in a temporary place, to measure on texts that are not the library's
"""

from kb.bootstrap.library import Library, Reading, build_analyser, open_library
from kb.bootstrap.temporary_engine import open_temporary_engine
from kb.bootstrap.watching import Bell, watch

__all__ = ["Bell", "Library", "Reading", "build_analyser", "open_library", "open_temporary_engine", "watch"]
