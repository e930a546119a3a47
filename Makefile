# Every command sets up what it needs first; scripts/ says how. PORT, STATE, PUBLIC_URL and LIMITS may be set.
.PHONY: help setup catalogue dev serve-release test test-long fuzz bench docs

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile | expand -t 24

setup: ## tools, npm packages and the wasm target; the other commands do this themselves
	@exec scripts/run setup

dev: ## serve on http://127.0.0.1:$PORT (8787) with wrangler; data in $STATE (.wrangler/state)
	@exec scripts/run serve dev

serve-release: ## the same, release build on a direct socket without wrangler's proxy
	@exec scripts/run serve release

test: ## every suite; ends with "N passed, N failed"
	@exec scripts/run test

test-long: ## what is too long for every change: big loads, long races
	@exec scripts/run test long

fuzz: ## random calls against every operation, for FUZZ_SECONDS (1800)
	@exec scripts/run test fuzz

bench: ## measure beside floors; writes docs/performance.md and .json. ROUNDS, DURATION, CONNECTIONS
	@exec scripts/run bench

docs: ## write docs/openapi.json and docs/reference.html anew, after a change of routes, policy or docs/api
	@UPDATE_DOCS=1 cargo test --locked --test native openapi

catalogue: ## load FILE (docs/catalogue.md) into the local database; REMOTE=1 OVERWRITE=1 REMOVE=1
	@node scripts/catalogue.mjs $(if $(REMOVE),remove,apply) $(FILE) $(if $(REMOTE),--remote) $(if $(OVERWRITE),--overwrite)
