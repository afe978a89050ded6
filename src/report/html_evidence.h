/*
 * html_evidence.h: what was counted, what is inferred from it, and which benign explanations were considered.
 *
 * Model: observed counts stand in one part, conclusions in another; each claim has inside, trials, chance and
 *   log10 e beside it, so that a reader can do the sum.
 */
#ifndef REPORT_HTML_EVIDENCE_H
#define REPORT_HTML_EVIDENCE_H

#include "base/buffer.h"
#include "campaign/campaign.h"

void html_families(struct buffer *page, const struct campaign *campaign);
void html_capabilities(struct buffer *page, const struct campaign *campaign);
void html_inference(struct buffer *page, const struct campaign *campaign);
void html_checks(struct buffer *page, const struct campaign *campaign);

#endif
