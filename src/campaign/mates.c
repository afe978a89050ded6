#include "campaign/mates.h"

#include "campaign/arrivals.h"
#include "campaign/signs.h"
#include "campaign/tied.h"

/* The campaign that holds the account, if it was tested by cards and devices; MAP_NONE: none does. */
static uint32_t holder_of(const struct mates_input *input, uint32_t account)
{
    uint32_t index = signs_holder(input->graph, input->tracker, account);
    if (index == MAP_NONE)
        return MAP_NONE;
    const struct campaign *c = input->tracker->items[index];
    return tied_families(c->found_by, c->evidence) >> FAMILY_IDENTITY & 1 ? index : MAP_NONE;
}

/* How many of those are held who show its card; of two cards that of most. */
static uint32_t held_by_card(const struct mates_input *input, uint32_t account, uint32_t *ret_card)
{
    const struct graph *graph = input->graph;
    struct indices shown = adjacency_at(&graph->ties, account);
    uint32_t most = 0;
    for (uint32_t i = 0; i < shown.n; i++) {
        if (graph->objects[shown.items[i]].kind != OBJECT_PAYMENT ||
            !graph_object_joins(graph, shown.items[i]))
            continue;
        struct indices by = adjacency_at(&graph->columns, shown.items[i]);
        uint32_t held = 0;
        for (uint32_t j = 0; j < by.n; j++)
            held += holder_of(input, by.items[j]) != MAP_NONE;
        if (held > most) {
            most = held;
            *ret_card = shown.items[i];
        }
    }
    return most;
}

/* Its device is that of somebody who is held, or who shows a burnt card that it shows as well. */
static bool is_bought_with_them(const struct mates_input *input, uint32_t account)
{
    const struct graph *graph = input->graph;
    uint32_t card = MAP_NONE;
    bool burnt = held_by_card(input, account, &card) >= MATES_HELD;
    struct indices shown = adjacency_at(&graph->ties, account);
    for (uint32_t i = 0; i < shown.n; i++) {
        if (graph->objects[shown.items[i]].kind != OBJECT_DEVICE ||
            !graph_object_joins(graph, shown.items[i]))
            continue;
        struct indices by = adjacency_at(&graph->columns, shown.items[i]);
        for (uint32_t j = 0; j < by.n; j++)
            if (by.items[j] != account && (holder_of(input, by.items[j]) != MAP_NONE ||
                                              (burnt && adjacency_has(&graph->ties, by.items[j], card))))
                return true;
    }
    return false;
}

/* Operators on one pool would have been told apart by now, and it had a day to say who it is. */
static bool was_waited_for(
    const struct mates_input *input, uint64_t account, uint32_t campaign, int64_t now_ms)
{
    const struct campaign *c = input->tracker->items[campaign];
    uint32_t index = map_find(&input->tracker->member_of, account);
    const struct campaign_member *asked =
        index == MAP_NONE ? NULL : member_find(input->tracker->items[index], account);
    return c->pool.value == 0 && c->detected_ms <= now_ms - MATES_WAIT_MS && asked &&
           asked->since_ms <= now_ms - MATES_ASKED_MS;
}

/* Enough to have shown a frame if it had nothing else; nothing is waited for of an account that is not tracked. */
static bool has_sent(const struct mates_input *input, uint64_t account, uint32_t campaign, int64_t now_ms)
{
    struct account_brief brief;
    return input->source->brief(input->source->context, account, &brief) == STATUS_OK &&
           (brief.exchanges >= MATES_SENT || was_waited_for(input, account, campaign, now_ms));
}

static enum status take_hand(
    const struct mates_input *input, uint32_t root, uint32_t campaign, int64_t now_ms)
{
    enum status st = STATUS_OK;
    uint32_t account = root;
    do {
        const struct graph_account *known = &input->graph->accounts[account];
        if (!known->watched && !graph_is_of_a_firm(known)) {
            bool likely =
                has_sent(input, known->account, campaign, now_ms) && is_bought_with_them(input, account);
            TRY(tracker_take_others(input->tracker, campaign, input->graph, &account, 1,
                likely ? MEMBER_LIKELY : MEMBER_HALO, now_ms));
            if (likely)
                arrivals_watch(input->graph, account);
        }
        account = input->identity->next[account];
    } while (account != root);
fail:
    return st;
}

enum status mates_take(const struct mates_input *input, int64_t now_ms)
{
    enum status st = STATUS_OK;
    struct rings *identity = input->identity;
    for (uint32_t i = 0; i < identity->n; i++)
        if (identity->next[i] != i && holder_of(input, i) != MAP_NONE)
            input->count[rings_root(identity, i)]++;
    for (uint32_t i = 0; i < identity->n; i++) {
        uint32_t root = rings_root(identity, i);
        uint32_t held = input->count[root];
        uint32_t campaign = held > 0 ? holder_of(input, i) : MAP_NONE;
        if (campaign == MAP_NONE)
            continue;
        input->count[root] = 0;
        if (st == STATUS_OK && held >= MATES_HELD && held * MATES_OF >= rings_size(identity, root) &&
            held < rings_size(identity, root))
            st = take_hand(input, root, campaign, now_ms);
    }
    return st;
}
