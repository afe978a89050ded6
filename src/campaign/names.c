#include "campaign/campaign.h"

#include <stdlib.h>
#include <string.h>

void campaign_id_format(struct campaign_id id, char ret_text[static CAMPAIGN_ID_TEXT])
{
    /* Crockford's base 32, without letters that look alike; 13 digits hold 64 bits. */
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    memcpy(ret_text, "cmp_", 4);
    for (int i = 12; i >= 0; i--) {
        ret_text[4 + i] = digits[id.value & 31];
        id.value >>= 5;
    }
    ret_text[CAMPAIGN_ID_TEXT - 1] = '\0';
}

const char *campaign_kind_name(enum campaign_kind kind)
{
    static const char *const names[] = { "unknown", "pipeline", "judge", "relay", "probing" };
    return names[kind];
}

const char *campaign_status_name(enum campaign_status status)
{
    static const char *const names[] = { "suspected", "confirmed", "contained", "closed" };
    return names[status];
}

const char *membership_name(enum membership membership)
{
    static const char *const names[] = { "none", "halo", "likely", "core" };
    return names[membership];
}

void verdict_list_fini(struct verdict_list *list)
{
    free(list->items);
    *list = (struct verdict_list){ 0 };
}
