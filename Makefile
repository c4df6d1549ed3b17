# 党建创新案例库. `make help` lists the targets.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
# One more than the two cores: browsers and servers under test are waited for.
WORKERS ?= 3
PY := $(VENV)/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Where it is set, each of 200 processes of the tests compiles the program anew: 0.6 s of its 1.5 s.
unexport PYTHONDONTWRITEBYTECODE

help:  ## 列出可用的命令
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

run: $(VENV)/.runtime  ## 安装所需、建立目录和索引、在 127.0.0.1:$${PORT:-8000} 启动
	@$(PY) -m kb serve

test:  ## 安装所需并运行全部检查和测试
	@$(MAKE) -j2 $(VENV)/.develop chromium
	@$(MAKE) -j2 types suite || { echo "没有全过：上面写着 Error 的一行说明是哪一项。"; exit 1; }

# Types take half a minute of one core; the tests of docs have been run by style.
suite: style
	$(PY) -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder --ignore tests/docs tests

check: style types  ## 代码检查：格式、类型、分层

style: $(VENV)/.develop
	$(PY) -m ruff format --check kb search tests benchmarks docs packaging
	$(PY) -m ruff check kb search tests benchmarks docs packaging
	$(VENV)/bin/lint-imports
	$(PY) -m pytest -q tests/docs

types: $(VENV)/.develop
	$(PY) -m mypy

setup: $(VENV)/.develop  ## 建立开发环境 .venv（其中有 kb 命令）

lock: $(VENV)/.develop  ## 重新锁定依赖（带校验值，不带下载地址）
	$(VENV)/bin/pip-compile -q --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --no-header -o requirements.lock pyproject.toml
	$(VENV)/bin/pip-compile -q --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --no-header --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

bundle: $(VENV)/.develop  ## 打离线安装包 dist/kb-bundle.tar.gz（x86_64 和 aarch64）
	$(PY) packaging/make_bundle.py dist/kb-bundle

docs: $(VENV)/.develop  ## 由数据重写 docs/glossary.md 和 docs/template.md
	$(PY) docs/make_pages.py

clean:  ## 删去环境、目录和索引（案例文件和留存的数据不动）
	rm -rf $(VENV) var/catalogue.sqlite3* var/index .mypy_cache .ruff_cache .pytest_cache

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新的版本；可用 make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock | $(PY)
	$(PY) -m pip install -q --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.develop: requirements-dev.lock pyproject.toml $(VENV)/.runtime
	$(PY) -m pip install -q --require-hashes -r requirements-dev.lock
	$(PY) -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

TOOLS := chromium-headless-shell poppler-utils fontconfig fonts-noto-cjk fonts-lxgw-wenkai fonts-liberation libpangoft2-1.0-0 libharfbuzz-subset0 libreoffice-writer-nogui

chromium:
	@command -v chromium-headless-shell >/dev/null && command -v pdftotext >/dev/null && command -v soffice >/dev/null && fc-list 2>/dev/null | grep -q 'LXGW WenKai' && fc-list :lang=zh | grep -q . || { \
	  if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	    echo "安装 $(TOOLS) ……"; \
	    apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-unsafe-io $(TOOLS) >/dev/null; \
	  else echo "没有 chromium、LibreOffice、pdftotext 或中文字体，也无权安装：浏览器和版面的测试会跳过。"; fi; }

.PHONY: help run test suite check style types setup lock bundle docs clean chromium
.DEFAULT_GOAL := help
