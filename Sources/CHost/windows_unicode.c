#ifdef _WIN32
// What Embedded Swift asks of the tables of Unicode, of which it has none for Windows. What the
// collector needs is white space, and which characters are invisible; Windows tells the rest
// itself. Without more, two texts are equal if their scalars are, each scalar is a character, and
// only letters of ASCII have a case. Values are those of Swift's own functions.
#include "windows_shared.h"

/// The bit of White_Space.
uint64_t _swift_stdlib_getBinaryProperties(uint32_t scalar) {
    int isSpace = (scalar >= 9 && scalar <= 13) || scalar == 0x20 || scalar == 0x85
        || scalar == 0xA0 || scalar == 0x1680 || (scalar >= 0x2000 && scalar <= 0x200A)
        || scalar == 0x2028 || scalar == 0x2029 || scalar == 0x202F || scalar == 0x205F
        || scalar == 0x3000;
    return isSpace ? 1ull << 45 : 0;
}

uint8_t _swift_stdlib_getGeneralCategory(uint32_t scalar) {
    enum { upper = 0, lower = 1, otherLetter = 4, mark = 5, digit = 8, punctuation = 17, space = 22,
           line = 23, paragraph = 24, control = 25, format = 26, surrogate = 27, private = 28,
           unassigned = 29 };
    if (scalar < 0x20 || (scalar >= 0x7F && scalar < 0xA0)) return control;
    if (scalar == 0x2028) return line;
    if (scalar == 0x2029) return paragraph;
    if (scalar >= 0xD800 && scalar < 0xE000) return surrogate;
    if ((scalar >= 0xE000 && scalar < 0xF900) || scalar >= 0xF0000) return private;
    if (scalar == 0xAD || (scalar >= 0x200B && scalar < 0x2010) || (scalar >= 0x202A && scalar < 0x202F)
        || (scalar >= 0x2060 && scalar < 0x2070) || scalar == 0xFEFF
        || (scalar >= 0xFFF9 && scalar < 0xFFFC) || (scalar >= 0xE0000 && scalar < 0xE1000))
        return format;
    if (scalar >= 0x10000) return scalar < 0x40000 ? otherLetter : unassigned;
    WCHAR unit = (WCHAR)scalar;
    WORD type = 0;
    if (!GetStringTypeW(CT_CTYPE1, &unit, 1, &type) || !(type & C1_DEFINED)) return unassigned;
    if (type & C1_CNTRL) return format;
    if (type & C1_UPPER) return upper;
    if (type & C1_LOWER) return lower;
    if (type & C1_ALPHA) return otherLetter;
    if (type & C1_DIGIT) return digit;
    if (type & C1_SPACE) return space;
    if (type & C1_PUNCT) return punctuation;
    return GetStringTypeW(CT_CTYPE3, &unit, 1, &type) && type & C3_NONSPACING ? mark : otherLetter;
}

/// How far the upper (0), lower (1) or title case (2) is from the scalar.
int32_t _swift_stdlib_getMapping(uint32_t scalar, uint8_t mapping) {
    if (mapping == 1) return scalar >= 'A' && scalar <= 'Z' ? 32 : 0;
    return scalar >= 'a' && scalar <= 'z' ? -32 : 0;
}

const uint8_t *_swift_stdlib_getSpecialMapping(uint32_t scalar, uint8_t mapping, uint32_t *length) {
    (void)scalar, (void)mapping;
    *length = 0;
    return NULL;
}

uint8_t _swift_stdlib_getNumericType(uint32_t scalar) {
    return scalar >= '0' && scalar <= '9' ? 2 : 0xFF;
}

uint8_t _swift_stdlib_getGraphemeBreakProperty(uint32_t scalar) {
    return scalar < 0x20 || (scalar >= 0x7F && scalar < 0xA0) ? 0 : 0xFF;
}

uint8_t _swift_stdlib_isInCB_Consonant(uint32_t scalar) { (void)scalar; return 0; }
uint8_t _swift_stdlib_isExtendedPictographic(uint32_t scalar) { (void)scalar; return 0; }
uint16_t _swift_stdlib_getNormData(uint32_t scalar) { (void)scalar; return 0; }

uint32_t _swift_stdlib_getComposition(uint32_t one, uint32_t other) {
    (void)one, (void)other;
    return UINT32_MAX;
}

static const uint8_t noDecompositions[1];
const uint8_t *const _swift_stdlib_nfd_decompositions = noDecompositions;

uint32_t _swift_stdlib_getDecompositionEntry(uint32_t scalar) {
    (void)scalar;
    return UINT32_MAX;
}
#endif
