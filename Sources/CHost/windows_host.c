#ifdef _WIN32
// What a collector asks Windows. Microsoft's documentation of each function is found by its name on
// learn.microsoft.com.
#include "windows_shared.h"
#include <lm.h>
#include <stdlib.h>
#include <string.h>
#include <winternl.h>

void *systemFunction(const WCHAR *library, const char *name) {
    WCHAR path[MAX_PATH + 32];
    UINT length = GetSystemDirectoryW(path, MAX_PATH);
    if (length == 0 || length > MAX_PATH) return NULL;
    path[length++] = L'\\';
    wcscpy(path + length, library);
    HMODULE module = LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    return module == NULL ? NULL : (void *)GetProcAddress(module, name);
}

int32_t copyText(const WCHAR *text, size_t length, uint16_t *to, int32_t capacity) {
    if (capacity < 0) capacity = 0;
    int32_t count = length > (size_t)capacity ? capacity : (int32_t)length;
    memcpy(to, text, (size_t)count * sizeof *to);
    return count;
}

// MARK: Host

int32_t census_windows_hostname(uint16_t *text, int32_t capacity) {
    DWORD size = (DWORD)capacity;
    // Of the computer itself, also where the process is one of a cluster's resources.
    if (!GetComputerNameExW(ComputerNamePhysicalDnsHostname, (WCHAR *)text, &size)) return failure();
    return (int32_t)size;
}

int32_t census_windows_join(int32_t *is_domain, uint16_t *text, int32_t capacity) {
    LOAD("netapi32.dll", NetGetJoinInformation);
    __typeof__(NetApiBufferFree) *release = systemFunction(L"netapi32.dll", "NetApiBufferFree");
    if (function == NULL || release == NULL) return absent();
    WCHAR *name = NULL;
    NETSETUP_JOIN_STATUS status = NetSetupUnknownStatus;
    DWORD error = function(NULL, &name, &status);
    if (error != NERR_Success) return census_windows_failure(error);
    int32_t length = 0;
    *is_domain = status == NetSetupDomainName;
    if (name != NULL && (status == NetSetupDomainName || status == NetSetupWorkgroupName))
        length = copyText(name, wcslen(name), text, capacity);
    release(name);
    return length;
}

static LONG queryRegistry(const uint8_t *key, const uint8_t *value, DWORD *type, void *data,
                          DWORD *size) {
    WCHAR *wideKey = copyUTF16(key, -1, NULL), *wideValue = copyUTF16(value, -1, NULL);
    HKEY open = NULL;
    // The 64-bit view also for a 32-bit process (article "Accessing an Alternate Registry View").
    LONG error = wideKey == NULL || wideValue == NULL ? ERROR_NOT_ENOUGH_MEMORY
        : RegOpenKeyExW(HKEY_LOCAL_MACHINE, wideKey, 0, KEY_QUERY_VALUE | KEY_WOW64_64KEY, &open);
    if (error == ERROR_SUCCESS) {
        error = RegQueryValueExW(open, wideValue, NULL, type, data, size);
        RegCloseKey(open);
    }
    free(wideKey);
    free(wideValue);
    return error;
}

int32_t census_windows_registry_text(const uint8_t *key, const uint8_t *value, uint16_t *text,
                                     int32_t capacity) {
    DWORD type, size = (DWORD)capacity * sizeof *text;
    LONG error = queryRegistry(key, value, &type, text, &size);
    if (error != ERROR_SUCCESS) return census_windows_failure((DWORD)error);
    if (type != REG_SZ && type != REG_EXPAND_SZ) return census_windows_failure(ERROR_FILE_NOT_FOUND);
    return valueText(type, text, (int32_t)(size / sizeof *text), capacity);
}

int64_t census_windows_registry_number(const uint8_t *key, const uint8_t *value) {
    DWORD type, number, size = sizeof number;
    LONG error = queryRegistry(key, value, &type, &number, &size);
    if (error != ERROR_SUCCESS) return census_windows_failure((DWORD)error);
    if (type != REG_DWORD) return census_windows_failure(ERROR_FILE_NOT_FOUND);
    return number;
}

int32_t census_windows_version(uint32_t *numbers) {
    // GetVersionEx gives a program the newest version that its manifest names.
    NTSTATUS WINAPI RtlGetVersion(OSVERSIONINFOEXW *);
    LOAD("ntdll.dll", RtlGetVersion);
    OSVERSIONINFOEXW version = {.dwOSVersionInfoSize = sizeof version};
    if (function == NULL || function(&version) != 0) return absent();
    numbers[0] = version.dwMajorVersion;
    numbers[1] = version.dwMinorVersion;
    numbers[2] = version.dwBuildNumber;
    numbers[3] = version.wProductType;
    return 0;
}

