#ifdef _WIN32
// What a collector asks Windows that are many: addresses, sessions, processes. Microsoft's
// documentation of each function is found by its name on learn.microsoft.com.
#include "windows_shared.h"
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <netioapi.h>
#include <stdlib.h>
#include <string.h>
#include <winternl.h>
#include <wtsapi32.h>

// MARK: Lists

void WINAPI releaseHeap(void *memory) { free(memory); }

void census_windows_end_list(void *memory) {
    struct list *list = memory;
    if (list->release != NULL && list->memory != NULL) list->release(list->memory);
    free(list->other);
    free(list);
}

struct list *newList(int32_t *error) {
    struct list *list = calloc(1, sizeof *list);
    if (list == NULL) *error = census_windows_failure(ERROR_NOT_ENOUGH_MEMORY);
    return list;
}

void *failedList(struct list *list, int32_t result, int32_t *error) {
    *error = result;
    census_windows_end_list(list);
    return NULL;
}

int32_t census_windows_next(void *memory, int64_t *numbers, uint16_t *texts, int32_t capacity) {
    struct list *list = memory;
    struct row row = {numbers, texts, capacity, 0};
    memset(numbers, 0, census_row_size * sizeof *numbers);
    for (int i = census_row_numbers; i < census_row_size; i++) numbers[i] = -1;
    return list->take(list, &row);
}

void addText(struct row *row, const WCHAR *text, int32_t length) {
    if (length > 0) {
        length = copyText(text, (size_t)length, row->texts, row->capacity);
        row->texts += length;
        row->capacity -= length;
    }
    row->numbers[census_row_numbers + row->textCount++] = length;
}

void addString(struct row *row, const WCHAR *text) {
    addText(row, text, text == NULL ? -1 : (int32_t)wcslen(text));
}

void addSID(struct row *row, PSID identifier) {
    WCHAR *text = NULL;
    if (identifier != NULL) ConvertSidToStringSidW(identifier, &text);
    addString(row, text);
    LocalFree(text);
}

// MARK: Addresses

/// The best default route over an interface.
struct route {
    uint64_t adapter;
    int32_t family;
    int64_t metric;
};

/// Sets the list's `other` and `count` to the default routes; none where they are unknown.
static void readRoutes(struct list *list) {
    LOAD("iphlpapi.dll", GetIpForwardTable2);
    __typeof__(FreeMibTable) *release = systemFunction(L"iphlpapi.dll", "FreeMibTable");
    MIB_IPFORWARD_TABLE2 *table = NULL;
    if (function == NULL || release == NULL || function(AF_UNSPEC, &table) != NO_ERROR) return;
    struct route *routes = calloc(table->NumEntries + 1, sizeof *routes);
    for (ULONG i = 0; routes != NULL && i < table->NumEntries; i++) {
        MIB_IPFORWARD_ROW2 *row = &table->Table[i];
        if (row->DestinationPrefix.PrefixLength != 0 || row->Loopback) continue;
        routes[list->count++] = (struct route){
            row->InterfaceLuid.Value, row->DestinationPrefix.Prefix.si_family, row->Metric};
    }
    list->other = routes;
    release(table);
}

void *census_windows_addresses(int32_t *error) {
    struct list *list = newList(error);
    if (list == NULL) return NULL;
    list->release = releaseHeap;
    LOAD("iphlpapi.dll", GetAdaptersAddresses);
    if (function == NULL) return failedList(list, absent(), error);
    ULONG size = 16 << 10, result;
    ULONG flags = GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER;
    do {
        free(list->memory);
        list->memory = malloc(size);
        result = list->memory == NULL ? ERROR_NOT_ENOUGH_MEMORY
            : function(AF_UNSPEC, flags, NULL, list->memory, &size);
    } while (result == ERROR_BUFFER_OVERFLOW);
    if (result == ERROR_NO_DATA || result == ERROR_ADDRESS_NOT_ASSOCIATED) return list;
    if (result != NO_ERROR) return failedList(list, census_windows_failure(result), error);
    IP_ADAPTER_ADDRESSES *first = list->memory;
    list->next = first;
    list->inner = first->FirstUnicastAddress;
    readRoutes(list);
    return list;
}

