/*
 * tour.c: follows one exchange through the real functions and prints what each stage makes of it.
 *
 * Model: sections headed "## name"; scripts/make-tour puts each where docs/tour.md has "<!-- tour: name -->".
 * Order of calls: the layers by hand first, one partition each, then the engine over the same log.
 */
#include "base/json_writer.h"
#include "engine/engine.h"
#include "exchange/parse.h"
#include "record/codec.h"
#include "record/extract.h"
#include "report/decisions_json.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void need(enum status st, const char *what)
{
    if (st == STATUS_OK)
        return;
    fprintf(stderr, "tour: %s: %s\n", what, status_text(st));
    exit(1);
}

static void section(const char *name)
{
    printf("## %s\n", name);
}

static const char *const roles[] = { "system", "user", "assistant", "tool" };
static const char *const verbs[] = { "shows", "was issued", "returns" };
static const char *const ops[] = { "member", "direct", "withdraw" };

static void print_exchange(const struct exchange *exchange)
{
    section("exchange");
    printf("account %.*s  api %d  status %d  input_tok %" PRId64 "  output_tok %" PRId64 "\n",
        (int)exchange->account.n, exchange->account.data, (int)exchange->api, exchange->status,
        exchange->usage.input_tok, exchange->usage.output_tok);
    for (uint32_t i = 0; i < exchange->n_parts; i++) {
        const struct part *part = &exchange->parts[i];
        int shown = part->text.n < 60 ? (int)part->text.n : 60;
        printf("part %u  message %u  %-9s  %s  %zu bytes  \"%.*s%s\"\n", i, part->message, roles[part->role],
            part->issued ? "issued" : "sent  ", part->text.n, shown, part->text.data,
            part->text.n > 60 ? "..." : "");
    }
}

static void print_frame(const char *name, const struct frame_sig *frame)
{
    printf("%-12s id %016" PRIx64 "  simhash %016" PRIx64 "  minhash", name, frame->id, frame->simhash);
    for (size_t i = 0; i < 4; i++)
        printf(" %04x", frame->minhash[i]);
    printf(" ...\n");
}

static void print_record(const struct record *record)
{
    const struct exchange_record *exchange = &record->exchange;
    section("record");
    printf("account      %016" PRIx64 "\nip           %016" PRIx64 "\nmodel        %016" PRIx64 "\n",
        record->account, exchange->ip, exchange->model);
    print_frame("user", &exchange->user);
    for (size_t i = 0; i < LEAD_COUNT; i++)
        printf("lead %-2u      %016" PRIx64 "\n", lead_tokens[i], exchange->lead[i]);
    printf("slot         %016" PRIx64 "\n", exchange->slot);
    printf("issued turn  %016" PRIx64 "\nreturned     %016" PRIx64 "\n", exchange->anchors.issued_turn,
        exchange->anchors.turns[0]);
    printf("format       0x%03x  language %u  user_bytes %u  history_bytes %u  output_bytes %u\n",
        exchange->format, exchange->language, exchange->user_bytes, exchange->history_bytes,
        exchange->output_bytes);
}

static void print_bytes(const struct record *record)
{
    uint8_t bytes[1024];
    size_t n = record_encode(record, bytes, sizeof bytes);
    section("bytes");
    for (size_t i = 0; i < 96 && i < n; i++)
        printf("%s%02x%s", i % 16 ? " " : "", bytes[i], i % 16 == 15 ? "\n" : "");
    printf("... %zu bytes\n", n);
}

static void print_sighting(const struct sighting *sighting)
{
    printf("%-10s  %-26s %016" PRIx64 "  family %s\n", verbs[sighting->verb],
        object_kind_info[sighting->kind].name, sighting->object,
        family_name(object_kind_info[sighting->kind].family));
}

static void print_ties(const struct tie_list *ties, uint64_t account)
{
    section("ties");
    for (size_t i = 0; i < ties->n; i++) {
        const struct tie *tie = &ties->items[i];
        if (tie->a != account && tie->b != account)
            continue;
        printf("%-8s  %-26s %016" PRIx64 "  a %016" PRIx64, ops[tie->op], object_kind_info[tie->kind].name,
            tie->object, tie->a);
        if (tie->b)
            printf("  b %016" PRIx64 "  after %u s", tie->b, tie->lag_s);
        printf("\n");
    }
}

static void print_object(const struct object_table *objects, uint64_t object)
{
    struct object_profile profile;
    need(object_profile(objects, object, &profile), "object");
    section("object");
    printf("%s %016" PRIx64 "\naccounts %.0f  payers %.0f  slots %.0f  sightings %" PRIu64
           "\nestablished %.2f  countries %.2f bits  %s\n",
        object_kind_info[profile.kind].name, object, profile.accounts, profile.payers, profile.slots,
        profile.sightings, profile.established, profile.countries,
        profile.is_public ? "public" : "not public");
}

/* The layers by hand */

struct by_hand {
    struct line_parser *parser;
    struct extractor *extractor;
    struct record_batch *batch;
    struct account_table *accounts;
    struct object_table *objects;
    struct sighting_list sightings;
    struct usage_list usages;
    struct tie_list ties;
    struct population_sketch population;
};

static bool is_followed(const struct event *event)
{
    return event->kind == EVENT_EXCHANGE && span_is(event->exchange.id, TOUR_EXCHANGE);
}

static void follow(struct by_hand *hand, const struct record *record)
{
    uint64_t frame = object_key(OBJECT_LEAD12, record->exchange.lead[1]);
    print_bytes(record);
    section("sightings");
    for (size_t i = 0; i < hand->sightings.n; i++)
        print_sighting(&hand->sightings.items[i]);
    print_ties(&hand->ties, record->account);
    print_object(hand->objects, frame);
}

