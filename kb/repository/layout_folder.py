"""An office's own layouts: `<folder>/<id>.docx`, each wholly there or not at all."""

from datetime import UTC, datetime
from pathlib import Path

from kb.errors import NotFound
from kb.repository.durable import flush_folder, replace_file, writing


class LayoutFolder:
    """Layouts by id; ids come from the program, never from a request's own words."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def kept_at(self, layout: str) -> str:
        """When it was put there, UTC in ISO form; "" when there is none."""
        try:
            changed = self._path(layout).stat().st_mtime
        except OSError:
            return ""
        return datetime.fromtimestamp(changed, UTC).isoformat(timespec="seconds")

    def get(self, layout: str) -> bytes:
        """Raises NotFound when there is none."""
        try:
            return self._path(layout).read_bytes()
        except OSError as error:
            raise NotFound("还没有上传这个版式。", advice="由管理员在“文件版式”页上传。") from error

    def put(self, layout: str, data: bytes) -> None:
        """In place of the one before; raises NotReady when the disk does not take it."""
        with writing("版式"):
            replace_file(self._path(layout), data)

    def remove(self, layout: str) -> None:
        """Raises NotFound when there is none, NotReady when the disk does not let it go."""
        self.get(layout)
        with writing("版式"):
            self._path(layout).unlink(missing_ok=True)
            flush_folder(self._folder)

    def _path(self, layout: str) -> Path:
        return self._folder / f"{layout}.docx"
