"""Errors of the search library, by whose fault they are.

The asker's fault is a `QueryError`; everything else is ours and never reaches a reader as text.
"""


class SearchError(Exception):
    """Root of the family."""


class QueryError(SearchError):
    """The request cannot be answered as asked. `message` is a Chinese sentence safe to show."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class IndexFault(SearchError):
    """The index cannot serve; `faults` name what is wrong, in Chinese, for the person who looks after it."""

    def __init__(self, *faults: str) -> None:
        super().__init__("；".join(faults))
        self.faults = faults


class IndexMissing(IndexFault):
    """No index has been built in this folder yet."""


class IndexDamaged(IndexFault):
    """A file of the index is missing, cut, altered or foreign: rebuild."""


class IndexStale(IndexFault):
    """The index was built with another layout or dictionary than the one in use: rebuild."""


class IndexUnavailable(IndexFault):
    """The disk or the system refuses at the moment; a rebuild would not help."""


class IndexBusy(IndexFault):
    """Another writer holds the index; try again later."""
