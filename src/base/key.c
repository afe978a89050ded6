#include "base/key.h"

#include <ctype.h>
#include <sodium.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

const uint8_t key_default_secret[32] = "stillwatch replay default secret";

void key_init(struct key *key, const uint8_t secret[static 32])
{
    uint8_t wide[32];
    for (size_t i = 0; i < KEY_PURPOSES + 2; i++) {
        const char label[] = "stillwatch key v1";
        uint8_t message[sizeof label + 1];
        memcpy(message, label, sizeof label);
        message[sizeof label] = (uint8_t)i;
        crypto_generichash(wide, sizeof wide, message, sizeof message, secret, 32);
        if (i < KEY_PURPOSES)
            memcpy(key->sub[i], wide, sizeof key->sub[i]);
        else if (i == KEY_PURPOSES)
            memcpy(&key->fold_seed, wide, sizeof key->fold_seed);
        else
            memcpy(&key->check, wide, sizeof key->check);
    }
    sodium_memzero(wide, sizeof wide);
}

enum status key_parse(struct span hex, uint8_t ret_secret[static 32])
{
    enum status st = STATUS_OK;
    uint8_t secret[32];
    size_t length = 0;
    while (hex.n > 0 && isspace((unsigned char)hex.data[hex.n - 1]))
        hex.n--;
    REQUIRE(hex.n == 64, STATUS_BAD);
    REQUIRE(sodium_hex2bin(secret, sizeof secret, hex.data, hex.n, NULL, &length, NULL) == 0, STATUS_BAD);
    REQUIRE(length == sizeof secret, STATUS_BAD);
    memcpy(ret_secret, secret, sizeof secret);
fail:
    return st;
}

uint64_t key_hash(const struct key *key, enum key_purpose purpose, const void *bytes, size_t n)
{
    uint64_t out;
    if (n == 0)
        return 0;
    crypto_shorthash_siphash24((unsigned char *)&out, bytes, n, key->sub[purpose]);
    return out ? out : 1;
}

uint64_t key_hash_u64(const struct key *key, enum key_purpose purpose, uint64_t value)
{
    return key_hash(key, purpose, &value, sizeof value);
}

uint64_t key_fold(const struct key *key, const void *bytes, size_t n)
{
    if (n == 0)
        return 0;
    uint64_t out = XXH3_64bits_withSeed(bytes, n, key->fold_seed);
    return out ? out : 1;
}
