#include "report/html_evidence.h"

#include "base/number.h"
#include "report/html_text.h"
#include "report/wording.h"

#include <math.h>

static void put_bar(struct buffer *page, double share, const char *colour)
{
    double width = share < 0 || isnan(share) ? 0 : share > 1 ? 1 : share;
    buffer_print(page, "<span class=bar style=\"--b:%s\"><i style=\"width:", colour);
    html_percent(page, width, 1);
    buffer_put_text(page, "%\"></i></span>");
}

static double largest(const struct campaign *campaign)
{
    double most = 1;
    for (size_t family = 0; family < FAMILY_COUNT; family++) {
        if (campaign->evidence[family].log10_e > most)
            most = campaign->evidence[family].log10_e;
    }
    return most;
}

static void put_family(struct buffer *page, const struct campaign *campaign, enum family family, double most)
{
    const struct evidence *evidence = &campaign->evidence[family];
    char summary[EVIDENCE_TEXT], p0[NUMBER_TEXT_BYTES];
    bool counted = evidence_counts(evidence);
    evidence_text(family, evidence, summary);
    number_format(round(evidence->p0 * 1000) / 1000, p0);
    buffer_print(page,
        "<tr><th scope=row class=nw><span class=dot style=\"--b:%s\"></span>%s</th><td class=w>",
        html_family_colour(family), html_family_title(family));
    html_text(page, span_of(summary));
    if (family == campaign->found_by)
        buffer_put_text(page,
            " <span class=note>The group was found by this family; only what did not serve to "
            "find it counts here.</span>");
    buffer_put_text(page, "</td>");
    if (counted && family != FAMILY_VOLUME) {
        buffer_put_text(page, "<td class=n data-l=Inside>");
        html_count(page, evidence->inside);
        buffer_put_text(page, "</td><td class=n data-l=Trials>");
        html_count(page, evidence->trials);
        buffer_print(page, "</td><td class=n data-l=Chance>%s</td>", p0);
    } else {
        buffer_put_text(
            page, "<td class=\"n none\">–</td><td class=\"n none\">–</td><td class=\"n none\">–</td>");
    }
    if (counted) {
        buffer_put_text(page, "<td class=n data-l=\"log₁₀ e\">");
        html_number(page, evidence->log10_e, 1);
        put_bar(page, evidence->log10_e / most, html_family_colour(family));
    } else {
        buffer_put_text(page, "<td class=\"n none\">–");
    }
    buffer_put_text(page, "</td></tr>\n");
}

void html_families(struct buffer *page, const struct campaign *campaign)
{
    double most = largest(campaign);
    buffer_put_text(page,
        "<h4>What was counted</h4>\n<p class=note>For each family of evidence: of the partners that members "
        "have "
        "through something rare, how many are members too?</p>\n"
        "<div class=scroll tabindex=0 role=region aria-label=\"Evidence by family\"><table "
        "class=stack><thead><tr>"
        "<th scope=col>Family</th><th scope=col>Count</th><th scope=col class=n>Inside</th>"
        "<th scope=col class=n>Trials</th><th scope=col class=n>Chance</th><th scope=col class=n>log₁₀ e</th>"
        "</tr></thead><tbody>\n");
    for (enum family family = 0; family < FAMILY_COUNT; family++)
        put_family(page, campaign, family, most);
    buffer_put_text(page, "</tbody></table></div>\n");
}

void html_capabilities(struct buffer *page, const struct campaign *campaign)
{
    enum capability ranked[CAP_COUNT];
    size_t n = capabilities_ranked(campaign, ranked);
    buffer_put_text(page, "<h4>What they asked for</h4>\n");
    if (n == 0) {
        buffer_put_text(page, "<p>Not known: the log has no text for these exchanges.</p>\n");
        return;
    }
    double most = campaign->capability[ranked[0]];
    buffer_put_text(page, "<ul class=caps>\n");
    for (size_t i = 0; i < n && (i < 3 || campaign->capability[ranked[i]] >= 0.01); i++) {
        double share = campaign->capability[ranked[i]];
        buffer_print(page, "<li><span>%s</span>", capability_name(ranked[i]));
        put_bar(page, share / most, "var(--accent)");
        buffer_put_text(page, "<span class=n>");
        html_percent(page, share, share < 0.1 ? 1 : 0);
        buffer_put_text(page, " %</span></li>\n");
    }
    buffer_put_text(page, "</ul>\n");
}

