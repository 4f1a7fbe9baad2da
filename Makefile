# A thin face on dev.py, which says how each of these is done.
# The system's own Python is built with its optimiser; one that was built by hand often is not, and is slower by a sixth.
FAST = /usr/bin/python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
PYTHON ?= $(shell $(FAST) && echo /usr/bin/python3 || echo python3)
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup run test bench lint clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make everything ready: environment, design system files, database
	@$(PYTHON) dev.py setup

run: ## Run the service with demo data on http://127.0.0.1:8000/ (HOST=, PORT= choose another address)
	@$(PYTHON) dev.py run

test: ## Run the tests (ARGS="-k allocate" goes to pytest)
	@$(PYTHON) dev.py test $(ARGS)

bench: ## Measure the speed against raw SQL and the naive way (SIZE=small: about five minutes; ARGS="P1 P4": these rows)
	@$(PYTHON) dev.py bench $(ARGS)

lint: ## Check style, mistakes, who imports whom, and that no migration is missing
	@$(PYTHON) dev.py lint

clean: ## Remove what can be made again; the data in var/ stays
	@$(PYTHON) dev.py clean
