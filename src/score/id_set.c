#include "score/id_set.h"

#include "score/array.h"

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void sort_distinct(struct id_set *set)
{
    size_t n = 0;
    if (set->n > 0)
        qsort(set->ids, set->n, sizeof *set->ids, by_value);
    for (size_t i = 0; i < set->n; i++)
        if (i == 0 || set->ids[i] != set->ids[i - 1])
            set->ids[n++] = set->ids[i];
    set->n = n;
}

enum status id_set_read(const char *path, const struct key *key, struct id_set *set, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct id_set made = { 0 };
    struct lines *lines = NULL;
    struct span line;
    TRY(lines_open(path, &lines, diag));
    while ((st = lines_next(lines, &line, diag)) == STATUS_OK) {
        uint64_t *ids = array_grown(made.ids, made.n, &made.capacity, sizeof *ids);
        REQUIRE(ids, STATUS_NOMEM);
        made.ids = ids;
        made.ids[made.n++] = key_hash(key, KEY_EXCHANGE, line.data, line.n);
    }
    if (st == STATUS_END)
        st = STATUS_OK;
    TRY(st);
    sort_distinct(&made);
    made.taken = calloc(made.n + 1, 1);
    REQUIRE(made.taken, STATUS_NOMEM);
    *set = made;
fail:
    lines_close(lines);
    if (st != STATUS_OK)
        id_set_fini(&made);
    return st;
}

void id_set_fini(struct id_set *set)
{
    free(set->ids);
    free(set->taken);
    *set = (struct id_set){ 0 };
}

size_t id_set_find(const struct id_set *set, uint64_t id)
{
    size_t low = 0, high = set->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (set->ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < set->n && set->ids[low] == id ? low : SIZE_MAX;
}

bool id_set_take(struct id_set *set, size_t place)
{
    bool first = !set->taken[place];
    set->taken[place] = 1;
    set->n_taken += first;
    return first;
}
