/*
 * queues.h: which ties between two accounts count: those of queues that are larger than a firm.
 *
 * Model: hand-offs (handoffs.h) and returned turns between strangers (hands.h) join hands to *queues*. A small firm whose people each opened an account
 *   of their own, and whose gateway fails over between these, hands tasks and conversations on as an operator does, for months and with one
 *   prompt; so does a router that takes over with an account of its own what fails with its clients'. Therefore such a tie
 *   counts (graph.h), for frames, evidence, membership and arrivals, only where its queue has more than QUEUES_FIRM hands and both its ends
 *   have a second partner. Within a hand, an organisation or an open team every tie counts; with an account that is held too, but for one
 *   hand-off that came late (graph_may_be_chance), which asks for second partners as well: two strangers who send the same task make one by chance.
 * Source: our own.
 * Memory: 12 bytes an account, kept; for the call 24 a tie between strangers.
 * Errors: STATUS_NOMEM: no tie counts that did not before.
 * Cost: that of sorting these ties.
 * Benign look-alikes: more than nine accounts of one firm of which nothing says so: no organisation, card, device, or mail domain
 *   and network; ten firms that share a gateway.
 * Evasion: accounts in queues of nine, as many queues as it takes.
 */
#ifndef CAMPAIGN_QUEUES_H
#define CAMPAIGN_QUEUES_H

#include "campaign/rings.h"

enum { QUEUES_FIRM = 9 };

struct queue {             /* by account index; of a hand, at the index of its root */
    uint32_t parent, size; /* of queues: size in hands, at the root */
    uint32_t partners;     /* other hands that its work went to or came from */
};

struct queues {
    struct queue *items;
    size_t room;
};

void queues_init(struct queues *queues);
void queues_fini(struct queues *queues);
/* Lets those count that are to, of the graph that was just built; what counted once goes on counting. */
MUST_CHECK enum status queues_update(struct queues *queues, struct graph *graph, struct rings *identity);
size_t queues_bytes(const struct queues *queues);

#endif
