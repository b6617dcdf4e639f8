#if defined COLLECTOR && !defined _WIN32
// The memory of a collector, instead of musl's malloc, which maps and unmaps pages for each file that
// is read: half of the system calls of a collector. The size of a block is a power of two; a free
// block is used again for the same size. A collector has one thread.
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { SMALLEST = 5, LARGEST = 17, CHUNK = 1 << 18 };

/// Stands before each block. A free one is in the list of its size.
struct header {
    /// Where the block begins: before the header if more alignment was asked for.
    struct header *block;
    /// The power of two; of a block above LARGEST, 0.
    size_t power;
    /// The bytes of the block, or the next free one.
    union {
        size_t size;
        struct header *next;
    };
    void *unused;
};
_Static_assert(sizeof(struct header) % 16 == 0, "blocks are aligned to 16 bytes");

static struct header *freeBlocks[LARGEST + 1];
static uint8_t *chunk;
static size_t left;

static void *map(size_t size) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) errno = ENOMEM;
    return memory == MAP_FAILED ? NULL : memory;
}

static struct header *begin(struct header *block, size_t power, size_t size) {
    block->block = block;
    block->power = power;
    block->size = size;
    return block + 1;
}

void *malloc(size_t size) {
    if (size > PTRDIFF_MAX - CHUNK) {
        errno = ENOMEM;
        return NULL;
    }
    size += sizeof(struct header);
    // The power of two that is not less. The smallest is more than one header.
    size_t power = 8 * sizeof(long) - (size_t)__builtin_clzl(size - 1);
    if (power < SMALLEST) power = SMALLEST;
    if (power > LARGEST) {
        struct header *block = map(size);
        return block ? begin(block, 0, size) : NULL;
    }
    size = (size_t)1 << power;
    struct header *block = freeBlocks[power];
    if (block) {
        freeBlocks[power] = block->next;
    } else {
        if (left < size) {
            uint8_t *memory = map(CHUNK);
            if (!memory) return NULL;
            chunk = memory;
            left = CHUNK;
        }
        block = (struct header *)(void *)chunk;
        chunk += size;
        left -= size;
    }
    return begin(block, power, size);
}

void free(void *memory) {
    if (!memory) return;
    struct header *block = ((struct header *)memory - 1)->block;
    if (block->power == 0) {
        int error = errno;
        munmap(block, block->size);
        errno = error;
        return;
    }
    block->next = freeBlocks[block->power];
    freeBlocks[block->power] = block;
}

void *calloc(size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) {
        errno = ENOMEM;
        return NULL;
    }
    void *memory = malloc(total);
    return memory ? memset(memory, 0, total) : NULL;
}

void *realloc(void *memory, size_t size) {
    if (!memory) return malloc(size);
    struct header *block = ((struct header *)memory - 1)->block;
    size_t capacity = block->size - (size_t)((uint8_t *)memory - (uint8_t *)block);
    if (size <= capacity) return memory;
    void *other = malloc(size);
    if (!other) return NULL;
    memcpy(other, memory, capacity);
    free(memory);
    return other;
}

void *aligned_alloc(size_t alignment, size_t size) {
    if (alignment <= 16) return malloc(size);
    if (alignment > CHUNK || size > PTRDIFF_MAX - 2 * CHUNK) {
        errno = ENOMEM;
        return NULL;
    }
    struct header *memory = malloc(size + sizeof *memory + alignment);
    if (!memory) return NULL;
    // There is room for a second header, which leads to the block.
    uintptr_t start = (uintptr_t)(memory + 1) + alignment - 1;
    struct header *aligned = (struct header *)(start & ~(uintptr_t)(alignment - 1));
    aligned[-1].block = memory[-1].block;
    return aligned;
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    void *memory = aligned_alloc(alignment, size);
    if (!memory) return ENOMEM;
    *result = memory;
    return 0;
}
#elif !defined COLLECTOR && !defined _WIN32
#include "CHost.h"
#include <malloc.h>

void census_return_freed_memory(void) { mallopt(M_MMAP_THRESHOLD, 256 << 10); }
#endif
