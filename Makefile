# Everything is done by composer/boot, with nothing but Python's standard library to begin with.
PYTHON ?= python3
export PYTHONDONTWRITEBYTECODE = 1

.PHONY: run test check bench faults demo link clean
run: ## Start Composer; installs what is missing. PORT=8080 make run
test: ## Install what is missing and run every check and test
check: ## Style, types and the walls between the rooms
bench: ## Measure, each figure beside plain docker
faults: ## Break things on purpose, hundreds of times, and count what came of it. Takes half an hour
demo: ## Run the three sample workflows in the terminal
link: ## Print a new sign-in link for the owner
clean: ## Remove what was made here

run test check bench faults demo link clean:
	@$(PYTHON) -m composer.boot $@ $(ARGS)
