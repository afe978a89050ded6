#include "account/emit.h"
#include "fixture.h"

enum { ALICE = 11, BOB = 12 };

enum { SHOWN = 14, SHOWN_WHEN_IT_RECURS = 16 };

/* Rows of a band that is among those shown, others for each n. */
static void set_shown_rows(uint16_t rows[static MINHASH_ROWS], uint64_t n, unsigned band)
{
    uint64_t value = hashed(n);
    do {
        value++;
        memcpy(rows, &value, sizeof value);
    } while (emit_band(rows, band) == 0);
}

/* Everything that an exchange can show. */
static struct record full_exchange(uint64_t account, int64_t time_ms, uint64_t n)
{
    struct record record = task_at(account, time_ms, n, n);
    struct exchange_record *x = &record.exchange;
    x->ip = hashed(n * 100 + 1);
    x->net = hashed(n * 100 + 2);
    x->client = hashed(n * 100 + 3);
    x->end_user = hashed(n * 100 + 4);
    x->tools.id = hashed(n * 100 + 5);
    x->shape = hashed(n * 100 + 6);
    for (unsigned i = 0; i < LEAD_COUNT; i++)
        x->lead[i] = hashed(n * 100 + 10 + i);
    for (unsigned i = 0; i < TAIL_COUNT; i++)
        x->tail[i] = hashed(n * 100 + 20 + i);
    for (unsigned band = 0; band < MINHASH_BANDS; band++)
        set_shown_rows(&x->user.minhash[band * MINHASH_ROWS], n * 100 + 30 + band, band);
    return record;
}

static size_t count_shown(const struct fixture *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->sightings.n; i++)
        n += f->sightings.items[i].verb == VERB_SHOW;
    return n;
}

static void an_exchange_shows_each_of_its_objects_the_longer_ones_when_the_shorter_recur(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    struct record record = full_exchange(ALICE, T0, 1);
    apply(&f, &record);
    assert_int_equal(count_shown(&f), SHOWN);
    assert_int_equal(count_sightings(&f, OBJECT_LEAD24, VERB_SHOW), 0);
    assert_int_equal(count_sightings(&f, OBJECT_TAIL12, VERB_SHOW), 0);
    assert_true(f.sightings.items[0].object == object_key(OBJECT_IP, record.exchange.ip));
    record.time_ms++;
    apply(&f, &record);
    for (unsigned kind = OBJECT_END_USER; kind <= OBJECT_SHAPE; kind++)
        if (kind != OBJECT_SIGNUP_NET)
            assert_int_equal(count_sightings(&f, kind, VERB_SHOW), kind == OBJECT_BAND ? MINHASH_BANDS : 1);
    assert_int_equal(count_shown(&f), SHOWN_WHEN_IT_RECURS);
    fixture_free(&f);
}

static void one_band_in_four_is_shown_and_whoever_shares_it_agrees(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    size_t before = 0;
    uint64_t n = 0;
    for (uint64_t i = 0; i < 2000; i++) {
        struct record record = exchange_at(i + 1, T0 + (int64_t)i);
        record.exchange.user.id = 1;
        for (unsigned bin = 0; bin < MINHASH_BINS; bin++)
            record.exchange.user.minhash[bin] = (uint16_t)hashed(i * 100 + bin);
        apply(&f, &record);
        size_t shown = f.sightings.n - before;
        before = f.sightings.n;
        record.account = 100000 + i;
        apply(&f, &record);
        assert_int_equal(f.sightings.n - before, shown);
        before = f.sightings.n;
        n += shown;
    }
    assert_in_range(n, 2000 - 200, 2000 + 200);
    fixture_free(&f);
}

static void anchors_beyond_the_lowest_quarter_are_left_out(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    struct record record = exchange_at(ALICE, T0);
    record.exchange.anchors.issued[0] = record.exchange.anchors.echo[0] = UINT64_MAX / 4;
    record.exchange.anchors.issued[1] = record.exchange.anchors.echo[1] = UINT64_MAX / 4 + 1;
    apply(&f, &record);
    assert_int_equal(count_sightings(&f, OBJECT_ECHO, VERB_ISSUE), 1);
    assert_int_equal(count_sightings(&f, OBJECT_ECHO, VERB_RETURN), 1);
    fixture_free(&f);
}

static void equal_rows_in_two_bands_are_two_objects(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    struct record record = exchange_at(ALICE, T0);
    record.exchange.user.id = 1; /* rows of 0 are among those shown */
    apply(&f, &record);
    assert_int_equal(count_sightings(&f, OBJECT_BAND, VERB_SHOW), MINHASH_BANDS);
    for (size_t i = 1; i < f.sightings.n; i++)
        assert_true(f.sightings.items[i].object != f.sightings.items[i - 1].object);
    fixture_free(&f);
}

