/*
 * graph.h: which accounts show which tie objects, and which returned what was issued to which.
 *
 * Model: every tie is taken in where it belongs, every withdrawal and forgotten account taken out, at the cost of the
 *   lists that change. What goes leaves an empty slot behind, so that indices stand; graph_build ends an epoch, and
 *   numbers everything anew once a sixteenth of the slots is empty (generation counts that), what is left keeps its
 *   order. What changed is marked for those who keep something about it.
 * Memory: 32 bytes an account, 24 an object, 6 to 11 more in lookup.h, 48 a direct tie and 16 to 32 in a map; the lists
 *   of adjacency.h: two an account, one an object, two pairs an edge; all capped but for the empty slots, objects at a
 *   quarter of the edges: about 128 bytes an account with four edges. What does not fit is dropped and counted.
 * Errors: STATUS_NOMEM: the tie is not taken in; what it names may be there, untied.
 * Cost: a tie costs the length of the lists that it changes; an account that becomes strongly tied, or ceases to be,
 *   that of what it shows.
 */
#ifndef CAMPAIGN_GRAPH_H
#define CAMPAIGN_GRAPH_H

#include "base/map.h"
#include "campaign/adjacency.h"
#include "campaign/lookup.h"
#include "campaign/marks.h"
#include "object/tie.h"

enum {
    GRAPH_ARRIVALS = 65536,      /* remembered until they are taken; of more the next epoch knows */
    GRAPH_JOIN_MEMBERS_MAX = 64, /* a strong object of more members joins nobody */
    GRAPH_JOIN_TIMES_MIN = 2,    /* nor does a strong direct tie that was seen less often */
    GRAPH_PROMPT_S = 60,
};

struct graph_account {
    uint64_t account; /* 0: an empty slot */
    uint64_t organization;
    uint32_t direct;        /* its first direct tie + 1, 0: none; graph_direct_next */
    uint32_t n_shared;      /* strong objects that it shares */
    uint32_t n_linked : 29; /* strong direct ties that count (graph_direct) */
    bool named : 1;         /* of a hand with a mail domain of its own: hands_note_firms */
    bool open : 1;          /* and which shows one network besides */
    bool watched : 1;       /* a member of a confirmed campaign */
};

struct graph_object {
    uint64_t object; /* first, as the account in graph_account: for lookup.h */
    int64_t first_ms;
    uint32_t strong; /* of a frame: members that hang in strong ties */
    uint8_t kind;
    bool dead : 1;
    bool
        watched : 1; /* it found a confirmed campaign, or ties its members: who comes next is looked at soon */
    bool many_tasks : 1; /* shown with half as many distinct tasks as accounts: a frame, not a fixed text */
    bool recurs : 1;     /* said again by those who say it: what many happen to say once is nobody's work */
};

/*
 * a issued (or was refused), b returned (or sent again); once for each pair and family. Strong kinds displace weak
 * ones, count and all. A strong one ties its ends only once it counts (queues.h).
 */
struct graph_direct {
    int64_t first_ms;
    uint64_t object;
    uint32_t a, b;
    uint32_t next[2], prev[2]; /* those after and before it among a's and b's, + 1; 0: none */
    uint32_t count;            /* 0: an empty slot */
    uint8_t kind;
    bool counts; /* strong, and its ends hang in it */
    bool prompt; /* once at least the second was no later than GRAPH_PROMPT_S after the first */
};

struct graph_slots {
    size_t accounts, objects, direct;
};

struct graph {
    struct graph_account *accounts;
    struct graph_object *objects;
    struct graph_direct *direct;
    size_t n_accounts, n_objects, n_direct; /* slots, the empty ones too */
    size_t n_watched;                       /* accounts */
    size_t n_edges;                         /* those told twice count until the next build */
    size_t accounts_capacity, objects_capacity, direct_capacity;
    size_t accounts_max, edges_max, objects_max;
    struct lookup account_index, object_index;
    struct u64_map direct_index;
    struct adjacency frames;  /* objects of an account that a group may be found by: object_specificity */
    struct adjacency ties;    /* its other objects */
    struct adjacency columns; /* accounts of an object */
    struct marks changed;     /* objects: members or `strong` changed, or withdrawn */
    struct marks restrung;    /* accounts: joined or parted otherwise than through a changed object */
    struct graph_slots empty, settled; /* empty slots; those of them that were so at the last build */
    size_t n_known;                    /* accounts up to here were there at the last build */
    size_t n_rows, n_columns;          /* slots at the last build */
    size_t n_built, n_grown;           /* edges and direct ties at the last build, and told since */
    uint64_t dropped;
    uint32_t generation; /* rises when indices change */
    bool dirty;
    bool alarmed;       /* somebody new shows a watched object, or a tie reaches a watched account */
    uint32_t *arrivals; /* those; until the next build, some of them twice */
    size_t n_arrivals, arrivals_capacity;
};

