/*
 * gate_bench: what the gate costs a request, beside the sockets: looking the caller up, judging, counting.
 *
 * Model: a table of 1,000,000 keys, as many accounts, and a decision on one in ten; callers by chance. A look-up is one read
 *   transaction with key, account and decision in it, as a worker does; `decision` is the last of the three alone. A take is one
 *   counter of 100,000. Medians of 9 runs of 100,000, worst beside.
 * Order: bench_gate prints one JSON object.
 */
#include "bench.h"
#include "gate/gcra.h"
#include "gate/judge.h"
#include "store/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RUNS = 9, CALLS = 100000, KEYS = 1000000, COUNTERS = 100000 };

static void must(enum status st)
{
    if (st != STATUS_OK) {
        fprintf(stderr, "gate_bench: %s\n", status_text(st));
        exit(1);
    }
}

static struct span name(char out[32], const char *what, uint64_t i)
{
    return (struct span){ out, (size_t)snprintf(out, 32, "%s_%llu", what, (unsigned long long)i) };
}

static void fill(struct table *table)
{
    char key[32], id[32], account[32];
    must(table_write_begin(table));
    for (uint64_t i = 0; i < KEYS; i++) {
        const struct key_row row = { name(id, "key", i), name(account, "acct", i), -1, false };
        must(table_put_key(table, name(key, "sk-something-secret", i), &row));
        must(table_put_account(table, row.account, &(struct account_row){ .created_ms = -1, .tier = 2 }));
        if (i % 10 == 0)
            must(table_put_decision(table, row.account,
                &(struct decision_row){
                    1, 1, i, 0, -1, SPAN("One sentence that says why, of some length.") }));
    }
    must(table_write_commit(table));
}

static double time_look_ups(struct table *table, uint64_t *seed, bool decision_only)
{
    char text[32];
    struct caller caller;
    struct decision_row decision;
    double before = now_us();
    for (int i = 0; i < CALLS; i++) {
        uint64_t who = random_next(seed) % KEYS;
        must(table_read_begin(table));
        if (decision_only) {
            enum status st = table_find_decision(table, name(text, "acct", who), &decision);
            must(st == STATUS_NOT_FOUND ? STATUS_OK : st);
        } else {
            must(table_find_caller(table, name(text, "sk-something-secret", who), &caller));
        }
        table_read_end(table);
    }
    return (now_us() - before) * 1000 / CALLS;
}

static double time_takes(struct gcra_table *counters, uint64_t *seed)
{
    const struct gcra_rate rate = gcra_rate_of(10, 600);
    double before = now_us();
    for (int i = 0; i < CALLS; i++) {
        struct gcra_slot *slot = gcra_slot_of(counters, 1 + random_next(seed) % COUNTERS, 1000000 + i);
        (void)gcra_take(slot, 0, &rate, 1, 1000000 + i);
    }
    return (now_us() - before) * 1000 / CALLS;
}

static double time_judging(uint64_t *seed)
{
    static struct rules rules = { .version = 1 };
    const struct key_row key = { SPAN("key"), SPAN("acct"), -1, false };
    const struct account_row account = { .tier = 2 };
    const struct origin origin = { SPAN("DE"), { 0 } };
    const struct judge_input input = { &rules, true, &key, &account, NULL, &origin, 1000 };
    unsigned passed = 0;
    double before = now_us();
    for (int i = 0; i < CALLS; i++) {
        const struct ask ask = {
            .model = SPAN("m-large"), .choices = 1, .output_tok = (int64_t)(random_next(seed) % 4096)
        };
        struct ruling ruling = judge_caller(&input);
        judge_ask(&input, &ask, &ruling);
        passed += ruling.kind == RULING_PASS;
    }
    if (passed != CALLS)
        exit(1);
    return (now_us() - before) * 1000 / CALLS;
}

static void print(const char *what, double *ns, const char *after)
{
    qsort(ns, RUNS, sizeof *ns, by_value);
    printf("\"%s_ns\": {\"median\": %.0f, \"worst\": %.0f}%s", what, ns[RUNS / 2], ns[RUNS - 1], after);
}

int main(void)
{
    struct key secret;
    struct table *table;
    struct diag diag;
    char folder[] = P_tmpdir "/gate-bench-XXXXXX", path[64];
    double caller[RUNS], decision[RUNS], take[RUNS], judging[RUNS];
    uint64_t seed = 1;
    size_t bytes = sizeof(struct gcra_table) + ((size_t)1 << 16) * sizeof(struct gcra_set);
    void *memory = aligned_alloc(64, bytes);
    if (!mkdtemp(folder) || !memory)
        return 1;
    memset(memory, 0, bytes);
    key_init(&secret, key_default_secret);
    must(table_open(folder, TABLE_WRITE, 0, &secret, &table, &diag));
    fill(table);
    struct gcra_table *counters = gcra_init(memory, bytes);
    for (int i = 0; i < RUNS; i++) {
        caller[i] = time_look_ups(table, &seed, false);
        decision[i] = time_look_ups(table, &seed, true);
        take[i] = time_takes(counters, &seed);
        judging[i] = time_judging(&seed);
    }
    printf("{\"keys\": %d, \"runs\": %d, \"calls\": %d, ", KEYS, RUNS, CALLS);
    print("caller", caller, ", ");
    print("decision", decision, ", ");
    print("take", take, ", ");
    print("judge", judging, "}\n");
    table_close(table);
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s.mdb", folder, i ? "lock" : "data");
        unlink(path);
    }
    rmdir(folder);
    free(memory);
    return 0;
}