static void take_line(struct by_hand *hand, struct span line)
{
    struct event event;
    struct record record;
    struct population population;
    enum line_fault fault;
    need(line_parse(hand->parser, line, &event, &fault, NULL), "line");
    bool followed = is_followed(&event);
    if (followed) {
        section("line");
        printf("%.*s\n", (int)line.n, line.data);
        print_exchange(&event.exchange);
    }
    extract_record(hand->extractor, &event, &record);
    need(extract_into(hand->extractor, &event, hand->batch), "batch");
    if (followed)
        print_record(&record);
    hand->sightings.n = hand->usages.n = hand->ties.n = 0;
    need(account_apply(hand->accounts, &record, &hand->sightings, &hand->usages, NULL), "account");
    memset(&hand->population, 0, sizeof hand->population);
    account_population(hand->accounts, &hand->population);
    population_estimate(&hand->population, &population);
    need(object_apply(hand->objects, hand->sightings.items, hand->sightings.n, &population, &hand->ties),
        "object");
    if (followed)
        follow(hand, &record);
}

static void walk_by_hand(struct by_hand *hand, const struct key *key, struct span log)
{
    const struct account_config accounts = { .capacity = 1000 };
    const struct object_config objects = {
        .singles_bytes = 4 << 20, .shared_bytes = 4 << 20, .issued_bytes = 4 << 20
    };
    need(line_parser_new(1 << 16, &hand->parser), "parser");
    need(extractor_new(key, &hand->extractor), "extractor");
    need(record_batch_new(&hand->batch), "batch");
    need(account_table_new(&accounts, &hand->accounts), "accounts");
    need(object_table_new(&objects, &hand->objects), "objects");
    for (size_t at = 0; at < log.n;) {
        size_t end = span_find(log, '\n', at);
        take_line(hand, (struct span){ log.data + at, end - at });
        at = end + 1;
    }
}

static void by_hand_fini(struct by_hand *hand)
{
    line_parser_free(hand->parser);
    extractor_free(hand->extractor);
    record_batch_free(hand->batch);
    account_table_free(hand->accounts);
    object_table_free(hand->objects);
    sighting_list_fini(&hand->sightings);
    usage_list_fini(&hand->usages);
    tie_list_fini(&hand->ties);
}

/* The same through the engine */

static enum status keep_decision(void *context, const struct decision *decision, struct span account)
{
    struct json_writer *writer = context;
    if (span_is(account, TOUR_ACCOUNT))
        decision_json(writer, decision, account);
    return STATUS_OK;
}

static void print_campaign(const struct campaign *campaign, const struct engine *engine, uint64_t account)
{
    char id[CAMPAIGN_ID_TEXT];
    campaign_id_format(campaign->id, id);
    section("campaign");
    printf("%s  %s  %s  %zu accounts  found by %s\n", id, campaign_kind_name(campaign->kind),
        campaign_status_name(campaign->status), campaign->n_active, family_name(campaign->found_by));
    for (size_t i = 0; i < FAMILY_COUNT; i++) {
        const struct evidence *evidence = &campaign->evidence[i];
        if (evidence->trials > 0)
            printf("%-10s  %u of %u inside, chance %.3f  log10 e %.1f%s\n", family_name((enum family)i),
                evidence->inside, evidence->trials, evidence->p0, evidence->log10_e,
                evidence->strong ? "  strong" : "");
    }
    printf("evidence %.1f, asked for %.1f; two keys: %s\n", campaign->log10_e, campaign->threshold,
        campaign->two_keys ? "yes" : "no");
    for (size_t i = 0; i < CHECK_COUNT; i++)
        printf("%-24s measured %.2f, holds from %.2f: %s\n", check_name((enum check_id)i),
            campaign->checks[i].measured, campaign->checks[i].threshold,
            campaign->checks[i].holds ? "holds" : "does not hold");
    struct span name = engine_name(engine, account);
    printf("in force for %.*s: %s\n", (int)name.n, name.data, action_name(engine_in_force(engine, account)));
}

static void walk_by_engine(const struct key *key, const struct record_batch *batch)
{
    struct policy *policy = NULL;
    struct engine *engine = NULL;
    struct json_writer decisions;
    json_writer_init(&decisions, NULL);
    need(policy_default(key, &policy), "policy");
    const struct engine_config config = { .accounts_max = 10000, .issued_bytes = 4 << 20, .policy = policy };
    const struct engine_sink sink = { .context = &decisions, .decision = keep_decision };
    need(engine_new(&config, &sink, &engine), "engine");
    need(engine_batch(engine, batch), "records");
    need(engine_finish(engine), "end");
    uint64_t account = key_hash(key, KEY_ACCOUNT, TOUR_ACCOUNT, strlen(TOUR_ACCOUNT));
    const struct campaign *campaign = engine_campaign_of(engine, account);
    need(campaign ? STATUS_OK : STATUS_NOT_FOUND, "campaign");
    print_campaign(campaign, engine, account);
    section("decision");
    struct span text = json_writer_span(&decisions);
    printf("%.*s", (int)text.n, text.data);
    engine_free(engine);
    policy_free(policy);
    json_writer_fini(&decisions);
}

int main(void)
{
    struct key key;
    struct buffer log = { 0 };
    struct by_hand hand = { 0 };
    key_init(&key, key_default_secret);
    world_write(&log);
    for (size_t i = 0; i < LINE_PADDING; i++) /* the parser reads that far beyond a line */
        buffer_put_char(&log, '\n');
    need(log.status, "log");
    walk_by_hand(&hand, &key, (struct span){ log.data, log.n - LINE_PADDING });
    walk_by_engine(&key, hand.batch);
    by_hand_fini(&hand);
    buffer_fini(&log);
    return 0;
}
