/*
 * list.h: growing the lists that a tick fills.
 *
 * Memory: doubles from 256 items, never shrinks.
 * Errors: STATUS_NOMEM leaves the list as it was.
 */
#ifndef ACCOUNT_LIST_H
#define ACCOUNT_LIST_H

#include "account/account.h"

/* Afterwards `more` items can be written at items[n] without a check. */
MUST_CHECK enum status sighting_list_reserve(struct sighting_list *list, size_t more);
MUST_CHECK enum status usage_list_add(struct usage_list *list, const struct usage *usage);

#endif
