#include "report/html.h"

#include "report/html_campaign.h"
#include "report/html_style.h"
#include "report/html_text.h"
#include "report/summary_json.h"

enum { SHOWN_MAX = 60 }; /* campaigns with a card and a section; a section takes 25 kB */

static size_t shown(const struct report_source *source)
{
    return source->n_campaigns < SHOWN_MAX ? source->n_campaigns : SHOWN_MAX;
}

static void put_suspected(struct buffer *page, uint64_t n)
{
    if (n > 0)
        html_plural(page, n, "suspected group", "suspected groups");
}

/* Confirmed campaigns and suspected groups are counted apart: the second are only watched. */
static void put_headline(struct buffer *page, const struct report_source *source)
{
    uint64_t accounts = 0, contained = 0, suspected = 0;
    for (size_t i = 0; i < source->n_campaigns; i++) {
        const struct campaign *campaign = source->campaigns[i];
        suspected += campaign->status == CAMPAIGN_SUSPECTED;
        contained += campaign->status == CAMPAIGN_CONTAINED;
        accounts += campaign->status == CAMPAIGN_SUSPECTED ? 0 : campaign->n_members;
    }
    uint64_t found = source->n_campaigns - suspected;
    if (found == 0) {
        buffer_put_text(page, suspected ? "No campaign was found, " : "No campaign was found");
        put_suspected(page, suspected);
        return;
    }
    html_plural(page, found, "campaign", "campaigns");
    buffer_put_text(page, " over ");
    html_plural(page, accounts, "account", "accounts");
    if (contained == found)
        buffer_put_text(page, contained == 1 ? ", contained" : ", all contained");
    else if (contained > 0)
        buffer_print(page, ", %u contained", (unsigned)contained);
    buffer_put_text(page, suspected ? "; " : "");
    put_suspected(page, suspected);
}

static void put_top(struct buffer *page, const struct report_input *input)
{
    const struct report_run *run = &input->run;
    buffer_put_text(page, "<header class=top><p class=brand>Stillwatch · evidence report</p>\n<h1>");
    put_headline(page, &input->source);
    buffer_put_text(page, "</h1>\n<p class=lead>");
    html_plural(page, run->engine.exchanges, "exchange", "exchanges");
    buffer_put_text(page, " of ");
    html_plural(page, run->engine.accounts.created, "account", "accounts");
    buffer_put_text(page,
        " were watched for groups of accounts that one operator runs to collect the outputs of a "
        "model. Decisions were ");
    buffer_put_text(page, run->mode == MODE_SHADOW ? "recorded only (shadow mode): nobody was touched."
                                                   : "taken in enforced mode.");
    buffer_put_text(page, "</p>\n<dl class=facts>\n");
    html_fact_open(page, "From");
    html_time(page, run->engine.records ? run->engine.first_ms : -1);
    html_fact_close(page);
    html_fact_open(page, "To");
    html_time(page, run->engine.records ? run->engine.last_ms : -1);
    html_fact_close(page);
    html_fact_open(page, "Accounts contained now");
    html_count(page, run->engine.accounts_contained);
    html_fact_close(page);
    html_fact_open(page, "Policy");
    html_text(page, span_of(run->policy));
    html_fact_close(page);
    html_fact_open(page, "Version");
    html_text(page, span_of(run->version));
    html_fact_close(page);
    buffer_put_text(page, "</dl></header>\n");
}

static void put_card(struct buffer *page, const struct campaign *campaign)
{
    buffer_put_text(page, "<li><a class=card href=\"#");
    html_id(page, campaign->id);
    buffer_put_text(page, "\"><span class=head>");
    html_pill(page, campaign_status_name(campaign->status), campaign_status_name(campaign->status));
    html_pill(page, "plain", campaign_kind_name(campaign->kind));
    buffer_put_text(page, "</span><b>");
    html_plural(page, campaign->n_members, "account", "accounts");
    buffer_put_text(page, campaign->status == CAMPAIGN_SUSPECTED
                              ? "</b><span class=more>that may act as one</span>"
                              : "</b><span class=more>that act as one</span>");
    buffer_put_text(page, "<span class=more>");
    html_short(page, campaign->exchanges);
    buffer_put_text(page, " exchanges, ");
    html_short(page, campaign->output_tok);
    buffer_put_text(page, " tokens out</span><span class=more>");
    if (campaign->contained_ms >= 0) {
        buffer_put_text(page, "contained ");
        html_time(page, campaign->contained_ms);
    } else if (campaign->detected_ms >= 0) {
        buffer_put_text(page, "detected ");
        html_time(page, campaign->detected_ms);
    }
    buffer_put_text(page, "</span></a></li>\n");
}

