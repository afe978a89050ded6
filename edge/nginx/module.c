/* Directives, configuration and the places where nginx calls. */
#include "stillwatch.h"

#include "base/file.h"

#include <stdlib.h>

static ngx_int_t zone_init(ngx_shm_zone_t *zone, void *old)
{
    ngx_slab_pool_t *pool = (ngx_slab_pool_t *)zone->shm.addr;
    if (old) {
        zone->data = old;
        return NGX_OK;
    }
    /* One run of pages for the counters; the rest is the slab allocator's own. */
    size_t bytes = zone->shm.size - sizeof(ngx_slab_pool_t) - zone->shm.size / 64 - 8 * ngx_pagesize;
    bytes -= bytes % ngx_pagesize;
    void *memory = ngx_slab_calloc(pool, bytes);
    zone->data = memory ? gcra_init(memory, bytes) : NULL;
    if (!zone->data) {
        ngx_log_error(
            NGX_LOG_EMERG, zone->shm.log, 0, "stillwatch_zone \"%V\" is too small", &zone->shm.name);
        return NGX_ERROR;
    }
    return NGX_OK;
}

static char *set_zone(ngx_conf_t *cf, ngx_command_t *command, void *conf)
{
    (void)command;
    static ngx_str_t name = ngx_string("stillwatch");
    sw_main_conf_t *smcf = conf;
    ngx_str_t *value = cf->args->elts;
    ssize_t bytes = ngx_parse_size(&value[1]);
    if (smcf->zone)
        return "is duplicate";
    if (bytes == NGX_ERROR || bytes < (ssize_t)(32 * ngx_pagesize))
        return "must be a size of at least 128k";
    smcf->zone = ngx_shared_memory_add(cf, &name, (size_t)bytes, &ngx_http_stillwatch_module);
    if (!smcf->zone)
        return NGX_CONF_ERROR;
    smcf->zone->init = zone_init;
    return NGX_CONF_OK;
}

/* stillwatch on|off;  stillwatch dry_run on|off; */
static char *set_enable(ngx_conf_t *cf, ngx_command_t *command, void *conf)
{
    (void)command;
    sw_loc_conf_t *slcf = conf;
    ngx_str_t *value = cf->args->elts;
    bool dry_run = cf->args->nelts == 3;
    ngx_flag_t *flag = dry_run ? &slcf->dry_run : &slcf->enable;
    ngx_str_t *word = &value[cf->args->nelts - 1];
    if (dry_run && ngx_strcmp(value[1].data, "dry_run") != 0)
        return "takes on, off, or dry_run with on or off";
    if (*flag != NGX_CONF_UNSET)
        return "is duplicate";
    if (ngx_strcasecmp(word->data, (u_char *)"on") == 0)
        *flag = 1;
    else if (ngx_strcasecmp(word->data, (u_char *)"off") == 0)
        *flag = 0;
    else
        return "takes on, off, or dry_run with on or off";
    return NGX_CONF_OK;
}

static char *set_check(ngx_conf_t *cf, ngx_command_t *command, void *conf)
{
    (void)command;
    sw_loc_conf_t *slcf = conf;
    ngx_http_core_loc_conf_t *clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    slcf->check = 1;
    slcf->enable = 1;
    clcf->handler = sw_check;
    return NGX_CONF_OK;
}

static char *set_proxy(ngx_conf_t *cf, ngx_command_t *command, void *conf)
{
    (void)command;
    sw_loc_conf_t *slcf = conf;
    ngx_str_t *value = cf->args->elts;
    if (!slcf->proxies || slcf->proxies == NGX_CONF_UNSET_PTR)
        slcf->proxies = ngx_array_create(cf->pool, 4, sizeof(ngx_cidr_t));
    for (ngx_uint_t i = 1; slcf->proxies && i < cf->args->nelts; i++) {
        ngx_cidr_t *cidr = ngx_array_push(slcf->proxies);
        if (!cidr)
            return NGX_CONF_ERROR;
        if (ngx_strcmp(value[i].data, "unix:") == 0) {
            cidr->family = AF_UNIX;
            continue;
        }
        ngx_int_t rc = ngx_ptocidr(&value[i], cidr);
        if (rc == NGX_ERROR)
            return "takes addresses, prefixes or unix:";
        if (rc == NGX_DONE)
            ngx_conf_log_error(NGX_LOG_WARN, cf, 0, "low address bits of %V are meaningless", &value[i]);
    }
    return slcf->proxies ? NGX_CONF_OK : NGX_CONF_ERROR;
}

