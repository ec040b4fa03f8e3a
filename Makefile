# kotsnap. `make help` lists the targets. Plain GNU make; no configure; safe with -j.
# SAN=address,undefined builds with sanitizers; BUILD=DIR moves the build folder; V=1 shows the commands.

VERSION := 0.1.0
PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= cc
SAN     ?=
BUILD   ?= build
comma   := ,
B       := $(BUILD)/$(subst $(comma),-,$(or $(SAN),release))
Q       := $(if $(V),,@)

PKGS := ncursesw libcurl libcjson yaml-0.1 zlib libutf8proc libmicrohttpd sqlite3
LIBS  = $(shell pkg-config --libs $(PKGS)) -lpthread -lm
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla \
	-Wpointer-arith -Wformat=2 $(if $(WERROR),-Werror)
CFLAGS  ?= $(if $(SAN),-O1,-O2) -g
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DKOTSNAP_VERSION='"$(VERSION)"' -I. -I$(B)/gen $(WARN) $(CFLAGS) \
	-fno-common -fstack-protector-strong $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer) \
	$(PKG_CFLAGS)
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
LINK = $(CC) $(CFLAGS) $(if $(SAN),-fsanitize=$(SAN)) -Wl,--as-needed

FOLDERS := $(shell sed -n 's/^\([a-z/]*\) *:.*/\1/p' tests/layers.txt)
sources  = $(wildcard $(1)/*.c)
archive  = $(B)/lib/$(subst /,-,$(1)).a
# What a folder may include, and what that needs in turn.
layers   = $(shell awk -F: -v want='$(1)' '{ gsub(/ /, "", $$1); need[$$1] = $$2 } \
	END { n = split(need[want], q, " "); for (i = 1; i <= n; i++) if (!(q[i] in seen)) { seen[q[i]]; printf "%s ", q[i]; \
	m = split(need[q[i]], r, " "); for (j = 1; j <= m; j++) q[++n] = r[j] } }' tests/layers.txt)
group    = -Wl,--start-group $(1) -Wl,--end-group

SRC      := $(foreach f,$(FOLDERS),$(call sources,$(f)))
TESTED   := $(sort $(patsubst tests/unit/%/,%,$(sort $(dir $(wildcard tests/unit/*/*/*.c tests/unit/*/*.c)))))
SUPPORT  := $(wildcard tests/support/*.c)
FUZZERS  := $(patsubst tests/fuzz/%.c,%,$(filter-out tests/fuzz/driver.c,$(wildcard tests/fuzz/*.c)))
RACES    := $(patsubst tests/race/%.c,%,$(wildcard tests/race/*.c))
BENCHES  := $(patsubst tests/bench/%.c,%,$(wildcard tests/bench/*.c))
object   = $(patsubst %.c,$(B)/obj/%.o,$(1))

.PHONY: all help deps run test unit golden journeys fuzz race lint bench install clean
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:

all: $(B)/kotsnap

help:
	@echo 'make run      install what is missing, build, start the practice cluster, open the console in front of it'
	@echo 'make test     install what is missing, build with sanitizers, run every test'
	@echo 'make lint     layers, sizes, headers, format, clang-tidy, both compilers, manual pages'
	@echo 'make all      build $(B)/kotsnap'
	@echo 'make deps     install the Debian packages that are missing (sudo only if not root)'
	@echo 'make unit     the unit tests alone; one folder: make unit M=backend/kube'
	@echo 'make golden   rewrite the golden frames (review the diff)'
	@echo 'make journeys the journeys through the real program in a real terminal'
	@echo 'make cluster-test   contract, journeys and faults on the practice cluster and on real ones (root, Go 1.26, 12 GB; 20 minutes once)'
	@echo 'make cluster-bench  the figures against a real API server with BACKUPS=10000, beside curl, kubectl and the velero CLI'
	@echo 'make cluster-up     a real Kubernetes with VELERO=$(VELERO) and a KOTS console; make cluster-down ends it'
	@echo 'make fuzz     every parser fed with what nobody wrote, each for FUZZ_S=$(FUZZ_S) seconds (clang; one: F=json)'
	@echo 'make race     two threads at every moment, under the thread sanitizer'
	@echo 'make bench    the figures, as ratios (needs some minutes)'
	@echo 'make install  DESTDIR=$(DESTDIR) PREFIX=$(PREFIX)'
	@echo 'make clean'

# ---- building ----

define folder_rules
$(call archive,$(1)): $(call object,$(call sources,$(1)))
	@mkdir -p $$(@D)
	$$(Q)rm -f $$@ && ar rcs $$@ $$^
endef
$(foreach f,$(FOLDERS),$(eval $(call folder_rules,$(f))))
$(B)/lib/tests-support.a: $(call object,$(SUPPORT))
	@mkdir -p $(@D)
	$(Q)rm -f $@ && ar rcs $@ $^

$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(if $(V),,@echo '  CC $<')
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Criterion's eq(str, ...) takes char *, never writing to it.
$(B)/obj/tests/%: WARN += -Wno-discarded-qualifiers -Wno-write-strings

# The default theme is compiled in, so that one file is the whole program.
$(B)/gen/theme_default.inc: themes/default.yaml
	@mkdir -p $(@D)
	$(Q)od -An -v -tx1 $< | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g' > $@
$(B)/obj/tui/draw/theme.o: $(B)/gen/theme_default.inc

$(B)/kotsnap: $(foreach f,$(FOLDERS),$(call archive,$(f)))
	$(if $(V),,@echo '  LD $@')
	$(Q)$(LINK) -o $@ $(call group,$^) $(LIBS)

define test_rules
$(B)/unit/$(subst /,-,$(1)): $(call object,$(wildcard tests/unit/$(1)/*.c)) $(call archive,$(1)) \
		$(foreach d,$(call layers,$(1)),$(call archive,$(d))) $(B)/lib/tests-support.a
	@mkdir -p $$(@D)
	$$(Q)$(LINK) -o $$@ $$(filter %.o,$$^) $$(call group,$$(filter %.a,$$^)) $$(LIBS) -lcriterion
endef
$(foreach f,$(TESTED),$(eval $(call test_rules,$(f))))

UNITS := $(foreach f,$(or $(M),$(TESTED)),$(B)/unit/$(subst /,-,$(f)))

$(B)/bench/%: $(B)/obj/tests/bench/%.o $(foreach f,$(filter-out tui,$(FOLDERS)),$(call archive,$(f)))
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $< $(call group,$(filter %.a,$^)) $(LIBS) -lvterm -lutil

# All but the screen. With SAN=fuzzer-no-link,... libFuzzer is the main program, else tests/fuzz/driver.c with the seeds.
HEADLESS := $(foreach f,$(filter-out tui,$(FOLDERS)),$(call archive,$(f)))
DRIVER    = $(if $(findstring fuzzer,$(SAN)),,$(B)/obj/tests/fuzz/driver.o)
$(B)/fuzz/%: $(B)/obj/tests/fuzz/%.o $(DRIVER) $(HEADLESS)
	@mkdir -p $(@D)
	$(Q)$(LINK) $(if $(DRIVER),,-fsanitize=fuzzer) -o $@ $(filter %.o,$^) $(call group,$(filter %.a,$^)) $(LIBS)

$(B)/race/%: $(B)/obj/tests/race/%.o $(B)/lib/tests-support.a $(HEADLESS)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $< $(call group,$(filter %.a,$^)) $(LIBS)

-include $(patsubst %.c,$(B)/obj/%.d,$(SRC) $(SUPPORT) $(wildcard tests/unit/*/*.c tests/unit/*/*/*.c \
	tests/bench/*.c tests/contract/*.c tests/fuzz/*.c tests/race/*.c))

# ---- using it ----

BUILD_PACKAGES := build-essential pkg-config libncurses-dev libcurl4-openssl-dev libcjson-dev libyaml-dev zlib1g-dev \
	libutf8proc-dev libmicrohttpd-dev libsqlite3-dev restic
TEST_PACKAGES := libcriterion-dev libvterm-dev tmux curl openssl python3
LINT_PACKAGES := clang clang-format clang-tidy cppcheck mandoc
deps:
	@tests/lint/install-missing $(BUILD_PACKAGES)
deps-test: deps
	@tests/lint/install-missing $(TEST_PACKAGES)
deps-lint: deps-test
	@tests/lint/install-missing $(LINT_PACKAGES)
.PHONY: deps-test deps-lint

run: deps
	$(Q)$(MAKE) --no-print-directory all
	$(Q)$(B)/kotsnap practice --open

TEST_SAN := address,undefined
test: deps-test
	$(Q)$(MAKE) --no-print-directory -j2 all
	$(Q)$(MAKE) --no-print-directory -j2 SAN=$(TEST_SAN) all units fuzzers
	$(Q)$(MAKE) --no-print-directory -j2 SAN=thread races
	$(Q)tests/run $(BUILD)

.PHONY: units fuzzers races
units: $(UNITS)
fuzzers: $(addprefix $(B)/fuzz/,$(FUZZERS))
races: $(addprefix $(B)/race/,$(RACES))
unit:
	$(Q)$(MAKE) --no-print-directory SAN=$(TEST_SAN) units
	$(Q)tests/run --unit-only $(BUILD) $(M)
golden:
	$(Q)GOLDEN=write $(MAKE) --no-print-directory unit M=tui/screens
journeys: all
	$(Q)tests/run --journeys-only $(BUILD)
race:
	$(Q)$(MAKE) --no-print-directory SAN=thread races
	$(Q)tests/run --race-only $(BUILD)

FUZZ_SAN := fuzzer-no-link,address,undefined
FUZZ_S   := 30
fuzz:
	$(Q)if echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | clang -fsanitize=fuzzer,address -x c -o /dev/null - 2>/dev/null; \
	then $(MAKE) --no-print-directory CC=clang SAN=$(FUZZ_SAN) fuzzers && \
		tests/fuzz/run $(BUILD)/$(subst $(comma),-,$(FUZZ_SAN))/fuzz $(FUZZ_S) $(F); \
	else echo 'fuzz: skipped: no clang with libFuzzer here (Debian: clang libclang-rt-14-dev)'; fi

# ---- a real Kubernetes with a real Velero (tests/cluster) ----

VELERO ?= 1.18.3
CLUSTER := tests/cluster/cluster
cluster-build: deps-test
	$(Q)$(CLUSTER) needs
	$(Q)$(CLUSTER) deps
	$(Q)$(CLUSTER) build
cluster-up: cluster-build
	$(Q)$(CLUSTER) up
	$(Q)$(CLUSTER) velero $(VELERO)
	$(Q)$(CLUSTER) console
cluster-down:
	$(Q)$(CLUSTER) down
cluster-test: deps-test all $(B)/contract
	$(Q)tests/cluster/test $(B)
cluster-bench: deps-test all $(B)/bench/console
	$(Q)tests/cluster/bench $(B)
.PHONY: cluster-build cluster-up cluster-down cluster-test cluster-bench

CONTRACT := $(wildcard tests/contract/*.c)
$(B)/contract: $(call object,$(CONTRACT)) $(foreach f,backend/kube backend/net backend/base,$(call archive,$(f)))
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(call group,$(filter %.a,$^)) $(LIBS)

lint: deps-lint
	$(Q)tests/lint/all $(BUILD)

bench: deps-test all $(addprefix $(B)/bench/,$(BENCHES))
	$(Q)tests/bench/run $(B)

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/kotsnap/themes \
		$(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man7
	install -m 755 $(B)/kotsnap $(DESTDIR)$(PREFIX)/bin/kotsnap
	install -m 644 themes/*.yaml $(DESTDIR)$(PREFIX)/share/kotsnap/themes/
	install -m 644 man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 man/*.7 $(DESTDIR)$(PREFIX)/share/man/man7/

clean:
	rm -rf $(BUILD)
