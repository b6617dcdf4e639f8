#include "CLinux.h"
#include <stdlib.h>

// Swift's runtime reads its own path and the arguments from /proc/self. Without /proc (a bare
// chroot, a rescue shell) it aborts before `main` unless SWIFT_ROOT tells it a path, and sees no
// arguments. So both are seen to here, ahead of the runtime's own constructors; glibc passes
// constructors what `main` gets.

static int argumentCount;
static char **arguments;

__attribute__((constructor(101))) static void launch(int argc, char **argv) {
    argumentCount = argc;
    arguments = argv;
    if (access("/proc/self/exe", F_OK) != 0) setenv("SWIFT_ROOT", "/", 0);
}

int census_argument_count(void) { return argumentCount; }
const char *census_argument(int index) { return arguments[index]; }
