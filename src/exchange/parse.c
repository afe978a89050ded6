#include "exchange/parse.h"
#include "exchange/dialect.h"

#include <stdlib.h>

/* What a line says about how to read it. The keys that say so may come last. */
struct hints {
    enum event_kind kind;
    enum api api;
    bool refused; /* what the provider refused may be anything: wrong types in bodies are passed over */
    bool sure;    /* found by a scan of the whole line: what else the line says of them is not listened to */
};

enum { HEADER_ORDER_MAX_BYTES = 2048 }; /* what is beyond is not kept */

struct line_parser {
    struct reader reader; /* first: see parser_of */
    size_t line_max_bytes;
    struct hints hints;
    bool bodies;  /* a body was read, by hints.api */
    bool skipped; /* a body was not read, for want of an api */
    bool has_request;
    size_t n_header_order;
    char header_order[HEADER_ORDER_MAX_BYTES];
    struct unknown_keys unknown;
};

static struct line_parser *parser_of(struct walk *walk)
{
    return (struct line_parser *)(void *)walk;
}

/* Leaves the pass, so that the line is read again with what a scan finds. */
static enum status read_again(struct walk *walk)
{
    (void)walk;
    return STATUS_NEED_MORE;
}

static const struct word kinds[] = {
    { "exchange", EVENT_EXCHANGE },
    { "account", EVENT_ACCOUNT },
    { "enforcement", EVENT_ENFORCEMENT },
    { "release", EVENT_RELEASE },
    { NULL, 0 },
};

static enum status read_kind(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field, (void)object;
    struct line_parser *parser = parser_of(walk);
    int kind = 0;
    const struct field row = { .more = kinds };
    enum status st = read_word(walk, &row, value, &kind);
    if (st == STATUS_OK && (enum event_kind)kind != parser->hints.kind && !parser->hints.sure)
        return read_again(walk);
    return st;
}

static enum status read_api(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field, (void)object;
    struct line_parser *parser = parser_of(walk);
    struct span name;
    enum status st = json_string(walk->json, value, &name);
    if (st != STATUS_OK)
        return st;
    enum api api = dialect_named(name);
    if (api == API_NONE)
        return walk_bad_value(walk, "is not a known api");
    if (parser->hints.sure)
        return STATUS_OK;
    if (parser->skipped || (parser->bodies && api != parser->hints.api))
        return read_again(walk);
    parser->hints.api = api;
    return STATUS_OK;
}

typedef enum status body_fn(struct reader *reader, const struct dialect *dialect, struct json_value *value);

static enum status read_body(struct walk *walk, struct json_value *value, body_fn *read)
{
    struct line_parser *parser = parser_of(walk);
    const struct dialect *dialect = dialect_of(parser->hints.api);
    if (!dialect) {
        parser->skipped = true;
        return STATUS_OK;
    }
    parser->bodies = true;
    walk->lenient = parser->hints.refused;
    enum status st = read(&parser->reader, dialect, value);
    if (st == STATUS_MISMATCH && walk->lenient)
        st = STATUS_OK;
    walk->lenient = false;
    return st;
}

static enum status read_request(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field, (void)object;
    parser_of(walk)->has_request = true;
    return read_body(walk, value, reader_request);
}

static enum status read_response(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field, (void)object;
    return read_body(walk, value, reader_response);
}

static enum status read_line_usage(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field, (void)object;
    return walk_members(walk, value, &line_usage_fields, &parser_of(walk)->reader.line_usage);
}

static enum status read_http_status(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    int64_t status;
    enum status st = json_int(value, &status);
    if (st == STATUS_TOO_BIG || (st == STATUS_OK && (status < 100 || status > 599)))
        return walk_bad_value(walk, "is no HTTP status");
    if (st == STATUS_OK)
        ((struct event *)object)->exchange.status = (int32_t)status;
    return st;
}

static enum status read_header_name(struct walk *walk, struct json_value *value, void *object)
{
    (void)object;
    struct line_parser *parser = parser_of(walk);
    struct span name;
    enum status st = json_string(walk->json, value, &name);
    size_t n = parser->n_header_order;
    if (st != STATUS_OK || name.n + 1 > sizeof parser->header_order - n)
        return st;
    if (n > 0)
        parser->header_order[n++] = ',';
    memcpy(parser->header_order + n, name.data, name.n);
    parser->n_header_order = n + name.n;
    return STATUS_OK;
}

