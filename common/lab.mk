# lab.mk - included by every lab's Makefile: each .c file of a lab is a program
#
#   make            build all programs of this lab (with another compiler or a
#                   sanitizer: CC=clang, CC=musl-gcc, SANITIZE=address,undefined
#                   or SANITIZE=thread)
#   make check      test the exercises of this lab: what is done, what is next
#                   (PROGRAM=writer, STEP=3, TEST='end of file', which is a part
#                   of the title: only these; SEED=1; VERBOSE=1: all failures)
#   make submit     check, then pack the exercises
#   make demo       play this lab's handout
#   make clean      remove what make built

TOP ?= ../..
# Not notdir: the path may contain spaces.
LAB := $(lastword $(subst /, ,$(CURDIR)))
PROGRAMS := $(basename $(wildcard *.c))
HEADERS := $(wildcard *.h) $(wildcard $(TOP)/common/*.h)
LIBRARY := $(TOP)/build/common.a
OBJECTS := $(patsubst $(TOP)/common/%.c,$(TOP)/build/%.o, \
	$(wildcard $(TOP)/common/*.c))

CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=c17 -Wall -Wextra -Wpedantic -Wshadow -Wvla -pthread \
	$(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all) \
	$(CPPFLAGS) $(CFLAGS)

# A program that does not compile must not keep the others from being built.
MAKEFLAGS += --keep-going --no-print-directory

.DELETE_ON_ERROR:
.PHONY: all check submit demo clean FORCE

all: $(PROGRAMS)

$(PROGRAMS): %: %.c $(HEADERS) $(LIBRARY) $(TOP)/build/flags
	$(CC) $(ALL_CFLAGS) -I$(TOP)/common $(LDFLAGS) -o $@ $< \
		$(LIBRARY) $(LDLIBS)

$(TOP)/build/%.o: $(TOP)/common/%.c $(HEADERS) $(TOP)/build/flags
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(LIBRARY): $(OBJECTS)
	$(AR) rcs $@ $^

# If the flags have changed since last time, everything is out of date. If not,
# nothing is written: a built tree works even if it is read-only.
$(TOP)/build/flags: FORCE
	@mkdir -p $(@D)
	@flags='$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(LDLIBS)'; \
		if [ "$$flags" != "$$(cat $@ 2>/dev/null)" ]; then \
		echo "$$flags" >$@.$$$$ && mv $@.$$$$ $@; fi

# It builds what it needs by itself, and prints less.
check:
	@$(TOP)/scripts/check $(LAB)

submit:
	@$(TOP)/scripts/submit $(LAB)

demo:
	@$(MAKE) -s all
	@$(TOP)/scripts/demo $(LAB)

clean:
	rm -f $(PROGRAMS)
