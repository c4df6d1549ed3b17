"""Somebody who picks highlights and makes pieces, on a library of its own over made-up records."""

import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from kb.bootstrap import Library
from tests.made_up import CASE
from tests.web.conftest import open_synced
from tests.web.signed_in import open_app

CASE_ID, LESSON_ID = "000000-2020-01", "000000-2021-02"
EFFECT = "不开会的支部由 3 个减到 0 个。"
CAUSES = "支部书记都外出做工，没有人召集，镇里也没有人过问，时间一长便散了。"


class Desk:
    """A library, its application, and a guest with a browser of his own."""

    def __init__(self, folder: Path) -> None:
        self.library: Library = open_synced(folder)
        self.app: Flask = open_app(self.library)
        self.client: FlaskClient = self.app.test_client()

    def keys(self, case_id: str = CASE_ID, *, client: FlaskClient | None = None) -> dict[str, str]:
        """Key of every sentence of a case by its words."""
        page = (client or self.client).get(f"/highlights/{case_id}").text
        found = re.findall(r'name="pick" value="([^"]+)".*?<span class="sentence-text">(.*?)</span>', page)
        return {words: key for key, words in found}

    def pick(self, *texts: str, client: FlaskClient | None = None, case_id: str = CASE_ID) -> None:
        keys = self.keys(case_id, client=client)
        answer = (client or self.client).post("/highlights/pick", data={"pick": [keys[text] for text in texts]})
        assert answer.location == "/highlights/basket"

    def basket(self, client: FlaskClient | None = None) -> list[str]:
        """The words in the basket, in order."""
        page = (client or self.client).get("/highlights/basket").text
        return re.findall(r'<p class="words">(.*?)</p>', page)

    def numbers(self) -> list[str]:
        return re.findall(r'id="p(\d+)"', self.client.get("/highlights/basket").text)

    def change(self, **form: str) -> int:
        return self.client.post("/highlights/basket", data=form).status_code

    def revise(self, before: str, after: str, case_id: str = CASE_ID) -> None:
        """Somebody mends the file of a case."""
        path = self.library.settings.content_folder / f"cases/{case_id}.md"
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")
        self.library.sync(lambda *_: None)

    def queries(self, address: str) -> int:
        """How often the databases are asked for a page."""
        asked: list[object] = []

        def note(*given: object) -> None:
            asked.append(given[2])

        engines = (self.library.desk.engine, self.library._database)
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        assert self.client.get(address).status_code == 200
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    def restore(self) -> None:
        path = self.library.settings.content_folder / f"cases/{CASE_ID}.md"
        if path.read_text(encoding="utf-8") != CASE:
            path.write_text(CASE, encoding="utf-8")
            self.library.sync(lambda *_: None)
