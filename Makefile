# Thin on purpose: each target calls one small program in tools/, which says what it does. `make` alone lists them.
# The first Python that is new enough; name another with PYTHON=...
CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON := $(or $(shell for p in $(CANDIDATES); do $$p -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$p && break; done),python3)

.PHONY: help run test test-cluster cluster torture bench lint types fmt lock verify-ledger messages clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):  ## /  make \1: /p' Makefile

run:  ## install what is missing and serve on http://127.0.0.1:8000
	@$(PYTHON) -m tools.run

test:  ## the whole gate, on SQLite, browser tests included
	@$(PYTHON) -m tools.gate test

test-cluster:  ## the same suites on PostgreSQL and Redis, which are started for them
	@$(PYTHON) -m tools.gate test-cluster

cluster:  ## several processes on one port, on the servers that DATABASE_URL and REDIS_URL name; PROCESSES=3
	@$(PYTHON) -m tools.processes

torture:  ## kill -9 at random moments, and look for what was lost; SEED=7 ROUNDS=20
	@$(PYTHON) -m tools.torture

bench:  ## measure a load of conversations; ROWS=must or "once-100 free-8" for a part of it, PROCESSES=3 for several processes
	@$(PYTHON) -m tools.bench

lint:  ## ruff, import contracts, templates
	@$(PYTHON) -m tools.gate lint

types:  ## mypy and tsc
	@$(PYTHON) -m tools.gate types

fmt:  ## mend what ruff can mend
	@$(PYTHON) -m tools.gate fmt

lock:  ## write the lock files anew; UPGRADE=1 raises every version
	@$(PYTHON) -m tools.lock

verify-ledger:  ## check that the money of this site adds up
	@$(PYTHON) -m tools.ledger

messages:  ## bring the translations' catalogues up to date
	@$(PYTHON) -m tools.messages

clean:  ## remove what can be made again; data and .env stay
	@$(PYTHON) -m tools.clean
