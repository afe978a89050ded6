/* The access phase: before the body, with the body, and the same question asked by another proxy. */
#include "stillwatch.h"

static sw_main_conf_t *main_conf(ngx_http_request_t *r)
{
    return ngx_http_get_module_main_conf(r, ngx_http_stillwatch_module);
}

static void forget(void *data)
{
    sw_ctx_t *ctx = data;
    follow_free(ctx->follow);
    ctx->follow = NULL;
}

/* An internal redirect takes the contexts away; the cleanup stays (as ngx_http_realip_module does it). */
sw_ctx_t *sw_ctx_find(ngx_http_request_t *r)
{
    sw_ctx_t *ctx = ngx_http_get_module_ctx(r->main, ngx_http_stillwatch_module);
    if (ctx || (!r->internal && !r->filter_finalize))
        return ctx;
    for (ngx_pool_cleanup_t *cleanup = r->pool->cleanup; cleanup; cleanup = cleanup->next)
        if (cleanup->handler == forget)
            return cleanup->data;
    return NULL;
}

/* A log that is played again brings its own time. */
static int64_t time_of(ngx_http_request_t *r, const sw_loc_conf_t *conf)
{
    ngx_str_t text;
    ngx_time_t *now = ngx_timeofday();
    if (conf->time && ngx_http_complex_value(r, conf->time, &text) == NGX_OK && text.len > 0) {
        off_t ms = ngx_atoof(text.data, text.len);
        if (ms >= 0)
            return ms;
    }
    return (int64_t)now->sec * 1000 + (int64_t)now->msec;
}

/* Unique without a random number a request: the worker, and how many it has seen. */
static ngx_str_t id_new(u_char *text)
{
    static const char digits[] = "0123456789abcdef";
    u_char serial[2 * sizeof sw_worker.serial], *at = serial + sizeof serial;
    uint64_t rest = sw_worker.serial++;
    do
        *--at = (u_char)digits[rest % 16];
    while (rest /= 16);
    u_char *end = ngx_cpymem(text, sw_worker.id_prefix, sw_worker.id_prefix_n);
    end = ngx_cpymem(end, at, (size_t)(serial + sizeof serial - at));
    return (ngx_str_t){ (size_t)(end - text), text };
}

static sw_ctx_t *ctx_new(ngx_http_request_t *r, sw_loc_conf_t *conf)
{
    ngx_pool_cleanup_t *cleanup = ngx_pool_cleanup_add(r->pool, sizeof(sw_ctx_t));
    if (!cleanup)
        return NULL;
    sw_ctx_t *ctx = cleanup->data;
    ngx_memzero(ctx, sizeof *ctx);
    cleanup->handler = forget;
    ctx->request = r;
    ctx->conf = conf;
    ctx->dry = conf->dry_run;
    ctx->time_ms = time_of(r, conf);
    ctx->began = ngx_current_msec;
    ctx->asn = NUMBER_ABSENT;
    ctx->api = ctx->read_as = sw_api_of(r, conf);
    asking_start(&ctx->ask);
    ctx->id = id_new(ctx->id_text);
    ctx->case_id = key_hash(&main_conf(r)->key, KEY_EXCHANGE, ctx->id.data, ctx->id.len);
    ngx_http_set_ctx(r, ctx, ngx_http_stillwatch_module);
    return ctx;
}

static struct judge_input input_of(sw_ctx_t *ctx, const struct origin *origin)
{
    return (struct judge_input){
        .rules = main_conf(ctx->request)->rules,
        .key_given = ctx->key_text.n > 0,
        .key = ctx->has_key ? &ctx->caller.key : NULL,
        .account = ctx->caller.has_account ? &ctx->caller.account : NULL,
        .decision = ctx->caller.has_decision ? &ctx->caller.decision : NULL,
        .origin = origin,
        .now_ms = ctx->time_ms,
    };
}

/* Refuses, or in a dry run only notes that it would have. NGX_OK: goes on. */
static ngx_int_t refuse(sw_ctx_t *ctx)
{
    if (ctx->ruling.kind == RULING_PASS)
        return NGX_OK;
    ngx_log_error(NGX_LOG_INFO, ctx->request->connection->log, 0, "stillwatch: %s%s, case %016xL",
        ctx->dry ? "dry run: " : "", answer_problem(ctx->ruling.kind), ctx->case_id);
    if (ctx->dry) {
        ctx->ruling.kind = RULING_PASS;
        ctx->ruling.restricted = false;
        ctx->ruling.output_cap = 0;
        return NGX_OK;
    }
    ctx->refused = true;
    return sw_respond(ctx, main_conf(ctx->request));
}

