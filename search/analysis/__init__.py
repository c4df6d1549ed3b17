"""Text to terms.

    text ──► folding ──► runs ──► terms of a document: characters, bigrams, dictionary words of three or more
                          └─────► words of a query: jieba's cut, with synonyms

jieba and OpenCC are imported here and nowhere else.
"""

from search.analysis.analyser import Analyser, Word
from search.analysis.folding import Folded, fold, fold_stored, fold_with_origins

__all__ = ["Analyser", "Folded", "Word", "fold", "fold_stored", "fold_with_origins"]