static void an_object_is_shown_once_an_hour(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (int64_t i = 0; i < 60; i++) {
        struct record record = full_exchange(ALICE, T0 + i * MINUTE_MS, 1);
        apply(&f, &record);
    }
    assert_int_equal(count_shown(&f), SHOWN_WHEN_IT_RECURS);
    struct record record = full_exchange(ALICE, T0 + HOUR_MS, 1);
    apply(&f, &record);
    assert_int_equal(count_shown(&f), 2 * SHOWN_WHEN_IT_RECURS);
    record.account = BOB;
    apply(&f, &record);
    assert_int_equal(count_shown(&f), 2 * SHOWN_WHEN_IT_RECURS + SHOWN);
    fixture_free(&f);
}

/* The promise of sighting.h, on random traffic: never twice within an hour of the account's clock. */
static void no_object_is_shown_twice_in_an_hour(void **state)
{
    (void)state;
    uint64_t seed = 4242;
    struct fixture f = fixture_new(64);
    for (int i = 0; i < 3000; i++) {
        uint64_t account = random_next(&seed) % 5 + 1;
        struct record record = full_exchange(account, T0 + i * 20000, random_next(&seed) % 12);
        apply(&f, &record);
    }
    for (size_t i = 0; i < f.sightings.n; i++) {
        const struct sighting *a = &f.sightings.items[i];
        if (a->verb != VERB_SHOW)
            continue;
        for (size_t j = i + 1; j < f.sightings.n; j++) {
            const struct sighting *b = &f.sightings.items[j];
            if (b->time_ms / HOUR_MS != a->time_ms / HOUR_MS)
                break;
            assert_false(b->verb == VERB_SHOW && a->account == b->account && a->object == b->object);
        }
    }
    fixture_free(&f);
}

/* Objects that were new but passed for known, over many hours. */
static double lost_share(unsigned exchanges_an_hour)
{
    struct fixture f = fixture_new(16);
    uint64_t n = 0;
    for (int64_t hour = 0; hour < 500; hour++)
        for (unsigned i = 0; i < exchanges_an_hour; i++) {
            struct record record = full_exchange(ALICE, T0 + hour * HOUR_MS + i * 1000, n++);
            apply(&f, &record);
        }
    double lost = 1 - (double)count_shown(&f) / (SHOWN * (double)n);
    fixture_free(&f);
    return lost;
}

static void few_new_objects_pass_for_known(void **state)
{
    (void)state;
    double two = lost_share(2), eight = lost_share(8);
    print_message("lost at 2 an hour %.4f, at 8 an hour %.4f\n", two, eight);
    assert_true(two < 0.02);
    assert_true(eight < 0.12);
}

static void content_of_eight_exchanges_an_hour_is_shown(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    struct account_stats stats;
    for (uint64_t i = 0; i < 30; i++) {
        struct record record = exchange_at(ALICE, T0 + (int64_t)i);
        record.exchange.system.id = hashed(i);
        record.exchange.slot = hashed(i);
        apply(&f, &record);
    }
    account_stats(f.table, &stats);
    assert_int_equal(count_sightings(&f, OBJECT_SYSTEM, VERB_SHOW), 8);
    assert_int_equal(stats.content_left_out, 22);
    struct record record = exchange_at(ALICE, T0 + HOUR_MS);
    record.exchange.system.id = hashed(99);
    apply(&f, &record);
    assert_int_equal(count_sightings(&f, OBJECT_SYSTEM, VERB_SHOW), 9);
    fixture_free(&f);
}

static void content_carries_its_slot(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    struct record record = full_exchange(ALICE, T0, 1);
    apply(&f, &record);
    for (size_t i = 0; i < f.sightings.n; i++) {
        const struct sighting *sighting = &f.sightings.items[i];
        bool content = object_kind_info[sighting->kind].family == FAMILY_CONTENT;
        assert_true(sighting->slot == (content ? record.exchange.slot : 0));
    }
    fixture_free(&f);
}

static void refused_content_is_shown_alike(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    struct record record = full_exchange(ALICE, T0, 1);
    record.exchange.status = 403;
    apply(&f, &record);
    assert_int_equal(count_shown(&f), SHOWN);
    fixture_free(&f);
}

