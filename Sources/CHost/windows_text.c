#ifdef _WIN32
#include "windows_shared.h"
#include <stdlib.h>
#include <string.h>

static int isHigh(uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
static int isLow(uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

int32_t toUTF8(const WCHAR *text, int32_t length, uint8_t *bytes, int32_t capacity) {
    int32_t count = 0;
    for (int32_t i = 0; i < length; i++) {
        uint32_t scalar = text[i];
        if (isHigh(scalar) && i + 1 < length && isLow(text[i + 1]))
            scalar = 0x10000 + ((scalar - 0xD800) << 10) + (text[++i] - 0xDC00u);
        int32_t size = scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4;
        if (count + size > capacity) break;
        if (size == 1) {
            bytes[count++] = (uint8_t)scalar;
            continue;
        }
        static const uint8_t first[] = {0, 0, 0xC0, 0xE0, 0xF0};
        for (int32_t left = size - 1; left >= 0; left--) {
            uint8_t mark = left == size - 1 ? first[size] : 0x80;
            uint32_t bits = scalar >> (6 * left);
            bytes[count++] = (uint8_t)(mark | (left == size - 1 ? bits : bits & 0x3F));
        }
    }
    return count;
}

/// Takes one scalar of UTF-8, or a surrogate that stands alone. Returns its size, or 0.
static int32_t scalarAt(const uint8_t *bytes, int64_t count, uint32_t *scalar) {
    uint8_t lead = bytes[0];
    int32_t size = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3
                   : lead < 0xF5 ? 4 : 0;
    if (size == 0 || size > count) return 0;
    *scalar = size == 1 ? lead : lead & (0x7Fu >> size);
    for (int32_t i = 1; i < size; i++) {
        if ((bytes[i] & 0xC0) != 0x80) return 0;
        *scalar = *scalar << 6 | (bytes[i] & 0x3Fu);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    return *scalar < least[size] || *scalar > 0x10FFFF ? 0 : size;
}

WCHAR *copyUTF16(const uint8_t *bytes, int64_t count, int32_t *length) {
    if (count < 0) count = (int64_t)strlen((const char *)bytes);
    // No scalar has more units than bytes.
    WCHAR *text = malloc(((size_t)count + 1) * sizeof *text);
    if (text == NULL) return NULL;
    int32_t units = 0;
    while (count > 0) {
        uint32_t scalar;
        int32_t size = scalarAt(bytes, count, &scalar);
        if (size == 0) {
            scalar = 0xFFFD;
            size = 1;
        }
        if (scalar < 0x10000) {
            text[units++] = (WCHAR)scalar;
        } else {
            text[units++] = (WCHAR)(0xD800 + ((scalar - 0x10000) >> 10));
            text[units++] = (WCHAR)(0xDC00 + ((scalar - 0x10000) & 0x3FF));
        }
        bytes += size;
        count -= size;
    }
    text[units] = 0;
    if (length != NULL) *length = units;
    return text;
}

// MARK: Arguments

static int32_t argumentCount;
static char **arguments;

/// Adds an argument that ends in front of `end`.
static void addArgument(const WCHAR *start, const WCHAR *end) {
    char **list = realloc(arguments, ((size_t)argumentCount + 1) * sizeof *list);
    size_t capacity = (size_t)(end - start) * 3 + 1;
    char *argument = malloc(capacity);
    if (list == NULL || argument == NULL) abort();
    int32_t count = toUTF8(start, (int32_t)(end - start), (uint8_t *)argument, (int32_t)capacity);
    argument[count] = 0;
    arguments = list;
    arguments[argumentCount++] = argument;
}

// Splits the command line by the rules of the article "Parsing C command-line arguments". That of
// the C library is in the code page of the process; CommandLineToArgvW is in shell32.dll, which
// takes longer to load than the program runs.
static void splitCommandLine(void) {
    WCHAR *line = _wcsdup(GetCommandLineW());
    if (line == NULL) abort();
    const WCHAR *at = line;
    WCHAR *to = line;
    int isQuoted = 0;
    // The program: backslashes mean nothing.
    for (; *at && (isQuoted || (*at != L' ' && *at != L'\t')); at++)
        if (*at == L'"') isQuoted = !isQuoted;
        else *to++ = *at;
    addArgument(line, to);
    while (1) {
        while (*at == L' ' || *at == L'\t') at++;
        if (*at == 0) break;
        isQuoted = 0;
        WCHAR *start = to = (WCHAR *)at;
        while (*at && (isQuoted || (*at != L' ' && *at != L'\t'))) {
            size_t slashes = wcsspn(at, L"\\");
            at += slashes;
            int isQuote = *at == L'"';
            for (size_t i = isQuote ? slashes / 2 : slashes; i > 0; i--) *to++ = L'\\';
            if (!isQuote) {
                if (slashes == 0) *to++ = *at++;
            } else if (slashes % 2) {
                *to++ = *at++;
            } else if (isQuoted && at[1] == L'"') {
                *to++ = L'"';
                at += 2;
            } else {
                isQuoted = !isQuoted;
                at++;
            }
        }
        addArgument(start, to);
    }
    free(line);
}

int32_t census_argument_count(void) {
    if (arguments == NULL) splitCommandLine();
    return argumentCount;
}

const char *census_argument(int32_t index) {
    return index < census_argument_count() ? arguments[index] : "";
}
#endif
