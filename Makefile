# Everything a developer runs, `make help` lists it. Tools beside Go, git and
# make are pinned in devtools/tools/go.mod or installed by `make setup`.

SHELL := /bin/bash
GO ?= go
# Two packages at a time: several start servers or a browser.
PARALLEL ?= 2
# Longest time for the tests of one package.
TIMEOUT ?= 20m
# The race detector, but for what the SQLite library is translated from C: it would find nothing
# there, since its memory does not come from Go, and it makes every statement several times slower.
# The library's driver, which is Go and goroutines, is watched.
WITHOUT_C := modernc.org/sqlite/lib modernc.org/libc/... modernc.org/memory
RACE := -race $(WITHOUT_C:%=-gcflags=%=-race=false)

.DEFAULT_GOAL := help
.PHONY: help run build generate setup check simulate races journeys looks mutants test test-short outage bench sitting torture cluster corpus fuzz formats screenshots verify image clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## serve the embedded shape on http://127.0.0.1:8080 with samples and the candidate demo
	$(GO) run .

build: ## build the static binary bin/shiken
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags='-s -w' -o bin/shiken .

generate: ## write the Go code of the templates anew
	$(GO) tool templ generate -log-level warn
	$(GO) generate ./...

setup: ## install what the tests need (or name it): compiler, browser, HAProxy, Postgres, Redis
	./devtools/setup.sh

check: ## generated files, gofmt, vet, staticcheck, errcheck, sqlclosecheck, govulncheck
	./devtools/check.sh

# A simulated sitting has thousands of short goroutines, which had better begin with a stack that is
# large enough, and need not be taken off their processor; memory is not scarce.
STACKS := GODEBUG=adaptivestackstart=1,asyncpreemptoff=1 GOGC=800
# As many seeds as there is time for in SPAN; SEEDS=n runs so many, however long that takes.
SPAN ?= 86s
# 0: others each time. `make test` runs the same ones each time.
FIRST ?= 0
simulate: ## whole sittings with faults of every kind in simulated time, 90 s; SEEDS=n FIRST=n, or SEED=n PLAY=t to see one
ifdef SEED
	$(GO) test ./devtools/simulate -run 'TestSeed$$' -seed=$(SEED) $(PLAY:%=-play=%) -v
else
	set -o pipefail; $(STACKS) SHIKEN_TEST_WHOLE=1 $(GO) test ./devtools/simulate -run 'TestSeeds|TestSameSeed|TestKeysChangeNothing' -first=$(FIRST) -timeout 0 -v \
		$(if $(SEEDS),-seeds=$(SEEDS),-seeds=20000 -span=$(SPAN)) | grep -v -e '^=== ' -e '^ *--- PASS'
endif

# Packages that only run without the race detector: one goroutine's work from end to end (machine, importers,
# tools), and what runs the program as processes of its own, where the detector would only slow down the hands
# that drive a browser and send requests.
EVERY := $(patsubst shiken/%,./%,$(patsubst shiken,.,$(shell $(GO) list ./...)))
UNRACED := $(filter-out ./devtools/simulate ./devtools/proc,$(filter ./e2e ./exam ./questionset ./questionset/% ./devtools/%,$(EVERY)))
RACED := $(filter-out $(UNRACED),$(EVERY))
# Packages that run with the detector, and without it what is then left out (//go:build !race) or tried less often:
# pages in a browser, stale forms, races for a session, the memory of a thousand sign-ins.
BOTH := ./handlers ./static ./sessionguard ./accounts
# What takes longest begins first. TestEveryTestIsRun (devtools/testgate) sees that nothing is left out.
PLAIN := ./e2e ./questionset ./handlers ./devtools/storm ./devtools/cluster ./devtools/torture
PLAIN += $(filter-out $(PLAIN),$(BOTH) $(UNRACED))
# make has no other way to write a blank and a comma.
EMPTY :=
COMMA := ,

