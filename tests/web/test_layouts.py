"""文件版式 as an administrator meets it: sample, upload, trial, replace, remove; in the audit trail, used for what is made."""

import io

import docx
import pytest

from kb.bootstrap import Library
from kb.bootstrap.layouts import fill_layout
from kb.domain.accounts import Role
from kb.domain.office_layout import LAYOUT_FIELDS, SAMPLE
from tests.exports.test_layout import layout, texts
from tests.web.conftest import open_synced
from tests.web.page import Page
from tests.web.signed_in import signed_in


@pytest.fixture(scope="module")
def desk_library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return open_synced(tmp_path_factory.mktemp("layouts"))


def sent(data: bytes, name: str = "版式.docx") -> dict[str, object]:
    return {"file": (io.BytesIO(data), name)}


def test_a_layout_is_tried_kept_used_and_taken_away_again(desk_library: Library) -> None:
    client = signed_in(desk_library, "keeper", Role.ADMINISTRATOR)
    page = Page(client.get("/layouts").text)
    assert (page.says("用的是系统自带的公文版式。"), page.unclosed) == (True, [])
    assert all(page.says(f"{{{{ {field} }}}}") for field in LAYOUT_FIELDS)
    blank = client.get("/layouts/blank.docx").data
    assert docx.Document(io.BytesIO(blank)).paragraphs[0].text == "{{ name }}"

    assert (
        client.post("/layouts/bulletin", data=sent(layout("本单位报头", "{{ title }}", "{{ body }}"))).status_code
        == 303
    )
    page = Page(client.get("/layouts").text)
    assert page.says("已启用") and page.says("用的是本单位的版式")
    assert texts(client.get("/layouts/bulletin/trial.docx").data)[:2] == ["本单位报头", "这里是标题"]
    assert texts(client.get("/layouts/bulletin.docx").data) == ["本单位报头", "{{ title }}", "{{ body }}"]
    filled = fill_layout(desk_library.settings, "bulletin", SAMPLE, "official")
    assert filled is not None and texts(filled)[0] == "本单位报头"

    refused = client.post("/layouts/bulletin", data=sent(layout("{{ ''.__class__ }}")))
    assert (refused.status_code, Page(refused.text).says("版式里用了不许用的标记。")) == (400, True)
    assert texts(client.get("/layouts/bulletin.docx").data)[0] == "本单位报头"

    assert client.post("/layouts/bulletin/remove").status_code == 303
    assert Page(client.get("/layouts").text).says("用的是系统自带的公文版式。")
    assert fill_layout(desk_library.settings, "bulletin", SAMPLE, "official") is None
    auditor = signed_in(desk_library, "auditor", Role.AUDITOR)
    trail = Page(auditor.get("/audit").text)
    assert all(trail.says(words) for words in ("换文件版式", "上传", "删除"))


def test_names_of_other_files_lead_nowhere(desk_library: Library) -> None:
    client = signed_in(desk_library, "keeper", Role.ADMINISTRATOR)
    for address in ("/layouts/other.docx", "/layouts/..%2Fsecret-key.docx", "/layouts/other/trial.docx"):
        assert client.get(address).status_code == 404, address
    assert client.post("/layouts/other", data=sent(b"PK")).status_code == 404
