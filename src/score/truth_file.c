#include "score/truth_file.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "exchange/walk.h"
#include "score/array.h"
#include "score/lines.h"

#include <stdio.h>
#include <stdlib.h>

enum { PATH_BYTES = 4096, NAMES_MAX = 1 << 20 };

/* Names in the order they first come. */
struct name_list {
    char **items;
    size_t n, capacity;
    struct u64_map index;
};

struct truth_file {
    struct truth_options options;
    char path[PATH_BYTES]; /* of the file being read, and of the log */
    char log_path[PATH_BYTES];
    const char *log; /* &log_path */
    struct score_account *accounts;
    size_t n_accounts, capacity;
    struct u64_map index;
    struct name_list populations, campaigns;
    struct score_cost *costs;
    struct extraction extraction;
    bool has_period;
    struct score_truth truth;
};

enum status truth_file_new(const struct truth_options *options, struct truth_file **ret_file)
{
    struct truth_file *file = calloc(1, sizeof *file);
    if (!file)
        return STATUS_NOMEM;
    file->options = *options;
    map_init(&file->index, INT32_MAX);
    map_init(&file->populations.index, NAMES_MAX);
    map_init(&file->campaigns.index, NAMES_MAX);
    *ret_file = file;
    return STATUS_OK;
}

static void names_free(struct name_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->items[i]);
    free(list->items);
    map_fini(&list->index);
}

void truth_file_free(struct truth_file *file)
{
    if (!file)
        return;
    names_free(&file->populations);
    names_free(&file->campaigns);
    map_fini(&file->index);
    extraction_fini(&file->extraction);
    free(file->accounts);
    free(file->costs);
    free(file);
}

const struct score_truth *truth_file_truth(const struct truth_file *file)
{
    return &file->truth;
}

const struct extraction *truth_file_extraction(const struct truth_file *file)
{
    return &file->extraction;
}

