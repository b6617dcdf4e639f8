// What a process of POSIX is asked, and the file that it writes.
#define _GNU_SOURCE
#include "posix_shared.h"
#include <poll.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int64_t census_now(void) { return time(NULL); }

int32_t census_random(uint8_t *bytes, int32_t count) {
    while (count > 0) {
        long result = syscall(SYS_getrandom, bytes, count, 0);
        if (result < 0 && errno == EINTR) continue;
        if (result < 0) break;
        bytes += result;
        count -= (int32_t)result;
    }
    if (count == 0) return 0;
    if (errno != ENOSYS) return -errno;
    // Before Linux 3.17.
    int file;
    RETRY(file, open("/dev/urandom", reading));
    if (file == -1) return -errno;
    int32_t error = 0;
    while (count > 0 && error == 0) {
        int64_t result = census_read(file, bytes, count);
        if (result <= 0) error = result == 0 ? -EIO : (int32_t)result;
        if (result > 0) bytes += result, count -= (int32_t)result;
    }
    close(file);
    return error;
}

int32_t census_is_terminal(int32_t stream) { return isatty(stream); }

int64_t census_write(int32_t descriptor, const uint8_t *bytes, int64_t count) {
    while (1) {
        ssize_t result;
        RETRY(result, write(descriptor, bytes, count));
        if (result != -1) return result;
        if (errno != EAGAIN) return -errno;
        struct pollfd request = {.fd = descriptor, .events = POLLOUT};
        poll(&request, 1, -1);
    }
}

int32_t census_write_stream(int32_t stream, const uint8_t *bytes, int64_t count) {
    while (count > 0) {
        int64_t result = census_write(stream, bytes, count);
        if (result < 0) return (int32_t)result;
        bytes += result;
        count -= result;
    }
    return 0;
}

int32_t census_output_directory(const uint8_t *path) {
    int result;
    RETRY(result, open((const char *)path, O_PATH | O_DIRECTORY | O_CLOEXEC));
    return checked(result);
}

int32_t census_create(int32_t directory, const uint8_t *name) {
    int result;
    RETRY(result, openat(directory, (const char *)name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                         0600));
    return checked(result);
}

/// A file system that has no such notion for this kind of file gives EINVAL.
static int32_t flushed(int result) { return result == -1 && errno != EINVAL ? -errno : 0; }

int32_t census_flush(int32_t descriptor) {
    int result;
    RETRY(result, fsync(descriptor));
    return flushed(result);
}

int32_t census_flush_directory(int32_t directory, int32_t file) {
    int list, result;
    RETRY(list, openat(directory, ".", reading | O_DIRECTORY));
    if (list == -1) {
        if (errno != EACCES && errno != EPERM) return -errno;
        // Into the directory one may put files, but not look.
        RETRY(result, (int)syscall(SYS_syncfs, file));
        return checked(result);
    }
    RETRY(result, fsync(list));
    int32_t error = flushed(result);
    close(list);
    return error;
}

/// Whether the kernel or the file system does not know a call or its flag.
static int isUnknown(void) { return errno == EINVAL || errno == ENOSYS || errno == ENOTSUP; }

int32_t census_appear(int32_t directory, const uint8_t *from, const uint8_t *to) {
    const char *old = (const char *)from, *new = (const char *)to;
    int result;
    RETRY(result, (int)syscall(SYS_renameat2, directory, old, directory, new, 1 /* NOREPLACE */));
    if (result == 0 || !isUnknown()) return checked(result);
    RETRY(result, linkat(directory, old, directory, new, 0));
    if (result == 0) {
        unlinkat(directory, old, 0);
        return 0;
    }
    if (errno != EPERM && errno != ENOTSUP && errno != ENOSYS) return -errno;
    // No hard links either, as on FAT under an old kernel. Two writers of one name at the same
    // instant are not distinguished here; snapshots' names hold a random id.
    struct stat status;
    if (fstatat(directory, new, &status, AT_SYMLINK_NOFOLLOW) == 0) return -EEXIST;
    if (errno != ENOENT) return -errno;
    RETRY(result, renameat(directory, old, directory, new));
    return checked(result);
}

/// Waits for a lock of an open file, flock(2).
static void lock(int file) {
    const struct timespec pause = {.tv_nsec = 20000000};
    for (int tries = 0; tries < 500; tries++) {
        int result;
        RETRY(result, flock(file, LOCK_EX | LOCK_NB));
        if (result == 0 || errno != EWOULDBLOCK) return;
        nanosleep(&pause, NULL);
    }
}

int32_t census_open_log(int32_t directory, const uint8_t *name) {
    int file;
    RETRY(file, openat(directory, (const char *)name,
                       O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
                       0600));
    if (file == -1) return -errno;
    struct stat status;
    // A second name may be that of a file of the host's.
    int32_t error = fstat(file, &status) == -1 ? -errno
        : !S_ISREG(status.st_mode) || status.st_nlink > 1 ? -EINVAL : 0;
    if (error < 0) {
        close(file);
        return error;
    }
    lock(file);
    return file;
}

void census_remove(int32_t directory, const uint8_t *name, int32_t file) {
    struct stat named, ours;
    if (fstatat(directory, (const char *)name, &named, AT_SYMLINK_NOFOLLOW) == -1) return;
    if (fstat(file, &ours) == -1 || named.st_dev != ours.st_dev || named.st_ino != ours.st_ino) return;
    unlinkat(directory, (const char *)name, 0);
}

int32_t census_file_exists(void) { return EEXIST; }
int32_t census_is_directory(void) { return EISDIR; }

// MARK: What only the desk needs

int32_t census_exchange(int32_t directory, const uint8_t *one, const uint8_t *other) {
    int result;
    RETRY(result, (int)syscall(SYS_renameat2, directory, one, directory, other, 2 /* EXCHANGE */));
    return checked(result);
}
