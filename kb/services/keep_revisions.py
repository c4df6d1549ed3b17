"""修订记录: what a case has been, what somebody did to its file by hand, and the way back to an earlier text."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, NamedTuple

from kb.domain.accounts import Actor, Right, require
from kb.domain.case import Case
from kb.domain.field_text import field_text
from kb.domain.merging import changed_fields
from kb.domain.paragraph_diff import ParagraphChange, compare_paragraphs
from kb.domain.submission import Submission
from kb.domain.workflow import READABLE, Stage
from kb.errors import AskedWrongly, Conflict, NotFound, UnreadableFile
from kb.services.build_records import restore_case
from kb.services.ports import PlainRecord
from kb.services.publish_record import Publication, Publisher, Revision, path_of

READS_HISTORY = (Right.WRITE, Right.REVIEW, Right.ARCHIVE, Right.READ_AUDIT)
SEES_ALL = (Right.REVIEW, Right.ARCHIVE, Right.READ_AUDIT)
BROUGHT_ALONG = "在文件夹里写成，纳入流程之前就有"
BY_HAND = "收下文件夹里的手工改动"


class Standing(Enum):
    """How the file stands to the newest revision."""

    SAME = "same"
    EDITED = "edited"
    GONE = "gone"
    UNKNOWN = "unknown"
    """It was never published here: put into the folder by hand."""


class History(NamedTuple):
    """Revisions newest first, and the file as it stands; `digest` names what was looked at, "" for no file."""

    record_id: str
    title: str
    revisions: tuple[Revision, ...]
    standing: Standing
    digest: str
    text: str
    is_archived: bool
    fields: Mapping[str, Any]


class HandChange(NamedTuple):
    """A record whose file is not the newest revision."""

    record_id: str
    standing: Standing


def read_history(actor: Actor, record_id: str, publisher: Publisher) -> History:
    """Raises NotFound for an unknown record and for one this actor may not know."""
    if not any(actor.may(right) for right in READS_HISTORY):
        require(actor, Right.REVIEW)
    path = path_of(record_id)
    revisions = tuple(publisher.ledger.revisions(record_id))
    digest = publisher.folder.digest(path)
    if not revisions and not digest:
        raise NotFound("没有这个案例的修订记录。", advice="核对编号。")
    text = read_text(publisher, path)
    fields = read_fields(publisher, text or (revisions[0].text if revisions else ""))
    if not _may_know(actor, restore_case(PlainRecord(fields), publisher.reference), is_there=bool(digest)):
        raise NotFound("没有这个案例的修订记录。", advice="核对编号。")
    title = str(fields.get("title", "")) or record_id
    standing = _standing(digest, revisions[0].sha256 if revisions else "")
    is_archived = fields.get("status") in ("归档", "archived")
    return History(record_id, title, revisions, standing, digest, text, is_archived, fields)


class FieldChange(NamedTuple):
    """What changed in one field, by its label."""

    label: str
    changes: tuple[ParagraphChange, ...]


def compare_texts(before: str, after: str, publisher: Publisher) -> tuple[FieldChange, ...]:
    """Field by field, for how a file is laid out says nothing to a reader; line by line where one cannot be read."""
    old, new = read_fields(publisher, before), read_fields(publisher, after)
    if not (old and new):
        return (FieldChange("文件", compare_paragraphs(before, after)),)
    template, references = publisher.reference.case_template, publisher.reference.references
    changed = changed_fields(old, new)
    found = [
        FieldChange(
            slot.label, compare_paragraphs(*(field_text(slot, side.get(slot.key), references) for side in (old, new)))
        )
        for slot in template.slots
        if slot.key in changed
    ]
    unknown = [key for key in changed if key not in template.keys]
    found += [FieldChange(key, compare_paragraphs(str(old.get(key, "")), str(new.get(key, "")))) for key in unknown]
    return tuple(found)


def find_hand_changes(actor: Actor, publisher: Publisher) -> tuple[HandChange, ...]:
    """Records that were published here and whose file somebody has changed, taken away or renamed since."""
    require(actor, Right.ANSWER_CORRECTIONS)
    changes = []
    for record_id, (_, sha256) in sorted(publisher.ledger.latest().items()):
        standing = _standing(publisher.folder.digest(path_of(record_id)), sha256)
        if standing is not Standing.SAME:
            changes.append(HandChange(record_id, standing))
    return tuple(changes)


def restore(actor: Actor, record_id: str, number: int, seen: str, publisher: Publisher) -> Revision:
    """Publishes an earlier revision anew; `seen` is the digest the actor looked at. Raises Conflict, AskedWrongly."""
    require(actor, Right.INCLUDE)
    with publisher.alone():
        wanted = get_revision(record_id, number, publisher)
        _check_seen(record_id, seen, publisher)
        newest = publisher.ledger.latest().get(record_id, (0, ""))[1]
        if seen not in ("", newest):
            raise Conflict("文件夹里有手工改动还没有收下，恢复会盖掉它。", advice="先收下手工改动，再恢复。")
        reason = f"恢复到第 {number} 次修订"
        return publisher.publish(Publication(record_id, wanted.text, seen, reason, actor.number))


def adopt(actor: Actor, record_id: str, seen: str, publisher: Publisher) -> Revision:
    """Takes the file as it stands for the newest revision; raises Conflict when it is no longer what was looked at."""
    require(actor, Right.INCLUDE)
    with publisher.alone():
        _check_seen(record_id, seen, publisher)
        return _adopt(record_id, actor.number, BY_HAND, publisher)


def draft_revision(actor: Actor, record_id: str, publisher: Publisher) -> Submission:
    """What changes an included case, not kept yet. Raises Conflict while a change by hand stands open."""
    require(actor, Right.WRITE)
    read_history(actor, record_id, publisher)
    with publisher.alone():
        current = current_revision(record_id, publisher)
    fields = {key: value for key, value in read_fields(publisher, current.text).items() if key not in _FILLED_IN}
    at = publisher.time()
    return Submission(0, record_id, actor.number, actor.unit, Stage.DRAFT, 1, fields, (), current.number, at, at)


_FILLED_IN = ("id", "status", "review_by")


def current_revision(record_id: str, publisher: Publisher) -> Revision:
    """The newest revision, which is the file; a file never published here becomes its first one.

    To be called `alone`; raises NotFound, and Conflict when the file is not the newest revision.
    """
    revisions = publisher.ledger.revisions(record_id)
    digest = publisher.folder.digest(path_of(record_id))
    if not revisions:
        if not digest:
            raise NotFound("没有这个案例。", advice="核对编号。")
        return _adopt(record_id, 0, BROUGHT_ALONG, publisher)
    if digest != revisions[0].sha256:
        raise Conflict(
            f"内容文件夹里的 {path_of(record_id)} 和修订记录对不上。", advice="先到修订记录里收下手工改动，或恢复。"
        )
    return revisions[0]


def republish(
    record_id: str,
    by: int,
    reason: str,
    change: Callable[[str], str],
    publisher: Publisher,
    *,
    accepts_faults: bool = False,
) -> Revision:
    """The next revision: the newest one with a change in its text."""
    with publisher.alone():
        current = current_revision(record_id, publisher)
        publication = Publication(record_id, change(current.text), current.sha256, reason, by)
        return publisher.publish(publication, accepts_faults=accepts_faults)


def get_revision(record_id: str, number: int, publisher: Publisher) -> Revision:
    """Raises NotFound."""
    found = next((one for one in publisher.ledger.revisions(record_id) if one.number == number), None)
    if found is None:
        raise NotFound("没有这一次修订。", advice="从修订记录里选。")
    return found


def read_fields(publisher: Publisher, text: str) -> Mapping[str, Any]:
    """Plain values of a text; none when it cannot be read."""
    try:
        return publisher.form.parse(text).fields
    except UnreadableFile:
        return {}


def read_text(publisher: Publisher, path: str) -> str:
    """The file's text; what a person can be shown when it cannot be read."""
    try:
        return publisher.folder.read(path)
    except UnreadableFile as error:
        return f"（文件读不出来：{error.message}）"


def _adopt(record_id: str, by: int, reason: str, publisher: Publisher) -> Revision:
    path = path_of(record_id)
    text, digest = publisher.folder.read(path), publisher.folder.digest(path)
    if not digest:
        raise AskedWrongly("文件已经不在文件夹里，没有可收下的。", advice="可以恢复最近一次修订。")
    return publisher.ledger.adopt(Revision(record_id, 0, publisher.time(), by, 0, digest, text, reason))


def _check_seen(record_id: str, seen: str, publisher: Publisher) -> None:
    if publisher.folder.digest(path_of(record_id)) != seen:
        raise Conflict("看过之后，文件夹里的文件又变了。", advice="重新打开修订记录，看过再办。")


def _standing(digest: str, newest: str) -> Standing:
    if not newest:
        return Standing.UNKNOWN
    if not digest:
        return Standing.GONE
    return Standing.SAME if digest == newest else Standing.EDITED


def _may_know(actor: Actor, case: Case, *, is_there: bool) -> bool:
    """Who reviews, archives or audits knows of every record; a writer of what a reader of the same unit sees."""
    if any(actor.may(right) for right in SEES_ALL):
        return True
    return is_there and case.stage in READABLE and case.seen_by in actor.sees
