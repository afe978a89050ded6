#include "policy/policy.h"
#include "support/alloc_sweep.h"
#include "support/test.h"

#include "base/file.h"
#include "base/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct key key;
static char path[64];

static int set_up(void **state)
{
    (void)state;
    key_init(&key, key_default_secret);
    snprintf(path, sizeof path, "policy-XXXXXX");
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

static enum status load(const char *yaml, struct policy **ret_policy, struct diag *diag)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(yaml, file);
    fclose(file);
    return policy_load(path, &key, ret_policy, diag);
}

struct fault {
    const char *yaml, *field, *reason;
    uint32_t line, column;
};

static void expect_faults(const struct fault *faults, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct fault *fault = &faults[i];
        struct policy *policy = NULL;
        struct diag diag;
        enum status st = load(fault->yaml, &policy, &diag);
        if (st != STATUS_BAD || policy || strcmp(diag.field, fault->field) != 0 || diag.line != fault->line ||
            diag.column != fault->column || !strstr(diag.reason, fault->reason))
            fail_msg("%s\nwant %s: %s (%u:%u)\ngot  %s: %s (%u:%lu), %s", fault->yaml, fault->field,
                fault->reason, fault->line, fault->column, diag.field, diag.reason, (unsigned)diag.line,
                (unsigned long)diag.column, status_text(st));
        assert_ptr_equal(diag.file, path);
    }
}
#define EXPECT(faults) expect_faults(faults, sizeof(faults) / sizeof *(faults))

static void a_key_that_is_not_known_is_named_with_its_place(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        { "mode: shadow\nmood: shadow\n", "mood", "unknown key", 2, 1 },
        { "ladder:\n  core: suspend\n  coer: verify\n", "ladder.coer", "unknown key", 3, 3 },
        { "limits: {account: {gold: {action: throttle}}}\n", "limits.account.gold", "unknown key", 1, 20 },
        { "prices:\n  - {model: a, input_per_million: 1, output_per_million: 2}\n"
          "  - {model: b, input_per_million: 1, output_per_milion: 2}\n",
            "prices[1].output_per_milion", "unknown key", 3, 38 },
        { "core: verify\nladder:\n  core: verify\n", "core", "unknown key", 1, 1 },
    };
    EXPECT(faults);
}

static void a_key_given_twice_is_named_at_its_second_place(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        { "mode: shadow\nmode: enforced\n", "mode", "twice", 2, 1 },
        { "ladder:\n  core: verify\n  halo: verify\n  core: verify\n", "ladder.core", "twice", 4, 3 },
    };
    EXPECT(faults);
}

static void a_value_of_the_wrong_type_is_refused(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        { "mode: strict\n", "mode", "not one of the words", 1, 7 },
        { "mode: 1\n", "mode", "not one of the words", 1, 7 },
        { "ladder:\n  core: release\n", "ladder.core", "not one of the words", 2, 9 },
        { "ladder: suspend\n", "ladder", "group of keys", 1, 9 },
        { "contain_per_day: many\n", "contain_per_day", "whole number", 1, 18 },
        { "contain_per_day: 4.5\n", "contain_per_day", "whole number", 1, 18 },
        { "contain_per_day: -4\n", "contain_per_day", "whole number", 1, 18 },
        { "contain_per_day: 0x10\n", "contain_per_day", "whole number", 1, 18 },
        { "contain_per_day: 010\n", "contain_per_day", "whole number", 1, 18 },
        { "contain_per_day:\n", "contain_per_day", "whole number", 1, 17 },
        { "contain_per_day: [1]\n", "contain_per_day", "single value", 1, 18 },
        { "blast_radius:\n  share: half\n", "blast_radius.share", "number", 2, 10 },
        { "blast_radius:\n  share: 0.2 0.3\n", "blast_radius.share", "number", 2, 10 },
        { "blast_radius:\n  share: nan\n", "blast_radius.share", "number", 2, 10 },
        { "campaign: {homophily: 1e999}\n", "campaign.homophily", "number", 1, 23 },
        { "allow: {accounts: acct_1}\n", "allow.accounts", "list", 1, 19 },
        { "allow: {accounts: [acct_1, '']}\n", "allow.accounts[1]", "1 to 256", 1, 28 },
        { "prices: [{model: a, input_per_million: 1}]\n", "prices[0]", "output_per_million is missing", 1,
            40 },
        { "prices: [{model: a, input_per_million: 1x, output_per_million: 1}]\n",
            "prices[0].input_per_million", "number", 1, 40 },
        { "- mode: shadow\n", "", "group of keys", 1, 1 },
    };
    EXPECT(faults);
}

