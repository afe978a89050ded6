#include "report/html_text.h"

#include "base/clock.h"
#include "base/number.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* Directional overrides and isolates: U+202A to U+202E, U+2066 to U+2069, U+200E, U+200F, U+061C. */
static bool turns_direction(const char *at, size_t n)
{
    const unsigned char *u = (const unsigned char *)at;
    if (n == 2)
        return u[0] == 0xd8 && u[1] == 0x9c;
    if (n != 3 || u[0] != 0xe2)
        return false;
    if (u[1] == 0x80)
        return (u[2] >= 0xaa && u[2] <= 0xae) || u[2] == 0x8e || u[2] == 0x8f;
    return u[1] == 0x81 && u[2] >= 0xa6 && u[2] <= 0xa9;
}

static const char *entity_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void html_text_cut(struct buffer *page, struct span text, size_t most)
{
    size_t i = 0;
    while (i < text.n && i < most) {
        const char *at = text.data + i;
        size_t length = utf8_length(at, text.n - i);
        const char *entity = entity_of(*at);
        bool control =
            (unsigned char)*at < 0x20 || *at == 0x7f || (length == 2 && at[0] == '\xc2' && at[1] < '\xa0');
        if (entity)
            buffer_put_text(page, entity);
        else if (length == 0 || control || turns_direction(at, length))
            buffer_put_text(page, "\xef\xbf\xbd");
        else
            buffer_put(page, (struct span){ at, length });
        i += length ? length : 1;
    }
    if (i < text.n)
        buffer_put_text(page, "…");
}

void html_text(struct buffer *page, struct span text)
{
    html_text_cut(page, text, text.n);
}

void html_count(struct buffer *page, uint64_t value)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRIu64, value);
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            buffer_put_char(page, ',');
        buffer_put_char(page, digits[i]);
    }
}

static void put_scaled(struct buffer *page, uint64_t value, const char *const units[static 5])
{
    double scaled = (double)value;
    size_t unit = 0;
    while (scaled >= 999.5 && unit < 4) {
        scaled /= 1000;
        unit++;
    }
    html_number(page, scaled, unit > 0 && scaled < 99.95 ? 1 : 0);
    buffer_put_text(page, units[unit]);
}

void html_short(struct buffer *page, uint64_t value)
{
    static const char *const units[] = { "", " k", " M", " G", " T" };
    if (value < 10000)
        html_count(page, value);
    else
        put_scaled(page, value, units);
}

void html_bytes(struct buffer *page, uint64_t bytes)
{
    static const char *const units[] = { " B", " kB", " MB", " GB", " TB" };
    put_scaled(page, bytes, units);
}

void html_number(struct buffer *page, double value, unsigned decimals)
{
    char text[NUMBER_TEXT_BYTES];
    number_format_fixed(value, decimals, text);
    buffer_put_text(page, text);
}

void html_percent(struct buffer *page, double share, unsigned decimals)
{
    html_number(page, 100 * share, decimals);
}

void html_plural(struct buffer *page, uint64_t n, const char *one, const char *many)
{
    html_count(page, n);
    buffer_put_char(page, ' ');
    buffer_put_text(page, n == 1 ? one : many);
}

void html_time(struct buffer *page, int64_t time_ms)
{
    char text[CLOCK_TEXT_BYTES];
    if (time_ms < 0) {
        buffer_put_text(page, "<span class=none>–</span>");
        return;
    }
    clock_format(time_ms, text);
    buffer_print(page, "<time datetime=\"%s\">%.10s %.5s</time>", text, text, text + 11);
}

static void put_two(struct buffer *page, int64_t first, const char *unit, int64_t second, const char *other)
{
    buffer_print(page, "%" PRId64 " %s", first, unit);
    if (second > 0)
        buffer_print(page, " %" PRId64 " %s", second, other);
}

void html_duration(struct buffer *page, int64_t ms)
{
    int64_t seconds = ms / 1000, minutes = seconds / 60, hours = minutes / 60;
    if (minutes == 0)
        put_two(page, seconds, "s", 0, "");
    else if (hours == 0)
        put_two(page, minutes, "min", 0, "");
    else if (hours < 48)
        put_two(page, hours, "h", minutes % 60, "min");
    else
        put_two(page, hours / 24, "d", hours % 24, "h");
}

void html_id(struct buffer *page, struct campaign_id id)
{
    char text[CAMPAIGN_ID_TEXT];
    campaign_id_format(id, text);
    buffer_put_text(page, text);
}

void html_pill(struct buffer *page, const char *class, const char *text)
{
    buffer_print(page, "<span class=\"pill %s\">%s</span>", class, text);
}

void html_fact_open(struct buffer *page, const char *label)
{
    buffer_print(page, "<div><dt>%s</dt><dd>", label);
}

void html_fact_close(struct buffer *page)
{
    buffer_put_text(page, "</dd></div>\n");
}

const char *html_family_colour(enum family family)
{
    static const char *const colours[FAMILY_COUNT] = {
        [FAMILY_IDENTITY] = "var(--identity)",
        [FAMILY_NETWORK] = "var(--network)",
        [FAMILY_CONTENT] = "var(--content)",
        [FAMILY_TIMING] = "var(--timing)",
        [FAMILY_PROVENANCE] = "var(--provenance)",
        [FAMILY_VOLUME] = "var(--volume)",
    };
    return colours[family];
}

const char *html_family_title(enum family family)
{
    static const char *const titles[FAMILY_COUNT] = {
        [FAMILY_IDENTITY] = "Identity",
        [FAMILY_NETWORK] = "Network",
        [FAMILY_CONTENT] = "Content",
        [FAMILY_TIMING] = "Timing",
        [FAMILY_PROVENANCE] = "Provenance",
        [FAMILY_VOLUME] = "Volume",
    };
    return titles[family];
}
