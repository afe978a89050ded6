#include "campaign/components.h"

#include "campaign/find.h"

#include <stdlib.h>
#include <string.h>

void components_fini(struct components *components)
{
    free(components->items);
    free(components->start);
    *components = (struct components) { 0 };
}

static uint32_t root_of(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

/* The smaller index becomes the root, so that the outcome does not depend on the order of joins. */
static void join(uint32_t *parent, uint32_t a, uint32_t b)
{
    a = root_of(parent, a);
    b = root_of(parent, b);
    if (a < b)
        parent[b] = a;
    else
        parent[a] = b;
}

static enum status parents_new(size_t n, uint32_t **ret_parent)
{
    enum status st = STATUS_OK;
    uint32_t *parent = malloc((n + 1) * sizeof *parent);
    REQUIRE(parent, STATUS_NOMEM);
    for (size_t i = 0; i < n; i++)
        parent[i] = (uint32_t)i;
    *ret_parent = parent;
fail:
    return st;
}

/* Lists the sets of at least `least` items among those marked in `in` (NULL: all). */
static enum status list_sets(
    uint32_t *parent, size_t n, const uint8_t *in, size_t least, struct components *ret_components)
{
    enum status st = STATUS_OK;
    struct components out = { 0 };
    uint32_t *count = calloc(n + 1, sizeof *count);
    size_t *place = calloc(n + 1, sizeof *place);
    out.items = malloc((n + 1) * sizeof *out.items);
    out.start = calloc(n + 2, sizeof *out.start);
    REQUIRE(count && place && out.items && out.start, STATUS_NOMEM);
    for (size_t i = 0; i < n; i++)
        if (!in || in[i])
            count[root_of(parent, (uint32_t)i)]++;
    for (size_t i = 0; i < n; i++) /* a root is the least index of its set, so sets come in order */
        if (count[i] >= least && count[i] > 0) {
            place[i] = out.start[out.n];
            out.start[out.n + 1] = out.start[out.n] + count[i];
            out.n++;
        }
    for (size_t i = 0; i < n; i++) {
        uint32_t root = root_of(parent, (uint32_t)i);
        if ((!in || in[i]) && count[root] >= least)
            out.items[place[root]++] = (uint32_t)i;
    }
    *ret_components = out;
    out = (struct components) { 0 };
fail:
    free(count);
    free(place);
    components_fini(&out);
    return st;
}

static bool founding_content(const struct graph *graph, uint32_t object, uint32_t min_accounts)
{
    return object_specificity(graph->objects[object].kind) > 0 && graph_degree(graph, object) >= min_accounts;
}

/* The founding objects of an account, the rarest FIND_ROW_MAX of them, ascending by index. */
static size_t founding_row(const struct graph *graph, size_t account, const uint8_t *in, uint32_t *row)
{
    size_t n = 0;
    for (uint32_t e = graph->row_start[account]; e < graph->row_start[account + 1]; e++) {
        uint32_t object = graph->row_object[e];
        if (!in[object])
            continue;
        if (n < FIND_ROW_MAX) {
            row[n++] = object;
            continue;
        }
        size_t commonest = 0;
        for (size_t i = 1; i < n; i++)
            if (graph_degree(graph, row[i]) > graph_degree(graph, row[commonest]))
                commonest = i;
        if (graph_degree(graph, object) < graph_degree(graph, row[commonest])) {
            memmove(row + commonest, row + commonest + 1, (n - commonest - 1) * sizeof *row);
            row[n - 1] = object;
        }
    }
    return n;
}

static enum status count_pairs(const struct graph *graph, const uint8_t *in, struct u64_map *pairs)
{
    enum status st = STATUS_OK;
    uint32_t row[FIND_ROW_MAX];
    for (size_t a = 0; a < graph->n_rows; a++) {
        size_t n = founding_row(graph, a, in, row);
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++) {
                uint64_t key = ((uint64_t)row[i] << 32 | row[j]) + 1;
                uint32_t count = map_find(pairs, key);
                st = map_put(pairs, key, count == MAP_NONE ? 1 : count + 1);
                if (st == STATUS_FULL) /* the cap: pairs not counted stay apart, groups are split, not lost */
                    st = STATUS_OK;
                REQUIRE(st == STATUS_OK, st);
            }
    }
fail:
    return st;
}

static void join_similar(const struct graph *graph, const struct u64_map *pairs, uint32_t *parent)
{
    for (size_t i = 0; i < pairs->slots; i++) {
        if (pairs->keys[i] == 0)
            continue;
        uint32_t a = (uint32_t)((pairs->keys[i] - 1) >> 32);
        uint32_t b = (uint32_t)(pairs->keys[i] - 1);
        uint64_t both = pairs->values[i];
        uint64_t either = graph_degree(graph, a) + graph_degree(graph, b) - both;
        if (both * 2 >= either)
            join(parent, a, b);
    }
}

enum status content_clusters(
    const struct graph *graph, uint32_t min_accounts, struct components *ret_clusters)
{
    enum status st = STATUS_OK;
    struct u64_map pairs;
    uint32_t *parent = NULL;
    map_init(&pairs, FIND_PAIRS_MAX);
    uint8_t *in = calloc(graph->n_columns + 1, 1);
    REQUIRE(in, STATUS_NOMEM);
    for (size_t i = 0; i < graph->n_columns; i++)
        in[i] = founding_content(graph, (uint32_t)i, min_accounts);
    TRY(parents_new(graph->n_columns, &parent));
    TRY(count_pairs(graph, in, &pairs));
    join_similar(graph, &pairs, parent);
    TRY(list_sets(parent, graph->n_columns, in, 1, ret_clusters));
fail:
    map_fini(&pairs);
    free(parent);
    free(in);
    return st;
}

enum status strong_components(
    const struct graph *graph, enum family family, uint32_t min_accounts, struct components *ret_parts)
{
    enum status st = STATUS_OK;
    uint32_t *parent = NULL;
    TRY(parents_new(graph->n_rows, &parent));
    for (size_t c = 0; c < graph->n_columns; c++) {
        const struct object_kind_info *kind = &object_kind_info[graph->objects[c].kind];
        if (kind->family != family || !kind->strong || graph_degree(graph, (uint32_t)c) > FIND_STRONG_DEGREE_MAX)
            continue;
        for (uint32_t e = graph->column_start[c] + 1; e < graph->column_start[c + 1]; e++)
            join(parent, graph->column_account[e - 1], graph->column_account[e]);
    }
    for (size_t i = 0; i < graph->n_direct; i++) {
        const struct graph_direct *d = &graph->direct[i];
        if (object_kind_info[d->kind].family == family && d->count >= FIND_DIRECT_MIN && d->a < graph->n_rows
            && d->b < graph->n_rows)
            join(parent, d->a, d->b);
    }
    TRY(list_sets(parent, graph->n_rows, NULL, min_accounts, ret_parts));
fail:
    free(parent);
    return st;
}
