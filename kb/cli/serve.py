"""kb serve: sync, then serve pages until stopped."""

import logging
import signal
import sys
from types import FrameType

import click
import waitress

from kb.bootstrap import open_library
from kb.bootstrap.event_log import start_log
from kb.config import load_settings
from kb.errors import KbError
from kb.web import create_app

THREADS = 8
CONNECTIONS = 1000
"""Kept open at once; waitress buffers slow ones."""
IDLE_SECONDS = 30


@click.command(short_help="启动服务")
def serve() -> None:
    """先同步，再在 HOST:PORT（默认 127.0.0.1:8000）上提供页面，之后文件一有变动就自动同步；按 Ctrl+C 停止。"""
    settings = load_settings()
    start_log(settings.data_folder)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    library = open_library(settings, heals_itself=True)
    if not library.start_background():
        click.echo("同步没有完成；先用已有的目录和索引提供服务。", err=True)
    try:
        with library.reading():
            pass  # loads dictionary and taxonomy now, not in the first request
    except KbError as error:
        click.echo(f"现在还不能检索：{error.message}{error.advice}", err=True)
    app = create_app(library)
    signal.signal(signal.SIGTERM, _stop)
    click.echo(f"已启动：http://{settings.host}:{settings.port}/ （按 Ctrl+C 停止）", err=True)
    try:
        waitress.serve(
            app,
            host=settings.host,
            port=settings.port,
            threads=THREADS,
            connection_limit=CONNECTIONS,
            backlog=CONNECTIONS,
            channel_timeout=IDLE_SECONDS,
            ident=None,
        )
    finally:
        library.close()


def _stop(signum: int, frame: FrameType | None) -> None:
    sys.exit(0)
