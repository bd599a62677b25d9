# Two commands are all you need: `make run` and `make test`. Each installs what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help run test test-lowest lowest lint format attack api-fuzz fuzz bench ablation bench-queue e2e listeners requirements sbom browser postgresql aimock axe biome drill clean

help:  ## List the commands
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /  make \1\t/' | expand -t 20

run: $(VENV)/.run  ## Start the app on http://localhost:8000
	@exec $(BIN)/python manage.py up

test: $(VENV)/.dev browser postgresql aimock axe  ## Run all tests; JOBS=n at once; COVER=1 measures coverage
	$(BIN)/pytest $(PARALLEL) $(if $(COVER),--cov --cov-report=term --cov-fail-under=$(COVERED))
	$(BIN)/python -m tests.support.postgresql $(BIN)/pytest $(PARALLEL) -m "database and not process" $(ON_SQLITE_ALONE)

# Most tests wait for a process, so one job more than there are cores keeps the cores busy.
JOBS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
PARALLEL = -n $(JOBS) --dist worksteal

# What has no database, or asks for rows by the thousand in a way that other tests ask on PostgreSQL.
ON_SQLITE_ALONE = $(addprefix --ignore=tests/,bench core matrix/test_guests.py matrix/test_methods.py \
	matrix/test_strangers.py)

# The least coverage in per cent. The processes that tests start are not measured.
COVERED := 96
COVER ?= $(CI)

test-lowest: lowest  ## Run the tests of the core on the lowest Python that is promised; LOWEST=…
	.venv-lowest/bin/pytest $(PARALLEL) $(TELLING)

lowest:
	@$(MAKE) --no-print-directory VENV=.venv-lowest PYTHON=$(LOWEST) .venv-lowest/.dev

LOWEST ?= $$(sh .ci/lowest-python)
# Random cases and networks tell one Python from another no better than the other tests do.
TELLING ?= tests/core -m "not intensive" $(addprefix --ignore=tests/core/engines/local/,networks text)

drill: $(VENV)/.dev postgresql  ## Hit running workers with 200 faults; SEED=n FAULTS=n choose them
	FAULTS=$(FAULTS) SEED=$(SEED) $(BIN)/pytest -m drill -s

FAULTS ?= 200

attack: $(VENV)/.dev  ## Send a hundred files that cost more than they weigh, from 16 connections; PAGE_SECONDS=n MUTANTS=n
	$(BIN)/python -m tests.attacks $(if $(PAGE_SECONDS),--page-seconds $(PAGE_SECONDS)) \
		$(if $(MUTANTS),--mutants $(MUTANTS)) $(if $(SEED),--seed $(SEED))

api-fuzz: $(VENV)/.dev  ## Test the API against its OpenAPI document; CASES=n SEED=n AS="key cookie nobody"
	$(BIN)/python -m tests.api.fuzz --cases $(CASES) $(if $(SEED),--seed $(SEED)) --as $(AS)

CASES ?= 3000
AS ?= key nobody

e2e: $(VENV)/.dev browser axe  ## Run the tests that start real processes and a real browser
	$(BIN)/pytest -m "process or browser"

lint: $(VENV)/.dev biome  ## Check style, types, import contract and migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djangofmt check $(TEMPLATES)
	$(BIN)/djade --check $(TEMPLATES)
	$(BIOME) check --error-on-warnings static
	$(BIN)/mypy
	$(BIN)/lint-imports
	DEBUG=true DATA_DIR=$(VENV)/lint-data $(BIN)/python manage.py makemigrations --check --dry-run

format: $(VENV)/.dev biome  ## Format the code and fix what can be fixed automatically
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	@# djade's status is 1 where it changed a file.
	$(BIN)/djade $(TEMPLATES) || $(BIN)/djade --check --target-version 5.2 $(TEMPLATES)
	$(BIOME) check --write static

TEMPLATES = $(shell find templates -name '*.html')
BIOME := .node/biome/node_modules/.bin/biome

