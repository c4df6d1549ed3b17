"""Settings: from the environment, else from the library folder's library.toml, else as the program was shipped."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kb.errors import AskedWrongly
from kb.paths import LIBRARY_FILE, default_data_folder, find_library, shipped

VARIABLES = {
    "content": "KB_CONTENT",
    "data": "KB_DATA",
    "templates": "KB_TEMPLATES",
    "host": "HOST",
    "port": "PORT",
    "result_cache": "KB_RESULT_CACHE",
    "address": "KB_ADDRESS",
    "proxy": "KB_PROXY",
    "password_days": "KB_PASSWORD_DAYS",
    "git": "KB_GIT",
    "embed": "KB_EMBED",
}
"""What a line of library.toml may set, and the environment variable that goes before it."""
FOLDERS = ("content", "data", "templates")
LISTS = ("embed",)
"""Lines that may be lists of texts; in the environment they are parted by spaces."""
_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?")


@dataclass(frozen=True)
class Settings:
    """Folders and address of one library.

    content_folder: what editors own (KB_CONTENT); data_folder: catalogue and index, which can be rebuilt, and what is
    kept (KB_DATA); templates_folder: the case template, and pages that differ from the shipped ones (KB_TEMPLATES);
    host and port: where it serves (HOST, PORT); keeps_results: whether finished pages are kept until the library changes
    (KB_RESULT_CACHE, 0 for no); address: what readers type, "https://host" or "http://host[:port]" (KB_ADDRESS), if one
    address alone is to be answered; proxy: the address whose X-Forwarded-For is believed (KB_PROXY), if any;
    password_days: how long a password lasts (KB_PASSWORD_DAYS), 0 for ever; keeps_git: whether each revision is
    committed to git (KB_GIT, 1 for yes); embed: sites that may show our small pages in a frame of theirs (KB_EMBED),
    "https://host[:port]" or "https://*.host"; library_folder: the folder whose library.toml was read (KB_LIBRARY), if any.
    """

    content_folder: Path
    data_folder: Path
    templates_folder: Path
    host: str = "127.0.0.1"
    port: int = 8000
    keeps_results: bool = True
    library_folder: Path | None = None
    address: str = ""
    proxy: str = ""
    password_days: int = 0
    keeps_git: bool = False
    embed: tuple[str, ...] = ()

    @property
    def is_https(self) -> bool:
        return self.address.startswith("https://")


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings of the library one is in; raises AskedWrongly for a setting that cannot be used."""
    given = os.environ if environ is None else environ
    folder = _library_folder(given.get("KB_LIBRARY", ""))
    env = {**(_read_file(folder) if folder else {}), **given}
    port = env.get("PORT", "8000")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise AskedWrongly(f"端口 PORT={port} 不是 1 到 65535 之间的数。", advice="改成例如 PORT=8000 再运行。")
    return Settings(
        content_folder=Path(env.get("KB_CONTENT") or shipped("content")).resolve(),
        data_folder=Path(env.get("KB_DATA") or default_data_folder()).resolve(),
        templates_folder=Path(env.get("KB_TEMPLATES") or shipped("templates")).resolve(),
        host=env.get("HOST", "127.0.0.1"),
        port=int(port),
        keeps_results=env.get("KB_RESULT_CACHE", "1") != "0",
        library_folder=folder,
        address=_address(env.get("KB_ADDRESS", "")),
        proxy=env.get("KB_PROXY", ""),
        password_days=_days(env.get("KB_PASSWORD_DAYS", "0")),
        keeps_git=env.get("KB_GIT", "0") == "1",
        embed=_origins(env.get("KB_EMBED", "")),
    )


def _address(text: str) -> str:
    parts = urlsplit(text)
    if text and not (parts.scheme in ("http", "https") and parts.netloc and parts.path in ("", "/")):
        raise AskedWrongly(f"网址 KB_ADDRESS={text} 不能用。", advice="写成例如 https://anli.example.cn，不带路径。")
    return text.rstrip("/")


def _origins(text: str) -> tuple[str, ...]:
    for origin in text.split():
        if not _ORIGIN.fullmatch(origin):
            raise AskedWrongly(
                f"可以嵌入的网站 KB_EMBED 里的 {origin} 不能用。",
                advice="写成例如 https://www.example.gov.cn 或 https://*.example.gov.cn，不带路径。",
            )
    return tuple(text.split())


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 3650):
        raise AskedWrongly(f"密码有效天数 KB_PASSWORD_DAYS={text} 不能用。", advice="写 0（不限）、90 或 180。")
    return int(text)


def _library_folder(named: str) -> Path | None:
    if not named:
        return find_library(Path.cwd())
    folder = Path(named).resolve()
    if not (folder / LIBRARY_FILE).is_file():
        raise AskedWrongly(
            f"{folder} 里没有 {LIBRARY_FILE}，不是案例库文件夹。", advice=f"用 kb init {named} 新建一个。"
        )
    return folder


def _read_file(folder: Path) -> dict[str, str]:
    """The file's settings as environment variables; folders are told from the library folder."""
    path = folder / LIBRARY_FILE
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AskedWrongly(f"{path} 读不了：{error}。", advice='每行写成 名称 = "内容"，存为 UTF-8。') from error
    for key, value in rows.items():
        if key not in VARIABLES or isinstance(value, dict) or (isinstance(value, list) and key not in LISTS):
            raise AskedWrongly(f"{path} 里的“{key}”不能用。", advice="可用的名称：" + "、".join(VARIABLES) + "。")
    values = {key: _text(value) for key, value in rows.items()}
    values = {"content": "content", "data": "data", **values}
    return {VARIABLES[key]: str(folder / value) if key in FOLDERS else value for key, value in values.items()}


def _text(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return str(int(value)) if isinstance(value, bool) else str(value)