static enum status read_header_order(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    struct line_parser *parser = parser_of(walk);
    parser->n_header_order = 0;
    enum status st = walk_elements(walk, value, read_header_name, NULL);
    ((struct event *)object)->exchange.client.header_order =
        (struct span){ parser->header_order, parser->n_header_order };
    return st;
}

static enum status read_verified(
    struct walk *walk, const struct field *field, struct json_value *value, void *object);
static enum status read_reseller(
    struct walk *walk, const struct field *field, struct json_value *value, void *object);

#define EVENT(key, member, ...) FIELD(key, __VA_ARGS__, .offset = offsetof(struct event, member))

/* Of the required keys, in the order in which a missing one is named. */
enum { SEEN_TIME = 1, SEEN_ID, SEEN_ACCOUNT, SEEN_STATUS, SEEN_ACTION, SEEN_MODEL };

#define COMMON_ROWS FIELD("event", read_kind), EVENT("time", time_ms, read_time, .bit = SEEN_TIME)

static const struct field client_rows[] = {
    EVENT("ip", exchange.client.ip, read_span),
    EVENT("user_agent", exchange.client.user_agent, read_span),
    EVENT("ja4", exchange.client.ja4, read_span),
    FIELD("header_order", read_header_order),
    EVENT("country", exchange.client.country, read_span),
    EVENT("asn", exchange.client.asn, read_count, .arg = UINT32_MAX),
};
static const struct fields client_fields = FIELDS(client_rows, "client.");

static const struct field exchange_rows[] = {
    COMMON_ROWS,
    EVENT("id", exchange.id, read_id, .arg = 1, .bit = SEEN_ID),
    EVENT("account", exchange.account, read_id, .arg = 1, .bit = SEEN_ACCOUNT),
    EVENT("organization", exchange.organization, read_id),
    EVENT("key", exchange.key, read_id),
    EVENT("end_user", exchange.end_user, read_id),
    EVENT("session", exchange.session, read_id),
    FIELD("client", read_fields, .more = &client_fields),
    FIELD("api", read_api),
    FIELD("request", read_request),
    FIELD("status", read_http_status, .bit = SEEN_STATUS),
    FIELD("response", read_response),
    FIELD("usage", read_line_usage),
    EVENT("duration_ms", exchange.duration_ms, read_count),
};
static const struct word tiers[] = { { "free", TIER_FREE }, { "paid", TIER_PAID },
    { "verified", TIER_VERIFIED }, { "enterprise", TIER_ENTERPRISE }, { NULL, 0 } };

static const struct word programmes[] = { { "none", PROGRAMME_NONE }, { "education", PROGRAMME_EDUCATION },
    { "research", PROGRAMME_RESEARCH }, { "startup", PROGRAMME_STARTUP }, { NULL, 0 } };

static const struct field account_rows[] = {
    COMMON_ROWS,
    EVENT("account", account.account, read_id, .arg = 1, .bit = SEEN_ACCOUNT),
    EVENT("organization", account.organization, read_id),
    EVENT("created", account.created_ms, read_time),
    EVENT("tier", account.tier, read_word, .more = tiers),
    EVENT("programme", account.programme, read_word, .more = programmes),
    FIELD("verified", read_verified),
    EVENT("email_domain", account.email_domain, read_id),
    EVENT("phone_country", account.phone_country, read_id),
    EVENT("country", account.country, read_id),
    EVENT("payment", account.payment, read_id),
    EVENT("signup_ip", account.signup_ip, read_id),
    EVENT("device", account.device, read_id),
    FIELD("reseller", read_reseller),
};

static const struct word actions[] = { { "limited", ENFORCEMENT_LIMITED },
    { "suspended", ENFORCEMENT_SUSPENDED }, { "restored", ENFORCEMENT_RESTORED }, { NULL, 0 } };

static const struct field enforcement_rows[] = {
    COMMON_ROWS,
    EVENT("account", enforcement.account, read_id, .arg = 1, .bit = SEEN_ACCOUNT),
    EVENT("action", enforcement.action, read_word, .more = actions, .bit = SEEN_ACTION),
    EVENT("source", enforcement.source, read_span),
};

static const struct field release_rows[] = {
    COMMON_ROWS,
    EVENT("model", release_model, read_id, .arg = 1, .bit = SEEN_MODEL),
};

