/* What a refused client gets. */
#include "stillwatch.h"

ngx_int_t sw_add_header(ngx_http_request_t *r, const char *name, ngx_str_t value)
{
    ngx_table_elt_t *header = ngx_list_push(&r->headers_out.headers);
    if (!header)
        return NGX_ERROR;
    ngx_memzero(header, sizeof *header);
    header->hash = 1;
    header->key = (ngx_str_t){ ngx_strlen(name), (u_char *)(uintptr_t)name };
    header->value = value;
    return NGX_OK;
}

static ngx_int_t add_number(ngx_http_request_t *r, const char *name, ngx_uint_t number)
{
    u_char *text = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
    if (!text)
        return NGX_ERROR;
    return sw_add_header(r, name, (ngx_str_t){ (size_t)(ngx_sprintf(text, "%ui", number) - text), text });
}

/* As a forward-auth endpoint: nginx takes only 401 and 403 for a refusal, so the true status goes beside it. */
static ngx_uint_t shown_status(const sw_ctx_t *ctx, ngx_uint_t status)
{
    return !ctx->conf->check || status == 401 ? status : 403;
}

static ngx_int_t add_headers(sw_ctx_t *ctx, const sw_main_conf_t *conf, ngx_uint_t status)
{
    ngx_http_request_t *r = ctx->request;
    if (status == 401 && sw_add_header(r, "WWW-Authenticate", (ngx_str_t)ngx_string("Bearer")) != NGX_OK)
        return NGX_ERROR;
    if (status == 429 && add_number(r, "Retry-After", ctx->retry_s) != NGX_OK)
        return NGX_ERROR;
    if (status == 429 && sw_volume_headers(ctx, conf) != NGX_OK)
        return NGX_ERROR;
    if (ctx->conf->check && add_number(r, "X-Stillwatch-Status", status) != NGX_OK)
        return NGX_ERROR;
    return sw_add_header(r, ctx->api == API_ANTHROPIC_MESSAGES ? "request-id" : "X-Request-Id", ctx->id);
}

ngx_int_t sw_respond(sw_ctx_t *ctx, sw_main_conf_t *conf)
{
    ngx_http_request_t *r = ctx->request;
    struct buffer body = { 0 };
    ngx_int_t rc = NGX_HTTP_INTERNAL_SERVER_ERROR;
    const char *type = answer_type(ctx->api);
    const struct answer_facts facts = { .ruling = &ctx->ruling,
        .api = ctx->api,
        .case_id = ctx->case_id,
        .step_up_url = conf->rules->step_up_url };
    ngx_uint_t status = ruling_status(ctx->ruling.kind);
    r->expect_tested = 1; /* no invitation to send what is not read */
    answer_body(&facts, &body);
    struct span kept = sw_copy(r->pool, buffer_span(&body));
    buffer_fini(&body);
    if (kept.n == 0 || add_headers(ctx, conf, status) != NGX_OK)
        return rc;
    ngx_http_complex_value_t value = { .value = { kept.n, (u_char *)(uintptr_t)kept.data } };
    ngx_str_t type_text = { ngx_strlen(type), (u_char *)(uintptr_t)type };
    return ngx_http_send_response(r, shown_status(ctx, status), &type_text, &value);
}
