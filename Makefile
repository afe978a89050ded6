# Each target calls meson or a script; scripts/ and HACKING.md tell more. `make` builds build/stillwatch and
# build/stillwatchd.
PREFIX ?= /usr/local
SECONDS ?= 30
FUZZ_TARGETS ?=
SCENARIO ?= letter
SCALE ?= 1
EDGE_OPTIONS ?=
MIX_OPTIONS ?=

.PHONY: all setup run edge gateway deb live test check bench bench-edge fuzz train results mixes full examples install clean

all: setup
	@scripts/build build stillwatch stillwatchd

# Installs the Debian packages that are missing; does nothing when all are there.
setup:
	@scripts/setup build

# A generated log with one campaign in it, replayed: build/sample/out.
run: all
	@scripts/run-sample

# The gateway module for nginx: build/edge/ngx_http_stillwatch_module.so.
edge: setup
	@scripts/setup edge
	@scripts/build build stillwatch stillwatchd
	@scripts/build-edge build

# nginx with the module, the service and a stand-in model on loopback, until Ctrl-C. PORT=8080.
gateway:
	@scripts/setup build edge test
	@scripts/build build stillwatch stillwatchd
	@scripts/build-edge build
	@scripts/gateway $(PORT)

# build/deb: the program with its service, and the nginx module.
deb: edge
	@scripts/build build stillwatchd
	@scripts/make-deb build

# A simulated campaign played through the gateway, against a replay of the same log; some minutes.
live:
	@scripts/setup build edge test
	@scripts/build build stillwatch stillwatchd
	@scripts/build-edge build
	@tests/edge/live.py $(LIVE_OPTIONS)

test:
	@scripts/setup build edge test
	@scripts/build build
	@scripts/build-edge build
	@scripts/run-tests build

check:
	@scripts/setup build edge test check
	@scripts/check

bench: all
	@bench/run.sh

# The gateway module against plain nginx, auth_request and Portkey: build/bench/edge.json, about two minutes.
# EDGE_OPTIONS="--soak 10000000" also watches its memory.
bench-edge:
	@scripts/setup build edge test
	@scripts/build build stillwatch stillwatchd
	@scripts/build-edge build
	@bench/edge.py $(EDGE_OPTIONS)

# SECONDS for each target; FUZZ_TARGETS="log_line codec" picks some.
fuzz:
	@scripts/setup build check
	@scripts/fuzz $(SECONDS) $(FUZZ_TARGETS)

train: all
	@scripts/train.sh

# Every detector on every scenario, into docs/results.md; about an hour on two cores.
results: all
	@scripts/prove-results run
	@scripts/prove-results write

# Customer mixes that no scenario has, alone and beside operators; about an hour on two cores. MIX_OPTIONS="--seeds 1-3".
mixes: all
	@scripts/mixes $(MIX_OPTIONS)

# A scenario at its reported size, generated and replayed: the letter takes about an hour on two cores.
full: all
	@scripts/run-full $(SCENARIO) $(SCALE)

# The examples in README.md and docs/tour.md, as the program is now.
examples: setup
	@scripts/build build stillwatch tests/tour/tour
	@scripts/make-tour build/tests/tour/tour
	@scripts/make-readme

# Program, service, its unit and the default configuration; the module, if `make edge` built it.
install: all
	@meson configure build -Dprefix=$(abspath $(PREFIX))
	@scripts/build build stillwatch stillwatchd
	@DESTDIR=$(DESTDIR) meson install -C build --no-rebuild --quiet
	@scripts/install-more build "$(DESTDIR)$(abspath $(PREFIX))" "$(abspath $(PREFIX))"

clean:
	rm -rf build build-*
