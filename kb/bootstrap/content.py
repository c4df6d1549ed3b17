"""The content folder of one library, opened by one process: what needs neither catalogue nor index."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from kb.config import Settings
from kb.domain.finding import Finding
from kb.errors import AskedWrongly
from kb.rendering import RenderWorker
from kb.repository.content_folder import MarkdownContentRepository
from kb.services.check_content import ContentCheck, FactCount
from kb.services.check_sources import SourcesReport, check_sources
from kb.services.ports import ReferenceData
from kb.services.start_record import StartedRecord, start_case, start_mechanism


class Content:
    """The files of one library folder."""

    def __init__(self, settings: Settings, today: Callable[[], date] = date.today) -> None:
        self.settings = settings
        self.today = today
        self._repository = MarkdownContentRepository(settings.content_folder, settings.templates_folder)

    def content_state(self) -> int:
        """Another number whenever a file of the content folder was added, changed, moved or removed."""
        return self._repository.fingerprint()

    def folder_times(self) -> tuple[int, ...]:
        """Other numbers as soon as a file was added, moved or removed; a hundred times cheaper than the state."""
        return self._repository.folder_times()

    def check(self, only: Sequence[Path] = ()) -> tuple[Finding, ...]:
        """Findings of the content folder, or of these files of it."""
        asked = {path.resolve().relative_to(self.settings.content_folder).as_posix() for path in only}
        known = [file.path for file in self._repository.list_files()[0]]
        for name in asked:
            if not any(_stands_under(path, name) for path in known):
                raise AskedWrongly(f"{name} 不是案例或机制文件。", advice="写 cases/ 或 mechanisms/ 下的文件或文件夹。")
        paths = {path for path in known if any(_stands_under(path, name) for name in asked)}
        with RenderWorker() as renderer:
            return ContentCheck(self._repository, renderer, self.today()).run(paths)

    def count_facts(self) -> FactCount:
        """Figures and document names that `check` holds against the provenance records."""
        with RenderWorker() as renderer:
            return ContentCheck(self._repository, renderer, self.today()).count_facts()

    def start_case(self, region: str, year: int | None = None) -> StartedRecord:
        """A new draft in the content folder."""
        return start_case(self._repository, region, year or self.today().year)

    def start_mechanism(self, slug: str) -> StartedRecord:
        """A new draft in the content folder."""
        return start_mechanism(self._repository, slug)

    def check_sources(self) -> SourcesReport:
        """Findings on the provenance records, and their use."""
        return check_sources(self._repository)

    def reference_data(self) -> ReferenceData:
        return self._repository.reference_data()


def _stands_under(path: str, name: str) -> bool:
    return name in (".", path) or path.startswith(f"{name}/")
