"""我的稿子: a piece is made of a search, the basket or the favourites, put in order, looked at, written out.

pages    the blueprint, the list, what all pages of one piece have
making   what it is made of
editing  order, own words, head; copied, deleted, brought back
files    preview, Word, PDF, sheets, Markdown, rich text
"""

from kb.web.pieces import editing, files, making
from kb.web.pieces.pages import blueprint

__all__ = ["blueprint", "editing", "files", "making"]
