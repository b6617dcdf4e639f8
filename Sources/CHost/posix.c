// What any POSIX system answers, and what of Linux its headers declare for _GNU_SOURCE only.
#define _GNU_SOURCE
#include "posix_shared.h"
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif
#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

// MARK: Files of a host

int32_t census_open_root(const uint8_t *path) {
    int result;
    RETRY(result, open((const char *)path, reading | O_DIRECTORY));
    return checked(result);
}

int32_t census_open_input(const uint8_t *path) {
    if (strcmp((const char *)path, "-") == 0) return census_duplicate(0);
    int result;
    RETRY(result, open((const char *)path, reading));
    return checked(result);
}

static int openingFlags(int32_t purpose) {
    switch (purpose) {
    case 1: return reading | O_DIRECTORY | O_NOFOLLOW;
    // A kernel that does not know O_PATH opens the directory for reading.
    case 2: return O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;
    default: return reading | O_NOFOLLOW;
    }
}

int32_t census_open(int32_t directory, const uint8_t *name, int32_t purpose) {
    int result;
    RETRY(result, openat(directory, (const char *)name, openingFlags(purpose)));
    return checked(result);
}

int32_t census_open_at_once(int32_t directory, const uint8_t *path, int32_t purpose) {
#ifdef SYS_openat2
    // `struct open_how` of the kernel's openat2.h, which Debian 10 lacks; RESOLVE_NO_SYMLINKS.
    struct { uint64_t flags, mode, resolve; } how = {(uint64_t)openingFlags(purpose), 0, 4};
    // The call refuses flags that mean nothing.
    if (purpose != 2) how.flags |= O_LARGEFILE;
    int result;
    RETRY(result, (int)syscall(SYS_openat2, directory, path, &how, sizeof how));
    return checked(result);
#else
    (void)directory, (void)path, (void)purpose;
    return -ENOSYS;
#endif
}

