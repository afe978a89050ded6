#include "account/emit.h"

#include <stddef.h>
#include <string.h>

#define ESTABLISHED_MS (30 * DAY_MS)

enum { BAND_SAMPLE = 4 };
/* Anchors of a text are the least of its hashes: one above this was hardly among the four least that were issued. */
static const uint64_t echo_most = UINT64_MAX / 4;

struct member {
    uint8_t kind, verb, n;
    uint16_t offset;
};

#define FACT(kind, field)                                                                                    \
    {                                                                                                        \
        kind, VERB_SHOW, 1, offsetof(struct account_record, field)                                           \
    }
#define SHOWN(kind, field)                                                                                   \
    {                                                                                                        \
        kind, VERB_SHOW, 1, offsetof(struct exchange_record, field)                                          \
    }
#define DIRECT(kind, verb, n, field)                                                                         \
    {                                                                                                        \
        kind, verb, n, offsetof(struct exchange_record, anchors.field)                                       \
    }

static const struct member fact_members[] = {
    FACT(OBJECT_PAYMENT, payment),
    FACT(OBJECT_DEVICE, device),
    FACT(OBJECT_EMAIL_DOMAIN, email_domain),
    FACT(OBJECT_SIGNUP_NET, signup_net),
};
_Static_assert(
    sizeof fact_members / sizeof *fact_members + 1 == FACTS, "one fingerprint a fact and the burst");

static const struct member network_members[] = {
    SHOWN(OBJECT_IP, ip),
    SHOWN(OBJECT_NET, net),
    SHOWN(OBJECT_CLIENT, client),
    SHOWN(OBJECT_END_USER, end_user),
};

static const struct member content_members[] = {
    SHOWN(OBJECT_SYSTEM, system.id),
    SHOWN(OBJECT_TOOLSET, tools.id),
    SHOWN(OBJECT_LEAD6, lead[0]),
    SHOWN(OBJECT_LEAD12, lead[1]),
    SHOWN(OBJECT_TAIL6, tail[0]),
    SHOWN(OBJECT_SHAPE, shape),
};

/* Shown once the account has shown the shorter opening or ending in an earlier exchange. */
static const struct member longer_members[] = {
    SHOWN(OBJECT_LEAD24, lead[2]),
    SHOWN(OBJECT_TAIL12, tail[1]),
};

static const struct member direct_members[] = {
    DIRECT(OBJECT_TURN, VERB_ISSUE, 1, issued_turn),
    DIRECT(OBJECT_ECHO, VERB_ISSUE, ISSUED_MAX, issued),
    DIRECT(OBJECT_SIGNATURE, VERB_ISSUE, 2, issued_signature),
    DIRECT(OBJECT_TURN, VERB_RETURN, TURNS_MAX, turns),
    DIRECT(OBJECT_ECHO, VERB_RETURN, ECHO_MAX, echo),
    DIRECT(OBJECT_SIGNATURE, VERB_RETURN, SIGNED_MAX, signature),
};

#define MEMBERS(list) (list), sizeof(list) / sizeof *(list)

static uint64_t hash_at(const void *facts, unsigned offset)
{
    uint64_t hash;
    memcpy(&hash, (const char *)facts + offset, sizeof hash);
    return hash;
}

static void put(struct emission *emission, unsigned kind, unsigned verb, uint64_t object)
{
    struct sighting_list *list = emission->list;
    if (list->n == list->capacity)
        return;
    struct sighting *sighting = &list->items[list->n++];
    *sighting = emission->base;
    sighting->object = object;
    sighting->kind = (uint8_t)kind;
    sighting->verb = (uint8_t)verb;
}

