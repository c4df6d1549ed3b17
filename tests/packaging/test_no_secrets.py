"""Threat row 54: nothing that signs, opens or authenticates lies in the repository, nor data somebody keeps."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.made_up import ROOT

NAMES = re.compile(r"(^|/)(secret-key|\.env(\..*)?|id_(rsa|ed25519)|.*\.(pem|key|p12|pfx|sqlite3|db))$")
TEXTS = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b"
    rb"|(?i:secret_key|api_key|access_token)\s*[=:]\s*[\"'][^\"'{}\s]{12,}[\"']"
)


def secrets_in(names: list[str], read: dict[str, bytes]) -> list[str]:
    return [name for name in names if NAMES.search(name) or TEXTS.search(read[name])]


def test_no_file_under_version_control_holds_one() -> None:
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True)
    if listed.returncode:
        return  # an unpacked copy without history: the wheel's contents have a test of their own
    names = [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
    assert len(names) > 500
    assert secrets_in(names, {name: (ROOT / name).read_bytes() for name in names}) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("var/secret-key", b""),
        (".env", b""),
        ("deploy/server.pem", b""),
        ("kept.sqlite3", b""),
        ("notes.txt", b"-----BEGIN RSA PRIVATE" + b" KEY-----"),
        ("kb/config.py", b'SECRET_KEY = "' + b"not-really-one" + b'"'),
    ],
)
def test_one_would_be_found(name: str, text: bytes) -> None:
    assert secrets_in([name], {name: text}) == [name]
    assert Path(name).name not in {path.name for path in ROOT.iterdir()}