int32_t census_windows_next_address(void *memory, int64_t *numbers, uint8_t *address,
                                    uint16_t *description, int32_t capacity) {
    struct list *list = memory;
    IP_ADAPTER_ADDRESSES *adapter = list->next;
    IP_ADAPTER_UNICAST_ADDRESS *unicast = list->inner;
    while (adapter != NULL) {
        if (unicast == NULL) {
            adapter = adapter->Next;
            unicast = adapter == NULL ? NULL : adapter->FirstUnicastAddress;
            continue;
        }
        struct sockaddr *socket = unicast->Address.lpSockaddr;
        int isIPv6 = socket->sa_family == AF_INET6;
        if (isIPv6) memcpy(address, &((struct sockaddr_in6 *)socket)->sin6_addr, 16);
        else memcpy(address, &((struct sockaddr_in *)socket)->sin_addr, 4);
        int64_t metric = -1;
        struct route *routes = list->other;
        for (uint32_t i = 0; i < list->count; i++) {
            if (routes[i].adapter != adapter->Luid.Value || routes[i].family != socket->sa_family)
                continue;
            // A route's metric is added to that of its interface (MIB_IPFORWARD_ROW2).
            int64_t sum = routes[i].metric + (isIPv6 ? adapter->Ipv6Metric : adapter->Ipv4Metric);
            if (metric < 0 || sum < metric) metric = sum;
        }
        numbers[0] = adapter->IfType;
        numbers[1] = adapter->OperStatus == IfOperStatusUp;
        numbers[2] = metric;
        numbers[3] = unicast->SuffixOrigin;
        numbers[4] = unicast->DadState;
        numbers[5] = isIPv6 ? 16 : 4;
        const WCHAR *text = adapter->Description ? adapter->Description : L"";
        numbers[6] = copyText(text, wcslen(text), description, capacity);
        list->next = adapter;
        list->inner = unicast->Next;
        if (list->inner == NULL) {
            list->next = adapter->Next;
            list->inner = adapter->Next == NULL ? NULL : adapter->Next->FirstUnicastAddress;
        }
        return 1;
    }
    list->next = NULL;
    return 0;
}

static int32_t takeAdapter(struct list *list, struct row *row) {
    IP_ADAPTER_ADDRESSES *adapter = list->next;
    if (adapter == NULL) return 0;
    list->next = adapter->Next;
    row->numbers[0] = adapter->IfType;
    addString(row, adapter->FriendlyName);
    addString(row, adapter->Description);
    WCHAR address[MAX_ADAPTER_ADDRESS_LENGTH];
    int32_t count = (int32_t)adapter->PhysicalAddressLength;
    if (count > MAX_ADAPTER_ADDRESS_LENGTH) count = 0;
    for (int32_t i = 0; i < count; i++) address[i] = adapter->PhysicalAddress[i];
    addText(row, address, count);
    return 1;
}

void *census_windows_adapters(int32_t *error) {
    struct list *list = census_windows_addresses(error);
    if (list != NULL) list->take = takeAdapter;
    return list;
}

// MARK: Sessions

void *census_windows_sessions(int32_t *error) {
    struct list *list = newList(error);
    if (list == NULL) return NULL;
    LOAD("wtsapi32.dll", WTSEnumerateSessionsW);
    list->release = systemFunction(L"wtsapi32.dll", "WTSFreeMemory");
    if (function == NULL || list->release == NULL) return failedList(list, absent(), error);
    WTS_SESSION_INFOW *sessions = NULL;
    DWORD count = 0;
    if (!function(WTS_CURRENT_SERVER_HANDLE, 0, 1, &sessions, &count))
        return failedList(list, failure(), error);
    list->memory = sessions;
    list->count = count;
    return list;
}

