#define _GNU_SOURCE /* qsort_r */
#include "campaign/clusters.h"

#include "campaign/find.h"

#include <stdlib.h>

void clusters_init(struct clusters *clusters)
{
    *clusters = (struct clusters){ 0 };
    map_init(&clusters->leaders, MAP_NONE);
}

void clusters_fini(struct clusters *clusters)
{
    free(clusters->frames);
    free(clusters->order);
    marks_fini(&clusters->listed);
    map_fini(&clusters->leaders);
    *clusters = (struct clusters){ 0 };
}

static enum status add_frame(struct clusters *clusters, uint32_t object)
{
    enum status st = STATUS_OK;
    if (clusters->n == clusters->room) {
        size_t room = clusters->room ? clusters->room * 2 : 64;
        struct cluster_frame *frames = realloc(clusters->frames, room * sizeof *frames);
        REQUIRE(frames, STATUS_NOMEM);
        clusters->frames = frames;
        uint32_t *order = realloc(clusters->order, room * sizeof *order);
        REQUIRE(order, STATUS_NOMEM);
        clusters->order = order;
        clusters->room = room;
    }
    clusters->frames[clusters->n++] =
        (struct cluster_frame){ .object = object, .leader = MAP_NONE, .before = MAP_NONE };
    marks_set(&clusters->listed, object);
fail:
    return st;
}

static enum status list_object(struct clusters *clusters, const struct graph *graph, size_t object)
{
    const struct graph_object *o = &graph->objects[object];
    if (o->dead || o->strong < FIND_STRONG_MIN || object_specificity(o->kind) == 0 ||
        marks_has(&clusters->listed, object))
        return STATUS_OK;
    return add_frame(clusters, (uint32_t)object);
}

enum status clusters_list(struct clusters *clusters, const struct graph *graph, bool anew)
{
    enum status st = STATUS_OK;
    TRY(marks_widen(&clusters->listed, graph->n_objects));
    if (anew) {
        clusters->n = clusters->n_order = 0;
        marks_clear(&clusters->listed);
        for (size_t i = 0; i < graph->n_objects; i++)
            TRY(list_object(clusters, graph, i));
        return STATUS_OK;
    }
    for (size_t i = marks_next(&graph->changed, 0); i < graph->n_objects;
         i = marks_next(&graph->changed, i + 1))
        TRY(list_object(clusters, graph, i));
fail:
    return st;
}