static void put_found(struct buffer *page, const struct report_source *source)
{
    buffer_put_text(page, "<section aria-labelledby=found><h2 id=found>What was found</h2>\n");
    if (source->n_campaigns == 0) {
        buffer_put_text(page,
            "<div class=empty><p><b>Nothing.</b> No group of accounts met the evidence that a report "
            "needs.</p>"
            "<p class=note>That is not proof of absence. Accounts that share no payment, device, network, "
            "prompt or "
            "output, and hand no work to each other, leave nothing to tie them by; so do campaigns below the "
            "smallest size that the policy reports.</p></div></section>\n");
        return;
    }
    buffer_put_text(page, "<ul class=cards>\n");
    for (size_t i = 0; i < shown(source); i++)
        put_card(page, source->campaigns[i]);
    buffer_put_text(page, "</ul>\n");
    if (shown(source) < source->n_campaigns) {
        buffer_put_text(page, "<p class=note>");
        html_count(page, source->n_campaigns - shown(source));
        buffer_put_text(page, " more are in <code>campaigns.json</code>.</p>\n");
    }
    buffer_put_text(page, "</section>\n");
}

static void put_decisions(struct buffer *page, const struct report_input *input)
{
    const struct decision_row *alone =
        input->decisions ? decision_tally_of(input->decisions, (struct campaign_id){ 0 }) : NULL;
    buffer_put_text(page, "<section aria-labelledby=decisions><h2 id=decisions>Decisions in all</h2>\n"
                          "<dl class=\"facts big\">\n");
    for (enum action action = 0; action < ACTION_COUNT; action++) {
        html_fact_open(page, action_name(action));
        html_count(page, input->run.engine.decisions[action]);
        html_fact_close(page);
    }
    buffer_put_text(page, "</dl>\n<p class=note>Each with its time, reason and expiry is a line of "
                          "<code>decisions.jsonl</code>.</p>\n");
    if (alone) {
        buffer_put_text(page,
            "<h4>On an account alone</h4><div class=scroll tabindex=0 role=region aria-label=\"Decisions on "
            "an "
            "account alone\"><table class=stack><thead><tr><th scope=col>Action</th><th scope=col "
            "class=n>Times</th>"
            "<th scope=col>First</th><th scope=col>The reason given, the first "
            "time</th></tr></thead><tbody>\n");
        html_decision_rows(page, alone);
        buffer_put_text(page, "</tbody></table></div>\n");
    }
    buffer_put_text(page, "</section>\n");
}

static void put_fault(struct buffer *page, const struct log_stats *log, enum line_fault fault)
{
    const struct diag *first = &log->first[fault];
    if (log->faults[fault] == 0)
        return;
    buffer_print(page, "<tr><th scope=row class=nw>%s</th><td class=n>", line_fault_name(fault));
    html_count(page, log->faults[fault]);
    buffer_put_text(page, "</td><td class=w>");
    if (first->file)
        html_text(page, span_of(first->file));
    buffer_print(page, ", line %llu: ", (unsigned long long)first->line);
    html_text(page, span_of(first->field));
    buffer_put_text(page, *first->field ? ": " : "");
    html_text(page, span_of(first->reason));
    buffer_put_text(page, "</td></tr>\n");
}

static void put_unknown_keys(struct buffer *page, const struct log_stats *log)
{
    size_t most = sizeof log->unknown_key / sizeof *log->unknown_key;
    if (log->unknown_keys == 0)
        return;
    buffer_put_text(page, "<p>Keys that were not known and left aside: ");
    for (size_t i = 0; i < log->unknown_keys && i < most; i++) {
        buffer_put_text(page, i ? ", <code>" : "<code>");
        html_text(page, span_of(log->unknown_key[i]));
        buffer_put_text(page, "</code>");
    }
    buffer_put_text(page, ".</p>\n");
}

static void put_input(struct buffer *page, const struct report_run *run)
{
    const struct log_stats *log = run->log;
    buffer_put_text(page, "<section aria-labelledby=input><h2 id=input>Quality of the input</h2>\n");
    if (!log) {
        buffer_put_text(page, "<p>The records did not come from a log.</p></section>\n");
        return;
    }
    uint64_t refused = log->lines > log->events ? log->lines - log->events : 0;
    buffer_put_text(page, "<p>");
    html_plural(page, log->lines, "line was", "lines were");
    buffer_put_text(page, " read, ");
    html_count(page, refused);
    buffer_put_text(page, " refused; ");
    html_plural(page, run->engine.late, "record", "records");
    buffer_put_text(page, " came late and took the current time.</p>\n");
    if (refused > 0) {
        buffer_put_text(page,
            "<div class=scroll tabindex=0 role=region aria-label=\"Refused lines\"><table><thead><tr>"
            "<th scope=col>Reason</th><th scope=col class=n>Lines</th><th scope=col>The first of "
            "them</th></tr>"
            "</thead><tbody>\n");
        for (enum line_fault fault = 0; fault < FAULT_COUNT; fault++)
            put_fault(page, log, fault);
        buffer_put_text(page, "</tbody></table></div>\n");
    }
    put_unknown_keys(page, log);
    buffer_put_text(page, "</section>\n");
}

