# `make` says what there is. Only Python 3.11 or newer is needed; everything else goes into .venv.

VENV := .venv
BIN := $(VENV)/bin
# Packages come exactly as locked, checked by their hashes.
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-strip-extras

.DEFAULT_GOAL := help
.PHONY: help run test check bench soak guide words language lock clean

help: ## Say what there is to make
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

run: $(VENV)/installed ## Start RxConnect at http://localhost:8000 (another port: RXCONNECT_PORT=8001 make run)
	@exec $(BIN)/rxconnect run

test: $(VENV)/installed-dev ## Run every test, in a real browser too
	@$(BIN)/python -m tests.browser
	@$(BIN)/python -m pytest --numprocesses=3 --dist=worksteal --ignore=tests/e2e
	@$(BIN)/python -m pytest --numprocesses=2 --dist=loadgroup tests/e2e

check: $(VENV)/installed-dev ## Check style, types and architecture
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m rxconnect.i18n check
	@$(BIN)/python -m tests.architecture.leftovers

bench: $(VENV)/installed-dev ## Measure how fast it is
	@$(BIN)/python -m tests.bench

soak: $(VENV)/installed-dev ## Try for two hours to lose money, letters or the service (parts: python -m tests.soak attacks)
	@$(BIN)/python -m tests.soak

guide: $(VENV)/installed-dev ## Write the guide again, with pictures of the real app
	@$(BIN)/python -m tests.browser
	@$(BIN)/python -m tests.e2e.guide
	@RXCONNECT_GUIDE=1 $(BIN)/python -m pytest tests/e2e -m guide

words: $(VENV)/installed-dev ## Bring every language's catalog up to date with the sentences in the source
	@$(BIN)/python -m rxconnect.i18n update

language: $(VENV)/installed-dev ## Begin another language, or say what it still lacks: make language LANG=vi
	@$(BIN)/python -m rxconnect.i18n add $(LANG)
	@$(BIN)/python -m rxconnect.i18n check $(LANG) | tail -n 20
	@$(BIN)/python -m rxconnect.i18n next $(LANG)

lock: ## Pin the newest packages that fit pyproject.toml (for maintainers; needs uv)
	@echo "setuptools>=80" | $(LOCK) --upgrade pyproject.toml - -o requirements.lock
	@$(LOCK) --upgrade --group dev -c requirements.lock -o requirements-dev.lock

clean: ## Remove everything that was made, but never your data
	@rm -rf $(VENV) .web *.egg-info test-results .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find rxconnect tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing packages into $(VENV) (about a minute, once)…"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	@echo "Installing the tools for testing…"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/bin/python:
	@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "RxConnect needs Python 3.11 or newer, and found none. Please install it from your system's packages or python.org." >&2; exit 1; fi; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then echo "$$found cannot make virtual environments. On Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; fi; \
	rm -rf $(VENV) && $$found -m venv $(VENV)
