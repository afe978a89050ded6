#include "policy/volume.h"

#include <stdlib.h>

#define HOUR_MS INT64_C(3600000)
#define DAY_MS INT64_C(86400000)

enum { PROBE = 16 };

void volume_init(struct volume *volume, uint32_t windows_max)
{
    *volume = (struct volume){ 0 };
    map_init(&volume->index, windows_max);
}

void volume_fini(struct volume *volume)
{
    free(volume->windows);
    map_fini(&volume->index);
    *volume = (struct volume){ 0 };
}

static enum status grow(struct volume *volume)
{
    if (volume->n < volume->capacity)
        return STATUS_OK;
    size_t capacity = volume->capacity ? volume->capacity * 2 : 64;
    struct volume_window *bigger = realloc(volume->windows, capacity * sizeof *bigger);
    if (!bigger)
        return STATUS_NOMEM;
    volume->windows = bigger;
    volume->capacity = capacity;
    return STATUS_OK;
}

static bool is_older(const struct volume_window *a, const struct volume_window *b)
{
    return a->day != b->day ? a->day < b->day : a->day_requests < b->day_requests;
}

/* Takes the place of the least useful of the next few; the key is not in the table. */
static enum status replace(struct volume *volume, uint64_t key, uint32_t *ret_i)
{
    size_t victim = volume->hand;
    for (size_t step = 0; step < PROBE; step++) {
        size_t i = (volume->hand + step) % volume->n;
        if (is_older(&volume->windows[i], &volume->windows[victim]))
            victim = i;
    }
    volume->hand = (volume->hand + PROBE) % volume->n;
    map_remove(&volume->index, volume->windows[victim].key);
    volume->evicted++;
    *ret_i = (uint32_t)victim;
    return map_put(&volume->index, key, (uint32_t)victim);
}

static enum status add(struct volume *volume, uint64_t key, uint32_t *ret_i)
{
    enum status st = STATUS_OK;
    if (volume->n > 0 && volume->n >= volume->index.n_max) {
        TRY(replace(volume, key, ret_i));
    } else {
        TRY(grow(volume));
        TRY(map_put(&volume->index, key, (uint32_t)volume->n));
        *ret_i = (uint32_t)volume->n++;
    }
    volume->windows[*ret_i] = (struct volume_window){ .key = key, .hour = -1, .day = -1 };
fail:
    return st;
}

enum status volume_at(struct volume *volume, uint64_t key, int64_t time_ms, struct volume_window **ret_window,
    bool *ret_new_day)
{
    enum status st = STATUS_OK;
    uint32_t i = map_find(&volume->index, key);
    if (i == MAP_NONE)
        TRY(add(volume, key, &i));
    struct volume_window *window = &volume->windows[i];
    int64_t hour = time_ms / HOUR_MS, day = time_ms / DAY_MS;
    *ret_new_day = day > window->day;
    if (hour > window->hour) {
        window->hour = hour;
        window->hour_requests = 0;
    }
    if (day > window->day) {
        *window = (struct volume_window){ .key = key, .hour = hour, .day = day, .tier = window->tier };
    }
    *ret_window = window;
fail:
    return st;
}

void volume_add(struct volume_window *window, const struct usage *usage, double cost)
{
    window->hour_requests++;
    window->day_requests++;
    window->day_input_tok += usage->input_tok;
    window->day_output_tok += usage->output_tok;
    window->day_cost += cost;
}

static bool over(uint64_t used, uint64_t limit)
{
    return limit != 0 && used > limit;
}

enum excess volume_excess(const struct volume_window *window, const struct limit *limit)
{
    if (over(window->hour_requests, limit->requests_per_hour))
        return EXCESS_HOUR_REQUESTS;
    if (over(window->day_requests, limit->requests_per_day))
        return EXCESS_DAY_REQUESTS;
    if (over(window->day_input_tok, limit->input_tokens_per_day))
        return EXCESS_INPUT;
    if (over(window->day_output_tok, limit->output_tokens_per_day))
        return EXCESS_OUTPUT;
    if (limit->cost_per_day > 0 && window->day_cost > limit->cost_per_day)
        return EXCESS_COST;
    return EXCESS_NONE;
}

size_t volume_bytes(const struct volume *volume)
{
    return volume->capacity * sizeof *volume->windows + map_bytes(&volume->index);
}