int32_t census_windows_next_session(void *memory, int64_t *numbers, uint16_t *texts,
                                    int32_t capacity) {
    struct list *list = memory;
    if (list->index == list->count) return 0;
    WTS_SESSION_INFOW *session = (WTS_SESSION_INFOW *)list->memory + list->index++;
    memset(numbers, 0, 6 * sizeof *numbers);
    numbers[0] = session->State;
    LOAD("wtsapi32.dll", WTSQuerySessionInformationW);
    if (function == NULL) return 1;
    static const WTS_INFO_CLASS kinds[] = {WTSUserName, WTSDomainName, WTSWinStationName,
                                           WTSClientName};
    for (int i = 0; i < 4; i++) {
        WCHAR *text = NULL;
        DWORD size = 0;
        if (!function(WTS_CURRENT_SERVER_HANDLE, session->SessionId, kinds[i], &text, &size)) continue;
        int32_t length = text == NULL ? 0
            : copyText(text, wcsnlen(text, size / sizeof *text), texts, capacity);
        numbers[2 + i] = length;
        texts += length;
        capacity -= length;
        list->release(text);
    }
    WTSINFOW *info = NULL;
    DWORD size = 0;
    WTS_INFO_CLASS kind = WTSSessionInfo;
    if (function(WTS_CURRENT_SERVER_HANDLE, session->SessionId, kind, (WCHAR **)&info, &size)) {
        if (info != NULL && size >= sizeof *info) numbers[1] = info->LogonTime.QuadPart;
        list->release(info);
    }
    return 1;
}

// MARK: Processes

/// SYSTEM_PROCESS_INFORMATION. What the article "NtQuerySystemInformation function" has as
/// reserved is by the names that NT has had it as since version 3.5; Windows 7 added the first four.
struct process {
    ULONG nextEntryOffset, threadCount;
    LARGE_INTEGER privateSize;
    ULONG hardFaults, threadsHighWatermark;
    ULONGLONG cycles;
    LARGE_INTEGER createTime, userTime, kernelTime;
    UNICODE_STRING imageName;
    LONG basePriority;
    HANDLE uniqueProcessID, inheritedFromUniqueProcessID;
};

/// With the privilege an administrator may ask about the processes of others. Without it, it is as
/// it was.
static void enableDebugPrivilege(void) {
    HANDLE token;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token)) return;
    TOKEN_PRIVILEGES privileges = {.PrivilegeCount = 1};
    privileges.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
    if (LookupPrivilegeValueW(NULL, L"SeDebugPrivilege", &privileges.Privileges[0].Luid))
        AdjustTokenPrivileges(token, FALSE, &privileges, 0, NULL, NULL);
    CloseHandle(token);
}

void *census_windows_processes(int32_t *error) {
    struct list *list = newList(error);
    if (list == NULL) return NULL;
    list->release = releaseHeap;
    LOAD("ntdll.dll", NtQuerySystemInformation);
    if (function == NULL) return failedList(list, absent(), error);
    enableDebugPrivilege();
    ULONG size = 256 << 10;
    NTSTATUS status;
    while (1) {
        list->memory = malloc(size);
        if (list->memory == NULL)
            return failedList(list, census_windows_failure(ERROR_NOT_ENOUGH_MEMORY), error);
        ULONG needed = 0;
        status = function(SystemProcessInformation, list->memory, size, &needed);
        if (status != (NTSTATUS)0xC0000004 || size > 256 << 20) break; // STATUS_INFO_LENGTH_MISMATCH
        free(list->memory);
        // Some processes may come meanwhile.
        size = (needed > size ? needed : size * 2) + (64 << 10);
    }
    if (status < 0) return failedList(list, census_windows_failure(ERROR_GEN_FAILURE), error);
    list->next = list->memory;
    return list;
}

