/*
 * listed.h: which of an engine's campaigns a report lists, and in which order.
 *
 * Model: campaigns that were confirmed at some time, in the order of their finding; then suspected groups, the strongest evidence
 *   first. A suspected group that has lost all its accounts to others, or to time, is nothing that anybody could look at:
 *   a busy fortnight leaves some thousands of them in the engine.
 */
#ifndef REPORT_LISTED_H
#define REPORT_LISTED_H

#include "campaign/campaign.h"

/* Drops and orders in place; how many are left. */
size_t listed_choose(const struct campaign **io_campaigns, size_t n);

#endif
