# The targets for developers. `make check` runs all checks; .ci/run calls it.
.PHONY: help build demo test test-cluster test-mysql test-dist bench bench-quick bench-hundred lint dist \
    clean install-dist-packages install-packages install-test-packages install-cluster-packages \
    install-bench-packages install-docs-packages install-diagram-packages bench-programs fuzz \
    sanitize sanitize-quick sanitized-readers install deb install-deb-packages check \
    docs diagram install-windows-packages install-wine-packages windows-collectors stick \
    test-programs install-collector-packages install-qemu-packages collectors linux-collectors \
    test-collectors test-reproducible test-windows install-root-packages check-release test-spark test-clickhouse \
    install-spark-packages install-clickhouse-packages install-check-packages check-builds

SWIFT ?= swift
export SWIFT
# SwiftPM passes the traits to the compiler in the order of a set. Without this variable the order changes from
# run to run, and everything is compiled again.
BUILD = SWIFT_DETERMINISTIC_HASHING=1 $(SWIFT) build
# Most tests start census, some many times, and a debug build takes five times as long to start.
TEST_BUILD = --configuration release --scratch-path .build-test -Xswiftc -enable-testing
RUN_TESTS = Tests/run-tests $(TEST_BUILD)

help:
	@echo 'make demo            take a census of this host and of the reference fleet, print reports'
	@echo 'make build           build .build/release/census'
	@echo 'make test            run all tests but those of a cluster'
	@echo 'make test-dist       run the tests of commands on the static program of make dist'
	@echo 'make test-cluster    run those, on three Galera nodes'
	@echo 'make test-windows    run those in wine on the collector for 32-bit Windows'
	@echo 'make test-mysql      run the tests of servers on MySQL 9 and MariaDB 11.8, of other Debians'
	@echo 'make test-spark      run those of Spark, which makes the same tables and reports as census'
	@echo 'make test-clickhouse run those of ClickHouse, which does so, too'
	@echo 'make fuzz            look for inputs that break the readers, for SECONDS=240'
	@echo 'make sanitize        run all tests under AddressSanitizer, then under ThreadSanitizer'
	@echo 'make sanitize-quick  run those of what reads snapshots and hosts, under AddressSanitizer'
	@echo 'make bench           measure, side by side with DuckDB, ClickHouse, sqlite3, ps: half an hour'
	@echo 'make bench-quick     the same with small corpora: some minutes'
	@echo 'make bench-hundred   load a hundred million rows once: half an hour, 8 GB'
	@echo 'make lint            check the format of the source'
	@echo 'make stick           make dist/stick, a folder with collectors to copy to a USB stick'
	@echo 'make collectors      make dist/collectors, small static programs that take snapshots'
	@echo 'make test-collectors compare those of other processors with census snap, in qemu'
	@echo 'make test-reproducible build two of them again, which gives the same bytes'
	@echo 'make linux-collectors, make windows-collectors  make those of one system'
	@echo 'make docs            make dist/docs, the documentation as a site and as plain HTML'
	@echo 'make diagram         make the diagram of the database that is in the documentation'
	@echo 'make check           run what must pass on every commit, as CI does: 30 minutes'
	@echo 'make check-release   run what must also pass before a release: two hours'
	@echo 'make dist            make dist/census, one static executable for a stick'
	@echo 'make install         install it with completions and manual page under PREFIX=/usr/local'
	@echo 'make deb             make dist/census_*.deb, a Debian package, and have lintian check it'
	@echo 'make clean           remove what was built'

include Sources/Packaging/packages.mk

# Swift's runtime is linked statically: the program starts faster and runs without Swift. Libraries
# are searched only in the system's directories, and the build directory is not recorded.
RELEASE = --configuration release --static-swift-stdlib --disable-local-rpath \
    -Xcc -ffile-prefix-map='$(CURDIR)/='

build: install-packages
	$(BUILD) $(RELEASE) --product census

demo: build
	@demo=$$(mktemp -d) && trap 'rm -rf "$$demo"' EXIT && \
	    set -x && \
	    .build/release/census snap -d "$$demo" && \
	    .build/release/census ingest --db "$$demo/census.sqlite" --limit 10 \
	        fixtures/reference-fleet "$$demo"

test: install-test-packages test-programs
	$(RUN_TESTS) --apart $(WAITING) $(ELSEWHERE)

