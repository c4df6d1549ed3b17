"""kb serve: sync, then serve pages until stopped."""

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from types import FrameType

import click
from flask import Flask

from kb.bootstrap import Library, open_library
from kb.bootstrap.event_log import start_log
from kb.bootstrap.page_processes import PageProcesses, Parent
from kb.bootstrap.reminding import remind_daily
from kb.bootstrap.secret_key import read_secret_key
from kb.bootstrap.spreading import Place, Spread
from kb.cli.setup_links import first_link
from kb.config import Settings, load_settings
from kb.errors import KbError, NotReady
from kb.web import create_app
from kb.web.draining import Drain, servers_of
from kb.web.listening import bind, build_server, inherit
from kb.web.warming import warm

LOOK = 0.1
"""Seconds between two looks at whether a signal has come."""


@click.command()
@click.option("--inherited", type=int, multiple=True, hidden=True)
@click.option("--spread", type=(int, int, int), default=None, hidden=True)
def serve(inherited: Sequence[int], spread: tuple[int, int, int] | None) -> None:
    """先同步，再在 HOST:PORT（默认 127.0.0.1:8000）上提供页面，之后文件一有变动就自动同步；按 Ctrl+C 停止。"""
    settings = load_settings()
    start_log(settings.data_folder)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    if inherited:
        answer_for_parent(settings, inherited, Spread(Place(*spread)) if spread else None)
        return
    sockets = bind(settings)
    library = open_library(settings, heals_itself=True)
    reminding = remind_daily(library)
    try:
        if not library.start_background():
            click.echo("同步没有完成；先用已有的目录和索引提供服务。", err=True)
        if settings.processes > 1:
            _answer_by_children(library, sockets)
        else:
            _answer(library, sockets)
    finally:
        reminding.stop()
        library.close()


def _answer(library: Library, sockets: Sequence[socket.socket]) -> None:
    """In this process, until told to end."""
    app = create_app(library)
    _load(library, app)
    _tell_first_link(library)
    server, opened = build_server(app, library.settings, sockets)
    drain = Drain(opened)
    signal.signal(signal.SIGTERM, drain)
    signal.signal(signal.SIGINT, drain)
    _tell_started(library.settings)
    server.run()


def _answer_by_children(library: Library, sockets: Sequence[socket.socket]) -> None:
    """In children, until told to end; a second signal ends them at once.

    What must not be done by several at the same time is done here before the first starts: the kept database made or
    upgraded, the key made.
    """
    assert library.ask_for_repair is not None
    read_secret_key(library.settings.data_folder)
    _tell_first_link(library)
    signals = Signals()
    processes = PageProcesses(library.settings, sockets, library.ask_for_repair)
    fault = processes.start(lambda: signals.count > 0)
    if fault and not signals.count:
        processes.kill()
        raise NotReady(fault)
    if not signals.count:
        _tell_started(library.settings)
    while not signals.count:
        time.sleep(LOOK)
    processes.drain(lambda: signals.count > 1)


class Signals:
    """Counts SIGTERM and SIGINT and does nothing else: a handler that waited for a lock could wait for its own thread."""

    def __init__(self) -> None:
        self.count = 0
        signal.signal(signal.SIGTERM, self)
        signal.signal(signal.SIGINT, self)

    def __call__(self, signum: int, frame: FrameType | None) -> None:
        self.count += 1


def answer_for_parent(settings: Settings, inherited: Sequence[int], spread: Spread | None = None) -> None:
    """As one of several processes, on the sockets of the parent, until it says so or is no more."""
    parent = Parent()
    threading.Thread(target=_end_with, args=(parent,), name="parent", daemon=True).start()
    with ExitStack() as at_the_end:
        try:
            library = open_library(settings, ask_for_repair=parent.ask_for_repair)
            at_the_end.callback(library.close)
            app = create_app(library)
            _load(library, app)
            server, opened = build_server(app, settings, inherit(inherited))
            if spread is not None:
                spread.join(servers_of(opened))
        except KbError as error:
            parent.cannot(f"{error.message}{error.advice}")
            sys.exit(2)
        signal.signal(signal.SIGTERM, Drain(opened, is_patient=True))
        parent.ready()
        server.run()


def _end_with(parent: Parent) -> None:
    parent.wait_for_end()
    os.kill(os.getpid(), signal.SIGTERM)


def _load(library: Library, app: Flask) -> None:
    if fault := warm(library, app):
        click.echo(f"现在还不能检索：{fault}", err=True)


def _tell_started(settings: Settings) -> None:
    several = f"{settings.processes} 个进程，" if settings.processes > 1 else ""
    click.echo(f"已启动：http://{settings.host}:{settings.port}/ （{several}按 Ctrl+C 停止）", err=True)


def _tell_first_link(library: Library) -> None:
    try:
        words = first_link(library.desk, library.settings)
    except NotReady as error:
        words = f"现在还不能登录：{error.message}{error.advice}"
    if words:
        click.echo(words, err=True)
