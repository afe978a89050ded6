/*
 * A state folder whose journal and ring hold what the input says, checksums right: the service starts on it or gives a
 * reason, the same twice; what it made of journal and ring is what a restart makes of the journal alone. A piece of the
 * input is a letter, its length and its bytes: i items in the journal, p a policy in it, r items in the ring.
 */
#include "fuzz.h"

#include "service/service.h"
#include "store/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct key key;
static const char *folder;

static void path_in(const char *name, char ret_path[static FUZZ_PATH])
{
    snprintf(ret_path, FUZZ_PATH, "%s/%s", folder, name);
}

static struct span next_piece(struct fuzz_script *script)
{
    size_t n = fuzz_number(script), left = (size_t)(script->end - script->at);
    struct span piece = { (const char *)script->at, n < left ? n : left };
    script->at += piece.n;
    return piece;
}

static void append(struct journal *journal, enum journal_kind kind, struct span payload)
{
    const struct journal_block block = { kind, 0, payload };
    if (journal_append(journal, &block) != STATUS_OK)
        abort();
}

/* Begins with the default policy, as what the service writes does, unless the input begins with a dash. */
static struct journal_place write_journal(struct fuzz_script script)
{
    char path[FUZZ_PATH];
    struct journal *journal;
    struct diag diag = { 0 };
    path_in("journal", path);
    if (journal_open(path, key.check, (struct journal_place){ 0 }, 0, &journal, &diag) != STATUS_OK)
        abort();
    if (!fuzz_more(&script) || *script.at != '-')
        append(journal, JOURNAL_POLICY, (struct span){ 0 });
    while (fuzz_more(&script)) {
        uint8_t what = fuzz_byte(&script);
        if (what == 'i')
            append(journal, JOURNAL_ITEMS, next_piece(&script));
        else if (what == 'p')
            append(journal, JOURNAL_POLICY, next_piece(&script));
        else if (what == 'r')
            next_piece(&script);
    }
    struct journal_place end = journal_end(journal);
    journal_close(journal);
    return end;
}

static void write_ring(struct fuzz_script script)
{
    char path[FUZZ_PATH];
    struct ring *ring;
    path_in("spool", path);
    mkdir(path, 0770);
    path_in("spool/w.ring", path);
    if (ring_open(path, RING_BYTES_MIN, key.check, &ring, NULL) != STATUS_OK)
        abort();
    while (fuzz_more(&script)) {
        uint8_t what = fuzz_byte(&script);
        if (what == 'r')
            ring_append(ring, next_piece(&script)); /* false: it is empty, or the ring full */
        else if (what == 'i' || what == 'p')
            next_piece(&script);
    }
    ring_close(ring);
}

static void write_table(struct journal_place end)
{
    static uint8_t bytes[STATE_BYTES_MAX];
    static struct service_state state;
    char path[FUZZ_PATH];
    struct table *table;
    path_in("table", path);
    state = (struct service_state){ .starts = 1, .journal = end };
    size_t n = state_encode(&state, bytes);
    if (table_open(path, TABLE_WRITE, 1 << 24, &key, &table, NULL) != STATUS_OK ||
        table_write_begin(table) != STATUS_OK ||
        table_put_state(table, STATE_NAME, (struct span){ (const char *)bytes, n }) != STATUS_OK ||
        table_write_commit(table) != STATUS_OK)
        abort();
    table_close(table);
}

/* Until all is read. The clock goes on, so that every round looks for rings. */
static void drain(struct service *service)
{
    static int64_t now_ms;
    struct diag diag;
    bool more;
    for (unsigned i = 0; i < 3; i += !more)
        if (service_round(service, now_ms += 1000, &more, &diag) != STATUS_OK || diag.reason[0])
            abort();
}

static enum status start(bool rounds, struct service **ret_service, struct diag *diag)
{
    const struct service_config config = { .state = folder,
        .key = &key,
        .n_threads = 1,
        .accounts_max = 64,
        .issued_bytes = 1 << 12,
        .table_bytes = 1 << 24 };
    enum status st = service_open(&config, 0, ret_service, diag);
    if (st != STATUS_OK)
        abort(); /* the folder is whole; only what the blocks hold is not */
    while ((st = service_replay(*ret_service, diag)) == STATUS_OK)
        if (rounds)
            drain(*ret_service);
    if (st == STATUS_END)
        return STATUS_OK;
    if (st != STATUS_BAD || !diag->reason[0] || !diag->file)
        abort();
    service_close(*ret_service);
    diag->file = NULL;
    return st;
}

static void check_same(const struct service *service, const struct service_stats *before)
{
    struct service_stats after;
    service_stats(service, &after);
    const struct engine_stats *a = &before->engine, *b = &after.engine;
    if (a->records != b->records || a->exchanges != b->exchanges || a->late != b->late ||
        a->ticks != b->ticks || a->first_ms != b->first_ms || a->last_ms != b->last_ms ||
        before->campaigns != after.campaigns || memcmp(a->decisions, b->decisions, sizeof a->decisions) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const struct fuzz_script script = { data, data + n };
    struct service *service = NULL;
    struct service_stats stats;
    struct diag diag, again;
    bool rounds = n > 0 && data[n - 1] % 2;
    key_init(&key, key_default_secret);
    folder = fuzz_folder();
    write_table(write_journal(script));
    write_ring(script);
    enum status st = start(rounds, &service, &diag);
    if (st != STATUS_OK) {
        if (start(false, &service, &again) != st || strcmp(diag.reason, again.reason) != 0)
            abort();
        return 0;
    }
    drain(service);
    service_stats(service, &stats);
    service_close(service);
    if (start(false, &service, &diag) != STATUS_OK)
        abort();
    check_same(service, &stats);
    service_close(service);
    return 0;
}
