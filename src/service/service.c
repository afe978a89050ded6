#include "service/service_state.h"

#include "base/fault.h"
#include "record/codec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const int64_t retention_default_ms = INT64_C(45) * 24 * 3600 * 1000;

static enum status make_folder(struct service *service, const char *path, mode_t mode, struct diag *diag)
{
    struct stat info;
    if (mkdir(path, mode & 0777) == 0) {
        /* Files of the spool belong to the folder's group. In one that gives its group to it nothing is left to do, and systemd
         * lets nobody say it (RestrictSUIDSGID). */
        bool done = stat(path, &info) == 0 && (info.st_mode & 07777) == mode;
        return done || chmod(path, mode) == 0 ? STATUS_OK : STATUS_IO;
    }
    if (errno == EEXIST)
        return STATUS_OK;
    int cause = errno;
    snprintf(service->fault_file, SERVICE_PATH, "%s", path);
    diag->file = service->fault_file;
    diag_set(diag, "", "%s", strerror(cause));
    return STATUS_IO;
}

void service_keep_fault(struct service *service, struct diag *diag)
{
    if (diag && diag->file && diag->file != service->fault_file) {
        snprintf(service->fault_file, SERVICE_PATH, "%s", diag->file);
        diag->file = service->fault_file;
    }
}

