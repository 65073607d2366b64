# Two commands do everything: `make demo` and `make test`. See README.md.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
BENCH  := $(VENV)/.installed-bench

# A command that compiles its modules anew at each start takes three times as long.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install demo test chaos random bench check docs format lock

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(STAMP) ## virtual environment with the pinned versions of requirements.lock

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Huiyin needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

demo: $(STAMP) ## sixty real work orders on real servers, from reception to close
	@$(BIN)/huiyin demo

test: $(STAMP) ## every test, on servers it starts itself
	@$(BIN)/python -m pytest

chaos: $(STAMP) ## ten minutes of killed processes under load, then every invariant; OPTIONS="--minutes 2 --orders 60"
	@$(BIN)/python tests/chaos.py $(OPTIONS)

random: $(STAMP) ## a random operator for 2,000 steps, judged after each; OPTIONS="--seed 7 --steps 20000"
	@$(BIN)/python tests/random_operator.py $(OPTIONS)

bench: $(BENCH) ## every figure of docs/performance.md, about 20 minutes; QUICK=1 for ratios in a few
	@$(BIN)/python -m bench.run $(if $(QUICK),--quick) && $(BIN)/python -m bench.run --write-docs

$(BENCH): $(STAMP) bench/requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r bench/requirements.lock
	@touch $@

check: $(STAMP) ## ruff, format, mypy, import directions
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

docs: $(STAMP) ## docs/stages.md and the picture in README.md, from the rules
	@$(BIN)/python -m starter.pages.write_docs

format: $(STAMP) ## let ruff format and mend what it can
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

lock: $(STAMP) ## pin the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --group dev pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --group bench --constraints requirements.lock --output-file bench/requirements.lock
