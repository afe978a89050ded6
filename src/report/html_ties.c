#include "report/html_ties.h"

#include "report/decisions_json.h"
#include "report/html_text.h"
#include "report/wording.h"

#include <stdlib.h>

enum { OBJECTS_MAX = 14, EXAMPLES = 4, ACCOUNTS_MAX = OBJECTS_MAX * EXAMPLES };
enum {
    WIDTH = 960,
    OBJECT_X = 300,
    ACCOUNT_X = 700,
    MARGIN = 22,
    OBJECT_STEP = 46,
    ACCOUNT_STEP = 24,
    NAME_BYTES = 26
};

struct drawn_account {
    uint64_t account;
    unsigned links, places; /* places: sum of the places of its objects */
};

struct drawing {
    const struct campaign *campaign;
    struct drawn_account accounts[ACCOUNTS_MAX];
    size_t n_accounts, n_objects;
    unsigned height;
};

static void add_account(struct drawing *drawing, uint64_t account, unsigned place)
{
    size_t i = 0;
    while (i < drawing->n_accounts && drawing->accounts[i].account != account)
        i++;
    if (i == drawing->n_accounts)
        drawing->accounts[drawing->n_accounts++] = (struct drawn_account){ .account = account };
    drawing->accounts[i].links++;
    drawing->accounts[i].places += place;
}

static int by_place(const void *left, const void *right)
{
    const struct drawn_account *a = left, *b = right;
    unsigned x = a->places * b->links, y = b->places * a->links;
    if (x != y)
        return x < y ? -1 : 1;
    return a->account < b->account ? -1 : a->account > b->account;
}

static void lay_out(const struct campaign *campaign, struct drawing *ret_drawing)
{
    *ret_drawing = (struct drawing){ .campaign = campaign };
    ret_drawing->n_objects = campaign->n_links < OBJECTS_MAX ? campaign->n_links : OBJECTS_MAX;
    for (size_t i = 0; i < ret_drawing->n_objects; i++) {
        for (size_t j = 0; j < EXAMPLES && campaign->links[i].example[j]; j++)
            add_account(ret_drawing, campaign->links[i].example[j], (unsigned)i);
    }
    qsort(ret_drawing->accounts, ret_drawing->n_accounts, sizeof *ret_drawing->accounts, by_place);
    size_t tall = ret_drawing->n_objects * OBJECT_STEP, other = ret_drawing->n_accounts * ACCOUNT_STEP;
    ret_drawing->height = (unsigned)(tall > other ? tall : other) + MARGIN;
}

/* Twice the height of the middle of the i-th of n rows, spread over the picture: halves stay whole numbers. */
static unsigned middle2(const struct drawing *drawing, size_t i, size_t n)
{
    return (unsigned)((2 * i + 1) * drawing->height / n);
}

static void put_half(struct buffer *page, unsigned twice)
{
    buffer_print(page, "%u%s", twice / 2, twice % 2 ? ".5" : "");
}

static void put_edges(struct buffer *page, const struct drawing *drawing)
{
    for (size_t i = 0; i < drawing->n_objects; i++) {
        const struct campaign_link *link = &drawing->campaign->links[i];
        buffer_print(page, "<g fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" stroke-opacity=\".5\">",
            html_family_colour(object_kind_info[link->kind].family));
        for (size_t j = 0; j < EXAMPLES && link->example[j]; j++) {
            size_t a = 0;
            while (drawing->accounts[a].account != link->example[j])
                a++;
            unsigned from = middle2(drawing, i, drawing->n_objects),
                     to = middle2(drawing, a, drawing->n_accounts);
            int middle = (OBJECT_X + ACCOUNT_X) / 2;
            buffer_print(page, "<path d=\"M%d ", OBJECT_X);
            put_half(page, from);
            buffer_print(page, "C%d ", middle);
            put_half(page, from);
            buffer_print(page, " %d ", middle);
            put_half(page, to);
            buffer_print(page, " %d ", ACCOUNT_X);
            put_half(page, to);
            buffer_put_text(page, "\"/>");
        }
        buffer_put_text(page, "</g>\n");
    }
}

static void put_text_at(struct buffer *page, int x, unsigned twice_y, int down, const char *attributes)
{
    buffer_print(page, "<text x=\"%d\" y=\"", x);
    put_half(page, (unsigned)((int)twice_y + 2 * down));
    buffer_print(page, "\" %s>", attributes);
}

static void put_objects(struct buffer *page, const struct drawing *drawing)
{
    for (size_t i = 0; i < drawing->n_objects; i++) {
        const struct campaign_link *link = &drawing->campaign->links[i];
        unsigned y = middle2(drawing, i, drawing->n_objects);
        char text[OBJECT_TEXT];
        object_text(link->object, link->kind, text);
        buffer_print(page, "<rect x=\"%d\" y=\"", OBJECT_X - 7);
        put_half(page, y - 14);
        buffer_print(page, "\" width=\"14\" height=\"14\" rx=\"4\" fill=\"%s\"/>",
            html_family_colour(object_kind_info[link->kind].family));
        put_text_at(page, OBJECT_X - 18, y, -1, "text-anchor=\"end\"");
        html_text(page, span_of(text));
        buffer_put_text(page, "</text>");
        put_text_at(page, OBJECT_X - 18, y, 14, "text-anchor=\"end\" class=\"sub\"");
        html_plural(page, link->inside, "member", "members");
        buffer_put_text(page, "</text>\n");
    }
}

