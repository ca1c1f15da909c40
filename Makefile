# What there is to do here. `make` alone lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# MuPDF and leptonica, which is loaded with tesseract, bring two libjpegs into one process; hiding the static one's symbols keeps them apart.
# Go's build cache is keyed by it: another value recompiles MuPDF and SQLite.
export CGO_LDFLAGS := -O2 -g -Wl,--exclude-libs,ALL

VERSION ?= $(shell scripts/version.sh)
TESSERACT_LANGS ?= eng deu fra

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: deps
deps: ## install the Debian packages that building, the demo and the tests need
	@scripts/install-deps.sh build demo test

.PHONY: deps-build
deps-build:
	@scripts/install-deps.sh build

.PHONY: build
build: deps-build ## build bin/aidoc-agent and bin/aidoc-reader, the program of its readers
	scripts/build.sh bin "$(VERSION)"

.PHONY: demo
demo: ## a throwaway WordPress, an agent, and the documents of test/documents worked off (no keys, no servers of yours)
	@scripts/demo.sh up

.PHONY: demo-stop
demo-stop: ## stop what `make demo` started (demo/ is kept; `make clean` removes it)
	@scripts/demo.sh stop

# The long ones first, so that none is left to run alone. What a suite prints comes when it has ended.
SUITES := test-e2e test-php-oldest test-go test-php-newest test-browser test-linear attacks-short chaos-short test-release test-vectors
TEST_JOBS ?= 3
# What suites need is there before the first of them begins: make begins a suite whose needs are still being looked after when all others have begun.
BUILD := build
DEPS_BUILD := deps-build

.PHONY: test
test: deps build lint ## everything below, suites that wait side by side (TEST_JOBS=3); this is what CI runs
	@$(MAKE) -j$(TEST_JOBS) --output-sync=target BUILD= DEPS_BUILD= $(SUITES)
	@echo 'all suites passed: $(SUITES)'

.PHONY: lint
lint: ## gofmt, go vet, php -l, phpcs, shellcheck, JavaScript syntax, eslint, translation template, translations
	@scripts/lint.sh

.PHONY: plugin-check
plugin-check: ## WordPress' Plugin Check on the plugin as shipped; AIDOC_PLUGIN_CHECK names its folder (CONTRIBUTING.md)
	@scripts/plugin-check.sh

.PHONY: check
check: deps-build ## the inner loop: all linters, golangci-lint among them, and the unit tests of what changed
	@scripts/check.sh

.PHONY: test-go
test-go: $(DEPS_BUILD) ## Go unit tests, with the race detector where anything runs side by side
	@scripts/test-go.sh

.PHONY: test-vectors
test-vectors: ## the signing vectors against an RFC 9421 library that is not ours (npm)
	@scripts/test-vectors.sh

.PHONY: test-php
test-php: ## the plugin's tests, inside a real WordPress on MariaDB
	@scripts/test-php.sh

# The two halves of it, for `make test`.
.PHONY: test-php-oldest test-php-newest
test-php-oldest test-php-newest: test-php-%:
	@scripts/test-php.sh $*

.PHONY: test-e2e
test-e2e: $(BUILD) ## the real agent against real WordPress (6.1, current, newest), MariaDB, SQLite and an S3 server
	@scripts/test-e2e.sh

.PHONY: test-versions
test-versions: $(BUILD) ## longer: the present agent and plugin beside older ones from this repository's history, upgrades and the way back (10 min)
	@scripts/test-versions.sh

.PHONY: test-install
test-install: build ## longer: the package in a bare Debian, the image built and run, both joined to a site by the printed lines (root; 15 min)
	@scripts/test-install.sh

.PHONY: test-browser
test-browser: $(BUILD) ## a browser uploads, watches the status and opens the draft; screenshots in build/screenshots
	@scripts/test-browser.sh

.PHONY: test-beside
test-beside: ## longer: the plugin beside Action Scheduler, Enable Media Replace, Polylang and WP Offload Media, real ones in AIDOC_BESIDE (CONTRIBUTING.md)
	scripts/test-beside.sh

