#if defined COLLECTOR || defined _WIN32
// In the place of Swift's own functions of these names, whose tables are a fifth of a collector: a
// host's files are compared with text of ASCII, and other text passes through as it is.
#include <stdint.h>

struct range {
    uint32_t first, last;
};

static int isIn(uint32_t scalar, const struct range *ranges, int count) {
    for (int index = 0; index < count; index++)
        if (scalar >= ranges[index].first && scalar <= ranges[index].last) return 1;
    return 0;
}
#define IS_IN(scalar, ranges) isIn(scalar, ranges, sizeof ranges / sizeof *ranges)

/// White_Space of PropList.txt.
static const struct range spaces[] = {
    {0x9, 0xD}, {0x20, 0x20}, {0x85, 0x85}, {0xA0, 0xA0}, {0x1680, 0x1680}, {0x2000, 0x200A},
    {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000},
};

/// Of the binary properties only White_Space is asked for, as `isWhitespace`.
uint64_t _swift_stdlib_getBinaryProperties(uint32_t scalar) {
    return IS_IN(scalar, spaces) ? 1ull << 45 : 0;
}

/// Format characters, Cf of DerivedGeneralCategory.txt.
static const struct range formats[] = {
    {0xAD, 0xAD}, {0x600, 0x605}, {0x61C, 0x61C}, {0x6DD, 0x6DD}, {0x70F, 0x70F}, {0x890, 0x891},
    {0x8E2, 0x8E2}, {0x180E, 0x180E}, {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x2064},
    {0x2066, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0x110BD, 0x110BD}, {0x110CD, 0x110CD},
    {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0001, 0xE0001},
    {0xE0020, 0xE007F},
};

/// Of the general categories those are asked for that are invisible, by messages. All that is
/// visible is a letter here, and so are the unassigned between assigned ones.
uint8_t _swift_stdlib_getGeneralCategory(uint32_t scalar) {
    enum { letter = 4, line = 23, paragraph = 24, control = 25, format = 26, surrogate = 27,
           private = 28, unassigned = 29 };
    if (scalar < 0x20 || (scalar >= 0x7F && scalar < 0xA0)) return control;
    if (scalar == 0x2028) return line;
    if (scalar == 0x2029) return paragraph;
    if (scalar >= 0xD800 && scalar < 0xE000) return surrogate;
    if ((scalar >= 0xE000 && scalar < 0xF900) || scalar >= 0xF0000) return private;
    if (IS_IN(scalar, formats)) return format;
    if ((scalar & 0xFFFE) == 0xFFFE || (scalar >= 0x40000 && scalar < 0xE0000)) return unassigned;
    return letter;
}

// Two texts are equal if their scalars are, each scalar is a character, and only letters of ASCII
// have a case.

/// How far the upper (0), lower (1) or title case (2) is from the scalar.
int32_t _swift_stdlib_getMapping(uint32_t scalar, uint8_t mapping) {
    if (mapping == 1) return scalar >= 'A' && scalar <= 'Z' ? 32 : 0;
    return scalar >= 'a' && scalar <= 'z' ? -32 : 0;
}

const uint8_t *_swift_stdlib_getSpecialMapping(uint32_t scalar, uint8_t mapping, intptr_t *length) {
    (void)scalar, (void)mapping;
    *length = 0;
    return 0;
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

uint32_t _swift_stdlib_getDecompositionEntry(uint32_t scalar) {
    (void)scalar;
    return UINT32_MAX;
}

static const uint8_t noDecompositions[1];
const uint8_t *const _swift_stdlib_nfd_decompositions = noDecompositions;
#endif
