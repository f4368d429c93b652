# The doors to this house. Everything they need is set up in .venv from a lock with hashes.

.PHONY: setup setup-run run test check audit bench soak model help
.DEFAULT_GOAL := help

PY := .venv/bin/python

# The first Python from 3.11 to 3.13 that really starts; PYTHON=/some/python3 picks another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo "$$p" && break; done)

NO_PYTHON := Landfall needs Python 3.11, 3.12 or 3.13 and found none: install it \
	(on Debian: apt-get install python3 python3-venv), or say PYTHON=/path/to/python3.

# A test waits for servers, windows and disks a third of its time: one more at a time than there are cores.
TOGETHER = -n $$($(PY) -c 'import os; print(min(4, 1 + (os.cpu_count() or 1)))') --dist worksteal

# Tests start some hundred processes: what one has compiled the next need not, whatever the shell says of it.
KEEPS_COMPILED = PYTHONDONTWRITEBYTECODE=

define environment
	@test -n "$(PYTHON)" || { echo "$(NO_PYTHON)" >&2; exit 1; }
	@"$(PYTHON)" packaging/environment.py
endef

help:
	@echo "make run    open the console on the Irma exercise (with no display: the tour, into build/tour)"
	@echo "make test   every test"
	@echo "make check  format, lint, types, who may import whom, make audit"
	@echo "make audit  known weaknesses and binding licences of what it stands on"
	@echo "make bench  the benchmarks, into build/bench.json"
	@echo "make soak   the long runs"
	@echo "make model  the text model and its card again, from DATA=messages.csv"
	@echo "make setup  only the .venv that the others need"

setup:
	$(environment) requirements-dev.lock

setup-run:
	$(environment) requirements.lock

run: setup-run
	@screen=$$($(PY) packaging/system_libraries.py) && case "$$screen" in \
	window) $(PY) main.py --exercise irma $(ARGS) ;; \
	offscreen) echo "There is no display here: taking the tour offscreen into build/tour." >&2; \
		QT_QPA_PLATFORM=offscreen $(PY) main.py --exercise irma --tour build/tour $(ARGS) ;; \
	esac

test: setup
	@$(PY) packaging/system_libraries.py --offscreen
	@$(KEEPS_COMPILED) $(PY) -m pytest $(TOGETHER) $(ARGS)

check: setup
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(PY) -m pytest -q tests/test_architecture.py
	@$(PY) packaging/audit.py

audit: setup
	@$(PY) packaging/audit.py

bench: setup
	@$(PY) packaging/system_libraries.py --offscreen
	@$(PY) -m tests.benchmarks $(ARGS)

soak: setup
	@$(PY) packaging/system_libraries.py --offscreen
	@$(PY) -m pytest -m soak -o faulthandler_timeout=3600 $(ARGS)

model: setup
	@test -f "$(DATA)" || { echo "Say where the labelled messages are: make model DATA=messages.csv" >&2; exit 2; }
	@PYTHONPATH=. $(PY) packaging/text_model/train.py "$(DATA)"
	@PYTHONPATH=. $(PY) packaging/text_model/figures.py "$(DATA)" $(ARGS)
