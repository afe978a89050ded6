/*
 * sweep.h: numbers a graph's accounts, objects and direct ties anew, without the empty slots.
 *
 * Model: what is left keeps its order. Due once more than a sixteenth of the slots of a kind is empty.
 * Errors: STATUS_NOMEM leaves the graph as it was.
 * Cost: O(accounts + objects + edges + direct ties), paid for by those that went.
 */
#ifndef CAMPAIGN_SWEEP_H
#define CAMPAIGN_SWEEP_H

#include "campaign/graph.h"

bool sweep_is_due(const struct graph *graph);
/* Marks go as well: whoever keeps indices sees by the generation that he has to start anew. */
MUST_CHECK enum status sweep_graph(struct graph *graph);

#endif
