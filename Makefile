# IPC Labs: run make help for a list of targets

# The order of the course.
LABS := pipe fifo mq shm tcp udp

MAKEFLAGS += --keep-going --no-print-directory

.PHONY: all help demo check test clean print-labs common $(LABS)

all: $(LABS)

help::
	@echo 'make                       build every lab'
	@echo 'make demo [LAB=pipe]       play the transcripts of the handouts'
	@echo 'make check [LAB=pipe]      test the exercises: what is done, what is next'
	@echo 'make clean                 remove what make built'
	@echo
	@echo 'Labs: $(LABS). In labs/LAB, there are also'
	@echo 'make check PROGRAM=writer STEP=3   test only these; VERBOSE=1: all failures'
	@echo 'make check TEST="end of file" SEED=1   test what has this in its title'
	@echo 'make submit                check, then pack your programs'
	@echo
	@echo 'Another compiler or a sanitizer: CC=clang, CC=musl-gcc,'
	@echo 'SANITIZE=address,undefined, SANITIZE=thread'

# The library first, by itself: the labs are built in parallel and share it.
$(LABS): common
	@$(MAKE) -C labs/$@

common:
	@$(MAKE) -C common -f lab.mk TOP=.. ../build/common.a

build/labrun: $(wildcard tests/labrun/*.[ch])
	@mkdir -p $(@D)
	$(CC) -std=c17 -Wall -Wextra -Wpedantic -Wshadow -Wvla -O2 -g -o $@ \
		$(filter %.c,$^)

# Quietly: the first screen is the demo's.
demo:
	@$(MAKE) -s $(or $(LAB),all)
	@scripts/demo $(LAB)

check:
	@scripts/check $(or $(LAB),$(LABS))

# A student has no suite, but programs to test.
test: $(if $(wildcard scripts/test),suite,check)

clean:
	@for lab in $(LABS); do $(MAKE) -s -C labs/$$lab clean; done
	rm -rf build

print-labs:
	@echo $(LABS)

### For instructors: the students' copy ends above this line.

.PHONY: suite handout gradescope trust

help::
	@echo
	@echo 'make test [LAB=pipe]       build everything, run all tests, count them'
	@echo 'make handout [LABS="pipe fifo"]   write the copy for students,'
	@echo '                           build/handout/ipc-labs.tar.gz'
	@echo 'make gradescope LAB=pipe   write the autograder for Gradescope'
	@echo 'make trust [LAB=pipe] [RUNS=20] [PART=1/4]   grade submissions whose worth is known'

suite: all build/labrun
	@scripts/test $(LAB)

handout:
	@scripts/handout build/handout $(LABS)
	@echo build/handout/ipc-labs.tar.gz

gradescope:
	@scripts/gradescope $(LAB)

trust: all build/labrun
	@scripts/trust $(if $(RUNS),-r $(RUNS)) $(if $(PART),-p $(PART)) $(LAB)
	$(if $(LAB),,HOSTILE_MODES=all scripts/bats tests/suite/hostile.bats)