static void judge_who(sw_ctx_t *ctx)
{
    sw_caller_key(ctx);
    bool works = sw_caller_look_up(ctx) == NGX_OK;
    sw_place(ctx, main_conf(ctx->request));
    const struct origin origin = { ctx->country, ctx->network };
    const struct judge_input input = input_of(ctx, &origin);
    if (ctx->twice)
        ctx->ruling = (struct ruling){ .kind = RULING_BAD_REQUEST };
    else if (!works && (ctx->conf->fail_closed & SW_CONTROL_IDENTITY))
        ctx->ruling = (struct ruling){ .kind = RULING_UNAVAILABLE };
    else if (!works)
        ctx->ruling = (struct ruling){ .kind = RULING_PASS };
    else
        ctx->ruling = judge_caller(&input);
}

/* A control that does not work and was told to refuse then; of identity judge_who knows. */
static bool is_down(const sw_ctx_t *ctx)
{
    const struct rules *rules = main_conf(ctx->request)->rules;
    ngx_uint_t down = 0;
    if (!sw_worker.counters)
        down |= SW_CONTROL_VOLUME;
    if (!sw_worker.ring && !ctx->conf->check)
        down |= SW_CONTROL_RECORD;
    if (ctx->country.n == 0 && rules->tiers[sw_tier(ctx)].countries.n > 0)
        down |= SW_CONTROL_GEOGRAPHY;
    return (down & ctx->conf->fail_closed) != 0;
}

static bool has_body(const ngx_http_request_t *r)
{
    return r->headers_in.content_length_n > 0 || r->headers_in.chunked;
}

/*
 * Whoever a decision refuses is heard first: what it asks for tells whether it still does the campaign's work, and on what it
 * would be released. nginx would read the body anyway, to throw it away.
 */
static bool is_heard_first(const sw_ctx_t *ctx)
{
    const ngx_http_request_t *r = ctx->request;
    return (ctx->ruling.kind == RULING_SUSPENDED || ctx->ruling.kind == RULING_VERIFY) && !ctx->dry &&
           !ctx->conf->check && ctx->api != API_NONE && has_body(r) &&
           r->headers_in.content_length_n <= (off_t)ctx->conf->body_max;
}

/* Everything that can be said without the body. */
static ngx_int_t before_body(sw_ctx_t *ctx)
{
    judge_who(ctx);
    if (is_heard_first(ctx))
        return NGX_OK;
    if (ctx->ruling.kind == RULING_PASS &&
        ctx->request->headers_in.content_length_n > (off_t)ctx->conf->body_max)
        ctx->ruling.kind = RULING_BODY;
    ngx_int_t rc = refuse(ctx);
    if (rc != NGX_OK || ctx->refused)
        return rc;
    if (is_down(ctx))
        ctx->ruling.kind = RULING_UNAVAILABLE;
    else
        sw_volume_requests(ctx, main_conf(ctx->request));
    return refuse(ctx);
}

/* Of a chunked body the last buffer is a mark without bytes. */
static size_t size_of(ngx_buf_t *b)
{
    return ngx_buf_special(b) ? 0 : (size_t)ngx_buf_size(b);
}

static ngx_int_t copy_body(ngx_chain_t *bufs, u_char *at)
{
    for (ngx_chain_t *cl = bufs; cl; cl = cl->next) {
        size_t size = size_of(cl->buf);
        if (size > 0 && ngx_buf_in_memory(cl->buf))
            ngx_memcpy(at, cl->buf->pos, size);
        else if (size > 0 && ngx_read_file(cl->buf->file, at, size, cl->buf->file_pos) != (ssize_t)size)
            return NGX_ERROR;
        at += size;
    }
    ngx_memzero(at, JSON_PADDING);
    return NGX_OK;
}

/* The body in one piece with the padding that the readers ask for. */
static ngx_int_t take_body(sw_ctx_t *ctx)
{
    ngx_http_request_t *r = ctx->request;
    size_t n = 0;
    ngx_chain_t *bufs = r->request_body ? r->request_body->bufs : NULL;
    for (ngx_chain_t *cl = bufs; cl; cl = cl->next)
        n += size_of(cl->buf);
    ctx->ask.body_bytes = n;
    if (n > ctx->conf->body_max) {
        if (ctx->ruling.kind == RULING_PASS)
            ctx->ruling.kind = RULING_BODY;
        return NGX_OK;
    }
    u_char *bytes = n > 0 ? ngx_pnalloc(r->pool, n + JSON_PADDING) : NULL;
    if (n > 0 && (!bytes || copy_body(bufs, bytes) != NGX_OK))
        return NGX_ERROR;
    ctx->body = (struct span){ (char *)bytes, n };
    return NGX_OK;
}

