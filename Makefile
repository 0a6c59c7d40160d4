# `make` alone lists the targets. Everything that they make lies in .venv, .venv-rasa and var/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run test check format train eval bench lock clean distclean

# Any Python 3 will do for the set-up itself; the first that runs is taken.
SYSTEM_PYTHON := $(shell for p in /usr/bin/python3 python3 python3.11 python3.10 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null && echo "$$p" && break; done)
PYTHON := .venv/bin/python
RASA := $(PYTHON) -m launcher.with_actions .venv-rasa/bin/python -m rasa

# Model and libraries are on the disk; nothing asks a network for them, or reports to one.
export RASA_TELEMETRY_ENABLED := false
export TRACKER_URL ?= sqlite:///var/tracker.db
export RASA_CACHE_DIRECTORY ?= $(CURDIR)/var/rasa-cache
export PYTHONPATH := $(CURDIR)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## make both environments, the model, the words, the index and the trained Rasa (what is missing)
	@[ -n "$(SYSTEM_PYTHON)" ] || { echo "No Python 3 was found. Install one (Debian: apt install python3), then run make again." >&2; exit 1; }
	@$(SYSTEM_PYTHON) scripts/setup.py

run: setup ## start the assistant: http://localhost:8080 (WEB_PORT, RASA_PORT, ACTIONS_PORT change ports)
	@exec $(PYTHON) -m launcher --with-parent

test: setup ## run every test; narrow with T=tests/channels
	@scripts/test.sh $(T)

check: setup ## lint, formatting, types, import contracts and the entries
	@scripts/check.sh

format: setup ## put the code into its format
	@$(PYTHON) -m ruff check --fix --quiet . ; $(PYTHON) -m ruff format .

train: setup ## train Rasa again, whether or not something changed
	@$(SYSTEM_PYTHON) scripts/setup.py rasa

eval: setup ## score the question sets (a file for results: OUT=…)
	@$(PYTHON) -m evals.run evals/questions/*.jsonl --out $(or $(OUT),var/eval.json)

bench: setup ## measure speed and memory, beside a stock Rasa
	@$(PYTHON) -m evals.bench

lock: setup ## resolve requirements/*.in again; UPGRADE=1 takes the newest releases
	@$(SYSTEM_PYTHON) scripts/lock.py $(if $(UPGRADE),--upgrade)

clean: ## remove what was made from the content (index, words, trained Rasa), not conversations
	rm -rf var/made var/index var/snapshots var/locales var/rasa var/rasa-cache

distclean: clean ## also remove the model and both environments
	rm -rf var/model .venv .venv-rasa
