#pragma once
#include <zlib.h>

// The two initialisers are macros in zlib.h, which Swift cannot see.

/// Starts inflating one gzip member (window bits 15, plus 16: gzip wrapper only).
static inline int census_inflateInit(z_streamp stream) {
    return inflateInit2(stream, 15 + 16);
}

/// Starts deflating one gzip member.
static inline int census_deflateInit(z_streamp stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