LONG := ./handlers ./store/postgres ./store/sqlite ./cli ./sessionguard
GATE := $(GO) run ./devtools/testgate
test: setup check ## all checks and all tests, with the race detector, the browser and the cluster
	$(GATE) -services -p $(PARALLEL) -timeout $(TIMEOUT) -unraced=$(subst $(EMPTY) ,$(COMMA),$(strip $(BOTH))) $(PLAIN)
	$(STACKS) $(GATE) -timeout $(TIMEOUT) -run 'TestSeeds|TestSameSeed|TestKeysChangeNothing' ./devtools/simulate
	$(GATE) -services $(RACE) -p $(PARALLEL) -timeout $(TIMEOUT) $(LONG) $(filter-out $(LONG),$(RACED))

test-short: ## the quick tests, without the race detector
	$(GATE) -services -short -timeout $(TIMEOUT) ./...

outage: ## Redis away for 60 s in each of three ways, and Postgres for 30 s, while candidates sit
	SHIKEN_TEST_OUTAGE=60s $(GATE) -timeout 20m -run TestRedisOutage ./e2e
	SHIKEN_TEST_OUTAGE=30s $(GATE) -timeout 20m -run TestDatabaseOutage ./e2e

bench: ## what an answer costs in both shapes; then 100,000 questions: load, exports, search, pages (alone: -bank)
	$(GO) run ./devtools/bench

sitting: ## 3,000 candidates at once: what watching costs, when it shows a change, how long "extend all" takes
	$(GO) run ./devtools/sitting

# Longest is 48h: make torture DURATION=8h. Further flags: make torture FLAGS='-lock=always -flush=5s'.
DURATION ?= 5m
torture: ## break a cluster for DURATION while candidates sit exams, and judge that nothing was lost
	@mkdir -p bin
	@$(GO) build -o bin/runtorture ./devtools/runtorture
	@bin/runtorture -duration $(DURATION) $(FLAGS)

JOURNEYS ?= 200
FIRST_JOURNEY ?= 1
journeys: ## JOURNEYS=200 seeded candidates do to a browser all that people do, and find what they typed; FIRST_JOURNEY=seed
	$(GATE) -timeout 0 -parallel 4 -run TestWandering ./e2e -journeys=$(JOURNEYS) -journey=$(FIRST_JOURNEY)

looks: ## every state of a candidate's pages in every window, language and colour, judged for who is kept out; STATES=regexp
	SHIKEN_LOOKS=all SHIKEN_STATES='$(STATES)' $(GATE) -timeout 0 -run TestEveryState ./devtools/components/gallery

RACES ?= 10000
races: ## sign-out, kick, renewal and change of password against requests in flight, on the real handlers; RACES=n
	set -o pipefail; $(GO) test ./handlers -run TestRequestInFlight -races=$(RACES) -v | grep -v -e '^=== '

mutants: ## plant each bug of internal/planted, see that it is noticed, write docs/planted-bugs.md; BUG=name for one
	@$(GO) run ./devtools/mutants $(BUG:%=-only=%)

cluster: ## serve the topology of docker-compose.yml as processes of this machine
	$(GO) run ./devtools/runcluster

corpus: ## read every file below DIR as a question set and say what came of it, one line per file
	@$(GO) run ./devtools/corpus $(DIR)

# Each target is run by itself, FOR so long. What it finds is kept below testdata/fuzz, and is a test from then on.
FOR ?= 60s
FUZZED := ./questionset ./internal/xmltree ./internal/mathml
fuzz: ## change files of every format at random and see that each parser keeps its promises, FOR=60s each
	@set -eo pipefail; for package in $(FUZZED); do for target in $$($(GO) test $$package -list '^Fuzz' | grep ^Fuzz); do \
		echo "$$target of $$package"; $(GO) test $$package -run '^$$' -fuzz "^$$target$$" -fuzztime $(FOR) -fuzzminimizetime 1x -parallel 2 \
			| grep -v -e '^ok' -e PASS | tail -2; done; done

formats: ## write docs/formats.md: the formats of question sets, and a run over the test data
	$(GO) run ./devtools/corpus -docs docs/formats.md questionset/testdata

screenshots: ## take the pictures of docs/screenshots anew
	$(GO) run ./devtools/screenshots

verify: ## replay the journal of every attempt in the database and compare
	$(GO) run . verify

image: ## build the container image shiken
	docker build -t shiken .

clean: ## remove what was built; the data folder stays
	rm -rf bin
