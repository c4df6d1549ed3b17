"""A linear look at Markdown before it is parsed: shapes known to make the parser slow or deep are refused.

The bounds are the ones inside which the hostile shapes tried took at most 0.3 s (see docs/decisions/0004-rendering.md).
"""

from kb.errors import UnreadableFile

MAX_CHARACTERS = 60_000
MAX_LINE = 8_000
MAX_INDENT = 40
MAX_COUNTS = {"[": 800, "<": 500, "[^": 400, "`": 2_000, "*": 6_000, "_": 6_000, ">": 3_000}


def check_markdown(text: str) -> None:
    """Raises UnreadableFile naming the shape that is over its bound."""
    if len(text) > MAX_CHARACTERS:
        raise UnreadableFile(f"正文超过 {MAX_CHARACTERS} 个字符。", advice="拆成几个案例，或删减。")
    for shape, most in MAX_COUNTS.items():
        if text.count(shape) > most:
            raise UnreadableFile(
                f"正文里的“{shape}”超过 {most} 个。", advice="删去多余的符号；这多半是从别处粘贴来的格式。"
            )
    for line in text.split("\n"):
        if len(line) > MAX_LINE:
            raise UnreadableFile(f"正文有一行超过 {MAX_LINE} 个字符。", advice="分成几段。")
        if len(line) - len(line.lstrip(" \t>")) > MAX_INDENT:
            raise UnreadableFile(f"正文有一行缩进超过 {MAX_INDENT} 格。", advice="减少列表的层次。")