/* Two bits a key; the hour moves them, so that a pair of keys does not collide for ever. */
static bool recent_add(struct account *account, uint64_t key, uint32_t hour)
{
    uint64_t mixed = (key ^ hour) * UINT64_C(0xD6E8FEB86659FD93);
    uint32_t first = (uint32_t)((mixed >> 32) * (RECENT_BYTES * 8) >> 32);
    uint32_t second = (uint32_t)((mixed & UINT32_MAX) * (RECENT_BYTES * 8) >> 32);
    uint8_t *a = &account->recent[first / 8], *b = &account->recent[second / 8];
    uint8_t a_bit = (uint8_t)(1 << first % 8), b_bit = (uint8_t)(1 << second % 8);
    bool known = (*a & a_bit) && (*b & b_bit);
    *a |= a_bit;
    *b |= b_bit;
    return !known;
}

static bool show(struct emission *emission, unsigned kind, uint64_t hash, uint32_t hour)
{
    uint64_t object = object_key(kind, hash);
    if (object == 0 || !recent_add(emission->account, object, hour))
        return false;
    put(emission, kind, VERB_SHOW, object);
    return true;
}

uint8_t account_adopter(const struct account *account, int64_t now_ms)
{
    int64_t since = account->created_ms >= 0 ? account->created_ms : account->first_ms;
    bool verified = account->tier == TIER_VERIFIED || account->tier == TIER_ENTERPRISE ||
                    (account->verified & VERIFIED_BUSINESS);
    return (uint8_t)((now_ms - since >= ESTABLISHED_MS ? ADOPTER_ESTABLISHED : 0) |
                     (verified ? ADOPTER_VERIFIED : 0) |
                     (account->programme == PROGRAMME_EDUCATION ? ADOPTER_EDUCATION : 0) |
                     (account->reseller == 1 ? ADOPTER_RESELLER : 0) |
                     (account->flags & ACCOUNT_MARKED ? ADOPTER_MARKED : 0) |
                     (account->organization || account->payment ? ADOPTER_PAYER_KNOWN : 0));
}

uint64_t account_payer(const struct account *account, uint64_t id)
{
    if (account->organization)
        return account->organization;
    return account->payment ? account->payment : id;
}

struct emission emission_of(struct account_table *table, struct account *account, const struct record *record,
    struct sighting_list *list)
{
    struct emission emission = { .table = table, .account = account, .list = list };
    emission.base = (struct sighting){
        .account = record->account,
        .payer = account_payer(account, record->account),
        .organization = account->organization,
        .time_ms = record->time_ms,
        .country = account->country,
        .adopter = account_adopter(account, record->time_ms),
    };
    return emission;
}

/* Same hour, programme and country of creation; 0 where the time of creation is unknown. */
static uint64_t burst_of(const struct account *account)
{
    if (account->created_ms < 0)
        return 0;
    uint64_t hour = (uint64_t)(account->created_ms / HOUR_MS);
    return hour << 24 | (uint64_t)account->programme << 16 | account->country;
}

static void show_changed(struct emission *emission, unsigned kind, uint64_t hash, uint16_t *fingerprint)
{
    uint64_t object = object_key(kind, hash);
    uint16_t shown = (uint16_t)(object >> 48 ? object >> 48 : 1);
    if (object == 0 || *fingerprint == shown)
        return;
    *fingerprint = shown;
    put(emission, kind, VERB_SHOW, object);
}

void emit_facts(struct emission *emission, const struct account_record *facts)
{
    uint16_t *fingerprints = emission->account->facts;
    for (unsigned i = 0; i < FACTS - 1; i++) {
        const struct member *member = &fact_members[i];
        show_changed(emission, member->kind, hash_at(facts, member->offset), &fingerprints[i]);
    }
    show_changed(emission, OBJECT_SIGNUP_BURST, burst_of(emission->account), &fingerprints[FACTS - 1]);
}

static bool emit_shown(struct emission *emission, const struct exchange_record *exchange, uint32_t hour,
    const struct member *members, size_t n)
{
    bool any = false;
    for (size_t i = 0; i < n; i++)
        any |= show(emission, members[i].kind, hash_at(exchange, members[i].offset), hour);
    return any;
}

/*
 * Most openings and endings never come again, and the longer ones with them: they wait for the shorter to recur. What
 * is left out are exchanges whose frame the account shows for the first time, or too seldom among too much else.
 */