int32_t census_duplicate(int32_t descriptor) {
    return checked(fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
}

void census_close(int32_t descriptor) { close(descriptor); }

static int32_t kindOfMode(mode_t mode) {
    switch (mode & S_IFMT) {
    case S_IFREG: return census_regular;
    case S_IFDIR: return census_directory;
    case S_IFLNK: return census_symbolic_link;
    case S_IFIFO: return census_fifo;
    case S_IFSOCK: return census_socket;
    case S_IFCHR: return census_device;
    case S_IFBLK: return census_block_device;
    default: return census_unknown;
    }
}

int32_t census_kind(int32_t descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == -1 ? -errno : kindOfMode(status.st_mode);
}

int32_t census_kind_of_name(int32_t directory, const uint8_t *name) {
    struct stat status;
    return fstatat(directory, (const char *)name, &status, AT_SYMLINK_NOFOLLOW) == -1
               ? -errno : kindOfMode(status.st_mode);
}

int32_t census_is_readable_by_all(int32_t directory, const uint8_t *name) {
    struct stat status;
    if (fstatat(directory, (const char *)name, &status, AT_SYMLINK_NOFOLLOW) == -1) return -errno;
    return S_ISREG(status.st_mode) && (status.st_mode & 0444) == 0444;
}

int32_t census_is_same(int32_t first, int32_t second) {
    struct stat one, other;
    if (fstat(first, &one) == -1 || fstat(second, &other) == -1) return -errno;
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

int64_t census_index_of(const uint8_t *bytes, int64_t count, uint8_t byte) {
    const uint8_t *rest = bytes, *end = bytes + count;
#ifdef __SSE2__
    // musl's memchr(3) takes three times as long.
    for (const __m128i wanted = _mm_set1_epi8((char)byte); end - rest >= 16; rest += 16) {
        __m128i some = _mm_loadu_si128((const __m128i *)(const void *)rest);
        int found = _mm_movemask_epi8(_mm_cmpeq_epi8(some, wanted));
        if (found) return rest - bytes + __builtin_ctz((unsigned)found);
    }
#endif
    const uint8_t *found = memchr(rest, byte, (size_t)(end - rest));
    return found ? found - bytes : count;
}

int64_t census_read(int32_t descriptor, uint8_t *bytes, int64_t capacity) {
    while (1) {
        ssize_t result;
        RETRY(result, read(descriptor, bytes, capacity));
        if (result != -1) return result;
        if (errno != EAGAIN) return -errno;
        struct pollfd request = {.fd = descriptor, .events = POLLIN};
        poll(&request, 1, -1);
    }
}

int64_t census_read_at(int32_t descriptor, uint8_t *bytes, int64_t capacity, int64_t offset) {
    ssize_t result;
    RETRY(result, pread(descriptor, bytes, capacity, offset));
    return result == -1 ? -errno : result;
}

int64_t census_size(int32_t descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == -1 ? -errno : status.st_size;
}

int64_t census_modified(int32_t directory, const uint8_t *name) {
    struct stat status;
    if (fstatat(directory, (const char *)name, &status, AT_SYMLINK_NOFOLLOW) == -1) return -errno;
    return status.st_mtime < 0 ? -EINVAL : status.st_mtime;
}

int64_t census_file_number(int32_t directory, const uint8_t *name) {
    struct stat status;
    return fstatat(directory, (const char *)name, &status, AT_SYMLINK_NOFOLLOW) == -1
               ? -errno : (int64_t)status.st_ino;
}

int64_t census_read_link(int32_t directory, const uint8_t *name, uint8_t *bytes, int64_t capacity) {
    ssize_t result;
    RETRY(result, readlinkat(directory, (const char *)name, (char *)bytes, capacity));
    return result == -1 ? -errno : result;
}

int64_t census_link_number(int32_t directory, const uint8_t *name, const uint8_t *kind) {
    char target[40];
    ssize_t length = readlinkat(directory, (const char *)name, target, sizeof target);
    ssize_t start = (ssize_t)strlen((const char *)kind);
    if (length < start + 4 || length == sizeof target) return 0;
    if (memcmp(target, kind, start) != 0 || memcmp(target + start, ":[", 2) != 0) return 0;
    int64_t number = 0;
    for (ssize_t index = start + 2; index < length - 1; index++) {
        if (target[index] < '0' || target[index] > '9' || number > INT64_MAX / 10 - 1) return 0;
        number = number * 10 + (target[index] - '0');
    }
    return number;
}

int32_t census_is_program(int32_t root, const uint8_t *link, const uint8_t *path) {
    struct stat one, other;
    if (fstatat(root, (const char *)link, &one, AT_SYMLINK_NOFOLLOW) == -1) return 0;
    // Links of /proc have no length.
    if (one.st_size != 0) return 1;
    return fstatat(root, (const char *)link, &one, 0) == 0
        && fstatat(root, (const char *)path, &other, 0) == 0
        && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

int64_t census_index(const uint8_t *bytes, int64_t count, uint8_t end, const uint8_t *text,
                     int64_t length) {
    for (int64_t index = 0; count > length; index++) {
        if (bytes[length] == end && memcmp(bytes, text, length) == 0) return index;
        const uint8_t *next = memchr(bytes, end, count);
        if (next == NULL) break;
        count -= ++next - bytes;
        bytes = next;
    }
    return -1;
}

int32_t census_has_file(const uint8_t *names, int64_t names_count, const uint8_t *numbers,
                        int64_t numbers_count, int64_t number, const uint8_t *text,
                        int64_t length) {
    for (; names_count > length && numbers_count >= 4; numbers += 4, numbers_count -= 4) {
        if (names[length] == 0 && memcmp(names, text, length) == 0
            && ((int64_t)numbers[0] << 24 | numbers[1] << 16 | numbers[2] << 8 | numbers[3])
                == number)
            return 1;
        const uint8_t *next = memchr(names, 0, names_count);
        if (next == NULL) break;
        names_count -= ++next - names;
        names = next;
    }
    return 0;
}

void *census_list(int32_t directory, int32_t *error) {
    // fdopendir(3) takes the descriptor for its own: give it another, opened afresh so that reading
    // starts at the first entry.
    int descriptor;
    RETRY(descriptor, openat(directory, ".", reading | O_DIRECTORY));
    DIR *list = descriptor == -1 ? NULL : fdopendir(descriptor);
    if (list == NULL) {
        *error = -errno;
        if (descriptor != -1) close(descriptor);
    }
    return list;
}

static int32_t kindOfEntry(DIR *list, struct dirent *entry) {
    switch (entry->d_type) {
    case DT_REG: return census_regular;
    case DT_DIR: return census_directory;
    case DT_LNK: return census_symbolic_link;
    case DT_FIFO: return census_fifo;
    case DT_SOCK: return census_socket;
    case DT_CHR: return census_device;
    case DT_BLK: return census_block_device;
    }
    // A file system that does not say: ask.
    struct stat status;
    return fstatat(dirfd(list), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == -1
               ? census_unknown : kindOfMode(status.st_mode);
}

int32_t census_next_entry(void *list, uint8_t *name, int32_t *kind) {
    while (1) {
        errno = 0;
        struct dirent *entry = readdir(list);
        if (entry == NULL) return -errno;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        size_t length = strnlen(entry->d_name, census_name_capacity);
        if (length == 0) continue; // a damaged file system may have it
        memcpy(name, entry->d_name, length);
        *kind = kindOfEntry(list, entry);
        return (int32_t)length;
    }
}

void census_end_list(void *list) { closedir(list); }

static int32_t copyText(const char *text, uint8_t *bytes, int32_t capacity) {
    size_t length = strnlen(text, capacity);
    memcpy(bytes, text, length);
    return (int32_t)length;
}

int32_t census_error_meaning(int32_t error) {
    switch (error) {
    case ENOENT:
    case ESRCH: return census_no_such_name;
    case EINVAL: return census_not_a_link;
    case EACCES:
    case EPERM: return census_refusal;
    case ENOTDIR:
    case ENAMETOOLONG:
    case ENXIO:
    case EISDIR:
    case EBUSY:
    case ENODEV:
    case ENOTSUP:
    case EAGAIN: return census_absence;
    default: return census_other_error;
    }
}

int32_t census_too_many_links(void) { return ELOOP; }
int32_t census_file_too_large(void) { return EFBIG; }
int32_t census_invalid(void) { return EINVAL; }

/// The errors of files in glibc's words, which are in snapshots: other C libraries have other words.
static const char *errorText(int32_t error) {
    switch (error) {
    case EACCES: return "Permission denied";
    case EAGAIN: return "Resource temporarily unavailable";
    case EBADF: return "Bad file descriptor";
    case EBUSY: return "Device or resource busy";
    case EDQUOT: return "Disk quota exceeded";
    case EEXIST: return "File exists";
    case EFBIG: return "File too large";
    case EINVAL: return "Invalid argument";
    case EIO: return "Input/output error";
    case EISDIR: return "Is a directory";
    case ELOOP: return "Too many levels of symbolic links";
    case EMFILE: return "Too many open files";
    case ENAMETOOLONG: return "File name too long";
    case ENODEV: return "No such device";
    case ENOENT: return "No such file or directory";
    case ENOMEDIUM: return "No medium found";
    case ENOMEM: return "Cannot allocate memory";
    case ENOSPC: return "No space left on device";
    case ENOTCONN: return "Transport endpoint is not connected";
    case ENOTDIR: return "Not a directory";
    case ENOTSUP: return "Operation not supported";
    case ENXIO: return "No such device or address";
    case EOVERFLOW: return "Value too large for defined data type";
    case EPERM: return "Operation not permitted";
    case EPIPE: return "Broken pipe";
    case EREMOTEIO: return "Remote I/O error";
    case EROFS: return "Read-only file system";
    case ESTALE: return "Stale file handle";
    case ETIMEDOUT: return "Connection timed out";
    case EUCLEAN: return "Structure needs cleaning";
    }
#ifdef COLLECTOR
    static char number[] = "Unknown error 000";
    for (int digit = 0; digit < 3; digit++, error /= 10)
        number[sizeof number - 2 - digit] = (char)('0' + error % 10);
    return number;
#else
    return strerror(error);
#endif
}

int32_t census_error_text(int32_t error, uint8_t *text, int32_t capacity) {
    return copyText(errorText(error), text, capacity);
}

// MARK: The running system

int32_t census_machine(uint8_t *name, int32_t capacity) {
    struct utsname names = {0};
    uname(&names); // fails for a bad address only
    return copyText(names.machine, name, capacity);
}

int32_t census_hypervisor(uint8_t *name) {
#if defined(__x86_64__) || defined(__i386__)
    uint32_t registers[4];
    if (__get_cpuid(1, &registers[0], &registers[1], &registers[2], &registers[3]) == 0) return 0;
    if ((registers[2] & 1u << 31) == 0) return 0;
    __cpuid(0x40000000, registers[0], registers[1], registers[2], registers[3]);
    memcpy(name, &registers[1], 12);
    return 12;
#else
    (void)name;
    return -1;
#endif
}

uint32_t census_effective_user(void) { return geteuid(); }

int64_t census_ticks_per_second(void) { return sysconf(_SC_CLK_TCK); }

int64_t census_utc_offset(int64_t time) {
    time_t seconds = time;
    struct tm parts = {0};
    localtime_r(&seconds, &parts);
    return parts.tm_gmtoff;
}

int32_t census_is_alive(int64_t process) {
    if (process <= 0 || process > INT32_MAX) return 0;
    return kill((pid_t)process, 0) == 0 || errno == EPERM;
}

int32_t census_addresses(uint8_t *records, int32_t capacity) {
    struct ifaddrs *first;
    if (getifaddrs(&first) == -1) return -errno;
    int32_t count = 0;
    for (struct ifaddrs *entry = first; entry != NULL; entry = entry->ifa_next) {
        if (entry->ifa_addr == NULL) continue;
        const void *address;
        size_t size;
        switch (entry->ifa_addr->sa_family) {
        case AF_INET:
            address = &((struct sockaddr_in *)(void *)entry->ifa_addr)->sin_addr;
            size = 4;
            break;
        case AF_INET6:
            address = &((struct sockaddr_in6 *)(void *)entry->ifa_addr)->sin6_addr;
            size = 16;
            break;
        default: continue;
        }
        if (count++ >= capacity) continue;
        memset(records, 0, census_address_size);
        // An IPv4 address may have a label, `eth0:1`. No interface has a colon in its name.
        memcpy(records, entry->ifa_name, strnlen(entry->ifa_name, census_interface_capacity));
        uint8_t *colon = memchr(records, ':', census_interface_capacity);
        if (colon != NULL) memset(colon, 0, records + census_interface_capacity - colon);
        records[census_interface_capacity] = (uint8_t)size;
        memcpy(records + census_interface_capacity + 1, address, size);
        records += census_address_size;
    }
    freeifaddrs(first);
    return count;
}
