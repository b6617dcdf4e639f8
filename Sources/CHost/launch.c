#include "CHost.h"
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static int argumentCount;
static char **arguments;

#ifndef COLLECTOR
// Swift's runtime reads its own path and the arguments from /proc/self. Without /proc (a bare
// chroot, a rescue shell) it aborts before `main` unless SWIFT_ROOT tells it a path, and sees no
// arguments. So both are seen to here, ahead of the runtime's own constructors; glibc passes
// constructors what `main` gets.
__attribute__((constructor(101)))
#endif
static void launch(int argc, char **argv) {
    argumentCount = argc;
    arguments = argv;
#ifndef COLLECTOR
    if (access("/proc/self/exe", F_OK) != 0) setenv("SWIFT_ROOT", "/", 0);
#endif

    // A standard stream that was closed would go to the next file that is opened. Give it
    // something that can neither be read nor written; the lowest free descriptor is the closed one.
    for (int stream = 0; stream < 3; stream++)
        if (fcntl(stream, F_GETFD) == -1) (void)!open("/", O_RDONLY | O_DIRECTORY);

    // A reader that has gone away is an error of the write, not the end of the process.
    signal(SIGPIPE, SIG_IGN);
}

int32_t census_argument_count(void) { return argumentCount; }
const char *census_argument(int32_t index) { return arguments[index]; }

#ifdef COLLECTOR
/// Random bytes, arc4random_buf(3), which musl lacks: Embedded Swift seeds the hashes of its sets and
/// dictionaries with them.
void arc4random_buf(void *bytes, size_t count);

void arc4random_buf(void *bytes, size_t count) {
    if (census_random(bytes, (int32_t)count) != 0) abort();
}

int main(int argc, char **argv) {
    launch(argc, argv);
    return census_collect();
}
#endif
