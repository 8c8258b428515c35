# make run    from an empty folder to the running centre on http://127.0.0.1:8000
# make test   the whole test suite, on servers of its own (TESTS=tests/core for a part, WORKERS=0 for one process)
# make check  format, lint, types, templates, import layers, Django's checks, translations
# make bench  the benchmark table
#
# PORT, DEMO_SUBSCRIBERS, DATABASE_URL and REDIS_URL are read from the environment or the command line.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
PIP := $(BIN)/python -m pip install --disable-pip-version-check -qq --no-deps

export PORT ?= 8000
export DEMO_SUBSCRIBERS ?= 20000
export DATABASE_URL REDIS_URL

.PHONY: run test check bench format
.NOTPARALLEL:

run: $(VENV)/.run
	@RETENTION_LOCAL=1 exec $(BIN)/python manage.py launch --end-with-parent

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(TESTS)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/djlint templates --check
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/lint-imports
	RETENTION_LOCAL=1 $(BIN)/python manage.py check --fail-level WARNING
	env -i PATH="$$PATH" HOME="$$HOME" $$(cat .ci/deploy.env) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check_migrations
	$(BIN)/python manage.py check_translations

bench: $(VENV)/.run
	$(BIN)/python manage.py bench

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint templates --reformat --quiet

# The stamps make a second start quick: pip is asked again only when a list of packages has changed.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	@echo "installing the packages that run (about 1 GB on disk; a minute or two, once)"
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "installing what tests and checks need"
	$(PIP) -r requirements-dev.txt
	@touch $@