/* NGX_OK: the request goes on; NGX_DONE: it was answered. */
static ngx_int_t with_body(sw_ctx_t *ctx)
{
    sw_main_conf_t *conf = main_conf(ctx->request);
    const struct origin origin = { ctx->country, ctx->network };
    const struct judge_input input = input_of(ctx, &origin);
    if (take_body(ctx) != NGX_OK)
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    if (ctx->ruling.kind == RULING_PASS && sw_ask(ctx, conf) != NGX_OK)
        ctx->ruling.kind = RULING_BAD_REQUEST;
    judge_ask(&input, &ctx->ask, &ctx->ruling);
    ngx_int_t rc = refuse(ctx);
    if (rc != NGX_OK || ctx->refused)
        return rc;
    sw_volume_tokens(ctx, conf);
    rc = refuse(ctx);
    if (rc != NGX_OK || ctx->refused)
        return rc;
    bool rewrite = ctx->ruling.restricted || ctx->ruling.output_cap > 0;
    if (rewrite && !ctx->dry && sw_rewrite(ctx) != NGX_OK)
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    ctx->passed = true;
    if (ctx->dry)
        return NGX_OK;
    return sw_volume_headers(ctx, conf) == NGX_OK ? NGX_OK : NGX_HTTP_INTERNAL_SERVER_ERROR;
}

static void on_body(ngx_http_request_t *r)
{
    sw_ctx_t *ctx = ngx_http_get_module_ctx(r, ngx_http_stillwatch_module);
    ctx->body_known = true;
    r->preserve_body = 1;
    r->write_event_handler = ngx_http_core_run_phases;
    ngx_http_core_run_phases(r);
}

/* An answer was sent: the phases end here. */
static ngx_int_t end_answered(ngx_http_request_t *r, ngx_int_t rc)
{
    ngx_http_finalize_request(r, rc);
    return NGX_DONE;
}

ngx_int_t sw_access(ngx_http_request_t *r)
{
    sw_loc_conf_t *conf = ngx_http_get_module_loc_conf(r, ngx_http_stillwatch_module);
    if (!conf->enable || r != r->main)
        return NGX_DECLINED;
    sw_ctx_t *ctx = sw_ctx_find(r);
    ngx_int_t rc;
    if (ctx && ctx->passed)
        return NGX_DECLINED; /* redirected within: judged already */
    if (ctx && ctx->refused)
        return NGX_HTTP_FORBIDDEN; /* to the page of an error: nothing of it reaches a model server */
    if (!ctx) {
        sw_worker_retry(r->connection->log);
        ctx = ctx_new(r, conf);
        if (!ctx)
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        rc = before_body(ctx);
        if (rc != NGX_OK || ctx->refused)
            return ctx->refused ? end_answered(r, rc) : rc;
        if (!conf->check && has_body(r)) {
            rc = ngx_http_read_client_request_body(r, on_body);
            if (rc >= NGX_HTTP_SPECIAL_RESPONSE)
                return rc;
            ngx_http_finalize_request(r, NGX_DONE);
            return NGX_DONE;
        }
        ctx->body_known = true;
    }
    /* Redirected while the body was read, to the page of an error: nothing more comes of it. */
    ctx->body_known = true;
    rc = with_body(ctx);
    if (ctx->refused)
        return end_answered(r, rc);
    return rc == NGX_OK ? NGX_DECLINED : rc;
}

/* stillwatch_check: who gets here passed the access phase. */
ngx_int_t sw_check(ngx_http_request_t *r)
{
    static ngx_str_t type = ngx_string("text/plain");
    sw_ctx_t *ctx = sw_ctx_find(r);
    ngx_http_complex_value_t body = { .value = ngx_string("pass\n") };
    if (ngx_http_discard_request_body(r) != NGX_OK || !ctx)
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    ngx_str_t account = { ctx->caller.key.account.n, (u_char *)(uintptr_t)ctx->caller.key.account.data };
    ngx_str_t action = ctx->dry                 ? (ngx_str_t)ngx_string("observe")
                       : ctx->ruling.restricted ? (ngx_str_t)ngx_string("restrict")
                       : ctx->ruling.throttle   ? (ngx_str_t)ngx_string("throttle")
                                                : (ngx_str_t)ngx_string("observe");
    if (sw_add_header(r, "X-Stillwatch-Action", action) != NGX_OK ||
        (account.len > 0 && sw_add_header(r, "X-Stillwatch-Account", account) != NGX_OK))
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    return ngx_http_send_response(r, NGX_HTTP_OK, &type, &body);
}
