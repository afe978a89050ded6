/* The filters: what is sent to the client is also read here, on its way and without delay. */
#include "stillwatch.h"

static ngx_http_output_header_filter_pt next_header;
static ngx_http_output_body_filter_pt next_body;

static bool type_is(const ngx_http_request_t *r, const char *type)
{
    size_t n = ngx_strlen(type);
    return r->headers_out.content_type.len >= n &&
           ngx_strncasecmp(r->headers_out.content_type.data, (u_char *)(uintptr_t)type, n) == 0;
}

static ngx_int_t header_filter(ngx_http_request_t *r)
{
    sw_ctx_t *ctx = r == r->main ? sw_ctx_find(r) : NULL;
    if (ctx && ctx->passed && !ctx->conf->check) {
        ctx->encoded = r->headers_out.content_encoding && r->headers_out.content_encoding->value.len > 0;
        /* On a path that is not known usage is looked for in JSON: what else it answers with may be large. */
        ctx->unread = ctx->read_as == API_NONE || (ctx->api == API_NONE && !type_is(r, "application/json") &&
                                                      !type_is(r, "text/event-stream"));
        r->filter_need_in_memory = 1; /* what went through a temporary file is read in again */
        const struct follow_limits limits = { ctx->conf->response_max, ctx->conf->response_max };
        if (!ctx->encoded && !ctx->follow && ctx->read_as != API_NONE && type_is(r, "text/event-stream") &&
            follow_new(ctx->read_as, &limits, sw_worker.cursor, &ctx->follow) != STATUS_OK)
            ctx->follow = NULL;
    }
    return next_header(r);
}

/* Doubles up to the limit, in the request's pool: what is left behind is given back where it was large. */
static bool make_room(sw_ctx_t *ctx, size_t more)
{
    ngx_pool_t *pool = ctx->request->pool;
    off_t told = ctx->request->headers_out.content_length_n;
    size_t first = told > 0 && (size_t)told <= ctx->conf->response_max ? (size_t)told : 4096 - JSON_PADDING;
    size_t cap = ctx->response_cap ? ctx->response_cap : first;
    while (cap < ctx->response_n + more)
        cap = cap * 2 + JSON_PADDING;
    if (cap == ctx->response_cap)
        return true;
    u_char *wider = ngx_palloc(pool, cap + JSON_PADDING);
    if (!wider)
        return false;
    if (ctx->response_n > 0)
        ngx_memcpy(wider, ctx->response, ctx->response_n);
    if (ctx->response)
        ngx_pfree(pool, ctx->response);
    ctx->response = wider;
    ctx->response_cap = cap;
    return true;
}

static void keep(sw_ctx_t *ctx, const u_char *bytes, size_t n)
{
    if (ctx->response_cut || ctx->response_n + n > ctx->conf->response_max || !make_room(ctx, n)) {
        ctx->response_cut = true;
        return;
    }
    ngx_memcpy(ctx->response + ctx->response_n, bytes, n);
    ctx->response_n += n;
}

static void read_chain(sw_ctx_t *ctx, const ngx_chain_t *chain)
{
    for (; chain; chain = chain->next) {
        const ngx_buf_t *b = chain->buf;
        if (ngx_buf_in_memory(b) && b->last > b->pos) {
            if (ctx->follow)
                (void)!follow_feed(ctx->follow, (const char *)b->pos, (size_t)(b->last - b->pos));
            else
                keep(ctx, b->pos, (size_t)(b->last - b->pos));
        } else if (b->in_file) {
            ctx->response_cut = true; /* went through a file: proxy_max_temp_file_size 0 keeps it in memory */
        }
    }
}

static ngx_int_t body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    sw_ctx_t *ctx = in && r == r->main ? sw_ctx_find(r) : NULL;
    if (ctx && ctx->passed && !ctx->encoded && !ctx->unread && !ctx->conf->check)
        read_chain(ctx, in);
    return next_body(r, in);
}

ngx_int_t sw_follow_init(ngx_conf_t *cf)
{
    (void)cf;
    next_header = ngx_http_top_header_filter;
    ngx_http_top_header_filter = header_filter;
    next_body = ngx_http_top_body_filter;
    ngx_http_top_body_filter = body_filter;
    return NGX_OK;
}