/* One service a folder: two would both take what is in the rings. */
static enum status lock(struct service *service, struct diag *diag)
{
    enum status st = STATUS_OK;
    TRY(service_path(&service->config, "lock", service->fault_file));
    diag->file = service->fault_file;
    service->lock = open(service->fault_file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    REQUIRE(service->lock >= 0, STATUS_IO);
    REQUIRE(flock(service->lock, LOCK_EX | LOCK_NB) == 0, STATUS_IO);
    return STATUS_OK;
fail:
    diag_set(
        diag, "", "%s", errno == EWOULDBLOCK ? "another stillwatchd has this state folder" : strerror(errno));
    return st;
}

enum status service_lost_table(struct service *service, struct diag *diag)
{
    service->table = NULL;
    diag->file = service->config.state;
    diag_set(diag, "table", "%s", TABLE_DAMAGED);
    return STATUS_BAD;
}

struct opening {
    struct service *service;
    struct diag *diag;
    enum status st;
};

static void open_it(void *data)
{
    enum status st = STATUS_OK;
    struct opening *opening = data;
    struct service *service = opening->service;
    struct diag *diag = opening->diag;
    char path[SERVICE_PATH];
    TRY(service_path(&service->config, "table", path));
    st = table_open(
        path, TABLE_WRITE, service->config.table_bytes, service->config.key, &service->table, diag);
    service_keep_fault(service, diag);
    TRY(st);
    TRY(table_read_begin(service->table));
    st = service_known(service->table, &service->committed, diag);
    table_read_end(service->table);
fail:
    opening->st = st;
}

static enum status open_table(struct service *service, struct diag *diag)
{
    struct opening opening = { service, diag, STATUS_BAD };
    return fault_guarded(open_it, &opening) ? opening.st : service_lost_table(service, diag);
}

static enum status on_decision(void *context, const struct decision *decision, struct span account)
{
    struct service *service = context;
    return service->silent ? STATUS_OK : publisher_add(&service->publisher, decision, account);
}

static enum status start_engine(struct service *service, const struct policy *policy)
{
    struct engine_config config = {
        .n_threads = service->config.n_threads,
        .accounts_max = service->config.accounts_max,
        .issued_bytes = service->config.issued_bytes,
        .policy = policy,
    };
    struct engine_sink sink = { .context = service, .decision = on_decision };
    return engine_new(&config, &sink, &service->engine);
}

enum status service_take_policy(struct service *service, struct span text, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct policy *policy = NULL;
    struct buffer kept = { 0 };
    if (service->engine && span_eq(buffer_span(&service->policy_text), text))
        return STATUS_OK;
    buffer_put(&kept, text);
    buffer_put_char(&kept, '\0'); /* as the reader of YAML wants it */
    TRY(kept.status);
    kept.n--;
    TRY(policy_read(buffer_span(&kept), service->config.key, &policy, diag));
    if (service->engine)
        engine_take_policy(service->engine, policy);
    else
        TRY(start_engine(service, policy));
    policy_free(service->policy);
    buffer_fini(&service->policy_text);
    service->policy = policy;
    service->policy_text = kept;
    service->stats.policies++;
    return STATUS_OK;
fail:
    policy_free(policy);
    buffer_fini(&kept);
    return st;
}

enum status service_journal_policy(struct service *service, struct span text)
{
    struct journal_block block = { .kind = JOURNAL_POLICY, .payload = text };
    enum status st = journal_append(service->journal, &block);
    service->dirty |= st == STATUS_OK;
    return st;
}

/* The journal first: what the engine took and the journal has not would be decided otherwise after a restart. */
enum status service_change_policy(struct service *service, struct span text, struct diag *diag)
{
    enum status st = STATUS_OK;
    TRY(service_check_policy(&service->config, text, diag));
    st = service_journal_policy(service, text);
    if (st != STATUS_OK)
        diag_set(diag, "", "the journal cannot be written");
    TRY(st);
    st = service_take_policy(service, text, diag);
fail:
    return st;
}

/* A journal just made is committed while it is empty: one that the table does not know is refused. */
static enum status open_journal(struct service *service, int64_t now_ms, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct journal_place place = service->committed.journal;
    uint64_t check = service->config.key->check;
    unsigned segments;
    st = journal_open(service->journal_folder, check, place, now_ms, &service->journal, diag);
    service_keep_fault(service, diag);
    TRY(st);
    if (place.segment == 0)
        TRY(service_commit(service, diag));
    service->stats.journal_total = journal_bytes(service->journal, &segments);
    st = journal_reader_open(
        service->journal_folder, check, journal_end(service->journal), &service->reader, diag);
    service_keep_fault(service, diag);
fail:
    return st;
}

static enum status prepare(struct service *service, int64_t now_ms, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct span text = { 0 };
    const char *state = service->config.state;
    TRY(service_read_policy(&service->config, &text, diag));
    TRY(service_check_policy(
        &service->config, text, diag)); /* before anything else: the operator is looking */
    TRY(service_path(&service->config, "journal", service->journal_folder));
    TRY(service_path(&service->config, "spool", service->spool_folder));
    TRY(make_folder(service, state, 0750, diag));
    TRY(lock(service, diag));
    TRY(make_folder(service, service->spool_folder, 02770, diag));
    TRY(open_table(service, diag));
    service->committed.starts++;
    service->decided = service->known_until = service->committed.decided;
    TRY(spool_new(service->spool_folder, service->config.key->check, &service->spool));
    TRY(record_batch_new(&service->batch));
    service->block = malloc(SERVICE_BLOCK + RING_ENTRY_MAX);
    REQUIRE(service->block, STATUS_NOMEM);
    service->now_ms = now_ms;
    TRY(open_journal(service, now_ms, diag));
fail:
    free((void *)(uintptr_t)text.data);
    return st;
}

/* For a caller who frees the service on failure, diag's file is the state folder's again. */
enum status service_open(
    const struct service_config *config, int64_t now_ms, struct service **ret_service, struct diag *diag)
{
    struct diag unseen;
    struct service *service = calloc(1, sizeof *service);
    if (!service)
        return STATUS_NOMEM;
    diag = diag ? diag : &unseen;
    *diag = (struct diag){ .file = config->state };
    service->config = *config;
    service->config.retention_ms = config->retention_ms > 0 ? config->retention_ms : retention_default_ms;
    service->lock = -1;
    service->swept_ms = service->scanned_ms = service->cleaned_ms = INT64_MIN;
    enum status st = prepare(service, now_ms, diag);
    if (st == STATUS_OK) {
        *ret_service = service;
        return st;
    }
    if (diag->file == service->fault_file) {
        const char *slash = strrchr(diag->file, '/');
        snprintf(diag->field, sizeof diag->field, "%.47s", slash ? slash + 1 : diag->file);
        diag->file = config->state;
    }
    service_close(service);
    return st;
}

void service_close(struct service *service)
{
    if (!service)
        return;
    engine_free(service->engine);
    policy_free(service->policy);
    buffer_fini(&service->policy_text);
    publisher_fini(&service->publisher);
    journal_reader_free(service->reader);
    journal_close(service->journal);
    spool_free(service->spool);
    table_close(service->table);
    record_batch_free(service->batch);
    free(service->block);
    if (service->lock >= 0)
        close(service->lock);
    free(service);
}

enum status service_reload(struct service *service, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct span text = { 0 };
    *diag = (struct diag){ .file = service->config.policy };
    TRY(service_read_policy(&service->config, &text, diag));
    TRY(service_check_policy(&service->config, text, diag));
    if (service->reader || span_eq(buffer_span(&service->policy_text), text)) {
        free((void *)(uintptr_t)text.data);
        return STATUS_OK; /* the end of the replay reads it */
    }
    TRY(service_change_policy(service, text, diag));
fail:
    service->stats.policies_refused += st != STATUS_OK;
    free((void *)(uintptr_t)text.data);
    return st;
}

bool service_next_refusal(struct service *service, struct spool_refusal *ret_refusal)
{
    return spool_next_refusal(service->spool, ret_refusal);
}

void service_stats(const struct service *service, struct service_stats *ret_stats)
{
    *ret_stats = service->stats;
    if (service->engine) {
        engine_stats(service->engine, &ret_stats->engine);
        for (size_t i = 0; i < engine_campaigns(service->engine); i++)
            ret_stats->campaigns += engine_campaign_at(service->engine, i)->confirmed;
    }
    spool_stats(service->spool, &ret_stats->spool);
    ret_stats->starts = service->committed.starts;
    ret_stats->journal_bytes = journal_bytes(service->journal, &ret_stats->journal_segments);
    memcpy(ret_stats->published, service->publisher.published, sizeof ret_stats->published);
    ret_stats->unnamed = service->publisher.unnamed;
}

const struct engine *service_engine(const struct service *service)
{
    return service->engine;
}
