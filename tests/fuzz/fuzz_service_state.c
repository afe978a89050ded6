/*
 * What the service commits: bytes that decode are those that it encodes to, and every ring in it is found. The first byte
 * tells whether the check at the end is put right first, as no mutation would.
 */
#include "fuzz.h"

#include "base/endian.h"
#include "service/state.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

static void check_rings(const struct service_state *state)
{
    for (size_t i = 0; i < state->n; i++)
        if (!state_find(state, state->rings[i].name))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct service_state state;
    static uint8_t given[STATE_BYTES_MAX], again[STATE_BYTES_MAX];
    if (n == 0 || n - 1 > sizeof given - STATE_CHECK_BYTES)
        return 0;
    memcpy(given, data + 1, n - 1);
    size_t length = n - 1;
    if (data[0] % 2) {
        put_le64(given + length, XXH3_64bits(given, length));
        length += STATE_CHECK_BYTES;
    }
    state.n = 77;
    enum status st = state_decode((struct span){ (const char *)given, length }, &state);
    if (st != STATUS_OK) {
        if ((st != STATUS_BAD && st != STATUS_MISMATCH) || state.n != 77)
            abort();
        return 0;
    }
    if (state_encode(&state, again) != length || memcmp(again, given, length) != 0)
        abort();
    check_rings(&state);
    return 0;
}
