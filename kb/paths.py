"""Where the shipped data lies: inside the installed package, or in the checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_BUNDLED = _PACKAGE / "_bundled"


def shipped(name: str) -> Path:
    """The shipped folder `name` (content or templates), from the wheel when installed, else from the checkout."""
    bundled = _BUNDLED / name
    return bundled if bundled.is_dir() else _PACKAGE.parent / name


def default_data_folder() -> Path:
    """Where derived files go: `var` beside a checkout, `kb-data` in the working folder of an installed copy."""
    if _BUNDLED.is_dir():
        return Path.cwd() / "kb-data"
    return _PACKAGE.parent / "var"