static enum status read_one_verified(struct walk *walk, struct json_value *value, void *object)
{
    static const struct word words[] = { { "email", VERIFIED_EMAIL }, { "phone", VERIFIED_PHONE },
        { "card", VERIFIED_CARD }, { "business", VERIFIED_BUSINESS }, { NULL, 0 } };
    const struct field row = { .more = words };
    int bit = 0;
    enum status st = read_word(walk, &row, value, &bit);
    ((struct event *)object)->account.verified |= (uint32_t)bit;
    return st;
}

static enum status read_verified(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    ((struct event *)object)->account.verified = 0;
    return walk_elements(walk, value, read_one_verified, object);
}

static enum status read_reseller(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)walk, (void)field;
    bool yes;
    enum status st = json_bool(value, &yes);
    if (st == STATUS_OK)
        ((struct event *)object)->account.reseller = yes;
    return st;
}

static void start_exchange(struct event *event)
{
    exchange_clear(&event->exchange);
}

static void start_account(struct event *event)
{
    event->account.created_ms = NUMBER_ABSENT;
    event->account.reseller = NUMBER_ABSENT;
}

struct kind {
    struct fields fields;
    uint64_t required;
    void (*start)(struct event *event);
};

#define BIT(i) (UINT64_C(1) << (i))

static const struct kind kind_tables[] = {
    [EVENT_EXCHANGE] = { FIELDS(exchange_rows, ""),
        BIT(SEEN_TIME) | BIT(SEEN_ID) | BIT(SEEN_ACCOUNT) | BIT(SEEN_STATUS), start_exchange },
    [EVENT_ACCOUNT] = { FIELDS(account_rows, ""), BIT(SEEN_TIME) | BIT(SEEN_ACCOUNT), start_account },
    [EVENT_ENFORCEMENT] = { FIELDS(enforcement_rows, ""),
        BIT(SEEN_TIME) | BIT(SEEN_ACCOUNT) | BIT(SEEN_ACTION), NULL },
    [EVENT_RELEASE] = { FIELDS(release_rows, ""), BIT(SEEN_TIME) | BIT(SEEN_MODEL), NULL },
};

static enum status missing(struct walk *walk, const char *key)
{
    walk->fault = FAULT_MISSING_KEY;
    walk->depth = 0;
    walk_point_at(walk, key);
    return STATUS_BAD;
}

static enum status check_required(struct line_parser *parser, const struct kind *kind)
{
    struct walk *walk = &parser->reader.walk;
    for (size_t i = 0; i < kind->fields.n; i++) {
        const struct field *field = &kind->fields.rows[i];
        uint64_t bit = UINT64_C(1) << field->bit;
        if (field->bit && (kind->required & bit) && !(walk->seen & bit))
            return missing(walk, field->name);
    }
    if (parser->has_request && parser->hints.api == API_NONE)
        return missing(walk, "api");
    return STATUS_OK;
}

/* Reads the line once, by the hints. STATUS_NEED_MORE: a key that came late says that the hints were wrong.
 */
static enum status read_line(struct line_parser *parser, struct span line, struct event *event)
{
    struct walk *walk = &parser->reader.walk;
    const struct kind *kind = &kind_tables[parser->hints.kind];
    walk_start(walk);
    *event = (struct event){ .kind = parser->hints.kind };
    reader_start(&parser->reader, &event->exchange);
    if (kind->start)
        kind->start(event);
    parser->bodies = parser->skipped = parser->has_request = false;
    struct json_items members;
    enum status st = json_open(walk->json, line, &members);
    if (st == STATUS_OK)
        st = walk_open_members(walk, &members, &kind->fields, event);
    if (st == STATUS_OK)
        st = json_at_end(walk->json);
    if (st == STATUS_OK)
        st = check_required(parser, kind);
    if (st != STATUS_OK || parser->hints.kind != EVENT_EXCHANGE)
        return st;
    event->exchange.api = parser->hints.api;
    return reader_finish(&parser->reader);
}

static enum status scan_kind(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    struct hints *hints = object;
    int kind = EVENT_EXCHANGE;
    const struct field row = { .more = kinds };
    enum status st = read_word(walk, &row, value, &kind);
    if (st == STATUS_OK)
        hints->kind = (enum event_kind)kind;
    return STATUS_OK;
}

static enum status scan_api(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    struct hints *hints = object;
    struct span name;
    if (value->type != JSON_STRING)
        return STATUS_OK;
    enum status st = json_string(walk->json, value, &name);
    if (st == STATUS_OK)
        hints->api = dialect_named(name);
    return st;
}