static ngx_conf_enum_t apis[] = {
    { ngx_string("auto"), SW_API_AUTO },
    { ngx_string("openai.chat"), API_OPENAI_CHAT },
    { ngx_string("openai.responses"), API_OPENAI_RESPONSES },
    { ngx_string("anthropic.messages"), API_ANTHROPIC_MESSAGES },
    { ngx_string("other"), API_NONE },
    { ngx_null_string, 0 },
};

static ngx_conf_bitmask_t controls[] = {
    { ngx_string("identity"), SW_CONTROL_IDENTITY },
    { ngx_string("geography"), SW_CONTROL_GEOGRAPHY },
    { ngx_string("volume"), SW_CONTROL_VOLUME },
    { ngx_string("record"), SW_CONTROL_RECORD },
    { ngx_string("none"), NGX_CONF_BITMASK_SET },
    { ngx_null_string, 0 },
};

#define MAIN_STRING(name, member)                                                                            \
    {                                                                                                        \
        ngx_string(name), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1, ngx_conf_set_str_slot,                        \
            NGX_HTTP_MAIN_CONF_OFFSET, offsetof(sw_main_conf_t, member), NULL                                \
    }
#define ANYWHERE (NGX_HTTP_MAIN_CONF | NGX_HTTP_SRV_CONF | NGX_HTTP_LOC_CONF)

