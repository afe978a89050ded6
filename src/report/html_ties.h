/*
 * html_ties.h: the objects that tie a campaign's accounts together, as a picture and as a table.
 *
 * Model: two columns, objects left in the order of their strength, accounts right by the mean place of their objects,
 *   then by hash: the same input draws the same picture. Only examples of accounts are drawn; the table has the counts.
 * Cost: O(objects * accounts) for at most 14 and 56.
 */
#ifndef REPORT_HTML_TIES_H
#define REPORT_HTML_TIES_H

#include "base/buffer.h"
#include "report/report.h"

void html_ties(struct buffer *page, const struct report_source *source, const struct campaign *campaign);

#endif
