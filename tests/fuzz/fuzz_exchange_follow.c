/*
 * A stream of events to a response body. The first byte picks the api and the limits, the second the size of the
 * pieces. The body is JSON within its bound, and the same in pieces and at once.
 */
#include "fuzz.h"

#include "exchange/follow.h"

#include <stdlib.h>
#include <string.h>

static struct json *json;

static struct follow *followed(
    enum api api, const struct follow_limits *limits, const uint8_t *data, size_t n, size_t piece)
{
    struct follow *follow;
    if (follow_new(api, limits, json, &follow) != STATUS_OK)
        abort();
    for (size_t at = 0; at < n; at += piece) {
        size_t more = n - at < piece ? n - at : piece;
        if (follow_feed(follow, (const char *)data + at, more) != STATUS_OK)
            abort();
    }
    return follow;
}

static void check_json(struct span body)
{
    struct json_value root;
    struct span raw;
    if (json_root(json, body, &root) != STATUS_OK || root.type != JSON_OBJECT ||
        json_raw(&root, &raw) != STATUS_OK || json_at_end(json) != STATUS_OK)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct follow_limits limits[] = { { 1 << 20, 1 << 20 }, { 40, 1 << 20 }, { 1 << 20, 100 } };
    enum { ITEMS_BYTES = 512 * 1024, ESCAPED_MAX = 6 };
    if (n < 2)
        return 0;
    if (!json && json_new(&json) != STATUS_OK)
        abort();
    enum api api = (enum api)(data[0] % 3 + 1);
    const struct follow_limits *limit = &limits[data[0] / 3 % 3];
    size_t piece = data[1] % 16 + 1u;
    struct follow *whole = followed(api, limit, data + 2, n - 2, n);
    struct follow *pieces = followed(api, limit, data + 2, n - 2, piece);
    struct follow_state a = follow_state(whole), b = follow_state(pieces);
    struct span body, same;
    if (follow_body(whole, &body) != STATUS_OK || follow_body(pieces, &same) != STATUS_OK)
        abort();
    if (!span_eq(body, same) || a.end != b.end || a.truncated != b.truncated || a.n_events != b.n_events ||
        a.n_bad != b.n_bad)
        abort();
    if (body.n > ESCAPED_MAX * limit->message_bytes + ITEMS_BYTES)
        abort();
    check_json(body);
    follow_free(whole);
    follow_free(pieces);
    return 0;
}
