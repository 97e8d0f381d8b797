.PHONY: help setup serve watch build check test e2e bench prove pictures clean
help: ## what can be made (this list)
	@sed -n 's/^\([a-z0-9]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

setup: ## install everything that is missing on this machine
	@scripts/setup
serve: ## build, fill with demo data, serve on http://127.0.0.1:3000
	@scripts/serve
watch: ## the same while you work: starts anew when a file changes
	@scripts/watch
build: ## the release server and client: target/release/wellbeing-courses
	@scripts/build
check: ## formatting, lints, licences and sources of packages
	@scripts/check
test: ## every test, on SQLite and on PostgreSQL, then in the browser
	@scripts/test
e2e: ## the browser tests alone
	@scripts/e2e
bench: ## speed beside its yardsticks; ends with 1 at a broken promise
	@scripts/bench
prove: ## the long proofs: races, kills, histories (SECONDS=600 DB=sqlite SEED=7: histories alone, for so long)
	@PROVE_SECONDS='$(SECONDS)' PROVE_DB='$(DB)' PROVE_SEED='$(SEED)' scripts/prove
pictures: ## pictures of the main pages for the README
	@scripts/pictures
clean: ## remove what was built (not your data)
	@scripts/clean
