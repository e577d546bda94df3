# What can be done here, and how. `make` alone lists it.

MONTH  ?= 2018-05
PYTHON ?= python3
VENV   ?= .venv
# Each test process holds pandas and Great Expectations, so more than four cost more than they save.
JOBS   ?= auto

PY   := $(VENV)/bin/python
RUN  := $(VENV)/.ready
LAB  := $(VENV)-lab/.ready
FLEET := $(VENV)-fleet/.ready

.DEFAULT_GOAL := help
.PHONY: help report check test lint format bench campaign same audit lab fleet strip lock env clean
.SUFFIXES:

help:
	@echo "Monthly Performance Report"
	@echo
	@echo "  make report   make the report for May 2018 (MONTH=2018-06 for another month)"
	@echo "  make check    only check the month's data, and say what is wrong with it"
	@echo "  make lab      write commentary: open the analyst's desk in JupyterLab"
	@echo "  make fleet    set up what many reports at once need: object storage and Dask"
	@echo
	@echo "  make test     run all tests"
	@echo "  make lint     check style, layout and types of the code (make format puts layout right)"
	@echo "  make bench    time a run beside an empty one, 31 to 3,000 indicators, and the page (BENCHFLAGS=--large: 10,000)"
	@echo "  make campaign kill, fuzz and damage at random, for as long as it takes (docs/reliability.md)"
	@echo "  make same     make a month elsewhere, as another user and on other Pythons, and compare every byte"
	@echo "  make audit    list what the locks install (dist/), and what is known against it"
	@echo "  make strip    take outputs out of the notebooks, as committed ones have none"
	@echo "  make lock     write the lock files again (UPGRADE=1 for newer versions; needs uv and npm)"
	@echo "  make clean    remove environments and caches; the reports in outputs/ stay"
	@echo
	@echo "The first of them sets up a Python environment here, which takes a minute or two."
	@echo "Python 3.11 to 3.13. To name one: make report PYTHON=python3.12"

report: $(RUN)
	@$(VENV)/bin/mpr run $(MONTH)
	@echo "Open outputs/$(MONTH)/report.html in a browser."

check: $(RUN)
	@$(VENV)/bin/mpr check $(MONTH)

test: $(RUN)
	@$(PY) -m pytest --numprocesses $(JOBS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder

lint: $(RUN)
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet . || { echo "Layout differs. To put it right: make format" >&2; exit 1; }
	@$(PY) -m mypy --no-error-summary

format: $(RUN)
	@$(PY) -m ruff check --quiet --fix . ; $(PY) -m ruff format --quiet .

bench: $(RUN)
	@$(PY) -m benchmarks $(BENCHFLAGS)

campaign: $(RUN)
	@$(PY) -m campaigns

same: $(RUN)
	@$(PY) -m tools.same $(MONTH)

audit: $(VENV)-audit/.locked
	@mkdir -p dist
	@for lock in requirements requirements-lab requirements-fleet; do \
	    $(<D)/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible \
	        --output-file dist/$$lock.cdx.json $$lock.lock && echo "Written: dist/$$lock.cdx.json" \
	    && $(<D)/bin/pip-audit --progress-spinner off --disable-pip --require-hashes --requirement $$lock.lock || exit 1; \
	done

lab: $(LAB)
	@$(VENV)-lab/bin/mpr desk $(LABFLAGS)

fleet: $(FLEET)
	@echo "Now: $(VENV)-fleet/bin/mpr fleet run fleet.yml --months $(MONTH)"

strip:
	@$(PYTHON) mpr_lib/desk/strip.py notebooks/*.ipynb

lock:
	@$(PYTHON) tools/lock.py $(if $(UPGRADE),--upgrade)

env: $(RUN)

clean:
	@rm -rf $(VENV) $(VENV)-lab $(VENV)-fleet $(VENV)-audit .pytest_cache .ruff_cache .mypy_cache .hypothesis tests/browser/node_modules
	@find . -type d -name __pycache__ -prune -exec rm -rf {} +

# An environment is made from nothing whenever its lock changes, so what it holds is what the lock says.
# JupyterLab has one of its own because its presence slows every run down (docs/decisions/0001).
$(VENV)/.locked: requirements.lock
$(VENV)-lab/.locked: requirements-lab.lock
$(VENV)-fleet/.locked: requirements-fleet.lock
$(VENV)-audit/.locked: requirements-audit.lock
$(VENV)/.locked $(VENV)-lab/.locked $(VENV)-fleet/.locked $(VENV)-audit/.locked:
	@command -v $(PYTHON) >/dev/null || { echo "There is no '$(PYTHON)'. Install Python 3.11, 3.12 or 3.13, or name it: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) tools/check_python.py
	@echo "Setting up $(@D) from $<: once, a minute or two …"
	@$(PYTHON) -m venv --clear $(@D)
	@{ command -v uv >/dev/null && uv pip install --quiet --python $(@D)/bin/python --require-hashes --only-binary :all: \
	        --compile-bytecode -r $<; } \
	    || $(@D)/bin/python -m pip install -qq --no-input --disable-pip-version-check \
	        --require-hashes --only-binary :all: -r $<
	@touch $@

$(RUN) $(LAB) $(FLEET): %/.ready: %/.locked pyproject.toml
	@$(@D)/bin/python -m pip install -qq --no-input --disable-pip-version-check \
	    --no-deps --no-build-isolation --editable .
	@$(@D)/bin/python -m compileall -qq mpr_lib
	@touch $@
