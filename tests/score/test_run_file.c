#include "score/run_file.h"

#include "folder.h"
#include "support/alloc_sweep.h"

#define ENFORCED                                                                                             \
    "{\"time\":\"1970-01-01T00:00:01Z\",\"account\":\"a\",\"action\":\"restrict\",\"campaign\":\"cmp_1\","   \
    "\"mode\":\"enforced\",\"families\":[\"identity\"],\"expires\":null}\n"
#define SHADOW                                                                                               \
    "{\"time\":\"1970-01-01T00:00:02Z\",\"account\":\"b\",\"action\":\"verify\",\"campaign\":null,"          \
    "\"mode\":\"shadow\"}\n"
#define CAMPAIGNS                                                                                            \
    "{\"version\":1,\"campaigns\":[\n"                                                                       \
    "{\"id\":\"cmp_1\",\"accounts\":[{\"account\":\"a\",\"confidence\":0.5,\"role\":\"x\"},"                 \
    "{\"account\":\"b\"}],\"detected\":\"1970-01-01T00:00:01Z\",\"links\":[{\"accounts\":[3]}]},\n"          \
    "{\"id\":\"cmp_2\",\"detected\":null,\"accounts\":[{\"account\":\"a\",\"confidence\":0.25}]}]}\n"

static struct run_file *new_file(bool shadow)
{
    struct run_file *file;
    assert_ok(run_file_new(folder, &folder_key, shadow, &file));
    return file;
}

static void decisions_and_groups_are_read(void **state)
{
    (void)state;
    struct run_file *file = new_file(false);
    struct diag diag;
    folder_write("decisions.jsonl", ENFORCED SHADOW);
    folder_write("campaigns.json", CAMPAIGNS);
    assert_ok(run_file_read(file, &diag));
    const struct score_run *run = run_file_run(file);
    assert_int_equal(run->n_decisions, 1);
    assert_int_equal(run->decisions[0].account, folder_account("a"));
    assert_int_equal(run->decisions[0].time_ms, 1000);
    assert_int_equal(run->decisions[0].action, ACTION_RESTRICT);
    assert_true(run->decisions[0].campaign != 0);
    assert_int_equal(run_file_shadow(file), 1);
    assert_int_equal(run->n_groups, 2);
    assert_int_equal(run->detected_ms[0], 1000);
    assert_int_equal(run->detected_ms[1], -1);
    assert_int_equal(run->n_members, 3);
    assert_true(run->members[0].confidence == 0.5F && run->members[1].confidence == 1);
    assert_int_equal(run->members[1].account, folder_account("b"));
    assert_int_equal(run->members[2].group, 1);
    run_file_free(file);
}

static void shadow_decisions_count_when_asked_for(void **state)
{
    (void)state;
    struct run_file *file = new_file(true);
    struct diag diag;
    folder_write("decisions.jsonl", ENFORCED SHADOW);
    folder_write("campaigns.json", CAMPAIGNS);
    assert_ok(run_file_read(file, &diag));
    const struct score_run *run = run_file_run(file);
    assert_int_equal(run->n_decisions, 2);
    assert_int_equal(run->decisions[1].action, ACTION_VERIFY);
    assert_int_equal(run->decisions[1].campaign, 0);
    assert_int_equal(run_file_shadow(file), 0);
    run_file_free(file);
}

static void a_run_may_have_done_nothing(void **state)
{
    (void)state;
    struct run_file *file = new_file(false);
    struct diag diag;
    folder_write("decisions.jsonl", "");
    folder_write("campaigns.json", "{\"version\":1,\"campaigns\":[]}");
    assert_ok(run_file_read(file, &diag));
    assert_int_equal(run_file_run(file)->n_decisions, 0);
    assert_int_equal(run_file_run(file)->n_groups, 0);
    run_file_free(file);
}

static void what_is_wrong_is_told_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        uint64_t line;
        const char *field, *reason;
    } wrong[] = {
        { "decisions.jsonl", ENFORCED "{\"account\":\"a\",\"action\":\"verify\"}\n", 2, "time", "required" },
        { "decisions.jsonl", "{\"time\":\"1970-01-01T00:00:01Z\",\"action\":\"verify\"}\n", 1, "account",
            "required" },
        { "decisions.jsonl", "{\"time\":\"1970-01-01T00:00:01Z\",\"account\":\"a\"}\n", 1, "action",
            "required" },
        { "decisions.jsonl", "{\"time\":\"1970-01-01T00:00:01Z\",\"account\":\"a\",\"action\":\"shoot\"}\n",
            1, "action", "not a word" },
        { "decisions.jsonl", "{\"time\":1}\n", 1, "time", "wrong type" },
        { "campaigns.json", "", 0, "", "not a JSON object" },
        { "campaigns.json", "{\"version\":1}", 0, "campaigns", "required" },
        { "campaigns.json", "{\"version\":2,\"campaigns\":[]}", 0, "version", "another version" },
        { "campaigns.json", "{\"campaigns\":[{\"accounts\":[{\"account\":\"a\"},{}]}]}", 0,
            "campaigns[0].accounts[1].account", "required" },
        { "campaigns.json", "{\"campaigns\":[{\"accounts\":[{\"account\":\"a\",\"confidence\":2}]}]}", 0,
            "campaigns[0].accounts[0].confidence", "between 0 and 1" },
        { "campaigns.json", "{\"campaigns\":[{\"accounts\":[", 0, "", "not a JSON object" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct run_file *file = new_file(false);
        struct diag diag;
        folder_write("decisions.jsonl", ENFORCED);
        folder_write("campaigns.json", CAMPAIGNS);
        folder_write(wrong[i].name, wrong[i].text);
        assert_int_equal(run_file_read(file, &diag), STATUS_BAD);
        assert_string_equal(diag.file, folder_path(wrong[i].name));
        assert_int_equal(diag.line, wrong[i].line);
        assert_string_equal(diag.field, wrong[i].field);
        assert_non_null(strstr(diag.reason, wrong[i].reason));
        run_file_free(file);
    }
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    enum status st = STATUS_NOMEM;
    long nth = 0;
    folder_write("decisions.jsonl", ENFORCED);
    folder_write("campaigns.json", CAMPAIGNS);
    for (; st != STATUS_OK; nth++) {
        struct run_file *file = NULL;
        struct diag diag;
        alloc_sweep_arm(nth);
        st = run_file_new(folder, &folder_key, false, &file);
        if (st == STATUS_OK)
            st = run_file_read(file, &diag);
        bool reached = alloc_sweep_disarm();
        assert_true(reached == (st == STATUS_NOMEM));
        run_file_free(file);
    }
    assert_true(nth > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions_and_groups_are_read),
        cmocka_unit_test(shadow_decisions_count_when_asked_for),
        cmocka_unit_test(a_run_may_have_done_nothing),
        cmocka_unit_test(what_is_wrong_is_told_with_its_place),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
