/* What a body asks for, and the same body after a restriction. */
#include "stillwatch.h"

#include <stdlib.h>

enum { CHANGES_MAX = 8 };

/* In any case: a lenient server may not tell them apart. */
static bool has(struct span text, const char *word)
{
    size_t n = ngx_strlen(word);
    for (size_t i = 0; i + n <= text.n; i++)
        if (ngx_strncasecmp((u_char *)(uintptr_t)text.data + i, (u_char *)(uintptr_t)word, n) == 0)
            return true;
    return false;
}

/* The model that the path names: /deployments/NAME/... or /models/NAME; empty: none. */
static struct span model_in_path(struct span path)
{
    static const char *const before[] = { "/deployments/", "/models/" };
    for (size_t k = 0; k < sizeof before / sizeof *before; k++) {
        size_t n = ngx_strlen(before[k]);
        for (size_t i = 0; i + n < path.n; i++) {
            if (ngx_strncasecmp((u_char *)(uintptr_t)path.data + i, (u_char *)(uintptr_t)before[k], n) != 0)
                continue;
            struct span name = { path.data + i + n, 0 };
            while (i + n + name.n < path.n && name.data[name.n] != '/' && name.data[name.n] != ':')
                name.n++;
            return name;
        }
    }
    return (struct span){ 0 };
}

static void ask_of_path(sw_ctx_t *ctx)
{
    struct span path = sw_span(ctx->request->uri);
    ctx->ask.model = model_in_path(path);
    if (has(path, "/batches"))
        ctx->ask.uses |= USE_BATCH;
    if (ctx->api == API_NONE && (ctx->request->method & (NGX_HTTP_GET | NGX_HTTP_HEAD)) &&
        has(path, "/models"))
        ctx->ask.uses |= USE_MODELS;
}

static bool is_json(const ngx_http_request_t *r)
{
    const ngx_table_elt_t *type = r->headers_in.content_type;
    return !type || ngx_strlcasestrn(
                        type->value.data, type->value.data + type->value.len, (u_char *)"json", 3) != NULL;
}

/* An encoding would hide the body from the gate; identity is none. */
static bool is_encoded(ngx_http_request_t *r)
{
    ngx_list_part_t *part = &r->headers_in.headers.part;
    for (; part; part = part->next) {
        ngx_table_elt_t *headers = part->elts;
        for (ngx_uint_t i = 0; i < part->nelts; i++)
            if (headers[i].key.len == 16 &&
                ngx_strncasecmp(headers[i].key.data, (u_char *)"content-encoding", 16) == 0 &&
                !(headers[i].value.len == 8 &&
                    ngx_strncasecmp(headers[i].value.data, (u_char *)"identity", 8) == 0))
                return true;
    }
    return false;
}

/* Whatever its type says: many servers read a body that begins like an object as JSON. */
static bool is_object(struct span body)
{
    size_t i = 0;
    while (i < body.n && (body.data[i] == ' ' || (body.data[i] >= '\t' && body.data[i] <= '\r')))
        i++;
    return i < body.n && body.data[i] == '{';
}

