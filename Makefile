# Two commands for a newcomer: make demo, make test. Each sets up what it needs; the second time is quick.
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
CONSTRAINTS := $(abspath constraints.txt)
PIP := PIP_CONSTRAINT=$(CONSTRAINTS) PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet
CORES = $(shell $(BIN)/python -c 'import os; print(os.cpu_count() or 1)')
# Twice as many as there are cores: many tests wait for processes, sockets and time.
JOBS ?= $(shell expr $(CORES) '*' 2)

# Some images forbid compiled files: then each of the hundreds of processes of the tests compiles us anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-system test-all measured quick check fix snapshot docs site pictures bench evals promises soak client-calls release-check bundle icon clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (set PYTHON=...)"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.runs: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) --editable .
	@touch $@

.venv/.develops: .venv/.runs
	$(PIP) --editable '.[dev,site]'
	@touch $@

.venv/.releases: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) --editable '.[release]'
	@touch $@

demo: .venv/.runs ## walk the recurring-CLABE journey: real client, real server, offline sandbox
	$(BIN)/conekta-mcp demo

test: TESTS = $(or $(ARGS),-m "not system")
# What starts no programs waits for little.
test: JOBS = $(shell expr $(CORES) + 1)
test: measured ## in four minutes on two cores: run all tests that start no programs, with branch coverage (ARGS="tests/sandbox -k clabe")
	@$(if $(ARGS),true,echo "Left out: the tests that start programs. make test-system runs them.")

test-system: .venv/.develops ## run the tests that start programs: our commands, servers, browsers, images, clients of others
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m system $(ARGS)

test-all: TESTS = $(ARGS)
test-all: measured ## run all tests with branch coverage, as CI does

measured: .venv/.develops
	@$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n $(JOBS) --dist worksteal $(TESTS)
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

quick: .venv/.develops ## in half a minute: format, lint, types and the tests next to what changed
	@$(BIN)/python scripts/quick.py

check: .venv/.develops ## format, lint, types, floors, generated docs, snapshots, manifest, version and workflows
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python scripts/snapshots.py --check
	$(BIN)/python scripts/docs.py --check
	$(BIN)/python scripts/manifest.py
	$(BIN)/python scripts/release_facts.py
	$(BIN)/python scripts/workflows.py

fix: .venv/.develops ## format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

snapshot: .venv/.develops ## write the published schemas anew, one file per tool
	$(BIN)/python scripts/snapshots.py

docs: .venv/.develops ## write the generated parts of docs/ and server.json anew
	$(BIN)/python scripts/docs.py
	$(BIN)/python scripts/manifest.py --write

site: .venv/.develops ## build docs/ as a site in English and Spanish into build/site; a broken link is an error
	$(BIN)/python scripts/build_site.py

pictures: .venv/.develops ## draw the pages of the approvals, the cards, terminals and clients into docs/pictures/
	PYTHONPATH=. $(BIN)/python scripts/pictures.py $(ARGS)

bench: .venv/.develops ## print the benchmarks, as ratios
	$(BIN)/python -m bench $(ARGS)

# The key of the endpoint comes by EVALS_API_KEY in the environment and never as an argument.
evals: .venv/.develops ## play the tasks with a model (MODEL=... BASE_URL=... API=openai|anthropic VIEW=text|structured|both|all TASKS=...)
	@PYTHONPATH=. $(BIN)/python -m evals --model "$(MODEL)" --base-url "$(BASE_URL)" --api $(or $(API),openai) \
		--view $(or $(VIEW),text) --tasks "$(TASKS)" --out $(or $(OUT),evals.json)

promises: .venv/.develops ## break each promise of docs/safety.md once, in a copy: its tests have to notice
	$(BIN)/python scripts/promises.py $(ARGS)

soak: .venv/.develops ## strike thousands of writes (ARGS="--count 2000 --seed 1"); property tests in depth
	$(BIN)/python -m tests.soak $(ARGS)
	HYPOTHESIS_PROFILE=deep $(BIN)/python -m pytest -q -n $(JOBS) -m hypothesis

client-calls: .venv/.develops ## play 5,000 random calls as client layers send them (ARGS="--count 5000 --seed 1")
	$(BIN)/python -m tests.client_calls $(ARGS)

release-check: .venv/.releases ## try a release of the last commit on every Python here (ARGS="--all-pythons")
	$(BIN)/python scripts/release_check.py $(ARGS)

bundle: .venv/.develops ## make dist/conekta-mcp.mcpb, which desktop clients install (needs node and npm)
	PYTHONPATH=. $(BIN)/python scripts/bundle_make.py $(ARGS)

icon: .venv/.develops ## draw bundle/icon.png of bundle/icon.svg, with Chromium
	PYTHONPATH=. $(BIN)/python scripts/icon.py

clean: ## remove what the commands made
	rm -rf .venv .node build dist .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis
