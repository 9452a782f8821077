# One place for everything that is done from outside the program. `make help` lists the targets.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

CACHE := $(HOME)/.cache/proclip
# The Python of the tests (h5py, numpy, pexpect); the program itself does not need it.
export PROCLIP_PYTHON ?= $(CACHE)/python/bin/python
# The Python of the libraries whose checkpoints `test-full` compares with; give another that has them.
PEERS_PYTHON ?= $(CACHE)/peers/bin/python

PACKAGES := libreadline-dev libopenblas-dev libhdf5-dev pkg-config libpng-dev libdeflate-dev libturbojpeg0-dev libwebp-dev \
	libfreetype-dev libharfbuzz-dev python3-venv

RELEASE := .build/release/proclip
DOCUMENTED := Tensors Language Autodiff Archive Inputs Layers Towers Learning ProCLIP Rendering Sessions
# Tests have one configuration and a folder of its own, so that nothing is compiled twice.
TEST_BUILD := -c release -Xswiftc -enable-testing --scratch-path .build-test
TESTED := .build-test/release/proclip
# What tests write for a while goes with them.
OWN_TEMPORARY := export TMPDIR="$$(mktemp -d)"; trap 'rm -rf "$$TMPDIR"' EXIT

.PHONY: help quickstart build test test-full fuzz lint format bench bench-embedders docs reference transcript study-page fetch-minilm dependencies python peers

help:
	@echo 'make quickstart    install what is missing, build, prepare the pictures, replay Recipes/quickstart.pcl'
	echo 'make test          lint, build and run every test, then a reduced quickstart (what CI runs)'
	echo 'make test-full     the same with the slow tests and the whole quickstart'
	echo 'make fuzz          ten million random inputs for the language (nightly, some minutes)'
	echo 'make bench         time the named workloads beside PyTorch'
	echo 'make bench-embedders  the embedders beside the libraries that they come from'
	echo 'make format        format all Swift sources in place'
	echo 'make transcript    type the session of README.md anew and put it there'
	echo 'make study-page     put Tutorials/study.md together from the tables of Recipes/study.pcl; RUN="proclip run ... -p ..." is what made them'
	echo 'make docs          write the documentation of the library to .build/docs'
	echo 'make dependencies  install missing Debian packages'
	echo 'make fetch-minilm  download the sentence embedder of the quickstart'

quickstart: dependencies build
	$(RELEASE) fetch minilm
	$(RELEASE) -c 'prepare pictures'
	$(RELEASE) run Recipes/quickstart.pcl

build: dependencies
	swift build -c release --product proclip

