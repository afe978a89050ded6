/*
 * html_timeline.h: a campaign's exchanges over time, with the moments of detection and containment.
 *
 * Model: buckets of the run's timeline are joined until at most 160 bars remain; bars are SVG that stretches, labels
 *   are HTML placed by percent, so that both stay readable on a phone.
 */
#ifndef REPORT_HTML_TIMELINE_H
#define REPORT_HTML_TIMELINE_H

#include "base/buffer.h"
#include "campaign/campaign.h"
#include "engine/timeline.h"

/* Nothing is written where the timeline is empty or NULL. */
void html_timeline(struct buffer *page, const struct timeline *timeline, const struct campaign *campaign);

#endif
