/*
 * html.h: the report for people: one page, no network, readable without scripts and in print.
 *
 * Model: what was observed is kept apart from what is inferred; every claim has its measurement beside it.
 * Privacy: as report.h. Every text that a provider or a client supplied is escaped.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "base/buffer.h"
#include "report/report.h"

/* Appends the page; failure is page->status. */
void html_page(struct buffer *page, const struct report_input *input);

#endif