static bool emit_longer(struct emission *emission, const struct exchange_record *exchange, uint32_t hour)
{
    const bool recurs[] = {
        exchange->lead[2] &&
            account_frame_recurs(emission->account, object_key(OBJECT_LEAD12, exchange->lead[1])),
        exchange->tail[1] &&
            account_frame_recurs(emission->account, object_key(OBJECT_TAIL6, exchange->tail[0])),
    };
    bool any = false;
    for (unsigned i = 0; i < sizeof recurs / sizeof *recurs; i++)
        if (recurs[i])
            any |= emit_shown(emission, exchange, hour, &longer_members[i], 1);
    return any;
}

uint64_t emit_band(const uint16_t rows[static MINHASH_ROWS], unsigned band)
{
    uint64_t all;
    memcpy(&all, rows, sizeof all);
    uint64_t hash = all * UINT64_C(0x9E3779B97F4A7C15) + band + 1;
    return hash >> 32 & (BAND_SAMPLE - 1) ? 0 : hash;
}

static bool emit_bands(struct emission *emission, const struct exchange_record *exchange, uint32_t hour)
{
    bool any = false;
    if (exchange->user.id == 0)
        return false;
    for (unsigned band = 0; band < MINHASH_BANDS; band++)
        any |=
            show(emission, OBJECT_BAND, emit_band(&exchange->user.minhash[band * MINHASH_ROWS], band), hour);
    return any;
}

static void emit_content(struct emission *emission, const struct exchange_record *exchange, uint32_t hour)
{
    struct account *account = emission->account;
    if (!(exchange->system.id | exchange->tools.id | exchange->user.id | exchange->shape))
        return;
    if (account->content_n >= emission->table->content_per_hour) {
        emission->table->stats.content_left_out++;
        return;
    }
    emission->base.slot = exchange->slot;
    bool any = emit_shown(emission, exchange, hour, MEMBERS(content_members));
    any |= emit_longer(emission, exchange, hour);
    any |= emit_bands(emission, exchange, hour);
    emission->base.slot = 0;
    account->content_n = (uint8_t)(account->content_n + any);
}

/* Refused, or failed without everybody's failing: whoever has another account sends it from there. */
static bool is_failure(const struct account_table *table, uint16_t status)
{
    return status_is_refusal(status) || (status >= 500 && !outage_lasts(&table->outage));
}

static void emit_direct(struct emission *emission, const struct exchange_record *exchange)
{
    struct sighting_list *list = emission->list;
    struct account *account = emission->account;
    size_t before = list->n;
    for (size_t i = 0; i < sizeof direct_members / sizeof *direct_members; i++) {
        const struct member *member = &direct_members[i];
        for (unsigned k = 0; k < member->n; k++) {
            uint64_t hash = hash_at(exchange, member->offset + k * (unsigned)sizeof(uint64_t));
            if (hash && (member->kind != OBJECT_ECHO || hash <= echo_most))
                put(emission, member->kind, member->verb, object_key(member->kind, hash));
        }
    }
    if (exchange->slot)
        put(emission, OBJECT_REFUSED,
            is_failure(emission->table, exchange->status) ? VERB_ISSUE : VERB_RETURN,
            object_key(OBJECT_REFUSED, exchange->slot));
    if (list->n == before)
        return;
    if (account->provenance_n < PROVENANCE_PER_HOUR) {
        account->provenance_n++;
        return;
    }
    list->n = before;
    emission->table->stats.provenance_left_out++;
}

void emit_exchange(
    struct emission *emission, const struct moment *moment, const struct exchange_record *exchange)
{
    struct account *account = emission->account;
    if (moment->new_hour) {
        memset(account->recent, 0, sizeof account->recent);
        account->content_n = 0;
        account->provenance_n = 0;
    }
    emit_shown(emission, exchange, moment->hour, MEMBERS(network_members));
    emit_content(emission, exchange, moment->hour);
    emit_direct(emission, exchange);
}
