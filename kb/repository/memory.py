"""The content folder's twin for tests: files are entries of a mapping, reference data is given."""

import hashlib
from collections.abc import MutableMapping, Sequence

from kb.domain.finding import Finding
from kb.errors import AskedWrongly, UnreadableFile
from kb.repository.content_folder import FOLDERS
from kb.repository.record_file import parse_record
from kb.services.ports import ContentFile, PlainRecord, ReferenceData


class MemoryContentRepository:
    """Paths (cases/x.md, mechanisms/y.md) to file text."""

    def __init__(self, reference: ReferenceData, files: MutableMapping[str, str]) -> None:
        self.reference = reference
        self.files = files

    def reference_data(self) -> ReferenceData:
        return self.reference

    def list_files(self) -> tuple[Sequence[ContentFile], Sequence[Finding]]:
        return [
            ContentFile(path, FOLDERS[path.partition("/")[0]], hashlib.sha256(text.encode()).hexdigest())
            for path, text in sorted(self.files.items())
        ], []

    def add(self, path: str, text: str) -> None:
        if path in self.files:
            raise AskedWrongly(f"已有文件 {path}。", advice="换一个编号。")
        self.files[path] = text

    def read(self, path: str) -> PlainRecord:
        if path not in self.files:
            raise UnreadableFile("文件打不开。", advice="检查文件是否还在。")
        is_case = path.startswith("cases/")
        template = self.reference.case_template if is_case else self.reference.mechanism_template
        return parse_record(self.files[path].encode(), template)