static void a_task_that_failed_is_issued_and_a_sent_one_returned(void **state)
{
    (void)state;
    static const struct {
        uint16_t status;
        enum sighting_verb verb;
    } cases[] = { { 200, VERB_RETURN }, { 429, VERB_ISSUE }, { 403, VERB_ISSUE }, { 529, VERB_ISSUE },
        { 500, VERB_ISSUE }, { 503, VERB_ISSUE }, { 400, VERB_RETURN } };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f = fixture_new(16);
        struct record record = task_at(ALICE, T0, 1, 1);
        record.exchange.status = cases[i].status;
        apply(&f, &record);
        const struct sighting *last = &f.sightings.items[f.sightings.n - 1];
        assert_int_equal(last->kind, OBJECT_REFUSED);
        assert_int_equal(last->verb, cases[i].verb);
        assert_true(last->object == object_key(OBJECT_REFUSED, record.exchange.slot));
        fixture_free(&f);
    }
}

static void while_the_provider_fails_only_a_refusal_is_issued(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (uint64_t i = 0; i < 20; i++) {
        struct record record = task_at(i % 2 ? ALICE : BOB, T0 + (int64_t)i, 1, i);
        record.exchange.status = 503;
        apply(&f, &record);
    }
    size_t issued = count_sightings(&f, OBJECT_REFUSED, VERB_ISSUE);
    assert_true(issued < OUTAGE_FAILURES);
    struct record refused = task_at(ALICE, T0 + 30, 1, 30);
    refused.exchange.status = 429;
    apply(&f, &refused);
    assert_int_equal(count_sightings(&f, OBJECT_REFUSED, VERB_ISSUE), issued + 1);
    fixture_free(&f);
}

static void anchors_are_issued_and_returned(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    struct record record = exchange_at(ALICE, T0);
    struct anchors *anchors = &record.exchange.anchors;
    anchors->issued_turn = 1;
    anchors->issued[0] = 2;
    anchors->issued[3] = 3;
    anchors->issued_signature[1] = 4;
    anchors->turns[0] = 5;
    anchors->turns[7] = 6;
    anchors->echo[2] = 7;
    anchors->signature[3] = 8;
    apply(&f, &record);
    apply(&f, &record);
    assert_int_equal(count_sightings(&f, OBJECT_TURN, VERB_ISSUE), 2);
    assert_int_equal(count_sightings(&f, OBJECT_ECHO, VERB_ISSUE), 4);
    assert_int_equal(count_sightings(&f, OBJECT_SIGNATURE, VERB_ISSUE), 2);
    assert_int_equal(count_sightings(&f, OBJECT_TURN, VERB_RETURN), 4);
    assert_int_equal(count_sightings(&f, OBJECT_ECHO, VERB_RETURN), 2);
    assert_int_equal(count_sightings(&f, OBJECT_SIGNATURE, VERB_RETURN), 2);
    assert_int_equal(f.sightings.n, 16);
    fixture_free(&f);
}

static void an_issued_turn_and_its_return_are_one_object(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    struct record issue = exchange_at(ALICE, T0), back = exchange_at(BOB, T0 + 1);
    issue.exchange.anchors.issued_turn = 99;
    back.exchange.anchors.turns[0] = 99;
    apply(&f, &issue);
    apply(&f, &back);
    assert_true(f.sightings.items[0].object == f.sightings.items[1].object);
    fixture_free(&f);
}

static void direct_facts_of_one_account_are_bounded_and_counted(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    struct account_stats stats;
    for (uint64_t i = 0; i < 100; i++) {
        struct record record = exchange_at(ALICE, T0 + (int64_t)i);
        record.exchange.slot = hashed(i);
        record.exchange.anchors.issued_turn = hashed(1000 + i);
        apply(&f, &record);
    }
    account_stats(f.table, &stats);
    assert_int_equal(count_sightings(&f, OBJECT_TURN, VERB_ISSUE), 64);
    assert_int_equal(count_sightings(&f, OBJECT_REFUSED, VERB_RETURN), 64);
    assert_int_equal(stats.provenance_left_out, 36);
    struct record later = exchange_at(ALICE, T0 + HOUR_MS);
    later.exchange.slot = hashed(5);
    apply(&f, &later);
    assert_int_equal(count_sightings(&f, OBJECT_REFUSED, VERB_RETURN), 65);
    fixture_free(&f);
}