# atheris, beside the environment: only this command needs it.
FUZZER := .fuzz/atheris
SECONDS ?= 600

fuzz: $(FUZZER)/.ready  ## Fuzz each of our own parsers, guided by coverage; PARSERS="name …" SECONDS=n
	PYTHONPATH=$(FUZZER) $(BIN)/python -m tests.fuzz $(PARSERS) --seconds $(SECONDS)

$(FUZZER)/.ready: tests/fuzz/requirements.txt | $(VENV)/.dev
	@rm -rf $(FUZZER)
	@$(BIN)/pip install --quiet --require-hashes --target $(FUZZER) -r tests/fuzz/requirements.txt
	@touch $@

bench: $(VENV)/.dev  ## Measure accuracy and speed; SET="folder …" HELD_OUT= RENDERED= TABLELESS= ALONE=
	@$(if $(ALONE),,$(MAKE) --no-print-directory $(RIVAL)/.ready || true)
	$(BIN)/python -m tests.bench $(SET) $(if $(ALONE),--alone) $(if $(NO_SCALING),--no-scaling) \
		$(foreach name,HELD_OUT SAMPLE RENDERED TABLELESS SEED CORPUS WEAR,$(call benched,$(name)))

# HELD_OUT="a b" becomes --held-out a b
benched = $(if $($(1)),--$(subst _,-,$(call lower,$(1))) $($(1)))
lower = $(shell printf %s '$(1)' | tr A-Z a-z)

# img2table, for comparison. It needs another OpenCV, so it has an environment of its own.
RIVAL := .venv-bench
PINS := tests/bench/requirements-img2table.txt

$(RIVAL)/.ready: $(PINS)
	@echo "Installing img2table into $(RIVAL), to compare with (ALONE=1 leaves it out) …"
	@rm -rf $(RIVAL)
	@$(PYTHON) -m venv $(RIVAL) && $(RIVAL)/bin/pip install --quiet -r $(PINS)
	@touch $@

ablation: $(VENV)/.dev  ## Measure what each stage of the local engine earns; SET="folder[:n] …"
	$(BIN)/python -m tests.bench.ablation $(SET)

bench-queue: $(VENV)/.dev postgresql  ## Measure the cost of queue and database for 10,000 images
	$(BIN)/python -m tests.bench.queue

listeners: $(VENV)/.dev postgresql  ## Have 200 clients listen to one process while 500 images are read
	LISTENERS=$(LISTENERS) IMAGES=500 $(BIN)/pytest -k crowd -s tests/api/live

LISTENERS ?= 200

requirements: $(VENV)/.dev  ## Pin the newest versions that pyproject.toml allows, with their hashes
	$(BIN)/pip-compile $(COMPILE) --extra s3 -o requirements.txt pyproject.toml
	$(BIN)/pip-compile $(COMPILE) --extra s3 --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml

sbom: $(VENV)/.dev  ## Write sbom.json (CycloneDX): all packages that the app installs, with their hashes
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --mc-type application \
		--output-reproducible --of JSON -o sbom.json requirements.txt

COMPILE := --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-index-url --no-emit-find-links \
	--no-emit-trusted-host --no-emit-options

# A stamp file per set of packages; it is renewed only when the pins change.
$(VENV)/.run: requirements.txt | $(BIN)/python
	@echo "Installing the packages Tablexl needs into $(VENV) (once, about a minute) …"
	@$(BIN)/pip install --quiet --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "Installing the packages the tests need …"
	@$(BIN)/pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tablexl needs Python 3.11 or newer; say which by make PYTHON=...")'
	@echo "Making a virtual environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

browser:
	@sh .ci/browser

postgresql:
	@sh .ci/postgresql

aimock:
	@sh .ci/aimock

axe:
	@sh .ci/axe

biome:
	@sh .ci/biome

clean:  ## Remove what can be rebuilt (not your data)
	rm -rf $(VENV) .venv-lowest $(RIVAL) .fuzz .node .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
