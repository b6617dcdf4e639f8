// What is done with secrets.
#include "CHost.h"
#include <string.h>

void census_forget(uint8_t *bytes, int64_t count) {
    if (count > 0) memset(bytes, 0, (size_t)count);
    // As far as the compiler knows, the bytes are read here.
    __asm__ volatile("" : : "r"(bytes) : "memory");
}
