"""make bundle: everything an office machine without internet needs to install the program, in one folder and one archive.

The wheels are exactly those of requirements.lock, for one Python version and one or more processors; what is published
as source only is built here once. requirements.txt names each with the SHA-256 of the very file in the bundle.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROCESSORS = ("x86_64", "aarch64")
SOURCE_ONLY = ("feedgen", "jieba")
"""Published without a wheel; pure Python, so that one wheel serves every processor."""
OLDEST, NEWEST = 17, 28
"""glibc 2.x that a wheel may ask for: a machine with 2.28 runs them all."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--processor", action="append", choices=PROCESSORS)
    parser.add_argument("--python", default=f"{sys.version_info.major}.{sys.version_info.minor}")
    asked = parser.parse_args()
    archive = build(asked.folder, asked.processor or list(PROCESSORS), asked.python)
    print(f"已打包：{archive}（{archive.stat().st_size // 1_000_000} MB），Python {asked.python}")


def build(folder: Path, processors: list[str], python: str) -> Path:
    """The archive; `folder` is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    _build_own(wheels)
    locked = _split_lock((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    sources = {name: locked.pop(name) for name in SOURCE_ONLY}
    for name, text in (("wheels.lock", locked), ("sources.lock", sources)):
        (folder / name).write_text("".join(text.values()), encoding="utf-8")
    for processor in processors:
        _download(folder / "wheels.lock", wheels, processor, python)
    _pip("wheel", "-q", "--no-deps", "--require-hashes", "-r", folder / "sources.lock", "-w", wheels)
    for name in ("wheels.lock", "sources.lock"):
        (folder / name).unlink()
    (folder / "requirements.txt").write_text(_requirements(wheels), encoding="utf-8")
    (folder / "python-version").write_text(f"{python}\n", encoding="utf-8")
    shutil.copy(ROOT / "packaging/install.sh", folder)
    (folder / "install.sh").chmod(0o755)
    shutil.copy(ROOT / "docs/install.md", folder / "README.md")
    shutil.copytree(ROOT / "docs/examples", folder / "examples")
    return _pack(folder)


def _build_own(wheels: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels.resolve())]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def _split_lock(text: str) -> dict[str, str]:
    """The lines of each package, by its name in lower case."""
    blocks = [block for block in re.split(r"(?m)^(?=[A-Za-z0-9])", text) if "==" in block]
    return {block.partition("==")[0].lower(): re.sub(r"(?m)^\s*#.*\n?", "", block) for block in blocks}


def _download(lock: Path, wheels: Path, processor: str, python: str) -> None:
    platforms = [f"manylinux_2_{minor}_{processor}" for minor in range(OLDEST, NEWEST + 1)]
    platforms += [f"manylinux2014_{processor}"]
    chosen = [word for name in platforms for word in ("--platform", name)]
    abis = [word for abi in (f"cp{python.replace('.', '')}", "abi3", "none") for word in ("--abi", abi)]
    _pip(
        "download", "-q", "--no-deps", "--require-hashes", "--only-binary=:all:", "--implementation", "cp",
        "--python-version", python, *chosen, *abis, "-r", lock, "-d", wheels,
    )  # fmt: skip


def _pip(*words: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "pip", *map(str, words)], check=True)


def _requirements(wheels: Path) -> str:
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(wheels.iterdir()):
        name, version = path.name.split("-")[:2]
        found[f"{name}=={version}"].append(hashlib.sha256(path.read_bytes()).hexdigest())
    return "".join(
        f"{name} {' '.join(f'--hash=sha256:{digest}' for digest in digests)}\n" for name, digests in found.items()
    )


def _pack(folder: Path) -> Path:
    archive = folder.with_name(f"{folder.name}.tar.gz")
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(folder, folder.name)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    archive.with_name(f"{archive.name}.sha256").write_text(f"{digest}  {archive.name}\n", encoding="utf-8")
    return archive


if __name__ == "__main__":
    main()
