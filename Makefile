# Everything a developer runs, `make help` lists it. Tools beside Go, git and
# make are pinned in devtools/tools/go.mod or installed by `make setup`.

SHELL := /bin/bash
GO ?= go
# Two packages at a time: several start servers or a browser.
PARALLEL ?= 2
# Longest time for the tests of one package.
TIMEOUT ?= 10m

.DEFAULT_GOAL := help
.PHONY: help run build generate setup check test test-short bench cluster screenshots verify image clean

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

# Under the race detector the exploration of exam ends early, and of the sittings
# with stale forms only some are sat; so both run once more, whole, without.
test: setup check ## all checks and all tests, with the race detector, the browser and the cluster
	$(GO) run ./devtools/testgate -timeout $(TIMEOUT) ./exam
	$(GO) run ./devtools/testgate -timeout $(TIMEOUT) -run TestLinearUnderStaleForms ./handlers
	$(GO) run ./devtools/testgate -services -race -p $(PARALLEL) -timeout $(TIMEOUT) ./...

test-short: ## the quick tests, without the race detector
	$(GO) run ./devtools/testgate -services -short -timeout $(TIMEOUT) ./...

bench: ## pages per second, processor time, statements and round trips per answer, both shapes
	$(GO) run ./devtools/bench

cluster: ## serve the topology of docker-compose.yml as processes of this machine
	$(GO) run ./devtools/runcluster

screenshots: ## take the screenshots of the README anew
	$(GO) run ./devtools/screenshots

verify: ## replay the journal of every attempt in the database and compare
	$(GO) run . verify

image: ## build the container image shiken
	docker build -t shiken .

clean: ## remove what was built; the data folder stays
	rm -rf bin
