#include "CHost.h"
#include <stdlib.h>
#include <zlib.h>

void *census_deflate_begin(int32_t level) {
    z_stream *stream = calloc(1, sizeof *stream);
    // Window bits 15, plus 16: gzip's wrapper.
    if (stream && deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(stream);
        return NULL;
    }
    return stream;
}

int64_t census_deflate(void *deflater, const uint8_t **input, int64_t *input_count,
                       int32_t is_last, uint8_t *output, int64_t room) {
    z_stream *stream = deflater;
    // zlib only reads it; its declaration predates const.
    stream->next_in = (uint8_t *)*input;
    stream->avail_in = (uint32_t)*input_count;
    stream->next_out = output;
    stream->avail_out = (uint32_t)room;
    deflate(stream, is_last ? Z_FINISH : Z_NO_FLUSH);
    *input = stream->next_in;
    *input_count = stream->avail_in;
    return room - stream->avail_out;
}

void census_deflate_end(void *deflater) {
    deflateEnd(deflater);
    free(deflater);
}
