"""Text that tries to run a script, for every place where text can stand. Made up; nothing in it is real."""

from tests.made_up import CASE, MECHANISM

STRINGS = [
    "<script>hit()</script>",
    "<img src=x onerror=hit()>",
    "<svg onload=hit()>",
    "<math><mtext><a xlink:href=javascript:hit()>x</a></mtext></math>",
    '"><script>hit()</script>',
    "'><img src=x onerror=hit()>",
    "javascript:hit()",
    "java&Tab;script&colon;hit()",
    "data:text/html,<script>hit()</script>",
    "vbscript:hit()",
    "//evil.invalid/x",
    "<style>*{background:url(//evil.invalid/x)}</style>",
    "<iframe srcdoc='<script>parent.hit()</script>'>",
    "</title><script>hit()</script>",
    "{{ config }}{% include 'x' %}",
    "\u202e<script>hit()</script>",
]
IN_FILES = [text for text in STRINGS if text.isprintable()]
"""A file with an invisible control character is not even taken in."""
MARKDOWN = """
<script>hit()</script>
<img src=x onerror=hit()><svg onload=hit()>
[甲](javascript:hit()) [乙](java&Tab;script&colon;hit()) [丙](data:text/html,<script>hit()</script>) [丁](//evil.invalid/x)
![戊](https://evil.invalid/x.png) <style>@import "//evil.invalid/x.css"</style> <base href="//evil.invalid/">
<a href="javascript:hit()" onclick="hit()">己</a> <form action="//evil.invalid/"><input autofocus onfocus=hit()></form>
"""


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


CASE_TEXT = (
    CASE.replace("id: 000000-2020-01", "id: 000000-2020-66")
    .replace("title: 虚构镇用结对办法帮三个软弱涣散支部开起会来", f"title: {_quoted('恶意的标题' + ''.join(IN_FILES))}")
    .replace("keywords: [结对, 支部, 开会]", "keywords: [" + ", ".join(map(_quoted, IN_FILES[:5])) + "]")
    .replace("responsible: 镇党委", f"responsible: {_quoted(STRINGS[1])}")
    .replace("measure: 不开会的支部", f"measure: {_quoted(STRINGS[2])}")
    .replace("scope: [有支部不开会的镇]", f"scope: [{', '.join(map(_quoted, IN_FILES))}]")
    .replace("支部书记都外出做工", MARKDOWN + "\n支部书记都外出做工")
)
MECHANISM_TEXT = (
    MECHANISM.replace("title: 干部与支部结对", f"title: {_quoted('恶意的机制' + ''.join(IN_FILES[:6]))}")
    .replace("must_follow: [逐月到场]", f"must_follow: [{', '.join(map(_quoted, IN_FILES))}]")
    .replace("为测试编写，", MARKDOWN + "\n为测试编写，")
)
HOSTILE_FILES = {"cases/000000-2020-66.md": CASE_TEXT, "mechanisms/pair-up.md": MECHANISM_TEXT}
