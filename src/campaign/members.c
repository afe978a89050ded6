#include "campaign/members.h"

#include <stdlib.h>
#include <string.h>

enum { TOLD_CONFIRMED = 0x80 };

static size_t place_of(const struct campaign *campaign, uint64_t account)
{
    size_t low = 0;
    size_t high = campaign->n_members;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (campaign->members[middle].account < account)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct campaign_member *member_find(const struct campaign *campaign, uint64_t account)
{
    size_t i = place_of(campaign, account);
    if (i < campaign->n_members && campaign->members[i].account == account)
        return &campaign->members[i];
    return NULL;
}

enum status member_join(
    struct campaign *campaign, uint64_t account, int64_t now_ms, struct campaign_member **ret_member)
{
    enum status st = STATUS_OK;
    struct campaign_member *member = member_find(campaign, account);
    if (!member) {
        if (campaign->n_members == campaign->members_capacity) {
            size_t wider = campaign->members_capacity ? campaign->members_capacity * 2 : 32;
            struct campaign_member *grown = realloc(campaign->members, wider * sizeof *grown);
            REQUIRE(grown, STATUS_NOMEM);
            campaign->members = grown;
            campaign->members_capacity = wider;
        }
        size_t i = place_of(campaign, account);
        memmove(campaign->members + i + 1, campaign->members + i,
            (campaign->n_members - i) * sizeof *campaign->members);
        campaign->n_members++;
        member = &campaign->members[i];
        *member = (struct campaign_member){ .account = account, .since_ms = now_ms, .until_ms = now_ms };
    }
    if (member->until_ms >= 0) {
        member->since_ms = member->membership == MEMBER_NONE ? now_ms : member->since_ms;
        member->until_ms = -1;
        campaign->n_active++;
    }
    *ret_member = member;
fail:
    return st;
}

void member_leave(struct campaign *campaign, struct campaign_member *member, int64_t now_ms)
{
    if (member->until_ms >= 0)
        return;
    member->until_ms = now_ms;
    campaign->n_active--;
}

static enum status verdicts_add(struct verdict_list *list, const struct verdict *verdict)
{
    enum status st = STATUS_OK;
    if (list->n == list->capacity) {
        size_t wider = list->capacity ? list->capacity * 2 : 64;
        struct verdict *grown = realloc(list->items, wider * sizeof *grown);
        REQUIRE(grown, STATUS_NOMEM);
        list->items = grown;
        list->capacity = wider;
    }
    list->items[list->n++] = *verdict;
fail:
    return st;
}

static uint8_t carrying_families(const struct campaign *campaign)
{
    uint8_t families = (uint8_t)(1U << campaign->found_by);
    for (unsigned family = 0; family < FAMILY_COUNT; family++)
        if (campaign->evidence[family].log10_e >= 1)
            families |= (uint8_t)(1U << family);
    return families;
}

enum status members_tell(struct campaign *campaign, int64_t now_ms,
    enum status (*look_up)(
        void *context, uint64_t account, int64_t now_ms, struct account_profile *ret_profile),
    void *context, struct verdict_list *verdicts)
{
    enum status st = STATUS_OK;
    uint8_t families = carrying_families(campaign);
    for (size_t i = 0; i < campaign->n_members; i++) {
        struct campaign_member *m = &campaign->members[i];
        uint8_t membership = m->until_ms < 0 ? m->membership : MEMBER_NONE;
        uint8_t told = (uint8_t)(membership | (campaign->confirmed && membership ? TOLD_CONFIRMED : 0));
        if (told == m->told)
            continue;
        struct account_profile profile = { 0 };
        if (look_up(context, m->account, now_ms, &profile) == STATUS_OK) {
            m->organization = profile.organization;
            m->adopter = profile.adopter;
        }
        struct verdict verdict = {
            .campaign = campaign->id,
            .account = m->account,
            .organization = m->organization,
            .time_ms = now_ms,
            .confidence = m->confidence,
            .membership = membership,
            .families = families,
            .confirmed = campaign->confirmed,
            .verified = (m->adopter & ADOPTER_VERIFIED) != 0,
            .reseller = (m->adopter & ADOPTER_RESELLER) != 0,
            .accounts = (uint32_t)campaign->n_active,
        };
        TRY(verdicts_add(verdicts, &verdict));
        m->told = told;
    }
fail:
    return st;
}
