# Everything is done by composer/boot, with nothing but Python's standard library to begin with.
PYTHON ?= python3
export PYTHONDONTWRITEBYTECODE = 1

.PHONY: run test check bench faults demo link clean image backup restore compose-test test-postgres
run: ## Start Composer; installs what is missing. PORT=8080 make run
test: ## Install what is missing and run every check and test
check: ## Style, types and the walls between the rooms
bench: ## Measure, each figure beside plain docker
faults: ## Break things on purpose, hundreds of times, and count what came of it. Takes half an hour
demo: ## Run the three sample workflows in the terminal
link: ## Print a new sign-in link for the owner
clean: ## Remove what was made here
image: ## Build the images of docker-compose.yml, what comes from a network fetched outside of them
backup: ## Save database, data and keys of the running stack. make backup FILE=saved.tar
restore: ## Bring a backup back: make restore FILE=saved.tar
compose-test: ## Start the stack of docker-compose.yml, use it, break it, save and restore it
test-postgres: ## The tests on PostgreSQL. ARGS="tests/runs" for some of them

run test check bench faults demo link clean image compose-test test-postgres:
	@$(PYTHON) -m composer.boot $@ $(ARGS)
backup restore:
	@$(PYTHON) -m composer.boot $@ $${FILE:+"$$FILE"}
