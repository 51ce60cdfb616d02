# Everything that is typed to run, test and measure Linli. `make help` lists it.
# Needs make, Python 3.11 or newer with venv, Python 3.10 for Rasa, and the package registries; fetches the rest itself.

.DEFAULT_GOAL := help
.PHONY: help prepare run test check checked train bench evaluate screenshots soak

WANTED := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON = $(firstword $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c '$(WANTED)' 2>/dev/null && echo $$name; done))
BIN := .venv/bin
# Some hundred processes are started by the tests alone: none of them is to compile everything again.
export PYTHONDONTWRITEBYTECODE =

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

prepare: ## Fetch uv, both environments and the front-end files, where they are missing or changed
	@test -n "$(PYTHON)" || { echo "Linli needs Python 3.11 or newer with venv: install it (on Debian: apt-get install python3-venv)." >&2; exit 1; }
	@$(PYTHON) -m operations.prepare

run: prepare ## Prepare everything and start Linli: database, bot, app, worker
	@exec $(BIN)/linli up

check: prepare ## Look at format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test: prepare ## Prepare everything and test everything
	@$(MAKE) --jobs=2 --output-sync --no-print-directory checked train
	$(BIN)/pytest --ignore=tests/e2e --numprocesses=3 --dist=worksteal
	$(BIN)/pytest tests/e2e --ignore=tests/e2e/test_kill.py --numprocesses=3 --dist=loadfile
	$(BIN)/pytest tests/e2e/test_kill.py

checked: check ## Look, and test what of the bot needs no model: what runs beside the training
	cd bot && .venv/bin/python -m pytest

train: prepare ## Train the bot's model, when the bot's files changed
	@$(BIN)/linli train

bench: train ## Measure against a bare Rasa and bare routes
	$(BIN)/python -m bench

evaluate: train ## Measure what the bot understands; DATA=folder adds its sentences, STARTER=1 trains Rasa's starter too
	@$(BIN)/python -m evaluation $(if $(DATA),--data "$(DATA)") $(if $(STARTER),--starter)

screenshots: train ## Make the pictures of the README and the docs anew
	$(BIN)/python -m tests.e2e.pictures

soak: train ## Run the long tests: messages and notices while processes are killed, a quarter of needs, a month of shifts
	$(BIN)/pytest -m soak
