#ifdef _WIN32
// The file that is written, on Windows.
#include "windows_shared.h"
#include <stdlib.h>
#include <string.h>

int64_t writeHandle(HANDLE handle, const uint8_t *bytes, int64_t count) {
    DWORD part = count > 1 << 20 ? 1 << 20 : (DWORD)count, written = 0;
    if (!WriteFile(handle, bytes, part, &written, NULL)) return failure();
    return written;
}

/// A descriptor is the index of one.
static struct {
    HANDLE handle;
    /// Of a directory: its path from the root, `\\?\C:\folder\`, ended by NUL. Else NULL.
    WCHAR *path;
} table[16];

enum { tableSize = sizeof table / sizeof *table };

static int32_t keep(HANDLE handle, WCHAR *path) {
    for (int32_t i = 0; i < tableSize; i++)
        if (table[i].handle == NULL) {
            table[i].handle = handle;
            table[i].path = path;
            return i;
        }
    CloseHandle(handle);
    free(path);
    return -noMemory;
}

static HANDLE handleOf(int32_t descriptor) {
    return descriptor >= 0 && descriptor < tableSize && table[descriptor].handle
               ? table[descriptor].handle : INVALID_HANDLE_VALUE;
}

void census_close(int32_t descriptor) {
    HANDLE handle = handleOf(descriptor);
    if (handle == INVALID_HANDLE_VALUE) return;
    CloseHandle(handle);
    free(table[descriptor].path);
    table[descriptor].handle = NULL;
    table[descriptor].path = NULL;
}

/// A path without the limit of 260 characters (article "Maximum Path Length Limitation"), with a
/// backslash at its end.
static WCHAR *directoryPath(const uint8_t *path) {
    WCHAR *asked = copyUTF16(path, -1, NULL);
    if (asked == NULL) return NULL;
    DWORD size = GetFullPathNameW(asked, 0, NULL, NULL);
    WCHAR *result = size == 0 ? NULL : malloc((size + 16) * sizeof *result);
    if (result != NULL) {
        WCHAR *full = result + 8; // room for the longest prefix
        DWORD length = GetFullPathNameW(asked, size + 4, full, NULL);
        const WCHAR *prefix = L"\\\\?\\";
        if (wcsncmp(full, L"\\\\?\\", 4) == 0 || wcsncmp(full, L"\\\\.\\", 4) == 0) {
            prefix = L"";
        } else if (wcsncmp(full, L"\\\\", 2) == 0) {
            prefix = L"\\\\?\\UNC\\";
            full += 2;
            length -= 2;
        }
        size_t before = wcslen(prefix);
        memmove(result + before, full, length * sizeof *result);
        memcpy(result, prefix, before * sizeof *result);
        length += (DWORD)before;
        if (length > 0 && result[length - 1] != L'\\') result[length++] = L'\\';
        result[length] = 0;
    }
    free(asked);
    return result;
}

