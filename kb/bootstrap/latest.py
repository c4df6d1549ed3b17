"""What is made of the state of a library and kept until that changes."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Latest(Generic[Value]):
    """One value, of the latest state it was asked for; safe to use from many threads, of which one makes it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: tuple[Hashable, Value] | None = None

    def of(self, state: Hashable, make: Callable[[], Value]) -> Value:
        """What `make` gave for this state; what it raises is raised and nothing kept.

        Who asks for the state that is kept does not wait while another makes the next one: a value is only ever given for
        the state it was made of.
        """
        made = self._made
        if made is not None and made[0] == state:
            return made[1]
        with self._lock:
            if self._made is None or self._made[0] != state:
                self._made = (state, make())
            return self._made[1]
