#include "policy/decision.h"

#include <stdlib.h>

const char *action_name(enum action action)
{
    static const char *const names[ACTION_COUNT] = {
        [ACTION_OBSERVE] = "observe",
        [ACTION_VERIFY] = "verify",
        [ACTION_THROTTLE] = "throttle",
        [ACTION_RESTRICT] = "restrict",
        [ACTION_SUSPEND] = "suspend",
        [ACTION_RELEASE] = "release",
    };
    return (unsigned)action < ACTION_COUNT ? names[action] : "unknown";
}

const char *mode_name(enum mode mode)
{
    return mode == MODE_SHADOW ? "shadow" : "enforced";
}

void decision_list_fini(struct decision_list *list)
{
    free(list->items);
    *list = (struct decision_list){ 0 };
}

enum status decision_list_reserve(struct decision_list *list, size_t more)
{
    if (list->capacity - list->n >= more)
        return STATUS_OK;
    size_t capacity = list->capacity ? list->capacity * 2 : 16;
    while (capacity - list->n < more)
        capacity *= 2;
    struct decision *items = realloc(list->items, capacity * sizeof *items);
    if (!items)
        return STATUS_NOMEM;
    list->items = items;
    list->capacity = capacity;
    return STATUS_OK;
}

static int compare(const void *left, const void *right)
{
    const struct decision *a = left, *b = right;
    if (a->time_ms != b->time_ms)
        return a->time_ms < b->time_ms ? -1 : 1;
    if (a->account != b->account)
        return a->account < b->account ? -1 : 1;
    if ((a->action == ACTION_RELEASE) != (b->action == ACTION_RELEASE))
        return a->action == ACTION_RELEASE ? -1 : 1;
    return (int)a->action - (int)b->action;
}

void decision_list_sort(struct decision_list *list, size_t from)
{
    if (list->n - from > 1)
        qsort(list->items + from, list->n - from, sizeof *list->items, compare);
}
