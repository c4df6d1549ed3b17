"""An empty index in a temporary place, for texts that are not the library's own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.bootstrap.holdings import build_analyser
from kb.config import Settings
from kb.repository.content_folder import MarkdownContentRepository
from search import Engine, Schema
from search.engines.whoosh import WhooshEngine


@contextmanager
def open_temporary_engine(settings: Settings, schema: Schema) -> Iterator[Engine]:
    """The library's own analysis (lexicon, taxonomy) and ranking over an index that is gone at the end.

    Raises BrokenLibrary when the lexicon or the taxonomy of the library cannot be used.
    """
    repository = MarkdownContentRepository(settings.content_folder, settings.templates_folder)
    analyser = build_analyser(repository.reference_data())
    with tempfile.TemporaryDirectory(prefix="kb-eval-") as folder:
        engine = WhooshEngine(Path(folder), schema, analyser)
        try:
            yield engine
        finally:
            engine.close()
