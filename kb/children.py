"""Child processes for work that may take all memory or time: a bare interpreter with limits, killed when it overstays."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PACKAGE_PARENT = Path(__file__).resolve().parents[1]
START = "import sys; sys.path.insert(0, sys.argv[1]); from {module} import main; main(*sys.argv[2:])"
"""A bare interpreter that imports what the task needs alone: none of the server's memory, none of its environment."""
ENVIRONMENT = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT") if key in os.environ}


class Overstayed(Exception):
    """The child was still at work when its time was over, and was killed."""


def run_child(
    module: str,
    arguments: Sequence[str],
    data: bytes,
    *,
    wait_seconds: float,
    environment: Mapping[str, str] = ENVIRONMENT,
) -> bytes:
    """What `main(*arguments)` of the module writes to standard output, given `data`; b"" when it ended badly.

    Raises Overstayed after `wait_seconds`.
    """
    command = [sys.executable, "-I", "-c", START.format(module=module), str(PACKAGE_PARENT), *arguments]
    try:
        done = subprocess.run(
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=environment, timeout=wait_seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Overstayed from error
    return b"" if done.returncode else done.stdout


def limit(cpu_seconds: int, memory_bytes: int) -> None:
    """In the child: address space, and processor time beyond what starting took."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))
