/* What a body asks for, and the same body after a restriction, of and for nginx's requests. */
#include "stillwatch.h"

#include <stdlib.h>

static struct asking asking(void)
{
    return (struct asking){ sw_worker.amend, sw_worker.asking };
}

static bool is_json(const ngx_http_request_t *r)
{
    const ngx_table_elt_t *type = r->headers_in.content_type;
    return !type || type->value.len == 0 ||
           ngx_strlcasestrn(type->value.data, type->value.data + type->value.len, (u_char *)"json", 3) !=
               NULL;
}

/* The value of the next header of that name, in lower case, behind the last one; NULL: there is none. */
struct header_walk {
    ngx_list_part_t *part;
    ngx_uint_t next;
};

static const ngx_str_t *next_header(struct header_walk *walk, const ngx_str_t *name)
{
    for (; walk->part; walk->part = walk->part->next, walk->next = 0) {
        ngx_table_elt_t *headers = walk->part->elts;
        while (walk->next < walk->part->nelts) {
            const ngx_table_elt_t *header = &headers[walk->next++];
            if (header->key.len == name->len && memcmp(header->lowcase_key, name->data, name->len) == 0)
                return &header->value;
        }
    }
    return NULL;
}

/* An encoding would hide the body from the gate; identity is none. */
static bool is_encoded(ngx_http_request_t *r)
{
    static const ngx_str_t name = ngx_string("content-encoding");
    struct header_walk walk = { &r->headers_in.headers.part, 0 };
    const ngx_str_t *value;
    while ((value = next_header(&walk, &name)))
        if (value->len != 8 || ngx_strncasecmp(value->data, (u_char *)"identity", 8) != 0)
            return true;
    return false;
}

/* Behind "charset": an equals sign, one of the names, and nothing else but what a semicolon divides from it. */
static bool names_one_of(const u_char *at, const u_char *end, const char *const *names, size_t n)
{
    while (at < end && *at == ' ')
        at++;
    if (at == end || *at++ != '=')
        return false;
    while (at < end && *at == ' ')
        at++;
    for (size_t i = 0; i < n; i++) {
        size_t length = ngx_strlen(names[i]);
        if ((size_t)(end - at) >= length &&
            ngx_strncasecmp((u_char *)(uintptr_t)at, (u_char *)(uintptr_t)names[i], length) == 0 &&
            ((size_t)(end - at) == length || at[length] == ';' || at[length] == ' '))
            return ngx_strlcasestrn((u_char *)(uintptr_t)at + length, (u_char *)(uintptr_t)end,
                       (u_char *)"charset", 7 - 1) == NULL;
    }
    return false;
}

/* A server that obeys another charset than UTF-8 (of which ASCII is part) would read another body than the gate. */
static bool is_in_utf_8(ngx_http_request_t *r)
{
    static const char *const fine[] = { "utf-8", "utf8", "us-ascii", "\"utf-8\"", "\"utf8\"",
        "\"us-ascii\"" };
    static const ngx_str_t name = ngx_string("content-type");
    struct header_walk walk = { &r->headers_in.headers.part, 0 };
    const ngx_str_t *value;
    while ((value = next_header(&walk, &name))) {
        u_char *end = value->data + value->len;
        u_char *at = ngx_strlcasestrn(value->data, end, (u_char *)"charset", 7 - 1);
        if (at && !names_one_of(at + 7, end, fine, sizeof fine / sizeof *fine))
            return false;
    }
    return true;
}

ngx_int_t sw_ask(sw_ctx_t *ctx, sw_main_conf_t *conf)
{
    (void)conf;
    const struct asking by = asking();
    bool reads = ctx->request->method & (NGX_HTTP_GET | NGX_HTTP_HEAD);
    path_ask(sw_span(ctx->request->uri), sw_span(ctx->request->args), reads, &ctx->ask);
    if (ctx->body.n > 0 && is_encoded(ctx->request))
        return NGX_ERROR;
    ctx->body_skipped = ctx->body.n == 0 || (ctx->api == API_NONE && !is_json(ctx->request) &&
                                                !asking_looks_like_json(ctx->body));
    /* Of a form the model is not known; files name none. */
    if (ctx->body_skipped)
        ctx->ask.model_due = ctx->body.n > 0 && !path_is_of_files(sw_span(ctx->request->uri));
    else if (!is_in_utf_8(ctx->request) || asking_body(&by, ctx->api, ctx->body, &ctx->ask) != STATUS_OK)
        return NGX_ERROR;
    ctx->read_as = ctx->api != API_NONE || ctx->body_skipped ? ctx->api : API_OPENAI_CHAT;
    size_t n = ctx->ask.model.n;
    ctx->ask.model = sw_copy(ctx->request->pool, ctx->ask.model);
    return ctx->ask.model.n == n ? NGX_OK : NGX_ERROR;
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
    const struct asking by = asking();
    struct buffer out = { 0 };
    ngx_int_t rc = NGX_ERROR;
    if (ctx->body_skipped)
        return NGX_OK;
    if (asking_rewrite(&by, ctx->body, &ctx->ask, &ctx->ruling, &out) == STATUS_OK)
        rc = replace_body(ctx->request, buffer_span(&out));
    buffer_fini(&out);
    return rc;
}
