"""How this reader wants to see the pages: two cookies that hold nothing else, and are read with suspicion."""

from collections.abc import Mapping
from typing import NamedTuple

SIZES = {"standard": "标准", "large": "大", "largest": "特大"}
CONTRASTS = {"normal": "常规", "high": "高对比", "dark": "黑底黄字"}
COOKIE_AGE = 365 * 24 * 3600


class Preferences(NamedTuple):
    """Text size and contrast, as keys of SIZES and CONTRASTS."""

    size: str = "standard"
    contrast: str = "normal"

    @property
    def classes(self) -> str:
        """Classes of the html element, so that the first paint is right."""
        return f"size-{self.size} contrast-{self.contrast}"


def read_preferences(cookies: Mapping[str, str]) -> Preferences:
    """What the cookies say; anything unknown counts as unset."""
    size, contrast = cookies.get("size", ""), cookies.get("contrast", "")
    return Preferences(
        size if size in SIZES else "standard",
        contrast if contrast in CONTRASTS else "normal",
    )
