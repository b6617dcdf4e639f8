# The Debian packages that the targets need, and how they are installed.

DIST_PACKAGES = libdeflate-dev libsqlite3-dev pkg-config zlib1g-dev
BUILD_PACKAGES = $(DIST_PACKAGES) libmariadb-dev libxlsxwriter-dev
TEST_PACKAGES = age cmark-gfm coreutils db5.3-util dpkg findutils fish gzip iproute2 jq libxml2-utils make man-db \
    mariadb-client-core mariadb-server-core minisign openssh-client openssl pacman-package-manager passwd \
    procps python3 rpm sqlite3 strace sudo time util-linux zsh
DEB_PACKAGES = binutils coreutils dpkg-dev gzip lintian
# The page of `census report --format html` is tested in a browser, and as that prints it.
BROWSER_PACKAGES = chromium poppler-utils
# That of `census report --format xlsx` is read by Python, and opened by LibreOffice.
SPREADSHEET_PACKAGES = libreoffice-calc-nogui python3-openpyxl
CLUSTER_PACKAGES = galera-4
# Swift's own clang compiles for every processor; libraries are unpacked into .build-collectors.
COLLECTOR_PACKAGES = coreutils debian-archive-keyring dpkg dpkg-dev git sed
# Runs programs for other processors.
QEMU_PACKAGES = qemu-user
WINDOWS_PACKAGES = binutils-mingw-w64-i686 binutils-mingw-w64-x86-64 gcc-mingw-w64-i686 \
    gcc-mingw-w64-x86-64 libz-mingw-w64-dev
# wine64 runs programs of 64 bits. wine32, for those of 32, is of the architecture i386.
WINE_PACKAGES = wine wine64
DOCS_PACKAGES = cmark-gfm
DIAGRAM_PACKAGES = graphviz python3
# Makes roots of other releases of Debian, and of other architectures.
ROOT_PACKAGES = debootstrap
BENCH_PACKAGES = age coreutils mariadb-client mariadb-server-core openssh-client procps python3-venv \
    sqlite3 time util-linux
# Spark and ClickHouse themselves are installed with pip.
SPARK_PACKAGES = openjdk-17-jre-headless python3-venv
CLICKHOUSE_PACKAGES = python3-venv

# Installs the Debian packages in $(1) that are missing.
define install
	@missing=$$(for package in $(1); do \
	    dpkg-query --show --showformat='$${Status}' $$package 2>/dev/null | grep -q ' installed$$' \
	        || echo $$package; done); \
	if [ -n "$$missing" ]; then \
	    as_root=; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	    if [ -n "$$as_root" ] && ! command -v sudo >/dev/null; then \
	        echo "as root, run: apt-get install" $$missing; exit 1; fi; \
	    echo "installing:" $$missing; \
	    $$as_root apt-get update --quiet=2 && \
	    $$as_root env DEBIAN_FRONTEND=noninteractive \
	        apt-get install --yes --no-install-recommends --quiet=2 $$missing >/dev/null; \
	fi
endef

install-dist-packages:
	$(call install,$(DIST_PACKAGES))

install-packages:
	$(call install,$(BUILD_PACKAGES))

install-deb-packages: install-packages
	$(call install,$(DEB_PACKAGES))

install-docs-packages:
	$(call install,$(DOCS_PACKAGES))

install-diagram-packages:
	$(call install,$(DIAGRAM_PACKAGES))

install-cluster-packages: install-test-packages
	$(call install,$(CLUSTER_PACKAGES))

install-collector-packages:
	$(call install,$(COLLECTOR_PACKAGES))

install-qemu-packages:
	$(call install,$(QEMU_PACKAGES))

install-windows-packages:
	$(call install,$(WINDOWS_PACKAGES))

install-wine-packages: install-windows-packages
	$(call install,$(WINE_PACKAGES))

install-root-packages: install-test-packages
	$(call install,$(ROOT_PACKAGES))

install-test-packages: install-packages
	$(call install,$(TEST_PACKAGES) $(BROWSER_PACKAGES) $(SPREADSHEET_PACKAGES))

install-bench-packages: install-packages
	$(call install,$(BENCH_PACKAGES))

install-spark-packages:
	$(call install,$(SPARK_PACKAGES))

install-clickhouse-packages:
	$(call install,$(CLICKHOUSE_PACKAGES))
