#pragma once
// What the files of Windows have in common. Text is UTF-16, in which a surrogate may stand alone, and
// UTF-8, in which such a one is three bytes that are not well-formed.
#include "CHost.h"
#include <winsock2.h>
#include <windows.h>
#include <sddl.h>

struct row;

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

/// What all lists have. The rest is each list's own: where the next entry is.
struct list {
    /// The memory that the entries are in, and what releases it.
    void *memory;
    void(WINAPI *release)(void *);
    void *next, *inner;
    uint32_t index, count;
    /// Memory of `malloc`.
    void *other;
    /// Takes the next row, for census_windows_next.
    int32_t (*take)(struct list *, struct row *);
};

/// A list without entries. NULL, with an error, where there is no memory.
struct list *newList(int32_t *error);
/// Releases a list. Returns NULL.
void *failedList(struct list *list, int32_t result, int32_t *error);
void WINAPI releaseHeap(void *memory);

/// A row of a list: see census_windows_next.
struct row {
    int64_t *numbers;
    uint16_t *texts;
    int32_t capacity, textCount;
};

/// Adds a text. A length below 0 is that of one that there is not.
void addText(struct row *row, const WCHAR *text, int32_t length);
/// Adds a text that ends in NUL; NULL is one that there is not.
void addString(struct row *row, const WCHAR *text);
/// Adds a security identifier as `S-1-5-…`.
void addSID(struct row *row, PSID identifier);

/// Makes a value of the registry, of a type of text, the text that it stands for: without the NULs
/// that it may end in, and with its variables expanded. Returns its length.
int32_t valueText(DWORD type, uint16_t *text, int32_t length, int32_t capacity);

static inline int64_t timeOf(FILETIME time) {
    return (int64_t)((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime);
}

static inline int32_t failure(void) { return census_windows_failure(GetLastError()); }
static inline int32_t absent(void) { return census_windows_failure(ERROR_CALL_NOT_IMPLEMENTED); }

/// Writes to a file. Returns how many bytes were written.
int64_t writeHandle(HANDLE handle, const uint8_t *bytes, int64_t count);
