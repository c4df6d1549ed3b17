"""A section's words without its Markdown and citations: for cards, snippets and the index."""

import re

from kb.domain.figures import CITATION

_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_LINE_START = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|[-*+][ \t]+|>[ \t]?)", re.MULTILINE)
_EMPHASIS = re.compile(r"\*\*|__|`|^\s*\|?[\s:|-]{4,}\|?\s*$", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<=[。！？；])")


def plain_text(markdown: str) -> str:
    """Words only, paragraphs kept apart by line ends."""
    text = _LINK.sub(r"\1", CITATION.sub("", markdown))
    text = _EMPHASIS.sub("", _LINE_START.sub("", text)).replace("|", " ")
    return re.sub(r"\n{2,}", "\n", text).strip()


def first_sentence(markdown: str, most: int = 80) -> str:
    """The first sentence, with … where it was cut: longer than `most` characters, or ending in a semicolon."""
    sentence = _SENTENCE_END.split(plain_text(markdown).replace("\n", ""), maxsplit=1)[0]
    if len(sentence) > most:
        return sentence[: most - 1] + "…"
    return sentence[:-1] + "……" if sentence.endswith("；") else sentence


def character_pairs(*texts: str) -> set[str]:
    """Every two neighbouring letters, digits or Chinese characters: a rough measure of what texts share."""
    return {text[i : i + 2] for text in texts for i in range(len(text) - 1) if text[i : i + 2].isalnum()}
