"""What a failed transaction leaves on the disk goes with the first backup a month later; what anything notes stays. Made up."""

import hashlib
import io
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kb.bootstrap import Library
from kb.bootstrap.unclaimed_uploads import KEPT_DAYS, forget_unclaimed
from kb.config import Settings
from kb.database import kept
from kb.database.batches import SqlBatchStore
from kb.database.kept_tables import Kept
from kb.database.submissions import SqlSubmissionStore
from kb.domain.accounts import Role
from kb.repository.uploads import Forgotten
from kb.services.submit_batch import Batch, BatchFile
from tests.web.adopting import VILLAGE, People
from tests.web.reviewing import open_library
from tests.web.signed_in import make_account


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = open_library(tmp_path)
    yield made
    made.close()


def pdf(words: str) -> bytes:
    return f"%PDF-1.4 made up: {words}".encode()


def path_of(settings: Settings, data: bytes) -> Path:
    sha256 = hashlib.sha256(data).hexdigest()
    return settings.data_folder / "uploads" / sha256[:2] / sha256


def age(settings: Settings, days: float = KEPT_DAYS + 1) -> None:
    """All kept files, as if nobody had sent them since."""
    then = time.time() - days * 86_400
    for path in (settings.data_folder / "uploads").glob("*/*"):
        os.utime(path, (then, then))


def send(client: FlaskClient, address: str, data: bytes) -> int:
    form = {"file": (io.BytesIO(data), "虚构.pdf")}
    return client.post(f"{address}/files", data=form, content_type="multipart/form-data").status_code


def test_of_all_that_was_sent_only_what_nothing_notes_goes(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = library.settings
    people = People(library, VILLAGE)
    editor = people.adopter
    draft = str(editor.post("/submit/blank").headers["Location"])
    adoption = f"/adoptions/{people.start(editor)}"
    assert [send(editor, draft, pdf(words)) for words in ("kept", "taken off")] == [303, 303]
    assert [send(editor, adoption, pdf(words)) for words in ("proof", "no longer stands")] == [303, 303]
    assert editor.post(f"{adoption}/files/2/remove").status_code == 303
    batched = library.desk.uploads.put(pdf("of a batch"))
    owner = make_account(library, f"adopter of {VILLAGE}", Role.EDITOR).number
    with library.desk.writing() as session:
        SqlBatchStore(session).add(Batch(0, owner, "虚构.zip", "2026-11-26", (BatchFile("虚构.pdf", batched),)))
    with monkeypatch.context() as failing:
        failing.setattr(SqlSubmissionStore, "attach", fail)
        assert send(editor, draft, pdf("the transaction failed")) == 500
    assert path_of(settings, pdf("the transaction failed")).exists()
    assert forget_unclaimed(settings) == Forgotten(0, 0)  # it may be on its way still
    age(settings)
    assert editor.post(f"{draft}/files/2/remove").status_code == 303
    assert forget_unclaimed(settings) == Forgotten(1, len(pdf("the transaction failed")))
    stay = ("kept", "taken off", "proof", "no longer stands", "of a batch")
    assert [words for words in stay if not path_of(settings, pdf(words)).exists()] == []
    age(settings)
    assert forget_unclaimed(settings).files == 1
    assert [words for words in stay if not path_of(settings, pdf(words)).exists()] == ["taken off"]


def fail(*_: object) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize("state", ["gone", "older"])
def test_where_it_cannot_be_told_what_is_noted_everything_stays(
    library: Library, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    settings = library.settings
    library.desk.uploads.put(pdf("an original"))
    with library.desk.session():
        pass
    library.close()
    age(settings)
    if state == "gone":
        for path in settings.data_folder.glob("kept.sqlite3*"):
            path.unlink()
    else:
        monkeypatch.setattr("kb.bootstrap.unclaimed_uploads.HEAD", "9999")
    assert forget_unclaimed(settings) == Forgotten(0, 0)
    assert path_of(settings, pdf("an original")).exists()
    assert (settings.data_folder / kept.NAME).exists() == (state == "older")


def test_each_table_that_notes_an_upload_is_looked_into() -> None:
    """A new column of this kind belongs in `noted_uploads`, or here: digests of content and reference files."""
    named = {f"{table.name}.{column.name}" for table in Kept.metadata.tables.values() for column in table.columns}
    assert {name for name in named if "sha256" in name} == {
        "attachment.sha256", "adoption_proof.sha256",
        "revision.sha256", "publish_intent.sha256", "publish_intent.sha256_before",
        "reference_edit.sha256", "reference_edit.sha256_before",
    }  # fmt: skip
