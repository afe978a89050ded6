/*
 * stillwatch.h: what the files of ngx_http_stillwatch_module share.
 *
 * Model: access phase: who calls (caller.c), from where (place.c), may it (gate/judge.h), how much (volume.c), with which
 *   body (access.c, ask.c). Filters follow the response (follow.c). Log phase: the exchange becomes a record in the
 *   worker's ring (record.c). A request has one context from the access phase to the log phase, found again after
 *   internal redirects.
 * Memory: of a request: its body up to body_max, its response up to response_max, 64 bytes of padding each, in its pool.
 *   Of a worker: two readers of bodies, a rewriter, an extractor, the mapped table and ring, made at start; the callers
 *   and the places of addresses that it looked up last (store/table.h, place.c), 0.2 MB.
 * Errors: a control that does not work lets pass or refuses as `stillwatch_fail_closed` says; what happens is logged once
 *   a second at most. A mapped file that is damaged or cut off is closed and opened again (base/fault.h).
 * Privacy: text is in the request's pool and nowhere else; the ring gets records.
 */
#ifndef EDGE_STILLWATCH_H
#define EDGE_STILLWATCH_H

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "base/fault.h"
#include "base/span.h"
#include "exchange/amend.h"
#include "exchange/follow.h"
#include "exchange/pair.h"
#include "gate/answer.h"
#include "gate/asking.h"
#include "gate/gcra.h"
#include "gate/judge.h"
#include "record/extract.h"
#include "store/ring.h"
#include "store/table.h"

enum { SW_CONTROL_IDENTITY = 2, SW_CONTROL_GEOGRAPHY = 4, SW_CONTROL_VOLUME = 8, SW_CONTROL_RECORD = 16 };

/* http block: one for all. */
typedef struct {
    ngx_str_t state, key_file, rules_file, country_file, asn_file, networks_file;
    size_t spool_bytes;
    ngx_shm_zone_t *zone;
    struct rules *rules;
    struct key key;
    struct places_of *places;       /* place.c: the open databases */
    ngx_str_t policies[TIER_COUNT]; /* what RateLimit-Policy says */
    ngx_uint_t used;                /* some location has it on */
} sw_main_conf_t;

typedef struct {
    ngx_flag_t enable, dry_run, check;
    ngx_uint_t api; /* enum api, or SW_API_AUTO */
    size_t body_max, response_max;
    ngx_uint_t text_per_hour;       /* exchanges of an account that are recorded with their text; 0: all */
    struct gcra_rate text_rate;     /* the same, as counters read it */
    ngx_array_t *proxies;           /* ngx_cidr_t */
    ngx_http_complex_value_t *time; /* of replays: NULL, the clock */
    ngx_uint_t fail_closed;         /* SW_CONTROL_ bits */
} sw_loc_conf_t;

enum { SW_API_AUTO = API_COUNT };

/* Who is counted. */
enum {
    SW_SCOPE_KEY,
    SW_SCOPE_ACCOUNT,
    SW_SCOPE_ORGANIZATION,
    SW_SCOPE_CAMPAIGN,
    SW_SCOPE_THROTTLE, /* of the account */
    SW_SCOPES
};

/* What the counters of one of them were charged, to be settled when it is known what was used. */
typedef struct {
    const struct rules_rate *rate; /* NULL: nothing yet */
    uint64_t id;
    unsigned is_taken; /* bits by unit */
    double taken[RATE_UNITS];
} sw_charge_t;

typedef struct {
    ngx_http_request_t *request;
    sw_loc_conf_t *conf;
    enum api api;     /* by the path: how it is answered */
    enum api read_as; /* how bodies are read: on a path that is not known JSON as the commonest */
    bool unread;      /* the answer is not: of no API, and no JSON */
    bool body_known, passed, refused, dry;
    int64_t time_ms;
    ngx_msec_t began;

    struct span key_text; /* as sent, until it was looked up */
    struct caller caller;
    bool has_key, twice; /* twice: two keys that differ */
    struct span address, country, network;
    int64_t asn;

    struct ruling ruling;
    struct ask ask;
    struct span body;  /* as received, padded */
    bool body_skipped; /* not JSON by its type, or none */
    uint64_t case_id;
    uint64_t account_hash; /* 0: no account */
    ngx_str_t id;
    u_char id_text[56];

    sw_charge_t charges[SW_SCOPES];
    struct gcra_state shown; /* of the account's requests: what RateLimit tells */
    bool is_shown;           /* they were counted */
    ngx_uint_t retry_s;

    struct follow *follow; /* of a stream */
    u_char *response;
    size_t response_n, response_cap;
    bool response_cut, encoded;
} sw_ctx_t;