static void facts_are_shown_once_and_again_when_they_change(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    struct record record = facts_at(ALICE, T0);
    struct account_record *facts = &record.account_facts;
    facts->payment = 1;
    facts->device = 2;
    facts->email_domain = 3;
    facts->signup_net = 4;
    facts->created_ms = T0 - HOUR_MS;
    apply(&f, &record);
    assert_int_equal(f.sightings.n, 5);
    record.time_ms += 10 * DAY_MS;
    apply(&f, &record);
    assert_int_equal(f.sightings.n, 5);
    facts->payment = 9;
    apply(&f, &record);
    assert_int_equal(f.sightings.n, 6);
    assert_int_equal(f.sightings.items[5].kind, OBJECT_PAYMENT);
    assert_int_equal(f.sightings.items[5].payer, 9);
    facts->programme = PROGRAMME_EDUCATION;
    apply(&f, &record);
    assert_int_equal(f.sightings.n, 7);
    assert_int_equal(f.sightings.items[6].kind, OBJECT_SIGNUP_BURST);
    fixture_free(&f);
}

static uint64_t burst_of(int64_t created_ms, enum programme programme, uint16_t country)
{
    struct fixture f = fixture_new(16);
    struct record record = facts_at(ALICE, T0);
    record.account_facts.created_ms = created_ms;
    record.account_facts.programme = (uint8_t)programme;
    record.account_facts.country = country;
    apply(&f, &record);
    uint64_t object = f.sightings.n ? f.sightings.items[0].object : 0;
    fixture_free(&f);
    return object;
}

static void a_burst_is_an_hour_a_programme_and_a_country(void **state)
{
    (void)state;
    uint64_t burst = burst_of(T0, PROGRAMME_STARTUP, 'U' << 8 | 'S');
    assert_true(burst == burst_of(T0 + HOUR_MS - 1, PROGRAMME_STARTUP, 'U' << 8 | 'S'));
    assert_true(burst != burst_of(T0 + HOUR_MS, PROGRAMME_STARTUP, 'U' << 8 | 'S'));
    assert_true(burst != burst_of(T0, PROGRAMME_NONE, 'U' << 8 | 'S'));
    assert_true(burst != burst_of(T0, PROGRAMME_STARTUP, 'D' << 8 | 'E'));
    assert_true(burst_of(-1, PROGRAMME_STARTUP, 'U' << 8 | 'S') == 0);
}

static void a_sighting_says_what_the_account_is_by_then(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    struct record facts = facts_at(ALICE, T0), exchange = full_exchange(ALICE, T0 + 31 * DAY_MS, 1);
    facts.account_facts.created_ms = T0;
    facts.account_facts.country = 'F' << 8 | 'R';
    apply(&f, &facts);
    exchange.exchange.organization = 601;
    exchange.exchange.country = 'S' << 8 | 'G';
    apply(&f, &exchange);
    const struct sighting *sighting = &f.sightings.items[f.sightings.n - 1];
    assert_int_equal(sighting->payer, 601);
    assert_int_equal(sighting->organization, 601);
    assert_int_equal(sighting->country, 'F' << 8 | 'R');
    assert_int_equal(sighting->adopter, ADOPTER_ESTABLISHED | ADOPTER_PAYER_KNOWN);
    assert_int_equal(sighting->time_ms, T0 + 31 * DAY_MS);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exchange_shows_each_of_its_objects_the_longer_ones_when_the_shorter_recur),
        cmocka_unit_test(one_band_in_four_is_shown_and_whoever_shares_it_agrees),
        cmocka_unit_test(anchors_beyond_the_lowest_quarter_are_left_out),
        cmocka_unit_test(equal_rows_in_two_bands_are_two_objects),
        cmocka_unit_test(an_object_is_shown_once_an_hour),
        cmocka_unit_test(no_object_is_shown_twice_in_an_hour),
        cmocka_unit_test(few_new_objects_pass_for_known),
        cmocka_unit_test(content_of_eight_exchanges_an_hour_is_shown),
        cmocka_unit_test(content_carries_its_slot),
        cmocka_unit_test(refused_content_is_shown_alike),
        cmocka_unit_test(a_task_that_failed_is_issued_and_a_sent_one_returned),
        cmocka_unit_test(while_the_provider_fails_only_a_refusal_is_issued),
        cmocka_unit_test(anchors_are_issued_and_returned),
        cmocka_unit_test(an_issued_turn_and_its_return_are_one_object),
        cmocka_unit_test(direct_facts_of_one_account_are_bounded_and_counted),
        cmocka_unit_test(facts_are_shown_once_and_again_when_they_change),
        cmocka_unit_test(a_burst_is_an_hour_a_programme_and_a_country),
        cmocka_unit_test(a_sighting_says_what_the_account_is_by_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
