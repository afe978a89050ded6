#include "link/link_files.h"

#include "base/file.h"
#include "crowd.h"

#include <stdlib.h>
#include <unistd.h>

static const struct link_config config = { .least = 0.5, .pairs_max = 1 << 22 };
static char path[] = "/tmp/test_link_XXXXXX";

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

typedef enum status write_fn(const struct link_output *output, const char *path);

static char *written(const struct link_output *output, write_fn *write)
{
    struct span bytes;
    assert_ok(write(output, path));
    assert_ok(file_read(path, 1 << 24, &bytes));
    return (char *)bytes.data;
}

static size_t count_of(const char *text, const char *word)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, word)); at++)
        n++;
    return n;
}

static void files_name_every_account_of_the_clusters(void **state)
{
    (void)state;
    struct crowd c;
    struct link link;
    struct crews crews;
    crowd_init(&c, 1);
    for (unsigned i = 0; i < 30; i++) {
        char name[32];
        snprintf(name, sizeof name, "q,\"%u\"", i);
        assert_ok(
            acts_add(&c.acts, span_of(name), SPAN("o390"), SPAN(""), CROWD_START_MS + 30 * CROWD_DAY_MS + i));
    }
    assert_ok(acts_settle(&c.acts));
    assert_ok(link_run(&link, &c.acts, &config));
    assert_ok(crews_make(&crews, &link));
    const struct link_output output = { &link, &crews, { .rows = 5, .bad = 1 } };
    char *clusters = written(&output, link_files_clusters);
    char *scores = written(&output, link_files_scores);
    char *json = written(&output, link_files_json);
    assert_int_equal(strncmp(clusters, "cluster,account,score,log10_odds,objects\n", 41), 0);
    assert_int_equal(count_of(clusters, ",\"q,\"\""), 30);
    assert_int_equal(count_of(scores, "\n\"q,\"\""), 30);
    assert_non_null(strstr(json, "\"rows\":5,\"bad_rows\":1"));
    assert_non_null(strstr(json, "{\"object\":\"o390\",\"accounts\":3"));
    free(clusters);
    free(scores);
    free(json);
    crews_fini(&crews);
    link_fini(&link);
    crowd_fini(&c);
}

static void without_clusters_the_files_are_there(void **state)
{
    (void)state;
    struct acts acts;
    struct link link;
    struct crews crews;
    acts_init(&acts, &(struct acts_limits){ 10, 10, 10 });
    assert_ok(acts_settle(&acts));
    assert_ok(link_run(&link, &acts, &config));
    assert_ok(crews_make(&crews, &link));
    const struct link_output output = { &link, &crews, { .rows = 0 } };
    char *clusters = written(&output, link_files_clusters);
    char *json = written(&output, link_files_json);
    assert_string_equal(clusters, "cluster,account,score,log10_odds,objects\n");
    assert_non_null(strstr(json, "\"clusters\":[]"));
    free(clusters);
    free(json);
    crews_fini(&crews);
    link_fini(&link);
    acts_fini(&acts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_name_every_account_of_the_clusters),
        cmocka_unit_test(without_clusters_the_files_are_there),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
