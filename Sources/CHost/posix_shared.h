#pragma once
// What the files of POSIX have in common.
#include "CHost.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

/// Makes a call again when a signal interrupted it.
#define RETRY(result, call)                                                                        \
    do result = (call);                                                                            \
    while (result == -1 && errno == EINTR)

/// The result of a call that gives -1 and errno.
static inline int32_t checked(int result) { return result == -1 ? -errno : result; }

static const int reading = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
