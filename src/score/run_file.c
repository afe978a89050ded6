#include "score/run_file.h"

#include "exchange/source.h"
#include "exchange/walk.h"
#include "score/array.h"
#include "score/lines.h"
#include "score/truth_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { PATH_BYTES = 4096 };
static const size_t CAMPAIGNS_MAX_BYTES = (size_t)512 << 20;

struct run_file {
    const char *dir;
    const struct key *key;
    bool shadow;
    char path[PATH_BYTES];
    struct score_decision *decisions;
    struct score_member *members;
    int64_t *detected;
    size_t decisions_capacity, members_capacity, detected_capacity;
    uint64_t n_shadow;
    struct score_run run;
};

enum status run_file_new(const char *dir, const struct key *key, bool shadow, struct run_file **ret_file)
{
    struct run_file *file = calloc(1, sizeof *file);
    if (!file)
        return STATUS_NOMEM;
    file->dir = dir;
    file->key = key;
    file->shadow = shadow;
    *ret_file = file;
    return STATUS_OK;
}

void run_file_free(struct run_file *file)
{
    if (!file)
        return;
    free(file->decisions);
    free(file->members);
    free(file->detected);
    free(file);
}

const struct score_run *run_file_run(const struct run_file *file)
{
    return &file->run;
}

uint64_t run_file_shadow(const struct run_file *file)
{
    return file->n_shadow;
}

static enum status find_path(struct run_file *file, const char *name, struct diag *diag)
{
    if (snprintf(file->path, sizeof file->path, "%s/%s", file->dir, name) < (int)sizeof file->path)
        return STATUS_OK;
    *diag = (struct diag){ .file = file->dir };
    diag_set(diag, "", "the name is too long");
    return STATUS_TOO_BIG;
}

static const struct word actions[] = {
    { "observe", ACTION_OBSERVE },
    { "verify", ACTION_VERIFY },
    { "throttle", ACTION_THROTTLE },
    { "restrict", ACTION_RESTRICT },
    { "suspend", ACTION_SUSPEND },
    { "release", ACTION_RELEASE },
    { NULL, 0 },
};
static const struct word modes[] = { { "shadow", MODE_SHADOW }, { "enforced", MODE_ENFORCED }, { NULL, 0 } };

struct decision_row {
    struct span account, campaign;
    int64_t time_ms;
    int action, mode;
};

#define AT(member) .offset = offsetof(struct decision_row, member)

static const struct field decision_table[] = {
    FIELD("time", read_time, AT(time_ms)),
    FIELD("account", read_id, AT(account), .arg = 1),
    FIELD("action", read_word, AT(action), .more = actions),
    FIELD("campaign", read_id, AT(campaign), .arg = 1),
    FIELD("mode", read_word, AT(mode), .more = modes),
};
static const struct fields decision_fields = FIELDS(decision_table, NULL);

static const char *missing_of(const struct decision_row *row)
{
    return row->time_ms == INT64_MIN ? "time"
           : row->account.n == 0     ? "account"
           : row->action < 0         ? "action"
                                     : NULL;
}

static enum status take_decision(struct run_file *file, const struct decision_row *row)
{
    if (row->mode == MODE_SHADOW && !file->shadow) {
        file->n_shadow++;
        return STATUS_OK;
    }
    struct score_decision *decisions =
        array_grown(file->decisions, file->run.n_decisions, &file->decisions_capacity, sizeof *decisions);
    if (!decisions)
        return STATUS_NOMEM;
    file->decisions = decisions;
    decisions[file->run.n_decisions++] = (struct score_decision){
        .account = truth_account_hash(file->key, row->account),
        .campaign = key_hash(file->key, KEY_TEXT, row->campaign.data, row->campaign.n),
        .time_ms = row->time_ms,
        .action = (enum action)row->action,
    };
    return STATUS_OK;
}

static enum status read_decisions(struct run_file *file, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct lines *lines = NULL;
    TRY(find_path(file, "decisions.jsonl", diag));
    TRY(lines_open(file->path, &lines, diag));
    for (;;) {
        struct decision_row row = { .time_ms = INT64_MIN, .action = -1, .mode = MODE_ENFORCED };
        st = lines_json(lines, &decision_fields, &row, diag);
        if (st == STATUS_END)
            break;
        TRY(st);
        const char *missing = missing_of(&row);
        TRY(missing ? lines_bad(lines, diag, missing, "required, but missing") : STATUS_OK);
        TRY(take_decision(file, &row));
    }
    st = STATUS_OK;
fail:
    lines_close(lines);
    return st;
}

/* Of a campaign while it is read; its accounts may come before its `detected`. */
struct campaign_row {
    struct run_file *file;
    int64_t detected_ms;
};

struct member_row {
    struct span account;
    double confidence;
};

static enum status read_share(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    double number;
    enum status st = json_double(value, &number);
    if (st == STATUS_OK && !(number >= 0 && number <= 1))
        return walk_bad_value(walk, "is not between 0 and 1");
    if (st == STATUS_OK)
        *(double *)(void *)((char *)object + field->offset) = number;
    return st;
}

static const struct field member_table[] = {
    FIELD("account", read_id, .offset = offsetof(struct member_row, account), .arg = 1),
    FIELD("confidence", read_share, .offset = offsetof(struct member_row, confidence)),
};
static const struct fields member_fields = FIELDS(member_table, NULL);

