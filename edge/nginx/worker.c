/* What a worker has open. Everything is opened after the fork, and again later if it was not there yet. */
#include "stillwatch.h"

#include <sys/stat.h>

sw_worker_t sw_worker;

static char path_bytes[NGX_MAX_PATH];

static const char *path_in(const sw_main_conf_t *conf, const char *name)
{
    ngx_snprintf((u_char *)path_bytes, sizeof path_bytes, "%V/%s%Z", &conf->state, name);
    return path_bytes;
}

struct opening {
    const sw_main_conf_t *conf;
    enum status st;
    struct diag diag;
};

static void open_it(void *data)
{
    struct opening *opening = data;
    opening->st =
        table_open(path_bytes, TABLE_READ, 0, &opening->conf->key, &sw_worker.table, &opening->diag);
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* What an opening had taken is lost when it ends in a fault, so the same file is not tried twice. */
static void open_table(const sw_main_conf_t *conf, ngx_log_t *log)
{
    struct opening opening = { .conf = conf, .st = STATUS_BAD, .diag = { .reason = "damaged" } };
    struct stat file = { .st_size = 0 };
    bool there = stat(path_in(conf, "table/data.mdb"), &file) == 0;
    if (there && sw_worker.broken.st_size > 0 && same_file(&file, &sw_worker.broken))
        return;
    path_in(conf, "table");
    if (!fault_guarded(open_it, &opening)) {
        sw_worker.broken = file;
        sw_worker.table = NULL;
    }
    if (opening.st != STATUS_OK) {
        sw_worker.table = NULL;
        ngx_log_error(NGX_LOG_CRIT, log, 0, "stillwatch: table \"%s\": %s %s", path_bytes,
            status_text(opening.st), opening.diag.reason);
    }
    ngx_memzero(&sw_worker.table_at, sizeof sw_worker.table_at);
    if (sw_worker.table)
        (void)stat(path_in(conf, "table/data.mdb"), &sw_worker.table_at);
}

static void open_ring(const sw_main_conf_t *conf, ngx_log_t *log)
{
    char name[64];
    struct diag diag = { 0 };
    ngx_snprintf((u_char *)name, sizeof name, "spool/worker-%P.ring%Z", ngx_pid);
    enum status st =
        ring_open(path_in(conf, name), conf->spool_bytes, conf->key.check, &sw_worker.ring, &diag);
    if (st != STATUS_OK) {
        sw_worker.ring = NULL;
        ngx_log_error(
            NGX_LOG_CRIT, log, 0, "stillwatch: ring \"%s\": %s %s", path_bytes, status_text(st), diag.reason);
    }
}

static sw_main_conf_t *conf_of(ngx_cycle_t *cycle)
{
    sw_main_conf_t *conf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_stillwatch_module);
    return conf && conf->used ? conf : NULL;
}

ngx_int_t sw_worker_start(ngx_cycle_t *cycle)
{
    sw_main_conf_t *conf = conf_of(cycle);
    if (!conf || (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE))
        return NGX_OK;
    sw_worker.counters = conf->zone->data;
    int64_t began_ms = (int64_t)ngx_time() * 1000 + (int64_t)ngx_timeofday()->msec;
    sw_worker.id_prefix_n =
        (size_t)(ngx_sprintf(sw_worker.id_prefix, "req_%xL%08xD", began_ms, (uint32_t)ngx_pid) -
                 sw_worker.id_prefix);
    if (pair_reader_new(NGX_MAX_INT32_VALUE, &sw_worker.asking) != STATUS_OK ||
        pair_reader_new(NGX_MAX_INT32_VALUE, &sw_worker.recording) != STATUS_OK ||
        json_new(&sw_worker.cursor) != STATUS_OK ||
        amend_new(NGX_MAX_INT32_VALUE, &sw_worker.amend) != STATUS_OK ||
        extractor_new(&conf->key, &sw_worker.extractor) != STATUS_OK)
        return NGX_ERROR;
    fault_guard_start();
    open_table(conf, cycle->log);
    open_ring(conf, cycle->log);
    sw_worker.tried = ngx_current_msec;
    return NGX_OK;
}

/* Another folder has the table's name now: one that was restored, or made anew. */
static bool is_replaced(const sw_main_conf_t *conf)
{
    struct stat at;
    return sw_worker.table && stat(path_in(conf, "table/data.mdb"), &at) == 0 &&
           (at.st_ino != sw_worker.table_at.st_ino || at.st_dev != sw_worker.table_at.st_dev);
}

static void close_table(void *table)
{
    table_close(table);
}

static void close_ring(void *ring)
{
    ring_close(ring);
}

void sw_worker_retry(ngx_log_t *log)
{
    sw_main_conf_t *conf = conf_of((ngx_cycle_t *)(uintptr_t)ngx_cycle);
    if (!conf || ngx_current_msec - sw_worker.tried < 1000)
        return;
    sw_worker.tried = ngx_current_msec;
    if (is_replaced(conf)) {
        (void)fault_guarded(close_table, sw_worker.table);
        sw_worker.table = NULL;
    }
    if (!sw_worker.table)
        open_table(conf, log);
    if (!sw_worker.ring)
        open_ring(conf, log);
}

void sw_worker_lost_table(ngx_log_t *log)
{
    ngx_log_error(NGX_LOG_CRIT, log, 0, "stillwatch: the table is damaged");
    (void)fault_guarded(close_table, sw_worker.table);
    sw_worker.table = NULL;
    sw_worker.tried = ngx_current_msec;
}

void sw_worker_lost_ring(ngx_log_t *log)
{
    ngx_log_error(NGX_LOG_CRIT, log, 0, "stillwatch: the ring was cut off");
    (void)fault_guarded(close_ring, sw_worker.ring);
    sw_worker.ring = NULL;
    sw_worker.tried = ngx_current_msec;
}

void sw_worker_stop(ngx_cycle_t *cycle)
{
    (void)cycle;
    (void)fault_guarded(close_table, sw_worker.table);
    if (sw_worker.ring)
        (void)fault_guarded(close_ring, sw_worker.ring);
    fault_guard_stop();
    pair_reader_free(sw_worker.asking);
    pair_reader_free(sw_worker.recording);
    amend_free(sw_worker.amend);
    json_free(sw_worker.cursor);
    extractor_free(sw_worker.extractor);
    ngx_memzero(&sw_worker, sizeof sw_worker);
}
