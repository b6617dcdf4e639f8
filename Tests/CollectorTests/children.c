// A program with known children, for the tests of the collector for Windows:
//
//     children.exe COUNT
//
// starts itself COUNT times, prints its own id and those of its children, a line each, and ends with
// them when standard input ends. `children.exe brief` starts children that end at once, again and
// again, until then. `children.exe listen` prints its id, and the ports on loopback that it listens to
// until then: of TCP with IPv4, of TCP with IPv6, of UDP with IPv4, of UDP with IPv6.
#include <winsock2.h>
#include <ws2tcpip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

// Starts itself with the argument and its own id. A busy machine may refuse wine a process for a while.
static PROCESS_INFORMATION start(const WCHAR *argument) {
    WCHAR program[32768], command[64];
    GetModuleFileNameW(NULL, program, 32768);
    swprintf(command, 64, L"child %ls %lu", argument, GetCurrentProcessId());
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION child = {0};
    for (int attempt = 0; attempt < 50; attempt++) {
        if (CreateProcessW(program, command, NULL, NULL, FALSE, DETACHED_PROCESS, NULL, NULL,
                           &startup, &child)) {
            CloseHandle(child.hThread);
            return child;
        }
        fprintf(stderr, "CreateProcess: %lu\n", GetLastError());
        Sleep(200);
    }
    exit(1);
}

static void listenOn(int family, int type) {
    struct sockaddr_storage address = {.ss_family = (short)family};
    struct sockaddr_in *v4 = (void *)&address;
    struct sockaddr_in6 *v6 = (void *)&address;
    int size = family == AF_INET ? sizeof *v4 : sizeof *v6;
    if (family == AF_INET) v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else v6->sin6_addr.s6_addr[15] = 1;
    SOCKET socket = WSASocketW(family, type, 0, NULL, 0, 0);
    if (bind(socket, (void *)&address, size) != 0 || (type == SOCK_STREAM && listen(socket, 5) != 0)
        || getsockname(socket, (void *)&address, &size) != 0) {
        fprintf(stderr, "socket: %d\n", WSAGetLastError());
        exit(1);
    }
    // Wine finds the process of a socket that its options were asked of.
    DWORD hops;
    int length = sizeof hops;
    if (family == AF_INET) getsockopt(socket, IPPROTO_IP, IP_TTL, (char *)&hops, &length);
    else getsockopt(socket, IPPROTO_IPV6, IPV6_UNICAST_HOPS, (char *)&hops, &length);
    // Both have the port in the same place.
    printf("%u\n", ntohs(v4->sin_port));
}

static volatile LONG isOver;

static DWORD WINAPI waitForEnd(void *unused) {
    while (getchar() != EOF) {}
    InterlockedExchange(&isOver, 1);
    return 0;
}

int main(int count, char **arguments) {
    if (count < 2) return 64;
    if (strcmp(arguments[1], "wait") == 0) {
        // Until the parent ends, however it does.
        HANDLE parent = OpenProcess(SYNCHRONIZE, FALSE, strtoul(arguments[2], NULL, 10));
        if (parent) WaitForSingleObject(parent, 600000);
        return 0;
    }
    if (strcmp(arguments[1], "end") == 0) return 0;
    CreateThread(NULL, 0, waitForEnd, NULL, 0, NULL);
    printf("%lu\n", GetCurrentProcessId());
    if (strcmp(arguments[1], "brief") == 0) {
        fflush(stdout);
        while (!isOver) {
            PROCESS_INFORMATION child = start(L"end");
            WaitForSingleObject(child.hProcess, INFINITE);
            CloseHandle(child.hProcess);
        }
        return 0;
    }
    if (strcmp(arguments[1], "listen") == 0) {
        WSADATA data;
        WSAStartup(MAKEWORD(2, 2), &data);
        listenOn(AF_INET, SOCK_STREAM);
        listenOn(AF_INET6, SOCK_STREAM);
        listenOn(AF_INET, SOCK_DGRAM);
        listenOn(AF_INET6, SOCK_DGRAM);
        puts("ready");
        fflush(stdout);
        while (!isOver) Sleep(20);
        return 0;
    }
    int children = atoi(arguments[1]);
    HANDLE *handles = calloc((size_t)children, sizeof *handles);
    for (int i = 0; i < children; i++) {
        PROCESS_INFORMATION child = start(L"wait");
        handles[i] = child.hProcess;
        printf("%lu\n", child.dwProcessId);
    }
    puts("ready");
    fflush(stdout);
    while (!isOver) Sleep(20);
    for (int i = 0; i < children; i++) TerminateProcess(handles[i], 0);
    return 0;
}
