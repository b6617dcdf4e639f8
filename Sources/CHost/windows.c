#ifdef _WIN32
// What Windows answers of the platform's header: errors, time, standard streams. Microsoft's
// documentation of each function is found by its name on learn.microsoft.com.
#include "windows_shared.h"
#include <stdlib.h>
#include <string.h>

// MARK: Errors

static int32_t errnoOf(DWORD error) {
    switch (error) { // article "System Error Codes"
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_INVALID_DRIVE:
    case ERROR_BAD_NETPATH:
    case ERROR_BAD_NET_NAME: return noEntry;
    case ERROR_ACCESS_DENIED:
    case ERROR_PRIVILEGE_NOT_HELD: return noAccess;
    case ERROR_WRITE_PROTECT: return readOnly;
    case ERROR_FILE_EXISTS:
    case ERROR_ALREADY_EXISTS: return exists;
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL: return noSpace;
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION: return busy;
    case ERROR_BROKEN_PIPE:
    case ERROR_NO_DATA: return brokenPipe;
    case ERROR_NOT_READY:
    case ERROR_DEVICE_NOT_CONNECTED:
    case ERROR_DEV_NOT_EXIST: return noDevice;
    case ERROR_DIRECTORY: return notDirectory;
    case ERROR_INVALID_NAME:
    case ERROR_BAD_PATHNAME:
    case ERROR_INVALID_PARAMETER: return invalid;
    case ERROR_INVALID_HANDLE: return badDescriptor;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY: return noMemory;
    case ERROR_FILENAME_EXCED_RANGE: return longName;
    case ERROR_FILE_TOO_LARGE: return tooLarge;
    case ERROR_NOT_SUPPORTED:
    case ERROR_INVALID_FUNCTION:
    case ERROR_CALL_NOT_IMPLEMENTED: return notSupported;
    case ERROR_SEM_TIMEOUT: return timedOut;
    default: return badIO;
    }
}

/// The last error of Windows that became each number: its text says more.
static DWORD lastErrors[errnoLimit];

int32_t census_windows_failure(uint32_t error) {
    int32_t number = errnoOf(error);
    lastErrors[number] = error;
    return -number;
}

int32_t census_error_text(int32_t error, uint8_t *text, int32_t capacity) {
    // Which no call gives, but the collector itself.
    if (error == isDirectory) return toUTF8(L"It is a directory", 17, text, capacity);
    DWORD code = error > 0 && error < errnoLimit ? lastErrors[error] : 0;
    if (code == 0) switch (error) {
        case noEntry: code = ERROR_FILE_NOT_FOUND; break;
        case noAccess: code = ERROR_ACCESS_DENIED; break;
        case exists: code = ERROR_FILE_EXISTS; break;
        case notDirectory: code = ERROR_DIRECTORY; break;
        case invalid: code = ERROR_INVALID_NAME; break;
        case noSpace: code = ERROR_DISK_FULL; break;
        case tooLarge: code = ERROR_FILE_TOO_LARGE; break;
        case brokenPipe: code = ERROR_BROKEN_PIPE; break;
        default: code = ERROR_GEN_FAILURE;
        }
    WCHAR wide[512];
    DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
    DWORD english = MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US);
    // A system of another language may have no English texts: then its own.
    DWORD length = FormatMessageW(flags, NULL, code, english, wide, 512, NULL);
    if (length == 0) length = FormatMessageW(flags, NULL, code, 0, wide, 512, NULL);
    while (length > 0 && (wide[length - 1] <= L' ' || wide[length - 1] == L'.')) length--;
    for (DWORD i = 0; i < length; i++)
        if (wide[i] < L' ') wide[i] = L' ';
    if (length > 0) return toUTF8(wide, (int32_t)length, text, capacity);
    // Without printf, which would be a twentieth of the program.
    WCHAR number[32] = L"Windows error ";
    _ultow(code, number + wcslen(number), 10);
    return toUTF8(number, (int32_t)wcslen(number), text, capacity);
}

