"""A port of this machine for a server under test."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def free_port() -> Iterator[int]:
    """A port nobody else is given as long as it is held: bound here but not listened on, so that a server may have it.

    The system hands it to no other that asks for any port, and to no connection going out.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])
