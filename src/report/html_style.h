/*
 * html_style.h: the page's style sheet and its one small script, as text.
 *
 * Model: light and dark by prefers-color-scheme; one column; tables and pictures scroll in their own box. The
 *   script only adds a filter above long account lists.
 */
#ifndef REPORT_HTML_STYLE_H
#define REPORT_HTML_STYLE_H

extern const char *const html_style[]; /* lines, up to NULL: pedantic compilers want strings below 4 kB */
extern const char html_script[];

#endif
