#ifdef _WIN32
// The sockets, the firmware and the memory of this computer. Microsoft's documentation of each
// function is found by its name on learn.microsoft.com.
#include "windows_shared.h"
#include <cpuid.h>
#include <iphlpapi.h>
#include <stdlib.h>
#include <string.h>

// MARK: Sockets

static int32_t takePort(struct list *list, struct row *row) {
    // Their rows by whether it is UDP, and whether IPv6: their size, and where address, port and
    // process are.
    static const uint8_t layouts[4][4] = {
        {sizeof(MIB_TCPROW_OWNER_PID), offsetof(MIB_TCPROW_OWNER_PID, dwLocalAddr),
         offsetof(MIB_TCPROW_OWNER_PID, dwLocalPort), offsetof(MIB_TCPROW_OWNER_PID, dwOwningPid)},
        {sizeof(MIB_TCP6ROW_OWNER_PID), offsetof(MIB_TCP6ROW_OWNER_PID, ucLocalAddr),
         offsetof(MIB_TCP6ROW_OWNER_PID, dwLocalPort), offsetof(MIB_TCP6ROW_OWNER_PID, dwOwningPid)},
        {sizeof(MIB_UDPROW_OWNER_PID), offsetof(MIB_UDPROW_OWNER_PID, dwLocalAddr),
         offsetof(MIB_UDPROW_OWNER_PID, dwLocalPort), offsetof(MIB_UDPROW_OWNER_PID, dwOwningPid)},
        {sizeof(MIB_UDP6ROW_OWNER_PID), offsetof(MIB_UDP6ROW_OWNER_PID, ucLocalAddr),
         offsetof(MIB_UDP6ROW_OWNER_PID, dwLocalPort), offsetof(MIB_UDP6ROW_OWNER_PID, dwOwningPid)},
    };
    uint32_t kind = (uint32_t)(uintptr_t)list->inner;
    const uint8_t *layout = layouts[kind], *entry = list->next;
    if (list->index++ == list->count) return 0;
    list->next = (uint8_t *)entry + layout[0];
    // In network order, in the lower half.
    row->numbers[0] = entry[layout[2]] << 8 | entry[layout[2] + 1];
    DWORD process;
    memcpy(&process, entry + layout[3], sizeof process);
    row->numbers[1] = process;
    WCHAR address[16];
    int32_t count = kind & 1 ? 16 : 4;
    for (int32_t i = 0; i < count; i++) address[i] = entry[layout[1] + i];
    addText(row, address, count);
    return 1;
}

void *census_windows_ports(int32_t is_udp, int32_t is_ipv6, int32_t *error) {
    struct list *list = newList(error);
    if (list == NULL) return NULL;
    list->release = releaseHeap;
    list->take = takePort;
    list->inner = (void *)(uintptr_t)(is_udp * 2 + is_ipv6);
    // Both have the same type but for that of the class, which is a number.
    LOAD("iphlpapi.dll", GetExtendedTcpTable);
    if (is_udp) function = systemFunction(L"iphlpapi.dll", "GetExtendedUdpTable");
    if (function == NULL) return failedList(list, absent(), error);
    int class = is_udp ? (int)UDP_TABLE_OWNER_PID : (int)TCP_TABLE_OWNER_PID_LISTENER;
    DWORD size = 16 << 10, result;
    do {
        free(list->memory);
        size += 4 << 10; // some may come meanwhile
        list->memory = malloc(size);
        result = list->memory == NULL ? ERROR_NOT_ENOUGH_MEMORY
            : function(list->memory, &size, FALSE, is_ipv6 ? AF_INET6 : AF_INET,
                       (TCP_TABLE_CLASS)class, 0);
    } while (result == ERROR_INSUFFICIENT_BUFFER);
    if (result != NO_ERROR) return failedList(list, census_windows_failure(result), error);
    // The number of rows, then the rows, which are of such numbers and bytes.
    list->count = *(DWORD *)list->memory;
    list->next = (DWORD *)list->memory + 1;
    return list;
}

// MARK: Hardware

int32_t census_windows_firmware(uint8_t *bytes, int32_t capacity) {
    // RSMB.
    UINT size = GetSystemFirmwareTable(0x52534D42, 0, bytes, (DWORD)capacity);
    if (size == 0) return failure();
    return (int32_t)size > capacity ? census_windows_failure(ERROR_FILE_TOO_LARGE) : (int32_t)size;
}

int64_t census_windows_memory(void) {
    MEMORYSTATUSEX status = {.dwLength = sizeof status};
    return GlobalMemoryStatusEx(&status) ? (int64_t)status.ullTotalPhys : failure();
}

int32_t census_hypervisor(uint8_t *name) {
    uint32_t a, b, c, d;
    // The bit that no processor sets by itself.
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & 1u << 31)) return 0;
    __cpuid(0x40000000, a, b, c, d);
    memcpy(name, &b, 4);
    memcpy(name + 4, &c, 4);
    memcpy(name + 8, &d, 4);
    return 12;
}
#endif
