// The part of SHA-256 that takes the time, in C: a collector's Swift is compiled for its size, and this for
// its speed, except where there is no room.
#include "CHost.h"

/// FIPS 180-4, 4.2.2.
_Alignas(16) static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/// Stands before a loop whose body is long enough.
#ifdef __clang__
#define ROLLED _Pragma("clang loop unroll(disable)")
#else
#define ROLLED
#endif

static inline uint32_t rotate(uint32_t word, int count) { return word >> count | word << (32 - count); }

/// A round, FIPS 180-4, 6.2.2. Instead of all eight variables being moved, each has another name in the next.
#define ROUND(a, b, c, d, e, f, g, h, t) \
    h += rotate(rotate(rotate(e, 14) ^ e, 5) ^ e, 6) + (g ^ (e & (f ^ g))) + constants[t] + words[t]; \
    d += h; \
    h += rotate(rotate(rotate(a, 9) ^ a, 11) ^ a, 2) + ((a & b) | (c & (a | b)))

void census_sha256_plain(uint32_t *state, const uint8_t *bytes, int64_t count) {
    uint32_t words[64];
    for (; count >= 64; count -= 64, bytes += 64) {
        for (int t = 0; t < 16; t++) {
            const uint8_t *word = bytes + 4 * t;
            words[t] = (uint32_t)word[0] << 24 | (uint32_t)word[1] << 16 | (uint32_t)word[2] << 8 | word[3];
        }
        ROLLED for (int t = 16; t < 64; t++) {
            uint32_t w15 = words[t - 15], w2 = words[t - 2];
            words[t] = words[t - 16] + (rotate(w15, 7) ^ rotate(w15, 18) ^ w15 >> 3) + words[t - 7]
                + (rotate(w2, 17) ^ rotate(w2, 19) ^ w2 >> 10);
        }
        uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
        uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
#ifdef __OPTIMIZE_SIZE__
        for (int t = 0; t < 64; t++) {
            ROUND(a, b, c, d, e, f, g, h, t);
            uint32_t last = h;
            h = g, g = f, f = e, e = d, d = c, c = b, b = a, a = last;
        }
#else
        ROLLED for (int t = 0; t < 64; t += 8) {
            ROUND(a, b, c, d, e, f, g, h, t);
            ROUND(h, a, b, c, d, e, f, g, t + 1);
            ROUND(g, h, a, b, c, d, e, f, t + 2);
            ROUND(f, g, h, a, b, c, d, e, t + 3);
            ROUND(e, f, g, h, a, b, c, d, t + 4);
            ROUND(d, e, f, g, h, a, b, c, t + 5);
            ROUND(c, d, e, f, g, h, a, b, t + 6);
            ROUND(b, c, d, e, f, g, h, a, t + 7);
        }
#endif
        state[0] += a, state[1] += b, state[2] += c, state[3] += d;
        state[4] += e, state[5] += f, state[6] += g, state[7] += h;
    }
}

// Not on Windows, whose stack for 32 bits is not aligned to the instructions' words.
#if (defined(__x86_64__) || defined(__i386__)) && !defined(_WIN32)
#include <cpuid.h>
#include <immintrin.h>

/// Whether the processor has the instructions for SHA-256, and SSSE3 and SSE4.1.
static int isWithInstructions(void) {
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & 1u << 9) == 0 || (c & 1u << 19) == 0) return 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & 1u << 29) != 0;
}

/// The same by those instructions, in a tenth of the time: Intel's SHA Extensions, of 2013.
__attribute__((target("sha,ssse3,sse4.1")))
static void compressByInstructions(uint32_t *state, const uint8_t *bytes, int64_t count) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    // The instructions have the words of the state in another order: ABEF and CDGH, the first highest.
    __m128i dcba = _mm_loadu_si128((const __m128i *)(const void *)state);
    __m128i hgfe = _mm_loadu_si128((const __m128i *)(const void *)(state + 4));
    __m128i cdab = _mm_shuffle_epi32(dcba, 0xB1), efgh = _mm_shuffle_epi32(hgfe, 0x1B);
    __m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);
    for (; count >= 64; count -= 64, bytes += 64) {
        const __m128i first = abef, second = cdgh;
        __m128i words[4];
        for (int t = 0; t < 4; t++)
            words[t] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)bytes + t), swap);
        ROLLED for (int t = 0; t < 64; t += 4) {
            // Four rounds, and the four words of the schedule that are needed sixteen rounds later.
            __m128i sum = _mm_add_epi32(words[0], _mm_load_si128((const __m128i *)(const void *)(constants + t)));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
            __m128i next = _mm_add_epi32(_mm_sha256msg1_epu32(words[0], words[1]),
                                         _mm_alignr_epi8(words[3], words[2], 4));
            next = _mm_sha256msg2_epu32(next, words[3]);
            words[0] = words[1], words[1] = words[2], words[2] = words[3], words[3] = next;
        }
        abef = _mm_add_epi32(abef, first);
        cdgh = _mm_add_epi32(cdgh, second);
    }
    __m128i feba = _mm_shuffle_epi32(abef, 0x1B), dchg = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

void census_sha256(uint32_t *state, const uint8_t *bytes, int64_t count) {
    static int isKnown, isWith;
    if (!isKnown) {
        isWith = isWithInstructions();
        isKnown = 1;
    }
    (isWith ? compressByInstructions : census_sha256_plain)(state, bytes, count);
}
#else
void census_sha256(uint32_t *state, const uint8_t *bytes, int64_t count) {
    census_sha256_plain(state, bytes, count);
}
#endif
