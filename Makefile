# `make help` lists the targets. Everything a run writes is under DATA_DIR.

SHELL := /bin/sh
.SHELLFLAGS := -eu -c
.ONESHELL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
RUN := $(VENV)/bin/python -m

# Relative paths start at this folder. `value`: a $ in a path is a $.
absolute = $(if $(filter /%,$(firstword $(value $(1)))),$(value $(1)),$(CURDIR)/$(value $(1)))

ifeq ($(value DATA_DIR),)
override DATA_DIR := data
endif
override DATA_DIR := $(call absolute,DATA_DIR)
export DATA_DIR

ifneq ($(value TRANSACTIONS_PATH),)
override TRANSACTIONS_PATH := $(call absolute,TRANSACTIONS_PATH)
export TRANSACTIONS_PATH
endif

export DBT_PROJECT_DIR := $(CURDIR)/dbt_project
export DBT_PROFILES_DIR := $(CURDIR)
export DBT_TARGET_PATH := $(DATA_DIR)/target
export DBT_LOG_PATH := $(DATA_DIR)/logs
export DO_NOT_TRACK := 1

# What a run reads from the environment must not reach the tests.
OF_A_RUN := DATA_DIR TRANSACTIONS_PATH VARS HOST PORT WEB_CONCURRENCY PYTHON \
	API_KEY API_KEYS_FILE RATE_LIMIT_PER_MINUTE REQUEST_TIMEOUT_SECONDS CORS_ORIGINS \
	BEHIND_TLS LOG_LEVEL DECISIONS_DIR MAX_SNAPSHOT_AGE_DAYS \
	DBT_PROJECT_DIR DBT_PROFILES_DIR DBT_TARGET_PATH DBT_LOG_PATH \
	MLFLOW_TRACKING_URI MODEL_NAME MODEL_STAGE TRAINED_BY DUCKDB_MEMORY_LIMIT MAKEFLAGS MAKELEVEL MFLAGS
ALONE := env $(addprefix -u ,$(OF_A_RUN))

MLFLOW_PORT ?= 5000

.PHONY: help setup run test test-hard test-install lint lint-python lint-sql format \
	audit serve smoke mlflow docs eda eda-edit bench-pipeline bench-api bench-training lock \
	clean

help: ## list the targets
	@sed -n 's/^\([a-z][a-z-]*\):[^#]*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r target what; do
		printf '  make %-15s %s\n' "$$target" "$$what"
	done

setup: ## create .venv with everything from requirements.lock
	@sh .ci/setup

# Python answers Ctrl-C with a traceback while it starts: ignored until the pipeline
# itself takes the signal in hand, some 50 ms later.
run: setup ## from raw (or simulated) transactions to scores, a release and a summary
	@trap '' INT
	exec $(RUN) pipeline run

audit: setup ## run, then measure what other designs would report and what the proxy is worth
	@trap '' INT
	exec $(RUN) pipeline audit

# Two at a time, whole files in their order: the long ones come first.
test: setup ## run every test but the hard and the install ones (ARGS="-k name" for some)
	@$(ALONE) $(RUN) pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-hard: setup ## run the tests that take minutes: interruptions, crowds, full disks (HARD_SHARE=0.1)
	@$(ALONE) $(RUN) pytest -m hard -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-install: setup ## install as the Dockerfile does, in a clean environment, and start it
	@$(ALONE) $(RUN) pytest -m install $(ARGS)

lint: lint-python lint-sql ## ruff, mypy and sqlfluff

lint-python: setup
	@$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy

# dbt's templater needs a warehouse: one of its own, gone afterwards.
lint-sql: setup
	@folder=$$(mktemp -d)
	trap 'rm -rf "$$folder"' EXIT
	trap 'exit 130' INT TERM
	DATA_DIR=$$folder DBT_TARGET_PATH=$$folder/target DBT_LOG_PATH=$$folder/logs \
		$(VENV)/bin/sqlfluff lint --disable-progress-bar dbt_project

