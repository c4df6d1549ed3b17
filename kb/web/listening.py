"""The sockets a server listens on, and the waitress server on them."""

import select
import socket
import sys
from collections.abc import Sequence
from typing import Any

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.server import create_server

from kb.config import Settings
from kb.errors import AskedWrongly, why

THREADS = 8
CONNECTIONS = 1000
"""Kept open at once by one process; waitress buffers slow ones."""
MIN_CONNECTIONS, OWN_FILES = 8, 100
IDLE_SECONDS = 30
LARGEST_BODY = 64_000_000
"""Bytes of a request that are taken in (on disk) at all; each page has its own, lower bound and says it in words."""


def bind(settings: Settings) -> list[socket.socket]:
    """A bound socket for each address the host name stands for; nothing is taken before a server listens.

    Raises AskedWrongly when the address cannot be had.
    """
    sockets: list[socket.socket] = []
    try:
        meant: Any = Adjustments(host=settings.host, port=settings.port).listen
        for family, kind, protocol, address in meant:
            one = socket.socket(family, kind, protocol)
            sockets.append(one)
            one.setblocking(False)
            if sys.platform != "win32":  # there it would let two servers have the same port
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(address)
    except (OSError, ValueError) as error:
        for one in sockets:
            one.close()
        raise _explain(error, settings) from error
    return sockets


def _explain(error: OSError | ValueError, settings: Settings) -> AskedWrongly:
    reason = why(error) if isinstance(error, OSError) else "没有这个地址"
    return AskedWrongly(
        f"不能在 {settings.host}:{settings.port} 上提供服务（{reason}）。",
        advice="换一个端口（例如 PORT=9000），或者先停掉占用它的程序。",
    )


def inherit(numbers: Sequence[int]) -> list[socket.socket]:
    """The sockets that a parent bound and handed on under these file numbers."""
    sockets = [socket.socket(fileno=number) for number in numbers]
    for one in sockets:
        one.setblocking(False)
        one.set_inheritable(False)
    return sockets


def build_server(app: Flask, settings: Settings, sockets: Sequence[socket.socket]) -> tuple[Any, dict[int, Any]]:
    """A waitress server that takes connections from now on and answers when it runs, and all that it keeps open.

    Raises AskedWrongly when another program listens there: two may bind the same address as long as neither listens.
    """
    try:
        return _build(app, settings, sockets)
    except OSError as error:
        raise _explain(error, settings) from error


def _build(app: Flask, settings: Settings, sockets: Sequence[socket.socket]) -> tuple[Any, dict[int, Any]]:
    opened: dict[int, Any] = {}
    server = create_server(
        app,
        map=opened,
        sockets=list(sockets),
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
    return server, opened


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
