# The book in two commands: `make book` builds it, `make test` proves it.

PYTHON ?= python3
PY := .venv/bin/python
# Which edition, of self-study, student and instructor; _config.yml names the usual one.
export EDITION
# One page of it, such as pulse_cnn.
export PAGE
# Which versions `make lock` takes; --upgrade instead gives the newest of everything.
VERSIONS ?= --constraints tools/colab/constraints.txt
# What Sphinx writes when it has asked all links.
ANSWERS := _build/apart/_build/html/output.txt
# A server that answers so is there, and keeps programs out or wants to be asked less often.
GUARDED := : (403|405|406|418|429|999)\b
OLDEST := $(shell sed -n 's/^requires-python = ">=\([0-9.]*\).*/\1/p' pyproject.toml)

.PHONY: help
help: ## Say what each command does.
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' Makefile

.PHONY: setup
setup:
	@$(PYTHON) tools/bootstrap.py

.PHONY: book
book: setup ## Build the executed website, of another EDITION=student or instructor on demand.
	@$(PY) -m tools.build

.PHONY: test
test: lint book ## Build strictly, then run every test.
	@$(PY) -m tools.browser
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: test-colab
test-colab: setup ## Run the notebooks as in Colab: its Python, its packages, its set-up cell.
	@$(PY) -m tools.colab

.PHONY: serve
serve: book ## Serve the site on this machine, at http://127.0.0.1:8000 or another PORT=.
	@$(PY) -m tools.serve $(PORT)

.PHONY: pdf
pdf: book ## Print the whole book as PDF and link it from the site, or one PAGE=pulse_cnn.
	@$(PY) -m tools.site.pdf

.PHONY: named
named:
	@test -n "$(PAGE)" || { echo; echo "make: Say which page, such as: make handout PAGE=pulse_cnn"; exit 1; }

.PHONY: handout
handout: override EDITION = student
handout: named pdf ## Print one page for students, with room for answers: PAGE=pulse_cnn.

.PHONY: slides
slides: override EDITION = instructor
slides: setup ## Make the slides of all pages, and print which to open; PAGE=pulse_cnn names one.
	@$(PY) -m tools.editions.slides

.PHONY: answers
answers: setup ## Sum up what a class believes, from saved answers to questions: FILES=folder.
	@$(PY) -m tools.answers "$(FILES)"

.PHONY: linkcheck
linkcheck: book ## Ask every link to another site whether it answers; never fails.
	@rm -f $(ANSWERS)
	@PYTHONPATH=. .venv/bin/jupyter-book build . --path-output _build/apart --builder linkcheck \
		>/dev/null 2>&1 || true
	@grep -E '\[(broken|timeout|redirected permanently)\]' $(ANSWERS) | grep -vE '$(GUARDED)' || true
	@echo "Of $$(wc -l <$(ANSWERS:txt=json)) links those above, if any, need a look."

.PHONY: notebooks
notebooks: setup ## Write notebooks/ anew from chapters/, and who is cited.
	@$(PY) -m tools.notebooks

.PHONY: mine
mine: setup ## Say what of the book is yours, what is still ours, and what would fail.
	@$(PY) -m tools.mine

.PHONY: new-page
new-page: setup ## Write a page from the template and name it in the contents: NAME=neutrinos.
	@$(PY) -m tools.new_page "$(NAME)"

.PHONY: lint
lint: setup ## Check the style of the code, the chapters' cells included.
	@$(PY) -m tools.lint

.PHONY: bench
bench: setup ## Measure the helpers against plain loops, side by side.
	@$(PY) -m tools.bench.helpers

.PHONY: bench-estimator
bench-estimator: setup ## Measure the estimator against tf.estimator, side by side.
	@$(PY) -m tools.bench.estimator

.PHONY: bench-pulse
bench-pulse: setup ## Repeat the trainings of the chapter on coincidences from ten seeds.
	@$(PY) -m tools.bench.pulse_runs

.PHONY: bench-spectra
bench-spectra: setup ## Repeat the trainings of the page on unlabelled spectra from eight seeds.
	@$(PY) -m tools.bench.spectra_runs

.PHONY: bench-deeper
bench-deeper: setup ## Train what the chapter on deeper networks compares, from five seeds; takes half an hour.
	@$(PY) -m tools.bench.deeper_runs

.PHONY: bench-outlook
bench-outlook: setup ## Put the six charges of the outlook to two networks, from five seeds; takes ten minutes.
	@$(PY) -m tools.bench.outlook_runs

.PHONY: bench-reward
bench-reward: setup ## Make the long runs of the chapter on rewards; takes ten minutes.
	@$(PY) -m tools.bench.reward_runs

.PHONY: bench-recurrent
bench-recurrent: setup ## Train what the chapter on feedback compares, from five seeds; takes ten minutes.
	@$(PY) -m tools.bench.recurrent_runs

.PHONY: bench-attention
bench-attention: setup ## Train what the chapter on attention compares, from five seeds.
	@$(PY) -m tools.bench.attention_runs

.PHONY: bench-sequences
bench-sequences: setup ## Train what the page on sequences compares, from five seeds; takes half an hour.
	@$(PY) -m tools.bench.sequence_runs

.PHONY: bench-generators
bench-generators: setup ## Train what the page on generators compares, from five seeds; five minutes.
	@$(PY) -m tools.bench.generator_runs

.PHONY: lock
lock: setup ## Resolve requirements.txt anew from pyproject.toml.
	@.venv/bin/uv pip compile pyproject.toml --group book --group test --universal $(VERSIONS) \
		--python-version $(OLDEST) --generate-hashes --no-emit-index-url --no-header --quiet \
		--output-file requirements.txt

.PHONY: clean
clean: ## Remove everything that was built; the installed packages stay.
	@rm -rf _build .cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
