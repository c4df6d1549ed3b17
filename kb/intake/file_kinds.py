"""What a file is: by its name and its first bytes, before anything opens it. What is not read is refused by name."""

from kb.errors import UnreadableFile

MAX_BYTES = 20_000_000
"""Bytes of one uploaded file."""
WORD = frozenset({".docx", ".dotx"})
TEXT = frozenset({".txt", ".md"})
SHEETS = frozenset({".xlsx", ".csv"})
_AS_DOCX = "请用 Word 或 WPS 打开，另存为 .docx 再上传。"
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BY_NAME = {
    ".doc": "旧版 Word 文件（.doc）", ".dot": "旧版 Word 模板（.dot）", ".wps": "WPS 文字文件（.wps）",
    ".wpt": "WPS 模板（.wpt）", ".odt": "OpenDocument 文件（.odt）", ".rtf": "RTF 文件", ".pdf": "PDF 文件",
    ".pages": "Pages 文件", ".html": "网页文件", ".htm": "网页文件", ".mht": "网页文件",
}  # fmt: skip
_AS_XLSX = "请用 Excel 或 WPS 打开，另存为 xlsx 再上传。"
_SHEETS_BY_NAME = {
    ".xls": "旧版 Excel 文件（.xls）", ".xlt": "旧版 Excel 模板（.xlt）", ".et": "WPS 表格文件（.et）",
    ".ett": "WPS 表格模板（.ett）", ".xlsb": "二进制的 Excel 文件（.xlsb）", ".ods": "OpenDocument 表格（.ods）",
    ".numbers": "Numbers 表格", ".docx": "Word 文件", ".pdf": "PDF 文件", ".html": "网页文件", ".htm": "网页文件",
}  # fmt: skip
_BY_BYTES = ((b"%PDF", "PDF 文件"), (b"{\\rtf", "RTF 文件"))


def suffix_of(name: str) -> str:
    """The lower-case ending of a file name with its dot."""
    base = name.replace("\\", "/").rpartition("/")[2]
    return "." + base.rpartition(".")[2].lower() if "." in base else ""


def check_kind(name: str, data: bytes) -> str:
    """The suffix the file is read by (.docx, .txt, .md); raises UnreadableFile for everything else."""
    suffix = suffix_of(name)
    _check_size(data, "压缩或删去其中的图片后再上传。")
    if data.startswith(_OLE2):
        raise _ole2(data)
    if suffix in (".docm", ".dotm"):
        raise UnreadableFile("这是带宏的 Word 文件，不收。", advice="请另存为不带宏的 .docx 再上传。")
    for start, words in _BY_BYTES:
        if data.startswith(start):
            raise UnreadableFile(f"这是{words}，不能直接导入。", advice=_AS_DOCX)
    if suffix in _BY_NAME:
        raise UnreadableFile(f"这是{_BY_NAME[suffix]}，不能直接导入。", advice=_AS_DOCX)
    if suffix in WORD:
        if not data.startswith(b"PK"):
            raise UnreadableFile("文件名是 .docx，内容却不是 Word 文件。", advice=_AS_DOCX)
        return ".docx"
    if suffix in TEXT:
        if data.startswith(b"PK\x03\x04"):
            raise UnreadableFile(f"文件名是 {suffix}，内容却是压缩文件。", advice="改回原来的名称再上传。")
        return suffix
    raise UnreadableFile(f"不认识“{suffix or name[:40]}”这种文件。", advice="可以上传 .docx、.txt、.md。")


def check_sheet_kind(name: str, data: bytes) -> str:
    """.xlsx or .csv; raises UnreadableFile for everything else."""
    suffix = suffix_of(name)
    _check_size(data, "删去用不着的表和图片，或分几次上传。")
    if data.startswith(_OLE2):
        if _ENCRYPTED in data:
            raise UnreadableFile(
                "文件设有打开密码，读不到内容。", advice="在 Excel 或 WPS 里去掉密码，存为 .xlsx 再上传。"
            )
        raise UnreadableFile("这是旧版 Excel 或 WPS 表格的格式（.xls、.et）。", advice=_AS_XLSX)
    if suffix in (".xlsm", ".xltm"):
        raise UnreadableFile("这是带宏的表格文件，不收。", advice="请另存为不带宏的 .xlsx 再上传。")
    if suffix in _SHEETS_BY_NAME:
        raise UnreadableFile(f"这是{_SHEETS_BY_NAME[suffix]}，不能直接导入。", advice=_AS_XLSX)
    if suffix not in SHEETS:
        raise UnreadableFile(f"不认识“{suffix or name[:40]}”这种文件。", advice="可以上传 .xlsx、.csv。")
    if (suffix == ".xlsx") is not data.startswith(b"PK"):
        raise UnreadableFile(f"文件名是 {suffix}，内容却不是这种文件。", advice=_AS_XLSX)
    return suffix


def _check_size(data: bytes, advice: str) -> None:
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"文件有 {len(data) / 1e6:.1f} MB，超过 {MAX_BYTES // 1_000_000} MB。", advice=advice)
    if not data:
        raise UnreadableFile("文件是空的。", advice="检查是不是选错了文件。")


def _ole2(data: bytes) -> UnreadableFile:
    if _ENCRYPTED in data:
        return UnreadableFile("文件设有打开密码，读不到内容。", advice="在 Word 或 WPS 里去掉密码，存为 .docx 再上传。")
    return UnreadableFile("这是旧版 Word 或 WPS 的格式（.doc、.wps）。", advice=f"请另存为 docx：{_AS_DOCX}")
