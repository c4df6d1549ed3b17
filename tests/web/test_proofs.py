"""凭据文件: attached by the unit, seen by it, by who confirms and who promotes; looked at before they are kept; never lost. Made up."""

import hashlib
import io
import re
from collections.abc import Iterator
from itertools import count

import pytest
from flask.testing import FlaskClient
from PIL import Image

from kb.bootstrap import Library
from kb.domain.accounts import Role
from kb.services import prove_adoption
from kb.services.receive_file import KeptFile, Sent, Uploads, keep_bytes
from kb.web.adoptions import proving
from tests.made_up import MECHANISM
from tests.web.adopting import SCHOOL, VILLAGE, People
from tests.web.page import Page
from tests.web.reviewing import notes, open_library

PDF = b"%PDF-1.4 a made-up ledger"
NUMBERS = count(1)
ANOTHER = {"mechanism": "pair-again", "case": ""}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    again = MECHANISM.replace("id: pair-up", "id: pair-again").replace("干部与", "再派干部与")
    made = open_library(tmp_path_factory.mktemp("proofs"), {"mechanisms/pair-again.md": again})
    yield made
    made.close()


@pytest.fixture
def people(library: Library) -> People:
    """On the one library, with a unit that adopted nothing so far."""
    return People(library, f"虚构证{next(NUMBERS)}村党支部")


def attach(client: FlaskClient, adoption: int, name: str = "台账.pdf", data: bytes = PDF) -> int:
    form = {"file": (io.BytesIO(data), name)}
    return client.post(f"/adoptions/{adoption}/files", data=form, content_type="multipart/form-data").status_code


def shown(client: FlaskClient, adoption: int) -> list[tuple[str, str]]:
    """Name and address of each file the page leads to."""
    return [
        link
        for link in Page(client.get(f"/adoptions/{adoption}").text).links
        if f"/adoptions/{adoption}/files/" in link[1]
    ]


def test_a_unit_attaches_and_those_who_confirm_and_promote_look_at_it_and_nobody_else(people: People) -> None:
    adopter, other = people.adopter, people.of("other", Role.READER, "虚构第三方党委")
    number = people.land(adopter)
    assert attach(adopter, number) == 303
    ((name, address),) = shown(adopter, number)
    assert name == "台账.pdf"
    who = {"confirmer": people.confirmer, "steward": people.steward, "other": other, "source": people.source}
    assert [key for key, client in who.items() if shown(client, number)] == ["confirmer", "steward", "other"]
    assert [client.get(address).status_code for client in who.values()] == [200, 200, 200, 404]
    assert people.guest.get(address).status_code == 303
    assert "台账.pdf" not in people.source.get(f"/adoptions/{number}").text  # nor in the history it reads
    answer = people.confirmer.get(address)
    assert answer.data == PDF and answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert people.confirm(people.confirmer, number) == 303
    assert [client.get(address).status_code for client in who.values()] == [200, 200, 404, 404]
    assert people.of("reviewer", Role.REVIEWER, SCHOOL).get(address).status_code == 404  # cannot confirm
    assert ("file_downloaded", f"adoption:{number}", "台账.pdf") in notes(people.library)


def test_before_it_has_landed_only_the_unit_and_those_who_promote_look_at_it(people: People) -> None:
    number = people.start(people.adopter)
    attach(people.adopter, number)
    ((_, address),) = shown(people.adopter, number)
    assert [one.get(address).status_code for one in (people.steward, people.confirmer)] == [200, 404]
    assert [attach(one, number) for one in (people.steward, people.confirmer, people.guest)] == [403, 403, 403]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("台账.pdf", b"<script>alert(1)</script>"), ("页.html", b"<p>x</p>"), ("图.svg", b"<svg/>"), ("表.xls", b"\xd0\xcf\x11\xe0"),
        ("程序.exe", b"MZ"), ("图.png", b"\x89PNG\r\n\x1a\nbroken"), ("空.pdf", b""), ("宏.docm", b"PK\x03\x04"),
    ],
)  # fmt: skip
def test_what_is_no_proof_is_refused_with_what_to_do_and_nothing_is_noted(
    people: People, name: str, data: bytes
) -> None:
    number = people.start(people.adopter)
    assert attach(people.adopter, number, name, data) == 400
    assert shown(people.adopter, number) == [] and people.version_of(number) == "1"


