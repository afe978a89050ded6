/* The log phase: what was used is settled, and the exchange becomes a record in the worker's ring. */
#include "stillwatch.h"

#include "record/codec.h"

enum { ORDER_MAX = 1024 }; /* of header names */

static sw_main_conf_t *main_conf(ngx_http_request_t *r)
{
    return ngx_http_get_module_main_conf(r, ngx_http_stillwatch_module);
}

static struct span header_of(ngx_table_elt_t *header)
{
    return header ? sw_span(header->value) : (struct span){ 0 };
}

/* Names of the headers in the order in which they came, joined by commas. */
static struct span header_order(ngx_http_request_t *r, u_char *text, size_t room)
{
    u_char *at = text;
    ngx_list_part_t *part = &r->headers_in.headers.part;
    for (; part; part = part->next) {
        ngx_table_elt_t *headers = part->elts;
        for (ngx_uint_t i = 0; i < part->nelts; i++) {
            if ((size_t)(at - text) + headers[i].key.len + 1 > room)
                return (struct span){ (char *)text, (size_t)(at - text) };
            if (at > text)
                *at++ = ',';
            at = ngx_cpymem(at, headers[i].lowcase_key, headers[i].key.len);
        }
    }
    return (struct span){ (char *)text, (size_t)(at - text) };
}

static void fill_known(const sw_ctx_t *ctx, struct exchange *exchange, u_char order[static ORDER_MAX])
{
    ngx_http_request_t *r = ctx->request;
    exchange->time_ms = ctx->time_ms;
    exchange->id = sw_span(ctx->id);
    exchange->account = ctx->caller.key.account;
    exchange->organization = ctx->caller.has_account ? ctx->caller.account.organization : (struct span){ 0 };
    exchange->key = ctx->caller.key.id;
    exchange->client.ip = ctx->address;
    exchange->client.user_agent = header_of(r->headers_in.user_agent);
    exchange->client.header_order = header_order(r, order, ORDER_MAX);
    exchange->client.country = ctx->country;
    exchange->client.asn = ctx->asn;
    exchange->status = (int32_t)(r->headers_out.status ? r->headers_out.status : 499);
    exchange->duration_ms = (int64_t)(ngx_current_msec - ctx->began);
}

static struct span response_of(sw_ctx_t *ctx)
{
    struct span body = { 0 };
    if (ctx->follow)
        return follow_body(ctx->follow, &body) == STATUS_OK ? body : (struct span){ 0 };
    if (ctx->response_cut || ctx->response_n == 0)
        return body;
    ngx_memzero(ctx->response + ctx->response_n, JSON_PADDING);
    return (struct span){ (char *)ctx->response, ctx->response_n };
}

/*
 * The request as the client sent it: what a restriction took out of it was asked for all the same. Without its text an
 * exchange keeps its usage; the rest is metadata.
 */
static void read_bodies(sw_ctx_t *ctx, struct span response, struct exchange *exchange)
{
    struct diag diag;
    struct pair_reader *reader = sw_worker.recording;
    bool none = ctx->read_as == API_NONE || ctx->body_skipped || ctx->body.n == 0;
    bool has_text = !none && (ctx->api != API_NONE || ctx->ask.has_messages);
    bool whole = has_text && sw_volume_text(ctx, main_conf(ctx->request));
    if (whole && pair_read(reader, ctx->read_as, ctx->body, response, exchange, &diag) == STATUS_OK)
        return;
    if (!none && (!whole || ctx->api == API_NONE))
        (void)!pair_read_usage(reader, ctx->read_as, response, exchange);
    exchange->api = API_NONE; /* metadata only */
    exchange->n_parts = exchange->n_tools = 0;
}

/* Whether more of the answer went by than was read: encoded, or beyond the limit. */
static bool is_unread(const sw_ctx_t *ctx)
{
    if (!ctx->follow)
        return ctx->encoded || ctx->response_cut || ctx->unread || ctx->api == API_NONE;
    const struct follow_state state = follow_state(ctx->follow);
    return ctx->response_cut || state.truncated || state.n_bad > 0;
}

/*
 * Without usage from the model server (a cut stream, an error in between): by the bytes that were seen. What was not read
 * costs what was reserved, or an encoded or endless answer would be free.
 */
static void settle(sw_ctx_t *ctx, const struct exchange *exchange, size_t response_bytes)
{
    double input = (double)exchange->usage.input_tok, output = (double)exchange->usage.output_tok;
    if (!ctx->request->header_sent)
        return; /* the client went before the answer came, which the model server may have made all the same */
    if (exchange->status >= 400 && input < 0)
        input = output = 0;
    if (ctx->ask.no_output)
        output = 0;
    if (input < 0)
        input = (double)ctx->ask.body_bytes / 4;
    if (output < 0 && !is_unread(ctx))
        output = (double)response_bytes / 4;
    sw_volume_settle(ctx, main_conf(ctx->request), input, output, ctx->ask.model);
}

static void append_items(void *items)
{
    (void)ring_append(sw_worker.ring, *(struct span *)items);
}

static void append(sw_ctx_t *ctx, const struct exchange *exchange)
{
    uint8_t items[2 * RECORD_ITEM_MAX];
    struct record record;
    const struct event event = {
        .kind = EVENT_EXCHANGE, .time_ms = exchange->time_ms, .exchange = *exchange
    };
    if (!sw_worker.ring)
        return;
    extract_record(sw_worker.extractor, &event, &record);
    size_t n = record_encode_name(record.account, exchange->account, items);
    size_t more = record_encode(&record, items + n, sizeof items - n);
    struct span whole = { (char *)items, n + more };
    if (more > 0 && !fault_guarded(append_items, &whole))
        sw_worker_lost_ring(ctx->request->connection->log);
}

ngx_int_t sw_log(ngx_http_request_t *r)
{
    sw_ctx_t *ctx = sw_ctx_find(r);
    struct exchange exchange;
    u_char order[ORDER_MAX];
    if (!ctx || r != r->main || ctx->conf->check || !ctx->has_key)
        return NGX_OK; /* nobody's: an unknown key has no account */
    pair_start(&exchange);
    fill_known(ctx, &exchange, order);
    struct span response = response_of(ctx);
    read_bodies(ctx, response, &exchange);
    settle(ctx, &exchange, response.n);
    append(ctx, &exchange);
    return NGX_OK;
}
