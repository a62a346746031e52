# The two commands are `make run` and `make test`; docs/running.md and CONTRIBUTING.md tell the rest.
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
RUN := .venv/.installed
# A desk is seven processes and a test run some hundred; each would compile the whole project and rewrite every assertion anew.
unexport PYTHONDONTWRITEBYTECODE
DEV := .venv/.installed-dev

.PHONY: run test test-twice lint chaos oracle bench bench-workspace bench-sweep bench-rehearsal bench-broadcast bench-portal bench-board bench-routing bench-knowledge bench-mail bench-outbox bench-routing-dry-run bench-reports bench-forecast messages lock clean

# A demo unless DEMO=0. `exec`, so that a signal meets the launcher itself.
run: $(RUN)
	@DEMO="$${DEMO:-1}" exec $(BIN)/python manage.py up --with-parent

test: $(DEV)
	@exec $(BIN)/python tools/test.py all

# The tests of the pages on PostgreSQL as well, which `make test` leaves to SQLite but for doors, lists and whatever locks.
test-twice: $(DEV)
	@EVERY_TEST_TWICE=1 exec $(BIN)/python tools/test.py all

lint: $(DEV)
	@exec $(BIN)/python tools/test.py lint

# Half an hour on a PostgreSQL of its own. SIZE=1000, SCENE=storm or outage, DATABASE=sqlite, SEED= for another
# run; FAST=1 for the short one that `make test` runs.
chaos: $(DEV)
	@exec $(BIN)/python tools/test.py chaos

# Due times and ledgers against a minute-by-minute oracle, at full size; `make test` asks the same in small.
oracle: $(DEV)
	@exec $(BIN)/python tools/test.py oracle

bench: $(DEV)
	@exec $(BIN)/python -m bench

# The agent's workspace at 10,000 to 1,000,000 tickets, beside a peer. SIZES=, PEER_AT=, FAST=1: see bench/workspace.
bench-workspace: $(DEV)
	@exec $(BIN)/python -m bench.workspace

# A million clocks, none due; ten thousand due at once; one a second; the peer beside it: see bench/sweep.
bench-sweep: $(DEV)
	@exec $(BIN)/python -m bench.sweep

# A draft put to the tickets of thirty days: SIZE=, FAST=1.
bench-rehearsal: $(DEV)
	@exec $(BIN)/python -m bench.rehearsal

# The tickets of thirty days put to the routing rules once more. SIZE=, RULES=, FAST=1.
bench-routing-dry-run: $(DEV)
	@exec $(BIN)/python -m bench.routing_dry_run

# Each report over a year of a million tickets. SIZE=, ROUNDS=, FAST=1: see bench/reports.
bench-reports: $(DEV)
	@exec $(BIN)/python -m bench.reports

# An update to ten thousand affected customers: queued, its sender killed, sent. SIZE=, FAST=1.
bench-broadcast: $(DEV)
	@exec $(BIN)/python -m bench.broadcast

# The customer's pages beside the agent's: milliseconds and compressed size, see bench/portal.
bench-portal: $(DEV)
	@exec $(BIN)/python -m bench.portal

# The board of two thousand open escalations, on each database: SIZE=, FAST=1.
bench-board: $(DEV)
	@$(BIN)/python -m bench.board
	@DATABASE=sqlite exec $(BIN)/python -m bench.board

# What is learned of 200,000 tickets with known causes, and how good it is beside the order of time left: SIZE=, FAST=1.
bench-forecast: $(DEV)
	@exec $(BIN)/python -m bench.forecast

# One ticket through 500 routing rules. RULES=, FAST=1: see bench/routing.
bench-routing: $(DEV)
	@$(BIN)/python -m bench.routing
	@DATABASE=sqlite exec $(BIN)/python -m bench.routing

# Very many articles, listed, searched and suggested. SIZE=, DATABASE=sqlite, FAST=1: see bench/knowledge.
bench-knowledge: $(DEV)
	@exec $(BIN)/python -m bench.knowledge

# Ten thousand mails from their bytes to tickets, by one worker: SIZE=, FAST=1.
bench-mail: $(DEV)
	@exec $(BIN)/python -m bench.mail

# Ten thousand alerts out, beside mail servers that hang, delay, refuse and hang up: SIZE=, FAST=1, DATABASE=sqlite.
bench-outbox: $(DEV)
	@exec $(BIN)/python -m bench.outbox

# What is to be translated, from code and templates into locale/, and what is translated compiled.
messages: $(DEV)
	@exec $(BIN)/python tools/messages.py

lock: $(DEV)
	@exec ./tools/lock

clean:
	rm -rf .venv staticfiles test-results .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(RUN): requirements.lock
	@PYTHON="$(PYTHON)" ./tools/venv requirements.lock $@

$(DEV): requirements-dev.lock
	@PYTHON="$(PYTHON)" ./tools/venv requirements-dev.lock $@ && touch $(RUN)