.PHONY: test-walk
test-walk: $(BUILD) ## longer: author, editor, administrator, subscriber and a visitor walk through it on the newest WordPress, with axe-core on the way
	@WALK=1 scripts/test-browser.sh newest

.PHONY: screenshots
screenshots: $(BUILD) ## the pictures of docs/screenshots/screens, taken anew at 1280 and 600 px
	@scripts/screenshots.sh

.PHONY: test-attacks
test-attacks: $(BUILD) ## attacks from outside: a second client, a middlebox, stolen keys and databases, every REST route by every role (5 min)
	@scripts/test-attacks.sh full

.PHONY: attacks-short
attacks-short: $(BUILD) ## the fast part of it (90 s)
	@scripts/test-attacks.sh fast

.PHONY: chaos
chaos: chaos-agents chaos-linear ## both long proofs: nothing lost, nothing twice, and the queue is linearizable (two hours)

.PHONY: chaos-agents
chaos-agents: $(BUILD) ## agents killed, network garbled, servers down (half an hour; writes test/chaos/report.md)
	@scripts/install-deps.sh test && test/chaos/chaos.sh full

.PHONY: chaos-short
chaos-short: $(BUILD) ## the short form of it (2 min)
	@scripts/install-deps.sh test && test/chaos/chaos.sh short

.PHONY: test-linear
test-linear: $(DEPS_BUILD) ## the queue is linearizable: 20 histories from real PHP and MariaDB; a queue without its guard is found
	@scripts/wp/get.sh current >/dev/null
	go test -tags linear -vet=off -count 1 -timeout 20m -v ./test/linear

.PHONY: chaos-linear
chaos-linear: deps-build ## 1,000 histories of the queue (an hour and a half; writes test/linear/report.md)
	@scripts/wp/get.sh current >/dev/null
	LINEAR_HISTORIES=1000 LINEAR_FPM=5 LINEAR_REPORT=$(CURDIR)/test/linear/report.md go test -tags linear -vet=off -count 1 -timeout 12h -run Linearizable -v ./test/linear

.PHONY: fuzz
fuzz: deps-build ## every parser and the frame protocol for FUZZTIME each (default 2m), then the child with damaged files
	@scripts/fuzz.sh

.PHONY: fuzz-markdown
fuzz-markdown: ## a million mutants through the plugin's Markdown reader, in a real WordPress (FUZZ_MUTANTS, FUZZ_SEED)
	@scripts/fuzz-markdown.sh

.PHONY: bench-queue
bench-queue: deps-build ## what a claim costs with 1 k, 200 k and 1 M waiting
	@scripts/wp/get.sh current >/dev/null
	go run ./test/benchqueue

.PHONY: bench-requests
bench-requests: deps-build ## what each request of an agent costs a site, by part (BASE=older checkout beside it; ROUNDS=12; OUT=page that gets the tables)
	@scripts/install-deps.sh test && scripts/wp/get.sh current >/dev/null
	go run ./test/benchrequests -rounds "$${ROUNDS:-12}" -base "$${BASE:-}" -out "$${OUT:-}"

.PHONY: bench-pipeline
bench-pipeline: build ## 40 documents, and 400 in a stream, through a real site at 0, 300 and 3,000 ms a model call, and pick-up (RUNS=3; BASE=older checkout beside it); writes docs/benchmarks-pipeline.md
	@test/benchpipeline/bench-pipeline.sh

.PHONY: bench-pickup
bench-pickup: build ## the part of it about upload → leased at an idle site alone
	@PARTS=pickup test/benchpipeline/bench-pipeline.sh

.PHONY: bench-fleet
bench-fleet: build ## one agent for 1, 50 and 200 sites, sites in trouble, long documents, 100 agents at one site (20 min; SECTION=Before AGENT=… COMMIT=… PARTS=fleet,trouble for an older one); writes docs/benchmarks-fleet.md
	@scripts/install-deps.sh test && scripts/wp/get.sh current >/dev/null
	go run ./test/benchfleet -section "$${SECTION:-Now}" -sizes "$${SIZES:-1,50,200}" -parts "$${PARTS:-fleet,trouble,large,herd}" -agent "$${AGENT:-bin/aidoc-agent}" -commit "$${COMMIT:-}"

