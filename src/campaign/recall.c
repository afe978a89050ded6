#include "campaign/recall.h"

#include <string.h>

void recall_init(struct recall *recall, const struct campaign_source *source)
{
    memset(recall, 0, sizeof *recall);
    recall->source = source;
}

void recall_begin(struct recall *recall, int64_t now_ms)
{
    recall->epoch++;
    recall->now_ms = now_ms;
}

static size_t place_of(uint64_t key)
{
    return (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 32) % RECALL_PLACES;
}

enum status recall_account(struct recall *recall, uint64_t account, struct account_profile *ret_profile)
{
    struct recalled_account *known = &recall->accounts[place_of(account)];
    if (known->account != account || known->epoch != recall->epoch) {
        const struct campaign_source *source = recall->source;
        known->account = account;
        known->epoch = recall->epoch;
        known->status = source->account(source->context, account, recall->now_ms, &known->profile);
    }
    if (known->status == STATUS_OK)
        *ret_profile = known->profile;
    return known->status;
}

enum status recall_object(struct recall *recall, uint64_t object, struct object_profile *ret_profile)
{
    struct recalled_object *known = &recall->objects[place_of(object)];
    if (known->object != object || known->epoch != recall->epoch) {
        known->object = object;
        known->epoch = recall->epoch;
        known->status = recall->source->object(recall->source->context, object, &known->profile);
    }
    if (known->status == STATUS_OK)
        *ret_profile = known->profile;
    return known->status;
}
