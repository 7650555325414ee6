# lab.mk - what every lab's Makefile includes: each .c file here is a program
#
#   make            build all programs of this lab (CC=clang, CC=musl-gcc and
#                   SANITIZE=address,undefined or thread do as they say)
#   make check      test the exercises of this lab: what is done, what is next
#                   (PROGRAM=writer, STEP=3: only these; VERBOSE=1: all that fails)
#   make submit     check, then pack the exercises
#   make demo       play this lab's handout
#   make clean      remove what make built

TOP ?= ../..
# Not notdir: the path may have spaces.
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

# One program that does not compile shall not keep the others from being built.
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

# Other flags than last time: everything is out of date. If they are the same,
# nothing is written: what is built can be used where nobody may write.
$(TOP)/build/flags: FORCE
	@mkdir -p $(@D)
	@flags='$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(LDLIBS)'; \
		if [ "$$flags" != "$$(cat $@ 2>/dev/null)" ]; then \
		echo "$$flags" >$@.$$$$ && mv $@.$$$$ $@; fi

# It builds what it needs by itself, and shows less of that.
check:
	@$(TOP)/scripts/check $(LAB)

submit:
	@$(TOP)/scripts/submit $(LAB)

demo:
	@$(MAKE) -s all
	@$(TOP)/scripts/demo $(LAB)

clean:
	rm -f $(PROGRAMS)
