// A program with known children, for the tests of the collector for Windows:
//
//     children.exe COUNT
//
// starts itself COUNT times, prints its own id and those of its children, a line each, and ends with
// them when standard input ends. `children.exe brief` starts children that end at once, again and
// again, until then.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

static PROCESS_INFORMATION start(const WCHAR *argument) {
    WCHAR program[32768], command[] = L"child x                    ";
    GetModuleFileNameW(NULL, program, 32768);
    wcscpy(command + 6, argument);
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION child = {0};
    if (!CreateProcessW(program, command, NULL, NULL, FALSE, DETACHED_PROCESS, NULL, NULL, &startup,
                        &child)) {
        fprintf(stderr, "CreateProcess: %lu\n", GetLastError());
        exit(1);
    }
    CloseHandle(child.hThread);
    return child;
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
        Sleep(600000);
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
