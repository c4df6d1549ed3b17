"""Sets of typefaces a file of ours names, for its reader's machine: no font file is shipped (GB/T 9704-2012)."""

from typing import NamedTuple

from kb.config import FACES
from kb.errors import AskedWrongly


class Face(NamedTuple):
    """A typeface by its family name; `rare` has the Han characters outside GB 2312, `beyond` those of planes 2 and 3."""

    name: str
    rare: str
    beyond: str
    is_bold: bool = False


class FaceSet(NamedTuple):
    """What each part of a page is set in: title, first-level headings, second-level ones, text, page numbers, Latin."""

    id: str
    label: str
    title: Face
    heading: Face
    script: Face
    text: Face
    number: Face
    latin: str = "Times New Roman"

    def of(self, role: str) -> Face:
        """The face of a role: one of ROLES."""
        found = getattr(self, role)
        assert isinstance(found, Face)
        return found

    @property
    def names(self) -> tuple[str, ...]:
        """Every family a text without rare characters needs."""
        return tuple(dict.fromkeys([*(self.of(role).name for role in ROLES), self.latin]))


ROLES = ("title", "heading", "script", "text", "number")
_PLANE_2 = "SimSun-ExtB"
OFFICIAL = FaceSet(
    "official",
    "公文标准",
    title=Face("方正小标宋简体", "宋体", _PLANE_2),
    heading=Face("黑体", "黑体", _PLANE_2),
    script=Face("楷体_GB2312", "楷体", _PLANE_2),
    text=Face("仿宋_GB2312", "仿宋", _PLANE_2),
    number=Face("宋体", "宋体", _PLANE_2),
)
WINDOWS = FaceSet(
    "windows",
    "Windows 自带",
    title=Face("宋体", "宋体", _PLANE_2, is_bold=True),
    heading=Face("黑体", "黑体", _PLANE_2),
    script=Face("楷体", "楷体", _PLANE_2),
    text=Face("仿宋", "仿宋", _PLANE_2),
    number=Face("宋体", "宋体", _PLANE_2),
)
OPEN = FaceSet(
    "open",
    "开源",
    title=Face("Noto Serif SC SemiBold", "Noto Serif SC SemiBold", "Noto Serif SC"),
    heading=Face("Noto Sans SC", "Noto Sans SC", "Noto Sans SC"),
    script=Face("霞鹜文楷", "霞鹜文楷", "霞鹜文楷"),
    text=Face("Noto Serif SC", "Noto Serif SC", "Noto Serif SC"),
    number=Face("Noto Serif SC", "Noto Serif SC", "Noto Serif SC"),
)
FACE_SETS = {faces.id: faces for faces in (OFFICIAL, WINDOWS, OPEN)}


def face_set(name: str) -> FaceSet:
    """The set of this id; raises AskedWrongly for another word."""
    if name not in FACE_SETS:
        raise AskedWrongly(f"没有“{name[:20]}”这套字体。", advice="可选：" + "、".join(FACES) + "。")
    return FACE_SETS[name]
