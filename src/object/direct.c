#include "object/table.h"
#include "object/tie_list.h"

static void tie_direct(
    struct tie_list *ties, const struct sighting *sighting, const struct holder *holder, int64_t lag_s)
{
    tie_list_add(ties, &(struct tie){ .object = sighting->object,
                           .a = holder->account,
                           .b = sighting->account,
                           .organization = holder_organization(holder),
                           .time_ms = sighting->time_ms,
                           .op = TIE_DIRECT,
                           .kind = sighting->kind,
                           .lag_s = lag_s > UINT16_MAX ? UINT16_MAX : (uint16_t)lag_s });
}

/* Those of the hits whose account is known and another customer's; the older first, then by account. */
static unsigned strangers(const struct object_table *table, const struct sighting *sighting,
    struct issued_hit hits[static ISSUED_HOLDERS], unsigned n)
{
    uint64_t account[ISSUED_HOLDERS];
    unsigned kept = 0;
    for (unsigned i = 0; i < n; i++) {
        const struct holder *holder = holders_at(&table->holders, hits[i].holder);
        if (!holder || holder->payer == sighting_payer(sighting))
            continue;
        account[kept] = holder->account;
        hits[kept++] = hits[i];
    }
    if (kept == 2 && (hits[0].age_buckets < hits[1].age_buckets ||
                         (hits[0].age_buckets == hits[1].age_buckets && account[0] > account[1]))) {
        struct issued_hit younger = hits[0];
        hits[0] = hits[1];
        hits[1] = younger;
    }
    return kept;
}

static void returned(struct object_table *table, const struct sighting *sighting, struct way_key key,
    uint32_t self, struct tie_list *ties)
{
    struct issued_hit hits[ISSUED_HOLDERS];
    unsigned n = issued_find(&table->issued, key, self, sighting->time_ms, hits);
    n = strangers(table, sighting, hits, n);
    for (unsigned i = 0; i < n; i++) {
        const struct holder *holder = holders_at(&table->holders, hits[i].holder);
        uint64_t a = holder->account;
        enum tell tell = told_tell(&table->told, sighting->object, a, sighting->account, sighting->time_ms);
        if (tell == TELL_NEW_PAIR)
            issued_returned(&hits[i]);
        if (tell != TELL_NOT)
            tie_direct(ties, sighting, holder, hits[i].age_buckets * table->issued.bucket_ms / 1000);
    }
}

static void sent(
    struct object_table *table, const struct sighting *sighting, uint32_t self, struct tie_list *ties)
{
    uint32_t lag_s = 0;
    uint32_t from = refused_sent(&table->refused, sighting->object, self, sighting->time_ms, &lag_s);
    if (!from)
        return;
    const struct holder *holder = holders_at(&table->holders, from);
    if (!holder || holder->payer == sighting_payer(sighting))
        return;
    if (told_tell(&table->told, sighting->object, holder->account, sighting->account, sighting->time_ms) !=
        TELL_NOT)
        tie_direct(ties, sighting, holder, lag_s);
}

void object_direct(struct object_table *table, const struct sighting *sighting, struct way_key key,
    uint32_t holder, struct tie_list *ties)
{
    if (sighting->kind == OBJECT_REFUSED) {
        if (sighting->verb == VERB_ISSUE)
            refused_put(&table->refused, sighting->object, holder, sighting->time_ms);
        else
            sent(table, sighting, holder, ties);
    } else if (sighting->verb == VERB_ISSUE) {
        issued_put(&table->issued, key, holder, sighting->time_ms);
    } else {
        returned(table, sighting, key, holder, ties);
    }
}
