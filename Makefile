# Everything sets itself up: `make run` and `make test` work in a fresh clone with make, git and a python3 with pip.
.DEFAULT_GOAL := help
.PHONY: help setup run test lint audit topology soak deploy-check fuzz bench format train clean

UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
# Byte-compiled packages load in a third of the time.
export UV_COMPILE_BYTECODE := 1
export UV_LINK_MODE ?= copy

help: ## Show what can be done
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

# pip's --target needs neither a virtual environment nor the python3-venv package.
.uv/bin/uv:
	@command -v python3 >/dev/null || { echo "python3 is needed; install it with your system's package manager."; exit 1; }
	@python3 -m pip --version >/dev/null 2>&1 || { echo "pip is needed; install it (Debian and Ubuntu: apt-get install python3-pip)."; exit 1; }
	@echo "Getting uv …"
	@python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .uv uv

.venv/.ready: $(UV) pyproject.toml uv.lock
	@echo "Installing the locked environment …"
	@$(UV) sync --frozen --quiet
	@touch $@

setup: .venv/.ready ## Install what is needed into .venv

run: setup ## Start the assistant; it prints the address to open
	@.venv/bin/bot serve

train: setup ## Train the model, if anything has changed
	@.venv/bin/bot train

test: setup ## Check and test everything, as CI does
	@scripts/test

lint: setup ## Check formatting, lint and types
	@scripts/lint

topology: setup ## Start what production runs, on this machine: nginx, two Rasa servers, PostgreSQL, Redis …
	@scripts/topology
	@.venv/bin/bot train
	@.venv/bin/python -m benchmarks.topology

audit: setup ## Look up known vulnerabilities of the dependencies; needs the network
	@.venv/bin/bot audit

soak: setup ## Half an hour of steady load on that topology; memory must stay flat
	@scripts/topology
	@.venv/bin/bot train
	@.venv/bin/python -m benchmarks.soak

deploy-check: setup ## Check the files of deploy/ as far as that goes without containers
	@scripts/deploy-check

fuzz: setup ## Send 10,000 odd messages into each channel (a quarter of an hour and more)
	@.venv/bin/bot train
	@FUZZED_MESSAGES=10000 .venv/bin/python -m pytest tests/server/test_fuzzed.py

bench: setup ## Measure how fast it is, also with 100,000 customers and in a browser, against goals
	@scripts/browser
	@scripts/topology
	@.venv/bin/bot train
	@.venv/bin/python -m benchmarks

format: setup ## Format the code
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

clean: ## Remove what was made here: environment, models, database
	rm -rf .venv .uv .rasa var models/*.tar.gz
