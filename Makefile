# The only entry point. A recipe has at most two lines; longer work is a script in scripts/.
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
DESTDIR ?=
TESTS := scripts/run-tests

# The tests share two processors with their own builds.
.NOTPARALLEL:
.PHONY: help packages deps build agent boatyard manual test test-unit test-release test-machine test-endurance lint format golden size demo \
	bench bench-fleet powercut use walk fuzz soak test-full-initramfs test-second-guest deb check-deb install install-host clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1\t\2/p' Makefile | expand -t 14

packages: ## Install the Debian packages that building and testing need (as root)
	scripts/install-packages

deps: ## Build the static C libraries into the cache outside the checkout
	scripts/build-static-deps

build: ## Build everything for development
	swift build --build-tests

agent: ## Build lifeboot-init and lifeboot, fully static, into out/bin
	scripts/build-agent lifeboot-init lifeboot

boatyard: ## Build boatyard into out/bin
	scripts/build-agent boatyard

manual: ## Write the manual and the completions of both programs into out/man and out/completions
	swift build --product manual-pages
	scripts/manual

test: packages test-unit test-release test-machine ## Run all tests: unit and interop (plain and optimised) and machine

test-unit: ## Run the unit and interop tests
	$(TESTS) --skip MachineTests

# What builds containers takes as long whatever the optimiser has done: its tests run once.
test-release: ## Run the tests of what ships to machines as the optimiser leaves it
	LIFEBOOT_ONLY_MACHINES=1 LIFEBOOT_WITHOUT_SERVER=1 $(TESTS) -c release -Xswiftc -enable-testing --scratch-path .build-release-tests

test-machine: agent boatyard ## Boot real guests under QEMU and watch them
	LIFEBOOT_MACHINE_TESTS=1 $(TESTS) --filter MachineTests

test-endurance: agent boatyard ## Also boot the guests of the scenarios that take long (about an hour)
	LIFEBOOT_MACHINE_TESTS=1 LIFEBOOT_ENDURANCE_TESTS=1 $(TESTS) --filter 'MachineTests.(Initramfs|Upgrade|Container|Harbour|Join|Interrupted|Reset|Install|Live|Fault|Fallback|Grub|Environment|LargeSector|Overlay|Label|Persist|TestRegistry|Reproducible|SecureBoot|Netboot|Expandable|Trouble|Console|Attended|DebianPackage|Unattended)'

test-full-initramfs: agent boatyard ## Boot the scenarios by dracut's own initramfs, with systemd in it (most of an hour)
	LIFEBOOT_GUEST_INITRAMFS=full LIFEBOOT_MACHINE_TESTS=1 $(TESTS) --filter MachineTests

test-second-guest: agent boatyard ## Boot a guest of another distribution, Debian 13
	LIFEBOOT_GUEST=trixie LIFEBOOT_MACHINE_TESTS=1 $(TESTS) --filter 'MachineTests.BootTests/active'

lint: ## Check the form of Swift, shell and GRUB files
	scripts/lint

format: ## Put Swift files into the form that lint wants
	swift format --in-place --parallel --recursive Package.swift Sources Tests qemu-tests

golden: ## Write golden files and generated tables anew; review the difference
	LIFEBOOT_UPDATE_GOLDEN=1 $(TESTS) --filter 'Golden|Generated|AgentCommandsTests|BoatyardCommandTests'

soak: agent boatyard ## Upgrade one disk 30 times with boots between, the power cut in each third (most of an hour)
	LIFEBOOT_MACHINE_TESTS=1 LIFEBOOT_SOAK_UPGRADES=$${LIFEBOOT_SOAK_UPGRADES:-30} $(TESTS) --filter 'MachineTests.Soak'

size: agent ## Check that the agent is static and within its size budget
	scripts/check-binary

demo: ## Show the whole life of a machine: boot, upgrade, fallback, rollback, recovery and its console, reset, power cut
	scripts/demo

use: packages agent boatyard install-host ## Type the lines of docs/getting-started.md in an empty folder, and talk to the machine they start
	scripts/use

walk: packages agent boatyard install-host ## Type the lines of docs/products.md in an empty folder, and ask the machine they start
	scripts/walk

fuzz: boatyard ## Feed every reader of outside bytes with drawn inputs, 10 s each
	scripts/fuzz

bench: agent boatyard ## Measure sizes, the initramfs stage, image builds, packages, repositories, configuration, updates, their transfer, publishing and serving
	scripts/bench

bench-fleet: agent boatyard ## Record what a machine asks of a channel's servers, and replay it for 100,000: the tables of docs/fleet.md
	scripts/bench-fleet

powercut: agent boatyard ## Cut the power at every flush and 300 drawn points of each operation, and boot ten of them
	scripts/powercut

deb: manual agent boatyard ## Make the Debian packages lifeboot and boatyard, with bills of their software, in out/deb
	scripts/bill-programs
	scripts/build-packages

check-deb: manual agent boatyard ## Build the Debian packages twice, compare them, and let lintian look at them
	scripts/check-packages

install: ## Install the agent, dracut module, units and GRUB configuration into DESTDIR
	DESTDIR=$(DESTDIR) scripts/install agent

install-host: ## Install boatyard into DESTDIR
	DESTDIR=$(DESTDIR) scripts/install host

clean: ## Remove everything that was built, except the cache outside the checkout
	rm -rf .build .build-static .build-release .build-release-tests .build-fuzz out
