// What is done with secrets.
#include "CHost.h"
#include <string.h>

void census_forget(uint8_t *bytes, int64_t count) {
    if (count > 0) memset(bytes, 0, (size_t)count);
    // As far as the compiler knows, the bytes are read here.
    __asm__ volatile("" : : "r"(bytes) : "memory");
}

#ifdef SIGNS
#include <sodium/crypto_hash_sha512.h>
#include <sodium/crypto_sign_ed25519.h>

void census_sha512(const uint8_t *bytes, int64_t count, uint8_t *digest) {
    crypto_hash_sha512(digest, bytes, (unsigned long long)count);
}

int32_t census_sign(const uint8_t *bytes, int64_t count, const uint8_t *seed, const uint8_t *public_key,
                    uint8_t *signature) {
    uint8_t both[64];
    memcpy(both, seed, 32);
    memcpy(both + 32, public_key, 32);
    crypto_sign_ed25519_detached(signature, NULL, bytes, (unsigned long long)count, both);
    census_forget(both, sizeof both);
    // Valid only if both belong together.
    return crypto_sign_ed25519_verify_detached(signature, bytes, (unsigned long long)count, public_key)
        == 0;
}

// The functions of libsodium's file of odds and ends that signing needs, which also allocates and locks
// memory, and needs glibc.

void sodium_memzero(void *memory, size_t count) { census_forget(memory, (int64_t)count); }

int sodium_is_zero(const unsigned char *bytes, size_t count) {
    unsigned all = 0;
    for (size_t index = 0; index < count; index++) all |= bytes[index];
    return all == 0;
}

int sodium_memcmp(const void *one, const void *other, size_t count) {
    const uint8_t *first = one, *second = other;
    unsigned difference = 0;
    for (size_t index = 0; index < count; index++) difference |= first[index] ^ second[index];
    return difference == 0 ? 0 : -1;
}
#endif
