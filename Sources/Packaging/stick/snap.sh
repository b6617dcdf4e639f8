#!/bin/sh
# Takes a snapshot of this host with the collector for its processor, and writes it beside this file.
# Arguments are passed on: sh snap.sh --help

case $0 in */*) stick=${0%/*} ;; *) stick=. ;; esac

# The kernel's names of processors, uname(2).
case $(uname -m) in
x86_64 | amd64) processor=x86_64 ;;
aarch64 | arm64) processor=aarch64 ;;
arm*b) processor= ;; # big-endian
arm*) processor=arm ;;
i?86) processor=i686 ;;
riscv64) processor=riscv64 ;;
ppc64le) processor=ppc64le ;;
*) processor= ;;
esac
collector=$stick/linux-$processor
if [ "$(uname -s)" != Linux ] || [ -z "$processor" ]; then
    echo "snap.sh: there is no collector for $(uname -s) on $(uname -m); see README.txt" >&2
    exit 1
fi
if [ ! -e "$collector" ]; then
    echo "snap.sh: $collector is missing; see README.txt" >&2
    exit 1
fi

runs() { [ -x "$1" ] && "$1" --version >/dev/null 2>&1; }

# A stick may be mounted noexec. A copy in memory then runs in its place, and is removed.
copy=
if ! runs "$collector"; then
    for place in /dev/shm /run /tmp /var/tmp; do
        copy=$(mktemp "$place/census.XXXXXX" 2>/dev/null) || continue
        trap 'rm -f "$copy"' EXIT
        trap 'exit 1' HUP INT TERM
        cp "$collector" "$copy" 2>/dev/null && chmod 700 "$copy" && runs "$copy" && break
        rm -f "$copy"
        copy=
    done
    if [ -z "$copy" ]; then
        echo "snap.sh: this host does not run $collector; see README.txt" >&2
        exit 1
    fi
    collector=$copy
fi

if [ $# != 0 ]; then
    "$collector" "$@"
    exit
fi
if "$collector" -d "$stick"; then
    echo "snap.sh: the snapshot is on the stick. Eject the stick before you pull it out." >&2
else
    echo "snap.sh: not everything was written; see the message above." >&2
    exit 1
fi
