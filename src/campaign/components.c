#include "campaign/components.h"

#include "campaign/find.h"

#include <stdlib.h>
#include <string.h>

void components_fini(struct components *components)
{
    free(components->items);
    free(components->start);
    *components = (struct components){ 0 };
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
    for (size_t i = 0; i < n; i++) /* sets come in the order of their roots */
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
    out = (struct components){ 0 };
fail:
    free(count);
    free(place);
    components_fini(&out);
    return st;
}

static bool founding_content(const struct graph *graph, uint32_t object, uint32_t min_accounts)
{
    const struct graph_object *o = &graph->objects[object];
    return o->many_tasks && o->strong >= FIND_STRONG_MIN && object_specificity(o->kind) > 0 &&
           graph_degree(graph, object) >= min_accounts;
}

static uint64_t mix(uint64_t x)
{
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9U;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebU;
    return x ^ x >> 31;
}

/* The least keyed hash over the members: two objects agree with the probability of their Jaccard similarity. */
static uint64_t member_minhash(const struct graph *graph, uint32_t object, uint64_t seed)
{
    uint64_t least = UINT64_MAX;
    struct indices members = adjacency_at(&graph->columns, object);
    for (uint32_t i = 0; i < members.n; i++) {
        uint64_t hash = mix(graph->accounts[members.items[i]].account ^ seed);
        least = hash < least ? hash : least;
    }
    return least;
}

static bool half_shared(const struct graph *graph, uint32_t a, uint32_t b)
{
    struct indices of_a = adjacency_at(&graph->columns, a);
    struct indices of_b = adjacency_at(&graph->columns, b);
    uint32_t i = 0;
    uint32_t j = 0;
    uint32_t both = 0;
    while (i < of_a.n && j < of_b.n) {
        uint32_t x = of_a.items[i];
        uint32_t y = of_b.items[j];
        both += x == y;
        i += x <= y;
        j += y <= x;
    }
    return 3 * both >= of_a.n + of_b.n; /* both / either >= 1/2 */
}

struct ranked_object {
    uint32_t object, degree;
};

/* The commonest first: they lead. */
static int by_degree(const void *a, const void *b)
{
    const struct ranked_object *x = a;
    const struct ranked_object *y = b;
    if (x->degree != y->degree)
        return x->degree > y->degree ? -1 : 1;
    return x->object < y->object ? -1 : x->object > y->object;
}

/* Follows the first leader that agrees in a MinHash and truly shares half its members; else leads itself. */
static enum status follow_or_lead(
    const struct graph *graph, uint32_t object, struct u64_map *leaders, uint32_t *parent)
{
    enum status st = STATUS_OK;
    uint64_t hashes[COMPONENT_MINHASHES];
    for (uint64_t i = 0; i < COMPONENT_MINHASHES; i++) {
        uint64_t seed = (i + 1) * 0x9e3779b97f4a7c15U;
        hashes[i] = mix(member_minhash(graph, object, seed) ^ seed) | 1;
        uint32_t leader = map_find(leaders, hashes[i]);
        if (leader != MAP_NONE && half_shared(graph, leader, object)) {
            parent[object] = leader;
            return STATUS_OK;
        }
    }
    for (size_t i = 0; i < COMPONENT_MINHASHES; i++)
        if (map_find(leaders, hashes[i]) == MAP_NONE)
            TRY(map_put(leaders, hashes[i], object));
fail:
    return st;
}

enum status content_clusters(
    const struct graph *graph, uint32_t min_accounts, struct components *ret_clusters)
{
    enum status st = STATUS_OK;
    uint32_t *parent = NULL;
    size_t n = 0;
    struct u64_map leaders;
    map_init(&leaders, graph->n_columns * COMPONENT_MINHASHES + 1);
    uint8_t *in = calloc(graph->n_columns + 1, 1);
    struct ranked_object *objects = malloc((graph->n_columns + 1) * sizeof *objects);
    REQUIRE(in && objects, STATUS_NOMEM);
    for (size_t i = 0; i < graph->n_columns; i++) {
        in[i] = founding_content(graph, (uint32_t)i, min_accounts);
        if (in[i])
            objects[n++] = (struct ranked_object){ (uint32_t)i, graph_degree(graph, (uint32_t)i) };
    }
    qsort(objects, n, sizeof *objects, by_degree);
    TRY(parents_new(graph->n_columns, &parent));
    for (size_t i = 0; i < n; i++)
        TRY(follow_or_lead(graph, objects[i].object, &leaders, parent));
    TRY(list_sets(parent, graph->n_columns, in, 1, ret_clusters));
fail:
    map_fini(&leaders);
    free(objects);
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
        if (kind->family != family || !kind->strong ||
            graph_degree(graph, (uint32_t)c) > GRAPH_JOIN_MEMBERS_MAX)
            continue;
        struct indices members = adjacency_at(&graph->columns, (uint32_t)c);
        for (uint32_t e = 1; e < members.n; e++)
            join(parent, members.items[e - 1], members.items[e]);
    }
    for (size_t i = 0; i < graph->n_direct; i++) {
        const struct graph_direct *d = &graph->direct[i];
        if (object_kind_info[d->kind].family == family && object_kind_info[d->kind].strong &&
            d->count >= GRAPH_JOIN_TIMES_MIN && d->a < graph->n_rows && d->b < graph->n_rows)
            join(parent, d->a, d->b);
    }
    TRY(list_sets(parent, graph->n_rows, NULL, min_accounts, ret_parts));
fail:
    free(parent);
    return st;
}