int32_t census_output_directory(const uint8_t *path) {
    WCHAR *wide = directoryPath(path);
    if (wide == NULL) return GetLastError() == 0 ? -noMemory : failure();
    DWORD attributes = GetFileAttributesW(wide);
    int32_t result = 0;
    if (attributes == INVALID_FILE_ATTRIBUTES) result = failure();
    else if (!(attributes & FILE_ATTRIBUTE_DIRECTORY)) result = census_windows_failure(ERROR_DIRECTORY);
    if (result < 0) {
        free(wide);
        return result;
    }
    // While it is open without FILE_SHARE_DELETE, neither it nor what is above it can be renamed.
    DWORD shared = FILE_SHARE_READ | FILE_SHARE_WRITE;
    HANDLE handle = CreateFileW(wide, FILE_TRAVERSE, shared, NULL, OPEN_EXISTING,
                                FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (handle == INVALID_HANDLE_VALUE)
        handle = CreateFileW(wide, FILE_READ_ATTRIBUTES, shared | FILE_SHARE_DELETE, NULL,
                             OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (handle == INVALID_HANDLE_VALUE) {
        result = failure();
        free(wide);
        return result;
    }
    return keep(handle, wide);
}

/// Whether a name has another meaning than that of a file: a stream of one, a device, or a name
/// that other programs could not remove (article "Naming Files, Paths, and Namespaces").
static int isUnsafe(const WCHAR *name) {
    size_t length = wcslen(name);
    if (length == 0 || name[length - 1] == L'.' || name[length - 1] == L' ') return 1;
    for (const WCHAR *c = name; *c; c++)
        if (*c < L' ' || wcschr(L"<>:\"/\\|?*", *c)) return 1;
    WCHAR full[MAX_PATH * 2];
    DWORD size = GetFullPathNameW(name, MAX_PATH * 2, full, NULL);
    return size > 0 && size < MAX_PATH * 2 && wcsncmp(full, L"\\\\.\\", 4) == 0;
}

/// The path of a name in a directory; NULL where it cannot be one, with an error in `result`.
static WCHAR *pathIn(int32_t directory, const uint8_t *name, int32_t *result) {
    *result = -badDescriptor;
    if (handleOf(directory) == INVALID_HANDLE_VALUE || !table[directory].path) return NULL;
    int32_t length;
    WCHAR *wide = copyUTF16(name, -1, &length), *path = NULL;
    *result = -noMemory;
    if (wide != NULL && isUnsafe(wide)) {
        *result = census_windows_failure(ERROR_INVALID_NAME);
    } else if (wide != NULL) {
        size_t before = wcslen(table[directory].path);
        path = malloc((before + (size_t)length + 1) * sizeof *path);
        if (path != NULL) {
            memcpy(path, table[directory].path, before * sizeof *path);
            memcpy(path + before, wide, ((size_t)length + 1) * sizeof *path);
        }
    }
    free(wide);
    return path;
}

/// Opens a file, and no link. One that is created is its owner's, the administrators' and the
/// system's, on a file system that keeps it (article "Security Descriptor String Format"): a snapshot
/// names users and programs.
static HANDLE openPrivate(const WCHAR *path, DWORD rights, DWORD shared, DWORD disposition) {
    SECURITY_ATTRIBUTES security = {.nLength = sizeof security};
    ConvertStringSecurityDescriptorToSecurityDescriptorW(
        L"D:P(A;;FA;;;OW)(A;;FA;;;BA)(A;;FA;;;SY)", SDDL_REVISION_1,
        &security.lpSecurityDescriptor, NULL);
    HANDLE handle = CreateFileW(path, rights, shared, &security, disposition,
                                FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
    DWORD error = GetLastError();
    LocalFree(security.lpSecurityDescriptor);
    SetLastError(error);
    return handle;
}

int32_t census_create(int32_t directory, const uint8_t *name) {
    int32_t result;
    WCHAR *path = pathIn(directory, name, &result);
    if (path == NULL) return result;
    HANDLE handle = openPrivate(path, GENERIC_WRITE | DELETE, FILE_SHARE_READ | FILE_SHARE_DELETE,
                                CREATE_NEW);
    result = handle == INVALID_HANDLE_VALUE ? failure() : keep(handle, NULL);
    free(path);
    return result;
}

int32_t census_open_log(int32_t directory, const uint8_t *name) {
    int32_t result;
    WCHAR *path = pathIn(directory, name, &result);
    if (path == NULL) return result;
    // Who has it open for writing lets nobody else write.
    HANDLE handle = INVALID_HANDLE_VALUE;
    for (int tries = 0; tries < 500; tries++) {
        handle = openPrivate(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, OPEN_ALWAYS);
        if (handle != INVALID_HANDLE_VALUE || GetLastError() != ERROR_SHARING_VIOLATION) break;
        Sleep(20);
    }
    BY_HANDLE_FILE_INFORMATION status;
    DWORD others = FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_DEVICE;
    LARGE_INTEGER zero = {.QuadPart = 0};
    if (handle == INVALID_HANDLE_VALUE) {
        result = failure();
    } else if (!GetFileInformationByHandle(handle, &status)
               || !SetFilePointerEx(handle, zero, NULL, FILE_END)) {
        result = failure();
        CloseHandle(handle);
    } else if (status.dwFileAttributes & others || status.nNumberOfLinks > 1) {
        result = -invalid;
        CloseHandle(handle);
    } else {
        result = keep(handle, NULL);
    }
    free(path);
    return result;
}

int64_t census_size(int32_t descriptor) {
    LARGE_INTEGER size;
    return GetFileSizeEx(handleOf(descriptor), &size) ? size.QuadPart : failure();
}

int64_t census_read_at(int32_t descriptor, uint8_t *bytes, int64_t capacity, int64_t offset) {
    // What is appended goes to the end all the same.
    LARGE_INTEGER start = {.QuadPart = offset}, zero = {.QuadPart = 0};
    HANDLE handle = handleOf(descriptor);
    DWORD count = 0;
    if (!SetFilePointerEx(handle, start, NULL, FILE_BEGIN)
        || !ReadFile(handle, bytes, capacity > 1 << 20 ? 1 << 20 : (DWORD)capacity, &count, NULL)
        || !SetFilePointerEx(handle, zero, NULL, FILE_END))
        return failure();
    return count;
}

int64_t census_write(int32_t descriptor, const uint8_t *bytes, int64_t count) {
    return writeHandle(handleOf(descriptor), bytes, count);
}

int32_t census_flush(int32_t descriptor) {
    return FlushFileBuffers(handleOf(descriptor)) ? 0 : failure();
}

int32_t census_appear(int32_t directory, const uint8_t *from, const uint8_t *to) {
    int32_t result;
    WCHAR *source = pathIn(directory, from, &result);
    WCHAR *target = source == NULL ? NULL : pathIn(directory, to, &result);
    // Without MOVEFILE_REPLACE_EXISTING it fails where there is such a name.
    if (target != NULL)
        result = MoveFileExW(source, target, MOVEFILE_WRITE_THROUGH) ? 0 : failure();
    free(source);
    free(target);
    return result;
}

int32_t census_flush_directory(int32_t directory, int32_t file) {
    // The name is flushed with the file on FAT, and with the journal on NTFS.
    if (!FlushFileBuffers(handleOf(file))) return failure();
    if (handleOf(directory) == INVALID_HANDLE_VALUE || !table[directory].path) return -badDescriptor;
    // FlushFileBuffers of a directory takes a handle for writing. Not every file system has it.
    HANDLE handle = CreateFileW(table[directory].path, FILE_ADD_FILE,
                                FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                                OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (handle != INVALID_HANDLE_VALUE) {
        FlushFileBuffers(handle);
        CloseHandle(handle);
    }
    return 0;
}

int32_t census_kind_of_name(int32_t directory, const uint8_t *name) {
    int32_t result;
    WCHAR *path = pathIn(directory, name, &result);
    if (path == NULL) return result;
    DWORD attributes = GetFileAttributesW(path);
    if (attributes == INVALID_FILE_ATTRIBUTES) result = failure();
    else if (attributes & FILE_ATTRIBUTE_REPARSE_POINT) result = census_symbolic_link;
    else result = attributes & FILE_ATTRIBUTE_DIRECTORY ? census_directory : census_regular;
    free(path);
    return result;
}

void census_remove(int32_t directory, const uint8_t *name, int32_t file) {
    (void)directory, (void)name;
    // Whatever name it has by now.
    FILE_DISPOSITION_INFO disposition = {.DeleteFile = TRUE};
    SetFileInformationByHandle(handleOf(file), FileDispositionInfo, &disposition, sizeof disposition);
}
#endif