static void a_value_out_of_range_is_refused_with_its_range(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        { "version: 2\n", "version", "must be 1", 1, 10 },
        { "blast_radius: {share: 1.5}\n", "blast_radius.share", "between 0 and 1", 1, 23 },
        { "blast_radius: {share: -0.1}\n", "blast_radius.share", "between 0 and 1", 1, 23 },
        { "blast_radius: {min_accounts: 0}\n", "blast_radius.min_accounts", "between 1", 1, 30 },
        { "campaign:\n  min_accounts: 1\n", "campaign.min_accounts", "between 2 and 1000000", 2, 17 },
        { "campaign:\n  epoch_seconds: 5\n", "campaign.epoch_seconds", "between 10 and 86400", 2, 18 },
        { "campaign:\n  budget_per_million_months: 0\n", "campaign.budget_per_million_months",
            "between 0.001", 2, 30 },
        { "expiry_days:\n  suspend: -1\n", "expiry_days.suspend", "between 0 and 3650", 2, 12 },
        { "limits: {organization: {requests_per_day: 9999999999999}}\n",
            "limits.organization.requests_per_day", "between 0", 1, 43 },
        { "prices: [{model: a, input_per_million: -1, output_per_million: 1}]\n",
            "prices[0].input_per_million", "between 0", 1, 40 },
    };
    EXPECT(faults);
}

static void settings_that_contradict_each_other_are_refused(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        { "ladder:\n  suspected: throttle\n", "ladder.suspected", "verify at most", 2, 14 },
        { "ladder:\n  likely: suspend\n  core: verify\n", "ladder.likely", "more than core", 2, 11 },
        { "ladder:\n  core: observe\n", "ladder.core", "likely members get more than core", 2, 9 },
        { "ladder:\n  halo: suspend\n", "ladder.halo", "more than likely", 2, 9 },
        { "ladder: {core: observe, likely: observe, halo: observe, suspected: verify}\n", "ladder.suspected",
            "more than confirmed", 1, 68 },
        { "campaign:\n  min_contain_accounts: 3\n", "campaign.min_contain_accounts", "too small", 2, 25 },
        { "campaign:\n  min_accounts: 30\n", "campaign.min_accounts", "too small", 2, 17 },
        { "limits:\n  account:\n    free:\n      action: suspend\n", "limits.account.free.action",
            "throttle at most", 4, 15 },
        { "limits:\n  campaign: {action: restrict}\n", "limits.campaign.action", "throttle at most", 2, 22 },
        { "limits:\n  campaign: {requests_per_hour: 10, requests_per_day: 5}\n",
            "limits.campaign.requests_per_hour", "above the day's", 2, 33 },
        { "limits:\n  account: {paid: {cost_per_day: 10}}\n", "limits.account.paid.cost_per_day",
            "needs prices", 2, 34 },
        { "prices:\n  - {model: a, input_per_million: 1, output_per_million: 2}\n"
          "  - {model: a, input_per_million: 1, output_per_million: 2}\n",
            "prices[1].model", "price already", 3, 13 },
    };
    EXPECT(faults);
}

static void what_is_not_one_plain_yaml_document_is_refused(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        { "mode: [shadow\n", "mode[0]", "expected", 2, 1 },
        { "mode: shadow\n---\nmode: enforced\n", "", "second document", 2, 1 },
        { "contain_per_day: &a 3\ncampaign: {min_accounts: *a}\n", "campaign.min_accounts", "aliases", 2,
            26 },
        { "a: [[[[[[[[[1]]]]]]]]]\n", "a[0][0][0][0][0][0][0]", "deeply", 1, 11 },
        { "? [a]\n: 1\n", "", "single word", 1, 3 },
    };
    EXPECT(faults);
}