format: setup ## rewrite Python in the project's style
	@$(VENV)/bin/ruff check --fix --exit-zero --quiet
	$(VENV)/bin/ruff format

serve: setup ## start the API on the current release (PORT, WEB_CONCURRENCY)
	@exec $(RUN) api

smoke: setup ## call every endpoint of a running server and print the answers (PORT, API_KEY)
	@exec $(RUN) api smoke

mlflow: setup ## look at the experiments on 127.0.0.1 (MLFLOW_PORT)
	@mkdir -p "$$DATA_DIR/mlflow/artifacts"
	exec $(VENV)/bin/mlflow server --host 127.0.0.1 --port $(MLFLOW_PORT) \
		--backend-store-uri "$${MLFLOW_TRACKING_URI:-sqlite:///$$DATA_DIR/mlflow/mlflow.db}" \
		--default-artifact-root "$$DATA_DIR/mlflow/artifacts"

docs: setup ## build the data dictionary and lineage as one HTML file
	@mkdir -p "$$DATA_DIR"
	$(VENV)/bin/dbt --quiet docs generate --static $${VARS:+--vars "$$VARS"}
	echo "open $$DATA_DIR/target/static_index.html"

eda: setup ## explore the data in pictures: reports/eda.html and reports/eda.ipynb
	@exec $(RUN) notebooks export

eda-edit: setup ## change the notebook in a browser on 127.0.0.1
	@$(RUN) notebooks compile
	exec $(VENV)/bin/marimo edit --host 127.0.0.1 notebooks/eda.py

bench-pipeline: setup ## measure the pipeline, to 100 million rows (ROWS="95662 1000000", PARTS=...)
	@exec $(ALONE) $(RUN) tests.benchmarks.pipeline run \
		$(if $(ROWS),--rows $(ROWS)) $(if $(PARTS),--parts $(PARTS))

bench-api: setup ## measure the API on a million customers (ARGS="--seconds 5 --rounds 1")
	@exec $(ALONE) $(RUN) tests.benchmarks.serving.bench run $(ARGS)

bench-training: setup ## measure the training (ARGS="--file FILE --searches none --rounds 1")
	@exec $(ALONE) $(RUN) tests.benchmarks.training run $(ARGS)

lock: setup ## write the lock files again, from pyproject.toml
	@folder=$$(mktemp -d)
	trap 'rm -rf "$$folder"' EXIT
	$(RUN) venv "$$folder"
	"$$folder/bin/pip" install -q --disable-pip-version-check uv
	compile() {
		"$$folder/bin/uv" pip compile -q --universal --python-version 3.11 \
			--generate-hashes --no-strip-extras --no-header "$$@"
	}
	compile --extra pipeline --extra api --extra notebook --extra dev pyproject.toml -o requirements.lock
	compile --extra api pyproject.toml -o requirements-api.lock
	sed -n 's/^requires = \["\(.*\)"\]$$/\1/p' pyproject.toml | compile -c requirements.lock - -o requirements-build.lock

# What DATA=1 keeps is a bank's own, and may be the only copy.
clean: ## remove caches and build output; with DATA=1 also what runs wrote to DATA_DIR
	@remove() { for path do if [ -e "$$path" ]; then rm -rf "$$path"; echo "removed $$path"; fi; done; }
	remove build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		dbt_project/target dbt_project/logs logs target
	find api models_py notebooks tests -name __pycache__ -type d -prune -exec rm -rf {} +
	echo "removed __pycache__ folders"
	if [ "$(origin DATA) $(DATA)" = "command line 1" ]; then
		find "$$DATA_DIR" -mindepth 1 -maxdepth 1 | while IFS= read -r path; do
			case "$${path##*/}" in
				raw | outcomes | decisions | access) echo "kept $$path" ;;
				README.md) ;;
				*) remove "$$path" ;;
			esac
		done
	fi