test: dependencies python lint
	$(OWN_TEMPORARY)
	swift build $(TEST_BUILD) --build-tests
	$(TESTED) fetch minilm
	$(TESTED) -c 'prepare pictures'
	swift test $(TEST_BUILD) --skip-build --no-parallel
	# Those that train nothing are quick in full and are compared by value.
	for tutorial in Tutorials/0[019]-*.md; do $(TESTED) check "$$tutorial"; done
	rm -rf .build-test/pages
	for tutorial in Tutorials/[0-9]*.md; do
		page=.build-test/pages/$$(basename "$$tutorial" .md)
		$(TESTED) check "$$tutorial" -p fast=1 --save "$$page".ipynb --save "$$page".html
	done
	$(PROCLIP_PYTHON) Tests/pages.py .build-test/pages/*
	git apply --check Tutorials/10-add-a-loss.patch
	make --no-print-directory reference
	$(PROCLIP_PYTHON) Tests/transcript.py $(TESTED) README.md
	$(TESTED) run Recipes/your-pictures.pcl --out .build-test/runs/"$$(date +%s%N)" \
		-p folder=./Tests/InputsTests/Fixtures/pictures -p index=./.build-test/pictures.h5 -p page=./.build-test/pictures.html
	$(TESTED) run --fresh Recipes/baselines.pcl -p fast=1 -p out=./.build-test/baselines --out .build-test/runs/baselines-"$$(date +%s%N)"
	$(TESTED) run --fresh Recipes/quickstart.pcl -p fast=1

test-full: test peers
	$(OWN_TEMPORARY)
	$(PEERS_PYTHON) Tests/Checkpoints/check.py $(TESTED)
	$(TESTED) fetch gemma3-270m
	PROCLIP_TRIALS=200 swift test $(TEST_BUILD) --skip-build --no-parallel \
		--filter 'LanguageModelEmbedderTests|TokenizerFileTests|DamagedEmbedderTests'
	$(PEERS_PYTHON) Tests/Peers/events.py $(TESTED)
	for tutorial in Tutorials/[0-9]*.md; do $(TESTED) check "$$tutorial"; done
	$(TESTED) run --fresh Recipes/pretrain-pico-clip.pcl -p epochs=1 -p out=.build-test/pico-clip.h5
	$(TESTED) run --fresh Recipes/quickstart.pcl
	$(TESTED) run --fresh Recipes/three-seeds.pcl
	$(TESTED) run --fresh Recipes/precision.pcl
	$(TESTED) run --fresh Recipes/gemma-llm.pcl

# The tests of robustness have 19,000 inputs a round.
fuzz: dependencies
	swift build $(TEST_BUILD) --build-tests
	PROCLIP_FUZZ=530 swift test $(TEST_BUILD) --skip-build --no-parallel --filter RobustnessTests

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

format:
	swift format --in-place --recursive Package.swift Sources Tests

# Ours and PyTorch's, each workload in turns; the table goes to Tests/Peers/RESULTS.md. ONLY="name,name" times some of them.
bench: build peers
	swift build -c release --product proclip-bench
	$(PEERS_PYTHON) Tests/Peers/bench.py .build/release/proclip-bench $(RELEASE) --only "$(ONLY)"

# Embedders beside sentence-transformers, transformers and llama.cpp, on the prepared captions.
bench-embedders: build peers
	$(RELEASE) fetch minilm
	$(RELEASE) fetch gemma3-270m
	$(RELEASE) -c 'prepare pictures'
	$(PEERS_PYTHON) Tests/Peers/embedders.py $(RELEASE) Weights/data/pictures.h5

# The session that README.md shows, as it is now.
transcript: build python
	$(PROCLIP_PYTHON) Tests/transcript.py $(RELEASE) README.md write

docs: dependencies
	swift build $(TEST_BUILD) --product proclip
	make --no-print-directory reference
	echo 'python3 -m http.server --directory .build/docs, then http://localhost:8000/documentation'

# The documentation comments of every library target, from the modules of the test build. Any warning ends it.
reference:
	rm -rf .build/docs .build/symbols .build/ProCLIP.docc
	mkdir -p .build/symbols
	cp -r Sources/ProCLIP/ProCLIP.docc .build/ProCLIP.docc
	$(TESTED) docs > .build/ProCLIP.docc/LanguageReference.md
	maps=(.build-test/release/*.build/module.modulemap Sources/C*/module.modulemap)
	includes=($$(pkg-config --cflags-only-I hdf5-serial openblas harfbuzz freetype2 libpng))
	for module in $(DOCUMENTED); do
		swift symbolgraph-extract -module-name $$module -I .build-test/release/Modules -minimum-access-level public \
			-target $$(uname -m)-unknown-linux-gnu -output-dir .build/symbols \
			$${maps[@]/#/-Xcc -fmodule-map-file=} $${includes[@]/#/-Xcc }
	done
	docc convert .build/ProCLIP.docc --additional-symbol-graph-dir .build/symbols --output-path .build/docs \
		--transform-for-static-hosting --fallback-display-name ProCLIP --fallback-bundle-identifier proclip \
		--fallback-bundle-version 0.1 > .build/docs.log 2>&1
	if grep -A 3 -E '^(warning|error):' .build/docs.log; then exit 1; fi
	echo 'the documentation of the libraries is in .build/docs'

fetch-minilm: build
	$(RELEASE) fetch minilm

# Quick when nothing is missing. The pictures come out of Debian packages, whose lists may be missing too.
dependencies:
	@command -v swift > /dev/null || { echo 'proclip needs Swift 6.2 or later: https://www.swift.org/install'; exit 1; }
	missing=''
	for package in $(PACKAGES); do
		dpkg-query -W -f='$${db:Status-Status}' $$package 2> /dev/null | grep -qx installed || missing+=" $$package"
	done
	if ! command -v apt-get > /dev/null; then
		if [ -z "$$missing" ]; then exit 0; fi
		echo "install these packages (Debian's names):$$missing"
		exit 1
	fi
	root=''
	if [ "$$(id -u)" != 0 ]; then root=sudo; fi
	if [ -n "$$missing" ] || ! apt-cache show openclipart-png > /dev/null 2>&1; then $$root apt-get update -q; fi
	if [ -z "$$missing" ]; then exit 0; fi
	echo "installing$$missing"
	$$root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing

# The virtual environment of the tests; made again only when Tests/requirements.txt changes.
python: dependencies
	@if cmp -s Tests/requirements.txt $(CACHE)/python/requirements.txt; then exit 0; fi
	echo 'making the Python environment of the tests in $(CACHE)/python'
	rm -rf $(CACHE)/python
	python3 -m venv $(CACHE)/python
	$(CACHE)/python/bin/pip install --quiet --disable-pip-version-check -r Tests/requirements.txt
	cp Tests/requirements.txt $(CACHE)/python/requirements.txt

# Some gigabytes; only for test-full and what is timed beside others.
peers: dependencies
	@if [ "$(PEERS_PYTHON)" != $(CACHE)/peers/bin/python ]; then exit 0; fi
	if cmp -s Tests/Checkpoints/requirements.txt $(CACHE)/peers/requirements.txt; then exit 0; fi
	rm -rf $(CACHE)/peers
	python3 -m venv $(CACHE)/peers
	# llama.cpp comes as sources and is compiled for this machine.
	CMAKE_ARGS=-DGGML_NATIVE=ON CMAKE_BUILD_PARALLEL_LEVEL=$$(nproc) \
		$(CACHE)/peers/bin/pip install --quiet --disable-pip-version-check -r Tests/Checkpoints/requirements.txt
	cp Tests/Checkpoints/requirements.txt $(CACHE)/peers/requirements.txt

RUN ?= proclip run Recipes/study.pcl
study-page: python
	$(PROCLIP_PYTHON) Tests/study.py ./out/study Tutorials '$(RUN)'