extern ngx_module_t ngx_http_stillwatch_module;

/* Of the worker, made at its start; NULL before and without the module in use. */
typedef struct {
    struct table *table;
    struct stat table_at; /* its file when it was opened */
    struct ring *ring;
    struct pair_reader *asking, *recording;
    struct amend *amend;
    struct json *cursor; /* of all streams */
    struct extractor *extractor;
    struct gcra_table *counters;
    ngx_msec_t tried;     /* to open what is missing */
    struct stat broken;   /* the table's file whose opening ended in a fault; size 0: none did */
    u_char id_prefix[32]; /* of exchanges: when the worker started and which it is */
    size_t id_prefix_n;
    uint64_t serial;
} sw_worker_t;
extern sw_worker_t sw_worker;

static inline struct span sw_span(ngx_str_t text)
{
    return (struct span){ (const char *)text.data, text.len };
}

static inline unsigned sw_tier(const sw_ctx_t *ctx)
{
    return ctx->caller.has_account && ctx->caller.account.tier < TIER_COUNT ? ctx->caller.account.tier
                                                                            : TIER_UNKNOWN;
}

/* The context, also after an internal redirect; NULL. */
sw_ctx_t *sw_ctx_find(ngx_http_request_t *r);
struct span sw_copy(ngx_pool_t *pool, struct span text);

/* worker.c */
ngx_int_t sw_worker_start(ngx_cycle_t *cycle);
void sw_worker_stop(ngx_cycle_t *cycle);
/* Opens table and ring if they are not; at most once a second. */
void sw_worker_retry(ngx_log_t *log);
/* After a fault (base/fault.h): closes the table, or the ring. */
void sw_worker_lost_table(ngx_log_t *log);
void sw_worker_lost_ring(ngx_log_t *log);

/* place.c */
ngx_int_t sw_places_open(ngx_conf_t *cf, sw_main_conf_t *conf);
void sw_place(sw_ctx_t *ctx, sw_main_conf_t *conf);

/* caller.c: the key and what the table says of it. NGX_ERROR: the table cannot be asked. */
void sw_caller_key(sw_ctx_t *ctx);
ngx_int_t sw_caller_look_up(sw_ctx_t *ctx);
enum api sw_api_of(ngx_http_request_t *r, const sw_loc_conf_t *conf);

/* access.c */
ngx_int_t sw_access(ngx_http_request_t *r);
ngx_int_t sw_check(ngx_http_request_t *r);

/* ask.c: what the body asks for; NGX_ERROR: it cannot be told. Rewriting: NGX_ERROR without memory. */
ngx_int_t sw_ask(sw_ctx_t *ctx, sw_main_conf_t *conf);
ngx_int_t sw_rewrite(sw_ctx_t *ctx);

/* volume.c */
void sw_volume_requests(sw_ctx_t *ctx, sw_main_conf_t *conf);
void sw_volume_tokens(sw_ctx_t *ctx, sw_main_conf_t *conf);
/* output_tok below 0: not known; output and cost stay as they were reserved. */
void sw_volume_settle(
    sw_ctx_t *ctx, sw_main_conf_t *conf, double input_tok, double output_tok, struct span model);
ngx_int_t sw_volume_headers(sw_ctx_t *ctx, const sw_main_conf_t *conf);
ngx_int_t sw_volume_policies(ngx_conf_t *cf, sw_main_conf_t *conf);
/* Whether the exchange is recorded with its text. */
bool sw_volume_text(const sw_ctx_t *ctx, const sw_main_conf_t *conf);

/* respond.c */
ngx_int_t sw_respond(sw_ctx_t *ctx, sw_main_conf_t *conf);
ngx_int_t sw_add_header(ngx_http_request_t *r, const char *name, ngx_str_t value);

/* follow.c */
ngx_int_t sw_follow_init(ngx_conf_t *cf);

/* record.c */
ngx_int_t sw_log(ngx_http_request_t *r);

#endif
