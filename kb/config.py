"""Settings: from the environment, else from the library folder's library.toml, else as the program was shipped."""

import os
import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

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
    "smtp": "KB_SMTP",
    "mail_from": "KB_MAIL_FROM",
    "faces": "KB_FACES",
    "proof_megabytes": "KB_PROOF_MEGABYTES",
    "processes": "KB_PROCESSES",
}
"""What a line of library.toml may set, and the environment variable that goes before it."""
FOLDERS = ("content", "data", "templates")
LISTS = ("embed",)
"""Lines that may be lists of texts; in the environment they are parted by spaces."""
_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?")
FACES = ("official", "windows", "open")
"""Sets of typefaces a Word or PDF file may name: 公文标准, Windows 自带, 开源."""
MOST_PROCESSES, SUITABLE_PROCESSES = 32, 4
MEMORY_EACH = 900_000_000
"""Bytes of memory of the machine for each process that answers: what one takes with its caches full, and room for others."""
MAIL_ADDRESS = re.compile(
    r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
"""An address of the plain kind offices have: no quotes, no comments, nothing a header could be broken with."""
LEAST_PROOF_MEGABYTES, MOST_PROOF_MEGABYTES = 20, 1_000_000
"""Of a unit's proofs: room for one file as large as may be sent, and no more than a large disk has."""
MAIL_PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over: is_tls from the first byte (smtps), else turned to TLS if the server can; user "" for none."""

    host: str
    port: int
    is_tls: bool
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def url(self) -> str:
        """As KB_SMTP has it, the password too."""
        login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user else ""
        return f"{'smtps' if self.is_tls else 'smtp'}://{login}{self.host}:{self.port}"


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
    "https://host[:port]" or "https://*.host"; faces: the set of typefaces files name (KB_FACES), one of FACES;
    smtp: where messages go out by e-mail (KB_SMTP, KB_MAIL_FROM), None for nowhere;
    library_folder: the folder whose library.toml was read (KB_LIBRARY), if any;
    proof_megabytes: how much the files that prove the adoptions of one unit may take up together (KB_PROOF_MEGABYTES);
    processes: how many answer (KB_PROCESSES), as many as suit the machine when nobody says.
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
    smtp: MailServer | None = None
    faces: str = FACES[0]
    proof_megabytes: int = 1000
    processes: int = 1

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
        smtp=_mail_server(env.get("KB_SMTP", ""), env.get("KB_MAIL_FROM", "")),
        faces=_faces(env.get("KB_FACES", FACES[0])),
        proof_megabytes=_proof_megabytes(env.get("KB_PROOF_MEGABYTES", "1000")),
        processes=_processes(env.get("KB_PROCESSES", "")),
    )


def as_environment(settings: Settings) -> dict[str, str]:
    """The environment in which `load_settings` gives these settings, whatever library.toml says by then."""
    named = {"KB_LIBRARY": str(settings.library_folder)} if settings.library_folder else {}
    return {
        **named,
        "KB_CONTENT": str(settings.content_folder),
        "KB_DATA": str(settings.data_folder),
        "KB_TEMPLATES": str(settings.templates_folder),
        "HOST": settings.host,
        "PORT": str(settings.port),
        "KB_RESULT_CACHE": str(int(settings.keeps_results)),
        "KB_ADDRESS": settings.address,
        "KB_PROXY": settings.proxy,
        "KB_PASSWORD_DAYS": str(settings.password_days),
        "KB_GIT": str(int(settings.keeps_git)),
        "KB_EMBED": " ".join(settings.embed),
        "KB_FACES": settings.faces,
        "KB_PROOF_MEGABYTES": str(settings.proof_megabytes),
        "KB_PROCESSES": str(settings.processes),
        "KB_SMTP": settings.smtp.url if settings.smtp else "",
        "KB_MAIL_FROM": settings.smtp.sender if settings.smtp else "",
    }


def _mail_server(text: str, sender: str) -> MailServer | None:
    """What is wrong is told without the address, which may hold a password."""
    if not text:
        return None
    advice = "写成例如 smtp://用户:口令@mail.example.cn:25 或 smtps://…:465；口令里的 @ : / 写成 %40 %3A %2F。"
    try:
        parts = urlsplit(text)
        port = parts.port or MAIL_PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise AskedWrongly("邮件服务器 KB_SMTP 不能用：端口写得不对。", advice=advice) from error
    if parts.scheme not in MAIL_PORTS or not parts.hostname or parts.path not in ("", "/"):
        raise AskedWrongly("邮件服务器 KB_SMTP 不能用。", advice=advice)
    if not MAIL_ADDRESS.fullmatch(sender):
        raise AskedWrongly(
            "设置了 KB_SMTP，发件人 KB_MAIL_FROM 没有写或写得不对。", advice="写成例如 anli@example.cn。"
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isascii():  # the protocol has no other characters in a login
        raise AskedWrongly("邮件服务器 KB_SMTP 的用户或口令里有字母、数字、符号以外的字。", advice=advice)
    return MailServer(parts.hostname, port, parts.scheme == "smtps", sender, user, password)


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


def _faces(text: str) -> str:
    if text not in FACES:
        raise AskedWrongly(f"字体 KB_FACES={text} 不能用。", advice="写 " + "、".join(FACES) + " 之一。")
    return text


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 3650):
        raise AskedWrongly(f"密码有效天数 KB_PASSWORD_DAYS={text} 不能用。", advice="写 0（不限）、90 或 180。")
    return int(text)


def _proof_megabytes(text: str) -> int:
    least, most = LEAST_PROOF_MEGABYTES, MOST_PROOF_MEGABYTES
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise AskedWrongly(
            f"每个单位凭据文件的兆字节数 KB_PROOF_MEGABYTES={text} 不能用。",
            advice=f"写 {least} 到 {most}，例如 1000。",
        )
    return int(text)


def _processes(text: str) -> int:
    if not text:
        return suitable_processes()
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MOST_PROCESSES):
        raise AskedWrongly(
            f"应答的进程数 KB_PROCESSES={text} 不能用。", advice=f"写 1 到 {MOST_PROCESSES}，或者不写，由程序按机器定。"
        )
    if int(text) > 1 and sys.platform == "win32":
        raise AskedWrongly("在 Windows 上只能用一个进程应答。", advice="去掉 KB_PROCESSES。")
    return int(text)


def suitable_processes() -> int:
    """One for each processor this process may use and each MEMORY_EACH bytes of memory, SUITABLE_PROCESSES at most."""
    if sys.platform == "win32":
        return 1  # a listening socket is not handed on there
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(1, min(processors, memory // MEMORY_EACH, SUITABLE_PROCESSES))


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