static void put_accounts(
    struct buffer *page, const struct report_source *source, const struct drawing *drawing)
{
    for (size_t i = 0; i < drawing->n_accounts; i++) {
        char scratch[ACCOUNT_TEXT];
        uint64_t account = drawing->accounts[i].account;
        unsigned y = middle2(drawing, i, drawing->n_accounts);
        buffer_print(page, "<circle cx=\"%d\" cy=\"", ACCOUNT_X);
        put_half(page, y);
        buffer_put_text(page, "\" r=\"4.5\" fill=\"var(--ink)\"/>");
        put_text_at(page, ACCOUNT_X + 14, y, 4, "class=\"acc\"");
        html_text_cut(
            page, account_text(source->name(source->context, account), account, scratch), NAME_BYTES);
        buffer_put_text(page, "</text>\n");
    }
}

static void put_legend(struct buffer *page, const struct drawing *drawing)
{
    unsigned seen = 0;
    for (size_t i = 0; i < drawing->n_objects; i++)
        seen |= 1U << object_kind_info[drawing->campaign->links[i].kind].family;
    buffer_put_text(page, "<ul class=legend>");
    for (enum family family = 0; family < FAMILY_COUNT; family++) {
        if (seen & 1U << family)
            buffer_print(page, "<li><span class=dot style=\"--b:%s\"></span>%s</li>",
                html_family_colour(family), html_family_title(family));
    }
    buffer_put_text(page, "</ul>\n");
}

static void put_picture(
    struct buffer *page, const struct report_source *source, const struct drawing *drawing)
{
    buffer_print(page,
        "<figure><div class=\"scroll ties\" tabindex=0 role=region aria-label=\"Picture of the ties\">"
        "<svg viewBox=\"0 0 %d %u\" role=\"img\" aria-label=\"Objects on the left, accounts that share them "
        "on the "
        "right\">\n",
        WIDTH, drawing->height);
    put_edges(page, drawing);
    put_objects(page, drawing);
    put_accounts(page, source, drawing);
    buffer_put_text(page, "</svg></div>\n");
    put_legend(page, drawing);
    buffer_put_text(page, "<figcaption>The strongest ties. Left: what is shared. Right: ");
    html_count(page, drawing->n_accounts);
    buffer_put_text(page, " of the ");
    html_plural(page, drawing->campaign->n_members, "account", "accounts");
    buffer_put_text(page, " as examples, four an object at most.</figcaption></figure>\n");
}

static void put_row(struct buffer *page, const struct campaign_link *link)
{
    char text[OBJECT_TEXT];
    enum family family = object_kind_info[link->kind].family;
    object_text(link->object, link->kind, text);
    buffer_put_text(page, "<tr><th scope=row class=nw>");
    html_text(page, span_of(text));
    buffer_print(page, "</th><td class=nw><span class=dot style=\"--b:%s\"></span>%s</td><td class=n>",
        html_family_colour(family), html_family_title(family));
    html_count(page, link->inside);
    buffer_put_text(page, "</td><td class=n>");
    html_count(page, link->members);
    buffer_put_text(page, "</td><td class=n>");
    if (object_kind_info[link->kind].family == FAMILY_CONTENT) {
        html_count(page, (uint64_t)(link_tasks(link) + 0.5));
        buffer_put_text(page, " of ");
        html_count(page, link->sightings);
    }
    buffer_put_text(page, "</td><td class=nw>");
    html_time(page, link->first_ms);
    buffer_put_text(page, "</td></tr>\n");
}

void html_ties(struct buffer *page, const struct report_source *source, const struct campaign *campaign)
{
    struct drawing drawing;
    buffer_put_text(page, "<h4>What ties the accounts together</h4>\n");
    if (campaign->n_links == 0) {
        buffer_put_text(page, "<p>No object of theirs was rare enough to list.</p>\n");
        return;
    }
    lay_out(campaign, &drawing);
    if (drawing.n_accounts > 0)
        put_picture(page, source, &drawing);
    buffer_put_text(page,
        "<details><summary>All listed objects</summary><div class=scroll tabindex=0 role=region "
        "aria-label=\"Tie objects\"><table><thead><tr><th scope=col>Object</th><th scope=col>Family</th>"
        "<th scope=col class=n>Members that show it</th><th scope=col class=n>Accounts in all</th>"
        "<th scope=col class=n>Distinct tasks of sightings</th><th scope=col>First "
        "seen</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < campaign->n_links; i++)
        put_row(page, &campaign->links[i]);
    buffer_put_text(page, "</tbody></table></div></details>\n");
}
