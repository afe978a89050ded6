/*
 * html_campaign.h: one campaign's section of the page.
 *
 * Model: who and when; observed; inferred; decided; not known. At most 50 accounts are listed, surest first.
 * Memory: 8 bytes a member while the list is made; without it the list is left out and the page fails.
 */
#ifndef REPORT_HTML_CAMPAIGN_H
#define REPORT_HTML_CAMPAIGN_H

#include "base/buffer.h"
#include "report/report.h"

void html_campaign(struct buffer *page, const struct report_input *input, const struct campaign *campaign);
/* Rows of action, count, first time and reason. */
void html_decision_rows(struct buffer *page, const struct decision_row *row);

#endif