def test_a_picture_is_made_anew_without_where_it_was_taken(people: People) -> None:
    taken, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "虚构的拍摄地点"
    Image.new("RGB", (8, 8)).save(taken, "JPEG", exif=exif)
    number = people.start(people.adopter)
    assert attach(people.adopter, number, "现场.jpg", taken.getvalue()) == 303
    ((_, address),) = shown(people.adopter, number)
    kept = people.adopter.get(address).data
    assert Image.open(io.BytesIO(kept)).size == (8, 8) and "虚构的拍摄地点".encode() not in kept


def test_what_was_confirmed_keeps_its_files_until_the_confirmation_is_withdrawn(people: People) -> None:
    adopter = people.adopter
    number = people.land(adopter)
    attach(adopter, number)
    ((_, address),) = shown(adopter, number)
    people.confirm(people.confirmer, number)
    assert attach(adopter, number, "又一份.pdf") == 400
    refused = adopter.post(f"{address}/remove")
    assert refused.status_code == 400 and "先请确认的单位撤回确认" in refused.text
    assert len(shown(adopter, number)) == 1
    form = {"version": people.version_of(number), "reason": "虚构的出入"}
    assert people.confirmer.post(f"/adoptions/{number}/unconfirm", data=form).status_code == 303
    assert attach(adopter, number, "又一份.pdf") == 303


def test_who_confirms_has_looked_at_the_files_that_stand_there(people: People) -> None:
    number = people.land(people.adopter)
    seen = people.version_of(number)
    attach(people.adopter, number)
    late = people.confirmer.post(f"/adoptions/{number}/confirm", data={"version": seen, "word": "看过"})
    assert late.status_code == 409 and not Page(late.text).says("✓ 已确认")


def test_a_file_taken_away_is_gone_for_who_confirms_and_stays_for_the_unit_and_who_promotes(people: People) -> None:
    adopter = people.adopter
    number = people.land(adopter)
    attach(adopter, number)
    ((_, address),) = shown(adopter, number)
    assert adopter.post(f"{address}/remove").status_code == 303
    assert [one.get(address).status_code for one in (adopter, people.steward, people.confirmer)] == [200, 200, 404]
    assert "台账.pdf" not in people.confirmer.get(f"/adoptions/{number}").text
    page = Page(adopter.get(f"/adoptions/{number}").text)
    assert page.says("凭据文件（0）") and page.says("去掉过的（1）") and page.says("去掉一个凭据文件（仍留存）")
    sha256 = hashlib.sha256(PDF).hexdigest()
    assert (people.library.settings.data_folder / "uploads" / sha256[:2] / sha256).read_bytes() == PDF


def test_there_is_an_end_to_how_many_stand_and_to_how_many_ever_did(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prove_adoption, "MOST_PROOFS", 1)
    monkeypatch.setattr(prove_adoption, "MOST_EVER", 2)
    adopter = people.adopter
    number = people.start(adopter)
    codes = [attach(adopter, number, "甲.pdf"), attach(adopter, number, "乙.pdf", PDF + b", one too many")]
    for _ in range(2):
        adopter.post(f"{shown(adopter, number)[0][1]}/remove")
        codes.append(attach(adopter, number, "丙.pdf"))
        adopter.post(f"{shown(adopter, number)[-1][1]}/remove")
    assert codes == [303, 400, 303, 400]
    refused = hashlib.sha256(PDF + b", one too many").hexdigest()
    assert not (people.library.settings.data_folder / "uploads" / refused[:2] / refused).exists()


@pytest.fixture
def room_for_small_files(library: Library, monkeypatch: pytest.MonkeyPatch) -> int:
    """Bytes a unit has for its proofs: three of the made-up file and some."""
    most = 3 * len(PDF) + 10
    monkeypatch.setattr(library.promoting, "_proof_bytes", most)
    return most


def kept_bytes(library: Library, data: bytes) -> bool:
    sha256 = hashlib.sha256(data).hexdigest()
    return (library.settings.data_folder / "uploads" / sha256[:2] / sha256).exists()