int32_t census_machine(uint8_t *name, int32_t capacity) {
    const char *machine = "";
    // Since Windows 10 1511; before it there was no ARM64.
    BOOL WINAPI IsWow64Process2(HANDLE, USHORT *, USHORT *);
    LOAD("kernel32.dll", IsWow64Process2);
    USHORT process, native = 0;
    if (function == NULL || !function(GetCurrentProcess(), &process, &native)) native = 0;
    SYSTEM_INFO system;
    GetNativeSystemInfo(&system);
    WORD architecture = system.wProcessorArchitecture;
    // By the names that Linux has for them, so that a fleet has one name for each.
    if (native == 0xAA64 || (native == 0 && architecture == 12)) machine = "aarch64";
    else if (native == 0x8664 || (native == 0 && architecture == 9)) machine = "x86_64";
    else if (native == 0x01C4 || (native == 0 && architecture == 5)) machine = "armv7l";
    else if (native == 0x0200 || (native == 0 && architecture == 6)) machine = "ia64";
    else if (native == 0x014C || (native == 0 && architecture == 0)) machine = "i686";
    int32_t length = (int32_t)strlen(machine);
    if (length > capacity) length = capacity;
    memcpy(name, machine, (size_t)length);
    return length;
}

int64_t census_windows_boot_time(void) {
    LOAD("ntdll.dll", NtQuerySystemInformation);
    // SystemTimeOfDayInformation begins with the time of the start, which does not waver from one
    // question to the next as the difference below does.
    struct { int64_t start, now; uint8_t rest[32]; } day = {0};
    FILETIME file;
    GetSystemTimeAsFileTime(&file);
    int64_t now = timeOf(file);
    int64_t counted = now - (int64_t)GetTickCount64() * 10000;
    ULONG length = 0;
    if (function == NULL || function((SYSTEM_INFORMATION_CLASS)3, &day, sizeof day, &length) < 0)
        return counted;
    int64_t difference = day.start - counted;
    // The layout is documented as opaque: it must agree with GetTickCount64, within a minute.
    return difference > -600000000 && difference < 600000000 ? day.start : counted;
}

uint32_t census_effective_user(void) { return census_windows_is_elevated() == 1 ? 0 : 1; }

int32_t census_windows_is_elevated(void) {
    HANDLE token;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return failure();
    TOKEN_ELEVATION elevation = {0};
    DWORD size = sizeof elevation;
    BOOL isKnown = GetTokenInformation(token, TokenElevation, &elevation, size, &size);
    int32_t result = isKnown ? elevation.TokenIsElevated != 0 : failure();
    CloseHandle(token);
    return result;
}

static void *logicalProcessors(LOGICAL_PROCESSOR_RELATIONSHIP relation, DWORD *size) {
    LOAD("kernel32.dll", GetLogicalProcessorInformationEx);
    *size = 0;
    if (function == NULL || function(relation, NULL, size) || *size == 0) return NULL;
    void *buffer = malloc(*size);
    if (buffer != NULL && !function(relation, buffer, size)) {
        free(buffer);
        return NULL;
    }
    return buffer;
}

void census_windows_processors(uint32_t *counts) {
    memset(counts, 0, 3 * sizeof *counts);
    DWORD size;
    uint8_t *all = logicalProcessors(RelationAll, &size);
    for (DWORD at = 0; all != NULL && at < size;) {
        SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *entry = (void *)(all + at);
        if (entry->Size == 0) break;
        if (entry->Relationship == RelationProcessorPackage) counts[0]++;
        if (entry->Relationship == RelationProcessorCore) {
            counts[1]++;
            // A core is in one group; a package may be in several (article "Processor Groups").
            for (WORD i = 0; i < entry->Processor.GroupCount; i++)
                counts[2] += (uint32_t)__builtin_popcountll(entry->Processor.GroupMask[i].Mask);
        }
        at += entry->Size;
    }
    free(all);
    // A 32-bit process sees only 32 processors of a group in its masks.
    LOAD("kernel32.dll", GetActiveProcessorCount);
    uint32_t active = function == NULL ? 0 : function(ALL_PROCESSOR_GROUPS);
    if (active == 0) {
        SYSTEM_INFO system;
        GetNativeSystemInfo(&system);
        active = system.dwNumberOfProcessors;
    }
    if (active > counts[2]) counts[2] = active;
}

#endif
