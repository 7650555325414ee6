# IPC Labs: make help says what there is

# The order of the course.
LABS := pipe fifo mq shm tcp udp

MAKEFLAGS += --keep-going --no-print-directory

.PHONY: all help demo test clean gradescope print-labs common $(LABS)

all: $(LABS)

help:
	@echo 'make                 build every lab'
	@echo 'make demo [LAB=pipe] play the transcripts of the handouts'
	@echo 'make test [LAB=pipe] build, run all tests, count them'
	@echo 'make clean           remove what make built'
	@echo 'make gradescope LAB=pipe   the autograder zip for Gradescope'
	@echo
	@echo 'labs: $(LABS); in labs/LAB: make, make check, make demo'
	@echo 'make CC=clang, CC=musl-gcc, SANITIZE=address,undefined or thread'

# The library first, by itself: labs are built side by side and share it.
$(LABS): common
	@$(MAKE) -C labs/$@

common:
	@$(MAKE) -C common -f lab.mk TOP=.. ../build/common.a

build/labrun: $(addprefix tests/,labrun.c autopsy.c autopsy_calls.c \
		autopsy_net.c autopsy.h autopsy_wait.h)
	@mkdir -p $(@D)
	$(CC) -std=c17 -Wall -Wextra -Wpedantic -Wshadow -Wvla -O2 -g -o $@ \
		$(filter %.c,$^)

demo: $(or $(LAB),all)
	@scripts/demo $(LAB)

test: all build/labrun
	@scripts/test $(LAB)

gradescope:
	@scripts/gradescope $(LAB)

clean:
	@for lab in $(LABS); do $(MAKE) -s -C labs/$$lab clean; done
	rm -rf build

print-labs:
	@echo $(LABS)
