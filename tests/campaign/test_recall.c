#include "campaign/recall.h"

#include "support/random.h"
#include "support/test.h"

enum { KEYS = 5000 };

/* Tells what was asked, and how often it was asked anything. */
struct teller {
    int64_t asked;
};

static enum status tell_account(
    void *context, uint64_t account, int64_t now_ms, struct account_profile *ret_profile)
{
    struct teller *teller = context;
    teller->asked++;
    if (account % 3 == 0)
        return STATUS_NOT_FOUND;
    *ret_profile = (struct account_profile){ .account = account, .last_seen_ms = now_ms };
    return STATUS_OK;
}

static enum status tell_object(void *context, uint64_t object, struct object_profile *ret_profile)
{
    struct teller *teller = context;
    teller->asked++;
    if (object % 3 == 0)
        return STATUS_NOT_FOUND;
    *ret_profile = (struct object_profile){ .object = object };
    return STATUS_OK;
}

static struct recall recall;
static struct teller teller;
static struct campaign_source source;

static int set_up(void **state)
{
    (void)state;
    teller = (struct teller){ 0 };
    source = (struct campaign_source){ .context = &teller, .account = tell_account, .object = tell_object };
    recall_init(&recall, &source);
    return 0;
}

static void what_is_recalled_is_what_would_be_told(void **state)
{
    (void)state;
    struct test_random random = { 4 };
    for (int64_t epoch = 0; epoch < 5; epoch++) {
        recall_begin(&recall, epoch);
        for (int i = 0; i < KEYS; i++) {
            uint64_t key = test_random_below(&random, KEYS / 2);
            struct account_profile account = { .account = 77 };
            struct object_profile object = { .object = 77 };
            assert_int_equal(recall_account(&recall, key, &account), key % 3 ? STATUS_OK : STATUS_NOT_FOUND);
            assert_int_equal(recall_object(&recall, key, &object), key % 3 ? STATUS_OK : STATUS_NOT_FOUND);
            assert_int_equal(account.account, key % 3 ? key : 77);
            assert_int_equal(object.object, key % 3 ? key : 77);
            assert_true(key % 3 == 0 || account.last_seen_ms == epoch);
        }
    }
}

static void the_same_is_asked_for_once_an_epoch(void **state)
{
    (void)state;
    struct account_profile account;
    struct object_profile object;
    for (int64_t epoch = 0; epoch < 3; epoch++) {
        recall_begin(&recall, epoch);
        for (int i = 0; i < 10; i++) {
            assert_ok(recall_account(&recall, 7, &account));
            assert_ok(recall_object(&recall, 7, &object));
            assert_int_equal(recall_object(&recall, 9, &object), STATUS_NOT_FOUND);
        }
        assert_int_equal(teller.asked, 3 * (epoch + 1));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(what_is_recalled_is_what_would_be_told),
        TEST(the_same_is_asked_for_once_an_epoch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
