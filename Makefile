# IPC Labs: make help says what there is

# The order of the course.
LABS := pipe fifo mq shm tcp udp

MAKEFLAGS += --keep-going --no-print-directory

.PHONY: all help demo check test clean print-labs common $(LABS)

all: $(LABS)

help::
	@echo 'make                 build every lab'
	@echo 'make demo [LAB=pipe] play the transcripts of the handouts'
	@echo 'make check [LAB=pipe] test the exercises: what is done, what is next'
	@echo 'make clean           remove what make built'
	@echo
	@echo 'labs: $(LABS); in labs/LAB: make, make check, make demo, and'
	@echo 'make check PROGRAM=writer STEP=3, or VERBOSE=1 for all that fails'
	@echo 'make submit          check, then pack your programs'
	@echo 'make CC=clang, CC=musl-gcc, SANITIZE=address,undefined or thread'

# The library first, by itself: labs are built side by side and share it.
$(LABS): common
	@$(MAKE) -C labs/$@

common:
	@$(MAKE) -C common -f lab.mk TOP=.. ../build/common.a

build/labrun: $(addprefix tests/labrun/,labrun.c autopsy.c autopsy_calls.c \
		autopsy_net.c autopsy.h autopsy_wait.h)
	@mkdir -p $(@D)
	$(CC) -std=c17 -Wall -Wextra -Wpedantic -Wshadow -Wvla -O2 -g -o $@ \
		$(filter %.c,$^)

# Quietly: the first screen is the demo's.
demo:
	@$(MAKE) -s $(or $(LAB),all)
	@scripts/demo $(LAB)

check:
	@scripts/check $(or $(LAB),$(LABS))

# Students have no suite, but their programs.
test: $(if $(wildcard scripts/test),suite,check)

clean:
	@for lab in $(LABS); do $(MAKE) -s -C labs/$$lab clean; done
	rm -rf build

print-labs:
	@echo $(LABS)

### For instructors: from here on nothing is in the handout.

.PHONY: suite handout gradescope trust

help::
	@echo
	@echo 'make test [LAB=pipe] build, run all tests, count them'
	@echo 'make handout         build/handout/ipc-labs.tar.gz, for students'
	@echo 'make handout LABS="pipe fifo"'
	@echo 'make gradescope LAB=pipe   the autograder zip for Gradescope'
	@echo 'make trust [LAB=pipe] [RUNS=20] grade submissions of known worth'

suite: all build/labrun
	@scripts/test $(LAB)

handout:
	@scripts/handout build/handout $(LABS)
	@echo build/handout/ipc-labs.tar.gz

gradescope:
	@scripts/gradescope $(LAB)

trust: all build/labrun
	@scripts/trust $(if $(RUNS),-r $(RUNS)) $(LAB)
	$(if $(LAB),,HOSTILE_MODES=all scripts/bats tests/suite/hostile.bats)