static void put_limits(struct buffer *page, const struct report_run *run)
{
    struct eviction evictions[EVICTIONS];
    bool any = false;
    evictions_of(&run->engine, evictions);
    buffer_put_text(page, "<section aria-labelledby=limits><h2 id=limits>Limits reached</h2>\n");
    for (size_t i = 0; i < EVICTIONS; i++) {
        if (evictions[i].count == 0)
            continue;
        buffer_put_text(page, any ? "<li>" : "<ul class=plain><li>");
        html_count(page, evictions[i].count);
        buffer_print(page, " %s</li>\n", evictions[i].text);
        any = true;
    }
    buffer_put_text(page, any ? "</ul>\n" : "<p>None: no table was full, nothing was forgotten.</p>\n");
    buffer_put_text(page, "<p class=note>State ");
    html_bytes(page, run_state_bytes(&run->engine));
    buffer_put_text(page, ", issued outputs ");
    html_bytes(page, run->engine.objects.issued_bytes);
    buffer_put_text(page, ", peak memory ");
    html_bytes(page, run->peak_memory_bytes);
    buffer_put_text(page, ", ");
    html_number(page, run->wall_s, run->wall_s < 10 ? 1 : 0);
    buffer_put_text(page, " s on ");
    html_plural(page, run->n_threads, "thread", "threads");
    buffer_put_text(page, ".</p></section>\n");
}

static const char how_to_read[] =
    "<section aria-labelledby=how><h2 id=how>How to read this</h2>\n<dl class=terms>\n"
    "<dt>Observed and inferred</dt><dd>Observed is what was counted in the log; anybody with the log and the "
    "key can "
    "count it again. Inferred is what the counts make likely.</dd>\n"
    "<dt>log₁₀ e</dt><dd>Strength of evidence in powers of ten. At 6, unrelated accounts would look like "
    "this less "
    "than once in a million looks. It stays valid however often one looks.</dd>\n"
    "<dt>Inside, trials, chance</dt><dd>Members share rare things with other accounts, their partners. "
    "Trials is how "
    "many partners were counted, inside how many of them are members, chance the share that an unrelated "
    "account "
    "would have to expect. Of cards and devices, and of conversations passed on, the holders are counted "
    "instead: how many there are, and how many have several accounts or pass conversations on.</dd>\n"
    "<dt>Core, likely, halo</dt><dd>How surely an account belongs: core is held by several independent ties, "
    "halo "
    "by one that could be coincidence. Only core and likely members can be contained.</dd>\n"
    "<dt>Suspected, confirmed, contained</dt><dd>Suspected groups are only watched. Confirmed ones have two "
    "independent keys, enough evidence and no benign explanation that fits better. Contained means that "
    "every "
    "account that was to be contained has been.</dd>\n"
    "<dt>Names with a #</dt><dd>Short keyed ids. They tell things apart and cannot be turned back without "
    "the "
    "key. No prompt and no answer is kept anywhere.</dd>\n</dl></section>\n";

void html_page(struct buffer *page, const struct report_input *input)
{
    const struct report_source *source = &input->source;
    buffer_put_text(page,
        "<!doctype html>\n<html lang=en>\n<head><meta charset=utf-8>\n"
        "<meta name=viewport content=\"width=device-width,initial-scale=1\">\n"
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none';style-src 'unsafe-inline';"
        "script-src 'unsafe-inline'\">\n<title>Stillwatch: ");
    put_headline(page, source);
    buffer_put_text(page, "</title>\n<style>\n");
    for (size_t i = 0; html_style[i]; i++)
        buffer_put_text(page, html_style[i]);
    buffer_put_text(page, "</style></head>\n<body>\n");
    put_top(page, input);
    buffer_put_text(page, "<main>\n");
    put_found(page, source);
    for (size_t i = 0; i < shown(source); i++)
        html_campaign(page, input, source->campaigns[i]);
    put_decisions(page, input);
    put_input(page, &input->run);
    put_limits(page, &input->run);
    buffer_put_text(page, how_to_read);
    buffer_print(page,
        "</main>\n<footer>Made by Stillwatch from <code>campaigns.json</code>'s data. Content-blind: account "
        "ids and "
        "keyed ids only.</footer>\n<script>\n%s</script>\n</body></html>\n",
        html_script);
}