# The programs that tests run beside census: the collectors for this processor, and those for wine.
test-programs: install-collector-packages install-wine-packages
	$(MAKE) --jobs=2 $(NATIVE_COLLECTORS) $(WINDOWS_COLLECTORS) \
	    .build-collectors/children-x86_64.exe .build-collectors/old-kernel

# Suites that mostly wait: for servers, for other programs, or for a browser.
WAITING = 'Tests.(Server|Kill|Loss|Page|Schema|Ingest|Procedure|Parity|Check)'

# Tests that need several servers, MySQL, Spark or ClickHouse, or build a collector, have targets of
# their own.
ELSEWHERE = --skip '^ClusterTests' --skip MySQLOnlyTests --skip ReproducibleBuildTests \
    --skip SparkTests --skip ClickHouseTests

# The tests of commands on the static program, which is built without databases on servers and
# without rules. Suites that need either are left out.
test-dist: install-test-packages dist
	CENSUS_TEST_PROGRAM='$(CURDIR)/dist/census' $(RUN_TESTS) --filter \
	    'CensusTests.(Hostile|IngestFault|Kill|Snap)'

test-cluster: install-cluster-packages
	$(RUN_TESTS) --filter ClusterTests.ClusterTests

# Each runs its own server as an unprivileged user, listening on a socket and on loopback.
SERVER_TESTS = '^(MySQL|Loading|Output|Query)Tests|CensusTests.(Server|Parity|Procedure|View|Join|Find)'

test-mysql: install-root-packages .build-mysql/mysql .build-mysql/mariadb .build-mysql/census
	CENSUS_TEST_ROOT='$(CURDIR)/.build-mysql/mysql' \
	    $(RUN_TESTS) --filter $(SERVER_TESTS) --filter MySQLOnlyTests
	CENSUS_TEST_ROOT='$(CURDIR)/.build-mysql/mysql' $(RUN_TESTS) --filter GroupReplicationTests
	CENSUS_TEST_ROOT='$(CURDIR)/.build-mysql/mariadb' $(RUN_TESTS) --filter $(SERVER_TESTS)
	CENSUS_TEST_PROGRAM='$(CURDIR)/.build-mysql/census' \
	    $(RUN_TESTS) --filter 'CensusTests.(ServerPassword|ServerTLS|ServerAccess)Tests'

# A comma in an argument of $(call).
comma := ,

# Creates a root directory of another Debian release, from the mirrors configured on this machine.
# $(1) is the release, $(2) the packages beyond the minimal system, $(3) an option of debootstrap.
define debootstrap
	@mkdir -p $(@D); rm -rf $@.new; \
	as_root=; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	mirror() { apt-get indextargets --format '$$(REPO_URI)' 'Created-By: Packages' \
	    'Label: Debian' | head -n 1; }; \
	[ -n "$$(mirror)" ] || $$as_root apt-get update --quiet=2; \
	echo "installing $(2) of Debian $(1) in $@"; \
	$$as_root debootstrap --variant=minbase --include=$(2) $(3) $(1) $@.new "$$(mirror)" >$@.log || \
	    { tail $@.log; exit 1; }; \
	$$as_root mv $@.new $@
endef

.build-mysql/mysql:
	$(call debootstrap,sid,mysql-server-core)

.build-mysql/mariadb:
	$(call debootstrap,trixie,mariadb-server-core$(comma)mariadb-client-core)

# Runs census with the client library of that release, libmariadb 3.4: see ld.so(8).
.build-mysql/census: .build-mysql/mariadb
	@root='$(CURDIR)/.build-mysql/mariadb'; libraries=$$root/usr/lib/$$(uname -m)-linux-gnu; \
	linker=$$(ls "$$root"/lib*/ld-linux-*.so.* | head -n 1); \
	printf '%s\n' '#!/bin/sh' \
	    "export MARIADB_PLUGIN_DIR='$$libraries/libmariadb3/plugin'" \
	    "exec '$$linker' --library-path '$$libraries' '$(CURDIR)/.build-test/release/census' \"\$$@\"" >$@
	@chmod 755 $@

# Both come from PyPI. Spark runs in one Java process, on two cores and loopback.
test-spark: install-test-packages install-spark-packages
	[ -d .build-spark/venv ] || python3 -m venv .build-spark/venv
	.build-spark/venv/bin/pip install --quiet pyspark
	$(RUN_TESTS) --filter SparkTests

