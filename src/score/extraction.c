#include "score/extraction.h"

#include "record/codec.h"
#include "record/event_ids.h"
#include "score/array.h"
#include "score/id_set.h"

struct join {
    struct id_set ids;
    const struct extraction_accounts *accounts;
    struct extraction *into;
};

/* What a chunk of the log is turned into. */
struct seen_list {
    struct event_ids *items;
    size_t n, capacity;
};

static enum status add(struct extraction *extraction, uint64_t account, int64_t time_ms)
{
    struct score_extraction *items =
        array_grown(extraction->items, extraction->n, &extraction->capacity, sizeof *items);
    if (!items)
        return STATUS_NOMEM;
    extraction->items = items;
    items[extraction->n++] = (struct score_extraction){ account, time_ms };
    return STATUS_OK;
}

void extraction_fini(struct extraction *extraction)
{
    free(extraction->items);
    extraction->items = NULL;
    extraction->n = extraction->capacity = 0;
}

static bool parse_time(struct span text, int64_t *ret_ms)
{
    int64_t value = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' || i == 15)
            return false;
        value = value * 10 + (text.data[i] - '0');
    }
    *ret_ms = value;
    return text.n > 0;
}

static enum status read_row(const struct lines *lines, struct span row, const struct key *key,
    struct extraction *into, struct diag *diag)
{
    int64_t time_ms;
    size_t first = span_find(row, ',', 0), last = row.n;
    while (last > first && row.data[last - 1] != ',')
        last--;
    if (first == row.n || last < first + 3)
        return lines_bad(lines, diag, "", "is not exchange,account,time_ms");
    if (!parse_time((struct span){ row.data + last, row.n - last }, &time_ms))
        return lines_bad(lines, diag, "time_ms", "is not milliseconds since 1970");
    return add(into, key_hash(key, KEY_ACCOUNT, row.data + first + 1, last - first - 2), time_ms);
}

enum status extraction_read_table(
    const char *path, const struct key *key, struct extraction *extraction, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct extraction made = { .first_ms = 1 };
    struct lines *lines = NULL;
    struct span row;
    TRY(lines_open(path, &lines, diag));
    st = lines_next(lines, &row, diag);
    if (st == STATUS_END || (st == STATUS_OK && !span_is(row, "exchange,account,time_ms")))
        st = lines_bad(lines, diag, "", "the first line is not exchange,account,time_ms");
    TRY(st);
    while ((st = lines_next(lines, &row, diag)) == STATUS_OK)
        TRY(read_row(lines, row, key, &made, diag));
    if (st == STATUS_END)
        st = STATUS_OK;
    TRY(st);
    *extraction = made;
fail:
    lines_close(lines);
    if (st != STATUS_OK)
        extraction_fini(&made);
    return st;
}

static enum status take(struct join *join, const struct event_ids *seen)
{
    struct extraction *into = join->into;
    if (into->first_ms > into->last_ms)
        into->first_ms = into->last_ms = seen->time_ms;
    if (seen->time_ms < into->first_ms)
        into->first_ms = seen->time_ms;
    if (seen->time_ms > into->last_ms)
        into->last_ms = seen->time_ms;
    if (seen->account == 0)
        return STATUS_OK;
    uint32_t account = map_find(join->accounts->index, seen->account);
    if (account == MAP_NONE)
        into->of_unknown++;
    else if (join->accounts->items[account].since_ms == INT64_MAX)
        join->accounts->items[account].since_ms = seen->time_ms;
    size_t place = seen->exchange ? id_set_find(&join->ids, seen->exchange) : SIZE_MAX;
    if (place == SIZE_MAX || !id_set_take(&join->ids, place))
        return STATUS_OK;
    return add(into, seen->account, seen->time_ms);
}

static enum status list_new(void *context, void **ret_list)
{
    (void)context;
    *ret_list = calloc(1, sizeof(struct seen_list));
    return *ret_list ? STATUS_OK : STATUS_NOMEM;
}

static void list_free(void *context, void *batch)
{
    (void)context;
    struct seen_list *list = batch;
    if (list)
        free(list->items);
    free(list);
}

static enum status list_event(void *context, void *hand, void *batch, const struct event *event)
{
    (void)hand;
    struct join *join = context;
    struct seen_list *list = batch;
    struct event_ids *items = array_grown(list->items, list->n, &list->capacity, sizeof *items);
    if (!items)
        return STATUS_NOMEM;
    list->items = items;
    event_ids(event, join->accounts->key, &items[list->n++]);
    return STATUS_OK;
}

static enum status take_list(void *context, void *batch)
{
    enum status st = STATUS_OK;
    struct seen_list *list = batch;
    for (size_t i = 0; i < list->n && st == STATUS_OK; i++)
        st = take(context, &list->items[i]);
    list->n = 0;
    return st;
}

static enum status join_log(struct join *join, const char *path, unsigned n_threads, struct diag *diag)
{
    const struct log_options options = { .paths = &path, .n_paths = 1, .n_threads = n_threads };
    const struct log_sink sink = {
        .context = join,
        .batch_new = list_new,
        .batch_free = list_free,
        .parse = list_event,
        .deliver = take_list,
    };
    struct log_stats stats;
    enum status st = log_read(&options, &sink, &stats);
    for (unsigned i = 0; i < FAULT_COUNT; i++) {
        if (i == FAULT_DAMAGED || stats.faults[i] == 0)
            continue;
        if (join->into->bad_lines == 0)
            join->into->first_bad = stats.first[i];
        join->into->bad_lines += stats.faults[i];
    }
    if (st == STATUS_IO)
        *diag = stats.io;
    if (st == STATUS_OK && stats.faults[FAULT_DAMAGED] > 0) {
        *diag = stats.first[FAULT_DAMAGED];
        st = STATUS_BAD;
    }
    return st;
}

static enum status join_records(struct join *join, const char *path, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct record_reader *reader = NULL;
    struct record_batch *batch = NULL;
    *diag = (struct diag){ .file = path };
    TRY(record_batch_new(&batch));
    TRY(record_reader_open(path, join->accounts->key, &reader, diag));
    while ((st = record_reader_next(reader, batch, diag)) == STATUS_OK) {
        for (size_t i = 0; i < batch->n; i++) {
            const struct record *r = &batch->records[i];
            const struct event_ids seen = { r->time_ms, r->account,
                r->kind == RECORD_EXCHANGE ? r->exchange.exchange : 0 };
            TRY(take(join, &seen));
        }
        record_batch_reset(batch);
    }
    if (st == STATUS_END)
        st = STATUS_OK;
fail:
    record_batch_free(batch);
    record_reader_free(reader);
    return st;
}

enum status extraction_read_logs(const char *ids_path, const char *const *logs, size_t n_logs,
    unsigned n_threads, const struct extraction_accounts *accounts, struct extraction *extraction,
    struct diag *diag)
{
    enum status st = STATUS_OK;
    struct extraction made = { .first_ms = 1 };
    struct join join = { .accounts = accounts, .into = &made };
    TRY(id_set_read(ids_path, accounts->key, &join.ids, diag));
    for (size_t i = 0; i < n_logs; i++)
        TRY(record_file_probe(logs[i]) ? join_records(&join, logs[i], diag)
                                       : join_log(&join, logs[i], n_threads, diag));
    made.missing = join.ids.n - join.ids.n_taken;
    *extraction = made;
fail:
    id_set_fini(&join.ids);
    if (st != STATUS_OK)
        extraction_fini(&made);
    return st;
}
