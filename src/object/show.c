#include "object/public.h"
#include "object/table.h"
#include "object/tie_list.h"

enum { HOUR_MS = 3600 * 1000 };
enum { UNLISTED_EACH = 64 }; /* an object whose list is closed is judged at every 64th sighting */

static void tie_member(
    struct tie_list *ties, const struct sighting *sighting, uint64_t account, uint64_t organization)
{
    tie_list_add(ties, &(struct tie){ .object = sighting->object,
                           .a = account,
                           .organization = organization,
                           .time_ms = sighting->time_ms,
                           .op = TIE_MEMBER,
                           .kind = sighting->kind });
}

static void tie_withdraw(struct tie_list *ties, uint64_t object, uint8_t kind, int64_t time_ms)
{
    tie_list_add(
        ties, &(struct tie){ .object = object, .time_ms = time_ms, .op = TIE_WITHDRAW, .kind = kind });
}

/*
 * Prompts that two or three accounts share are without number and tie nobody by themselves: content objects are
 * announced, all members at once, with the fourth.
 */
enum { CONTENT_ANNOUNCED = MEMBERS_INLINE };

static bool is_announced(const struct shared *shared)
{
    return object_kind_info[shared->kind].family != FAMILY_CONTENT || shared->members.n >= CONTENT_ANNOUNCED;
}

/* The members before the fourth, in the order in which they came; their ties carry no organisation. */
static void announce_earlier(
    const struct shared *shared, const struct sighting *sighting, struct tie_list *ties)
{
    for (unsigned i = 0; i + 1 < CONTENT_ANNOUNCED; i++)
        tie_member(ties, sighting, shared->members.account[i], 0);
}

/* Whether both are one customer, who shows the object to nobody but itself. */
static bool one_payer(const struct holder *first, const struct sighting *second)
{
    if (first->payer != sighting_payer(second))
        return false;
    return second->organization || kind_durability(second->kind) < 2;
}

static void count(struct shared *shared, const struct sighting *sighting)
{
    shared->sightings++;
    shared->follow_ups += sighting->follow_up;
    if (sighting->time_ms > shared->last_ms)
        shared->last_ms = sighting->time_ms;
}

static struct shower shower_of(const struct sighting *sighting)
{
    return (
        struct shower){ sighting->account, sighting_payer(sighting), sighting->country, sighting->adopter };
}

static void show_shared(struct object_table *table, struct shared *shared, const struct sighting *sighting,
    const struct population *population, struct tie_list *ties)
{
    count(shared, sighting);
    shared_count_slot(&table->shared, shared, slot_fold(sighting->slot));
    struct shower shower = shower_of(sighting);
    enum shared_join join = shared_join(&table->shared, shared, &shower);
    if (join == JOIN_KNOWN || shared->is_public)
        return;
    if (join == JOIN_UNLISTED && shared->sightings % UNLISTED_EACH)
        return;
    double accounts = shared_accounts(&table->shared, shared);
    if (object_public(shared->kind, accounts, &shared->adopters, population)) {
        shared_publish(&table->shared, shared);
        tie_withdraw(ties, sighting->object, shared->kind, sighting->time_ms);
    } else if (join == JOIN_NEW && is_announced(shared)) {
        if (object_kind_info[shared->kind].family == FAMILY_CONTENT && shared->members.n == CONTENT_ANNOUNCED)
            announce_earlier(shared, sighting, ties);
        tie_member(ties, sighting, sighting->account, sighting->organization);
    }
}

/* The second account: what the single knew of the first moves to a shared object, and both are members. */
static void promote(struct object_table *table, const struct single *single, const struct sighting *sighting,
    struct tie_list *ties)
{
    struct shower first;
    const struct holder *holder = holders_at(&table->holders, single->holder, &first.account);
    first.payer = holder->payer;
    first.country = holder->country;
    first.adopter = (uint8_t)(holder->adopter & ~HOLDER_ORGANIZATION);

    uint64_t evicted;
    uint8_t evicted_kind;
    struct shared *shared = shared_add(
        &table->shared, sighting->object, sighting->kind, sighting->time_ms, &evicted, &evicted_kind);
    if (evicted)
        tie_withdraw(ties, evicted, evicted_kind, sighting->time_ms);
    shared->sightings = single->sightings;
    shared->follow_ups = single->follow_ups;
    shared->first_ms = (int64_t)single->last_s * 1000 - (int64_t)single->span_h * HOUR_MS;
    shared_count_slot(&table->shared, shared, single->slot);
    shared_join(&table->shared, shared, &first);
    if (is_announced(shared))
        tie_member(ties, sighting, first.account, holder_organization(holder));
    singles_remove(&table->singles, sighting->object);

    count(shared, sighting);
    shared_count_slot(&table->shared, shared, slot_fold(sighting->slot));
    struct shower second = shower_of(sighting);
    shared_join(&table->shared, shared, &second);
    if (is_announced(shared))
        tie_member(ties, sighting, sighting->account, sighting->organization);
}

void object_show(struct object_table *table, const struct sighting *sighting, uint32_t holder,
    const struct population *population, struct tie_list *ties)
{
    struct shared *shared = shared_find(&table->shared, sighting->object);
    if (shared) {
        show_shared(table, shared, sighting, population, ties);
        return;
    }
    struct single *single = singles_find(&table->singles, sighting->object);
    if (!single) {
        singles_add(&table->singles, sighting, holder);
        return;
    }
    uint64_t account;
    const struct holder *first = holders_at(&table->holders, single->holder, &account);
    if (!first)
        single->holder = holder; /* the first one is forgotten; the object is now this account's */
    else if (single->holder != holder && !one_payer(first, sighting)) {
        promote(table, single, sighting, ties);
        return;
    }
    single_touch(single, sighting);
}