static void files_that_cannot_be_read_or_are_too_large_are_told_apart(void **state)
{
    (void)state;
    struct policy *policy = NULL;
    struct diag diag;
    assert_int_equal(policy_load("no/such/policy.yaml", &key, &policy, &diag), STATUS_IO);
    assert_string_equal(diag.reason, "No such file or directory");
    char *large = malloc((4 << 20) + 2);
    memset(large, '#', (4 << 20) + 1);
    large[(4 << 20) + 1] = '\0';
    assert_int_equal(load(large, &policy, &diag), STATUS_TOO_BIG);
    assert_string_equal(diag.reason, "is over 4 MiB");
    assert_null(policy);
    free(large);
}

static void bytes_that_are_no_text_are_named_with_line_and_column(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        { "mode: shadow\n# caf\xe9\ncontain_per_day: 3\n", "", "UTF-8", 2, 6 },
        { "# caf\xc3\xa9\r\nmode: shadow # \xc3\xa9 \xc3(\n", "", "UTF-8", 2, 18 },
        { "mode: shadow\nallow:\n  accounts: [a\x01]\n", "", "control characters", 3, 15 },
        { "\xEF\xBB\xBFmode: \xff\n", "", "UTF-8", 1, 7 },
    };
    EXPECT(faults);
}

/* As many ids as the schema takes, of 30 letters; one more is refused, and so are more settings than any file needs. */
static void a_full_list_of_allowed_accounts_fits_into_the_file(void **state)
{
    (void)state;
    enum { IDS = 100000 };
    struct policy *policy = NULL;
    struct diag diag;
    size_t n = 0;
    char *text = malloc(YAML_FILE_MAX + 1);
    assert_non_null(text);
    n += (size_t)sprintf(text, "allow:\n  accounts:\n");
    for (unsigned i = 0; i < IDS; i++)
        n += (size_t)sprintf(text + n, "  - account_%022u\n", i);
    assert_ok(load(text, &policy, &diag));
    assert_int_equal(policy->n_allow, IDS);
    policy_free(policy);
    policy = NULL;
    sprintf(text + n, "  - account_%022d\n", IDS);
    assert_int_equal(load(text, &policy, &diag), STATUS_BAD);
    n = (size_t)sprintf(text, "allow:\n  accounts: [");
    for (; n < YAML_FILE_MAX - 2; n += 2)
        memcpy(text + n, "a,", 2);
    memcpy(text + n, "]", 2);
    assert_int_equal(load(text, &policy, &diag), STATUS_BAD);
    assert_string_equal(diag.reason, "too many settings");
    free(text);
}

static void assert_same_policy(const struct policy *a, const struct policy *b)
{
    struct policy left = *a, right = *b;
    assert_int_equal(left.n_prices, right.n_prices);
    assert_int_equal(left.n_allow, right.n_allow);
    left.prices = right.prices = NULL;
    left.allow = right.allow = NULL;
    assert_memory_equal(&left, &right, sizeof left);
}

static void the_commented_default_equals_the_built_in_one(void **state)
{
    (void)state;
    char name[512];
    struct policy *file = NULL, *built_in = NULL, *empty = NULL;
    struct diag diag;
    snprintf(name, sizeof name, "%s/config/policy.yaml", getenv("STILLWATCH_SOURCE"));
    if (policy_load(name, &key, &file, &diag) != STATUS_OK)
        fail_msg("%s:%u: %s: %s", name, (unsigned)diag.line, diag.field, diag.reason);
    assert_ok(policy_default(&key, &built_in));
    assert_ok(load("", &empty, &diag));
    assert_same_policy(file, built_in);
    assert_same_policy(empty, built_in);
    policy_free(file);
    policy_free(built_in);
    policy_free(empty);
}

