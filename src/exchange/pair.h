/*
 * pair.h: the bodies of one live request and its response to an exchange, as the log parser would read them.
 *
 * Model: what a gateway knows (time, id, account, client, status) is in the exchange already; the bodies are read by
 *   the tables of the dialects (dialect.h), each with a cursor of its own, so that a log line with the same bodies
 *   gives the same exchange.
 * Shapes: an empty body is absent. With API_NONE no body is read.
 * Memory: for each of the two bodies 4 bytes a byte of the longest one seen, at least 256 KiB, and 2 if it had escapes
 *   (json.h); the parts (parts.h).
 * Ownership: bodies are borrowed and need JSON_PADDING readable bytes behind them. The exchange borrows from the
 *   reader and from the bodies, until the next call.
 * Errors: STATUS_BAD: the request is no JSON object or has a value of the wrong type, with its path in the diag
 *   ("request.messages[2].content"; the reason never has a value). STATUS_TOO_BIG: it is longer than max_bytes. What
 *   the provider refused (status 400 and above) may have any shape: what has the wrong type is passed over, and a body
 *   that is no JSON counts as absent. The response is always read so, because it is not the client's doing; a
 *   strict log refuses such a line. STATUS_NOMEM leaves the reader usable.
 * Cost: as parse.h.
 * Threads: one reader a thread.
 */
#ifndef EXCHANGE_PAIR_H
#define EXCHANGE_PAIR_H

#include "base/diag.h"
#include "exchange/exchange.h"
#include "exchange/json.h"

struct pair_reader;

MUST_CHECK enum status pair_reader_new(size_t max_bytes, struct pair_reader **ret_reader);
void pair_reader_free(struct pair_reader *pair);

/* An exchange of which nothing is known: absent numbers, empty spans. */
void pair_start(struct exchange *ret_exchange);

/* Fills what the bodies tell and sets api; what else the caller filled stays, an end user before that of the body. */
MUST_CHECK enum status pair_read(struct pair_reader *pair, enum api api, struct span request,
    struct span response, struct exchange *io_exchange, struct diag *diag);

/*
 * What a request asks for besides its text, all of which is checked as well; lenient: what has another type than in that API is passed over. A scan has
 * it open (amend_cursor): its tokens are not looked for again.
 */
MUST_CHECK enum status pair_read_params(struct pair_reader *pair, enum api api, bool lenient,
    struct span request, const struct json *open, struct exchange_params *ret_params, struct diag *diag);

/* The usage that a response tells, and nothing else; one that cannot be read tells none. Sets api. */
MUST_CHECK enum status pair_read_usage(
    struct pair_reader *pair, enum api api, struct span response, struct exchange *io_exchange);

/* Whether the last pair had a response that could not be read as JSON, or was too long. */
bool pair_response_skipped(const struct pair_reader *pair);

#endif
