#include "service/publish.h"

#include <stdlib.h>

struct waiting_decision {
    int64_t time_ms, expires_ms;
    uint64_t campaign;
    size_t text; /* where the name begins in the text; the reason follows it */
    uint16_t name_n, reason_n;
    uint8_t action, mode;
};

void publisher_fini(struct publisher *publisher)
{
    free(publisher->items);
    buffer_fini(&publisher->text);
    *publisher = (struct publisher){ 0 };
}

static enum status grow(struct publisher *publisher)
{
    if (publisher->n < publisher->capacity)
        return STATUS_OK;
    size_t capacity = publisher->capacity ? publisher->capacity * 2 : 64;
    struct waiting_decision *grown = realloc(publisher->items, capacity * sizeof *grown);
    if (!grown)
        return STATUS_NOMEM;
    publisher->items = grown;
    publisher->capacity = capacity;
    return STATUS_OK;
}

enum status publisher_add(struct publisher *publisher, const struct decision *decision, struct span account)
{
    enum status st = STATUS_OK;
    if (account.n == 0 || account.n > ROW_NAME_MAX) {
        publisher->unnamed++;
        return STATUS_OK;
    }
    TRY(grow(publisher));
    struct waiting_decision item = {
        .time_ms = decision->time_ms,
        .expires_ms = decision->expires_ms,
        .campaign = decision->campaign.value,
        .text = publisher->text.n,
        .name_n = (uint16_t)account.n,
        .reason_n = (uint16_t)strnlen(decision->reason, REASON_MAX),
        .action = (uint8_t)decision->action,
        .mode = (uint8_t)decision->mode,
    };
    buffer_put(&publisher->text, account);
    buffer_put(&publisher->text, (struct span){ decision->reason, item.reason_n });
    TRY(publisher->text.status);
    publisher->items[publisher->n++] = item;
fail:
    return st;
}

enum status publisher_write(const struct publisher *publisher, struct table *table)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < publisher->n; i++) {
        const struct waiting_decision *item = &publisher->items[i];
        struct span account = { publisher->text.data + item->text, item->name_n };
        if (item->action == ACTION_RELEASE) {
            TRY(table_drop_decision(table, account));
            continue;
        }
        const struct decision_row row = {
            .action = item->action,
            .mode = item->mode,
            .campaign = item->campaign,
            .time_ms = item->time_ms,
            .expires_ms = item->expires_ms,
            .reason = { account.data + item->name_n, item->reason_n },
        };
        TRY(table_put_decision(table, account, &row));
    }
fail:
    return st;
}

void publisher_done(struct publisher *publisher)
{
    for (size_t i = 0; i < publisher->n; i++)
        publisher->published[publisher->items[i].action]++;
    publisher->n = 0;
    buffer_reset(&publisher->text);
}

/* Names of what has expired, one behind the other, each with its length before it. */
struct sweep {
    struct buffer names;
    int64_t before_ms;
    size_t n;
};

static enum status look(void *context, struct span account, const struct decision_row *row)
{
    struct sweep *sweep = context;
    if (row->expires_ms < 0 || row->expires_ms >= sweep->before_ms)
        return STATUS_OK;
    buffer_put_char(&sweep->names, (char)account.n);
    buffer_put(&sweep->names, account);
    if (sweep->names.status == STATUS_OK && ++sweep->n == SWEEP_MAX)
        return STATUS_END;
    return sweep->names.status;
}

enum status publish_sweep(struct table *table, int64_t before_ms, size_t *ret_n)
{
    struct sweep sweep = { .before_ms = before_ms };
    enum status st = table_each_decision(table, look, &sweep);
    st = st == STATUS_END ? STATUS_OK : st;
    for (size_t at = 0; st == STATUS_OK && at < sweep.names.n;) {
        size_t n = (uint8_t)sweep.names.data[at];
        st = table_drop_decision(table, (struct span){ sweep.names.data + at + 1, n });
        at += 1 + n;
    }
    if (st == STATUS_OK)
        *ret_n = sweep.n;
    buffer_fini(&sweep.names);
    return st;
}
