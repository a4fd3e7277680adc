# Everything from a machine that has only Python 3.11+ and make: `make run` serves the demonstration, `make test` proves the project.
# The environment is .venv; what goes into it is pinned with hashes in requirements*.lock, and stamps in it make a second run quick.

VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.stamp-run
TEST_STAMP := $(VENV)/.stamp-test
WORKERS ?= 2

# An environment whose interpreter is gone is made again.
ifneq ($(wildcard $(VENV)),)
  ifneq ($(shell $(BIN)/python -c 'print("works")' 2>/dev/null),works)
    $(shell rm -f $(RUN_STAMP) $(TEST_STAMP))
  endif
endif

.PHONY: run test check learn bench faults fuzz sbom audit lock clean help
.DELETE_ON_ERROR:

help:
	@echo 'make run    serve the demonstration and print its address'
	@echo 'make test   all checks and all tests, with a browser and PostgreSQL'
	@echo 'make check  format, lint, types and import contracts only'
	@echo 'make bench  speed and memory beside peers; fails where a limit is broken'
	@echo 'make faults kills, outages, storms and set clocks in the middle of a notice, at length'
	@echo 'make fuzz   100,000 arbitrary updates and 15,000 pages, documents and configurations, as a table'
	@echo 'make sbom   a bill of materials of what the locks pin, build/sbom.json (CycloneDX)'
	@echo 'make audit  known vulnerabilities of what the locks pin'
	@echo 'make learn  fit the answer weights again and print cross-validated figures'
	@echo 'make lock   pin what pyproject.toml asks for; UPGRADE=--upgrade takes the newest'
	@echo 'make clean  remove the environment and what the tools left'

run: $(RUN_STAMP)
	@exec $(BIN)/planbot serve --demonstration

test: check
	@bash .ci/browser
	@bash .ci/faults
	@echo 'test: running the tests with $(WORKERS) workers'
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile

check: $(TEST_STAMP)
	@echo 'check: format'
	@$(BIN)/ruff format --check --quiet .
	@echo 'check: lint'
	@$(BIN)/ruff check --quiet .
	@echo 'check: types'
	@$(BIN)/mypy --no-error-summary
	@echo 'check: import contracts'
	@$(BIN)/lint-imports --no-logo > $(VENV)/contracts.log || { cat $(VENV)/contracts.log; exit 1; }

bench: $(TEST_STAMP)
	@$(BIN)/python -m tests.bench $(BENCH)

# The same tests as in `make test`, with 2,000 people, 200 kills and outages of a minute, and with limits in seconds; ends with a table.
faults: $(TEST_STAMP)
	@bash .ci/faults
	@PLANBOT_FAULTS=long $(BIN)/python -m pytest -q -n $(WORKERS) --dist load --durations=10 tests/faults

fuzz: $(TEST_STAMP)
	@$(BIN)/python -m tests.fuzz $(SEED)

sbom: $(TEST_STAMP)
	@mkdir -p build
	@$(BIN)/python .ci/sbom.py > build/sbom.json
	@echo 'sbom: build/sbom.json written'

audit: $(RUN_STAMP)
	@$(BIN)/python .ci/audit.py

learn: $(TEST_STAMP)
	@$(BIN)/python -m bot.learn --write tests/ask/questions.toml tests/ask/plans

$(RUN_STAMP): requirements.lock pyproject.toml
	@bash .ci/environment requirements.lock $@

$(TEST_STAMP): requirements-test.lock pyproject.toml
	@bash .ci/environment requirements-test.lock $@

# The pins: `uv` looks at every platform and at Python 3.11 and later at once, so one lock serves all of them.
# What is pinned stays so unless `make lock UPGRADE=--upgrade` asks for the newest.
UPGRADE ?=
UV ?= $(firstword $(wildcard $(BIN)/uv) uv)
COMPILE = $(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --group install $(UPGRADE) pyproject.toml

lock:
	@command -v $(UV) >/dev/null || { echo 'make lock needs uv: python3 -m pip install uv' >&2; exit 2; }
	@$(COMPILE) --output-file requirements.lock
	@$(COMPILE) --extra test --constraints requirements.lock --output-file requirements-test.lock
	@$(COMPILE) --extra semantic --constraints requirements.lock --output-file requirements-semantic.lock
	@echo 'lock: requirements.lock, requirements-test.lock and requirements-semantic.lock written'

clean:
	@rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
