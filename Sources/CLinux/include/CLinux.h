#pragma once
// System calls that Swift cannot see, because glibc declares them for _GNU_SOURCE only, and what
// a process is given at its start.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

/// open(2)'s O_PATH: a place in the tree, not a file to read.
static const int census_O_PATH = __O_PATH;

/// renameat2(2) with RENAME_NOREPLACE, both paths from the working directory.
static inline int census_rename_exclusively(const char *from, const char *to) {
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 1u /* RENAME_NOREPLACE */);
}

/// syncfs(2): waits until all of the file system that the file is on is on the medium.
static inline int census_sync_file_system(int descriptor) {
    return (int)syscall(SYS_syncfs, descriptor);
}

/// The arguments of the process, the program's name first.
int census_argument_count(void);
const char *census_argument(int index);
