# Everything runs inside .venv; nothing is installed elsewhere. `make` alone lists what there is.
# Options, as variables or from the environment:  make run PORT=8010 DATA_DIR="/srv/my registry"

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
DATA_DIR ?= .data
FAULTS_SCALE ?= 1
PYTEST_WORKERS ?= 2
PYTEST_ARGS ?=
export PORT DATA_DIR FAULTS_SCALE

BIN := .venv/bin
PY := $(BIN)/python
SHELL := /bin/sh

.DEFAULT_GOAL := help
.PHONY: help run test check bench faults format clean

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{printf "  %-12s %s\n", $$1, $$2}'

run: .venv/installed ## set up and start the registry (PORT=8000 DATA_DIR=.data)
	@exec $(PY) manage.py serve --port "$$PORT"

test: .venv/installed-tests ## the fast suite: SQLite and the embedded Valkey, nothing else needed
	$(PY) -m pytest -n $(PYTEST_WORKERS) $(PYTEST_ARGS)

check: .venv/installed-tests ## format, lint, types, import rules, templates, migrations, deployment settings
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(BIN)/lint-imports
	$(PY) -m djlint --lint --quiet templates
	$(PY) manage.py makemigrations --check --dry-run
	@echo "manage.py check --deploy, with the settings of a production start"
	@DATABASE_URL=postgres://app@127.0.0.1/registry REDIS_URL=redis://127.0.0.1/0 ALLOWED_HOSTS=registry.example.org \
	  SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))')" EMAIL_URL=smtp://127.0.0.1 \
	  DEFAULT_FROM_EMAIL=registry@example.org $(PY) manage.py check --deploy --fail-level WARNING

bench: .venv/installed-tests ## measure speed, as ratios within one run
	$(PY) -m pytest tests/benchmarks -m benchmark -p no:xdist -s $(PYTEST_ARGS)

faults: .venv/installed-tests ## the long proofs, in full (FAULTS_SCALE=0.1 for a tenth)
	$(PY) -m pytest tests/faults tests/access/test_injection.py -m faults -p no:xdist $(PYTEST_ARGS)

format: .venv/installed-tests ## format the code
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

clean: ## remove .venv and what the tools left behind; the data folder stays
	rm -rf .venv .coverage htmlcov .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(PY):
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed and was not found."; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; $(PYTHON) is older. Name another: make PYTHON=…"; exit 1; }
	@echo "Creating .venv with $(PYTHON)"
	@"$(PYTHON)" -m venv .venv || { rm -rf .venv; echo "Could not create .venv (on Debian: apt-get install python3-venv)."; exit 1; }

.venv/installed: requirements.txt | $(PY)
	@echo "Installing the packages of requirements.txt (first time: a minute or two)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

.venv/installed-tests: tests/requirements.txt requirements.txt | $(PY)
	@echo "Installing the packages of tests/requirements.txt"
	@$(PY) -m pip install --quiet --disable-pip-version-check --requirement tests/requirements.txt
	@touch $@ .venv/installed