test-clickhouse: install-test-packages install-clickhouse-packages
	[ -d .build-clickhouse/venv ] || python3 -m venv .build-clickhouse/venv
	.build-clickhouse/venv/bin/pip install --quiet chdb
	$(RUN_TESTS) --filter ClickHouseTests

SECONDS ?= 240
FUZZ_CHECKS = file line lines host packages access age ssh known_hosts custody manifest signature

# Of code that reads untrusted bytes: its tests, and the fuzzer. Optimised, because some would take many
# minutes otherwise.
READERS = --configuration release --scratch-path .build-fuzz --sanitize address \
    -Xswiftc -Xfrontend -Xswiftc -sanitize=fuzzer -Xswiftc -enable-testing

sanitized-readers: install-test-packages
	CENSUS_READERS_ONLY=1 $(BUILD) $(READERS) --build-tests

# An input that fails a check is saved in fixtures/fuzz, where `make test` reads it. What is made once for
# all inputs is not freed, so leaks are not checked.
fuzz: sanitized-readers
	export SWIFT_BACKTRACE=enable=no TMPDIR=/dev/shm ASAN_OPTIONS=detect_leaks=0; \
	for check in $(FUZZ_CHECKS); do \
	    mkdir -p .build-fuzz/corpus/$$check && \
	    FUZZ_CHECK=$$check .build-fuzz/release/fuzz -max_len=16384 -print_final_stats=1 \
	        -max_total_time=$$(($(SECONDS) / $(words $(FUZZ_CHECKS)))) -dict=Tests/Fuzz/tokens.dict \
	        -artifact_prefix=fixtures/fuzz/$$check/ .build-fuzz/corpus/$$check \
	        fixtures/fuzz/$$check || exit; \
	done

# A test terminated by a signal does not free its memory, so leaks are not checked.
sanitize: install-test-packages
	CENSUS_SANITIZED=1 ASAN_OPTIONS=detect_leaks=0 Tests/run-tests --limit 3h --sanitize address \
	    --scratch-path .build-address $(ELSEWHERE)
	CENSUS_SANITIZED=1 Tests/run-tests --limit 3h --sanitize thread --scratch-path .build-thread \
	    $(ELSEWHERE)

sanitize-quick: sanitized-readers
	CENSUS_READERS_ONLY=1 CENSUS_SANITIZED=1 ASAN_OPTIONS=detect_leaks=0 \
	    Tests/run-tests $(READERS)

bench: bench-programs
	.build-bench/venv/bin/python Tests/Benchmark/benchmark.py --size full .build-bench

bench-quick: bench-programs
	.build-bench/venv/bin/python Tests/Benchmark/benchmark.py --size small .build-bench

bench-hundred: bench-programs
	.build-bench/venv/bin/python Tests/Benchmark/benchmark.py --hundred .build-bench

bench-programs: install-bench-packages install-collector-packages build dist
	$(MAKE) --jobs=2 $(NATIVE_COLLECTORS)
	$(BUILD) $(RELEASE) --product benchmark
	[ -d .build-bench/venv ] || python3 -m venv .build-bench/venv
	.build-bench/venv/bin/pip install --quiet chdb duckdb psutil py-cpuinfo

lint:
	@! git grep --line-number --extended-regexp '^(<{7}|>{7}) ' # left over from a merge
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests sql

# Code that runs on a host must compile as Embedded Swift, without Foundation and packages. It is
# compiled as one module, because separate modules do not compile; the imports find empty modules.
EMBEDDED = $(filter-out $(NOT_EMBEDDED), \
    $(wildcard $(foreach module,Text Records SSH Age Host Snap Collector,Sources/$(module)/*.swift Sources/$(module)/*/*.swift Sources/$(module)/*/*/*.swift)))