static bool founding_content(const struct graph *graph, uint32_t object, uint32_t min_accounts)
{
    const struct graph_object *o = &graph->objects[object];
    return o->many_tasks && (o->recurs || o->watched) && o->strong >= FIND_STRONG_MIN &&
           object_specificity(o->kind) > 0 && graph_degree(graph, object) >= min_accounts;
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
static uint64_t member_minhash(const struct graph *graph, struct indices members, uint64_t seed)
{
    uint64_t least = UINT64_MAX;
    for (uint32_t i = 0; i < members.n; i++) {
        uint64_t hash = mix(graph->accounts[members.items[i]].account ^ seed);
        least = hash < least ? hash : least;
    }
    return least;
}

static void hash_members(const struct graph *graph, struct cluster_frame *frame)
{
    struct indices members = adjacency_at(&graph->columns, frame->object);
    for (uint64_t i = 0; i < CLUSTER_MINHASHES; i++) {
        uint64_t seed = (i + 1) * 0x9e3779b97f4a7c15U;
        frame->hashes[i] = mix(member_minhash(graph, members, seed) ^ seed) | 1;
    }
    frame->hashed = true;
}

/* Whether both / either >= 1/2; left as soon as that is settled. */
static bool half_shared(const struct graph *graph, uint32_t a, uint32_t b)
{
    struct indices of_a = adjacency_at(&graph->columns, a);
    struct indices of_b = adjacency_at(&graph->columns, b);
    uint32_t needed = (of_a.n + of_b.n + 2) / 3;
    uint32_t i = 0;
    uint32_t j = 0;
    uint32_t both = 0;
    while (both < needed && both + (of_a.n - i) >= needed && both + (of_b.n - j) >= needed) {
        uint32_t x = of_a.items[i];
        uint32_t y = of_b.items[j];
        both += x == y;
        i += x <= y;
        j += y <= x;
    }
    return both >= needed;
}

/* Whether frame and leader are as they were when the one followed the other, or share half their members. */
static bool may_follow(const struct clusters *clusters, const struct graph *graph,
    const struct cluster_frame *frame, uint32_t leader)
{
    const struct cluster_frame *l = &clusters->frames[leader];
    if (leader == frame->before && !frame->changed && !l->changed)
        return true;
    return half_shared(graph, l->object, frame->object);
}

/* Follows the first leader that agrees in a MinHash and truly shares half its members; else leads itself. */
static enum status follow_or_lead(struct clusters *clusters, const struct graph *graph, uint32_t i)
{
    enum status st = STATUS_OK;
    struct cluster_frame *frame = &clusters->frames[i];
    if (!frame->hashed)
        hash_members(graph, frame);
    uint32_t refused = MAP_NONE;
    for (size_t h = 0; h < CLUSTER_MINHASHES; h++) {
        uint32_t leader = map_find(&clusters->leaders, frame->hashes[h]);
        if (leader == MAP_NONE || leader == refused)
            continue; /* unlike leaders often agree in several hashes */
        if (may_follow(clusters, graph, frame, leader)) {
            frame->leader = leader;
            return STATUS_OK;
        }
        refused = leader;
    }
    frame->leader = i;
    for (size_t h = 0; h < CLUSTER_MINHASHES; h++)
        if (map_find(&clusters->leaders, frame->hashes[h]) == MAP_NONE)
            TRY(map_put(&clusters->leaders, frame->hashes[h], i));
fail:
    return st;
}

/* The commonest first: they lead. */
static int by_degree(const void *a, const void *b, void *context)
{
    const struct cluster_frame *frames = context;
    const struct cluster_frame *x = &frames[*(const uint32_t *)a];
    const struct cluster_frame *y = &frames[*(const uint32_t *)b];
    if (x->degree != y->degree)
        return x->degree > y->degree ? -1 : 1;
    return x->object < y->object ? -1 : x->object > y->object;
}

static int by_leader(const void *a, const void *b, void *context)
{
    const struct cluster_frame *frames = context;
    const struct cluster_frame *x = &frames[*(const uint32_t *)a];
    const struct cluster_frame *y = &frames[*(const uint32_t *)b];
    if (x->leader != y->leader)
        return x->leader < y->leader ? -1 : 1;
    return x->object < y->object ? -1 : x->object > y->object;
}

/* Whether any frame that founds is new, changed or founds no more. */
static bool note_changes(struct clusters *clusters, const struct graph *graph, uint32_t min_accounts)
{
    bool any = false;
    for (size_t i = 0; i < clusters->n; i++) {
        struct cluster_frame *frame = &clusters->frames[i];
        bool founds = founding_content(graph, frame->object, min_accounts);
        frame->before = frame->leader;
        frame->changed = marks_has(&graph->changed, frame->object);
        frame->hashed &= !frame->changed;
        frame->degree = graph_degree(graph, frame->object);
        any |= founds != (frame->before != MAP_NONE) || (founds && frame->changed);
        frame->leader = founds ? (uint32_t)i : MAP_NONE;
    }
    return any;
}

/* A cluster stands if the same frames are in it, none of them changed. */
static void note_standing(struct clusters *clusters)
{
    for (size_t from = 0, to; from < clusters->n_order; from = to) {
        struct cluster_frame *leader = &clusters->frames[clusters->frames[clusters->order[from]].leader];
        bool stands = true;
        to = clusters_end(clusters, from);
        for (size_t i = from; i < to; i++) {
            const struct cluster_frame *frame = &clusters->frames[clusters->order[i]];
            stands &= !frame->changed && frame->before == frame->leader;
        }
        leader->stands = stands && leader->n_led == to - from;
        leader->n_led = (uint32_t)(to - from);
    }
}

enum status clusters_update(struct clusters *clusters, const struct graph *graph, uint32_t min_accounts)
{
    enum status st = STATUS_OK;
    if (!note_changes(clusters, graph, min_accounts)) {
        for (size_t i = 0; i < clusters->n; i++) {
            clusters->frames[i].leader = clusters->frames[i].before;
            clusters->frames[i].stands = true;
        }
        return STATUS_OK;
    }
    clusters->n_order = 0;
    for (uint32_t i = 0; i < clusters->n; i++)
        if (clusters->frames[i].leader != MAP_NONE)
            clusters->order[clusters->n_order++] = i;
    if (clusters->n_order == 0)
        return STATUS_OK;
    qsort_r(clusters->order, clusters->n_order, sizeof *clusters->order, by_degree, clusters->frames);
    map_clear(&clusters->leaders);
    for (size_t i = 0; i < clusters->n_order; i++)
        TRY(follow_or_lead(clusters, graph, clusters->order[i]));
    qsort_r(clusters->order, clusters->n_order, sizeof *clusters->order, by_leader, clusters->frames);
    note_standing(clusters);
fail:
    return st;
}

size_t clusters_end(const struct clusters *clusters, size_t from)
{
    uint32_t leader = clusters->frames[clusters->order[from]].leader;
    size_t to = from + 1;
    while (to < clusters->n_order && clusters->frames[clusters->order[to]].leader == leader)
        to++;
    return to;
}

size_t clusters_bytes(const struct clusters *clusters)
{
    return clusters->room * (sizeof *clusters->frames + sizeof *clusters->order) +
           marks_bytes(&clusters->listed) + map_bytes(&clusters->leaders);
}
