#include "link/link_files.h"

#include "base/file.h"
#include "base/json_writer.h"
#include "base/number.h"

#include <math.h>
#include <stdlib.h>

static void put_field(struct buffer *text, struct span field)
{
    bool quoted = false;
    for (size_t i = 0; i < field.n; i++)
        quoted |= field.data[i] == ',' || field.data[i] == '"' || field.data[i] == '\r';
    if (!quoted) {
        buffer_put(text, field);
        return;
    }
    buffer_put_char(text, '"');
    for (size_t i = 0; i < field.n; i++) {
        if (field.data[i] == '"')
            buffer_put_char(text, '"');
        buffer_put_char(text, field.data[i]);
    }
    buffer_put_char(text, '"');
}

/* score, log10_odds, objects and the line's end */
static void put_score(struct buffer *text, const struct acts *acts, double score, uint32_t account)
{
    char digits[NUMBER_TEXT_BYTES];
    char odds[NUMBER_TEXT_BYTES];
    number_format(score, digits);
    number_format(log10(score / fmax(1 - score, 1e-16)), odds);
    buffer_print(text, "%s,%s,%u\n", digits, odds, acts_of(acts, account));
}

static enum status write_text(struct buffer *text, const char *path)
{
    return text->status == STATUS_OK ? file_write(path, buffer_span(text)) : text->status;
}

struct member {
    double score;
    uint32_t crew, account;
};

static int by_crew(const void *left, const void *right)
{
    const struct member *a = left;
    const struct member *b = right;
    if (a->crew != b->crew)
        return a->crew < b->crew ? -1 : 1;
    if (a->score < b->score || a->score > b->score)
        return a->score > b->score ? -1 : 1;
    return a->account < b->account ? -1 : 1;
}

enum status link_files_clusters(const struct link_output *output, const char *path)
{
    enum status st = STATUS_OK;
    const struct acts *acts = output->link->acts;
    struct buffer text = { 0 };
    struct member *members = calloc(acts->accounts.n + 1, sizeof *members);
    size_t n = 0;
    REQUIRE(members, STATUS_NOMEM);
    for (uint32_t i = 0; i < acts->accounts.n; i++)
        if (output->crews->crew_of[i] != MAP_NONE)
            members[n++] = (struct member){ output->link->scores[i], output->crews->crew_of[i], i };
    qsort(members, n, sizeof *members, by_crew);
    buffer_put_text(&text, "cluster,account,score,log10_odds,objects\n");
    for (size_t i = 0; i < n; i++) {
        buffer_print(&text, "%u,", members[i].crew + 1);
        put_field(&text, roll_name(&acts->accounts, members[i].account));
        buffer_put_char(&text, ',');
        put_score(&text, acts, members[i].score, members[i].account);
    }
    TRY(write_text(&text, path));
fail:
    buffer_fini(&text);
    free(members);
    return st;
}

enum status link_files_scores(const struct link_output *output, const char *path)
{
    enum status st = STATUS_OK;
    const struct acts *acts = output->link->acts;
    struct buffer text = { 0 };
    buffer_put_text(&text, "account,score,log10_odds,objects\n");
    for (uint32_t i = 0; i < acts->accounts.n; i++) {
        if (!(output->link->scores[i] > 0))
            continue;
        put_field(&text, roll_name(&acts->accounts, i));
        buffer_put_char(&text, ',');
        put_score(&text, acts, output->link->scores[i], i);
    }
    TRY(write_text(&text, path));
fail:
    buffer_fini(&text);
    return st;
}

static void put_count(struct json_writer *w, const char *name, uint64_t value)
{
    json_put_name(w, name);
    json_put_u64(w, value);
}

static void put_fraction(struct json_writer *w, const char *name, double value)
{
    json_put_name(w, name);
    json_put_double(w, value);
}

static void put_moment(struct json_writer *w, const char *name, int64_t time_ms)
{
    json_put_name(w, name);
    json_put_time(w, time_ms);
}