static enum status read_member(struct walk *walk, struct json_value *value, void *object)
{
    struct campaign_row *campaign = object;
    struct run_file *file = campaign->file;
    struct member_row row = { .confidence = 1 };
    enum status st = walk_members(walk, value, &member_fields, &row);
    if (st != STATUS_OK)
        return st;
    if (row.account.n == 0) {
        walk_point_at(walk, "account");
        return walk_bad_value(walk, "required, but missing");
    }
    struct score_member *members =
        array_grown(file->members, file->run.n_members, &file->members_capacity, sizeof *members);
    if (!members)
        return STATUS_NOMEM;
    file->members = members;
    members[file->run.n_members++] = (struct score_member){
        .account = truth_account_hash(file->key, row.account),
        .group = (uint32_t)file->run.n_groups,
        .confidence = (float)row.confidence,
    };
    return STATUS_OK;
}

static enum status read_accounts(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    return walk_elements(walk, value, read_member, object);
}

static const struct field campaign_table[] = {
    FIELD("detected", read_time, .offset = offsetof(struct campaign_row, detected_ms)),
    FIELD("accounts", read_accounts),
};
static const struct fields campaign_fields = FIELDS(campaign_table, NULL);

static enum status read_campaign(struct walk *walk, struct json_value *value, void *object)
{
    struct run_file *file = object;
    struct campaign_row row = { file, -1 };
    enum status st = walk_members(walk, value, &campaign_fields, &row);
    if (st != STATUS_OK)
        return st;
    int64_t *detected =
        array_grown(file->detected, file->run.n_groups, &file->detected_capacity, sizeof *detected);
    if (!detected)
        return STATUS_NOMEM;
    file->detected = detected;
    detected[file->run.n_groups++] = row.detected_ms;
    return STATUS_OK;
}

static enum status read_campaigns(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    return walk_elements(walk, value, read_campaign, object);
}

static enum status read_version(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field, (void)object;
    int64_t version;
    enum status st = json_int(value, &version);
    if (st == STATUS_OK && version != 1)
        return walk_bad_value(walk, "is another version than 1");
    return st;
}

enum { HAS_CAMPAIGNS = 1 };
static const struct field document_table[] = {
    FIELD("version", read_version),
    FIELD("campaigns", read_campaigns, .bit = HAS_CAMPAIGNS),
};
static const struct fields document_fields = FIELDS(document_table, NULL);

/* All of a file, with the padding that JSON is read with. */
static enum status read_whole(const char *path, char **ret_bytes, size_t *ret_n, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct source *source = NULL;
    char *bytes = NULL;
    size_t n = 0, capacity = (size_t)1 << 16, got = 0;
    *diag = (struct diag){ .file = path };
    bytes = malloc(capacity + JSON_PADDING);
    REQUIRE(bytes, STATUS_NOMEM);
    st = source_open(path, &source);
    if (st == STATUS_IO)
        diag_set(diag, "", "%s", strerror(errno));
    for (; st == STATUS_OK; n += got) {
        if (n == capacity) {
            if (capacity >= CAMPAIGNS_MAX_BYTES)
                diag_set(diag, "", "is larger than %zu bytes", CAMPAIGNS_MAX_BYTES);
            REQUIRE(capacity < CAMPAIGNS_MAX_BYTES, STATUS_TOO_BIG);
            char *grown = realloc(bytes, 2 * capacity + JSON_PADDING);
            REQUIRE(grown, STATUS_NOMEM);
            bytes = grown;
            capacity *= 2;
        }
        got = 0;
        st = source_read(source, bytes + n, capacity - n, &got);
        if (st != STATUS_OK && st != STATUS_END)
            diag_set(diag, "", "%s", source_reason(source));
    }
    TRY(st == STATUS_END ? STATUS_OK : st);
    memset(bytes + n, 0, JSON_PADDING);
    *ret_bytes = bytes;
    *ret_n = n;
    bytes = NULL;
fail:
    if (source)
        source_close(source);
    free(bytes);
    return st;
}

static enum status read_groups(struct run_file *file, struct diag *diag)
{
    enum status st = STATUS_OK;
    char *bytes = NULL;
    size_t n = 0;
    struct walk *walk = calloc(1, sizeof *walk);
    struct json_items members;
    REQUIRE(walk, STATUS_NOMEM);
    TRY(json_new(&walk->json));
    TRY(find_path(file, "campaigns.json", diag));
    TRY(read_whole(file->path, &bytes, &n, diag));
    walk_start(walk);
    st = json_open(walk->json, (struct span){ bytes, n }, &members);
    if (st == STATUS_OK)
        st = walk_open_members(walk, &members, &document_fields, file);
    if (st == STATUS_OK)
        st = json_at_end(walk->json);
    if (st == STATUS_OK && !(walk->seen & 1 << HAS_CAMPAIGNS)) {
        walk_point_at(walk, "campaigns");
        st = walk_bad_value(walk, "required, but missing");
    }
    if (st != STATUS_OK && st != STATUS_NOMEM) {
        walk_explain(walk, st, diag);
        st = STATUS_BAD;
    }
fail:
    free(bytes);
    if (walk)
        json_free(walk->json);
    free(walk);
    return st;
}

enum status run_file_read(struct run_file *file, struct diag *diag)
{
    enum status st = STATUS_OK;
    TRY(read_decisions(file, diag));
    TRY(read_groups(file, diag));
    file->run.decisions = file->decisions;
    file->run.members = file->members;
    file->run.detected_ms = file->detected;
fail:
    return st;
}
