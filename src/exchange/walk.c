#include "exchange/walk.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "exchange/json_step.h"

#include <math.h>
#include <stdio.h>

void walk_start(struct walk *walk)
{
    walk->fault = FAULT_NOT_JSON;
    walk->reason = NULL;
    walk->seen = 0;
    walk->depth = 0;
    walk->unknown.n = 0;
}

enum status walk_bad_value(struct walk *walk, const char *reason)
{
    walk->fault = FAULT_BAD_VALUE;
    walk->reason = reason;
    return STATUS_BAD;
}

void walk_point_at(struct walk *walk, const char *key)
{
    if (walk->depth < WALK_DEPTH)
        walk->path[walk->depth++] = (struct walk_step){ .key = span_of(key) };
}

/* Names come from input: what a terminal might obey is replaced, and none is cut within a character. */
static size_t copy_name(char *out, size_t room, struct span name)
{
    size_t n = 0;
    for (size_t at = 0, length; at < name.n; at += length) {
        const char *c = name.data + at;
        length = utf8_length(c, name.n - at);
        bool replace = length == 0 || utf8_control(c, length) > 0;
        size_t m = replace ? 1 : length;
        if (n + m >= room)
            break;
        memcpy(out + n, replace ? "?" : c, m);
        n += m;
        length = length ? length : 1;
    }
    out[n] = 0;
    return n;
}

static void note_unknown(struct walk *walk, const char *prefix, struct span key)
{
    struct unknown_keys *unknown = &walk->unknown;
    if (unknown->n == UNKNOWN_MAX)
        return;
    char *name = unknown->names[unknown->n];
    memset(name, 0, UNKNOWN_BYTES);
    size_t n = copy_name(name, UNKNOWN_BYTES, span_of(prefix));
    copy_name(name + n, UNKNOWN_BYTES - n, key);
    for (uint32_t i = 0; i < unknown->n; i++)
        if (strcmp(unknown->names[i], name) == 0)
            return;
    unknown->n++;
}

/* Eight bytes of the key from `at` on, zeros behind its end. Padding can be read behind it. */
static inline uint64_t word_of(struct span key, size_t at)
{
    _Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the bytes beyond the end are at the top");
    uint64_t word;
    memcpy(&word, key.data + at, 8);
    return key.n - at < 8 ? word & ((UINT64_C(1) << 8 * (key.n - at)) - 1) : word;
}

static inline bool is_key(const struct field *field, struct span key, uint64_t head)
{
    uint64_t name;
    memcpy(&name, field->name, 8);
    if (name != head || field->n != key.n)
        return false;
    for (size_t at = 8; at < key.n; at += 8) {
        memcpy(&name, field->name + at, 8);
        if (name != word_of(key, at))
            return false;
    }
    return true;
}

/* Searches from row `from` on, then those before. */
static const struct field *find_field(const struct fields *fields, struct span key, const struct field *from)
{
    const struct field *end = fields->rows + fields->n, *field = from;
    uint64_t head = word_of(key, 0);
    while (field < end && !is_key(field, key, head))
        field++;
    if (field < end)
        return field;
    for (field = fields->rows; field < from; field++)
        if (is_key(field, key, head))
            return field;
    return NULL;
}

static enum status walk_member(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    unsigned depth = walk->depth;
    enum status st = field->read(walk, field, value, object);
    if (st == STATUS_MISMATCH && walk->lenient) {
        walk->depth = depth;
        return STATUS_OK;
    }
    return st;
}

enum status walk_open_members(
    struct walk *walk, struct json_items *members, const struct fields *fields, void *object)
{
    if (walk->depth == WALK_DEPTH)
        return STATUS_OK;
    unsigned depth = walk->depth++;
    struct walk_step *step = &walk->path[depth];
    uint64_t seen = 0;
    const struct field *next = fields->rows;
    struct json_value value;
    enum status st;
    /* The key is written where it is kept: copying what was just written stalls. */
    while ((st = step_member(walk->json, members, &step->key, &value)) == STATUS_OK) {
        const struct field *field = find_field(fields, step->key, next);
        if (!field && fields->noted_as)
            note_unknown(walk, fields->noted_as, step->key);
        if (field)
            next = field + 1;
        if (!field || value.type == JSON_NULL)
            continue;
        seen |= UINT64_C(1) << field->bit;
        st = walk_member(walk, field, &value, object);
        if (st != STATUS_OK)
            return st;
    }
    if (st != STATUS_END)
        return st;
    walk->depth = depth;
    walk->seen = seen;
    return STATUS_OK;
}

enum status walk_members(
    struct walk *walk, struct json_value *value, const struct fields *fields, void *object)
{
    struct json_items members;
    enum status st = step_into(value, JSON_OBJECT, &members);
    return st == STATUS_OK ? walk_open_members(walk, &members, fields, object) : st;
}

enum status walk_elements(struct walk *walk, struct json_value *value, element_fn *read, void *object)
{
    struct json_items elements;
    enum status st = step_into(value, JSON_ARRAY, &elements);
    if (st != STATUS_OK || walk->depth == WALK_DEPTH)
        return st;
    unsigned depth = walk->depth++;
    struct json_value element;
    for (uint32_t i = 0; (st = step_element(&elements, &element)) == STATUS_OK; i++) {
        walk->path[depth] = (struct walk_step){ .index = i };
        if (element.type == JSON_NULL)
            continue;
        st = read(walk, &element, object);
        if (st == STATUS_MISMATCH && walk->lenient)
            walk->depth = depth + 1;
        else if (st != STATUS_OK)
            return st;
    }
    if (st != STATUS_END)
        return st;
    walk->depth = depth;
    return STATUS_OK;
}

