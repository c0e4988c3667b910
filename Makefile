# Two commands matter: `make demo` and `make test`. Everything else is a part of them.
GO ?= go
FUZZTIME ?= 5s
.PHONY: setup build demo test check unit fuzz bench

setup:
	@scripts/setup

build:
	@$(GO) build -trimpath -o bin/binnacle ./cmd/binnacle

demo:
	@scripts/setup demo
	@$(MAKE) --no-print-directory build
	@bin/binnacle demo $(DEMO_FLAGS)

test: build check unit fuzz

check: setup
	@scripts/check

unit: setup
	@$(GO) test -race -timeout 20m ./...

fuzz: setup
	@scripts/fuzz $(FUZZTIME)

bench: setup
	@$(GO) test -run '^$$' -bench . -benchmem ./...
