# Each target is one line; what it does stands in conference/bootstrap.py. ARGS="…" is passed on.
.PHONY: help run test check bench storm drills load mutants fmt lock manage
.DEFAULT_GOAL := help
DO := @python3 -m conference.bootstrap

help: ## show these lines
	@sed -n 's/^\([a-z]*\): ## /  make \1	/p' $(MAKEFILE_LIST)
run: ## set everything up, load the demo conference once, serve it (PORT, DATA_DIR, DATABASE_URL, REDIS_URL)
	$(DO) run
test: ## set everything up and run the tests, on a PostgreSQL and a Redis of its own (ARGS=--long: the long forms too)
	$(DO) test $(ARGS)
check: ## ruff, mypy, djade, migrations, catalogues, deployment settings, architecture
	$(DO) check
bench: ## print figures
	$(DO) bench $(ARGS)
storm: ## kill everything while certificates are issued (FAULTS=3000, ARGS="--people 3000 --seed 7")
	$(DO) storm $(if $(FAULTS),--faults $(FAULTS)) $(ARGS)
drills: ## let broker, database, disk and deploy fail one by one (ARGS="redis_away --rounds 5 --seed 7")
	$(DO) drills $(ARGS)
load: ## the last ten minutes: 63 officers answer while certificates are made and things break (ARGS="--minutes 120")
	$(DO) load $(ARGS)
mutants: ## take safeguards out one by one, and see that a test fails for each (ARGS="--only lock", ARGS=--list)
	$(DO) mutants $(ARGS)
fmt: ## bring code and templates into one form
	$(DO) fmt
lock: ## compile the lock files anew (ARGS=--upgrade takes newer versions)
	$(DO) lock $(ARGS)
manage: ## manage.py with the configuration of `make run`: make manage ARGS="paper agenda …"
	$(DO) manage $(ARGS)