void graph_init(struct graph *graph, size_t accounts_max, size_t edges_max);
void graph_fini(struct graph *graph);
MUST_CHECK enum status graph_add(struct graph *graph, const struct tie *tie);
/* A strong tie counts from now on: for the queues. One with a watched account does at once, unless it may be chance. */
void graph_count_direct(struct graph *graph, struct graph_direct *direct);
void graph_forget(struct graph *graph, uint64_t account);
/* Forgets a direct tie that does not count. */
void graph_forget_direct(struct graph *graph, uint32_t direct);
/* Remembers the account, whom no confirmed campaign holds, as one of the arrivals. */
MUST_CHECK enum status graph_arrive(struct graph *graph, uint32_t account);
MUST_CHECK enum status graph_build(struct graph *graph);
/* Whoever keeps something about the graph has seen what is marked. */
void graph_seen(struct graph *graph);
/* The slot of an account or object, LOOKUP_NONE where it is not there. */
uint32_t graph_find_account(const struct graph *graph, uint64_t account);
uint32_t graph_find_object(const struct graph *graph, uint64_t object);
size_t graph_bytes(const struct graph *graph);

/* How specific it is to show an object of this kind: 0 for kinds that found nothing, 3 for a whole system prompt. */
unsigned object_specificity(enum object_kind kind);

static inline uint32_t graph_degree(const struct graph *graph, uint32_t object)
{
    return adjacency_at(&graph->columns, object).n;
}

/* Whether the account hangs in any strong tie. */
static inline bool graph_hangs(const struct graph_account *account)
{
    return account->n_shared > 0 || account->n_linked > 0;
}

/* Of an organisation that declared itself, or of a team that shows openly what it is (hands_note_firms). */
static inline bool graph_is_of_a_firm(const struct graph_account *account)
{
    return account->organization || account->open;
}

/* Which of its ends the account is. */
static inline unsigned graph_direct_end(const struct graph_direct *direct, uint32_t account)
{
    return direct->a != account;
}

/* The direct tie after this one among those of the account; all are + 1, 0: none. */
static inline uint32_t graph_direct_next(const struct graph *graph, uint32_t direct, uint32_t account)
{
    const struct graph_direct *d = &graph->direct[direct - 1];
    return d->next[graph_direct_end(d, account)];
}

/* A walk over an account's strong direct ties that count: echoes are many and lie between them. */
struct graph_walk {
    uint32_t account, next, left;
};

static inline struct graph_walk graph_walk_strong(const struct graph *graph, uint32_t account)
{
    const struct graph_account *a = &graph->accounts[account];
    return (struct graph_walk){ account, a->direct, a->n_linked };
}

/* The next of them and who is at its other end; NULL: there is none. */
static inline const struct graph_direct *graph_walk_next(
    const struct graph *graph, struct graph_walk *walk, uint32_t *ret_other)
{
    while (walk->next && walk->left > 0) {
        const struct graph_direct *d = &graph->direct[walk->next - 1];
        walk->next = graph_direct_next(graph, walk->next, walk->account);
        if (!d->counts)
            continue;
        walk->left--;
        *ret_other = d->a == walk->account ? d->b : d->a;
        return d;
    }
    return NULL;
}

/* Of a direct tie, by its pair and family; not 0. */
static inline uint64_t graph_pair_key(uint32_t a, uint32_t b, enum object_kind kind)
{
    return ((uint64_t)a << 32 | b) * 4 + object_kind_info[kind].family % 4 + 1;
}

/* Whether showing the object together joins accounts. */
static inline bool graph_object_joins(const struct graph *graph, uint32_t object)
{
    return object_kind_info[graph->objects[object].kind].strong &&
           graph_degree(graph, object) <= GRAPH_JOIN_MEMBERS_MAX;
}

/*
 * A task that failed with one was sent by the other minutes later, once: two strangers do that who send the same, while who
 * hands a queue on does it in seconds, or again.
 */
static inline bool graph_may_be_chance(const struct graph_direct *direct)
{
    return direct->kind == OBJECT_REFUSED && !direct->prompt && direct->count < GRAPH_JOIN_TIMES_MIN;
}

static inline bool graph_direct_joins(const struct graph_direct *direct)
{
    return direct->counts && direct->count >= GRAPH_JOIN_TIMES_MIN;
}

#endif
