/*
 * wording.h: what the JSON files and the page say in the same words.
 */
#ifndef REPORT_WORDING_H
#define REPORT_WORDING_H

#include "base/buffer.h"
#include "campaign/campaign.h"

enum { OBJECT_TEXT = 48, EVIDENCE_TEXT = 240 };

/* "payment instrument #3f9a12": the kind and the first 24 bits of the keyed hash. */
void object_text(uint64_t object, uint8_t kind, char ret_text[static OBJECT_TEXT]);

/* Its distinct tasks, an estimate: no more than the sightings that they were seen in. */
double link_tasks(const struct campaign_link *link);

/* One sentence on what was counted. */
void evidence_text(enum family family, const struct evidence *evidence, char ret_text[static EVIDENCE_TEXT]);
/* Why the campaign is another operator's than others on its pool. */
void parting_text(const struct campaign_parting *parting, char ret_text[static EVIDENCE_TEXT]);
/* Whether anything was counted in the family. */
bool evidence_counts(const struct evidence *evidence);

/* Capabilities by falling share, those without any left out; returns how many. */
size_t capabilities_ranked(const struct campaign *campaign, enum capability ret_ranked[static CAP_COUNT]);

#endif
