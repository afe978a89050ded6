#include "record/codec.h"

#include "base/clock.h"
#include "base/endian.h"
#include "exchange/event.h"

enum { ITEM_HEAD = 3, COMMON_BYTES = 16 };

/* A run of equal numbers in struct record, `size` bytes each. */
struct field {
    uint16_t offset;
    uint8_t size, count;
};

#define ONE(member)                                                                                          \
    {                                                                                                        \
        offsetof(struct record, member), sizeof(((struct record *)0)->member), 1                             \
    }
#define ALL(member, item)                                                                                    \
    {                                                                                                        \
        offsetof(struct record, member), sizeof(item), sizeof(((struct record *)0)->member) / sizeof(item)   \
    }
#define X(member) ONE(exchange.member)
/* From first to last, which lie side by side and are of one size: one row, not many. */
#define RUN(part, first, last)                                                                               \
    {                                                                                                        \
        offsetof(struct record, part.first), sizeof(((struct record *)0)->part.first),                       \
            (offsetof(struct record, part.last) - offsetof(struct record, part.first)) /                     \
                    sizeof(((struct record *)0)->part.first) +                                               \
                1                                                                                            \
    }

/* The order of these tables is the format (docs/formats.md); a change needs another RECORD_VERSION. */
static const struct field exchange_fields[] = {
    RUN(exchange, exchange, model),
    X(asn),
    RUN(exchange, country, status),
    RUN(exchange, duration_ms, top_p_milli),
    RUN(exchange, n, top_logprobs),
    X(param_flags),
    X(shape),
    RUN(exchange, n_messages, n_issued_parts),
    RUN(exchange, system_bytes, output_bytes),
    X(slot),
    X(format),
    RUN(exchange, api, flags),
    ALL(exchange.capability, uint8_t),
    ALL(exchange.elicitation, uint8_t),
};

static const struct field account_fields[] = {
    RUN(account_facts, created_ms, signup_net),
    RUN(account_facts, country, phone_country),
    RUN(account_facts, tier, email_disposable),
};

static const struct field enforcement_fields[] = { ONE(enforcement.action) };
static const struct field release_fields[] = { ONE(release.model) };

/* Lists of hashes that are often short: a count of those up to the last one present, then these. */
static const struct field exchange_lists[] = {
    ALL(exchange.lead, uint64_t),
    ALL(exchange.tail, uint64_t),
    ALL(exchange.anchors.issued_turn, uint64_t), // NOLINT(bugprone-sizeof-expression): a list of one
    ALL(exchange.anchors.issued, uint64_t),
    ALL(exchange.anchors.issued_signature, uint64_t),
    ALL(exchange.anchors.turns, uint64_t),
    ALL(exchange.anchors.echo, uint64_t),
    ALL(exchange.anchors.signature, uint64_t),
};

static const uint16_t exchange_frames[] = { offsetof(struct record, exchange.system),
    offsetof(struct record, exchange.tools), offsetof(struct record, exchange.user) };

static const struct field frame_fields[] = {
    { offsetof(struct frame_sig, id), 8, 1 },
    { offsetof(struct frame_sig, simhash), 8, 1 },
    { offsetof(struct frame_sig, minhash), 2, MINHASH_BINS },
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct kind {
    const struct field *fields;
    size_t n;
} kinds[] = {
    [RECORD_EXCHANGE] = { exchange_fields, COUNT(exchange_fields) },
    [RECORD_ACCOUNT] = { account_fields, COUNT(account_fields) },
    [RECORD_ENFORCEMENT] = { enforcement_fields, COUNT(enforcement_fields) },
    [RECORD_RELEASE] = { release_fields, COUNT(release_fields) },
};

/* Bytes still to be written or read. Once they do not suffice, `short_of` stays set. */
struct cursor {
    uint8_t *out;
    const uint8_t *in;
    size_t left;
    bool short_of;
};

static bool take(struct cursor *cursor, size_t n)
{
    cursor->short_of |= n > cursor->left;
    if (cursor->short_of)
        return false;
    cursor->left -= n;
    return true;
}

/* Numbers of one size: memory order and file order are the same on little-endian machines. */
static void swap_copy(uint8_t *to, const uint8_t *from, size_t size, size_t count)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(to, from, size * count);
#else
    for (size_t i = 0; i < count; i++)
        for (size_t b = 0; b < size; b++)
            to[i * size + b] = from[i * size + size - 1 - b];
#endif
}

static void put_numbers(struct cursor *cursor, const void *numbers, size_t size, size_t count)
{
    if (!take(cursor, size * count))
        return;
    swap_copy(cursor->out, numbers, size, count);
    cursor->out += size * count;
}

static void get_numbers(struct cursor *cursor, void *ret_numbers, size_t size, size_t count)
{
    if (!take(cursor, size * count))
        return;
    swap_copy(ret_numbers, cursor->in, size, count);
    cursor->in += size * count;
}

static void put_fields(struct cursor *cursor, const void *base, const struct field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_numbers(cursor, (const uint8_t *)base + fields[i].offset, fields[i].size, fields[i].count);
}

static void get_fields(struct cursor *cursor, void *base, const struct field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++)
        get_numbers(cursor, (uint8_t *)base + fields[i].offset, fields[i].size, fields[i].count);
}

/* Frames: one byte tells which are there. */

