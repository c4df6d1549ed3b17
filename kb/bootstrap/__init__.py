"""The only place that picks concrete parts and puts them together.

library           one library folder, opened by one process
background_sync   a sync in a child process, asked for by a server that finds its index unusable
"""

from kb.bootstrap.library import Library, Reading, build_analyser, open_library

__all__ = ["Library", "Reading", "build_analyser", "open_library"]
