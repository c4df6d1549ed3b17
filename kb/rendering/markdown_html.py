"""Markdown to HTML with raw HTML switched off, then cleaned by an allow-list."""

import re

import nh3
from markdown import Markdown

TAGS = {
    "p", "br", "hr", "strong", "em", "ul", "ol", "li", "blockquote", "code", "pre", "h3", "h4", "h5",
    "table", "thead", "tbody", "tr", "th", "td", "a",
}  # fmt: skip
_LINK = re.compile(r"(https?://|/(?!/)|#)")
_HIGH_HEADING = re.compile(r"<(/?)h[12]>")
_CITATION = re.compile(r"(<[^>]*>)|〔([^〔〕<>\n]{1,12})〕")


def convert(text: str) -> str:
    """Safe HTML of a section; what is not on the allow-list is shown as text or dropped."""
    # The page owns the first two levels of headings.
    html = _HIGH_HEADING.sub(r"<\1h3>", _markdown().convert(text))
    cleaned = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        attribute_filter=_keep_attribute,
        link_rel="noopener noreferrer nofollow",
    )
    return _CITATION.sub(_mark_citation, cleaned)


def _markdown() -> Markdown:
    # html_block and html hand raw tags to html.parser, which hostile text can keep busy for minutes.
    markdown = Markdown(extensions=["tables", "sane_lists"])
    markdown.preprocessors.deregister("html_block")
    markdown.inlinePatterns.deregister("html")
    return markdown


def _keep_attribute(tag: str, attribute: str, value: str) -> str | None:
    return value if attribute == "href" and _LINK.match(value) else None


def _mark_citation(match: re.Match[str]) -> str:
    if match[1] or match[2].isdigit():
        return match[0]
    return f'<span class="cite">〔{match[2]}〕</span>'
