# pagetrail: `make help` lists the targets.
.DEFAULT_GOAL := all
ROOT := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
SAN ?=
BUILD ?= build$(if $(SAN),-san)
FUZZ_BUILD := build-fuzz

-include config.mk
VERSION := $(shell sed -n 's/^## \([0-9][0-9.]*\).*/\1/p' NEWS.md | head -n 1)

# An error for who tests a change; who only builds may have a compiler that warns of more.
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
	$(if $(filter yes,$(WITH_TESTS)),-Werror)
LTO_FLAGS = $(if $(SAN),,$(LTO))
NO_LTO = $(if $(LTO_FLAGS),-fno-lto)
SAN_FLAGS := $(if $(SAN),-fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DPAGETRAIL_VERSION='"$(VERSION)"' \
	-Isrc $(WARNINGS) $(SAN_FLAGS) $(CFLAGS)

# A library's header is seen by one room only (README, "How it is built").
record_CFLAGS = $(TRACEFS_CFLAGS)
capture_CFLAGS = $(TRACEEVENT_CFLAGS) $(ZLIB_CFLAGS) $(ZSTD_CFLAGS)
render_CFLAGS = $(JSONC_CFLAGS)
readback_CFLAGS = $(JSONC_CFLAGS)
cmd_CFLAGS = $(SECCOMP_CFLAGS) -DTRACEEVENT_VERSION='"$(TRACEEVENT_VERSION)"' -DTRACEFS_VERSION='"$(TRACEFS_VERSION)"'
LIBS = $(TRACEFS_LIBS) $(TRACEEVENT_LIBS) $(JSONC_LIBS) $(ZLIB_LIBS) $(ZSTD_LIBS) $(CRYPTO_LIBS) $(SECCOMP_LIBS) -lpthread -lm

ROOMS := base kernel record capture sequence summary readback merge diff render cmd
SOURCES := $(wildcard $(ROOMS:%=src/%/*.c))
OBJECTS := $(SOURCES:src/%.c=$(BUILD)/%.o) $(BUILD)/render/page.o
LIB_OBJECTS := $(filter-out $(BUILD)/cmd/main.o,$(OBJECTS))
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/test_*.c))
TEST_TOOLS := $(patsubst tests/tools/%.c,$(BUILD)/tests/tools/%,$(wildcard tests/tools/*.c))
VM_PROGRAMS := $(patsubst tests/vm/%.c,$(BUILD)/tests/vm/%,$(wildcard tests/vm/*.c))

.PHONY: all help demo check check-kernels install uninstall clean test-programs configured
all: configured
	@$(MAKE) --no-print-directory $(BUILD)/pagetrail $(PLUGIN)

help:
	@echo 'make                 build $(BUILD)/pagetrail'
	@echo 'make demo            install what is missing, build, analyse a bundled real capture'
	@echo 'make check           all tests but the slow kernels (one real kernel in QEMU)'
	@echo 'make check-kernels   the recorder on all four kernels in QEMU'
	@echo 'make install         install below PREFIX, in DESTDIR; make uninstall removes it'
	@echo 'make clean           remove what was built'
	@echo 'make bench           speed, beside others that read the same files (QUICK=1: the short of it)'
	@echo 'make fuzzers         the fuzzers of the parsers (tests/fuzz/run runs them)'
	@echo 'SAN=1                with address and undefined-behaviour sanitizers (build-san/)'

# config.mk is made once; `./configure` anew changes it. $(CONFIGURE_FLAGS) is set by demo and check.
configured:
	@test -f config.mk || ./configure $(CONFIGURE_FLAGS)

# Anew where configured before for less than the tests need.
.PHONY: configured-for-tests
configured-for-tests:
	@grep -qs 'WITH_TESTS = yes' config.mk || ./configure --tests --install-deps $(CONFIGURE_FLAGS)

$(BUILD)/pagetrail: $(OBJECTS)
	@echo '  LD    $@'
	@$(CC) $(SAN_FLAGS) $(CFLAGS) $(LTO_FLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/%.o: src/%.c config.mk NEWS.md
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(ALL_CFLAGS) $(LTO_FLAGS) $($(notdir $(patsubst %/,%,$(dir $<)))_CFLAGS) -MMD -MP -c -o $@ $<

# The page of `report --html`, as bytes.
$(BUILD)/page.c: $(wildcard src/render/page/*)
	@mkdir -p $(@D)
	@echo '  GEN   $@'
	@src/render/page/embed >$@.new
	@mv $@.new $@

$(BUILD)/render/page.o $(FUZZ_BUILD)/render/page.o: $(BUILD)/page.c config.mk
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(ALL_CFLAGS) -c -o $@ $<

# What unit tests share: the sources in tests/unit that are no test_*.c.
UNIT_HELPERS := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%.o,\
	$(filter-out tests/unit/test_%,$(wildcard tests/unit/*.c)))

$(UNIT_HELPERS): $(BUILD)/tests/unit/%.o: tests/unit/%.c config.mk
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(ALL_CFLAGS) -Itests/unit $(CMOCKA_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/unit/%: tests/unit/%.c $(UNIT_HELPERS) $(LIB_OBJECTS)
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(ALL_CFLAGS) -Itests/unit $(CMOCKA_CFLAGS) -MMD -MP -o $@ $< $(UNIT_HELPERS) \
		$(LIB_OBJECTS) $(NO_LTO) $(LDFLAGS) $(CMOCKA_LIBS) $(LIBS)

$(BUILD)/tests/tools/%: tests/tools/%.c $(LIB_OBJECTS)
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(ALL_CFLAGS) -Itests/unit $(TRACECMD_CFLAGS) -MMD -MP -o $@ $< $(LIB_OBJECTS) \
		$(NO_LTO) $(LDFLAGS) $(TRACECMD_LIBS) $(LIBS)

# For the guests of tests/vm: static, and never with a sanitizer.
$(BUILD)/tests/vm/%: tests/vm/%.c
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) -std=gnu11 -D_GNU_SOURCE $(WARNINGS) $(CFLAGS) -MMD -MP -static -o $@ $<

# For trace-cmd and KernelShark. They are others' programs, so it never has a sanitizer, and it shows
# them nothing but what the library asks for.
PLUGIN := $(BUILD)/plugins/plugin_pagetrail.so
PLUGIN_SOURCES := $(wildcard plugins/*.c) src/kernel/age.c src/kernel/events.c src/kernel/flags.c \
	src/capture/dictionary.c
PLUGIN_OBJECTS := $(PLUGIN_SOURCES:%.c=$(BUILD)/plugins/%.o)

$(PLUGIN): $(PLUGIN_OBJECTS)
	@echo '  LD    $@'
	@$(CC) -shared -Wl,-z,defs $(CFLAGS) $(LDFLAGS) -o $@ $^ $(TRACEEVENT_LIBS)

$(BUILD)/plugins/%.o: %.c config.mk
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(filter-out $(SAN_FLAGS),$(ALL_CFLAGS)) -fPIC -fvisibility=hidden $(TRACEEVENT_CFLAGS) \
		-MMD -MP -c -o $@ $<

# The plugin's sources with what its test feeds them, always with sanitizers.
PLUGIN_CASES := $(BUILD)/tests/plugin/cases

$(PLUGIN_CASES): tests/plugin/cases.c $(PLUGIN_SOURCES) $(wildcard plugins/*.h) config.mk
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(ALL_CFLAGS) -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all \
		$(TRACEEVENT_CFLAGS) -o $@ $(filter %.c,$^) $(LDFLAGS) $(TRACEEVENT_LIBS)

# Coverage-guided fuzzers: clang's libFuzzer with both sanitizers, one program for each parser.
FUZZ_CC := clang
FUZZ_FLAGS := -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer \
	-DCONTEXT_PIDS=64U -DREQUEST_SETS=4 -DMAX_CONTEXTS=64U
FUZZERS := $(patsubst %,$(FUZZ_BUILD)/fuzz-%,container pages formats sequence capture json)
FUZZ_OBJECTS := $(filter-out $(FUZZ_BUILD)/cmd/main.o,$(OBJECTS:$(BUILD)/%=$(FUZZ_BUILD)/%))

$(FUZZ_BUILD)/%.o: src/%.c config.mk NEWS.md
	@mkdir -p $(@D)
	@echo '  FUZZ  $<'
	@$(FUZZ_CC) $(filter-out -O%,$(ALL_CFLAGS)) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link \
		$($(notdir $(patsubst %/,%,$(dir $<)))_CFLAGS) -MMD -MP -c -o $@ $<

$(FUZZ_BUILD)/fuzz-%: tests/fuzz/%.c tests/fuzz/plain_formats.c tests/fuzz/fuzz.h tests/fuzz/again.h $(FUZZ_OBJECTS)
	@echo '  FUZZ  $<'
	@$(FUZZ_CC) $(filter-out -O%,$(ALL_CFLAGS)) $(FUZZ_FLAGS) $(JSONC_CFLAGS) \
		-fsanitize=fuzzer -Itests/fuzz -o $@ \
		$< tests/fuzz/plain_formats.c $(FUZZ_OBJECTS) \
		-Wl,--wrap=formats_parse,--wrap=formats_flag_names $(LDFLAGS) $(LIBS)

# What `make bench` runs beside ours (bench/README.md).
PEERS := $(patsubst bench/peers/%.c,$(BUILD)/bench/%,$(wildcard bench/peers/*.c))

$(BUILD)/bench/%: bench/peers/%.c $(LIB_OBJECTS)
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(ALL_CFLAGS) $(TRACECMD_CFLAGS) -MMD -MP -o $@ $< $(LIB_OBJECTS) $(NO_LTO) $(LDFLAGS) \
		$(TRACECMD_LIBS) $(LIBS)

$(BUILD)/bench/uncaged.so: bench/uncaged.c config.mk
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) -std=gnu11 -D_GNU_SOURCE $(WARNINGS) $(SECCOMP_CFLAGS) -shared -fPIC -o $@ $<

.PHONY: bench
bench: configured-for-tests
	@$(MAKE) --no-print-directory $(BUILD)/pagetrail $(PEERS) $(BUILD)/bench/uncaged.so
	@BUILD=$(BUILD) bench/run $(if $(QUICK),--quick)

# Whole captures, damaged: with the real parser of formats, and with one that takes no process.
DAMAGE = $(FUZZ_CC) $(filter-out -O%,$(ALL_CFLAGS)) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -Itests/fuzz \
	-o $@ $(filter %.c,$^) $(FUZZ_OBJECTS) $(LDFLAGS) $(LIBS)

$(FUZZ_BUILD)/damage: tests/fuzz/damage.c tests/fuzz/again.h $(FUZZ_OBJECTS)
	@echo '  FUZZ  $<'
	@$(DAMAGE)

$(FUZZ_BUILD)/damage-plain: tests/fuzz/damage.c tests/fuzz/plain_formats.c tests/fuzz/again.h $(FUZZ_OBJECTS)
	@echo '  FUZZ  $<'
	@$(DAMAGE) -Wl,--wrap=formats_parse,--wrap=formats_flag_names

.PHONY: fuzzers
fuzzers: $(FUZZERS)

test-programs: $(BUILD)/pagetrail $(PLUGIN) $(PLUGIN_CASES) $(BUILD)/bench/uncaged.so $(UNIT_TESTS) $(TEST_TOOLS) $(VM_PROGRAMS)

demo: CONFIGURE_FLAGS := --install-deps
demo: all
	@samples/demo $(BUILD)/pagetrail $(BUILD)

check: configured-for-tests
	@$(MAKE) --no-print-directory test-programs
	@BUILD=$(BUILD) SAN=$(SAN) tests/run check

check-kernels: configured-for-tests
	@$(MAKE) --no-print-directory test-programs
	@BUILD=$(BUILD) SAN=$(SAN) tests/run kernels

# The library looks for plugins in one place, whatever our PREFIX is; below a PREFIX of its own the
# plugin is out of its sight, and TRACEEVENT_PLUGIN_DIR tells it.
TRACEEVENT_PLUGINS ?= /usr/lib/$(shell $(CC) -print-multiarch)/traceevent/plugins
PLUGIN_DIR = $(if $(filter /usr /usr/local,$(PREFIX)),$(TRACEEVENT_PLUGINS),$(PREFIX)/lib/traceevent/plugins)

# mode:file:directory
INSTALLED = 755:$(BUILD)/pagetrail:$(PREFIX)/bin 644:$(PLUGIN):$(PLUGIN_DIR) \
	$(patsubst %,644:%:$(PREFIX)/share/man/man1,$(wildcard docs/man/*.1)) \
	$(patsubst %,644:%:$(PREFIX)/share/man/man5,$(wildcard docs/man/*.5)) \
	644:docs/completion/pagetrail:$(PREFIX)/share/bash-completion/completions \
	$(patsubst %,644:%:$(PREFIX)/share/pagetrail,$(wildcard schema/*.json)) \
	$(patsubst %,644:%:$(PREFIX)/share/doc/pagetrail,README.md NEWS.md $(wildcard docs/*.md))

install: all
	@for row in $(INSTALLED); do \
		file=$${row#*:}; to="$(DESTDIR)$${file#*:}/$$(basename "$${file%:*}")"; \
		echo "  INST  $$to"; install -D -m "$${row%%:*}" "$${file%:*}" "$$to" || exit 1; \
	done

uninstall:
	@for row in $(INSTALLED); do \
		file=$${row#*:}; rm -f "$(DESTDIR)$${file#*:}/$$(basename "$${file%:*}")" || exit 1; \
	done
	@rmdir $(DESTDIR)$(PREFIX)/share/pagetrail $(DESTDIR)$(PREFIX)/share/doc/pagetrail 2>/dev/null || :

clean:
	rm -rf build build-san $(FUZZ_BUILD)

-include $(shell find $(BUILD) $(FUZZ_BUILD) -name '*.d' 2>/dev/null)
