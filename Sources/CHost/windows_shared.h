#pragma once
// What the files of Windows have in common. Text is UTF-16, in which a surrogate may stand alone, and
// UTF-8, in which such a one is three bytes that are not well-formed.
#include "CHost.h"
#include <winsock2.h>
#include <windows.h>
#include <sddl.h>

/// Returns how many bytes were written; a character that has no room ends the text.
int32_t toUTF8(const WCHAR *text, int32_t length, uint8_t *bytes, int32_t capacity);

/// A copy as UTF-16, ended by NUL, which the caller frees. A byte that is not UTF-8 becomes U+FFFD.
/// A count below 0 is that of the bytes before a NUL. NULL where there is no memory.
WCHAR *copyUTF16(const uint8_t *bytes, int64_t count, int32_t *length);

/// Numbers of errno(3) of Linux, so that shared code has one set of them.
enum {
    noEntry = 2, badIO = 5, noDevice = 6, badDescriptor = 9, noMemory = 12, noAccess = 13, busy = 16,
    exists = 17, notDirectory = 20, isDirectory = 21, invalid = 22, tooLarge = 27, noSpace = 28,
    readOnly = 30, brokenPipe = 32, longName = 36, manyLinks = 40, notSupported = 95, timedOut = 110,
    errnoLimit = 128
};

/// The number of errno(3), negated, for an error of Windows, whose text census_error_text then has.
int32_t census_windows_failure(uint32_t error);

/// A function of a library of the system's directory, and of no other: the program's own directory
/// may be a stick with files of others (article "Dynamic-Link Library Security"). NULL where this
/// Windows does not have it.
void *systemFunction(const WCHAR *library, const char *name);

/// Declares `function` as the one of a library that has the name and the type of `name`.
#define LOAD(library, name) __typeof__(name) *function = systemFunction(L##library, #name)

/// Copies as many units as there is room for. Returns how many.
int32_t copyText(const WCHAR *text, size_t length, uint16_t *to, int32_t capacity);

static inline int64_t timeOf(FILETIME time) {
    return (int64_t)((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime);
}

static inline int32_t failure(void) { return census_windows_failure(GetLastError()); }
static inline int32_t absent(void) { return census_windows_failure(ERROR_CALL_NOT_IMPLEMENTED); }

/// Writes to a file. Returns how many bytes were written.
int64_t writeHandle(HANDLE handle, const uint8_t *bytes, int64_t count);
