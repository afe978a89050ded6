#include "report/html_campaign.h"

#include "report/decisions_json.h"
#include "report/html_evidence.h"
#include "report/html_text.h"
#include "report/html_ties.h"
#include "report/html_timeline.h"
#include "report/wording.h"

#include <math.h>
#include <stdlib.h>

enum { LISTED_MAX = 50 };

static void put_title(struct buffer *page, const struct campaign *campaign)
{
    html_plural(page, campaign->n_members, "account", "accounts");
    buffer_put_text(
        page, campaign->status == CAMPAIGN_SUSPECTED ? " that may act as one" : " that act as one");
}

static void put_parting(struct buffer *page, const struct campaign *campaign)
{
    char text[EVIDENCE_TEXT];
    parting_text(&campaign->parting, text);
    buffer_put_text(page, "<p>Another operator on the pool of <a class=mono href=\"#");
    html_id(page, campaign->pool);
    buffer_put_text(page, "\">");
    html_id(page, campaign->pool);
    buffer_put_text(page, "</a>. ");
    html_text(page, span_of(text));
    buffer_put_text(page, "</p>\n");
}

static void put_head(struct buffer *page, const struct campaign *campaign)
{
    buffer_put_text(page, "<section class=campaign id=\"");
    html_id(page, campaign->id);
    buffer_put_text(page, "\">\n<p class=head><span class=id>");
    html_id(page, campaign->id);
    buffer_put_text(page, "</span>");
    html_pill(page, campaign_status_name(campaign->status), campaign_status_name(campaign->status));
    html_pill(page, "plain", campaign_kind_name(campaign->kind));
    buffer_put_text(page, "</p>\n<h2>");
    put_title(page, campaign);
    buffer_put_text(page, "</h2>\n");
    if (campaign->successor_of.value) {
        buffer_put_text(page, "<p>It takes up where <a class=mono href=\"#");
        html_id(page, campaign->successor_of);
        buffer_put_text(page, "\">");
        html_id(page, campaign->successor_of);
        buffer_put_text(page, "</a> was stopped.</p>\n");
    }
    if (campaign->parting.bridges > 0)
        put_parting(page, campaign);
}

static void put_moment(struct buffer *page, const char *label, int64_t time_ms, int64_t since_ms)
{
    html_fact_open(page, label);
    html_time(page, time_ms);
    if (time_ms >= 0 && since_ms >= 0 && time_ms > since_ms) {
        buffer_put_text(page, "<br><span class=note>after ");
        html_duration(page, time_ms - since_ms);
        buffer_put_text(page, "</span>");
    }
    html_fact_close(page);
}

static void put_facts(struct buffer *page, const struct campaign *campaign)
{
    buffer_put_text(page, "<dl class=\"facts big\">\n");
    html_fact_open(page, "Accounts");
    html_count(page, campaign->n_members);
    html_fact_close(page);
    html_fact_open(page, "Exchanges");
    html_short(page, campaign->exchanges);
    html_fact_close(page);
    html_fact_open(page, "Tokens in");
    html_short(page, campaign->input_tok);
    html_fact_close(page);
    html_fact_open(page, "Tokens out");
    html_short(page, campaign->output_tok);
    html_fact_close(page);
    buffer_put_text(page, "</dl>\n<dl class=facts style=\"border-top:0\">\n");
    put_moment(page, "First exchange", campaign->first_exchange_ms, -1);
    put_moment(page, "Detected", campaign->detected_ms, campaign->first_exchange_ms);
    put_moment(page, "Contained", campaign->contained_ms, campaign->first_exchange_ms);
    buffer_put_text(page, "</dl>\n");
}

void html_decision_rows(struct buffer *page, const struct decision_row *row)
{
    for (enum action action = 0; action < ACTION_COUNT; action++) {
        if (row->count[action] == 0)
            continue;
        buffer_put_text(page, "<tr><th scope=row>");
        html_pill(page, action_name(action), action_name(action));
        buffer_put_text(page, "</th><td class=n data-l=Times>");
        html_count(page, row->count[action]);
        buffer_put_text(page, "</td><td class=nw data-l=First>");
        html_time(page, row->first_ms[action]);
        buffer_put_text(page, "</td><td class=w>");
        html_text(page, span_of(row->reason[action]));
        buffer_put_text(page, "</td></tr>\n");
    }
}

static void put_decisions(
    struct buffer *page, const struct decision_tally *decisions, const struct campaign *campaign)
{
    const struct decision_row *row = decisions ? decision_tally_of(decisions, campaign->id) : NULL;
    buffer_put_text(page, "<div class=part><h3>Decided</h3>\n<p class=note>What was done about these "
                          "accounts. Every action can be lifted.</p>\n");
    if (row) {
        buffer_put_text(page,
            "<div class=scroll tabindex=0 role=region aria-label=\"Decisions\"><table class=stack><thead><tr>"
            "<th scope=col>Action</th><th scope=col class=n>Times</th><th scope=col>First</th>"
            "<th scope=col>The reason given, the first time</th></tr></thead><tbody>\n");
        html_decision_rows(page, row);
        buffer_put_text(page, "</tbody></table></div>\n");
    } else {
        buffer_put_text(page, "<p>Nothing was decided about its accounts.</p>\n");
    }
}

