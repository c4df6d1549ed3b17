"""文件版式: an office's own Word layout for a kind of document, tried before it is kept; administrators alone."""

from typing import NamedTuple, Protocol

from kb.domain.accounts import Actor, Right, require
from kb.domain.audited import Deed, Outcome
from kb.domain.office_document import OfficeDocument
from kb.domain.office_layout import LAYOUTS, SAMPLE
from kb.errors import NotFound


class LayoutStore(Protocol):
    """Layouts by id; `kept_at` is "" where there is none; `get` and `remove` raise NotFound."""

    def kept_at(self, layout: str) -> str: ...

    def get(self, layout: str) -> bytes: ...

    def put(self, layout: str, data: bytes) -> None: ...

    def remove(self, layout: str) -> None: ...


class LayoutFiller(Protocol):
    """Looks a layout over and fills it with a document."""

    def check(self, name: str, data: bytes) -> None:
        """Raises UnreadableFile for a file that may not become a layout."""
        ...

    def fill(self, layout: bytes, document: OfficeDocument, faces: str) -> bytes:
        """Raises UnreadableFile for a layout that cannot be filled."""
        ...


class Trail(Protocol):
    """The part of the audit trail used here."""

    def note(self, actor: Actor, kind: Deed, subject: str, result: Outcome, detail: str = "") -> None: ...


class KeptLayout(NamedTuple):
    """A kind of document that may have a layout; `kept_at` "" while the program's own is used."""

    id: str
    label: str
    kept_at: str


def list_layouts(actor: Actor, store: LayoutStore) -> tuple[KeptLayout, ...]:
    """Raises Forbidden."""
    require(actor, Right.KEEP_LAYOUTS)
    return tuple(KeptLayout(layout, label, store.kept_at(layout)) for layout, label in LAYOUTS.items())


def check_layout(actor: Actor, layout: str, name: str, data: bytes, filler: LayoutFiller, faces: str) -> None:
    """Fills it once; raises Forbidden, NotFound, or UnreadableFile with what is wrong with the file."""
    require(actor, Right.KEEP_LAYOUTS)
    _known(layout)
    filler.check(name, data)
    filler.fill(data, SAMPLE, faces)


def keep_layout(actor: Actor, layout: str, data: bytes, store: LayoutStore, trail: Trail) -> None:
    """Keeps one that was checked, in place of the one before."""
    require(actor, Right.KEEP_LAYOUTS)
    is_new = not store.kept_at(_known(layout))
    store.put(layout, data)
    trail.note(actor, Deed.LAYOUT_CHANGED, LAYOUTS[layout], Outcome.DONE, "上传" if is_new else "替换")


def remove_layout(actor: Actor, layout: str, store: LayoutStore, trail: Trail) -> None:
    """From now on the program's own layout is used; raises NotFound when there was none."""
    require(actor, Right.KEEP_LAYOUTS)
    store.remove(_known(layout))
    trail.note(actor, Deed.LAYOUT_CHANGED, LAYOUTS[layout], Outcome.DONE, "删除")


def try_layout(actor: Actor, layout: str, store: LayoutStore, filler: LayoutFiller, faces: str) -> bytes:
    """The kept layout filled with made-up words that say so."""
    require(actor, Right.KEEP_LAYOUTS)
    return filler.fill(store.get(_known(layout)), SAMPLE, faces)


def _known(layout: str) -> str:
    if layout not in LAYOUTS:
        raise NotFound("没有这种文件。", advice="从“文件版式”页进入。")
    return layout
