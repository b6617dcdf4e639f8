// What is done with secrets.
#include "CHost.h"
#include <string.h>

void census_forget(uint8_t *bytes, int64_t count) {
    if (count > 0) memset(bytes, 0, (size_t)count);
    // As far as the compiler knows, the bytes are read here.
    __asm__ volatile("" : : "r"(bytes) : "memory");
}

#ifdef SODIUM
#include <sodium/crypto_aead_chacha20poly1305.h>
#include <sodium/crypto_hash_sha512.h>
#include <sodium/crypto_scalarmult_curve25519.h>
#include <sodium/crypto_sign_ed25519.h>
#include <stdlib.h>

void census_sha512(const uint8_t *bytes, int64_t count, uint8_t *digest) {
    crypto_hash_sha512(digest, bytes, (unsigned long long)count);
}

int32_t census_sign(const uint8_t *bytes, int64_t count, const uint8_t *seed, const uint8_t *public_key,
                    uint8_t *signature) {
    uint8_t own[32], both[64];
    crypto_sign_ed25519_seed_keypair(own, both, seed);
    int belongs = memcmp(own, public_key, sizeof own) == 0;
    if (belongs)
        crypto_sign_ed25519_detached(signature, NULL, bytes, (unsigned long long)count, both);
    census_forget(both, sizeof both);
    return belongs;
}

int32_t census_x25519(const uint8_t *scalar, const uint8_t *point, uint8_t *product) {
    return crypto_scalarmult_curve25519(product, scalar, point) == 0;
}

void census_seal(const uint8_t *content, int64_t count, const uint8_t *nonce, const uint8_t *key,
                 uint8_t *box) {
    crypto_aead_chacha20poly1305_ietf_encrypt(box, NULL, content, (unsigned long long)count, NULL, 0, NULL,
                                              nonce, key);
}

// The functions of libsodium's odds and ends that are needed; they also allocate and lock memory.
void sodium_memzero(void *memory, size_t count) { census_forget(memory, (int64_t)count); }
void sodium_misuse(void) { abort(); }
#endif
