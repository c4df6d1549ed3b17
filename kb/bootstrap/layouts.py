"""An office's own layouts of one library: where they are kept, and the child process that fills them."""

import json
import pickle

from kb.bootstrap.office_files import write_document
from kb.children import Overstayed, run_child
from kb.config import Settings
from kb.domain.office_document import OfficeDocument
from kb.domain.office_layout import BLANK_LAYOUT
from kb.errors import UnreadableFile
from kb.exports import face_set
from kb.exports.layout_child import FILLED, REFUSED
from kb.intake import FileReader
from kb.repository.layout_folder import LayoutFolder

CPU_SECONDS = 10
WAIT_SECONDS = 60.0
_TOO_HEAVY = "去掉版式里的循环和计算，只留字段，再上传。"


class ChildLayoutFiller:
    """A LayoutFiller; each call its own child process."""

    def check(self, name: str, data: bytes) -> None:
        """Raises UnreadableFile for a file that is no sound Word file, or leads outside itself."""
        FileReader(lambda _: "").check_layout(name, data)

    def fill(self, layout: bytes, document: OfficeDocument, faces: str) -> bytes:
        """The filled .docx; raises UnreadableFile with what is wrong with the layout, AskedWrongly for unknown faces."""
        face_set(faces)
        data = pickle.dumps((layout, document, faces))
        try:
            told = run_child("kb.exports.layout_child", [str(CPU_SECONDS)], data, wait_seconds=WAIT_SECONDS)
        except Overstayed as error:
            raise UnreadableFile("这个版式填了很久没有填完，已停止。", advice=_TOO_HEAVY) from error
        if told.startswith(REFUSED):
            message, advice = json.loads(told.removeprefix(REFUSED))
            raise UnreadableFile(message, advice=advice)
        if not told.startswith(FILLED):
            raise UnreadableFile("填这个版式用尽了时间或内存，已停止。", advice=_TOO_HEAVY)
        return told.removeprefix(FILLED)


def layout_folder(settings: Settings) -> LayoutFolder:
    """Where a library keeps them: data_folder/layouts, in its backups."""
    return LayoutFolder(settings.data_folder / "layouts")


def blank_layout(faces: str) -> bytes:
    """A layout to begin with, every field in it."""
    return write_document(BLANK_LAYOUT, "docx", faces)


def fill_layout(settings: Settings, layout: str, document: OfficeDocument, faces: str) -> bytes | None:
    """The document in the library's own layout of this id (LAYOUTS), None where it has none.

    Raises UnreadableFile when the layout cannot be filled with it.
    """
    folder = layout_folder(settings)
    return ChildLayoutFiller().fill(folder.get(layout), document, faces) if folder.kept_at(layout) else None
