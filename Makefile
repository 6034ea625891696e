# Mingjing (明镜). Needs Python 3.11 or newer and make; everything else is installed into .venv and web/islands.

PORT ?= 8000
HOST ?= 127.0.0.1
VAR ?= var
# 1: load the demonstration city on first start and show its sign-in names; 0: an empty installation.
DEMO ?= 1

# The first Python that is new enough.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
TESTS ?= tests
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup run test fuzz soak check lock tck bench report clean python

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 20
	@echo "  settings: PORT=$(PORT) HOST=$(HOST) VAR=$(VAR) DEMO=$(DEMO)"

setup: python ## install what is missing, into .venv and web/islands
	@$(PYTHON) scripts/bootstrap.py run

run: setup ## run Mingjing on http://HOST:PORT, with everything it holds in VAR
	@MINGJING_DEMO=$(DEMO) exec $(BIN)/mingjing serve --host $(HOST) --port $(PORT) --var $(VAR)

test: python ## run every test, the browser's included
	@$(PYTHON) scripts/bootstrap.py test
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(TESTS)

ROUNDS ?= 20
fuzz: setup ## play the property tests ROUNDS times, each time with new random examples
	@export HYPOTHESIS_PROFILE=fuzz; for round in $$(seq $(ROUNDS)); do echo "round $$round of $(ROUNDS)"; \
	$(BIN)/python -m pytest -q -n $(WORKERS) $$(grep -rlE "^@given|RuleBasedStateMachine" tests/unit) || exit 1; done

MINUTES ?= 10
SEED ?= 1
soak: setup ## kill every part of a server at random for MINUTES, and compare what becomes of its cases
	@$(BIN)/python -m tests.e2e.soak --minutes $(MINUTES) --seed $(SEED)

check: setup ## style, types, import rules, licences, conventions
	@echo "ruff"; $(BIN)/ruff check . && $(BIN)/ruff format --check --quiet .
	@echo "mypy"; $(BIN)/mypy
	@echo "import-linter"; $(BIN)/lint-imports --no-logo > .import_linter.log || { cat .import_linter.log; exit 1; }
	@echo "licences"; $(BIN)/python scripts/licences.py
	@echo "islands"; $(PYTHON) scripts/bootstrap.py node npm run --silent types
	@$(PYTHON) scripts/bootstrap.py node npm test --silent
	@echo "conventions"; $(BIN)/python -m pytest tests/conventions

lock: python ## make constraints.txt anew from setup.cfg (then run make check)
	@$(PYTHON) scripts/bootstrap.py lock

TCK ?= ../shared/data/dmn-tck
tck: setup ## run the DMN Technology Compatibility Kit in folder TCK
	@$(BIN)/python -m tests.golden.tck_runner $(TCK)

SECTIONS ?=
bench: setup ## measure beside peers and print tables; OUT=FILE writes JSON too, SECTIONS=feel runs a part
	@$(PYTHON) scripts/bootstrap.py bench
	@OUT=$(OUT) $(BIN)/python -m benchmarks $(SECTIONS)

CITIES ?= ../shared/data/synthetic_city
report: setup ## write docs/supervision-report.md: precision and recall of the checks over the cities in CITIES
	$(BIN)/python -m scripts.measure_checks $(CITIES) > docs/supervision-report.md

clean: ## remove everything that was installed or built (VAR stays)
	rm -rf .venv web/islands/node_modules benchmarks/feelin/node_modules web/static/dist build dist *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .import_linter.log .hypothesis test-results
	find . -name __pycache__ -prune -exec rm -rf {} +
	find web/translations -name '*.mo' -delete 2>/dev/null || true

python:
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or newer is needed; none was found" >&2; exit 1; }
