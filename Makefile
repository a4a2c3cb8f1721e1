# `make run` and `make test` install everything they need: they work in a fresh clone with make, git and a python3 with
# pip.
.DEFAULT_GOAL := help
.PHONY: help setup run check test lint audit topology soak deploy-check fuzz bench format train clean

UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
# Byte-compiled packages load in a third of the time.
export UV_COMPILE_BYTECODE := 1
export UV_LINK_MODE ?= copy

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

# pip's --target needs neither a virtual environment nor the python3-venv package.
.uv/bin/uv:
	@command -v python3 >/dev/null || { echo "python3 is needed; install it with your system's package manager."; exit 1; }
	@python3 -m pip --version >/dev/null 2>&1 || { echo "pip is needed; install it (Debian and Ubuntu: apt-get install python3-pip)."; exit 1; }
	@echo "Getting uv …"
	@python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .uv uv

# A Python 3.11 of this machine, installed by uv or by the system.
PYTHON_3_11 = $(UV) python find --no-project --system --no-python-downloads 3.11 >/dev/null 2>&1

.venv/.ready: $(UV) pyproject.toml uv.lock
	@$(PYTHON_3_11) || echo "There is no Python 3.11 here (python3 is $$(python3 -V 2>&1)), so uv fetches one …"
	@echo "Installing the locked environment …"
	@$(UV) sync --frozen --quiet || { $(PYTHON_3_11) || echo "Python 3.11 is needed and could not be fetched: \
	install it so that 'python3.11' can be run (Debian 12: apt-get install python3.11), and try again."; exit 1; }
	@touch $@

setup: .venv/.ready ## Install what is needed into .venv

run: setup ## Start the assistant; it prints the URL to open
	@.venv/bin/bot serve

train: setup ## Train the model, if anything has changed
	@.venv/bin/bot train

check: setup ## Formatting, lint, types, and the tests that need no server, browser or model: for every small change
	@scripts/check

test: setup ## Check and test everything, as CI does: `make check`, then the other tests
	@scripts/test

lint: setup ## Check formatting, lint and types
	@scripts/lint

topology: setup ## Start the production servers on this machine: nginx, two Rasa servers, PostgreSQL, Redis …
	@scripts/topology
	@.venv/bin/bot train
	@.venv/bin/python -m harness.topology

audit: setup ## Look up known vulnerabilities of the dependencies; needs the network
	@.venv/bin/bot audit

soak: setup ## Half an hour of steady load on that topology; memory must stay flat
	@scripts/topology
	@.venv/bin/bot train
	@.venv/bin/python -m benchmarks.soak

deploy-check: setup ## Check the files of deploy/, build the image and start it, without a container engine (as root)
	@scripts/deploy-check

fuzz: setup ## Fuzz each channel with 10,000 odd messages (a quarter of an hour or more)
	@.venv/bin/bot train
	@FUZZED_MESSAGES=10000 .venv/bin/python -m pytest tests/server/test_fuzzed.py

bench: setup ## Run the benchmarks, also with 100,000 customers and in a browser, and compare them with the goals
	@scripts/browser
	@scripts/topology
	@.venv/bin/bot train
	@.venv/bin/python -m benchmarks

format: setup ## Format the code
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

clean: ## Remove generated files: environment, models, database
	rm -rf .venv .uv .rasa .image var models/*.tar.gz
