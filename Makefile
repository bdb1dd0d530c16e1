# `make run` starts the app, `make test` runs every test; both install what they need first.
HOST ?= 127.0.0.1
PORT ?= 8501
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run test lint benchmark clean

run: $(VENV)/run.stamp
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m uvicorn server:app --host $(HOST) --port $(PORT) --no-access-log --ws-per-message-deflate false

test: lint $(VENV)/browser.stamp
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

benchmark: $(VENV)/test.stamp
	$(BIN)/python -m benchmarks.core
	$(BIN)/python -m benchmarks.slider

$(VENV)/run.stamp: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements.txt
	touch $@

$(VENV)/test.stamp: requirements-dev.txt requirements.txt $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $@

$(VENV)/browser.stamp: $(VENV)/test.stamp tests/browser/package.json
	sh tests/browser/install_chromium.sh
	npm install --prefix tests/browser --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error
	touch $@

clean:
	rm -rf $(VENV) static .pytest_cache .ruff_cache .hypothesis tests/browser/node_modules
