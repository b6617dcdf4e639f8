#pragma once
#include <zlib.h>

// The initialiser is a macro in zlib.h, which Swift does not import.

/// Starts inflating raw deflate data.
static inline int census_inflateInitRaw(z_streamp stream) { return inflateInit2(stream, -15); }

/// Starts inflating one gzip member (window bits 15, plus 16: gzip wrapper only).
static inline int census_inflateInit(z_streamp stream) {
    return inflateInit2(stream, 15 + 16);
}