static ngx_command_t commands[] = {
    MAIN_STRING("stillwatch_state", state),
    MAIN_STRING("stillwatch_key_file", key_file),
    MAIN_STRING("stillwatch_rules", rules_file),
    MAIN_STRING("stillwatch_country_db", country_file),
    MAIN_STRING("stillwatch_asn_db", asn_file),
    MAIN_STRING("stillwatch_networks", networks_file),
    { ngx_string("stillwatch_spool"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1, ngx_conf_set_size_slot,
        NGX_HTTP_MAIN_CONF_OFFSET, offsetof(sw_main_conf_t, spool_bytes), NULL },
    { ngx_string("stillwatch_zone"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1, set_zone, NGX_HTTP_MAIN_CONF_OFFSET,
        0, NULL },
    { ngx_string("stillwatch"), ANYWHERE | NGX_CONF_TAKE12, set_enable, NGX_HTTP_LOC_CONF_OFFSET, 0, NULL },
    { ngx_string("stillwatch_check"), NGX_HTTP_LOC_CONF | NGX_CONF_NOARGS, set_check,
        NGX_HTTP_LOC_CONF_OFFSET, 0, NULL },
    { ngx_string("stillwatch_api"), ANYWHERE | NGX_CONF_TAKE1, ngx_conf_set_enum_slot,
        NGX_HTTP_LOC_CONF_OFFSET, offsetof(sw_loc_conf_t, api), apis },
    { ngx_string("stillwatch_body_max"), ANYWHERE | NGX_CONF_TAKE1, ngx_conf_set_size_slot,
        NGX_HTTP_LOC_CONF_OFFSET, offsetof(sw_loc_conf_t, body_max), NULL },
    { ngx_string("stillwatch_response_max"), ANYWHERE | NGX_CONF_TAKE1, ngx_conf_set_size_slot,
        NGX_HTTP_LOC_CONF_OFFSET, offsetof(sw_loc_conf_t, response_max), NULL },
    { ngx_string("stillwatch_text_per_hour"), ANYWHERE | NGX_CONF_TAKE1, ngx_conf_set_num_slot,
        NGX_HTTP_LOC_CONF_OFFSET, offsetof(sw_loc_conf_t, text_per_hour), NULL },
    { ngx_string("stillwatch_time"), ANYWHERE | NGX_CONF_TAKE1, ngx_http_set_complex_value_slot,
        NGX_HTTP_LOC_CONF_OFFSET, offsetof(sw_loc_conf_t, time), NULL },
    { ngx_string("stillwatch_trusted_proxy"), ANYWHERE | NGX_CONF_1MORE, set_proxy, NGX_HTTP_LOC_CONF_OFFSET,
        0, NULL },
    { ngx_string("stillwatch_fail_closed"), ANYWHERE | NGX_CONF_1MORE, ngx_conf_set_bitmask_slot,
        NGX_HTTP_LOC_CONF_OFFSET, offsetof(sw_loc_conf_t, fail_closed), controls },
    ngx_null_command,
};

static void *create_main(ngx_conf_t *cf)
{
    sw_main_conf_t *conf = ngx_pcalloc(cf->pool, sizeof *conf);
    if (conf)
        conf->spool_bytes = NGX_CONF_UNSET_SIZE;
    return conf;
}

static void rules_cleanup(void *rules)
{
    rules_free(rules);
}

static void say_diag(ngx_conf_t *cf, const char *what, ngx_str_t *file, const struct diag *diag)
{
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%s \"%V\", line %uL, column %uD: %s%s%s", what, file,
        diag->line, diag->column, diag->field, diag->field[0] ? " " : "", diag->reason);
}

static char *load_rules(ngx_conf_t *cf, sw_main_conf_t *conf)
{
    struct diag diag = { 0 };
    ngx_pool_cleanup_t *cleanup = ngx_pool_cleanup_add(cf->pool, 0);
    if (!cleanup)
        return NGX_CONF_ERROR;
    if (conf->rules_file.len == 0) {
        conf->rules = ngx_pcalloc(cf->pool, sizeof *conf->rules); /* limits nothing */
        return conf->rules ? NGX_CONF_OK : NGX_CONF_ERROR;
    }
    if (ngx_conf_full_name(cf->cycle, &conf->rules_file, 1) != NGX_OK)
        return NGX_CONF_ERROR;
    if (rules_load((char *)conf->rules_file.data, &conf->rules, &diag) != STATUS_OK) {
        say_diag(cf, "stillwatch_rules", &conf->rules_file, &diag);
        return NGX_CONF_ERROR;
    }
    cleanup->handler = rules_cleanup;
    cleanup->data = conf->rules;
    return NGX_CONF_OK;
}

static char *load_key(ngx_conf_t *cf, sw_main_conf_t *conf)
{
    uint8_t secret[32];
    struct span hex = { 0 };
    if (ngx_conf_full_name(cf->cycle, &conf->key_file, 1) != NGX_OK)
        return NGX_CONF_ERROR;
    enum status st = file_read((char *)conf->key_file.data, 4096, &hex);
    if (st == STATUS_OK)
        st = key_parse(hex, secret);
    if (hex.data)
        ngx_explicit_memzero((void *)(uintptr_t)hex.data, hex.n);
    free((void *)(uintptr_t)hex.data);
    if (st != STATUS_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, st == STATUS_IO ? ngx_errno : 0,
            "stillwatch_key_file \"%V\" must hold 64 hexadecimal digits", &conf->key_file);
        return NGX_CONF_ERROR;
    }
    key_init(&conf->key, secret);
    ngx_explicit_memzero(secret, sizeof secret);
    return NGX_CONF_OK;
}

/* Rules that speak of places, and nothing that tells them, would deny nobody. */
static char *check_places(ngx_conf_t *cf, const sw_main_conf_t *conf)
{
    bool countries = false, networks = false;
    for (unsigned tier = 0; tier < TIER_COUNT; tier++) {
        countries |= conf->rules->tiers[tier].countries.n > 0;
        networks |= conf->rules->tiers[tier].networks.n > 0;
    }
    if (countries && conf->country_file.len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "the rules deny countries: stillwatch_country_db is needed");
        return NGX_CONF_ERROR;
    }
    if (networks && conf->networks_file.len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "the rules deny networks: stillwatch_networks is needed");
        return NGX_CONF_ERROR;
    }
    return NGX_CONF_OK;
}

