# Two commands on a fresh machine: `make serve` and `make test`. They set everything up in .venv themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8080
ARGS ?=
# One worker more than cores, eight at most: tests that wait for a process or a clock leave theirs to others.
PYTEST = $(BIN)/python -m pytest -n $(shell n=$$(getconf _NPROCESSORS_ONLN); echo $$((n < 7 ? n + 1 : 8))) --dist worksteal

# What was compiled is kept, wherever the shell says otherwise: each of many short processes would compile it again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help serve test quick odd-moments check contract mutation mutants bench docs lock clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.serve: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; found " + sys.version.split()[0] + ". Name another with PYTHON=...")'
	@echo "Setting up $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.serve requirements-dev.lock
	@echo "Setting up what the tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

serve: $(VENV)/.serve  ## Start the mock on PORT (ARGS="--now ... --scenario ...")
	@HAPPYTALK_MOCK_PORT_WAY="make serve PORT=" exec $(BIN)/happytalk-mock serve --port $(PORT) $(ARGS)

test: $(VENV)/.dev  ## Run the tests (ARGS="-k name")
	@$(PYTEST) $(ARGS)

quick: $(VENV)/.dev  ## Run the tests that are not slow
	@$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow" $(ARGS)

odd-moments: $(VENV)/.dev  ## Run the tests with the clock at ten odd moments (needs cc; ARGS="-k name")
	@tests/odd_moments/run.sh $(ARGS)

check: $(VENV)/.dev  ## Format, lint, types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

contract: $(VENV)/.dev  ## Run the contract tests against the mock (TARGET=URL for another)
	@$(BIN)/python -m pytest contract_tests --target $(or $(TARGET),mock) $(ARGS)

mutation: $(VENV)/.dev  ## Run the kit against every drift and legal behaviour; write docs/kill-matrix.md
	@$(BIN)/python benchmarks/mutation.py $(ARGS)

mutants: $(VENV)/.dev  ## Change the code at random places and see whether a test fails (ARGS="--sample 40")
	@$(BIN)/python benchmarks/mutants.py $(ARGS)

bench: $(VENV)/.dev  ## Measure speed, start-up and memory (needs wrk)
	@$(BIN)/python benchmarks/store.py
	@$(BIN)/python benchmarks/serving.py $(ARGS)

docs: $(VENV)/.dev  ## Write the generated pages of docs/
	@$(BIN)/python docs/generate.py

lock:  ## Renew the two lock files (needs uv)
	uv pip compile pyproject.toml --extra postgresql --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet -o requirements.lock
	uv pip compile pyproject.toml --extra postgresql --group build --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet -c requirements.lock -o requirements-dev.lock

clean:  ## Remove what was set up and built
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