static void write_path(const struct walk *walk, char *out, size_t room)
{
    size_t n = 0;
    out[0] = 0;
    for (unsigned i = 0; i < walk->depth && n + 1 < room; i++) {
        const struct walk_step *step = &walk->path[i];
        if (!step->key.data) {
            int wrote = snprintf(out + n, room - n, "[%u]", step->index);
            n += (size_t)wrote < room - n ? (size_t)wrote : room - n - 1;
            continue;
        }
        if (n > 0)
            out[n++] = '.';
        n += copy_name(out + n, room - n, step->key);
    }
}

void walk_explain(const struct walk *walk, enum status st, struct diag *diag)
{
    static const char *const reasons[] = {
        [FAULT_NOT_JSON] = "not a JSON object",
        [FAULT_MISSING_KEY] = "required, but missing",
        [FAULT_WRONG_TYPE] = "has the wrong type",
        [FAULT_BAD_VALUE] = "has an impossible value",
        [FAULT_TOO_LONG] = "line is longer than the limit",
    };
    if (!diag)
        return;
    char path[sizeof diag->field] = "";
    enum line_fault fault = st == STATUS_MISMATCH ? FAULT_WRONG_TYPE : walk->fault;
    if (fault != FAULT_NOT_JSON)
        write_path(walk, path, sizeof path);
    const char *reason = walk->reason && fault == walk->fault ? walk->reason : reasons[fault];
    diag_set(diag, path, "%s", reason);
}

/* Whoever looks for what is wrong with a line that is no JSON does not see that its bytes are no text. */
void walk_explain_line(const struct walk *walk, enum status st, struct span line, struct diag *diag)
{
    walk_explain(walk, st, diag);
    if (st != STATUS_BAD || walk->fault != FAULT_NOT_JSON)
        return;
    size_t n = utf8_until(line.data, line.n);
    if (n < line.n)
        diag_set(diag, "", "not UTF-8: byte %zu of the line", n + 1);
}

static void *at(const struct field *field, void *object)
{
    return (char *)object + field->offset;
}

enum status read_nothing(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)walk, (void)field, (void)value, (void)object;
    return STATUS_OK;
}

enum status read_span(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    return step_string(walk->json, value, at(field, object));
}

enum status read_span_if(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    if (value->type != JSON_STRING)
        return STATUS_OK;
    return step_string(walk->json, value, at(field, object));
}

/* The string is read in vain, but for its escapes: they are checked. */
enum status read_escaped(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    struct span text;
    if (value->type != JSON_STRING)
        return STATUS_OK;
    enum status st = step_string(walk->json, value, &text);
    if (st == STATUS_OK)
        st = json_verbatim(value, &text);
    if (st == STATUS_OK)
        *(struct span *)at(field, object) = (struct span){ text.data + 1, text.n - 2 };
    return st;
}

enum status read_verbatim(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)walk;
    return json_verbatim(value, at(field, object));
}

enum status read_id(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    struct span text;
    enum status st = step_string(walk->json, value, &text);
    if (st != STATUS_OK)
        return st;
    if (text.n > ID_MAX_BYTES)
        return walk_bad_value(walk, "is longer than 255 bytes");
    if (field->arg && text.n == 0)
        return walk_bad_value(walk, "is empty");
    *(struct span *)at(field, object) = text;
    return STATUS_OK;
}

enum status read_count(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    int64_t number;
    enum status st = json_int(value, &number);
    if (st == STATUS_TOO_BIG || (st == STATUS_OK && (number < 0 || (field->arg && number > field->arg))))
        return walk_bad_value(walk, "is out of range");
    if (st == STATUS_OK)
        *(int64_t *)at(field, object) = number;
    return st;
}

static int32_t clamp(double number)
{
    return number < 0 ? NUMBER_ABSENT : number < INT32_MAX ? (int32_t)lrint(number) : INT32_MAX;
}

enum status read_int32(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)walk;
    int64_t number;
    enum status st = json_int(value, &number);
    if (st == STATUS_TOO_BIG)
        number = INT32_MAX;
    else if (st != STATUS_OK)
        return st;
    *(int32_t *)at(field, object) = clamp((double)number);
    return STATUS_OK;
}

enum status read_milli(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)walk;
    double number;
    enum status st = json_double(value, &number);
    if (st == STATUS_TOO_BIG)
        number = INT32_MAX;
    else if (st != STATUS_OK)
        return st;
    *(int32_t *)at(field, object) = clamp(number * 1000);
    return STATUS_OK;
}

enum status read_time(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    struct span text;
    enum status st = step_string(walk->json, value, &text);
    if (st != STATUS_OK)
        return st;
    st = clock_parse(text, at(field, object));
    return st == STATUS_OK ? st : walk_bad_value(walk, "is no RFC 3339 time with a zone");
}

const struct word *word_named(const struct word *words, struct span name)
{
    while (words->name && !is_word(name, words->name))
        words++;
    return words;
}

enum status read_word(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    struct span text;
    enum status st = step_string(walk->json, value, &text);
    if (st != STATUS_OK)
        return st;
    const struct word *word = word_named(field->more, text);
    if (!word->name)
        return walk_bad_value(walk, "is not a word of its list");
    *(int *)at(field, object) = word->value;
    return STATUS_OK;
}

enum status read_flag(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)walk;
    bool yes;
    enum status st = json_bool(value, &yes);
    uint32_t *flags = at(field, object);
    if (st == STATUS_OK)
        *flags = yes ? *flags | field->arg : *flags & ~field->arg;
    return st;
}

enum status read_given(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)walk, (void)value;
    *(uint32_t *)at(field, object) |= field->arg;
    return STATUS_OK;
}

enum status read_fields(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    return walk_members(walk, value, field->more, object);
}
