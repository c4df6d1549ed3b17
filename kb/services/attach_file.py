"""附件: files of a draft, noted with it, handed out by right and taken away; their bytes are kept elsewhere."""

from collections.abc import Callable

from kb.domain.accounts import Actor
from kb.domain.audited import Deed
from kb.errors import AskedWrongly, NotFound
from kb.services.submissions import FILE_KINDS, SHOWN_KINDS, Attachment
from kb.services.write_draft import DraftWriter

MOST_FILES = 60
REMOVABLE = frozenset({"attachment", "picture"})


def open_to_attach(actor: Actor, number: int, writer: DraftWriter) -> None:
    """Belongs before bytes are kept, too; raises AskedWrongly for a draft that has as many files as there may be."""
    writer.open_to_change(actor, number)
    if len(writer.store.attachments(number)) >= MOST_FILES:
        raise AskedWrongly(f"一份稿件最多带 {MOST_FILES} 个文件。", advice="先去掉不用的附件。")


def attach(
    actor: Actor, number: int, writer: DraftWriter, *, name: str, kind: str, media_type: str, size: int, sha256: str
) -> Attachment:
    """Notes a file whose bytes are kept."""
    open_to_attach(actor, number, writer)
    noted = Attachment(0, number, name, kind, media_type, size, sha256, writer.at(), actor.number)
    kept = writer.store.attach(noted)
    if kind in SHOWN_KINDS:  # how a draft was read is kept beside its files and is nobody's
        writer.note(actor, Deed.FILE_ADDED, number, f"{FILE_KINDS[kind]}；{name}；SHA-256 {sha256}")
    return kept


def detach(actor: Actor, number: int, file: int, writer: DraftWriter, renew: Callable[[str], None]) -> None:
    """Takes an attachment away; the original stays for the days of `unclaimed_uploads`. `renew`: what its bytes are told before."""
    writer.open_to_change(actor, number)
    found = get_file(actor, number, file, writer)
    if found.kind not in REMOVABLE:
        raise AskedWrongly("原稿要留着，不能去掉。", advice="只有附件和图片可以去掉。")
    renew(found.sha256)
    writer.store.detach(file)
    writer.note(actor, Deed.FILE_REMOVED, number, found.name)


def hand_out(actor: Actor, number: int, file: int, writer: DraftWriter) -> Attachment:
    """A file that is about to be downloaded; that it was is noted."""
    found = get_file(actor, number, file, writer)
    writer.note(actor, Deed.FILE_DOWNLOADED, number, found.name)
    return found


def get_file(actor: Actor, number: int, file: int, writer: DraftWriter) -> Attachment:
    """One of the draft's files; raises NotFound also for those of drafts the actor may not know of."""
    found = next((one for one in writer.files(actor, number) if one.number == file), None)
    if found is None:
        raise NotFound("没有这个文件。", advice="从稿件页里打开。")
    return found
