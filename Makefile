# AI Factory Chat: `make` lists what can be done.

PYTHON ?= python3
# An index with other builds of PyTorch, for example the CPU-only one:
#   make serve TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=

BIN := .venv/bin
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt \
    $(if $(CI),--quiet)
PINS := pyproject.toml constraints.txt

# The texts reach the shell as variables, character for character: neither make nor the shell
# interprets the quotes and dollar signs in them.
unexport q source scifact
export QUESTION := $(value q)
export SOURCE_PATH := $(value source)
export SCIFACT_PATH := $(value scifact)

.DEFAULT_GOAL := help
.PHONY: help serve ask ingest test lint format eval baseline bench screenshots \
    pictures smoothness clean

help:
	@echo 'make serve             install what is needed, ingest the bundled glossary if there is none,'
	@echo '                       and serve the web page and the HTTP interface (host=, port=)'
	@echo 'make ask q="..."       answer one question in the terminal'
	@echo 'make ingest source=P   make the file or folder P the glossary; without source= the bundled one'
	@echo 'make test              run every check: format, lint, types, floors, tests, documentation'
	@echo 'make lint              check format, lint, types and floors only'
	@echo 'make format            rewrite the code in the standard format'
	@echo 'make eval              judge retrieval, answers, abstention and follow-ups on the bundled questions, and'
	@echo '                       fail when one is significantly worse than the committed baseline'
	@echo 'make baseline          judge likewise, and make the result the baseline to commit'
	@echo 'make bench             measure every figure of docs/benchmarks.md (source=P, scifact=FOLDER)'
	@echo 'make screenshots       take the pictures of the documentation again (needs Chromium)'
	@echo 'make pictures          take pictures of ten entries into build/pictures, to be looked at (source=P)'
	@echo 'make smoothness        measure a glossary of 1,000 entries and a conversation of 200 turns'
	@echo 'make clean             remove .venv, caches and build outputs; ingested glossaries stay'
	@echo
	@echo 'PYTHON=python3.12      use another Python (3.11 to 3.13) when .venv is created'
	@echo 'TORCH_INDEX=URL        take PyTorch from that package index, such as the CPU-only builds at'
	@echo '                       https://download.pytorch.org/whl/cpu'

serve: .venv/.installed-runtime
	@$(ensure_glossary)
	@exec $(BIN)/aifactory serve $(if $(host),--host '$(host)') $(if $(port),--port '$(port)')

ask: $(if $(value q),.venv/.installed-runtime)
	@if [ -z "$$QUESTION" ]; then \
	    echo 'make ask needs a question: make ask q="What is a neural ODE?"' >&2; exit 2; fi
	@$(ensure_glossary)
	@exec $(BIN)/aifactory ask -- "$$QUESTION"

ingest: .venv/.installed-runtime
	@if [ -n "$$SOURCE_PATH" ]; then exec $(BIN)/aifactory ingest -- "$$SOURCE_PATH"; \
	    else exec $(BIN)/aifactory ingest; fi

test: lint
	$(BIN)/python -m pytest

lint: .venv/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.installed-dev
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

eval: .venv/.installed-runtime
	@$(judge_bundled)
	@failed=; for split in dev test; do \
	    $(BIN)/aifactory eval compare --gate eval/data/bundled/baseline-$$split.json \
	        build/eval/$$split >build/eval/$$split/comparison.md || failed=1; \
	    echo; echo "== bundled, $$split"; \
	    sed -n '/^| Of/,/^$$/p' build/eval/$$split/report.md; \
	    sed -n '/^\*\*Gate/p' build/eval/$$split/comparison.md; \
	    echo "build/eval/$$split/report.html, build/eval/$$split/comparison.md"; done; \
	test -z "$$failed"

baseline: .venv/.installed-runtime
	@$(judge_bundled)
	@for split in dev test; do \
	    $(BIN)/python -m eval.baseline build/eval/$$split eval/data/bundled/baseline-$$split.json; done

bench: .venv/.installed-dev
	@set -e; home=$$(mktemp -d); trap 'rm -rf "$$home"' EXIT; run="$(BIN)/python -m eval.bench_"; \
	given="$${SOURCE_PATH:+--source}"; \
	for name in names citations ask warm http first_token streams conversations; do \
	    $${run}$$name --home "$$home" $$given $${SOURCE_PATH:+"$$SOURCE_PATH"}; done; \
	$${run}ingestion $$given $${SOURCE_PATH:+"$$SOURCE_PATH"}; \
	$${run}embedding --home "$$home"; \
	if [ -n "$$SCIFACT_PATH" ]; then $${run}embedding --home "$$home" --scifact "$$SCIFACT_PATH"; \
	    for split in train test; do \
	        $${run}scifact "$$SCIFACT_PATH" --split $$split --home "$$home"; done; fi

screenshots: .venv/.installed-dev
	$(BIN)/python -m tests.browser.screenshots docs/images

pictures: .venv/.installed-dev
	@if [ -n "$$SOURCE_PATH" ]; then \
	    exec $(BIN)/python -m tests.browser.pictures build/pictures --source "$$SOURCE_PATH"; \
	    else exec $(BIN)/python -m tests.browser.pictures build/pictures; fi

smoothness: .venv/.installed-dev
	$(BIN)/python -m tests.browser.smoothness

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache \
	    .hypothesis
	find . -name .git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

# A glossary that somebody ingested is never replaced: the bundled one goes in only where none is.
define ensure_glossary
$(BIN)/python -c 'import sys; from indexes.history import History; from rag.settings import \
load_settings; sys.exit(History(load_settings().home).live() is None)' 2>/dev/null || $(BIN)/aifactory ingest
endef

# The home is kept between runs: preparing the model takes seconds.
define judge_bundled
set -e; $(BIN)/aifactory ingest --home build/eval/home >/dev/null; for split in dev test; do \
    $(BIN)/aifactory eval run --split $$split --home build/eval/home --out build/eval/$$split \
        --name "bundled $$split" >/dev/null; done
endef

# ---- The environment. Each stamp is renewed when the pins change, and only then. ----

.venv/pyvenv.cfg:
	@command -v '$(PYTHON)' >/dev/null || { \
	    echo 'PYTHON=$(PYTHON) is not installed: AI Factory Chat needs Python 3.11, 3.12 or 3.13' >&2; \
	    exit 2; }
	@'$(PYTHON)' -c 'import sys; found = sys.version_info[:2]; sys.exit(None if (3, 11) <= found <= (3, 13) \
	    else "PYTHON=$(PYTHON) is Python %d.%d: AI Factory Chat needs 3.11, 3.12 or 3.13; try PYTHON=python3.12" % found)'
	@'$(PYTHON)' -m venv .venv || { rm -rf .venv; \
	    echo 'Python could not make .venv; on Debian and Ubuntu: apt-get install python3-venv' >&2; exit 2; }

.venv/.installed-runtime: .venv/pyvenv.cfg $(PINS)
	@echo 'Installing the pinned packages into .venv (the first time takes some minutes)'
	$(if $(TORCH_INDEX),$(PIP_INSTALL) --index-url '$(TORCH_INDEX)' --no-deps torch)
	$(PIP_INSTALL) -e .
	@touch $@

.venv/.installed-dev: .venv/.installed-runtime
	$(PIP_INSTALL) -e '.[dev]'
	@touch $@