static char *init_main(ngx_conf_t *cf, void *data)
{
    sw_main_conf_t *conf = data;
    ngx_conf_init_size_value(conf->spool_bytes, 64 << 20);
    if (!conf->used)
        return NGX_CONF_OK;
    if (conf->state.len == 0 || conf->key_file.len == 0 || !conf->zone) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
            "\"stillwatch on\" needs stillwatch_state, stillwatch_key_file and stillwatch_zone in the http "
            "block");
        return NGX_CONF_ERROR;
    }
    if (ngx_conf_full_name(cf->cycle, &conf->state, 0) != NGX_OK || load_rules(cf, conf) != NGX_CONF_OK ||
        check_places(cf, conf) != NGX_CONF_OK || load_key(cf, conf) != NGX_CONF_OK ||
        sw_places_open(cf, conf) != NGX_OK || sw_volume_policies(cf, conf) != NGX_OK)
        return NGX_CONF_ERROR;
    return NGX_CONF_OK;
}

static void *create_loc(ngx_conf_t *cf)
{
    sw_loc_conf_t *conf = ngx_pcalloc(cf->pool, sizeof *conf);
    if (!conf)
        return NULL;
    conf->enable = conf->dry_run = NGX_CONF_UNSET;
    conf->api = NGX_CONF_UNSET_UINT;
    conf->body_max = conf->response_max = NGX_CONF_UNSET_SIZE;
    conf->text_per_hour = NGX_CONF_UNSET_UINT;
    conf->proxies = NGX_CONF_UNSET_PTR;
    return conf;
}

static char *merge_loc(ngx_conf_t *cf, void *outer, void *inner)
{
    sw_loc_conf_t *prev = outer, *conf = inner;
    sw_main_conf_t *smcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_stillwatch_module);
    ngx_conf_merge_value(conf->enable, prev->enable, 0);
    ngx_conf_merge_value(conf->dry_run, prev->dry_run, 0);
    ngx_conf_merge_uint_value(conf->api, prev->api, SW_API_AUTO);
    if (!conf->time)
        conf->time = prev->time;
    ngx_conf_merge_size_value(conf->body_max, prev->body_max, 8 << 20);
    ngx_conf_merge_size_value(conf->response_max, prev->response_max, 2 << 20);
    ngx_conf_merge_uint_value(conf->text_per_hour, prev->text_per_hour, 64);
    conf->text_rate = gcra_rate_of((double)conf->text_per_hour / 3600, (double)conf->text_per_hour);
    ngx_conf_merge_ptr_value(conf->proxies, prev->proxies, NULL);
    ngx_conf_merge_bitmask_value(
        conf->fail_closed, prev->fail_closed, (NGX_CONF_BITMASK_SET | SW_CONTROL_IDENTITY));
    ngx_http_core_loc_conf_t *clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    if (clcf->noname && prev->check > 0) /* an `if` within the location */
        conf->check = prev->check;
    smcf->used |= (ngx_uint_t)conf->enable;
    return NGX_CONF_OK;
}

static ngx_int_t add_handler(ngx_http_core_main_conf_t *cmcf, ngx_uint_t phase, ngx_http_handler_pt handler)
{
    ngx_http_handler_pt *place = ngx_array_push(&cmcf->phases[phase].handlers);
    if (!place)
        return NGX_ERROR;
    *place = handler;
    return NGX_OK;
}

static ngx_int_t postconfiguration(ngx_conf_t *cf)
{
    ngx_http_core_main_conf_t *cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    sw_main_conf_t *conf = ngx_http_conf_get_module_main_conf(cf, ngx_http_stillwatch_module);
    /* Locations were merged after init_main: only now is it known whether any has it on. */
    if (init_main(cf, conf) != NGX_CONF_OK)
        return NGX_ERROR;
    if (!conf->used)
        return NGX_OK;
    if (add_handler(cmcf, NGX_HTTP_ACCESS_PHASE, sw_access) != NGX_OK ||
        add_handler(cmcf, NGX_HTTP_LOG_PHASE, sw_log) != NGX_OK)
        return NGX_ERROR;
    return sw_follow_init(cf);
}

static ngx_http_module_t module_context = {
    .postconfiguration = postconfiguration,
    .create_main_conf = create_main,
    .create_loc_conf = create_loc,
    .merge_loc_conf = merge_loc,
};

ngx_module_t ngx_http_stillwatch_module = {
    NGX_MODULE_V1,
    &module_context,
    commands,
    NGX_HTTP_MODULE,
    NULL,
    NULL,
    sw_worker_start,
    NULL,
    NULL,
    sw_worker_stop,
    NULL,
    NGX_MODULE_V1_PADDING,
};
