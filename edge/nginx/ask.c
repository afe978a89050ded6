/* What a body asks for, and the same body after a restriction. */
#include "stillwatch.h"

#include <stdlib.h>

/* Of one letter both cases, of other characters at least themselves. */
static bool may_be(char a, char b)
{
    return (a | 0x20) == (b | 0x20);
}

/* Where the word is, in any case: a lenient server may not tell them apart. NULL: nowhere. */
static const char *find(struct span text, struct span word)
{
    for (size_t i = 0; i + word.n <= text.n; i++)
        if (may_be(text.data[i], word.data[0]) &&
            ngx_strncasecmp((u_char *)(uintptr_t)text.data + i, (u_char *)(uintptr_t)word.data, word.n) == 0)
            return text.data + i;
    return NULL;
}

static bool has(struct span text, const char *word)
{
    return find(text, span_of(word)) != NULL;
}

/* The model that the path names: /deployments/NAME/... or /models/NAME; empty: none. */
static struct span model_in_path(struct span path)
{
    static const struct span before[] = { SPAN("/deployments/"), SPAN("/models/") };
    const char *end = path.data + path.n;
    for (size_t k = 0; k < sizeof before / sizeof *before; k++) {
        const char *at = find(path, before[k]);
        struct span name = { at ? at + before[k].n : end, 0 };
        while (name.data + name.n < end && name.data[name.n] != '/' && name.data[name.n] != ':')
            name.n++;
        if (at && name.data < end)
            return name;
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
    return !type || type->value.len == 0 ||
           ngx_strlcasestrn(type->value.data, type->value.data + type->value.len, (u_char *)"json", 3) !=
               NULL;
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

/*
 * Whatever its type says: many servers read a body that begins like JSON as JSON, some behind a byte order mark or in UTF-16,
 * which is refused then.
 */
static bool looks_like_json(struct span body)
{
    size_t i = 0;
    while (i < body.n &&
           (body.data[i] == ' ' || body.data[i] == '\0' || (body.data[i] >= '\t' && body.data[i] <= '\r')))
        i++;
    return i < body.n && ngx_strchr("{[\xef\xfe\xff", body.data[i]) != NULL;
}

/* What the gate knows of the top level of a request, whoever's API it is of: what it asks for, and what a restriction does. */
struct word {
    const char *key;
    size_t n; /* bytes of the key */
    uint32_t use;
    bool size; /* the most output tokens */
};
#define USED(key, use)                                                                                       \
    {                                                                                                        \
        key, sizeof(key) - 1, use, false                                                                     \
    }
#define SIZED(key)                                                                                           \
    {                                                                                                        \
        key, sizeof(key) - 1, 0, true                                                                        \
    }

static const struct word words[] = {
    USED("model", 0),
    USED("n", USE_CHOICES),
    USED("best_of", USE_CHOICES),
    USED("logprobs", USE_LOGPROBS),
    USED("top_logprobs", USE_LOGPROBS),
    USED("prompt_logprobs", USE_LOGPROBS),
    USED("n_probs", USE_LOGPROBS),
    USED("include", USE_LOGPROBS | USE_REASONING),
    USED("reasoning", USE_REASONING),
    USED("reasoning_effort", USE_REASONING),
    USED("include_reasoning", USE_REASONING),
    USED("thinking", USE_REASONING),
    USED("enable_thinking", USE_REASONING),
    USED("chat_template_kwargs", USE_REASONING),
    SIZED("max_tokens"),
    SIZED("max_completion_tokens"),
    SIZED("max_output_tokens"),
    SIZED("n_predict"),
};
enum { WORDS = sizeof words / sizeof *words };

/* The word that a key is, in any case; NULL: none. */
static const struct word *word_of(struct span key)
{
    for (const struct word *word = words; word < words + WORDS; word++)
        if (word->n == key.n && may_be(word->key[0], key.data[0]) &&
            ngx_strncasecmp((u_char *)(uintptr_t)key.data, (u_char *)(uintptr_t)word->key, key.n) == 0)
            return word;
    return NULL;
}

/*
 * A key said twice, or one that the gate reads in other letters, would let it read one value and the model server another. Some
 * servers fold more letters than those of ASCII: no parameter has any.
 */
static bool is_ambiguous(const struct amend_member *member, const struct word *word)
{
    for (size_t i = 0; i < member->key.n; i++)
        if ((unsigned char)member->key.data[i] >= 0x80)
            return true;
    return member->repeated || (word && ngx_memcmp(member->key.data, word->key, word->n) != 0);
}

static bool says_nothing(struct span value)
{
    return span_is(value, "null") || span_is(value, "false") || span_is(value, "0") ||
           span_is(value, "\"\"") || span_is(value, "[]") || span_is(value, "{}");
}

/* A value that asks for reasoning. An escape could spell any word. */
static bool reasons(const char *key, struct span value)
{
    static const char *const signs[] = { "\\", "summary", "enabled", "adaptive", "low", "medium", "high",
        "max", "true", "budget" };
    if (span_is(span_of(key), "include"))
        return has(value, "\\") || has(value, "reasoning");
    if (span_is(span_of(key), "chat_template_kwargs"))
        return has(value, "\\") || (has(value, "think") && has(value, "true"));
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (has(value, signs[i]))
            return true;
    return false;
}

static uint32_t uses_of(const struct word *word, struct span value)
{
    uint32_t uses = 0;
    if (says_nothing(value))
        return 0;
    if (word->use & USE_CHOICES && !span_is(value, "1"))
        uses |= USE_CHOICES;
    if (word->use & USE_REASONING && reasons(word->key, value))
        uses |= USE_REASONING;
    if (word->use & USE_LOGPROBS &&
        (!(word->use & USE_REASONING) || has(value, "logprobs") || has(value, "\\")))
        uses |= USE_LOGPROBS;
    return uses;
}

/* Whole numbers as they are usually written; others are what the readers of the dialects made of them. */
static int64_t number_of(struct span value)
{
    ngx_int_t number = ngx_atoi((u_char *)(uintptr_t)value.data, value.n);
    return number == NGX_ERROR ? NUMBER_ABSENT : number;
}

static void ask_of_member(struct ask *ask, const struct word *word, struct span value)
{
    int64_t number = number_of(value);
    ask->uses |= uses_of(word, value);
    if (word->size && number > ask->output_tok)
        ask->output_tok = number;
    if (word->use & USE_CHOICES && number > ask->choices)
        ask->choices = number;
}

static ngx_int_t ask_of_members(struct ask *ask, const struct amend *amend)
{
    const struct amend_member *member;
    for (size_t i = 0; (member = amend_at(amend, i)); i++) {
        const struct word *word = word_of(member->key);
        if (is_ambiguous(member, word))
            return NGX_ERROR;
        if (word)
            ask_of_member(ask, word, member->value);
    }
    return NGX_OK;
}

static void ask_of_params(struct ask *ask, const struct exchange_params *params)
{
    ask->choices = params->n > ask->choices ? params->n : ask->choices;
    ask->output_tok = params->max_tokens > ask->output_tok ? params->max_tokens : ask->output_tok;
    if (params->flags & (PARAM_REASONING | PARAM_INCLUDE_ENCRYPTED))
        ask->uses |= USE_REASONING;
    if (params->flags & PARAM_LOGPROBS || params->top_logprobs > 0)
        ask->uses |= USE_LOGPROBS;
}

ngx_int_t sw_ask(sw_ctx_t *ctx, sw_main_conf_t *conf)
{
    (void)conf;
    struct diag diag;
    struct exchange exchange;
    ask_of_path(ctx);
    ctx->body_skipped =
        ctx->body.n == 0 || (ctx->api == API_NONE && !is_json(ctx->request) && !looks_like_json(ctx->body));
    if (ctx->body_skipped)
        return NGX_OK;
    ctx->ask.model_due = ctx->api != API_NONE;
    if (is_encoded(ctx->request))
        return NGX_ERROR;
    if (amend_scan(sw_worker.amend, ctx->body, &diag) != STATUS_OK ||
        ask_of_members(&ctx->ask, sw_worker.amend) != NGX_OK)
        return NGX_ERROR;
    pair_start(&exchange);
    /* Of an unknown path the body is read as the commonest: what it asks for is not passed by. */
    enum api api = ctx->api == API_NONE ? API_OPENAI_CHAT : ctx->api;
    if (pair_read_open(sw_worker.asking, api, ctx->body, amend_cursor(sw_worker.amend), &exchange, &diag) !=
        STATUS_OK)
        return NGX_ERROR;
    ask_of_params(&ctx->ask, &exchange.params);
    if (exchange.params.model.n == 0)
        return NGX_OK;
    if (ctx->ask.model.n > 0 && !span_eq(ctx->ask.model, exchange.params.model))
        return NGX_ERROR;
    ctx->ask.model = sw_copy(ctx->request->pool, exchange.params.model);
    return ctx->ask.model.n > 0 ? NGX_OK : NGX_ERROR;
}

struct changes {
    struct amend_change items[WORDS];
    size_t n;
    char number[24];
};

static void change(struct changes *changes, const char *key, struct span value)
{
    if (value.n > 0 || amend_find(sw_worker.amend, key))
        changes->items[changes->n++] = (struct amend_change){ key, value };
}

static void take_out(struct changes *changes)
{
    for (size_t i = 0; i < WORDS; i++)
        if (words[i].use)
            change(changes, words[i].key, (struct span){ 0 });
}

/* Every size that the request names, or that of its API. */
static void cap(struct changes *changes, const sw_ctx_t *ctx)
{
    static const char *const usual[API_COUNT] = { "max_completion_tokens", "max_completion_tokens",
        "max_output_tokens", "max_tokens" };
    int64_t most = ctx->ruling.output_cap, asked = ctx->ask.output_tok;
    int64_t tok = asked >= 0 && asked < most ? asked : most;
    bool named = false;
    if (most <= 0)
        return;
    int n = snprintf(changes->number, sizeof changes->number, "%lld", (long long)tok);
    struct span value = { changes->number, (size_t)n };
    for (size_t i = 0; i < WORDS; i++)
        if (words[i].size && amend_find(sw_worker.amend, words[i].key)) {
            change(changes, words[i].key, value);
            named = true;
        }
    if (!named)
        change(changes, usual[ctx->api], value);
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
        take_out(&changes);
    cap(&changes, ctx);
    if (amend_write(sw_worker.amend, changes.items, changes.n, &out) == STATUS_OK && out.status == STATUS_OK)
        rc = replace_body(ctx->request, buffer_span(&out));
    buffer_fini(&out);
    return rc;
}
