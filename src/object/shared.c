#include "object/shared.h"

#include "object/index.h"
#include "sketch/hll.h"

#include <assert.h>
#include <string.h>

enum { REGS_ORDER = 2 };
_Static_assert(sizeof(struct shared_regs) <= POOL_UNIT_BYTES << REGS_ORDER, "registers fit their block");

enum status shared_table_new(size_t bytes, uint32_t members_max, struct shared_table *ret_table)
{
    enum status st;
    struct shared_table table = { .n_max = sets_in(bytes / 2, sizeof(struct shared)),
        .members_max = members_max };
    void *at;
    TRY(lines_new((size_t)table.n_max * sizeof(struct shared), &table.lines, &at));
    table.items = at;
    TRY(pool_new(bytes / 2, &table.pool));
    *ret_table = table;
    return STATUS_OK;
fail:
    shared_table_free(&table);
    return st;
}

void shared_table_free(struct shared_table *table)
{
    lines_free(&table->lines);
    pool_free(&table->pool);
    *table = (struct shared_table){ 0 };
}

size_t shared_table_bytes(const struct shared_table *table)
{
    return table->lines.bytes + table->pool.lines.bytes + table->pool.state_lines.bytes;
}

static struct shared_regs *regs_at(const struct shared_table *table, const struct shared *shared)
{
    return shared->regs == POOL_NONE ? NULL : pool_at(&table->pool, shared->regs);
}

static uint64_t fold_hash(uint32_t fold)
{
    return mix64(0x9e3779b97f4a7c15U + fold);
}

void shared_prefetch_member(
    const struct shared_table *table, const struct shared *shared, uint64_t account, uint64_t slot)
{
    members_prefetch(&shared->members, &table->pool, account);
    if (shared->regs == POOL_NONE)
        return;
    const struct shared_regs *regs = regs_at(table, shared);
    __builtin_prefetch(&regs->slots[hll_register(SHARED_LOG2, fold_hash(slot_fold(slot)))], 1);
    if (shared->estimated)
        __builtin_prefetch(&regs->accounts[hll_register(SHARED_LOG2, mix64(account))], 1);
}

static unsigned durability(const struct shared *shared)
{
    if (shared->is_public)
        return 4;
    unsigned kind = kind_durability(shared->kind);
    return kind ? kind + 1 : shared->announced;
}

static bool forget_before(const struct shared *a, const struct shared *b)
{
    unsigned rank_a = durability(a), rank_b = durability(b);
    return rank_a != rank_b ? rank_a < rank_b : a->last_ms < b->last_ms;
}

/* A free place among the next ones in turn, else the one of them that goes first. */
static uint32_t choose_place(struct shared_table *table)
{
    assert(table->n_max > 0);
    uint32_t look = table->n_max < SHARED_LOOKED_AT ? table->n_max : SHARED_LOOKED_AT;
    uint32_t best = table->hand;
    for (uint32_t i = 0; i < look && table->items[best].object; i++) {
        uint32_t at = (table->hand + i) % table->n_max;
        if (!table->items[at].object || forget_before(&table->items[at], &table->items[best]))
            best = at;
    }
    table->hand = (table->hand + look) % table->n_max;
    return best;
}

struct shared_evicted shared_forget(struct shared_table *table, uint32_t place)
{
    struct shared *shared = &table->items[place];
    struct shared_evicted evicted = { shared->object, shared->kind, shared->announced };
    members_fini(&shared->members, &table->pool);
    if (shared->regs != POOL_NONE)
        pool_give(&table->pool, shared->regs, REGS_ORDER);
    table->publics -= shared->is_public;
    table->n--;
    table->evicted++;
    shared->object = 0;
    return evicted;
}

uint32_t shared_add(struct shared_table *table, uint64_t object, uint8_t kind, int64_t time_ms,
    struct shared_evicted *ret_evicted)
{
    uint32_t place = table->n_used < table->n_max ? table->n_used++ : choose_place(table);
    struct shared *shared = &table->items[place];
    *ret_evicted = shared->object ? shared_forget(table, place) : (struct shared_evicted){ 0 };
    *shared = (struct shared){
        .object = object, .first_ms = time_ms, .last_ms = time_ms, .regs = POOL_NONE, .kind = kind
    };
    members_init(&shared->members);
    table->n++;
    return place;
}

/* Moves the slots seen so far into registers. */
static struct shared_regs *regs_take(struct shared_table *table, struct shared *shared)
{
    if (shared->regs != POOL_NONE)
        return regs_at(table, shared);
    shared->regs = pool_take(&table->pool, REGS_ORDER);
    struct shared_regs *regs = regs_at(table, shared);
    if (!regs)
        return NULL;
    *regs = (struct shared_regs){ 0 };
    for (unsigned i = 0; i < SHARED_SLOTS && shared->slot[i]; i++)
        hll_add(regs->slots, SHARED_LOG2, fold_hash(shared->slot[i]));
    return regs;
}

