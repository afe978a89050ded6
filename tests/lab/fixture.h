/*
 * fixture.h: a small simulated world: a scenario as YAML text or by name, the built-in populations and texts.
 *
 * Model: lab_open once a program (texts take a moment), a world a test. lab_run collects what happens.
 */
#ifndef TESTS_LAB_FIXTURE_H
#define TESTS_LAB_FIXTURE_H

#include "base/key.h"
#include "lab/builtin.h"
#include "lab/world_state.h"
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lab {
    struct customer_kinds kinds;
    struct corpus *corpus;
    struct key key;
    struct scenario *scenario; /* of the world at hand */
    struct world *world;
};

static inline void lab_open(struct lab *lab)
{
    struct diag diag = { 0 };
    *lab = (struct lab){ 0 };
    key_init(&lab->key, key_default_secret);
    assert_ok(customer_kinds_builtin(&lab->kinds, &diag));
    assert_ok(corpus_new(NULL, &lab->corpus, &diag));
}

static inline void lab_world_end(struct lab *lab)
{
    world_free(lab->world);
    scenario_free(lab->scenario);
    lab->world = NULL;
    lab->scenario = NULL;
}

static inline void lab_close(struct lab *lab)
{
    lab_world_end(lab);
    corpus_free(lab->corpus);
    customer_kinds_free(&lab->kinds);
}

static inline struct world_config lab_config(const struct lab *lab, uint64_t seed, double scale)
{
    return (struct world_config){ .scenario = lab->scenario,
        .populations = &lab->kinds,
        .corpus = lab->corpus,
        .seed = seed,
        .scale = scale };
}

/* Text: YAML where it has a line break, else the name of a scenario that is built in. Ends the world before it. */
static inline void lab_world(struct lab *lab, const char *text, uint64_t seed, double scale)
{
    struct diag diag = { 0 };
    lab_world_end(lab);
    enum status st = strchr(text, '\n') ? scenario_read(span_of(text), "test", &lab->scenario, &diag)
                                        : scenario_load(text, &lab->scenario, &diag);
    if (st != STATUS_OK)
        fail_msg("%s:%u: %s: %s", diag.file, (unsigned)diag.line, diag.field, diag.reason);
    struct world_config config = lab_config(lab, seed, scale);
    st = world_new(&config, &lab->world, &diag);
    if (st != STATUS_OK)
        fail_msg("%s: %s (%s)", diag.field, diag.reason, status_text(st));
}

/* The head of a scenario file, for so many days; members follow, such as LAB_CAMPAIGN. */
#define LAB_HEAD(days)                                                                                       \
    "name: test\ntitle: a test\nabout: a test\nsource: this test\nstart: "                                   \
    "\"2026-05-04T00:00:00Z\"\ndays: " days "\n"
/* Starts the list of campaigns with one of so many accounts and requests an account and day; a job list and other
 * members may follow, each line behind four blanks. */
#define LAB_CAMPAIGN(name, accounts, per_day) "campaigns:\n" LAB_ANOTHER_CAMPAIGN(name, accounts, per_day)
#define LAB_ANOTHER_CAMPAIGN(name, accounts, per_day)                                                        \
    "  - name: " name "\n    title: t\n    source: s\n    accounts: " accounts "\n    per_day: " per_day "\n"
#define LAB_JOBS "    jobs: [{text: {pools: {code: 1}, frame: solution, answer_tok: 60}}]\n"

/* "benign:" with so many accounts of every population; the caller frees. */
static inline char *lab_every_population(const char *head, unsigned accounts)
{
    char *text;
    size_t n;
    FILE *out = open_memstream(&text, &n);
    fprintf(out, "%sbenign:\n", head);
    for (size_t i = 0; i < builtin_count(BUILTIN_POPULATION); i++)
        fprintf(
            out, "  - {population: %s, accounts: %u}\n", builtin_at(BUILTIN_POPULATION, i)->name, accounts);
    fclose(out);
    return text;
}

struct happened {
    struct happening *items;
    size_t n, capacity;
};

/* Steps until the end, or until there are so many. Free items. */
static inline struct happened lab_run(struct world *world, size_t max)
{
    struct happened all = { 0 };
    const struct happening *some;
    size_t n;
    enum status st = STATUS_OK;
    while (all.n < max && (st = world_step(world, &some, &n)) == STATUS_OK) {
        if (all.n + n > all.capacity) {
            all.capacity = 2 * (all.n + n);
            all.items = realloc(all.items, all.capacity * sizeof *all.items);
            assert_non_null(all.items);
        }
        if (n > 0)
            memcpy(all.items + all.n, some, n * sizeof *some);
        all.n += n;
    }
    assert_true(st == STATUS_OK || st == STATUS_END);
    return all;
}

#endif
