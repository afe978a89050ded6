#include "report/html_timeline.h"

#include "report/html_text.h"

#include <inttypes.h>

enum { BARS_MAX = 160, HEIGHT = 100 };

struct bars {
    uint64_t counts[BARS_MAX];
    size_t n;
    uint64_t most;
    int64_t start_ms, bar_ms;
};

static void join_buckets(const struct timeline *timeline, struct bars *ret_bars)
{
    size_t joined = (timeline->n + BARS_MAX - 1) / BARS_MAX;
    *ret_bars =
        (struct bars){ .start_ms = timeline->start_ms, .bar_ms = timeline->bucket_ms * (int64_t)joined };
    for (size_t i = 0; i < timeline->n; i++) {
        size_t bar = i / joined;
        ret_bars->counts[bar] += timeline->counts[i];
        ret_bars->n = bar + 1;
        if (ret_bars->counts[bar] > ret_bars->most)
            ret_bars->most = ret_bars->counts[bar];
    }
}

static void put_bars(struct buffer *page, const struct bars *bars, int64_t contained_ms)
{
    buffer_print(page,
        "<svg viewBox=\"0 0 %zu %d\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"Exchanges over "
        "time\">",
        bars->n * 10, HEIGHT);
    for (size_t i = 0; i < bars->n; i++) {
        int64_t start_ms = bars->start_ms + (int64_t)i * bars->bar_ms;
        double height = (double)bars->counts[i] / (double)bars->most * (HEIGHT - 2);
        if (bars->counts[i] == 0)
            continue;
        buffer_print(page, "<rect x=\"%zu\" width=\"8\" y=\"", i * 10 + 1);
        html_number(page, HEIGHT - height, 2);
        buffer_put_text(page, "\" height=\"");
        html_number(page, height, 2);
        buffer_print(page, "\" fill=\"%s\"><title>",
            contained_ms >= 0 && start_ms >= contained_ms ? "var(--faint)" : "var(--accent)");
        html_count(page, bars->counts[i]);
        buffer_put_text(page, "</title></rect>");
    }
    buffer_put_text(page, "</svg>\n");
}

struct mark {
    int64_t time_ms;
    const char *label, *colour;
    double flip; /* beyond this share of the width the label stands left of its line */
    bool low;
};

static void put_mark(struct buffer *page, const struct bars *bars, const struct mark *mark)
{
    double at = (double)(mark->time_ms - bars->start_ms) / (double)(bars->bar_ms * (int64_t)bars->n);
    if (mark->time_ms < 0 || at < 0 || at > 1)
        return;
    buffer_print(page, "<div class=\"mark%s%s\" style=\"--m:var(--%s);left:", at > mark->flip ? " flip" : "",
        mark->low ? " low" : "", mark->colour);
    html_percent(page, at, 2);
    buffer_print(page, "%%\"><span>%s</span></div>\n", mark->label);
}

void html_timeline(struct buffer *page, const struct timeline *timeline, const struct campaign *campaign)
{
    struct bars bars;
    if (!timeline || timeline->bucket_ms <= 0 || timeline->n == 0)
        return;
    join_buckets(timeline, &bars);
    if (bars.most == 0)
        return;
    buffer_put_text(page, "<figure><div class=time>\n");
    put_bars(page, &bars, campaign->contained_ms);
    /* Containment follows detection closely: their labels stand on two lines, and on two sides where they can. */
    put_mark(page, &bars, &(struct mark){ campaign->detected_ms, "detected", "confirmed", 0.25, false });
    put_mark(page, &bars, &(struct mark){ campaign->contained_ms, "contained", "contained", 0.7, true });
    buffer_put_text(page, "<div class=axis><span>");
    html_time(page, bars.start_ms);
    buffer_put_text(page, "</span><span>");
    html_time(page, bars.start_ms + bars.bar_ms * (int64_t)bars.n);
    buffer_put_text(page, "</span></div></div>\n<figcaption>Exchanges of the members, ");
    html_duration(page, bars.bar_ms);
    buffer_put_text(page, " a bar, each account from when it came under suspicion; the highest bar is ");
    html_count(page, bars.most);
    buffer_put_text(page, ". Times are UTC.</figcaption></figure>\n");
}
