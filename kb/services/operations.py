"""What was done to keep the library safe: backups made, restores tried, folders imported. Times are UTC in ISO form."""

from typing import NamedTuple


class BackupRun(NamedTuple):
    """A backup that was tried; `problem` is "" when it came out whole."""

    ended_at: str
    file: str
    files: int
    size: int
    problem: str = ""


class RestoreTrial(NamedTuple):
    """A restore, for good or as a trial, of a backup made at `made_at`."""

    ended_at: str
    file: str
    made_at: str
    files: int
    cases: int
    problem: str = ""


class ImportRun(NamedTuple):
    """A folder taken in: files that became drafts, and files that were refused."""

    ended_at: str
    folder: str
    drafts: int
    refused: int