static void put_input(struct json_writer *w, const struct link_output *output)
{
    const struct acts *acts = output->link->acts;
    json_put_name(w, "input");
    json_put_object(w);
    put_count(w, "rows", output->counts.rows);
    put_count(w, "bad_rows", output->counts.bad);
    put_count(w, "rows_left_out", acts->left_out);
    put_count(w, "repeats", acts->repeats);
    put_count(w, "acts", acts->n);
    put_count(w, "accounts", acts->accounts.n);
    put_count(w, "objects", acts->objects.n);
    if (acts->n > 0) {
        put_moment(w, "first", acts->first_ms);
        put_moment(w, "last", acts->last_ms);
    }
    json_put_object_end(w);
}

/* null: all of the time. */
static void put_window(struct json_writer *w, int64_t window_ms)
{
    if (window_ms == ALL_TIME_MS)
        json_put_null(w);
    else
        json_put_i64(w, window_ms);
}

static void put_method(struct json_writer *w, const struct link *link)
{
    json_put_name(w, "method");
    json_put_object(w);
    put_fraction(w, "least_score", link->config.least);
    put_count(w, "resolution_ms", (uint64_t)link->era.resolution_ms);
    json_put_name(w, "windows_ms");
    json_put_array(w);
    for (size_t i = 0; i < link->era.n_windows; i++)
        put_window(w, link->era.windows_ms[i]);
    json_put_array_end(w);
    put_count(w, "slices", link->era.n_slices);
    put_count(w, "cells_tested", link->cells);
    put_count(w, "pairs_left_out", link->pairs_left_out);
    put_fraction(w, "shared_interest", link->taste);
    json_put_name(w, "audiences_differ_by");
    json_put_array(w);
    for (size_t level = 0; level < LEVELS; level++)
        json_put_double(w, link->audience_taste[level]);
    json_put_array_end(w);
    json_put_object_end(w);
}

static void put_crew(struct json_writer *w, const struct link_output *output, size_t number)
{
    const struct crew *crew = &output->crews->items[number];
    json_put_line(w);
    json_put_object(w);
    put_count(w, "cluster", number + 1);
    put_count(w, "accounts", crew->n_accounts);
    put_count(w, "objects", crew->n_objects);
    put_count(w, "acts", crew->n_acts);
    put_count(w, "cells", crew->n_cells);
    put_moment(w, "first", crew->first_ms);
    put_moment(w, "last", crew->last_ms);
    put_fraction(w, "log10_e", (double)(crew->novices + crew->partners));
    put_fraction(w, "log10_e_novices", (double)crew->novices);
    put_fraction(w, "log10_e_partners", (double)crew->partners);
    put_fraction(w, "log10_odds", (double)crew->log_odds);
    json_put_name(w, "top_objects");
    json_put_array(w);
    for (size_t i = 0; i < crew->n_top; i++) {
        json_put_object(w);
        json_put_name(w, "object");
        json_put_string(w, roll_name(&output->link->acts->objects, crew->top[i]));
        put_count(w, "accounts", crew->top_accounts[i]);
        json_put_object_end(w);
    }
    json_put_array_end(w);
    json_put_object_end(w);
}

enum status link_files_json(const struct link_output *output, const char *path)
{
    enum status st = STATUS_OK;
    struct json_writer w;
    size_t in_clusters = 0;
    json_writer_init(&w, NULL);
    for (size_t i = 0; i < output->crews->n; i++)
        in_clusters += output->crews->items[i].n_accounts;
    json_put_object(&w);
    put_input(&w, output);
    put_method(&w, output->link);
    put_count(&w, "accounts_in_clusters", in_clusters);
    json_put_name(&w, "clusters");
    json_put_array(&w);
    for (size_t i = 0; i < output->crews->n; i++)
        put_crew(&w, output, i);
    json_put_array_end(&w);
    json_put_object_end(&w);
    json_put_line(&w);
    TRY(json_writer_finish(&w));
    TRY(file_write(path, json_writer_span(&w)));
fail:
    json_writer_fini(&w);
    return st;
}
