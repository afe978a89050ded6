#include "exchange/reply.h"

#include <stdlib.h>

void reply_init(struct reply *reply, size_t max_bytes)
{
    *reply = (struct reply){ .max_bytes = max_bytes };
    raw_usage_clear(&reply->usage);
}

static void free_item(struct reply *reply, struct reply_item *item)
{
    for (int i = 0; i < REPLY_TEXT_COUNT; i++) {
        reply->held -= i < REPLY_LONG ? item->texts[i].n : 0;
        buffer_fini(&item->texts[i]);
    }
}

void reply_fini(struct reply *reply)
{
    for (uint32_t i = 0; i < reply->n_items; i++)
        free_item(reply, &reply->items[i]);
    free(reply->items);
    buffer_fini(&reply->id);
    buffer_fini(&reply->model);
    buffer_fini(&reply->finish);
    buffer_fini(&reply->detail);
    buffer_fini(&reply->output);
}

static bool reserve_item(struct reply *reply)
{
    if (reply->n_items < reply->cap)
        return true;
    if (reply->n_items == REPLY_ITEMS_MAX) {
        reply->truncated = true;
        return false;
    }
    uint32_t cap = reply->cap ? reply->cap * 2 : 2;
    struct reply_item *items = realloc(reply->items, cap * sizeof *items);
    if (!items) {
        reply->status = STATUS_NOMEM;
        return false;
    }
    reply->items = items;
    reply->cap = cap;
    return true;
}

/* How many items come before that place, or are at it. The last one is asked for nearly always. */
static uint32_t count_up_to(const struct reply *reply, uint32_t place, uint32_t below)
{
    uint32_t n = reply->n_items;
    while (n > 0) {
        const struct reply_item *item = &reply->items[n - 1];
        if (item->place < place || (item->place == place && item->below <= below))
            break;
        n--;
    }
    return n;
}

struct reply_item *reply_at(struct reply *reply, uint32_t place, uint32_t below)
{
    uint32_t n = count_up_to(reply, place, below);
    if (n > 0 && reply->items[n - 1].place == place && reply->items[n - 1].below == below)
        return &reply->items[n - 1];
    if (!reserve_item(reply))
        return NULL;
    struct reply_item *item = &reply->items[n];
    memmove(item + 1, item, (reply->n_items - n) * sizeof *item);
    *item = (struct reply_item){ .place = place, .below = below };
    reply->n_items++;
    return item;
}

struct reply_item *reply_last(struct reply *reply, uint32_t place)
{
    uint32_t n = count_up_to(reply, place, UINT32_MAX);
    return n > 0 && reply->items[n - 1].place == place ? &reply->items[n - 1] : NULL;
}

/* How much of a text fits: no escape and no character is cut. */
static size_t whole_characters(struct span text, size_t room)
{
    size_t n = 0;
    while (n < text.n) {
        unsigned char c = (unsigned char)text.data[n];
        size_t length = c == '\\' ? 2 : c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
        if (c == '\\' && n + 1 < text.n && text.data[n + 1] == 'u')
            length = 6;
        if (length > room - n)
            break;
        n += length;
    }
    return n < text.n ? n : text.n;
}

static void put(struct reply *reply, struct buffer *buffer, struct span text)
{
    buffer_put(buffer, text);
    if (buffer->status != STATUS_OK)
        reply->status = buffer->status;
    else
        reply->held += text.n;
}

void reply_add(struct reply *reply, struct reply_item *item, enum reply_text which, struct span text)
{
    if (text.n == 0 || item->lost || item->whole)
        return;
    size_t room = reply->truncated ? 0 : reply->max_bytes - reply->held;
    bool fits = text.n <= room;
    reply->truncated = reply->truncated || !fits;
    if (which == REPLY_HEAD || which == REPLY_INPUT)
        item->lost = !fits;
    else if (!fits)
        text.n = which == REPLY_SIGNATURE ? 0 : whole_characters(text, room);
    if (!item->lost)
        put(reply, &item->texts[which], text);
}

void reply_set(struct reply *reply, struct buffer *buffer, struct span text)
{
    if (text.n == 0 || text.n > REPLY_SHORT_BYTES)
        return;
    buffer->n = 0;
    buffer_put(buffer, text);
    if (buffer->status != STATUS_OK)
        reply->status = buffer->status;
}

void reply_clear_item(struct reply *reply, struct reply_item *item)
{
    free_item(reply, item);
    item->whole = item->lost = false;
}

void reply_drop_below(struct reply *reply, uint32_t place)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < reply->n_items; i++) {
        struct reply_item *item = &reply->items[i];
        if (item->place == place && item->below > 0)
            free_item(reply, item);
        else
            reply->items[n++] = *item;
    }
    reply->n_items = n;
}

bool reply_set_output(struct reply *reply, struct span array)
{
    if (array.n > reply->max_bytes)
        return false;
    for (uint32_t i = 0; i < reply->n_items; i++)
        free_item(reply, &reply->items[i]);
    reply->n_items = 0;
    reply->held -= reply->output.n;
    reply->output.n = 0;
    put(reply, &reply->output, array);
    return true;
}
