/*
 * A request body, amended: without changes it stays byte for byte; with changes the keys occur once or not at all, and
 * every other member is as it was, in its order.
 */
#include "fuzz.h"

#include "exchange/amend.h"

#include <stdlib.h>
#include <string.h>

static struct amend *before, *after;

static void amend_into(struct buffer *out, const struct amend_change *changes, size_t n)
{
    buffer_reset(out);
    if (amend_write(before, changes, n, out) != STATUS_OK || !buffer_reserve(out, JSON_PADDING))
        abort();
    memset(out->data + out->n, 0, JSON_PADDING);
}

static bool is_changed(const struct amend_member *member)
{
    return span_is(member->key, "model") || span_is(member->key, "stream");
}

static const struct amend_member *next_kept(const struct amend *amend, size_t *i)
{
    const struct amend_member *member;
    while ((member = amend_at(amend, (*i)++)) && is_changed(member))
        ;
    return member;
}

static void check_kept(void)
{
    const struct amend_member *old, *new;
    size_t i = 0, k = 0;
    do {
        old = next_kept(before, &i);
        new = next_kept(after, &k);
        if (!old != !new || (old && (!span_eq(old->key, new->key) || !span_eq(old->value, new->value))))
            abort();
    } while (old);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct amend_change changes[] = { { "model", { "[\"x\"]", 5 } }, { "stream", { NULL, 0 } } };
    static struct buffer out;
    if (!before && (amend_new(1 << 20, &before) != STATUS_OK || amend_new(2 << 20, &after) != STATUS_OK))
        abort();
    char *body = malloc(n + JSON_PADDING);
    if (!body)
        return 0;
    memcpy(body, data, n);
    memset(body + n, '}', JSON_PADDING);
    struct diag diag = { 0 };
    enum status st = amend_scan(before, (struct span){ body, n }, &diag);
    if (st == STATUS_OK) {
        amend_into(&out, NULL, 0);
        if (out.n != n || memcmp(out.data, data, n) != 0)
            abort();
        amend_into(&out, changes, 2);
        st = amend_scan(after, buffer_span(&out), NULL);
        if (st == STATUS_TOO_BIG && amend_at(before, AMEND_MEMBERS_MAX - 1)) {
            free(body);
            return 0; /* one member more than can be */
        }
        const struct amend_member *model = st == STATUS_OK ? amend_find(after, "model") : NULL;
        if (!model || model->repeated || !span_is(model->value, "[\"x\"]") || amend_find(after, "stream"))
            abort();
        check_kept();
    } else if (diag.reason[0] == 0) {
        abort();
    }
    free(body);
    return 0;
}