static enum status scan_status(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)walk, (void)field;
    struct hints *hints = object;
    int64_t status = 0;
    enum status st = json_int(value, &status);
    hints->refused = st == STATUS_OK && status >= 400;
    return STATUS_OK;
}

static const struct field scan_rows[] = {
    FIELD("event", scan_kind),
    FIELD("api", scan_api),
    FIELD("status", scan_status),
};
static const struct fields scan_fields = FIELDS(scan_rows, NULL);

/* Finds the hints of a line that could not be read at once. */
static enum status scan_line(struct line_parser *parser, struct span line, struct hints *ret_hints)
{
    struct walk *walk = &parser->reader.walk;
    struct hints hints = { .kind = EVENT_EXCHANGE, .sure = true };
    walk_start(walk);
    struct json_items members;
    enum status st = json_open(walk->json, line, &members);
    if (st == STATUS_OK)
        st = walk_open_members(walk, &members, &scan_fields, &hints);
    if (st == STATUS_OK)
        st = json_at_end(walk->json);
    if (st == STATUS_OK)
        *ret_hints = hints;
    return st;
}

static void keep_unknown(struct line_parser *parser)
{
    const struct unknown_keys *line = &parser->reader.walk.unknown;
    struct unknown_keys *kept = &parser->unknown;
    for (uint32_t i = 0; i < line->n; i++) {
        uint32_t k = 0;
        while (k < kept->n && strcmp(kept->names[k], line->names[i]) != 0)
            k++;
        if (k == kept->n && k < UNKNOWN_MAX)
            memcpy(kept->names[kept->n++], line->names[i], UNKNOWN_BYTES);
    }
}

static enum status read_or_reread(struct line_parser *parser, struct span line, struct event *event)
{
    parser->hints = (struct hints){ .kind = EVENT_EXCHANGE };
    enum status st = read_line(parser, line, event);
    bool hopeless = st == STATUS_BAD && parser->reader.walk.fault == FAULT_NOT_JSON;
    if (st == STATUS_OK || st == STATUS_NOMEM || hopeless)
        return st;
    st = scan_line(parser, line, &parser->hints);
    return st == STATUS_OK ? read_line(parser, line, event) : st;
}

/* Such a line is no JSON, whatever else is wrong with what is left of it. */
static bool is_cut_short(const struct walk *walk, enum status st)
{
    bool other = st == STATUS_MISMATCH || (st == STATUS_BAD && walk->fault != FAULT_NOT_JSON);
    return other && !json_is_closed(walk->json);
}

size_t line_parser_max_bytes(const struct line_parser *parser)
{
    return parser->line_max_bytes;
}

enum status line_parse(struct line_parser *parser, struct span line, struct event *ret_event,
    enum line_fault *ret_fault, struct diag *diag)
{
    struct walk *walk = &parser->reader.walk;
    struct event event;
    if (line.n > parser->line_max_bytes) {
        diag_set(diag, "", LINE_TOO_LONG, parser->line_max_bytes);
        *ret_fault = FAULT_TOO_LONG;
        return STATUS_BAD;
    }
    enum status st = read_or_reread(parser, line, &event);
    if (is_cut_short(walk, st)) {
        walk_start(walk);
        st = STATUS_BAD;
    }
    if (st == STATUS_OK || walk->fault != FAULT_NOT_JSON)
        keep_unknown(parser);
    if (st == STATUS_OK)
        *ret_event = event;
    if (st == STATUS_OK || st == STATUS_NOMEM)
        return st;
    walk_explain_line(walk, st, line, diag);
    *ret_fault = st == STATUS_MISMATCH ? FAULT_WRONG_TYPE : walk->fault;
    return STATUS_BAD;
}

const char *line_parser_unknown(const struct line_parser *parser, size_t i)
{
    return i < parser->unknown.n ? parser->unknown.names[i] : NULL;
}

enum status line_parser_new(size_t line_max_bytes, struct line_parser **ret_parser)
{
    struct line_parser *parser = calloc(1, sizeof *parser);
    if (!parser)
        return STATUS_NOMEM;
    parser->line_max_bytes = line_max_bytes;
    enum status st = json_new(&parser->reader.walk.json);
    if (st != STATUS_OK) {
        free(parser);
        return st;
    }
    *ret_parser = parser;
    return STATUS_OK;
}

void line_parser_free(struct line_parser *parser)
{
    if (!parser)
        return;
    parts_fini(&parser->reader.parts);
    json_free(parser->reader.walk.json);
    free(parser);
}
