#include "link/csv.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "score/lines.h"

enum { COLUMNS_MAX = 64, ISO_BYTES = 64 };
#define SECONDS_LIMIT INT64_C(100000000000) /* from here on a number is milliseconds */

enum column { FIELD_ACCOUNT, FIELD_OBJECT, FIELD_TIME, FIELD_KIND, FIELDS };
static const char *const field_names[FIELDS] = { "account", "object", "time", "kind" };

struct table {
    struct lines *lines;
    size_t place[FIELDS]; /* column; COLUMNS_MAX: none */
    size_t n_columns;
    struct span fields[COLUMNS_MAX];
    size_t n_fields;
    uint64_t loose; /* which fields have a quote and do not begin with one */
    struct buffer unquoted;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits from the front; how many there were. Stops before it is too large. */
static size_t take_number(struct span text, int64_t *ret_value)
{
    size_t i = 0;
    *ret_value = 0;
    while (i < text.n && i < 18 && is_digit(text.data[i]))
        *ret_value = *ret_value * 10 + (text.data[i++] - '0');
    return i;
}

static enum status read_epoch(struct span text, int64_t *ret_ms)
{
    enum status st = STATUS_OK;
    bool negative = text.n > 0 && text.data[0] == '-';
    struct span digits = { text.data + negative, text.n - negative };
    int64_t whole;
    int64_t milli = 0;
    size_t n = take_number(digits, &whole);
    REQUIRE(n > 0, STATUS_BAD);
    if (n < digits.n) {
        REQUIRE(digits.data[n] == '.' && n + 1 < digits.n, STATUS_BAD);
        for (size_t i = n + 1, weight = 100; i < digits.n; i++, weight /= 10) {
            REQUIRE(is_digit(digits.data[i]), STATUS_BAD);
            milli += (digits.data[i] - '0') * (int64_t)weight;
        }
    }
    whole = whole < SECONDS_LIMIT ? whole * 1000 + milli : whole;
    REQUIRE(whole <= CLOCK_MAX_MS, STATUS_BAD);
    *ret_ms = negative ? -whole : whole;
    REQUIRE(*ret_ms >= CLOCK_MIN_MS, STATUS_BAD);
fail:
    return st;
}

/* The forms that clock_parse does not know, put into its own. */
static enum status read_iso(struct span text, int64_t *ret_ms)
{
    enum status st = STATUS_OK;
    char iso[ISO_BYTES];
    REQUIRE(text.n >= 10 && text.n < ISO_BYTES - 10, STATUS_BAD);
    memcpy(iso, text.data, text.n);
    size_t n = text.n;
    if (n == 10) {
        memcpy(iso + n, "T00:00:00", 9);
        n += 9;
    }
    if (iso[10] == ' ')
        iso[10] = 'T';
    bool zone = iso[n - 1] == 'Z' || iso[n - 1] == 'z' || (n > 6 && (iso[n - 6] == '+' || iso[n - 6] == '-'));
    if (!zone)
        iso[n++] = 'Z';
    TRY(clock_parse((struct span){ iso, n }, ret_ms));
fail:
    return st;
}

enum status csv_time(struct span text, int64_t *ret_ms)
{
    if (text.n == 0)
        return STATUS_BAD;
    bool iso = text.n > 4 && text.data[4] == '-';
    return iso ? read_iso(text, ret_ms) : read_epoch(text, ret_ms);
}

/* The field at from without its quotes; the place behind it and its comma. *ret_wrong: why it is no CSV, which gives 0. */
static size_t take_field(
    struct table *t, struct span line, size_t from, struct span *ret_field, const char **ret_wrong)
{
    size_t begin = t->unquoted.n;
    size_t i = from + 1;
    if (from >= line.n || line.data[from] != '"') {
        size_t end = span_find(line, ',', from);
        *ret_field = (struct span){ line.data + from, end - from };
        return end + 1;
    }
    for (; i < line.n; i++) {
        if (line.data[i] == '"' && (i + 1 == line.n || line.data[i + 1] != '"'))
            break;
        i += line.data[i] == '"';
        buffer_put_char(&t->unquoted, line.data[i]);
    }
    if (i >= line.n)
        *ret_wrong = "a quote is not closed in its line; fields with line breaks are not read";
    else if (i + 1 < line.n && line.data[i + 1] != ',')
        *ret_wrong = "text follows a closed quote";
    if (*ret_wrong)
        return 0;
    *ret_field = (struct span){ t->unquoted.data ? t->unquoted.data + begin : "", t->unquoted.n - begin };
    return i + 2;
}

/* At most so many fields; more: `more` says what that is. */
static enum status split(struct table *t, struct span line, size_t most, const char *more, struct diag *diag)
{
    enum status st = STATUS_OK;
    const char *wrong = NULL;
    size_t from = 0;
    buffer_reset(&t->unquoted);
    REQUIRE(buffer_reserve(&t->unquoted, line.n + 1), STATUS_NOMEM); /* so that fields stay where they are */
    t->loose = 0;
    for (t->n_fields = 0; from <= line.n && t->n_fields < most; t->n_fields++) {
        struct span *field = &t->fields[t->n_fields];
        bool quoted = from < line.n && line.data[from] == '"';
        from = take_field(t, line, from, field, &wrong);
        if (wrong)
            return lines_bad(t->lines, diag, "", wrong);
        if (!quoted && span_find(*field, '"', 0) < field->n)
            t->loose |= UINT64_C(1) << t->n_fields;
    }
    if (from <= line.n)
        return lines_bad(t->lines, diag, "", more);
fail:
    return st;
}

static enum status read_header(struct table *t, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct span line;
    st = lines_next(t->lines, &line, diag);
    if (st == STATUS_END)
        return lines_bad(t->lines, diag, "", "empty; the first line names the columns account, object, time");
    TRY(st);
    if (line.n >= 3 && memcmp(line.data, "\xEF\xBB\xBF", 3) == 0)
        line = (struct span){ line.data + 3, line.n - 3 };
    TRY(split(t, line, COLUMNS_MAX, "names more than 64 columns", diag));
    t->n_columns = t->n_fields;
    for (size_t field = 0; field < FIELDS; field++) {
        t->place[field] = COLUMNS_MAX;
        for (size_t i = 0; i < t->n_fields; i++)
            if (span_is(t->fields[i], field_names[field]) && t->place[field] == COLUMNS_MAX)
                t->place[field] = i;
        if (t->place[field] == COLUMNS_MAX && field != FIELD_KIND)
            return lines_bad(t->lines, diag, field_names[field], "the first line names no such column");
    }
fail:
    return st;
}

static struct span field_of(const struct table *t, enum column field)
{
    return t->place[field] < t->n_fields ? t->fields[t->place[field]] : (struct span){ 0 };
}

static enum status read_row(struct table *t, struct span line, struct acts *acts, struct diag *diag)
{
    enum status st = STATUS_OK;
    int64_t time_ms;
    TRY(split(t, line, t->n_columns, "has more fields than the first line names columns", diag));
    for (size_t field = 0; field < FIELDS; field++)
        if (t->place[field] < t->n_fields && t->loose >> t->place[field] & 1)
            return lines_bad(t->lines, diag, field_names[field], "has a quote but does not begin with one");
    for (size_t field = 0; field < FIELD_TIME; field++)
        if (field_of(t, (enum column)field).n == 0)
            return lines_bad(t->lines, diag, field_names[field], "is empty");
    if (csv_time(field_of(t, FIELD_TIME), &time_ms) != STATUS_OK)
        return lines_bad(t->lines, diag, field_names[FIELD_TIME],
            "is no time: seconds or milliseconds since 1970, or ISO 8601");
    TRY(acts_add(
        acts, field_of(t, FIELD_ACCOUNT), field_of(t, FIELD_OBJECT), field_of(t, FIELD_KIND), time_ms));
fail:
    return st;
}

/* The first of each reason is kept, for as many reasons as there can be. */
static void note_bad(struct csv_counts *counts, const struct diag *diag)
{
    size_t i = 0;
    while (i < counts->n_reasons && (strcmp(counts->reasons[i].first.field, diag->field) != 0 ||
                                        strcmp(counts->reasons[i].first.reason, diag->reason) != 0))
        i++;
    counts->bad++;
    if (i == CSV_REASONS)
        return;
    if (i == counts->n_reasons)
        counts->reasons[counts->n_reasons++] = (struct csv_reason){ *diag, 0 };
    counts->reasons[i].n++;
}

/* A line that is too long is a bad one. */
static enum status read_rows(
    struct table *t, uint64_t bad_max, struct acts *acts, struct csv_counts *counts, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct span line;
    while (st == STATUS_OK) {
        st = lines_next(t->lines, &line, diag);
        if (st != STATUS_OK && st != STATUS_TOO_BIG)
            break;
        counts->rows++;
        if (st == STATUS_OK)
            st = read_row(t, line, acts, diag);
        if (st == STATUS_BAD || st == STATUS_TOO_BIG) {
            note_bad(counts, diag);
            st = counts->bad <= bad_max ? STATUS_OK : STATUS_BAD;
        }
    }
    return st == STATUS_END ? STATUS_OK : st;
}

enum status csv_read(
    const char *path, uint64_t bad_max, struct acts *acts, struct csv_counts *ret_counts, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct table t = { 0 };
    *ret_counts = (struct csv_counts){ 0 };
    TRY(lines_open(path, &t.lines, diag));
    TRY(read_header(&t, diag));
    TRY(read_rows(&t, bad_max, acts, ret_counts, diag));
fail:
    lines_close(t.lines);
    buffer_fini(&t.unquoted);
    return st;
}