@pytest.mark.usefixtures("room_for_small_files")
def test_a_unit_has_room_for_so_many_bytes_over_all_its_adoptions_and_says_so_before_one_sends(people: People) -> None:
    adopter = people.adopter
    first, second = people.start(adopter), people.start(adopter, **ANOTHER)
    assert Page(adopter.get(f"/adoptions/{first}").text).says("一共可用 0.1 MB，已占 0 MB")
    others = [PDF[:-1] + letter for letter in (b"1", b"2", b"3")]
    assert [attach(adopter, first, "甲.pdf", others[0]), attach(adopter, second, "乙.pdf", others[1])] == [303, 303]
    assert Page(adopter.get(f"/adoptions/{second}").text).says("已占 0.1 MB（各条采用合计，去掉的仍留存，也算）")
    assert attach(adopter, second, "丙.pdf", others[2] + b" and far more than what is left") == 400
    assert not kept_bytes(people.library, others[2] + b" and far more than what is left")
    assert attach(adopter, second, "丙.pdf", others[2]) == 303
    page = adopter.get(f"/adoptions/{second}").text
    assert 'id="proof-file"' in page  # ten bytes are left
    refused = adopter.post(
        f"/adoptions/{first}/files",
        data={"file": (io.BytesIO(PDF + b"4"), "丁.pdf")},
        content_type="multipart/form-data",
    )
    assert refused.status_code == 400
    words = "放不下：你单位的凭据文件已占 0.1 MB，一共可用 0.1 MB，这个文件要 0.1 MB。"
    assert Page(refused.text).says(words) and "请管理员调大 proof_megabytes" in refused.text
    assert not kept_bytes(people.library, PDF + b"4")


@pytest.mark.usefixtures("room_for_small_files")
def test_the_same_bytes_count_once_what_was_taken_away_counts_and_another_unit_has_room_of_its_own(
    people: People,
) -> None:
    adopter = people.adopter
    first, second = people.start(adopter), people.start(adopter, **ANOTHER)
    data = PDF + PDF + b"!"  # two of these have no room
    assert [attach(adopter, one, "甲.pdf", data) for one in (first, first, second)] == [303, 303, 303]
    adopter.post(f"{shown(adopter, second)[0][1]}/remove")
    assert attach(adopter, second, "乙.pdf", data + b"?") == 400
    assert attach(adopter, second, "丙.pdf", b"%PDF-") == 303
    other = People(people.library, f"虚构证{next(NUMBERS)}村党支部")
    assert attach(other.adopter, other.start(other.adopter), "乙.pdf", data + b"?") == 303


def test_a_unit_whose_room_is_full_is_told_instead_of_asked_for_a_file(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    adopter = people.adopter
    number = people.start(adopter)
    monkeypatch.setattr(people.library.promoting, "_proof_bytes", len(PDF))
    assert attach(adopter, number) == 303
    page = adopter.get(f"/adoptions/{number}").text
    assert (
        Page(page).says("已经占满，不能再附。要再附，请管理员调大 proof_megabytes。") and 'id="proof-file"' not in page
    )
    assert "已占" not in people.steward.get(f"/adoptions/{number}").text  # it is the unit's own affair


def test_two_that_are_sent_at_once_do_not_both_get_the_last_room(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = people.start(people.adopter)
    monkeypatch.setattr(people.library.promoting, "_proof_bytes", len(PDF) + 1)

    def keep_after_another(sent: Sent, kind: str, uploads: Uploads) -> KeptFile:
        if sent.name == "乙.pdf":
            assert attach(people.adopter, number, "甲.pdf", PDF + b"1") == 303
        return keep_bytes(sent, kind, uploads)

    monkeypatch.setattr(proving, "keep_bytes", keep_after_another)
    assert attach(people.adopter, number, "乙.pdf", PDF + b"2") == 400
    assert [name for name, _ in shown(people.adopter, number)] == ["甲.pdf"]


def test_the_history_tells_what_was_attached_and_the_proof_of_another_adoption_is_not_found_here(
    people: People,
) -> None:
    number = people.start(people.adopter)
    attach(people.adopter, number)
    ((_, address),) = shown(people.adopter, number)
    other = People(people.library, VILLAGE)
    another = other.start(other.adopter)
    crossed = re.sub(r"^/adoptions/\d+", f"/adoptions/{another}", address)
    assert other.adopter.get(crossed).status_code == 404
    assert Page(people.adopter.get(f"/adoptions/{number}").text).says("附了一个凭据文件")
