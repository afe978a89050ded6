/*
 * tie_list.h: filling and ordering a tie_list (object.h) without failing half-way.
 *
 * Model: room is reserved before a sighting changes anything, and twice over: the upper half is the
 *   scratch space of a stable merge sort, so that sorting cannot fail. Ties of one object and time keep
 *   the order they were made in, which depends on no address, table layout or account name.
 */
#ifndef OBJECT_TIE_LIST_H
#define OBJECT_TIE_LIST_H

#include "object/object.h"

MUST_CHECK enum status tie_list_reserve(struct tie_list *list, size_t n_more);
/* Needs reserved room. */
void tie_list_add(struct tie_list *list, const struct tie *tie);
/* Orders the ties at `from` and later by object, then time; the room must have come from tie_list_reserve. */
void tie_list_sort(struct tie_list *list, size_t from);

#endif