static int by_sureness(const void *left, const void *right)
{
    const struct campaign_member *a = *(const struct campaign_member *const *)left;
    const struct campaign_member *b = *(const struct campaign_member *const *)right;
    if ((a->until_ms < 0) != (b->until_ms < 0))
        return a->until_ms < 0 ? -1 : 1;
    if (a->membership != b->membership)
        return a->membership > b->membership ? -1 : 1;
    if (a->confidence > b->confidence || a->confidence < b->confidence)
        return a->confidence > b->confidence ? -1 : 1;
    return a->account < b->account ? -1 : a->account > b->account;
}

static void put_account(
    struct buffer *page, const struct report_source *source, const struct campaign_member *member)
{
    char scratch[ACCOUNT_TEXT];
    enum action action =
        source->in_force ? source->in_force(source->context, member->account) : ACTION_OBSERVE;
    buffer_put_text(page, "<tr><th scope=row class=mono>");
    html_text(page, account_text(source->name(source->context, member->account), member->account, scratch));
    buffer_print(page, "</th><td>%s</td><td class=n>", membership_name(member->membership));
    html_number(page, floor(member->confidence * 100 + 1e-4) / 100, 2); /* 0.995 is not shown as certain */
    buffer_print(page, "</td><td class=n>%u</td><td class=nw>", (unsigned)member->objects);
    html_time(page, member->since_ms);
    buffer_put_text(page, "</td><td class=nw>");
    html_time(page, member->until_ms);
    buffer_put_text(page, "</td><td>");
    if (action != ACTION_OBSERVE)
        html_pill(page, action_name(action), action_name(action));
    buffer_put_text(page, "</td></tr>\n");
}

static void put_accounts(
    struct buffer *page, const struct report_source *source, const struct campaign *campaign)
{
    const struct campaign_member **members = calloc(campaign->n_members + 1, sizeof(void *));
    if (!members) {
        page->status = STATUS_NOMEM;
        return;
    }
    for (size_t i = 0; i < campaign->n_members; i++)
        members[i] = &campaign->members[i];
    qsort(members, campaign->n_members, sizeof(void *), by_sureness);
    size_t listed = campaign->n_members < LISTED_MAX ? campaign->n_members : LISTED_MAX;
    buffer_put_text(page, "<h4>Accounts</h4>\n<p class=note>");
    if (listed < campaign->n_members) {
        buffer_print(page, "The %zu surest of ", listed);
        html_count(page, campaign->n_members);
        buffer_put_text(page, "; all are in <code>campaigns.json</code>.");
    } else {
        buffer_put_text(page, "All of them, the surest first.");
    }
    buffer_put_text(page,
        "</p>\n<div class=scroll tabindex=0 role=region aria-label=Accounts><table data-filter><thead><tr>"
        "<th scope=col>Account</th><th scope=col>Part</th><th scope=col class=n>Confidence</th>"
        "<th scope=col class=n>Ties</th><th scope=col>Since</th><th scope=col>Until</th>"
        "<th scope=col>In force</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < listed; i++)
        put_account(page, source, members[i]);
    buffer_put_text(page, "</tbody></table></div></div>\n");
    free(members);
}

static void put_unknowns(struct buffer *page, const struct campaign *campaign)
{
    buffer_put_text(page,
        "<div class=part><h3>Not known</h3>\n<ul class=plain>\n"
        "<li>Who runs the accounts. The evidence says that one hand does, not whose it is.</li>\n"
        "<li>Whether a model was trained with the outputs. That cannot be seen from here.</li>\n"
        "<li>Accounts of the same operator that share nothing with these are not in this list.</li>\n");
    if (campaign->kind == CAMPAIGN_RELAY)
        buffer_put_text(
            page, "<li>Which exchanges are those of paying customers of the relay, who may not know.</li>\n");
    for (enum check_id id = 0; id < CHECK_COUNT; id++) {
        if (campaign->checks[id].measured == campaign->checks[id].measured)
            continue;
        buffer_print(page, "<li>“%s” could not be measured: the log does not have what it takes.</li>\n",
            check_name(id));
    }
    buffer_put_text(page, "</ul></div>\n");
}

void html_campaign(struct buffer *page, const struct report_input *input, const struct campaign *campaign)
{
    const struct report_source *source = &input->source;
    put_head(page, campaign);
    put_facts(page, campaign);
    if (source->timeline)
        html_timeline(page, source->timeline(source->context, campaign->id), campaign);
    buffer_put_text(page, "<div class=part><h3>Observed</h3>\n<p class=note>Counted in the log. Anybody "
                          "with the log and the key can count it again.</p>\n");
    html_ties(page, source, campaign);
    html_families(page, campaign);
    html_capabilities(page, campaign);
    buffer_put_text(page, "</div>\n<div class=part><h3>Inferred</h3>\n<p class=note>What the counts make "
                          "likely, and what else could explain them.</p>\n");
    html_inference(page, campaign);
    html_checks(page, campaign);
    buffer_put_text(page, "</div>\n");
    put_decisions(page, input->decisions, campaign);
    put_accounts(page, source, campaign);
    put_unknowns(page, campaign);
    buffer_put_text(page, "</section>\n");
}
