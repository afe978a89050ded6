/* Who calls: the key that was sent, and what the table says of it. */
#include "stillwatch.h"

#include "gate/letters.h"

struct span sw_copy(ngx_pool_t *pool, struct span text)
{
    u_char *bytes = text.n > 0 ? ngx_pnalloc(pool, text.n) : NULL;
    if (!bytes)
        return (struct span){ 0 };
    ngx_memcpy(bytes, text.data, text.n);
    return (struct span){ (const char *)bytes, text.n };
}

/* The name in lower case. */
static bool is_header(const ngx_table_elt_t *header, const char *name, size_t n)
{
    return header->key.len == n && memcmp(header->lowcase_key, name, n) == 0;
}
#define IS_HEADER(header, name) is_header(header, name, sizeof(name) - 1)

static struct span trim(struct span text)
{
    while (text.n > 0 && (text.data[0] == ' ' || text.data[0] == '\t'))
        text.data++, text.n--;
    while (text.n > 0 && (text.data[text.n - 1] == ' ' || text.data[text.n - 1] == '\t'))
        text.n--;
    return text;
}

/* The token of "Bearer TOKEN"; any other scheme carries no key. */
static struct span bearer(ngx_str_t value)
{
    struct span text = trim(sw_span(value));
    if (text.n < 7 || ngx_strncasecmp((u_char *)(uintptr_t)text.data, (u_char *)"bearer ", 7) != 0)
        return (struct span){ 0 };
    return trim((struct span){ text.data + 7, text.n - 7 });
}

/* All headers that may carry a key are read: two that differ would let one be checked and the other be used. */
void sw_caller_key(sw_ctx_t *ctx)
{
    ngx_list_part_t *part = &ctx->request->headers_in.headers.part;
    for (; part; part = part->next) {
        ngx_table_elt_t *headers = part->elts;
        for (ngx_uint_t i = 0; i < part->nelts; i++) {
            struct span key = { 0 };
            if (IS_HEADER(&headers[i], "authorization"))
                key = bearer(headers[i].value);
            else if (IS_HEADER(&headers[i], "x-api-key") || IS_HEADER(&headers[i], "api-key"))
                key = trim(sw_span(headers[i].value));
            if (key.n == 0)
                continue;
            ctx->twice |= ctx->key_text.n > 0 && !span_eq(key, ctx->key_text);
            ctx->key_text = key;
        }
    }
}

/* Rows borrow from the table until the read ends: names that are needed later are copied. */
static void keep_rows(sw_ctx_t *ctx, const struct key *secret)
{
    ngx_pool_t *pool = ctx->request->pool;
    struct caller *caller = &ctx->caller;
    ctx->account_hash = key_hash(secret, KEY_ACCOUNT, caller->key.account.data, caller->key.account.n);
    caller->key.id = sw_copy(pool, caller->key.id);
    caller->key.account = sw_copy(pool, caller->key.account);
    caller->account.organization = sw_copy(pool, caller->account.organization);
    caller->decision.reason = (struct span){ 0 }; /* for reports; clients are not told */
}

struct look_up {
    sw_ctx_t *ctx;
    const struct key *secret;
    ngx_int_t rc;
};

static void look_up(void *data)
{
    struct look_up *look = data;
    sw_ctx_t *ctx = look->ctx;
    struct table *table = sw_worker.table;
    if (table_read_begin(table) != STATUS_OK)
        return;
    enum status st = table_find_caller(table, ctx->key_text, &ctx->caller);
    look->rc = st == STATUS_OK || st == STATUS_NOT_FOUND ? NGX_OK : NGX_ERROR;
    ctx->has_key = ctx->caller.key.account.n > 0;
    if (ctx->has_key)
        keep_rows(ctx, look->secret);
    table_read_end(table);
}

ngx_int_t sw_caller_look_up(sw_ctx_t *ctx)
{
    const sw_main_conf_t *conf = ngx_http_get_module_main_conf(ctx->request, ngx_http_stillwatch_module);
    struct look_up look = { ctx, &conf->key, NGX_ERROR };
    if (ctx->key_text.n == 0)
        return NGX_OK;
    if (!sw_worker.table)
        return NGX_ERROR;
    if (fault_guarded(look_up, &look))
        return look.rc;
    ctx->has_key = false;
    ctx->caller = (struct caller){ 0 };
    sw_worker_lost_table(ctx->request->connection->log);
    return NGX_ERROR;
}

/* By the normalised path, in any case, with or without a slash at its end: what a lenient server may take for it. */
enum api sw_api_of(ngx_http_request_t *r, const sw_loc_conf_t *conf)
{
    struct span path = sw_span(r->uri);
    if (conf->api != SW_API_AUTO)
        return (enum api)conf->api;
    while (path.n > 1 && path.data[path.n - 1] == '/')
        path.n--;
    bool of_a_thread = path.n >= 12 && memmem(path.data, path.n, "/threads/", 9) != NULL;
    if ((letters_end(path, SPAN("/messages")) && !of_a_thread) ||
        letters_end(path, SPAN("/messages/count_tokens")))
        return API_ANTHROPIC_MESSAGES;
    if (letters_end(path, SPAN("/responses")))
        return API_OPENAI_RESPONSES;
    if (letters_end(path, SPAN("/chat/completions")))
        return API_OPENAI_CHAT;
    return API_NONE;
}