static bool parse_hash(struct span text, uint64_t *ret_hash)
{
    uint64_t value = 0;
    if (text.n != 17 || text.data[0] != '#')
        return false;
    for (size_t i = 1; i < text.n; i++) {
        char c = text.data[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
            return false;
        value = value << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    *ret_hash = value;
    return value != 0;
}

uint64_t truth_account_hash(const struct key *key, struct span account)
{
    uint64_t hash;
    return parse_hash(account, &hash) ? hash : key_hash(key, KEY_ACCOUNT, account.data, account.n);
}

static enum status intern(
    struct name_list *list, const struct key *key, struct span name, uint32_t *ret_index)
{
    enum status st = STATUS_OK;
    char *copy = NULL;
    uint64_t hash = key_hash(key, KEY_TEXT, name.data, name.n);
    *ret_index = map_find(&list->index, hash);
    if (*ret_index != MAP_NONE)
        return STATUS_OK;
    char **items = array_grown(list->items, list->n, &list->capacity, sizeof *items);
    REQUIRE(items, STATUS_NOMEM);
    list->items = items;
    copy = malloc(name.n + 1);
    REQUIRE(copy, STATUS_NOMEM);
    memcpy(copy, name.data, name.n);
    copy[name.n] = '\0';
    TRY(map_put(&list->index, hash, (uint32_t)list->n));
    *ret_index = (uint32_t)list->n;
    items[list->n++] = copy;
fail:
    if (st != STATUS_OK)
        free(copy);
    return st;
}

struct row {
    struct span account, population, campaign, organization;
    int64_t since_ms;
};

#define AT(member) .offset = offsetof(struct row, member)

static const struct field row_table[] = {
    FIELD("account", read_id, AT(account), .arg = 1),
    FIELD("population", read_id, AT(population), .arg = 1),
    FIELD("campaign", read_id, AT(campaign), .arg = 1),
    FIELD("organization", read_id, AT(organization), .arg = 1),
    FIELD("since", read_time, AT(since_ms)),
};
static const struct fields row_fields = FIELDS(row_table, NULL);

/* Names go to a terminal. */
static bool is_name(struct span text)
{
    return !utf8_has_control(text.data, text.n);
}

static enum status take_row(
    struct truth_file *file, const struct lines *lines, const struct row *row, struct diag *diag)
{
    enum status st = STATUS_OK;
    const struct key *key = file->options.key;
    uint32_t campaign = 0;
    if (row->account.n == 0 || row->population.n == 0)
        return lines_bad(
            lines, diag, row->account.n == 0 ? "account" : "population", "required, but missing");
    if (!is_name(row->population) || !is_name(row->campaign))
        return lines_bad(
            lines, diag, is_name(row->campaign) ? "population" : "campaign", "has a control character");
    struct score_account account = {
        .account = truth_account_hash(key, row->account),
        .organization = key_hash(key, KEY_IDENTITY, row->organization.data, row->organization.n),
        .since_ms = row->since_ms,
        .campaign = SCORE_BENIGN,
    };
    if (map_find(&file->index, account.account) != MAP_NONE)
        return lines_bad(lines, diag, "account", "is there twice");
    TRY(intern(&file->populations, key, row->population, &account.population));
    if (row->campaign.n > 0) {
        TRY(intern(&file->campaigns, key, row->campaign, &campaign));
        account.campaign = (int32_t)campaign;
    }
    struct score_account *accounts =
        array_grown(file->accounts, file->n_accounts, &file->capacity, sizeof *accounts);
    REQUIRE(accounts, STATUS_NOMEM);
    file->accounts = accounts;
    TRY(map_put(&file->index, account.account, (uint32_t)file->n_accounts));
    accounts[file->n_accounts++] = account;
fail:
    return st;
}

static enum status find_path(struct truth_file *file, const char *name, struct diag *diag)
{
    if (snprintf(file->path, sizeof file->path, "%s/%s", file->options.dir, name) < (int)sizeof file->path)
        return STATUS_OK;
    *diag = (struct diag){ .file = file->options.dir };
    diag_set(diag, "", "the name is too long");
    return STATUS_TOO_BIG;
}

static enum status read_accounts(struct truth_file *file, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct lines *lines = NULL;
    TRY(find_path(file, "truth.jsonl", diag));
    TRY(lines_open(file->path, &lines, diag));
    for (;;) {
        struct row row = { .since_ms = INT64_MAX };
        st = lines_json(lines, &row_fields, &row, diag);
        if (st == STATUS_END)
            break;
        TRY(st);
        TRY(take_row(file, lines, &row, diag));
    }
    st = file->n_accounts > 0 ? STATUS_OK : lines_bad(lines, diag, "", "has no account");
fail:
    lines_close(lines);
    return st;
}

struct period {
    int64_t start_ms, end_ms;
};

static const struct field period_table[] = {
    FIELD("start", read_time, .offset = offsetof(struct period, start_ms)),
    FIELD("end", read_time, .offset = offsetof(struct period, end_ms)),
};
static const struct fields period_fields = FIELDS(period_table, NULL);

static enum status read_period(struct truth_file *file, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct lines *lines = NULL;
    struct period period = { INT64_MAX, INT64_MAX };
    TRY(find_path(file, "period.json", diag));
    st = lines_open(file->path, &lines, diag);
    if (st == STATUS_NOT_FOUND)
        return STATUS_OK;
    TRY(st);
    st = lines_json(lines, &period_fields, &period, diag);
    if (st == STATUS_END ||
        (st == STATUS_OK && (period.start_ms > period.end_ms || period.end_ms == INT64_MAX)))
        st = lines_bad(lines, diag, "", "has no start before an end");
    TRY(st);
    file->truth.start_ms = period.start_ms;
    file->truth.end_ms = period.end_ms;
    file->has_period = true;
fail:
    lines_close(lines);
    return st;
}

struct cost_row {
    struct span campaign;
    int64_t bought, spent, attempts, refused; /* -1: not told */
};

static const struct field cost_table[] = {
    FIELD("campaign", read_id, .offset = offsetof(struct cost_row, campaign), .arg = 1),
    FIELD("accounts_bought", read_count, .offset = offsetof(struct cost_row, bought)),
    FIELD("spent_cents", read_count, .offset = offsetof(struct cost_row, spent)),
    FIELD("attempts", read_count, .offset = offsetof(struct cost_row, attempts)),
    FIELD("refused", read_count, .offset = offsetof(struct cost_row, refused)),
};
static const struct fields cost_fields = FIELDS(cost_table, NULL);

static uint64_t told(int64_t count)
{
    return count < 0 ? SCORE_UNKNOWN : (uint64_t)count;
}

static bool is_told(const struct score_cost *cost)
{
    return cost->accounts_bought != SCORE_UNKNOWN || cost->spent_cents != SCORE_UNKNOWN ||
           cost->attempts != SCORE_UNKNOWN || cost->refused != SCORE_UNKNOWN;
}

static enum status read_costs(struct truth_file *file, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct lines *lines = NULL;
    TRY(find_path(file, "costs.jsonl", diag));
    st = lines_open(file->path, &lines, diag);
    if (st == STATUS_NOT_FOUND)
        return STATUS_OK;
    TRY(st);
    file->costs = malloc((file->campaigns.n + 1) * sizeof *file->costs);
    REQUIRE(file->costs, STATUS_NOMEM);
    memset(file->costs, 0xff, (file->campaigns.n + 1) * sizeof *file->costs); /* SCORE_UNKNOWN */
    for (;;) {
        struct cost_row row = { { 0 }, -1, -1, -1, -1 };
        st = lines_json(lines, &cost_fields, &row, diag);
        if (st == STATUS_END)
            break;
        TRY(st);
        uint32_t i = map_find(
            &file->campaigns.index, key_hash(file->options.key, KEY_TEXT, row.campaign.data, row.campaign.n));
        TRY(i == MAP_NONE ? lines_bad(lines, diag, "campaign", "is none of truth.jsonl") : STATUS_OK);
        TRY(is_told(&file->costs[i]) ? lines_bad(lines, diag, "campaign", "is there twice") : STATUS_OK);
        file->costs[i] =
            (struct score_cost){ told(row.bought), told(row.spent), told(row.attempts), told(row.refused) };
    }
    st = STATUS_OK;
fail:
    lines_close(lines);
    return st;
}

static bool is_there(const char *path)
{
    FILE *stream = fopen(path, "rb");
    if (stream)
        fclose(stream);
    return stream != NULL;
}

/* The log that lies beside the truth; its path goes to log_path. */
static enum status find_log(struct truth_file *file, struct diag *diag)
{
    static const char *const names[] = { "log.jsonl", "log.jsonl.gz", "log.jsonl.zst", "records.swr" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        enum status st = find_path(file, names[i], diag);
        if (st != STATUS_OK)
            return st;
        if (is_there(file->path)) {
            memcpy(file->log_path, file->path, sizeof file->log_path);
            file->log = file->log_path;
            file->options.logs = &file->log;
            file->options.n_logs = 1;
            return STATUS_OK;
        }
    }
    *diag = (struct diag){ .file = file->options.dir };
    diag_set(diag, "",
        "has neither extraction.csv nor a log (log.jsonl, .gz, .zst, records.swr), and none is given");
    return STATUS_NOT_FOUND;
}

static enum status join_logs(struct truth_file *file, struct diag *diag)
{
    enum status st = STATUS_OK;
    const struct extraction_accounts accounts = { file->options.key, &file->index, file->accounts };
    if (file->options.n_logs == 0)
        TRY(find_log(file, diag));
    TRY(find_path(file, "extraction.ids", diag));
    TRY(extraction_read_logs(file->path, file->options.logs, file->options.n_logs, file->options.n_threads,
        &accounts, &file->extraction, diag));
    if (!file->has_period && file->extraction.first_ms > file->extraction.last_ms) {
        *diag = (struct diag){ .file = file->options.logs[0] };
        diag_set(diag, "", "has no event");
        return STATUS_BAD;
    }
    if (!file->has_period) {
        file->truth.start_ms = file->extraction.first_ms;
        file->truth.end_ms = file->extraction.last_ms;
    }
fail:
    return st;
}

static enum status read_extraction(struct truth_file *file, struct diag *diag)
{
    enum status st = STATUS_OK;
    if (file->options.n_logs > 0)
        return join_logs(file, diag);
    TRY(find_path(file, "extraction.csv", diag));
    st = extraction_read_table(file->path, file->options.key, &file->extraction, diag);
    if (st == STATUS_NOT_FOUND)
        return join_logs(file, diag);
    TRY(st);
    if (!file->has_period) {
        *diag = (struct diag){ .file = file->path };
        diag_set(diag, "", "needs period.json beside it: without a log nothing tells when the traffic ends");
        return STATUS_NOT_FOUND;
    }
fail:
    return st;
}

/* Rates are over the period: one of another run makes them anything. */
static enum status check_period(struct truth_file *file, struct diag *diag)
{
    enum status st = STATUS_OK;
    char time[CLOCK_TEXT_BYTES];
    for (size_t i = 0; i < file->extraction.n; i++) {
        int64_t time_ms = file->extraction.items[i].time_ms;
        if (time_ms >= file->truth.start_ms && time_ms <= file->truth.end_ms)
            continue;
        TRY(find_path(file, "period.json", diag));
        *diag = (struct diag){ .file = file->path };
        clock_format(time_ms, time);
        diag_set(diag, "", "an extraction exchange is outside of it, at %s", time);
        return STATUS_BAD;
    }
fail:
    return st;
}

enum status truth_file_read(struct truth_file *file, struct diag *diag)
{
    enum status st = STATUS_OK;
    TRY(read_accounts(file, diag));
    TRY(read_period(file, diag));
    TRY(read_costs(file, diag));
    TRY(read_extraction(file, diag));
    TRY(check_period(file, diag));
    for (size_t i = 0; i < file->n_accounts; i++)
        if (file->accounts[i].since_ms == INT64_MAX)
            file->accounts[i].since_ms = file->truth.start_ms;
    file->truth.accounts = file->accounts;
    file->truth.n_accounts = file->n_accounts;
    file->truth.extraction = file->extraction.items;
    file->truth.n_extraction = file->extraction.n;
    file->truth.populations = (const char *const *)file->populations.items;
    file->truth.n_populations = file->populations.n;
    file->truth.campaigns = (const char *const *)file->campaigns.items;
    file->truth.n_campaigns = file->campaigns.n;
    file->truth.costs = file->costs;
fail:
    return st;
}
