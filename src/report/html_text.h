/*
 * html_text.h: texts, numbers and times as a page shows them.
 *
 * Model: every text that is not a literal of ours goes through html_text. It escapes the five characters of HTML;
 *   bytes that are not UTF-8, control characters and characters that turn the reading direction become U+FFFD,
 *   so that an account id can neither run nor disguise itself.
 */
#ifndef REPORT_HTML_TEXT_H
#define REPORT_HTML_TEXT_H

#include "base/buffer.h"
#include "campaign/campaign.h"
#include "policy/decision.h"

#include <stdint.h>

void html_text(struct buffer *page, struct span text);
/* At most so many bytes, then an ellipsis. */
void html_text_cut(struct buffer *page, struct span text, size_t most);
void html_count(struct buffer *page, uint64_t value);                                 /* 1,234,567 */
void html_short(struct buffer *page, uint64_t value);                                 /* 12.3 M */
void html_bytes(struct buffer *page, uint64_t bytes);                                 /* 12.3 MB */
void html_number(struct buffer *page, double value, unsigned decimals);               /* NaN: n/a */
void html_percent(struct buffer *page, double share, unsigned decimals);              /* without the sign */
void html_plural(struct buffer *page, uint64_t n, const char *one, const char *many); /* "3 accounts" */
void html_time(struct buffer *page, int64_t time_ms); /* in a time element; below 0: a dash */
void html_duration(struct buffer *page, int64_t ms);  /* 3 h 12 min */
void html_id(struct buffer *page, struct campaign_id id);

/* A coloured word: class is the status or action. */
void html_pill(struct buffer *page, const char *class, const char *text);
/* One row of a description list; between the two the caller writes the value. */
void html_fact_open(struct buffer *page, const char *label);
void html_fact_close(struct buffer *page);

/* CSS variable of a family's colour: "var(--identity)". */
const char *html_family_colour(enum family family);
/* With a capital. */
const char *html_family_title(enum family family);

#endif