static void every_key_of_the_default_is_in_the_commented_file(void **state)
{
    (void)state;
    static const char *const keys[] = { "version", "mode", "min_accounts", "min_contain_accounts",
        "budget_per_million_months", "homophily", "min_log10_e", "epoch_seconds", "core", "likely", "halo",
        "suspected", "observe", "verify", "throttle", "restrict", "suspend", "share", "contain_per_day",
        "accounts", "organizations", "unknown", "free", "paid", "verified", "enterprise", "organization",
        "requests_per_hour", "requests_per_day", "input_tokens_per_day", "output_tokens_per_day",
        "cost_per_day", "action", "prices", "model", "input_per_million", "output_per_million" };
    char name[512], wanted[64];
    struct span text = { 0 };
    snprintf(name, sizeof name, "%s/config/policy.yaml", getenv("STILLWATCH_SOURCE"));
    assert_ok(file_read(name, 1 << 20, &text));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        snprintf(wanted, sizeof wanted, "%s:", keys[i]);
        if (!strstr(text.data, wanted))
            fail_msg("config/policy.yaml does not mention %s", keys[i]);
    }
    free((void *)text.data);
}

static const char full[] =
    "mode: shadow\n"
    "expiry_days: {suspend: 0.5}\n"
    "contain_per_day: 7\n"
    "allow: {accounts: [acct_b, acct_a], organizations: [org_1]}\n"
    "limits: {account: {free: {requests_per_day: 10, cost_per_day: 2.5, action: verify}}}\n"
    "prices:\n"
    "  - {model: m-large, input_per_million: 3, output_per_million: 15}\n"
    "  - {model: m-small, input_per_million: 0.5, output_per_million: 1}\n";

static void settings_arrive_in_their_units_and_names_as_hashes(void **state)
{
    (void)state;
    struct policy *policy = NULL;
    assert_ok(load(full, &policy, NULL));
    assert_int_equal(policy->mode, MODE_SHADOW);
    assert_int_equal(policy->expiry_ms[ACTION_SUSPEND], 43200000);
    assert_int_equal(policy->contain_per_day, 7);
    assert_int_equal(policy->account[TIER_FREE].requests_per_day, 10);
    assert_int_equal(policy->account[TIER_FREE].action, ACTION_VERIFY);
    assert_int_equal(policy->account[TIER_PAID].action, ACTION_THROTTLE);
    assert_true(policy_wants_usage(policy));
    assert_true(policy_allows(policy, key_hash(&key, KEY_ACCOUNT, "acct_a", 6), 0));
    assert_true(policy_allows(policy, 5, key_hash(&key, KEY_IDENTITY, "org_1", 5)));
    assert_false(policy_allows(policy, key_hash(&key, KEY_ACCOUNT, "acct_c", 6), 0));
    struct usage usage = {
        .model = key_hash(&key, KEY_IDENTITY, "m-large", 7), .input_tok = 1000000, .output_tok = 100000
    };
    assert_true(policy_cost(policy, &usage) == 4.5);
    usage.model = 1;
    assert_true(policy_cost(policy, &usage) == 0);
    policy_free(policy);
}

static void every_failed_allocation_is_reported_and_leaks_nothing(void **state)
{
    (void)state;
    bool reached = true;
    for (long nth = 0; reached; nth++) {
        struct policy *policy = NULL;
        struct diag diag;
        FILE *file = fopen(path, "w");
        fputs(full, file);
        fclose(file);
        alloc_sweep_arm(nth);
        enum status st = policy_load(path, &key, &policy, &diag);
        reached = alloc_sweep_disarm();
        assert_int_equal(st, reached ? STATUS_NOMEM : STATUS_OK);
        assert_true((policy != NULL) == !reached);
        policy_free(policy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_that_is_not_known_is_named_with_its_place),
        cmocka_unit_test(a_key_given_twice_is_named_at_its_second_place),
        cmocka_unit_test(a_value_of_the_wrong_type_is_refused),
        cmocka_unit_test(a_value_out_of_range_is_refused_with_its_range),
        cmocka_unit_test(settings_that_contradict_each_other_are_refused),
        cmocka_unit_test(what_is_not_one_plain_yaml_document_is_refused),
        cmocka_unit_test(bytes_that_are_no_text_are_named_with_line_and_column),
        cmocka_unit_test(a_full_list_of_allowed_accounts_fits_into_the_file),
        cmocka_unit_test(files_that_cannot_be_read_or_are_too_large_are_told_apart),
        cmocka_unit_test(the_commented_default_equals_the_built_in_one),
        cmocka_unit_test(every_key_of_the_default_is_in_the_commented_file),
        cmocka_unit_test(settings_arrive_in_their_units_and_names_as_hashes),
        cmocka_unit_test(every_failed_allocation_is_reported_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
