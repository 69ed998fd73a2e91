# make demo: set up, index corpus/, serve it.   make test: set up, run all tests.   PORT=8080 make demo: on another port.
# make wheel: dist/broadsheet-….whl.   make zipapp: dist/broadsheet.pyz, one file with all packages, for this kind of machine.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
DEMO_INDEX ?= tantivy:.demo/index
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo test lint bench venv wheel zipapp man lock clean

demo: venv
	$(BIN)/broadsheet --index $(DEMO_INDEX) index corpus --prune
	$(BIN)/broadsheet --index $(DEMO_INDEX) serve --port $(PORT) --spellings search/place_spellings.txt

test: $(VENV)/installed-for-tests
	$(BIN)/python -m pytest -n auto $(TESTS)

lint: $(VENV)/installed-for-tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/installed-for-tests
	$(BIN)/python tests/benchmarks/searching.py
	$(BIN)/python tests/benchmarks/highlighting.py
	$(BIN)/python tests/benchmarks/pages.py

venv: $(VENV)/installed

$(VENV)/installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Broadsheet needs Python 3.11 or newer: PYTHON=python3.11 make …")'
	@$(PYTHON) -c 'import ensurepip' || { echo "Python cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/installed-for-tests: $(VENV)/installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	touch $@

wheel: $(VENV)/installed
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

# The packages come before any others of the same names, in the worker processes too (--extend-pythonpath).
zipapp: wheel $(VENV)/installed-for-tests
	rm -rf build/zipapp
	$(BIN)/python -m pip install --quiet --require-hashes --target build/zipapp -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --upgrade --target build/zipapp dist/broadsheet-*.whl
	$(BIN)/shiv --site-packages build/zipapp --extend-pythonpath --console-script broadsheet \
		--python '/usr/bin/env python3' --output-file dist/broadsheet.pyz

man: $(VENV)/installed-for-tests
	$(BIN)/python tests/man_page.py > docs/broadsheet.1

# Needs pip-tools. Writes every package's version and hashes, without the address of an index.
LOCK := pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	--no-header --no-annotate --strip-extras --allow-unsafe --build-deps-for editable
lock:
	$(LOCK) -o requirements.txt pyproject.toml
	$(LOCK) --extra dev -o requirements-dev.txt pyproject.toml

clean:
	rm -rf $(VENV) .demo build dist
