"""The offline bundle: installed, served and read in a network namespace that has no way out."""

import json
import os
import platform
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.made_up import ROOT

SCRIPT = """
set -eu
ip link set lo up
test -z "$(ip route show)"
if {python} -c "import urllib.request as u; u.urlopen('https://pypi.org', timeout=3)" 2>/dev/null; then exit 9; fi
PYTHON={python} {bundle}/install.sh {target}
cd {elsewhere}
{target}/current/bin/kb init --empty own >/dev/null
PORT={port} {target}/current/bin/kb serve --library own 2>serve.log &
server=$!
for _ in $(seq 120); do curl -sf -o page.html http://127.0.0.1:{port}/ && break || sleep 0.5; done
curl -s -o health.json -w '%{{http_code}}' http://127.0.0.1:{port}/healthz >code
kill -TERM $server
wait $server
"""


def can_unshare() -> bool:
    return subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.slow
def test_the_bundle_installs_and_serves_without_a_network(tmp_path: Path) -> None:
    if not can_unshare():
        assert not os.environ.get("CI"), "CI must be able to make a network namespace"
        pytest.skip("no network namespace can be made here: needs root")
    bundle, target, elsewhere = tmp_path / "kb-bundle", tmp_path / "opt", tmp_path / "elsewhere"
    command = [sys.executable, str(ROOT / "packaging/make_bundle.py"), str(bundle), "--processor", platform.machine()]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    elsewhere.mkdir()
    port = random.randrange(8100, 8900)
    script = SCRIPT.format(python=sys.executable, bundle=bundle, target=target, elsewhere=elsewhere, port=port)
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("KB_", "PYTHON", "PIP_", "HOST"))}
    clean["PIP_COMPILE"] = "0"  # what nobody imports here takes 13 s to compile
    done = subprocess.run(
        ["unshare", "-n", "bash", "-c", script], env=clean, cwd=elsewhere, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr + (elsewhere / "serve.log").read_text(encoding="utf-8")
    assert "党建创新案例库" in (elsewhere / "page.html").read_text(encoding="utf-8")
    assert (elsewhere / "code").read_text() == "503"  # an empty library says so
    assert json.loads((elsewhere / "health.json").read_text(encoding="utf-8"))["reason"] == "案例库里还没有案例。"
    log = [json.loads(line) for line in (elsewhere / "own/data/logs/kb.log").read_text(encoding="utf-8").splitlines()]
    assert {row["path"] for row in log if row["logger"] == "kb.requests"} == {"/", "/healthz"}
    assert (target / "current").readlink().parts[0] == "versions"


def test_every_wheel_of_the_bundle_is_named_with_its_hash(tmp_path: Path) -> None:
    import hashlib
    import runpy

    made = runpy.run_path(str(ROOT / "packaging/make_bundle.py"))
    for name in ("a_b-1.0-py3-none-any.whl", "c-2-cp311-x86_64.whl", "c-2-cp311-aarch64.whl"):
        (tmp_path / name).write_bytes(name.encode())
    digests = [hashlib.sha256(path.name.encode()).hexdigest() for path in sorted(tmp_path.iterdir())]
    assert made["_requirements"](tmp_path) == (
        f"a_b==1.0 --hash=sha256:{digests[0]}\nc==2 --hash=sha256:{digests[1]} --hash=sha256:{digests[2]}\n"
    )
    lock = made["_split_lock"]((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert set(made["SOURCE_ONLY"]) <= set(lock) and all("--hash=sha256:" in lines for lines in lock.values())


def test_the_example_units_are_ones_systemd_accepts(tmp_path: Path) -> None:
    if not Path("/usr/bin/systemd-analyze").exists():
        pytest.skip("systemd-analyze is not here")
    for path in (ROOT / "docs/examples").glob("kb*"):
        text = path.read_text(encoding="utf-8").replace("/opt/kb/current/bin/kb", sys.executable)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    units = sorted(str(path) for path in tmp_path.iterdir())
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "kb" in line.partition(":")[0]]
    assert ours == []