int32_t census_windows_next_process(void *memory, int64_t *numbers, uint16_t *name,
                                    int32_t capacity) {
    struct list *list = memory;
    struct process *process = list->next;
    if (process == NULL) return 0;
    numbers[0] = (int64_t)(uint32_t)(uintptr_t)process->uniqueProcessID;
    numbers[1] = (int64_t)(uint32_t)(uintptr_t)process->inheritedFromUniqueProcessID;
    numbers[2] = process->createTime.QuadPart;
    size_t length = process->imageName.Buffer ? process->imageName.Length / sizeof *name : 0;
    numbers[3] = copyText(process->imageName.Buffer, length, name, capacity);
    uint32_t offset = process->nextEntryOffset;
    list->next = offset == 0 ? NULL : (uint8_t *)process + offset;
    return 1;
}

static int32_t readOwner(HANDLE process, uint8_t *owner, int32_t capacity) {
    HANDLE token;
    if (!OpenProcessToken(process, TOKEN_QUERY, &token)) return failure();
    union { TOKEN_USER user; uint8_t bytes[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE]; } data;
    DWORD size = sizeof data;
    int32_t result;
    if (!GetTokenInformation(token, TokenUser, &data, size, &size)) {
        result = failure();
    } else {
        DWORD length = GetLengthSid(data.user.User.Sid);
        result = (int32_t)length > capacity ? census_windows_failure(ERROR_INVALID_PARAMETER) : (int32_t)length;
        if (result > 0) memcpy(owner, data.user.User.Sid, length);
    }
    CloseHandle(token);
    return result;
}

int32_t census_windows_user(uint16_t *text, int32_t capacity) {
    uint8_t owner[SECURITY_MAX_SID_SIZE];
    int32_t length = readOwner(GetCurrentProcess(), owner, sizeof owner);
    return length < 0 ? length : census_windows_account(owner, text, capacity);
}

void census_windows_process(int64_t id, int64_t start, uint8_t *owner, int32_t *owner_count,
                            uint16_t *path, int32_t *path_count) {
    // The right that a process has on all others of the same user, and that even protected
    // processes grant to administrators (article "Process Security and Access Rights").
    HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, (DWORD)id);
    if (process == NULL) {
        // ERROR_INVALID_PARAMETER: there is no such process any more.
        int32_t error = GetLastError() == ERROR_INVALID_PARAMETER
            ? census_windows_failure(ERROR_FILE_NOT_FOUND) : failure();
        *owner_count = *path_count = error;
        return;
    }
    FILETIME created, exited, kernel, user;
    if (start != 0 && GetProcessTimes(process, &created, &exited, &kernel, &user)
        && timeOf(created) != start) {
        // Another process has the id by now.
        *owner_count = *path_count = census_windows_failure(ERROR_FILE_NOT_FOUND);
    } else {
        *owner_count = readOwner(process, owner, *owner_count);
        DWORD size = (DWORD)*path_count;
        BOOL isKnown = QueryFullProcessImageNameW(process, 0, (WCHAR *)path, &size);
        *path_count = isKnown ? (int32_t)size : failure();
    }
    CloseHandle(process);
}

int32_t census_windows_account(const uint8_t *identifier, uint16_t *text, int32_t capacity) {
    WCHAR name[257], domain[257];
    DWORD nameSize = 257, domainSize = 257;
    SID_NAME_USE use;
    if (LookupAccountSidW(NULL, (PSID)identifier, name, &nameSize, domain, &domainSize, &use)) {
        int32_t length = copyText(domain, domainSize, text, capacity);
        if (length > 0) length += copyText(L"\\", 1, text + length, capacity - length);
        return length + copyText(name, nameSize, text + length, capacity - length);
    }
    WCHAR *string = NULL;
    if (!ConvertSidToStringSidW((PSID)identifier, &string)) return failure();
    int32_t length = copyText(string, wcslen(string), text, capacity);
    LocalFree(string);
    return length;
}
#endif
