#include "exchange/amend.h"

#include <assert.h>
#include <stdlib.h>

struct amend {
    struct json *json;
    size_t max_bytes;
    struct span body; /* empty: nothing to write */
    size_t n;
    struct amend_member members[AMEND_MEMBERS_MAX];
    uint32_t open, close; /* where the brackets are */
};

static void mark_repeated(struct amend *amend, struct amend_member *member)
{
    for (struct amend_member *other = amend->members; other < member; other++)
        if (span_eq(other->key, member->key))
            other->repeated = member->repeated = true;
}

/* The three tokens before a value are its colon, its key, and the bracket or comma before the key. */
static enum status note_member(struct amend *amend, struct span key, struct json_value *value)
{
    if (amend->n == AMEND_MEMBERS_MAX)
        return STATUS_TOO_BIG;
    struct amend_member *member = &amend->members[amend->n];
    *member = (struct amend_member){ .key = key, .from = value->token[-2], .begin = value->token[-3] + 1 };
    if (amend->n > 0)
        member[-1].end = value->token[-3];
    enum status st = json_verbatim(value, &member->value);
    if (st != STATUS_OK)
        return st;
    mark_repeated(amend, member);
    amend->n++;
    return STATUS_OK;
}

static uint32_t last_bracket(struct span body)
{
    size_t at = body.n;
    while (body.data[at - 1] != '}')
        at--;
    return (uint32_t)at - 1;
}

static enum status scan(struct amend *amend, struct span body)
{
    struct json_items members;
    struct json_value value;
    struct span key;
    enum status st = json_open(amend->json, body, &members);
    if (st != STATUS_OK)
        return st;
    while ((st = json_next_member(amend->json, &members, &key, &value)) == STATUS_OK)
        TRY(note_member(amend, key, &value));
    REQUIRE(st == STATUS_END, st);
    TRY(json_at_end(amend->json));
    amend->open = (uint32_t)span_find(body, '{', 0);
    amend->close = last_bracket(body);
    if (amend->n > 0)
        amend->members[amend->n - 1].end = amend->close;
    return STATUS_OK;
fail:
    return st;
}

enum status amend_scan(struct amend *amend, struct span body, struct diag *diag)
{
    amend->n = 0;
    amend->body = (struct span){ 0 };
    if (body.n > amend->max_bytes) {
        diag_set(diag, "request", "longer than %zu bytes", amend->max_bytes);
        return STATUS_TOO_BIG;
    }
    enum status st = scan(amend, body);
    if (st == STATUS_OK) {
        amend->body = body;
        return st;
    }
    amend->n = 0;
    if (st == STATUS_TOO_BIG)
        diag_set(diag, "request", "has more than %d members", AMEND_MEMBERS_MAX);
    else if (st != STATUS_NOMEM)
        diag_set(diag, "request", "not a JSON object");
    return st;
}

const struct json *amend_cursor(const struct amend *amend)
{
    return amend->json;
}

const struct amend_member *amend_at(const struct amend *amend, size_t i)
{
    return i < amend->n ? &amend->members[i] : NULL;
}

const struct amend_member *amend_find(const struct amend *amend, const char *key)
{
    for (size_t i = amend->n; i-- > 0;)
        if (span_is(amend->members[i].key, key))
            return &amend->members[i];
    return NULL;
}

static const struct amend_change *change_of(const struct amend_change *changes, size_t n, struct span key)
{
    for (size_t i = 0; i < n; i++)
        if (span_is(key, changes[i].key))
            return &changes[i];
    return NULL;
}

static bool is_first(const struct amend *amend, const struct amend_member *member)
{
    for (const struct amend_member *other = amend->members; other < member && member->repeated; other++)
        if (span_eq(other->key, member->key))
            return false;
    return true;
}

static struct span piece(const struct amend *amend, size_t begin, size_t end)
{
    return (struct span){ amend->body.data + begin, end - begin };
}

static void put_member(struct buffer *buffer, const struct amend_change *change)
{
    assert(!strpbrk(change->key, "\"\\"));
    buffer_put_char(buffer, '"');
    buffer_put_text(buffer, change->key);
    buffer_put_text(buffer, "\":");
    buffer_put(buffer, change->value);
}

static void put_changed(const struct amend *amend, const struct amend_member *member,
    const struct amend_change *change, struct buffer *buffer)
{
    size_t behind = (size_t)(member->value.data + member->value.n - amend->body.data);
    buffer_put(buffer, piece(amend, member->begin, member->from));
    put_member(buffer, change);
    buffer_put(buffer, piece(amend, behind, member->end));
}

enum status amend_write(
    const struct amend *amend, const struct amend_change *changes, size_t n, struct buffer *buffer)
{
    assert(amend->body.n > 0);
    buffer_put(buffer, piece(amend, 0, amend->open + 1));
    size_t n_written = 0;
    for (const struct amend_member *member = amend->members; member < amend->members + amend->n; member++) {
        const struct amend_change *change = change_of(changes, n, member->key);
        if (change && (change->value.n == 0 || !is_first(amend, member)))
            continue;
        if (n_written++ > 0)
            buffer_put_char(buffer, ',');
        if (change)
            put_changed(amend, member, change, buffer);
        else
            buffer_put(buffer, piece(amend, member->begin, member->end));
    }
    for (size_t i = 0; i < n; i++) {
        if (changes[i].value.n == 0 || amend_find(amend, changes[i].key))
            continue;
        if (n_written++ > 0)
            buffer_put_char(buffer, ',');
        put_member(buffer, &changes[i]);
    }
    if (amend->n == 0 && n_written == 0)
        buffer_put(buffer, piece(amend, amend->open + 1, amend->close));
    buffer_put(buffer, piece(amend, amend->close, amend->body.n));
    return buffer->status;
}

enum status amend_new(size_t max_bytes, struct amend **ret_amend)
{
    struct amend *amend = calloc(1, sizeof *amend);
    if (!amend)
        return STATUS_NOMEM;
    amend->max_bytes = max_bytes;
    enum status st = json_new(&amend->json);
    if (st != STATUS_OK) {
        free(amend);
        return st;
    }
    *ret_amend = amend;
    return STATUS_OK;
}

void amend_free(struct amend *amend)
{
    if (!amend)
        return;
    json_free(amend->json);
    free(amend);
}
