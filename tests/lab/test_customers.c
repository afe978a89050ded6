/* customers.c and customers_schema.c: populations are read as they are written, and refused with their place. */
#include "lab/customers.h"

#include "lab/builtin.h"
#include "lab/faults.h"
#include "support/alloc_sweep.h"

#include <math.h>

#define HEAD "name: n\ntitle: t\nabout: a\nsource: s\n" /* four lines */
#define RATE "per_day: 4\n"

static enum status read_one(struct span yaml, const char *name, struct diag *diag)
{
    struct customers *population = NULL;
    enum status st = customers_read(yaml, name, &population, diag);
    assert_true(st == STATUS_OK || !population);
    customers_free(population);
    return st;
}

static struct customers *read_good(const char *yaml)
{
    struct customers *population;
    struct diag diag;
    if (customers_read(span_of(yaml), "good.yaml", &population, &diag) != STATUS_OK)
        fail_msg("%u: [%s] %s", (unsigned)diag.line, diag.field, diag.reason);
    return population;
}

static void every_key_arrives_where_it_belongs(void **state)
{
    (void)state;
    struct customers *p = read_good(HEAD
        "trips: [R1, A2]\nshare: 0.25\n"
        "organisation: {size_min: 3, size_max: 9, declared: true, card: true, domain: true, shared_card: "
        "0.5}\n"
        "account: {paid: 0.1, business: true, reseller: true, programme: research, joins: 0.2, age_days: 30, "
        "burst_days: 2, end_users: 7}\n"
        "networks: {vpn: 2, rotating: 3}\nclients: {go: 1, gateway: 4}\napis: {chat: 1, messages: 5}\n"
        "rhythm: nightly\nweekend: 0.4\nper_day: 12\nsigma: 0.7\nturns: 3\ngap_s: 9\nfrom_day: 1\nfor_days: "
        "2\naway: 0.3\nburst: 40\n"
        "text: {pools: {math: 6, evaluation: 7}, frame: judge, frame_of: account, system_of: organisation, "
        "tools_of: public, system_share: 0.6, system_bytes: 800, tasks: shared, tasks_n: 33, answer_tok: "
        "50}\n"
        "call: {max_tokens: 512, temperature_milli: 0, n: 2, reasoning: 0.1, stream: 0.9}\n"
        "behaviour: failover\nbehaviour_share: 0.8\n");
    assert_string_equal(p->name, "n");
    assert_int_equal(p->n_trips, 2);
    assert_string_equal(p->trips[1], "A2");
    assert_true(p->share == 0.25 && p->organisation.size_min == 3 && p->organisation.size_max == 9);
    assert_true(p->organisation.declared && p->organisation.card && p->organisation.domain);
    assert_true(p->account.business && p->account.reseller && !p->account.enterprise);
    assert_true(p->account.programme == OF_RESEARCH && p->account.end_users == 7 && p->account.joins == 0.2);
    assert_true(p->networks->of[NETWORK_VPN] == 2 && p->networks->of[NETWORK_ROTATING] == 3);
    assert_true(p->networks->of[NETWORK_HOME] == 0 && p->clients->of[CLIENT_GATEWAY] == 4);
    assert_true(p->apis->of[0] == 1 && p->apis->of[1] == 0 && p->apis->of[2] == 5);
    assert_true(p->rhythm == RHYTHM_NIGHTLY && p->weekend == 0.4 && p->burst == 40 && p->away == 0.3);
    assert_true(p->text.pools->of[POOL_EVALUATION] == 7 && p->text.frame == FRAME_JUDGE);
    assert_true(p->text.frame_of == OWNER_ACCOUNT && p->text.system_of == OWNER_ORGANISATION);
    assert_true(p->text.tools_of == OWNER_PUBLIC && p->text.tasks == TASKS_SHARED && p->text.tasks_n == 33);
    assert_true(p->call.temperature_milli && *p->call.temperature_milli == 0 && p->call.n == 2);
    assert_true(p->behaviour == BEHAVIOUR_FAILOVER && p->behaviour_share == 0.8);
    customers_free(p);
}

static void an_absent_key_is_nothing_and_a_temperature_of_nought_is_one(void **state)
{
    (void)state;
    struct customers *p = read_good(HEAD RATE);
    assert_null(p->networks);
    assert_null(p->clients);
    assert_null(p->apis);
    assert_null(p->text.pools);
    assert_null(p->call.temperature_milli);
    assert_true(p->share == 0 && p->turns == 0 && p->behaviour == BEHAVIOUR_NONE);
    customers_free(p);
}

