#include "report/campaigns_json.h"

#include "report/decisions_json.h"
#include "report/wording.h"

static void put_account(struct json_writer *writer, const struct report_source *source, uint64_t account)
{
    char scratch[ACCOUNT_TEXT];
    json_put_string(writer, account_text(source->name(source->context, account), account, scratch));
}

static void put_id(struct json_writer *writer, struct campaign_id id)
{
    char text[CAMPAIGN_ID_TEXT];
    campaign_id_format(id, text);
    json_put_text(writer, id.value ? text : NULL);
}

static void put_time(struct json_writer *writer, const char *name, int64_t time_ms)
{
    json_put_name(writer, name);
    json_put_time(writer, time_ms);
}

static void put_number(struct json_writer *writer, const char *name, double value)
{
    json_put_name(writer, name);
    json_put_double(writer, value);
}

static void put_count(struct json_writer *writer, const char *name, uint64_t value)
{
    json_put_name(writer, name);
    json_put_u64(writer, value);
}

static void put_accounts(
    struct json_writer *writer, const struct report_source *source, const struct campaign *campaign)
{
    json_put_name(writer, "accounts");
    json_put_array(writer);
    for (size_t i = 0; i < campaign->n_members; i++) {
        const struct campaign_member *member = &campaign->members[i];
        json_put_line(writer);
        json_put_object(writer);
        json_put_name(writer, "account");
        put_account(writer, source, member->account);
        put_number(writer, "confidence", member->confidence);
        json_put_name(writer, "role");
        json_put_text(writer, membership_name(member->membership));
        put_time(writer, "since", member->since_ms);
        put_time(writer, "until", member->until_ms);
        json_put_object_end(writer);
    }
    json_put_array_end(writer);
}

static void put_capabilities(struct json_writer *writer, const struct campaign *campaign)
{
    enum capability ranked[CAP_COUNT];
    size_t n = capabilities_ranked(campaign, ranked);
    json_put_name(writer, "capabilities");
    json_put_array(writer);
    for (size_t i = 0; i < n; i++) {
        json_put_object(writer);
        json_put_name(writer, "name");
        json_put_text(writer, capability_name(ranked[i]));
        put_number(writer, "share", campaign->capability[ranked[i]]);
        json_put_object_end(writer);
    }
    json_put_array_end(writer);
}

static void put_families(struct json_writer *writer, const struct campaign *campaign)
{
    char summary[EVIDENCE_TEXT];
    json_put_name(writer, "families");
    json_put_array(writer);
    for (enum family family = 0; family < FAMILY_COUNT; family++) {
        const struct evidence *evidence = &campaign->evidence[family];
        if (!evidence_counts(evidence) && family != campaign->found_by)
            continue;
        evidence_text(family, evidence, summary);
        json_put_line(writer);
        json_put_object(writer);
        json_put_name(writer, "family");
        json_put_text(writer, family_name(family));
        put_number(writer, "log10_e", evidence->log10_e);
        json_put_name(writer, "summary");
        json_put_text(writer, summary);
        put_count(writer, "inside", evidence->inside);
        put_count(writer, "trials", evidence->trials);
        put_number(writer, "p0", evidence->p0);
        json_put_name(writer, "strong");
        json_put_bool(writer, evidence->strong);
        json_put_name(writer, "found_by");
        json_put_bool(writer, family == campaign->found_by);
        json_put_object_end(writer);
    }
    json_put_array_end(writer);
}

static void put_link(
    struct json_writer *writer, const struct report_source *source, const struct campaign_link *link)
{
    char object[OBJECT_TEXT];
    object_text(link->object, link->kind, object);
    json_put_line(writer);
    json_put_object(writer);
    json_put_name(writer, "object");
    json_put_text(writer, object);
    json_put_name(writer, "family");
    json_put_text(writer, family_name(object_kind_info[link->kind].family));
    put_count(writer, "inside", link->inside);
    put_count(writer, "shown_by", link->members);
    put_time(writer, "first", link->first_ms);
    put_count(writer, "sightings", link->sightings);
    put_number(writer, "tasks", link_tasks(link));
    json_put_name(writer, "examples");
    json_put_array(writer);
    for (size_t i = 0; i < sizeof link->example / sizeof *link->example && link->example[i]; i++)
        put_account(writer, source, link->example[i]);
    json_put_array_end(writer);
    json_put_object_end(writer);
}