/* A key that the gate reads, in other letters: some servers do not tell capitals apart. */
static bool is_disguised(struct span key)
{
    static const char *const keys[] = { "model", "n", "logprobs", "top_logprobs", "include", "reasoning",
        "reasoning_effort", "thinking", "max_tokens", "max_completion_tokens", "max_output_tokens" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (key.n == ngx_strlen(keys[i]) && !span_is(key, keys[i]) &&
            ngx_strncasecmp((u_char *)(uintptr_t)key.data, (u_char *)(uintptr_t)keys[i], key.n) == 0)
            return true;
    return false;
}

/* A key said twice would let the gate read one value and the model server the other. */
static bool says_twice(const struct amend *amend)
{
    const struct amend_member *member;
    for (size_t i = 0; (member = amend_at(amend, i)); i++)
        if (member->repeated || is_disguised(member->key))
            return true;
    return false;
}

static void ask_of_params(sw_ctx_t *ctx, const struct exchange_params *params)
{
    const struct amend_member *include = amend_find(sw_worker.amend, "include");
    struct ask *ask = &ctx->ask;
    ask->choices = params->n > 1 ? params->n : 1;
    ask->output_tok = params->max_tokens;
    if (params->flags & (PARAM_REASONING | PARAM_INCLUDE_ENCRYPTED))
        ask->uses |= USE_REASONING;
    if (params->flags & PARAM_LOGPROBS || params->top_logprobs > 0 ||
        (include && has(include->value, "logprobs")))
        ask->uses |= USE_LOGPROBS;
    if (ask->choices > 1)
        ask->uses |= USE_CHOICES;
}

ngx_int_t sw_ask(sw_ctx_t *ctx, sw_main_conf_t *conf)
{
    (void)conf;
    struct diag diag;
    struct exchange exchange;
    ask_of_path(ctx);
    ctx->body_skipped =
        ctx->body.n == 0 || (ctx->api == API_NONE && !is_json(ctx->request) && !is_object(ctx->body));
    if (ctx->body_skipped)
        return NGX_OK;
    ctx->ask.model_due = ctx->api != API_NONE;
    if (is_encoded(ctx->request))
        return NGX_ERROR;
    if (amend_scan(sw_worker.amend, ctx->body, &diag) != STATUS_OK || says_twice(sw_worker.amend))
        return NGX_ERROR;
    pair_start(&exchange);
    /* Of an unknown path the body is read as the commonest: what it asks for is not passed by. */
    enum api api = ctx->api == API_NONE ? API_OPENAI_CHAT : ctx->api;
    if (pair_read(sw_worker.asking, api, ctx->body, (struct span){ 0 }, &exchange, &diag) != STATUS_OK)
        return NGX_ERROR;
    ask_of_params(ctx, &exchange.params);
    if (exchange.params.model.n == 0)
        return NGX_OK;
    if (ctx->ask.model.n > 0 && !span_eq(ctx->ask.model, exchange.params.model))
        return NGX_ERROR;
    ctx->ask.model = sw_copy(ctx->request->pool, exchange.params.model);
    return ctx->ask.model.n > 0 ? NGX_OK : NGX_ERROR;
}

struct changes {
    struct amend_change items[CHANGES_MAX];
    size_t n;
    char number[24];
};

static void change(struct changes *changes, const char *key, struct span value)
{
    if (value.n > 0 || amend_find(sw_worker.amend, key))
        changes->items[changes->n++] = (struct amend_change){ key, value };
}

static void take_out(struct changes *changes, enum api api)
{
    static const char *const keys[API_COUNT][6] = {
        [API_NONE] = { "logprobs", "top_logprobs", "n", "reasoning", "thinking" },
        [API_OPENAI_CHAT] = { "logprobs", "top_logprobs", "n", "reasoning", "thinking" },
        [API_OPENAI_RESPONSES] = { "top_logprobs", "include", "reasoning" },
        [API_ANTHROPIC_MESSAGES] = { "thinking" },
    };
    for (size_t i = 0; keys[api][i]; i++)
        change(changes, keys[api][i], (struct span){ 0 });
}

static void cap(struct changes *changes, const sw_ctx_t *ctx)
{
    int64_t most = ctx->ruling.output_cap, asked = ctx->ask.output_tok;
    int64_t tok = asked >= 0 && asked < most ? asked : most;
    if (most <= 0)
        return;
    int n = snprintf(changes->number, sizeof changes->number, "%lld", (long long)tok);
    struct span value = { changes->number, (size_t)n };
    if (ctx->api == API_OPENAI_RESPONSES)
        change(changes, "max_output_tokens", value);
    else if (ctx->api == API_ANTHROPIC_MESSAGES || amend_find(sw_worker.amend, "max_tokens"))
        change(changes, "max_tokens", value);
    if (ctx->api <= API_OPENAI_CHAT &&
        (amend_find(sw_worker.amend, "max_completion_tokens") || !amend_find(sw_worker.amend, "max_tokens")))
        change(changes, "max_completion_tokens", value);
}

static ngx_int_t replace_body(ngx_http_request_t *r, struct span body)
{
    ngx_buf_t *b = ngx_create_temp_buf(r->pool, body.n);
    ngx_chain_t *cl = ngx_alloc_chain_link(r->pool);
    if (!b || !cl)
        return NGX_ERROR;
    b->last = ngx_cpymem(b->pos, body.data, body.n);
    b->last_buf = 1;
    *cl = (ngx_chain_t){ b, NULL };
    r->request_body->bufs = cl;
    r->request_body->buf = b;
    r->request_body->temp_file = NULL;
    r->headers_in.content_length_n = (off_t)body.n;
    r->headers_in.chunked = 0;
    if (r->headers_in.content_length) { /* for whoever sends the header on as it came */
        u_char *text = ngx_pnalloc(r->pool, NGX_OFF_T_LEN);
        if (!text)
            return NGX_ERROR;
        r->headers_in.content_length->value.data = text;
        r->headers_in.content_length->value.len = (size_t)(ngx_sprintf(text, "%uz", body.n) - text);
    }
    return NGX_OK;
}

ngx_int_t sw_rewrite(sw_ctx_t *ctx)
{
    struct changes changes = { .n = 0 };
    struct buffer out = { 0 };
    struct diag diag;
    ngx_int_t rc = NGX_ERROR;
    if (ctx->body_skipped)
        return NGX_OK;
    if (amend_scan(sw_worker.amend, ctx->body, &diag) != STATUS_OK)
        return NGX_ERROR;
    if (ctx->ruling.restricted)
        take_out(&changes, ctx->api);
    cap(&changes, ctx);
    if (amend_write(sw_worker.amend, changes.items, changes.n, &out) == STATUS_OK && out.status == STATUS_OK)
        rc = replace_body(ctx->request, buffer_span(&out));
    buffer_fini(&out);
    return rc;
}
