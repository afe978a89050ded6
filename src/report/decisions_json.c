#include "report/decisions_json.h"

#include <inttypes.h>

struct span account_text(struct span name, uint64_t account, char scratch[static ACCOUNT_TEXT])
{
    if (name.n > 0)
        return name;
    snprintf(scratch, ACCOUNT_TEXT, "#%016" PRIx64, account);
    return span_of(scratch);
}

void decision_json(struct json_writer *writer, const struct decision *decision, struct span account)
{
    char scratch[ACCOUNT_TEXT], campaign[CAMPAIGN_ID_TEXT];
    campaign_id_format(decision->campaign, campaign);
    json_put_object(writer);
    json_put_name(writer, "time");
    json_put_time(writer, decision->time_ms);
    json_put_name(writer, "account");
    json_put_string(writer, account_text(account, decision->account, scratch));
    json_put_name(writer, "action");
    json_put_text(writer, action_name(decision->action));
    json_put_name(writer, "campaign");
    json_put_text(writer, decision->campaign.value ? campaign : NULL);
    json_put_name(writer, "mode");
    json_put_text(writer, mode_name(decision->mode));
    json_put_name(writer, "confidence");
    json_put_double(writer, decision->confidence);
    json_put_name(writer, "families");
    json_put_array(writer);
    for (unsigned family = 0; family < FAMILY_COUNT; family++) {
        if (decision->families & 1 << family)
            json_put_text(writer, family_name(family));
    }
    json_put_array_end(writer);
    json_put_name(writer, "reason");
    json_put_text(writer, decision->reason);
    json_put_name(writer, "expires");
    json_put_time(writer, decision->expires_ms);
    json_put_object_end(writer);
    json_put_line(writer);
}
