#include "exchange/pair.h"

#include "exchange/dialect.h"
#include "exchange/tail.h"

#include <stdlib.h>

struct pair_reader {
    struct reader reader;
    struct json *request, *response; /* cursors: what one of them unescaped outlives the other's text */
    size_t max_bytes;
    bool response_skipped;
};

struct body {
    struct span text;
    const struct json *open; /* a cursor that has it open; NULL: its tokens are not known yet */
};

typedef enum status body_fn(struct reader *reader, const struct dialect *dialect, struct json_value *value);

/* What is cut short is no JSON, whatever else is wrong with it. */
static bool is_cut_short(const struct walk *walk, enum status st)
{
    bool other = st == STATUS_MISMATCH || (st == STATUS_BAD && walk->fault != FAULT_NOT_JSON);
    return other && !json_is_closed(walk->json);
}

static enum status read_body(struct pair_reader *pair, const char *name, const struct body *body,
    const struct dialect *dialect, body_fn *read)
{
    struct walk *walk = &pair->reader.walk;
    struct json_value root;
    if (body->text.n > pair->max_bytes)
        return STATUS_TOO_BIG;
    walk_start(walk);
    walk_point_at(walk, name);
    enum status st =
        body->open ? json_root_of(walk->json, body->open, &root) : json_root(walk->json, body->text, &root);
    if (st != STATUS_OK)
        return st;
    st = read(&pair->reader, dialect, &root);
    if (st == STATUS_OK)
        return json_at_end(walk->json);
    if (is_cut_short(walk, st)) {
        walk_start(walk);
        return STATUS_BAD;
    }
    return st;
}

static enum status read_request(struct pair_reader *pair, const struct dialect *dialect,
    const struct body *body, bool lenient, struct diag *diag)
{
    struct walk *walk = &pair->reader.walk;
    reader_clear_request(&pair->reader);
    if (!dialect || body->text.n == 0)
        return STATUS_OK;
    walk->json = pair->request;
    walk->lenient = lenient;
    enum status st = read_body(pair, "request", body, dialect, reader_request);
    if (st == STATUS_OK || st == STATUS_NOMEM)
        return st;
    if (walk->lenient) {
        reader_clear_request(&pair->reader);
        return STATUS_OK;
    }
    if (body->text.n > pair->max_bytes) {
        diag_set(diag, "request", "longer than %zu bytes", pair->max_bytes);
        return st;
    }
    walk_explain(walk, st, diag);
    return STATUS_BAD;
}

static enum status read_response(
    struct pair_reader *pair, const struct dialect *dialect, struct span text, body_fn *read)
{
    struct walk *walk = &pair->reader.walk;
    const struct body body = { text, NULL };
    reader_clear_response(&pair->reader);
    pair->response_skipped = false;
    if (!dialect || text.n == 0)
        return STATUS_OK;
    walk->json = pair->response;
    walk->lenient = true;
    enum status st = read_body(pair, "response", &body, dialect, read);
    if (st == STATUS_OK || st == STATUS_NOMEM)
        return st;
    reader_clear_response(&pair->reader);
    pair->response_skipped = true;
    return STATUS_OK;
}

enum status pair_read(struct pair_reader *pair, enum api api, struct span request, struct span response,
    struct exchange *io_exchange, struct diag *diag)
{
    const struct body body = { request, NULL };
    struct exchange exchange = *io_exchange;
    const struct dialect *dialect = dialect_of(api);
    exchange.api = api;
    reader_start(&pair->reader, &exchange);
    enum status st = read_request(pair, dialect, &body, exchange.status >= 400, diag);
    if (st == STATUS_OK)
        st = read_response(pair, dialect, response, reader_response);
    if (st == STATUS_OK)
        st = reader_finish(&pair->reader);
    if (st == STATUS_OK)
        *io_exchange = exchange;
    return st;
}

enum status pair_read_params(struct pair_reader *pair, enum api api, bool lenient, struct span request,
    const struct json *open, struct exchange_params *ret_params, struct diag *diag)
{
    const struct body body = { request, open };
    struct exchange exchange;
    exchange_clear(&exchange);
    reader_start(&pair->reader, &exchange);
    enum status st = read_request(pair, dialect_of(api), &body, lenient, diag);
    if (st == STATUS_OK)
        *ret_params = exchange.params;
    return st;
}

/* What a response has used is mostly near its end, and then found without reading the rest. */
enum status pair_read_usage(
    struct pair_reader *pair, enum api api, struct span response, struct exchange *io_exchange)
{
    enum status st = STATUS_OK;
    struct span usage;
    const struct dialect *dialect = dialect_of(api);
    bool found = response.n <= pair->max_bytes && tail_object(response, SPAN("\"usage\""), &usage);
    io_exchange->api = api;
    reader_start(&pair->reader, io_exchange);
    if (found)
        TRY(read_response(pair, dialect, usage, reader_usage));
    if (!found || pair->response_skipped)
        TRY(read_response(pair, dialect, response, reader_response_usage));
    st = reader_finish(&pair->reader);
fail:
    return st;
}

bool pair_response_skipped(const struct pair_reader *pair)
{
    return pair->response_skipped;
}

void pair_start(struct exchange *ret_exchange)
{
    exchange_clear(ret_exchange);
}

enum status pair_reader_new(size_t max_bytes, struct pair_reader **ret_reader)
{
    enum status st;
    struct pair_reader *pair = calloc(1, sizeof *pair);
    if (!pair)
        return STATUS_NOMEM;
    pair->max_bytes = max_bytes;
    TRY(json_new(&pair->request));
    TRY(json_new(&pair->response));
    *ret_reader = pair;
    return STATUS_OK;
fail:
    pair_reader_free(pair);
    return st;
}

void pair_reader_free(struct pair_reader *pair)
{
    if (!pair)
        return;
    parts_fini(&pair->reader.parts);
    json_free(pair->request);
    json_free(pair->response);
    free(pair);
}