static void put_gauge(struct buffer *page, const struct campaign *campaign)
{
    double end = fmax(campaign->log10_e, campaign->threshold) * 1.08;
    end = end > 1 ? end : 1;
    buffer_put_text(page, "<div class=gauge><div class=track><i style=\"width:");
    html_percent(page, fmax(0, campaign->log10_e) / end, 1);
    buffer_put_text(page, "%\"></i><u style=\"left:");
    html_percent(page, fmax(0, campaign->threshold) / end, 1);
    buffer_put_text(page, "%\"></u></div><p><span>All families together: <b>");
    html_number(page, campaign->log10_e, 1);
    buffer_put_text(page, "</b> decades</span><span>Needed: <b>");
    html_number(page, campaign->threshold, 1);
    buffer_put_text(page, "</b></span></p></div>\n");
}

static void put_sum(struct buffer *page, const struct campaign *campaign)
{
    unsigned members[MEMBER_CORE + 1] = { 0 };
    for (size_t i = 0; i < campaign->n_members; i++)
        members[campaign->members[i].membership <= MEMBER_CORE ? campaign->members[i].membership
                                                               : MEMBER_NONE]++;
    buffer_put_text(page, "<p>By their part in the evidence ");
    html_plural(page, members[MEMBER_CORE], "account is", "accounts are");
    buffer_put_text(page, " core, ");
    html_count(page, members[MEMBER_LIKELY]);
    buffer_put_text(page, " likely and ");
    html_count(page, members[MEMBER_HALO]);
    buffer_put_text(page, " on the edge (halo).</p>\n");
}

static const char *kind_text(enum campaign_kind kind)
{
    static const char *const texts[] = {
        [CAMPAIGN_UNKNOWN] = "What the outputs are for is not clear from the shape of the traffic.",
        [CAMPAIGN_PIPELINE] =
            "The traffic has the shape of a pipeline that collects answers to many distinct tasks.",
        [CAMPAIGN_JUDGE] =
            "The traffic has the shape of a judge: the model grades or compares other outputs.",
        [CAMPAIGN_RELAY] =
            "The traffic has the shape of a relay that resells access and collects on the side.",
        [CAMPAIGN_PROBING] = "The traffic has the shape of probing: many variations on few tasks.",
    };
    return texts[kind];
}

static void put_surprise(struct buffer *page, double log10_e)
{
    if (!(log10_e >= 1)) {
        buffer_put_text(page, "<p>Evidence this weak would not surprise among unrelated accounts.</p>\n");
        return;
    }
    buffer_put_text(
        page, "<p>If these accounts were unrelated, evidence this strong would appear less than once in ");
    if (log10_e < 6)
        html_count(page, (uint64_t)pow(10, floor(log10_e)));
    else
        buffer_print(page, "10<sup>%u</sup>", (unsigned)fmin(log10_e, 999));
    buffer_put_text(page, " such looks.</p>\n");
}

void html_inference(struct buffer *page, const struct campaign *campaign)
{
    put_surprise(page, campaign->log10_e);
    put_gauge(page, campaign);
    buffer_put_text(page, campaign->two_keys ? "<p><b>Two keys: yes.</b> At least two families agree, one of "
                                               "them through something that is hard to "
                                               "copy (a payment, a device, an output that came back).</p>\n"
                                             : "<p><b>Two keys: no.</b> No second family, or nothing that is "
                                               "hard to copy, stands beside the first; "
                                               "nobody is contained on that.</p>\n");
    buffer_print(page, "<p>%s</p>\n", kind_text(campaign->kind));
    put_sum(page, campaign);
}

void html_checks(struct buffer *page, const struct campaign *campaign)
{
    buffer_put_text(page,
        "<h4>Benign explanations considered</h4>\n"
        "<div class=scroll tabindex=0 role=region aria-label=\"Benign explanations\"><table "
        "class=stack><thead><tr>"
        "<th scope=col>Could this be</th><th scope=col>What was measured</th><th scope=col "
        "class=n>Measured</th>"
        "<th scope=col class=n>Holds from</th><th scope=col>Result</th></tr></thead><tbody>\n");
    for (enum check_id id = 0; id < CHECK_COUNT; id++) {
        const struct check *check = &campaign->checks[id];
        buffer_print(page, "<tr><th scope=row>%s?</th><td class=w>%s</td><td class=n data-l=Measured>",
            check_name(id), check_text(id));
        html_number(page, check->measured, 2);
        buffer_put_text(page, "</td><td class=n data-l=\"Holds from\">");
        html_number(page, check->threshold, 2);
        buffer_put_text(page, "</td><td>");
        if (isnan(check->measured))
            html_pill(page, "plain", "not measurable");
        else
            html_pill(page, check->holds ? "holds" : "passed",
                check->holds ? "speaks for it" : "speaks against it");
        buffer_put_text(page, "</td></tr>\n");
    }
    buffer_put_text(page, "</tbody></table></div>\n");
}
