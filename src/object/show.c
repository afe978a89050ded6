#include "object/public.h"
#include "object/table.h"
#include "object/tie_list.h"

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
    if (join == JOIN_KNOWN || (join == JOIN_UNLISTED && shared->sightings % UNLISTED_EACH))
        return;
    double accounts = shared_accounts(&table->shared, shared), payers = shared_payers(&table->shared, shared);
    if (shared->is_public) {
        if (object_concentrated(shared->kind, accounts, payers, population))
            shared_reopen(&table->shared, shared);
        return;
    }
    if (object_public(shared->kind, accounts, &shared->adopters, population) &&
        !object_concentrated(shared->kind, accounts, payers, population)) {
        shared_publish(&table->shared, shared);
        tie_withdraw(ties, sighting->object, shared->kind, sighting->time_ms);
    } else if (join == JOIN_NEW && is_announced(shared)) {
        if (object_kind_info[shared->kind].family == FAMILY_CONTENT && shared->members.n == CONTENT_ANNOUNCED)
            announce_earlier(shared, sighting, ties);
        tie_member(ties, sighting, sighting->account, sighting->organization);
    }
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
    if (evicted.object && !evicted.is_public)
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
    shared_join(&table->shared, shared, &first);
    if (is_announced(shared))
        tie_member(ties, sighting, first.account, first_organization);

    count(shared, sighting);
    shared_count_slot(&table->shared, shared, slot_fold(sighting->slot));
    struct shower second = shower_of(sighting);
    shared_join(&table->shared, shared, &second);
    if (is_announced(shared))
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
    if (!shared.is_public)
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