static void put_frames(struct cursor *cursor, const struct record *record)
{
    static const struct frame_sig absent;
    uint8_t present = 0;
    for (size_t i = 0; i < COUNT(exchange_frames); i++)
        present |=
            (uint8_t)((memcmp((const uint8_t *)record + exchange_frames[i], &absent, sizeof absent) != 0)
                      << i);
    put_numbers(cursor, &present, 1, 1);
    for (size_t i = 0; i < COUNT(exchange_frames); i++)
        if (present >> i & 1)
            put_fields(
                cursor, (const uint8_t *)record + exchange_frames[i], frame_fields, COUNT(frame_fields));
}

static bool get_frames(struct cursor *cursor, struct record *record)
{
    uint8_t present = 0;
    get_numbers(cursor, &present, 1, 1);
    for (size_t i = 0; i < COUNT(exchange_frames); i++)
        if (present >> i & 1)
            get_fields(cursor, (uint8_t *)record + exchange_frames[i], frame_fields, COUNT(frame_fields));
    return present >> COUNT(exchange_frames) == 0;
}

static void put_lists(struct cursor *cursor, const struct record *record)
{
    for (size_t i = 0; i < COUNT(exchange_lists); i++) {
        const uint64_t *values =
            (const uint64_t *)(const void *)((const uint8_t *)record + exchange_lists[i].offset);
        uint8_t n = exchange_lists[i].count;
        while (n > 0 && values[n - 1] == 0)
            n--;
        put_numbers(cursor, &n, 1, 1);
        put_numbers(cursor, values, sizeof *values, n);
    }
}

static bool get_lists(struct cursor *cursor, struct record *record)
{
    for (size_t i = 0; i < COUNT(exchange_lists); i++) {
        uint8_t n = 0;
        get_numbers(cursor, &n, 1, 1);
        if (n > exchange_lists[i].count)
            return false;
        get_numbers(cursor, (uint8_t *)record + exchange_lists[i].offset, sizeof(uint64_t), n);
    }
    return true;
}

size_t record_encode(const struct record *record, uint8_t *out, size_t capacity)
{
    struct cursor cursor = { .out = out + ITEM_HEAD, .left = capacity - ITEM_HEAD };
    if (capacity < ITEM_HEAD || record->kind >= COUNT(kinds))
        return 0;
    put_numbers(&cursor, &record->time_ms, 8, 1);
    put_numbers(&cursor, &record->account, 8, 1);
    put_fields(&cursor, record, kinds[record->kind].fields, kinds[record->kind].n);
    if (record->kind == RECORD_EXCHANGE) {
        put_frames(&cursor, record);
        put_lists(&cursor, record);
    }
    if (cursor.short_of)
        return 0;
    size_t n = capacity - cursor.left;
    out[0] = record->kind;
    put_le16(out + 1, (uint16_t)(n - ITEM_HEAD));
    return n;
}

/* Beyond the years that a log can name later stages would count past the ends of their numbers. */
static bool is_time(int64_t ms)
{
    return ms >= CLOCK_MIN_MS && ms <= CLOCK_MAX_MS;
}

/* Times, and enumerations that later stages index tables with. */
static const char *impossible_field(const struct record *record)
{
    const struct exchange_record *exchange = &record->exchange;
    const struct account_record *account = &record->account_facts;
    if (!is_time(record->time_ms))
        return "time";
    switch (record->kind) {
    case RECORD_EXCHANGE:
        if (exchange->api >= API_COUNT)
            return "api";
        if (exchange->language >= LANG_COUNT)
            return "language";
        return exchange->finish > FINISH_OTHER ? "finish" : NULL;
    case RECORD_ACCOUNT:
        if (account->created_ms != NUMBER_ABSENT && !is_time(account->created_ms))
            return "created";
        if (account->tier >= TIER_COUNT)
            return "tier";
        if (account->programme > PROGRAMME_STARTUP)
            return "programme";
        return account->reseller < -1 || account->reseller > 1 ? "reseller" : NULL;
    case RECORD_ENFORCEMENT:
        return record->enforcement.action > ENFORCEMENT_RESTORED ? "action" : NULL;
    default:
        return NULL;
    }
}

static enum status decode_body(
    uint8_t kind, const uint8_t *in, size_t n, struct record *ret_record, struct diag *diag)
{
    enum status st = STATUS_BAD;
    struct cursor cursor = { .in = in, .left = n };
    const char *field = "item";
    bool possible = true;
    memset(ret_record, 0, sizeof *ret_record);
    ret_record->kind = kind;
    get_numbers(&cursor, &ret_record->time_ms, 8, 1);
    get_numbers(&cursor, &ret_record->account, 8, 1);
    get_fields(&cursor, ret_record, kinds[kind].fields, kinds[kind].n);
    if (kind == RECORD_EXCHANGE)
        possible = get_frames(&cursor, ret_record) && get_lists(&cursor, ret_record);
    REQUIRE(possible && !cursor.short_of && cursor.left == 0, STATUS_BAD);
    field = impossible_field(ret_record);
    REQUIRE(!field, STATUS_BAD);
    return STATUS_OK;
fail:
    diag_set(diag, field, "not a possible value for an item of kind %u and %zu bytes", kind, n);
    return st;
}

enum status record_decode(
    const uint8_t *in, size_t n, struct record *ret_record, size_t *ret_used, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct record record;
    REQUIRE(n >= ITEM_HEAD, STATUS_NEED_MORE);
    size_t body = get_le16(in + 1);
    if (in[0] >= COUNT(kinds)) {
        diag_set(diag, "kind", "no record is of kind %u", in[0]);
        return STATUS_BAD;
    }
    REQUIRE(n - ITEM_HEAD >= body, STATUS_NEED_MORE);
    TRY(decode_body(in[0], in + ITEM_HEAD, body, &record, diag));
    *ret_record = record;
    *ret_used = ITEM_HEAD + body;
fail:
    return st;
}
