#pragma once
// System calls that Swift cannot see, because glibc declares them for _GNU_SOURCE only, and what
// a process is given at its start.
#include <fcntl.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/// open(2)'s O_PATH: a place in the tree, not a file to read.
static const int census_O_PATH = __O_PATH;

static const unsigned census_RENAME_NOREPLACE = 1;
static const unsigned census_RENAME_EXCHANGE = 2;

/// renameat2(2), both names in the same directory.
static inline int census_rename(int directory, const char *from, const char *to, unsigned flags) {
    return (int)syscall(SYS_renameat2, directory, from, directory, to, flags);
}

/// syncfs(2): waits until all of the file system that the file is on is on the medium.
static inline int census_sync_file_system(int descriptor) {
    return (int)syscall(SYS_syncfs, descriptor);
}

/// The arguments of the process, the program's name first.
int census_argument_count(void);
const char *census_argument(int index);

/// A default route in the kernel's main table. Addresses are in network order, 4 bytes or 16.
struct census_route {
    char interface[16];
    uint32_t metric;
    int32_t has_gateway, has_source;
    uint8_t gateway[16], source[16];
};

/// Asks the kernel for the usable default routes of AF_INET or AF_INET6, rtnetlink(7); a route with
/// several next hops is one for each. Returns how many there are, at most `capacity`, or -1.
int census_default_routes(int family, struct census_route *routes, int capacity);