static void estimate(struct shared_table *table, struct shared *shared, uint64_t account, uint32_t fold)
{
    struct shared_regs *regs = regs_at(table, shared);
    if (!regs)
        return;
    hll_add(regs->accounts, SHARED_LOG2, mix64(account));
    hll_add(regs->payers, SHARED_LOG2, fold_hash(fold));
}

/* Counts what is listed in registers as well, if there is room for them. */
static void start_estimate(struct shared_table *table, struct shared *shared)
{
    if (shared->estimated || !regs_take(table, shared))
        return;
    shared->estimated = true;
    const uint64_t *accounts;
    const uint32_t *payers;
    uint32_t n = members_slots(&shared->members, &table->pool, &accounts, &payers);
    for (uint32_t i = 0; i < n; i++)
        if (accounts[i])
            estimate(table, shared, accounts[i], payers[i] >> MEMBER_BITS);
}

static void establish(struct shared_table *table, struct shared *shared, uint32_t *payer)
{
    shared->adopters.established++;
    if (!members_paid_by(&shared->members, &table->pool, *payer >> MEMBER_BITS, true))
        shared->adopters.established_payers++;
    *payer |= MEMBER_ESTABLISHED;
}

/* A campaign holds the member: counted from its next sighting on, and for good. */
static void note_mark(struct shared *shared, uint32_t *payer, uint8_t adopter)
{
    if (!(adopter & ADOPTER_MARKED) || *payer & MEMBER_MARKED)
        return;
    *payer |= MEMBER_MARKED;
    shared->adopters.marked++;
}

/* Lists one that is no member; false if the list is closed. */
static bool enlist(struct shared_table *table, struct shared *shared, const struct shower *shower)
{
    uint32_t fold = payer_fold(shower->payer);
    bool new_payer = !members_paid_by(&shared->members, &table->pool, fold, false);
    if (shared->members.n >= table->members_max ||
        members_add(&shared->members, &table->pool, shower->account, fold << MEMBER_BITS) != STATUS_OK)
        return false;
    adopters_add(&shared->adopters, shower->adopter, shower->country);
    shared->adopters.payers += new_payer;
    if (shower->adopter & ADOPTER_ESTABLISHED)
        establish(table, shared, members_find(&shared->members, &table->pool, shower->account));
    note_mark(shared, members_find(&shared->members, &table->pool, shower->account), shower->adopter);
    return true;
}

enum shared_join shared_join(struct shared_table *table, struct shared *shared, const struct shower *shower)
{
    if (shared->estimated)
        estimate(table, shared, shower->account, payer_fold(shower->payer));
    if (shared->is_public)
        return JOIN_UNLISTED;
    uint32_t *payer = members_find(&shared->members, &table->pool, shower->account);
    if (payer) {
        note_mark(shared, payer, shower->adopter);
        if (*payer & MEMBER_ESTABLISHED || !(shower->adopter & ADOPTER_ESTABLISHED))
            return JOIN_KNOWN;
        establish(table, shared, payer);
        return JOIN_ESTABLISHED;
    }
    if (enlist(table, shared, shower))
        return JOIN_NEW;
    start_estimate(table, shared);
    estimate(table, shared, shower->account, payer_fold(shower->payer));
    table->unlisted++;
    return JOIN_UNLISTED;
}

void shared_count_slot(struct shared_table *table, struct shared *shared, uint32_t fold)
{
    if (!fold)
        return;
    struct shared_regs *regs = regs_at(table, shared);
    for (unsigned i = 0; !regs && i < SHARED_SLOTS; i++) {
        if (shared->slot[i] && shared->slot[i] != fold)
            continue;
        shared->slot[i] = fold;
        return;
    }
    regs = regs_take(table, shared);
    if (regs)
        hll_add(regs->slots, SHARED_LOG2, fold_hash(fold));
}

void shared_publish(struct shared_table *table, struct shared *shared)
{
    start_estimate(table, shared);
    members_fini(&shared->members, &table->pool);
    shared->is_public = true;
    shared->announced = false;
    table->publics++;
}

/* Listed anew from now on: whoever comes next is the first. What was counted in registers stays. */
void shared_reopen(struct shared_table *table, struct shared *shared)
{
    members_init(&shared->members);
    shared->adopters = (struct adopters){ 0 };
    shared->is_public = false;
    table->publics--;
}

double shared_accounts(const struct shared_table *table, const struct shared *shared)
{
    double listed = shared->adopters.accounts;
    double estimated = shared->estimated ? hll_estimate(regs_at(table, shared)->accounts, SHARED_LOG2) : 0;
    return estimated > listed ? estimated : listed;
}

double shared_payers(const struct shared_table *table, const struct shared *shared)
{
    double listed = shared->adopters.payers;
    double estimated = shared->estimated ? hll_estimate(regs_at(table, shared)->payers, SHARED_LOG2) : 0;
    return estimated > listed ? estimated : listed;
}

double shared_slots(const struct shared_table *table, const struct shared *shared)
{
    const struct shared_regs *regs = regs_at(table, shared);
    if (regs)
        return hll_estimate(regs->slots, SHARED_LOG2);
    unsigned n = 0;
    while (n < SHARED_SLOTS && shared->slot[n])
        n++;
    return n;
}