int32_t census_error_meaning(int32_t error) {
    switch (error) {
    case noEntry: return census_no_such_name;
    case noAccess: return census_refusal;
    case notDirectory:
    case isDirectory:
    case longName:
    case busy:
    case noDevice:
    case notSupported: return census_absence;
    default: return census_other_error;
    }
}

int32_t census_too_many_links(void) { return manyLinks; }
int32_t census_file_too_large(void) { return tooLarge; }
int32_t census_invalid(void) { return invalid; }
int32_t census_file_exists(void) { return exists; }
int32_t census_is_directory(void) { return isDirectory; }

// MARK: What Embedded Swift asks of a C library

int posix_memalign(void **memory, size_t alignment, size_t size) {
    *memory = _aligned_malloc(size ? size : 1, alignment);
    return *memory == NULL ? noMemory : 0;
}

// The build gives this name to `free` of Swift's code: _aligned_malloc has a function of its own,
// and malloc's alignment of 8 bytes on 32-bit Windows is too small.
void census_free_aligned(void *memory) { _aligned_free(memory); }

int32_t census_random(uint8_t *bytes, int32_t count) {
    // RtlGenRandom, which has this name in advapi32.dll.
    BOOLEAN WINAPI SystemFunction036(void *, ULONG);
    return SystemFunction036(bytes, (ULONG)count) ? 0 : -badIO;
}

void arc4random_buf(void *bytes, size_t count) {
    if (census_random(bytes, (int32_t)count) != 0) abort();
}

int main(void) { return census_collect(); }

// MARK: Time

static const int64_t epoch = 116444736000000000; // of Unix, as a FILETIME

int64_t census_now(void) {
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    return (timeOf(now) - epoch) / 10000000;
}

int64_t census_utc_offset(int64_t time) {
    int64_t utc = time * 10000000 + epoch;
    FILETIME file = {(DWORD)utc, (DWORD)(utc >> 32)}, localFile;
    SYSTEMTIME moment, local;
    if (!FileTimeToSystemTime(&file, &moment)) return 0;
    if (!SystemTimeToTzSpecificLocalTime(NULL, &moment, &local)) return 0;
    if (!SystemTimeToFileTime(&local, &localFile)) return 0;
    // SYSTEMTIME is exact to the millisecond.
    return (timeOf(localFile) - utc) / 10000000;
}

// MARK: Standard streams

static HANDLE streamHandle(int32_t stream) {
    DWORD which = stream == 0 ? STD_INPUT_HANDLE : stream == 1 ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE;
    return GetStdHandle(which);
}

int32_t census_is_terminal(int32_t stream) {
    DWORD mode;
    return GetConsoleMode(streamHandle(stream), &mode) != 0;
}

int32_t census_write_stream(int32_t stream, const uint8_t *bytes, int64_t count) {
    HANDLE handle = streamHandle(stream);
    if (handle == NULL || handle == INVALID_HANDLE_VALUE) return -badDescriptor;
    if (!census_is_terminal(stream)) {
        while (count > 0) {
            int64_t written = writeHandle(handle, bytes, count);
            if (written < 0) return (int32_t)written;
            if (written == 0) return -noSpace;
            bytes += written;
            count -= written;
        }
        return 0;
    }
    // Unicode, whatever code page the console has (article "Console Code Pages").
    int32_t length;
    WCHAR *text = copyUTF16(bytes, count, &length);
    if (text == NULL) return -noMemory;
    int32_t result = 0;
    for (int32_t start = 0; start < length;) {
        DWORD part = length - start > 8192 ? 8192 : (DWORD)(length - start), written = 0;
        if (!WriteConsoleW(handle, text + start, part, &written, NULL) || written == 0) {
            result = failure();
            break;
        }
        start += (int32_t)written;
    }
    free(text);
    return result;
}
#endif
