# `make run` starts the app, `make test` runs every test; both install what they need first.
HOST ?= 127.0.0.1
PORT ?= 8501
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run test lint scripts benchmark clean

run: $(VENV)/run.stamp
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m uvicorn server:app --host $(HOST) --port $(PORT) --no-access-log --ws-per-message-deflate false

test: lint scripts $(VENV)/browser.stamp
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/test.stamp node_modules/installed.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	node_modules/.bin/eslint --max-warnings 0 .
	node_modules/.bin/tsc

scripts: $(VENV)/run.stamp node_modules/installed.stamp
	PUBLISHED=$$($(BIN)/python -c "from ui.components import assets; print(assets.STATIC / assets.publish())") \
		node --test --experimental-test-coverage \
		--test-reporter=dot --test-reporter-destination=stdout \
		--test-reporter=./tests/js/covered.js --test-reporter-destination=stderr tests/js/

benchmark: $(VENV)/benchmark.stamp $(VENV)/browser.stamp
	$(BIN)/python -m benchmarks.core
	$(BIN)/python -m benchmarks.training
	$(BIN)/python -m benchmarks.answers
	$(BIN)/python -m benchmarks.server
	$(BIN)/python -m benchmarks.step
	$(BIN)/python -m benchmarks.busy
	$(BIN)/python -m benchmarks.cold
	$(BIN)/python -m benchmarks.slider
	$(BIN)/python -m benchmarks.slider --busy --pages gatescope bokeh
	$(BIN)/python -m benchmarks.slider --memory 2000

$(VENV)/run.stamp: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements.txt
	touch $@

$(VENV)/test.stamp: requirements-dev.txt requirements.txt $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $@

$(VENV)/benchmark.stamp: benchmarks/requirements.txt $(VENV)/test.stamp
	$(BIN)/python -m pip install --quiet -r benchmarks/requirements.txt
	touch $@

$(VENV)/browser.stamp: $(VENV)/test.stamp
	sh tests/browser/install_chromium.sh
	touch $@

node_modules/installed.stamp: package.json
	npm install --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error
	touch $@

clean:
	rm -rf $(VENV) static .pytest_cache .ruff_cache .mypy_cache .hypothesis node_modules
