#include "object/public.h"
#include "object/recur.h"
#include "object/table.h"
#include "object/tie_list.h"

static const int64_t RETRACT_AGE_MS = 24 * INT64_C(3600000);
enum { JUDGED_EACH = 64 }; /* an object that nobody joins is judged at every 64th sighting */

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
 * What two or three accounts say, and what many happen to say once, is without number and ties nobody: a content object is
 * announced, all members at once, with the fourth, and not before they say it again.
 */
enum { CONTENT_ANNOUNCED = 4 };

static bool announces(
    const struct object_table *table, const struct shared *shared, const struct sighting *sighting)
{
    return !shared->announced && !shared->is_public && shared->members.n >= CONTENT_ANNOUNCED &&
           object_recurs(shared->sightings, shared_accounts(&table->shared, shared),
               sighting->time_ms - shared->first_ms);
}

/* The others' ties carry no organisation. Without room for all of them it waits for the next sighting. */
static void announce(
    struct object_table *table, struct shared *shared, const struct sighting *sighting, struct tie_list *ties)
{
    const uint64_t *accounts;
    const uint32_t *payers;
    uint32_t n = members_slots(&shared->members, &table->shared.pool, &accounts, &payers);
    if (tie_list_reserve(ties, shared->members.n) != STATUS_OK)
        return;
    shared->announced = true;
    for (uint32_t i = 0; i < n; i++)
        if (accounts[i])
            tie_member(
                ties, sighting, accounts[i], accounts[i] == sighting->account ? sighting->organization : 0);
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
    if (sighting->time_ms > shared->last_ms)
        shared->last_ms = sighting->time_ms;
}

static struct shower shower_of(const struct sighting *sighting)
{
    return (
        struct shower){ sighting->account, sighting_payer(sighting), sighting->country, sighting->adopter };
}

void object_show_shared(struct object_table *table, struct shared *shared, const struct sighting *sighting,
    const struct population *population, struct tie_list *ties)
{
    count(shared, sighting);
    shared_count_slot(&table->shared, shared, slot_fold(sighting->slot));
    struct shower shower = shower_of(sighting);
    enum shared_join join = shared_join(&table->shared, shared, &shower);
    if (join == JOIN_NEW && shared->adopters.accounts == PUBLIC_ACCOUNTS)
        shared->crowded_ms = sighting->time_ms;
    bool due = announces(table, shared, sighting);
    bool joins = join == JOIN_NEW || join == JOIN_ESTABLISHED;
    if (!due && !joins && shared->sightings % JUDGED_EACH)
        return;
    double accounts = shared_accounts(&table->shared, shared), payers = shared_payers(&table->shared, shared);
    if (shared->is_public) {
        if (object_concentrated(shared->kind, accounts, payers, population))
            shared_reopen(&table->shared, shared);
        return;
    }
    if (object_public(
            shared->kind, accounts, sighting->time_ms - shared->crowded_ms, &shared->adopters, population) &&
        !object_concentrated(shared->kind, accounts, payers, population)) {
        if (shared->announced)
            tie_withdraw(ties, sighting->object, shared->kind, sighting->time_ms);
        shared_publish(&table->shared, shared);
    } else if (due) {
        announce(table, shared, sighting, ties);
    } else if (join == JOIN_NEW && shared->announced) {
        tie_member(ties, sighting, sighting->account, sighting->organization);
    }
}

bool object_retract(struct object_table *table, uint64_t object, int64_t now_ms)
{
    struct index_entry entry = index_find(&table->index, index_key(&table->index, object));
    if (!entry.set || !index_is_shared(entry))
        return false;
    struct shared *shared = shared_at(&table->shared, index_place(entry));
    int64_t age_ms = now_ms - shared->first_ms;
    if (!shared->announced || object_kind_info[shared->kind].family != FAMILY_CONTENT ||
        age_ms < RETRACT_AGE_MS ||
        object_recurs(shared->sightings, shared_accounts(&table->shared, shared), age_ms))
        return false;
    shared->announced = false;
    return true;
}

/* Enters the object among the shared ones; what makes room for it leaves the index, and the campaigns' graph. */
static struct shared *share(struct object_table *table, const struct sighting *sighting,
    struct index_entry single, struct tie_list *ties)
{
    struct shared_evicted evicted;
    uint32_t place =
        shared_add(&table->shared, sighting->object, sighting->kind, sighting->time_ms, &evicted);
    if (evicted.object)
        index_remove(&table->index, index_key(&table->index, evicted.object));
    if (evicted.announced)
        tie_withdraw(ties, evicted.object, evicted.kind, sighting->time_ms);
    index_share(single, place);
    return shared_at(&table->shared, place);
}

/* The second account: the object becomes a shared one, and both are members. */
static void promote(struct object_table *table, struct index_entry single, const struct holder *holder,
    const struct sighting *sighting, struct tie_list *ties)
{
    struct shower first = { holder->account, holder->payer, holder->country,
        (uint8_t)(holder->adopter & ~HOLDER_ORGANIZATION) };
    uint64_t first_organization = holder_organization(holder);
    /* Of content the tasks are counted beside: what was shown alone has none here. */
    bool content = object_kind_info[sighting->kind].family == FAMILY_CONTENT;
    uint32_t sightings = content ? 0 : index_sightings(single);
    struct shared *shared = share(table, sighting, single, ties);
    shared->sightings = sightings;
    shared->announced = !content;
    shared_join(&table->shared, shared, &first);
    if (shared->announced)
        tie_member(ties, sighting, first.account, first_organization);

    count(shared, sighting);
    shared_count_slot(&table->shared, shared, slot_fold(sighting->slot));
    struct shower second = shower_of(sighting);
    shared_join(&table->shared, shared, &second);
    if (shared->announced)
        tie_member(ties, sighting, sighting->account, sighting->organization);
}

static void enter(struct object_table *table, const struct sighting *sighting, struct way_key key,
    uint32_t holder, struct tie_list *ties)
{
    struct index_evicted evicted;
    index_add(&table->index, key, sighting->kind, holder, &evicted);
    if (!evicted.shared)
        return;
    struct shared_evicted shared = shared_forget(&table->shared, evicted.shared - 1);
    if (shared.announced)
        tie_withdraw(ties, shared.object, shared.kind, sighting->time_ms);
}

void object_show(struct object_table *table, const struct sighting *sighting, struct way_key key,
    uint32_t holder, const struct population *population, struct tie_list *ties)
{
    struct index_entry entry = index_find(&table->index, key);
    if (!entry.set) {
        enter(table, sighting, key, holder, ties);
        return;
    }
    if (index_is_shared(entry)) {
        object_show_shared(table, shared_at(&table->shared, index_place(entry)), sighting, population, ties);
        return;
    }
    if (index_holder(entry) != holder) {
        const struct holder *first = holders_at(&table->holders, index_holder(entry));
        if (first && first->account != sighting->account && !one_payer(first, sighting)) {
            promote(table, entry, first, sighting, ties);
            return;
        }
        holder =
            first ? index_holder(entry) : holder; /* the first one is forgotten: it is now this account's */
    }
    index_touch(entry, holder);
}
