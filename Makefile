# Two commands do everything on a machine with Python 3.11 and make: `make demo` and `make test`.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
DEMO_HOME ?= .triptych-demo
WORKERS ?= 2

.PHONY: demo test test-long bench format lint types imports unit lock clean

demo: $(VENV)/.installed
	$(BIN)/triptych demo --home $(DEMO_HOME)

test: lint types imports unit

lint: $(VENV)/.dev
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports

unit: $(VENV)/.dev
	@rm -f .left-out
	$(BIN)/pytest -n $(WORKERS) --dist loadscope -m "not long"
	@if [ -f .left-out ]; then cat .left-out; else echo "make test: every part ran"; fi

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
	rm -rf $(VENV) $(DEMO_HOME) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
