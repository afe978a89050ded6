/*
 * path.h: what the path and the query of a request say of it: the model, and what it uses.
 *
 * Ownership: an ask's model borrows from either.
 */
#ifndef GATE_PATH_H
#define GATE_PATH_H

#include "gate/judge.h"

/* Of the normalised path, and its query as written. may_list: it is read. */
void path_ask(struct span path, struct span query, bool may_list, struct ask *io_ask);
/* Bytes to be kept, of which nothing is asked: /files, /uploads. */
bool path_is_of_files(struct span path);

#endif
