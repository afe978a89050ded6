#include "service/state.h"

#include "base/endian.h"

enum { STATE_VERSION = 1, HEAD_BYTES = 35 };

size_t state_encode(const struct service_state *state, uint8_t ret_bytes[static STATE_BYTES_MAX])
{
    uint8_t *at = ret_bytes;
    *at = STATE_VERSION;
    put_le64(at + 1, state->starts);
    put_le32(at + 9, state->journal.segment);
    put_le64(at + 13, state->journal.offset);
    put_le32(at + 21, state->decided.segment);
    put_le64(at + 25, state->decided.offset);
    put_le16(at + 33, (uint16_t)state->n);
    at += HEAD_BYTES;
    for (size_t i = 0; i < state->n; i++) {
        const struct ring_mark *ring = &state->rings[i];
        size_t n = strlen(ring->name);
        *at++ = (uint8_t)n;
        memcpy(at, ring->name, n);
        at += n;
        put_le64(at, ring->place.birth);
        put_le64(at + 8, ring->place.openings);
        put_le64(at + 16, ring->place.at);
        at += 24;
    }
    return (size_t)(at - ret_bytes);
}

static enum status decode_ring(const uint8_t **at, const uint8_t *end, struct ring_mark *ret_ring)
{
    enum status st = STATUS_OK;
    REQUIRE(end - *at >= 1, STATUS_BAD);
    size_t n = *(*at)++;
    REQUIRE(n > 0 && n <= RING_NAME_MAX && (size_t)(end - *at) >= n + 24, STATUS_BAD);
    memcpy(ret_ring->name, *at, n);
    ret_ring->name[n] = 0;
    *at += n;
    ret_ring->place = (struct ring_place){ get_le64(*at), get_le64(*at + 8), get_le64(*at + 16) };
    *at += 24;
fail:
    return st;
}

enum status state_decode(struct span bytes, struct service_state *ret_state)
{
    enum status st = STATUS_OK;
    const uint8_t *at = (const uint8_t *)bytes.data, *end = at + bytes.n;
    REQUIRE(bytes.n >= 1, STATUS_BAD);
    REQUIRE(at[0] == STATE_VERSION, STATUS_MISMATCH);
    REQUIRE(bytes.n >= HEAD_BYTES && get_le16(at + 33) <= STATE_RINGS_MAX, STATUS_BAD);
    ret_state->starts = get_le64(at + 1);
    ret_state->journal = (struct journal_place){ get_le32(at + 9), get_le64(at + 13) };
    ret_state->decided = (struct journal_place){ get_le32(at + 21), get_le64(at + 25) };
    ret_state->n = get_le16(at + 33);
    at += HEAD_BYTES;
    for (size_t i = 0; i < ret_state->n; i++)
        TRY(decode_ring(&at, end, &ret_state->rings[i]));
    REQUIRE(at == end, STATUS_BAD);
fail:
    return st;
}

const struct ring_place *state_find(const struct service_state *state, const char *name)
{
    for (size_t i = 0; i < state->n; i++)
        if (strcmp(state->rings[i].name, name) == 0)
            return &state->rings[i].place;
    return NULL;
}
