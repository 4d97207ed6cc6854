# A thin face of `python -m trilateral`. The two commands to know: make book, make test.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,$(shell \
	$(name) -c 'import sys; sys.version_info >= (3, 11) and print("$(name)")' 2>/dev/null)) python3)
RUN = .venv/bin/python -m trilateral
COMMANDS = html pdf kit notebooks validate serve addresses

# bytecode kept in .venv spares every process that a build starts some seconds
unexport PYTHONDONTWRITEBYTECODE

.PHONY: book test $(COMMANDS) lab data bench mutate diff lock audit licenses renew clean help env env-dev env-lab

book: env            ## web book, PDF, kit and verdicts
	@$(RUN) book
test: env-dev        ## the tests, in parallel; ARGS="--whole -m whole" for those that take minutes
	@.venv/bin/python -m pytest -n 2 $(ARGS)

html: env            ## web book alone
pdf: env             ## web book and PDF
kit: env             ## web book and notebook kit
notebooks: env       ## every chapter as .ipynb, executed, its verdicts compared with the book
validate: env        ## check the tables and the register
addresses: env       ## published addresses that the built book lost; ARGS=--accept, with an edition, adds its own
serve: env           ## show the built book at http://localhost:8000
$(COMMANDS):
	@$(RUN) $@ $(ARGS)

lab: env-lab         ## open the chapters as notebooks in JupyterLab
	@$(RUN) lab $(ARGS)
data: env            ## make the tables anew; DO=list, show, check, fetch, refresh for more, NAMES="..." for some
	@$(RUN) data $(or $(DO),build) $(NAMES) $(ARGS)
bench: env-dev       ## time and weigh the book beside plain Jupyter Book; ARGS=--keep puts the table into the README
	@$(RUN) bench $(ARGS)
mutate: env-dev      ## damage every table in every known way and count what is noticed; ARGS="--sample 12" for some
	@$(RUN) mutate $(ARGS)
diff: env            ## verdicts that differ between two books, and why; OLD=... NEW=..., without them accepted and built
	@$(RUN) diff $(OLD) $(NEW) $(ARGS)
lock: env            ## renew all locks from pyproject.toml
	@$(RUN) lock
audit: env           ## known vulnerabilities of the locked packages
	@$(RUN) audit
licenses: env-dev    ## renew the table of packages and their licenses
	@$(RUN) licenses
renew: lock          ## newer versions of all packages: locks, environment, licenses, book, and which verdicts moved
	@$(MAKE) --no-print-directory licenses book
	@$(RUN) diff
clean:               ## remove what was built; the environment stays
	@rm -rf _build
help:                ## this list
	@sed -n 's/^\([a-z]*\):.*## */\1\t/p' Makefile | expand -t 12

env:
	@$(PYTHON) trilateral/environment.py requirements.txt
env-dev:
	@$(PYTHON) trilateral/environment.py requirements-dev.txt
env-lab:
	@$(PYTHON) trilateral/environment.py requirements-lab.txt
