"""The only place that picks concrete parts and puts them together.

library           one library folder, opened by one process
background_sync   a sync in a child process, asked for by a server that finds its index unusable
temporary_engine  an empty index in a temporary place, to measure on texts that are not the library's
"""

from kb.bootstrap.library import Library, Reading, build_analyser, open_library
from kb.bootstrap.temporary_engine import open_temporary_engine

__all__ = ["Library", "Reading", "build_analyser", "open_library", "open_temporary_engine"]
