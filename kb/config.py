"""Settings, read once from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kb.errors import AskedWrongly
from kb.paths import default_data_folder, shipped


@dataclass(frozen=True)
class Settings:
    """Folders and address of one library.

    content_folder: what editors own (KB_CONTENT); data_folder: catalogue and index, all of it rebuildable (KB_DATA);
    templates_folder: pages and the case template (KB_TEMPLATES); host and port: where it serves (HOST, PORT);
    keeps_results: whether finished pages are kept until the library changes (KB_RESULT_CACHE, 0 for no).
    """

    content_folder: Path
    data_folder: Path
    templates_folder: Path
    host: str = "127.0.0.1"
    port: int = 8000
    keeps_results: bool = True


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from environment variables; raises AskedWrongly for a port that is not a number from 1 to 65535."""
    env = os.environ if environ is None else environ
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
    )
