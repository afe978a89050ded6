/*
 * follow.h: follows the event stream of a response and gives the body that the API would have sent unstreamed.
 *
 * Model: events (sse.h) add to a reply (reply.h); at the end it is written as a response body of the same API, which
 *   pair_read reads as any other: "for a stream, the message assembled from its events". Members that no reader asks
 *   for are left out. Events that cannot matter are passed over by their name, without a look at their data.
 * Source: openai-python and anthropic-sdk-python, as of 2026. Usage of an Anthropic message_delta is cumulative: it
 *   replaces. The last event of the Responses API has the whole response, which goes before what deltas said; if it is
 *   missing, finished items and deltas are put together.
 * Shapes: whatever the chunks the bytes come in, the body is the same. Beyond message_bytes text is cut and marked
 *   truncated; finish and usage are still followed. An event longer than event_bytes is known by its name only.
 * Memory: 2 x message_bytes, 4 x event_bytes while events are that long (sse.h), 170 KB at most for 512 items
 *   (reply.h), and the body, as long as what is held; 700 bytes when it starts. The cursor is the caller's: one a
 *   thread serves all streams, for it is used within a call only.
 * Ownership: borrows the cursor. The body is the follower's, JSON_PADDING readable bytes behind it, until the next call.
 * Errors: data that is no JSON is passed over and counted. STATUS_NOMEM: the follower can only be freed.
 * Cost: 0.27 to 0.36 us of a core for an event of 134 to 203 bytes, up to 0.09 of them to find it; 2 us for a body
 *   of 20 kB, 10 us to read it as a pair (bench/follow_bench.c).
 * Order of calls: follow_feed in the order of the bytes; the others at any time.
 */
#ifndef EXCHANGE_FOLLOW_H
#define EXCHANGE_FOLLOW_H

#include "exchange/exchange.h"
#include "exchange/json.h"

struct follow;

struct follow_limits {
    size_t message_bytes; /* of text that is kept, as JSON */
    size_t event_bytes;   /* the whole response has to fit, for the Responses API */
};

enum follow_end {
    FOLLOW_OPEN,   /* not ended: cut, if the connection is closed */
    FOLLOW_DONE,   /* [DONE], message_stop, response.completed or response.incomplete */
    FOLLOW_FAILED, /* an error event, or response.failed */
};

struct follow_state {
    enum follow_end end;
    bool truncated;    /* text or items were left out */
    uint64_t n_events; /* with data */
    uint64_t n_bad;    /* of them: no JSON, or too long */
};

/* api: not API_NONE. */
MUST_CHECK enum status follow_new(
    enum api api, const struct follow_limits *limits, struct json *json, struct follow **ret_follow);
void follow_free(struct follow *follow);

MUST_CHECK enum status follow_feed(struct follow *follow, const char *bytes, size_t n);
struct follow_state follow_state(const struct follow *follow);
/* As far as the stream has told it. */
struct exchange_usage follow_usage(const struct follow *follow);
/* The response body so far, a JSON object. */
MUST_CHECK enum status follow_body(struct follow *follow, struct span *ret_body);

#endif