.PHONY: bench-plugin
bench-plugin: ## queries and milliseconds of a site with the plugin and without it, and a backfill of 100 k; writes docs/benchmarks-plugin.md
	@scripts/bench-plugin.sh

.PHONY: bench-extract
bench-extract: build ## extraction against its peers on AIDOC_CORPUS (default ../shared/corpus); writes docs/benchmarks.md; BENCH_DOCS=n for less
	@test/benchextract/bench-extract.sh

.PHONY: bench-libraries
bench-libraries: build ## the readers of Office files beside kept Go libraries for them, on AIDOC_CORPUS (default ../shared/corpus): the table of decision 7
	@AIDOC_CORPUS="$$(realpath "$${AIDOC_CORPUS:-../shared/corpus}")" test/benchlibraries/bench-libraries.sh

.PHONY: profile-agent
profile-agent: deps-build ## CPU of the real agent by part, in the runs of bench-pipeline's 32 documents without images at 0 ms (RUNS=3; BEFORE=folder that an older test/profileagent/build.sh filled, in turn with it); writes docs/benchmarks-pipeline.md
	@AIDOC_CORPUS="$$(realpath "$${AIDOC_CORPUS:-../shared/corpus}")" test/profileagent/profile-agent.sh

.PHONY: bench-scans
bench-scans: build ## the part of it about scans alone; writes build/bench-scans.md
	@mkdir -p build
	@BENCH_SETS=B,scan,damaged BENCH_OUT=build/bench-scans.md test/benchextract/bench-extract.sh

.PHONY: bench-hostile
bench-hostile: build ## memory that files made to take much of it take their readers, 256 MiB at most (FAMILY=PDF for one section, ONLY=expression for some kinds, BASE=older agent beside it, KEEP=folder for the files; 30 min); writes docs/benchmarks-memory.md
	@mkdir -p build
	go build -tags nodynamic -o build/benchhostile ./test/benchhostile
	build/benchhostile -family "$${FAMILY:-}" -only "$${ONLY:-}" -base "$${BASE:-}" -keep "$${KEEP:-}"

.PHONY: bench-articles
bench-articles: build ## articles of web pages told from what is around them; AIDOC_ARTICLES is a copy of the public article-extraction-benchmark; writes docs/benchmarks-articles.md
	go run ./test/bencharticles

.PHONY: bench-summaries
bench-summaries: build ## summaries as shown against references, and what stands around calls to a model (AIDOC_CORPUS, default ../shared/corpus); writes docs/benchmarks-summaries.md and docs/benchmarks-models.md
	go run ./test/benchsummaries -corpus "$${AIDOC_CORPUS:-../shared/corpus}"
	go run ./test/benchmodels -corpus "$${AIDOC_CORPUS:-../shared/corpus}"

.PHONY: vuln
vuln: ## known vulnerabilities in what the agent is built from (govulncheck; https://vuln.go.dev, else pinned reports)
	@scripts/vuln.sh

.PHONY: release
release: deps-build ## build/release: agent archive, plugin zip, bills of materials (CycloneDX) and SHA256SUMS, from the commit
	@scripts/release.sh

.PHONY: release-check
release-check: deps-build ## the same twice, the second time elsewhere and without a build cache; both must be the same bytes
	@scripts/release.sh --check

.PHONY: test-release
test-release: $(BUILD) ## bills of materials against CycloneDX's schema, a planted vulnerability, the agent on a read-only root, the Debian package, files of Kubernetes, alerts
	@scripts/test-release.sh

.PHONY: docker
docker: ## build the container image aidoc-agent:VERSION
	docker build --build-arg VERSION="$(VERSION)" --build-arg TESSERACT_LANGS="$(TESSERACT_LANGS)" -t aidoc-agent:$(VERSION) .

.PHONY: clean
clean: demo-stop ## remove what was built and the demo's state
	rm -rf bin build demo

.PHONY: clean-cache
clean-cache: ## remove the downloads too (WordPress trees, SQLite drop-in, S3 server)
	rm -rf .cache
