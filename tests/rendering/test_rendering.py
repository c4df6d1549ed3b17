"""Markdown to HTML: safe, bounded, and the worker outlives whatever it is given (threat rows 1 to 3)."""

import time
from collections.abc import Iterator

import pytest

from kb.errors import NotReady, UnreadableFile
from kb.rendering import worker as worker_module
from kb.rendering.markdown_html import convert
from kb.rendering.worker import RenderWorker

HOSTILE = {
    "open brackets": "[" * 20_000,
    "footnotes": "[^1]" * 5_000,
    "links": "[a](" * 5_000,
    "nested list": "\n".join("    " * depth + "- x" for depth in range(300)),
    "open tags": "<a " * 20_000,
    "declarations": "<!" * 20_000,
    "long line": "x" * 9_000,
    "long text": "字\n" * 40_000,
    "quotes": ">" * 4_000 + " x",
    "stars": "*a " * 7_000,
}


@pytest.fixture(scope="module")
def renderer() -> Iterator[RenderWorker]:
    with RenderWorker() as started:
        started.render({"warm": "up"})
        yield started


@pytest.mark.parametrize("shape", HOSTILE)
def test_hostile_shapes_are_refused_within_a_second_and_the_worker_lives(shape: str, renderer: RenderWorker) -> None:
    began = time.monotonic()
    with pytest.raises(UnreadableFile) as caught:
        renderer.render({"body": HOSTILE[shape]})
    assert caught.value.message.startswith("正文") and "已停止" not in caught.value.message
    assert renderer.render({"body": "好"}) == {"body": "<p>好</p>"}
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("text", ["<![", "<!" * 200, "<!-- 没有结束", "<!DOCTYPE x", "<?php", "<![CDATA["])
def test_declarations_are_text(text: str) -> None:
    assert "&lt;" in convert(text)
    assert "<!" not in convert(text)


def test_a_text_that_takes_too_long_is_stopped_and_the_next_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "check_markdown", lambda text: None)
    with RenderWorker(time_limit=1.0) as renderer:
        renderer.render({"warm": "up"})
        with pytest.raises(UnreadableFile, match="超过 1 秒"):
            renderer.render({"body": "[" * 60_000})
        assert renderer.render({"body": "好"}) == {"body": "<p>好</p>"}


@pytest.mark.parametrize("fault", [None, OSError(24, "Too many open files")])
def test_a_child_that_cannot_start_is_no_fault_of_the_text(
    monkeypatch: pytest.MonkeyPatch, fault: OSError | None
) -> None:
    def start(_: object) -> None:
        raise fault or AssertionError

    with RenderWorker() as worker, monkeypatch.context() as patch:
        patch.setattr("kb.rendering.worker.START_LIMIT", 0.0)
        if fault:
            patch.setattr("multiprocessing.context.SpawnProcess.start", start)
        with pytest.raises(
            NotReady, match="排版进程没有启动（打开的文件太多）" if fault else "排版进程没有启动（太慢）"
        ):
            worker.render({"a": "一段"})
        patch.undo()
        assert worker.render({"a": "一段"}) == {"a": "<p>一段</p>"}


def test_a_text_too_deep_for_the_parser_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "check_markdown", lambda text: None)
    with RenderWorker(time_limit=20.0) as renderer:
        with pytest.raises(UnreadableFile):
            renderer.render({"body": HOSTILE["nested list"]})
        assert renderer.render({"body": "好"}) == {"body": "<p>好</p>"}


XSS = {
    "[a](javascript:alert(1))": "<p><a>a</a></p>",
    "[a](&#106;avascript:alert(1))": None,
    "[a](JaVaScRiPt&#58;alert(1))": None,
    "[a](data:text/html,x)": "<p><a>a</a></p>",
    "[a](vbscript:x)": "<p><a>a</a></p>",
    "[a](//evil.example)": "<p><a>a</a></p>",
    "[a](/cases/1)": '<p><a href="/cases/1">a</a></p>',
    "<img src=x onerror=alert(1)>": "<p>&lt;img src=x onerror=alert(1)&gt;</p>",
    "<svg/onload=alert(1)>": "<p>&lt;svg/onload=alert(1)&gt;</p>",
    "<style>@import 'x'</style>": None,
    "![x](http://evil.example/a.png)": "<p></p>",
    "`<script>alert(1)</script>`": "<p><code>&lt;script&gt;alert(1)&lt;/script&gt;</code></p>",
    "<math><mi//xlink:href='data:x,y'>": None,
    '〔"><script>x〕': None,
}


@pytest.mark.parametrize("text", XSS)
def test_no_script_survives(text: str) -> None:
    html = convert(text)
    assert XSS[text] is None or html == XSS[text]
    lowered = html.lower()
    assert not [bad for bad in ("<script", "<img", "<svg", "<style", "<math", "href=\"j", "href=\"d", "href=\"v") if bad in lowered]  # fmt: skip


def test_high_headings_take_the_level_below_the_page_s_own() -> None:
    assert convert("# 甲\n\n## 乙\n\n### 丙") == "<h3>甲</h3>\n<h3>乙</h3>\n<h3>丙</h3>"


def test_what_editors_use_is_kept() -> None:
    text = "### 小标题\n\n甲**乙**〔二(四)〕\n\n1. 一\n2. 二\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n\n文号〔2017〕"
    assert convert(text) == (
        '<h3>小标题</h3>\n<p>甲<strong>乙</strong><span class="cite">〔二(四)〕</span></p>\n'
        "<ol>\n<li>一</li>\n<li>二</li>\n</ol>\n"
        "<table>\n<thead>\n<tr>\n<th>甲</th>\n<th>乙</th>\n</tr>\n</thead>\n"
        "<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n<p>文号〔2017〕</p>"
    )
