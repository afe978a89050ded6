#include "record/digest.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t digest(const struct key *key, enum key_purpose purpose, const void *bytes, size_t n)
{
    if (n == 0)
        return 0;
    XXH128_hash_t wide = XXH3_128bits_withSeed(bytes, n, key->fold_seed);
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, wide);
    return key_hash(key, purpose, canonical.digest, sizeof canonical.digest);
}
