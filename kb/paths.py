"""Where the shipped data lies: inside the installed package, or in the checkout; and which library folder one stands in."""

import shlex
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_BUNDLED = _PACKAGE / "_bundled"
LIBRARY_FILE = "library.toml"
"""The settings file that makes a folder a library folder."""


def shipped(name: str) -> Path:
    """The shipped folder `name` (content or templates), from the wheel when installed, else from the checkout."""
    bundled = _BUNDLED / name
    return bundled if bundled.is_dir() else _PACKAGE.parent / name


def default_data_folder() -> Path:
    """Where data goes without a library folder: `var` beside a checkout, `kb-data` where an installed copy is run."""
    if _BUNDLED.is_dir():
        return Path.cwd() / "kb-data"
    return _PACKAGE.parent / "var"


def find_library(start: Path) -> Path | None:
    """The nearest folder from `start` upwards that holds a library.toml."""
    return next((folder for folder in (start, *start.parents) if (folder / LIBRARY_FILE).is_file()), None)


def program_words() -> str:
    """The kb command as one can type it from anywhere, for schedules and advice."""
    beside = Path(sys.executable).with_name("kb")
    return shlex.quote(str(beside)) if beside.is_file() else f"{shlex.quote(sys.executable)} -m kb"