static void put_checks(struct json_writer *writer, const struct campaign *campaign)
{
    json_put_name(writer, "benign_checks");
    json_put_array(writer);
    for (enum check_id id = 0; id < CHECK_COUNT; id++) {
        const struct check *check = &campaign->checks[id];
        json_put_line(writer);
        json_put_object(writer);
        json_put_name(writer, "name");
        json_put_text(writer, check_name(id));
        json_put_name(writer, "measure");
        json_put_text(writer, check_text(id));
        put_number(writer, "measured", check->measured);
        put_number(writer, "threshold", check->threshold);
        json_put_name(writer, "holds");
        json_put_bool(writer, check->holds);
        json_put_object_end(writer);
    }
    json_put_array_end(writer);
}

static void put_parting(struct json_writer *writer, const struct campaign *campaign)
{
    char summary[EVIDENCE_TEXT];
    const struct campaign_parting *parting = &campaign->parting;
    json_put_name(writer, "pool");
    put_id(writer, campaign->pool);
    json_put_name(writer, "parting");
    if (parting->bridges == 0) {
        json_put_text(writer, NULL);
        return;
    }
    parting_text(parting, summary);
    json_put_object(writer);
    json_put_name(writer, "summary");
    json_put_text(writer, summary);
    put_count(writer, "lanes", parting->lanes);
    put_count(writer, "bridges", parting->bridges);
    put_count(writer, "inside", parting->inside);
    put_count(writer, "across", parting->across);
    put_number(writer, "log10_p", parting->log10_p);
    json_put_object_end(writer);
}

static void put_campaign(
    struct json_writer *writer, const struct report_source *source, const struct campaign *campaign)
{
    json_put_line(writer);
    json_put_object(writer);
    json_put_name(writer, "id");
    put_id(writer, campaign->id);
    json_put_name(writer, "kind");
    json_put_text(writer, campaign_kind_name(campaign->kind));
    json_put_name(writer, "status");
    json_put_text(writer, campaign_status_name(campaign->status));
    put_time(writer, "first_exchange", campaign->first_exchange_ms);
    put_time(writer, "detected", campaign->detected_ms);
    put_time(writer, "contained", campaign->contained_ms);
    put_count(writer, "exchanges", campaign->exchanges);
    put_count(writer, "input_tokens", campaign->input_tok);
    put_count(writer, "output_tokens", campaign->output_tok);
    put_number(writer, "log10_e", campaign->log10_e);
    put_number(writer, "threshold", campaign->threshold);
    json_put_name(writer, "two_keys");
    json_put_bool(writer, campaign->two_keys);
    json_put_name(writer, "successor_of");
    put_id(writer, campaign->successor_of);
    put_parting(writer, campaign);
    put_accounts(writer, source, campaign);
    put_capabilities(writer, campaign);
    put_families(writer, campaign);
    json_put_name(writer, "links");
    json_put_array(writer);
    for (size_t i = 0; i < campaign->n_links; i++)
        put_link(writer, source, &campaign->links[i]);
    json_put_array_end(writer);
    put_checks(writer, campaign);
    json_put_object_end(writer);
}

void campaigns_json(struct json_writer *writer, const struct report_source *source)
{
    json_put_object(writer);
    put_count(writer, "version", 1);
    json_put_name(writer, "campaigns");
    json_put_array(writer);
    for (size_t i = 0; i < source->n_campaigns; i++)
        put_campaign(writer, source, source->campaigns[i]);
    json_put_array_end(writer);
    json_put_object_end(writer);
    json_put_line(writer);
}
