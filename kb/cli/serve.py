"""kb serve: sync, then serve pages until stopped."""

import logging
import signal
import subprocess
import sys
from types import FrameType

import click
import waitress

from kb.bootstrap import open_library
from kb.bootstrap.background_sync import sync_command, sync_environment
from kb.bootstrap.desk import Desk
from kb.config import Settings, load_settings
from kb.errors import KbError, NotReady
from kb.services.set_up_account import FIRST_HOURS, give_first_link
from kb.web import create_app

THREADS = 8
CONNECTIONS = 1000
"""Kept open at once; waitress buffers slow ones."""
IDLE_SECONDS = 30
LARGEST_BODY = 64_000_000
"""Bytes of a request that are taken in (on disk) at all; each page has its own, lower bound and says it in words."""


@click.command(short_help="启动服务")
def serve() -> None:
    """先同步，再在 HOST:PORT（默认 127.0.0.1:8000）上提供页面；按 Ctrl+C 停止。"""
    settings = load_settings()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    synced = subprocess.run(sync_command(), env=sync_environment(settings), check=False)
    if synced.returncode not in (0, 1):  # 1: done, but for the files it named
        click.echo("同步没有完成；先用已有的目录和索引提供服务。", err=True)
    library = open_library(settings, heals_itself=True)
    try:
        with library.reading():
            pass  # loads dictionary and taxonomy now, not in the first request
    except KbError as error:
        click.echo(f"现在还不能检索：{error.message}{error.advice}", err=True)
    app = create_app(library)
    signal.signal(signal.SIGTERM, _stop)
    try:
        words = first_link(library.desk, settings)
    except NotReady as error:
        words = f"现在还不能登录：{error.message}{error.advice}"
    if words:
        click.echo(words, err=True)
    click.echo(f"已启动：http://{settings.host}:{settings.port}/ （按 Ctrl+C 停止）", err=True)
    waitress.serve(
        app,
        host=settings.host,
        port=settings.port,
        threads=THREADS,
        max_request_body_size=LARGEST_BODY,
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
        ident=None,
        # Believed from this one address only; without a proxy nobody's word is taken for where it comes from.
        trusted_proxy=settings.proxy or None,
        trusted_proxy_headers={"x-forwarded-for"} if settings.proxy else None,
        clear_untrusted_proxy_headers=True,
    )


def first_link(desk: Desk, settings: Settings) -> str:
    """What to tell whoever starts a library that has no accounts yet; "" when it has some."""
    secret = give_first_link(lambda: desk.account_work("kb serve"), desk.now)
    if not secret:
        return ""
    words = f"还没有账号。要投稿和审核，打开下面的链接设置第一个管理员（{FIRST_HOURS} 小时内有效，只能用一次）："
    return f"{words}\n{setup_address(settings, secret)}"


def setup_address(settings: Settings, secret: str) -> str:
    """The link as somebody at this machine opens it."""
    return f"{settings.address or f'http://{settings.host}:{settings.port}'}/setup/{secret}"


def _stop(signum: int, frame: FrameType | None) -> None:
    sys.exit(0)
