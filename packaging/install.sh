#!/usr/bin/env bash
# 离线安装党建创新案例库：不连任何网络。用法：./install.sh [安装位置，默认 /opt/kb]
# 每一版装在自己的文件夹里，装好才换上；升级就是用新的安装包再运行一次，退回就是把 current 指回旧的一版。
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-/opt/kb}
python=${PYTHON:-python3}
wanted=$(cat "$here/python-version")

command -v "$python" >/dev/null || { echo "没有找到 $python。装上 Python $wanted，或用 PYTHON=… 指明它在哪里。" >&2; exit 1; }
found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
[ "$found" = "$wanted" ] || { echo "这个安装包要 Python $wanted，$python 是 $found。用 PYTHON=python$wanted ./install.sh，或换对应的安装包。" >&2; exit 1; }
"$python" -c 'import venv, ensurepip' 2>/dev/null || { echo "Python 缺少 venv 或 ensurepip（Debian 系统装 python3-venv）。" >&2; exit 1; }

version=$(basename "$here"/wheels/dangjian_case_library-*.whl | cut -d- -f2)
place="$target/versions/$version"
mkdir -p "$target/versions"
if [ ! -f "$place/.complete" ]; then
  rm -rf "$place"
  "$python" -m venv "$place"
  "$place/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "$here/wheels" \
    --require-hashes --only-binary=:all: -r "$here/requirements.txt"
  "$place/bin/kb" --help >/dev/null
  touch "$place/.complete"
fi
ln -sfn "versions/$version" "$target/.next" && mv -T "$target/.next" "$target/current"
echo "已安装 $version：$target/current/bin/kb"
echo "接着：$target/current/bin/kb init /srv/kb，再照 $here/README.md 设为系统服务。"
