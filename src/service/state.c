#define XXH_INLINE_ALL
#include "service/state.h"

#include "base/endian.h"

#include <xxhash.h>

enum { STATE_VERSION = 2, HEAD_BYTES = 35, PLACE_BYTES = 24 };

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
        at += PLACE_BYTES;
    }
    put_le64(at, XXH3_64bits(ret_bytes, (size_t)(at - ret_bytes)));
    return (size_t)(at - ret_bytes) + STATE_CHECK_BYTES;
}

/* Behind the ring; NULL: it cannot be one. */
static const uint8_t *pass_ring(const uint8_t *at, const uint8_t *end)
{
    size_t left = (size_t)(end - at), n = left ? at[0] : 0;
    if (n == 0 || n > RING_NAME_MAX || left < 1 + n + PLACE_BYTES || memchr(at + 1, 0, n))
        return NULL;
    return at + 1 + n + PLACE_BYTES;
}

static struct ring_mark decode_ring(const uint8_t *at)
{
    struct ring_mark ring = { .place = { 0 } };
    const uint8_t *place = at + 1 + at[0];
    memcpy(ring.name, at + 1, at[0]);
    ring.place = (struct ring_place){ get_le64(place), get_le64(place + 8), get_le64(place + 16) };
    return ring;
}

enum status state_decode(struct span bytes, struct service_state *ret_state)
{
    enum status st = STATUS_OK;
    const uint8_t *head = (const uint8_t *)bytes.data;
    REQUIRE(bytes.n >= 1, STATUS_BAD);
    REQUIRE(head[0] == STATE_VERSION, STATUS_MISMATCH);
    REQUIRE(bytes.n >= HEAD_BYTES + STATE_CHECK_BYTES, STATUS_BAD);
    const uint8_t *at = head + HEAD_BYTES, *end = head + bytes.n - STATE_CHECK_BYTES;
    size_t n = get_le16(head + 33);
    REQUIRE(get_le64(end) == XXH3_64bits(head, (size_t)(end - head)) && n <= STATE_RINGS_MAX, STATUS_BAD);
    for (size_t i = 0; i < n && at; i++)
        at = pass_ring(at, end);
    REQUIRE(at == end, STATUS_BAD);
    ret_state->starts = get_le64(head + 1);
    ret_state->journal = (struct journal_place){ get_le32(head + 9), get_le64(head + 13) };
    ret_state->decided = (struct journal_place){ get_le32(head + 21), get_le64(head + 25) };
    ret_state->n = n;
    at = head + HEAD_BYTES;
    for (size_t i = 0; i < n; i++, at = pass_ring(at, end))
        ret_state->rings[i] = decode_ring(at);
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
