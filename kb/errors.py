"""One family of errors, told apart by whose fault it is; every message is a Chinese sentence a user may see."""


class KbError(Exception):
    """Anything the program refuses in plain words."""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class AskedWrongly(KbError):
    """The request cannot be answered as it was put (the asker's fault)."""


class NotFound(AskedWrongly):
    """What was asked for is not there, or not for this reader."""


class Forbidden(AskedWrongly):
    """The asker may not do this; said only of what the asker may know to exist, else it is NotFound."""


class Conflict(AskedWrongly):
    """Somebody else changed it meanwhile; nothing was overwritten."""


class UnreadableFile(KbError):
    """A content file cannot be read (the editor's fault); `line` counts from 1, 0 when no line is to blame."""

    def __init__(self, message: str, *, line: int = 0, field: str = "", advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.line = line
        self.field = field


class BrokenLibrary(KbError):
    """Taxonomy, templates or lexicon cannot be used (the steward's fault)."""


class NotReady(KbError):
    """The catalogue or the index is missing or damaged (ours); a rebuild mends it."""
