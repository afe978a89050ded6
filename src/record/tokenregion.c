#define _GNU_SOURCE /* memmem */

#include "record/tokenwalk.h"

static void open_region(struct walk *walk, uint8_t region, size_t end)
{
    walk->region = region;
    walk->region_end = end;
    walk->region_masked = false;
}

static size_t url_end(const struct walk *walk, size_t at)
{
    while (at < walk->n && walk->text[at] > 0x20 && walk->text[at] < 0x7f &&
           !strchr("\"'`<>()[]{}|", walk->text[at]))
        at++;
    while (strchr(".,;:!?", walk->text[at - 1]))
        at--;
    return at;
}

void tokenregion_url(struct walk *walk, size_t from, size_t to, uint32_t hash)
{
    bool scheme = starts(walk, to, SPAN("://")) && !is_blank(walk, to + 3);
    bool www = walk->text[to] == '.' && is_word(walk, to + 1) && to - from == 3 &&
               hash == token_hash_word(SPAN("www"));
    if (scheme || www)
        open_region(walk, TOKEN_URL, url_end(walk, to));
}

/* Quotes */

struct quote {
    struct span open, close;
};

static const struct quote quotes[] = {
    { { "\"", 1 }, { "\"", 1 } },
    { { "`", 1 }, { "`", 1 } },
    { { "'", 1 }, { "'", 1 } },
    { { "\xe2\x80\x9c", 3 }, { "\xe2\x80\x9d", 3 } },
    { { "\xe3\x80\x8c", 3 }, { "\xe3\x80\x8d", 3 } },
};
enum { QUOTE_TICK = 2 };

static bool closes(const struct walk *walk, size_t at, size_t quote)
{
    if (!starts(walk, at, quotes[quote].close))
        return false;
    return quote != QUOTE_TICK || (!is_word(walk, at + 1) && !is_blank(walk, at - 1));
}

/* Opens a QUOTED region at a sign that may begin one. Amortised linear: what was searched in vain is not
 * again. */
static void open_quote(struct walk *walk, size_t at, size_t quote)
{
    size_t from = at + quotes[quote].open.n;
    size_t limit = from + QUOTE_BYTES_MAX < walk->n ? from + QUOTE_BYTES_MAX : walk->n;
    if (quote == QUOTE_TICK && ((at > 0 && is_word(walk, at - 1)) || is_blank(walk, from)))
        return;
    for (size_t i = from > walk->no_close[quote] ? from : walk->no_close[quote]; i < limit; i++) {
        if (closes(walk, i, quote)) {
            open_region(walk, TOKEN_QUOTED, i + quotes[quote].close.n);
            return;
        }
        walk->no_close[quote] = i;
        if (walk->text[i] == '\n')
            return;
    }
}

static void open_code(struct walk *walk, size_t at)
{
    const uint8_t *from = walk->text + at + 3;
    const uint8_t *close = memmem(from, walk->n - at - 3, "```", 3);
    open_region(walk, TOKEN_CODE, close ? (size_t)(close - walk->text) + 3 : walk->n);
}

void tokenregion_sign(struct walk *walk, size_t at)
{
    uint8_t c = walk->text[at];
    if (c == '`' && starts(walk, at, SPAN("```"))) {
        open_code(walk, at);
        return;
    }
    for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++)
        if (c == (uint8_t)quotes[i].open.data[0] && starts(walk, at, quotes[i].open)) {
            open_quote(walk, at, i);
            return;
        }
}
