"""kb serve: sync, then serve pages until stopped."""

import logging
import select
import signal
import sys

import click
from waitress.server import create_server

from kb.bootstrap import open_library
from kb.bootstrap.desk import Desk
from kb.bootstrap.event_log import start_log
from kb.bootstrap.reminding import remind_daily
from kb.config import Settings, load_settings
from kb.errors import KbError, NotReady
from kb.services.set_up_account import FIRST_HOURS, give_first_link
from kb.web import create_app
from kb.web.draining import Drain

THREADS = 8
CONNECTIONS = 1000
"""Kept open at once; waitress buffers slow ones."""
MIN_CONNECTIONS, OWN_FILES = 8, 100
IDLE_SECONDS = 30
LARGEST_BODY = 64_000_000
"""Bytes of a request that are taken in (on disk) at all; each page has its own, lower bound and says it in words."""


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
    try:
        words = first_link(library.desk, settings)
    except NotReady as error:
        words = f"现在还不能登录：{error.message}{error.advice}"
    if words:
        click.echo(words, err=True)
    server = create_server(
        app,
        host=settings.host,
        port=settings.port,
        threads=THREADS,
        max_request_body_size=LARGEST_BODY,
        connection_limit=_connections(),
        backlog=CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
        asyncore_use_poll=hasattr(select, "poll"),  # select gives up at file number 1,024
        ident=None,
        # Believed from this one address only; without a proxy nobody's word is taken for where it comes from.
        trusted_proxy=settings.proxy or None,
        trusted_proxy_headers={"x-forwarded-for"} if settings.proxy else set(),
        clear_untrusted_proxy_headers=True,
    )
    signal.signal(signal.SIGTERM, Drain(server))
    click.echo(f"已启动：http://{settings.host}:{settings.port}/ （按 Ctrl+C 停止）", err=True)
    reminding = remind_daily(library)
    try:
        server.run()
    finally:
        reminding.stop()
        library.close()


def _connections() -> int:
    """As many as the system lets this process have files, less what the library itself needs open."""
    if sys.platform == "win32":
        return CONNECTIONS
    import resource

    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return (
        CONNECTIONS
        if allowed == resource.RLIM_INFINITY
        else max(MIN_CONNECTIONS, min(CONNECTIONS, allowed - OWN_FILES))
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
