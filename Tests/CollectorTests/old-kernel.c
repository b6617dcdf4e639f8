// Runs a program as if the kernel were an old one:
//
//     old-kernel 2.6.16 PROGRAM ARGUMENT…
//     old-kernel 3.0 PROGRAM ARGUMENT…
//
// ptrace(2) refuses what came later, with the errors that such a kernel gives. Numbers of system calls
// were given in order: see unistd.h of those kernels, and syscalls(2). Linux 2.6.16 is the first with
// openat(2). Until 3.5, fstat(2) failed for a descriptor of O_PATH. The program has one thread, for
// x86-64 or i386.
#include <errno.h>
#include <linux/audit.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CLOEXEC = 02000000, PATH = 010000000, DUPFD_CLOEXEC = 1030, SYMLINK_NOFOLLOW = 0x100,
       SOCKET_TYPES = 0xF, NETLINK = 270, STRICT_CHECK = 12 };

/// Of a processor: the last call of both kernels, and the calls that are looked at.
struct calls {
    uint64_t last[2], open, openat, close, fstat, fstatat, fcntl, fcntl64, socket, setsockopt, socketcall;
};
static const struct calls x86_64 = {{272, 308}, 2, 257, 3, 5, 262, 72, -1, 41, 54, -1};
static const struct calls i386 = {{310, 346}, 5, 295, 6, 197, 300, 55, 221, 359, 366, 102};

static pid_t child;
static int isThree;
/// The descriptors of O_PATH, a bit each.
static uint64_t places;
/// Whether the call that has begun gives such a one.
static int opensPlace;

static uint64_t word(uint64_t address, int isWide, int index) {
    uint64_t value = (uint64_t)ptrace(PTRACE_PEEKDATA, child, address + (uint64_t)index * (isWide ? 8 : 4), 0);
    return isWide ? value : (uint32_t)value;
}

static int isPlace(uint64_t descriptor) { return descriptor < 64 && places >> descriptor & 1; }

/// The error of a call; 0 if it is made, perhaps with other flags.
static int refusal(const struct calls *calls, uint64_t number, uint64_t *arguments, struct user_regs_struct *registers) {
    if (number > calls->last[isThree]) return ENOSYS;
    opensPlace = 0;
    if (number == calls->open || number == calls->openat) {
        uint64_t flags = arguments[number == calls->openat ? 2 : 1];
        if (isThree) opensPlace = (flags & PATH) != 0;
        else if (number == calls->openat) registers->rdx &= ~(uint64_t)(PATH | CLOEXEC);
        else if (calls == &i386) registers->rcx &= ~(uint64_t)(PATH | CLOEXEC);
        else registers->rsi &= ~(uint64_t)(PATH | CLOEXEC);
    }
    if (number == calls->close && arguments[0] < 64) places &= ~(1ull << arguments[0]);
    if (number == calls->fstat && isPlace(arguments[0])) return EBADF;
    if (number == calls->fstatat && !isThree && arguments[3] & ~(uint64_t)SYMLINK_NOFOLLOW) return EINVAL;
    if ((number == calls->fcntl || number == calls->fcntl64) && !isThree && arguments[1] == DUPFD_CLOEXEC)
        return EINVAL;
    uint64_t values[3] = {arguments[0], arguments[1], arguments[2]};
    int isSocket = number == calls->socket, isOption = number == calls->setsockopt;
    if (number == calls->socketcall) {
        isSocket = arguments[0] == 1, isOption = arguments[0] == 14;
        for (int i = 0; i < 3; i++) values[i] = word(arguments[1], 0, i);
    }
    if (isSocket && !isThree && values[1] & ~(uint64_t)SOCKET_TYPES) return EINVAL;
    if (isOption && values[1] == NETLINK && values[2] == STRICT_CHECK) return ENOPROTOOPT;
    return 0;
}

int main(int count, char **arguments) {
    if (count < 3) return 64;
    isThree = strcmp(arguments[1], "3.0") == 0;
    if (!isThree && strcmp(arguments[1], "2.6.16") != 0) return 64;
    child = fork();
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, 0, 0) == 0) execv(arguments[2], arguments + 2);
        perror(arguments[2]);
        _exit(127);
    }
    int status, error = 0, isFirst = 1, signal = 0;
    while (waitpid(child, &status, 0) == child) {
        if (WIFEXITED(status)) return WEXITSTATUS(status);
        if (WIFSIGNALED(status)) return 128 + WTERMSIG(status);
        signal = WSTOPSIG(status);
        if (isFirst) {
            isFirst = signal = 0;
            ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
        } else if (signal == (SIGTRAP | 0x80)) {
            signal = 0;
            struct __ptrace_syscall_info call;
            struct user_regs_struct registers;
            if (ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof call, &call) < 0
                || ptrace(PTRACE_GETREGS, child, 0, &registers) < 0) {
                perror("old-kernel");
                return 1;
            }
            if (call.op == PTRACE_SYSCALL_INFO_ENTRY) {
                const struct calls *calls = call.arch == AUDIT_ARCH_I386 ? &i386 : &x86_64;
                error = refusal(calls, call.entry.nr, (uint64_t *)call.entry.args, &registers);
                if (error != 0) registers.orig_rax = (uint64_t)-1;
                ptrace(PTRACE_SETREGS, child, 0, &registers);
            } else if (call.op == PTRACE_SYSCALL_INFO_EXIT) {
                if (error != 0) {
                    registers.rax = (uint64_t)-error;
                    ptrace(PTRACE_SETREGS, child, 0, &registers);
                } else if (opensPlace && call.exit.rval >= 0 && call.exit.rval < 64) {
                    places |= 1ull << call.exit.rval;
                }
                error = opensPlace = 0;
            }
        }
        ptrace(PTRACE_SYSCALL, child, 0, signal);
    }
    return 1;
}