static void keys_that_are_unknown_missing_or_of_the_wrong_type_are_named_with_their_line(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        { "", "", "empty", 0 },
        { HEAD, "", "per_day is missing", 4 },
        { "title: t\nabout: a\nsource: s\nper_day: 1\n", "", "name is missing", 4 },
        { HEAD RATE "rate: 5\n", "rate", "unknown key", 6 },
        { HEAD RATE "text:\n  frame: judge\n  pool: {chat: 1}\n", "text.pool", "unknown key", 8 },
        { HEAD RATE "networks: {home: 1, moon: 2}\n", "networks.moon", "unknown key", 6 },
        { HEAD "per_day: many\n", "per_day", "must be a number", 5 },
        { HEAD RATE "text: chat\n", "text", "must be a group of keys", 6 },
        { HEAD RATE "trips: R1\n", "trips", "must be a list", 6 },
        { HEAD RATE "rhythm: daily\n", "rhythm", "not one of the words", 6 },
        { HEAD RATE "text: {frame: letter}\n", "text.frame", "not one of the words", 6 },
        { HEAD RATE "call: {n: -1}\n", "call.n", "whole number", 6 },
        { HEAD RATE RATE, "per_day", "twice", 6 },
    };
    EXPECT(read_one, faults);
}

static void numbers_out_of_their_range_are_named_with_their_line(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        { HEAD "per_day: -1\n", "per_day", "between 0 and", 5 },
        { HEAD "per_day: .nan\n", "per_day", "", 5 },
        { HEAD RATE "share: 1.5\n", "share", "between 0 and 1", 6 },
        { HEAD RATE "account: {paid: 2}\n", "account.paid", "between 0 and 1", 6 },
        { HEAD RATE "turns: 65\n", "turns", "between 0 and 64", 6 },
        { HEAD RATE "organisation: {size_max: 100001}\n", "organisation.size_max", "between", 6 },
        { HEAD RATE "organisation:\n  size_min: 3\n  size_max: 2\n", "organisation.size_min", "above", 7 },
        { HEAD RATE "text: {answer_tok: 65536}\n", "text.answer_tok", "between 0 and 1500", 6 },
        { HEAD RATE "text: {system_bytes: 70000}\n", "text.system_bytes", "between", 6 },
        { HEAD RATE "text: {system_share: -0.1}\n", "text.system_share", "between", 6 },
        { HEAD RATE "text: {tasks: shared}\n", "text.tasks", "tasks_n", 6 },
        { HEAD RATE "call: {max_tokens: 4000000000}\n", "call.max_tokens", "between", 6 },
        { HEAD RATE "call: {temperature_milli: 2001}\n", "call.temperature_milli", "between", 6 },
    };
    EXPECT(read_one, faults);
}

static void weights_are_not_negative_and_not_all_nought(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        { HEAD RATE "networks: {home: 1, vpn: -0.5}\n", "networks.vpn", "a weight", 6 },
        { HEAD RATE "clients: {go: 0}\n", "clients", "above 0", 6 },
        { HEAD RATE "apis: {}\n", "apis", "above 0", 6 },
        { HEAD RATE "text:\n  pools: {chat: 0, math: 0}\n", "text.pools", "above 0", 7 },
    };
    EXPECT(read_one, faults);
}

static void every_population_that_is_built_in_says_where_its_figures_are_from(void **state)
{
    (void)state;
    struct customer_kinds kinds;
    struct diag diag;
    assert_ok(customer_kinds_builtin(&kinds, &diag));
    for (size_t i = 0; i < kinds.n; i++) {
        const struct customers *p = kinds.items[i];
        assert_true(strlen(p->source) > 20 && strlen(p->about) > 40 && strlen(p->title) > 4);
        assert_ptr_equal(customer_kinds_find(&kinds, p->name), p);
        assert_true(p->per_day > 0);
    }
    assert_null(customer_kinds_find(&kinds, "nobody"));
    customer_kinds_free(&kinds);
}

static void the_mean_rate_is_that_of_a_lognormal_less_the_days_away(void **state)
{
    (void)state;
    struct customers population = { .per_day = 10, .sigma = 1.2, .away = 0.25 };
    assert_true(fabs(customers_mean_per_day(&population) - 10 * exp(0.72) * 0.75) < 1e-9);
}

static void without_memory_nothing_is_read_and_nothing_is_left(void **state)
{
    (void)state;
    const struct builtin *file = builtin_find(BUILTIN_POPULATION, "coding_agent");
    bool failed = true;
    long nth = 0;
    for (; failed; nth++) {
        struct customers *population = NULL;
        alloc_sweep_arm(nth);
        enum status st = customers_read(file->text, file->name, &population, NULL);
        failed = alloc_sweep_disarm();
        assert_int_equal(st, failed ? STATUS_NOMEM : STATUS_OK);
        assert_true(failed == !population);
        customers_free(population);
    }
    assert_true(nth > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_arrives_where_it_belongs),
        cmocka_unit_test(an_absent_key_is_nothing_and_a_temperature_of_nought_is_one),
        cmocka_unit_test(keys_that_are_unknown_missing_or_of_the_wrong_type_are_named_with_their_line),
        cmocka_unit_test(numbers_out_of_their_range_are_named_with_their_line),
        cmocka_unit_test(weights_are_not_negative_and_not_all_nought),
        cmocka_unit_test(every_population_that_is_built_in_says_where_its_figures_are_from),
        cmocka_unit_test(the_mean_rate_is_that_of_a_lognormal_less_the_days_away),
        cmocka_unit_test(without_memory_nothing_is_read_and_nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
