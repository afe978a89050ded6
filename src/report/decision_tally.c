#include "report/decision_tally.h"

#include <stdlib.h>
#include <string.h>

void decision_tally_init(struct decision_tally *tally, size_t campaigns_max)
{
    *tally = (struct decision_tally){ 0 };
    map_init(&tally->index, campaigns_max);
}

void decision_tally_fini(struct decision_tally *tally)
{
    free(tally->rows);
    map_fini(&tally->index);
    *tally = (struct decision_tally){ 0 };
}

/* The map has no key 0; all ones is no campaign's id in practice, and only a row would be shared if it were. */
static uint64_t key_of(struct campaign_id campaign)
{
    return campaign.value ? campaign.value : UINT64_MAX;
}

static enum status add_row(
    struct decision_tally *tally, struct campaign_id campaign, struct decision_row **ret_row)
{
    enum status st = STATUS_OK;
    if (tally->n == tally->capacity) {
        size_t capacity = tally->capacity ? tally->capacity * 2 : 8;
        struct decision_row *bigger = realloc(tally->rows, capacity * sizeof *bigger);
        REQUIRE(bigger, STATUS_NOMEM);
        tally->rows = bigger;
        tally->capacity = capacity;
    }
    TRY(map_put(&tally->index, key_of(campaign), (uint32_t)tally->n));
    *ret_row = &tally->rows[tally->n++];
    memset(*ret_row, 0, sizeof **ret_row);
    (*ret_row)->campaign = campaign;
fail:
    return st;
}

enum status decision_tally_add(struct decision_tally *tally, const struct decision *decision)
{
    enum action action = decision->action;
    uint32_t i = map_find(&tally->index, key_of(decision->campaign));
    struct decision_row *row = i == MAP_NONE ? NULL : &tally->rows[i];
    if (!row) {
        enum status st = add_row(tally, decision->campaign, &row);
        if (st != STATUS_OK && st != STATUS_FULL)
            return st;
    }
    tally->count[action]++;
    if (!row)
        return STATUS_OK;
    if (row->count[action]++ == 0) {
        row->first_ms[action] = decision->time_ms;
        memcpy(row->reason[action], decision->reason, sizeof row->reason[action]);
    }
    row->last_ms[action] = decision->time_ms;
    return STATUS_OK;
}

const struct decision_row *decision_tally_of(const struct decision_tally *tally, struct campaign_id campaign)
{
    uint32_t i = map_find(&tally->index, key_of(campaign));
    return i == MAP_NONE ? NULL : &tally->rows[i];
}