# Excluded: exact texts and tables of names, which no collector needs, the clock, which is Foundation's,
# the reading of encrypted files, and swift-crypto.
NOT_EMBEDDED = Sources/Text/EscapedBytes.swift Sources/Text/NameTable.swift \
    Sources/Text/CurrentTime.swift $(wildcard Sources/Age/Reading/*.swift) \
    Sources/Age/AgePrimitives.swift Sources/Snap/SigningPrimitives.swift

# The collectors for Linux.
LINUX_COLLECTORS = $(foreach processor,x86_64 aarch64 arm i686 ppc64le riscv64,dist/collectors/linux-$(processor))
NATIVE_COLLECTORS = dist/collectors/linux-x86_64 dist/collectors/linux-i686

collectors: linux-collectors windows-collectors

# A folder to copy to a USB stick. Windows' older editors need CR LF.
STICK = Sources/Packaging/stick
stick: collectors
	rm -rf dist/stick
	mkdir -p dist/stick
	cp $(STICK)/snap.sh $(LINUX_COLLECTORS) $(WINDOWS_COLLECTORS) dist/stick/
	for file in snap.cmd README.txt; do sed 's/$$/\r/' $(STICK)/$$file >dist/stick/$$file; done
	cd dist/stick && sha256sum -- * >../SHA256SUMS && mv ../SHA256SUMS .
	@ls -l dist/stick

linux-collectors: install-collector-packages
	$(MAKE) --jobs=2 $(LINUX_COLLECTORS)

dist/collectors/linux-%: $(EMBEDDED) $(wildcard Sources/CHost/*.[ch] Sources/CHost/include/*.h) \
    Sources/Packaging/collectors/build-linux Sources/Packaging/collectors/swift-ir | .build-collectors/root
	@echo making $@
	@SWIFTC='$(SWIFT)c' Sources/Packaging/collectors/build-linux linux-$* $@ $(EMBEDDED)

.build-collectors/root: Sources/Packaging/collectors/libraries
	Sources/Packaging/collectors/libraries $@

# Every collector reads every tree, signs and encrypts as census snap does; `make test` runs those of this
# processor.
test-collectors: install-test-packages install-qemu-packages install-wine-packages linux-collectors
	$(MAKE) dist/collectors/windows-x86_64.exe .build-collectors/children-x86_64.exe \
	    .build-collectors/old-kernel
	CENSUS_TEST_COLLECTORS='$(notdir $(LINUX_COLLECTORS))' \
	    $(RUN_TESTS) --filter 'SamenessTests|Collector(Encryption|Signature)Tests'

# Two collectors are built again, elsewhere.
test-reproducible: install-test-packages install-wine-packages linux-collectors windows-collectors
	$(RUN_TESTS) --filter ReproducibleBuildTests

# The collectors for Windows.
dist/collectors/windows-%.exe: $(EMBEDDED) $(wildcard Sources/CHost/*.[ch] Sources/CHost/include/*.h \
    Sources/Packaging/collectors/*windows*) Sources/Packaging/collectors/swift-ir
	@echo making $@
	@SWIFTC='$(SWIFT)c' Sources/Packaging/collectors/build-windows windows-$* $@ $(EMBEDDED)

WINDOWS_COLLECTORS = dist/collectors/windows-x86_64.exe dist/collectors/windows-i686.exe
windows-collectors: install-windows-packages
	$(MAKE) --jobs=2 $(WINDOWS_COLLECTORS)

# A program with known children, which the collector is to see.
.build-collectors/children-%.exe: Tests/CollectorTests/children.c
	@mkdir -p $(@D)
	$*-w64-mingw32-gcc -O1 -static -s $< -o $@ -lws2_32

# Refuses a program what an old kernel does not have. Compiled by Swift's own clang.
.build-collectors/old-kernel: Tests/CollectorTests/old-kernel.c
	@mkdir -p $(@D)
	"$$(dirname "$$(readlink -f "$$(command -v $(SWIFT)c)")")/clang" -O1 -Wall -Wextra -Werror $< -o $@

# The collector for 32-bit Windows, on 32-bit Windows, and on 64-bit Windows, where it sees other
# folders and another registry than programs for 64 bits do. `make test` runs the other collector.
test-windows: install-root-packages install-wine-packages .build-windows/wine32
	$(MAKE) --jobs=2 $(WINDOWS_COLLECTORS) .build-collectors/children-i686.exe
	set -e; export CENSUS_TEST_WINE_ROOT='$(CURDIR)/.build-windows/wine32'; \
	for system in win32 win64; do \
	    WINEARCH=$$system $(RUN_TESTS) --filter 'WineTests|WindowsStickTests'; done

# wine32 cannot be installed on this machine without adding an architecture to its package manager.
.build-windows/wine32:
	$(call debootstrap,bookworm,wine32,--arch=i386)

# Links everything statically: Swift's runtime, glibc, SQLite, zlib and libdeflate. Server databases,
# YAML and workbooks are left out. The linker warns of dlopen, getpwnam and others in SQLite, Foundation and
# Swift's runtime; census does not use the functions that call them.
STATIC = --static-swift-stdlib -Xswiftc -static-executable \
    -Xcc -ffunction-sections -Xcc -fdata-sections -Xlinker --gc-sections -Xlinker -s

dist: install-dist-packages
	$(BUILD) --configuration release --product census --scratch-path .build-dist \
	    --disable-default-traits $(STATIC)
	mkdir -p dist
	cp .build-dist/release/census dist/census
	@echo 'testing dist/census in an empty root directory:'
	@root=$$(mktemp -d) && trap 'rm -rf "$$root"' EXIT && cp dist/census "$$root/" && \
	    set -x && \
	    $(BARE) "$$root" /census snap --host-id bare -o /bare.jsonl.gz && \
	    $(BARE) "$$root" /census ingest --db /bare.sqlite /bare.jsonl.gz
	@ls -l dist/census

ARTICLES = Sources/census/Documentation.docc
# Links between articles are file names, for code hosts and pagers. They are converted to DocC links
# here, so that DocC checks them. Warnings are errors. DocC's pages load their text with JavaScript
# from a web server, so plain pages are made beside them for a browser without a network.
docs: install-docs-packages
	rm -rf .build-docs/census dist/docs
	mkdir -p .build-docs/census dist
	cp Sources/Packaging/docs/Package.swift .build-docs/
	cp -r $(ARTICLES) .build-docs/census/
	printf '\n@Metadata {\n    @TitleHeading("Program")\n}\n' >.build-docs/metadata
	sed -i '1r .build-docs/metadata' .build-docs/census/Documentation.docc/Documentation.md
	sed -i -E 's/\]\(([A-Za-z]+)\.md\)/](doc:\1)/g; s/\]\(Resources\//](/g' \
	    .build-docs/census/Documentation.docc/*.md
	echo '// The documentation has no symbols: census is a program and no library.' \
	    >.build-docs/census/census.swift
	$(SWIFT) package --package-path .build-docs --allow-writing-to-directory '$(CURDIR)/dist/docs' \
	    generate-documentation --target census --output-path '$(CURDIR)/dist/docs' \
	    --transform-for-static-hosting --warnings-as-errors
	mkdir dist/docs/plain
	cp -r $(ARTICLES)/Resources Sources/Packaging/docs/plain.css dist/docs/plain/
	set -e; for article in $(ARTICLES)/*.md; do name=$$(basename "$$article" .md); \
	    { printf '<!doctype html>\n<meta charset="utf-8">\n<title>%s - census</title>\n' "$$name"; \
	    echo '<link rel="stylesheet" href="plain.css">'; \
	    echo '<p><a href="Documentation.html">census</a></p>'; \
	    cmark-gfm --extension table "$$article" | sed -E 's/href="([A-Za-z]+)\.md"/href="\1.html"/g'; \
	    } >"dist/docs/plain/$$name.html"; done
	@echo 'without a network: open dist/docs/plain/Documentation.html'
	@echo 'with a web server: python3 -m http.server --directory dist/docs, then /documentation/census'

diagram: install-diagram-packages
	python3 Sources/Packaging/docs/diagram.py <$(ARTICLES)/Resources/database.mmd \
	    | dot -Tsvg >$(ARTICLES)/Resources/database.svg

PREFIX ?= /usr/local
# The installed files, and the directory of zsh's completions.
CENSUS ?= .build/release/census
ZSH_COMPLETIONS ?= $(PREFIX)/share/zsh/site-functions
SHARE = $(DESTDIR)$(PREFIX)/share

# Builds nothing that exists: root may run it, who may have no Swift.
install: $(CENSUS)
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(SHARE)/bash-completion/completions' \
	    '$(DESTDIR)$(ZSH_COMPLETIONS)' '$(SHARE)/fish/vendor_completions.d' \
	    '$(SHARE)/man/man1' '$(SHARE)/doc/census'
	install -m 755 $(CENSUS) '$(DESTDIR)$(PREFIX)/bin/census'
	umask 022; \
	    $(CENSUS) --generate-completion-script bash \
	        >'$(SHARE)/bash-completion/completions/census' && \
	    $(CENSUS) --generate-completion-script zsh >'$(DESTDIR)$(ZSH_COMPLETIONS)/_census' && \
	    $(CENSUS) --generate-completion-script fish \
	        >'$(SHARE)/fish/vendor_completions.d/census.fish' && \
	    $(CENSUS) manual >'$(SHARE)/man/man1/census.1'
	sed -i '1{/^#!/d}' '$(SHARE)/bash-completion/completions/census' # it is sourced, not run
	set -e; umask 022; articles='$(SHARE)/doc/census'; \
	    install -d "$$articles/Resources" "$$articles/examples"; \
	    sed 's|$(ARTICLES)/||g' README.md >"$$articles/README.md"; \
	    install -m 644 $(ARTICLES)/*.md "$$articles/"; \
	    install -m 644 $(ARTICLES)/Resources/* "$$articles/Resources/"; \
	    install -m 644 fixtures/rules/example.yaml "$$articles/examples/rules.yaml"; \
	    install -m 644 fixtures/rules/controls.yaml "$$articles/examples/controls.yaml"; \
	    for script in sql/*/*.sql sql/*/*.json sql/*/*.py; do install -D -m 644 "$$script" "$$articles/$$script"; done

.build/release/census:
	$(MAKE) build

# The checks for every commit. Most tests wait now and then, so what else is built is built beside them.
check:
	$(MAKE) lint
	$(MAKE) install-check-packages # apt-get(8) runs only once at a time
	$(MAKE) test-programs
	$(MAKE) --jobs=2 test check-builds # warnings are errors: see Package.swift
	$(MAKE) test-collectors
	$(MAKE) test-cluster
	$(MAKE) --jobs=2 sanitize-quick fuzz SECONDS=60

install-check-packages: install-collector-packages install-wine-packages install-qemu-packages \
    install-cluster-packages install-docs-packages

# What is built for users: the static program is without databases on servers and rules.
check-builds:
	$(MAKE) dist
	$(MAKE) stick
	$(MAKE) docs

# The checks before a release, apart from those of `check`. They take two hours.
check-release:
	$(MAKE) sanitize-quick
	$(MAKE) fuzz SECONDS=1800
	$(MAKE) test-dist
	$(MAKE) deb
	$(MAKE) test-reproducible
	$(MAKE) test-windows
	$(MAKE) test-mysql
	$(MAKE) test-spark
	$(MAKE) test-clickhouse

# Files in the package have the time of the commit, so that the same commit builds the same package.
deb: install-deb-packages build
	rm -rf dist/deb dist/census_*.deb
	install -d dist/deb/root/DEBIAN
	$(MAKE) install DESTDIR=dist/deb/root PREFIX=/usr ZSH_COMPLETIONS=/usr/share/zsh/vendor-completions
	strip --remove-section=.comment --remove-section=.note dist/deb/root/usr/bin/census
	gzip --best --no-name dist/deb/root/usr/share/man/man1/census.1
	install -m 644 Sources/Packaging/debian/copyright dist/deb/root/usr/share/doc/census/copyright
	install -D -m 644 Sources/Packaging/debian/lintian-overrides \
	    dist/deb/root/usr/share/lintian/overrides/census
	set -e; umask 022; export SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct || date +%s)}; \
	version=$$($(CENSUS) --version | sed -n '1s/^census \([^ ]*\) .*/\1/p'); \
	commit=$$($(CENSUS) --version | sed -n '1s/.*(\(.*\))$$/\1/p'); \
	printf 'census (%s) unstable; urgency=medium\n\n  * Version %s, commit %s.\n\n -- %s  %s\n' \
	    "$$version" "$$version" "$$commit" "$$(sed -n 's/^Maintainer: //p' Sources/Packaging/debian/control)" \
	    "$$(date --utc --rfc-email --date=@$$SOURCE_DATE_EPOCH)" >dist/deb/changelog; \
	gzip --best --no-name --stdout dist/deb/changelog \
	    >dist/deb/root/usr/share/doc/census/changelog.gz; \
	cp -r Sources/Packaging/debian dist/deb/; \
	(cd dist/deb && dpkg-shlibdeps -O root/usr/bin/census >substvars && \
	    dpkg-gencontrol -lchangelog -Tsubstvars -ffiles -Proot); \
	(cd dist/deb/root && find usr -type f -exec md5sum {} +) >dist/deb/root/DEBIAN/md5sums; \
	dpkg-deb --root-owner-group --build dist/deb/root dist
	lintian --fail-on error,warning dist/census_*.deb

# chroot(8), in a user namespace unless run by root.
BARE = $$([ "$$(id -u)" = 0 ] || echo unshare --map-root-user) chroot

clean:
	rm -rf .build .build-address .build-bench .build-clickhouse .build-collectors .build-dist .build-docs \
	    .build-fuzz .build-mysql .build-spark .build-test .build-thread .build-windows dist
