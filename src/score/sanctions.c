#include "score/sanctions.h"

#include <stdlib.h>

struct step {
    int64_t time_ms;
    uint32_t account, decision;
};

static int in_order(const void *a, const void *b)
{
    const struct step *x = a, *y = b;
    if (x->account != y->account)
        return x->account < y->account ? -1 : 1;
    if (x->time_ms != y->time_ms)
        return x->time_ms < y->time_ms ? -1 : 1;
    return (x->decision > y->decision) - (x->decision < y->decision);
}

static bool contains(enum action action)
{
    return action == ACTION_RESTRICT || action == ACTION_SUSPEND;
}

/* Steps of one account come together, in time order. */
static void take_step(struct sanctions *sanctions, const struct step *step, enum action action)
{
    struct sanctions_account *account = &sanctions->accounts[step->account];
    struct sanctions_span *last = account->n_spans > 0 ? &sanctions->spans[sanctions->n_spans - 1] : NULL;
    bool contained = last && last->until_ms == INT64_MAX;
    account->actions |= (uint8_t)(1 << action);
    if (contains(action) && !contained) {
        if (account->n_spans++ == 0)
            account->first = sanctions->n_spans;
        sanctions->spans[sanctions->n_spans++] = (struct sanctions_span){ step->time_ms, INT64_MAX };
    } else if (action == ACTION_RELEASE && contained) {
        last->until_ms = step->time_ms;
    }
}

/* Those of accounts that have an index. */
static size_t list_steps(
    struct step *steps, const struct u64_map *index, const struct score_decision *decisions, size_t n)
{
    size_t n_steps = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t account = map_find(index, decisions[i].account);
        if (account != MAP_NONE)
            steps[n_steps++] = (struct step){ decisions[i].time_ms, account, (uint32_t)i };
    }
    return n_steps;
}

enum status sanctions_init(struct sanctions *sanctions, const struct u64_map *index, size_t n_accounts,
    const struct score_decision *decisions, size_t n)
{
    enum status st = STATUS_OK;
    struct sanctions made = { .n_accounts = n_accounts };
    struct step *steps = NULL;
    REQUIRE(n < UINT32_MAX, STATUS_TOO_BIG);
    made.accounts = calloc(n_accounts + 1, sizeof *made.accounts);
    made.spans = calloc(n + 1, sizeof *made.spans);
    steps = calloc(n + 1, sizeof *steps);
    REQUIRE(made.accounts && made.spans && steps, STATUS_NOMEM);
    size_t n_steps = list_steps(steps, index, decisions, n);
    made.of_unknown = n - n_steps;
    qsort(steps, n_steps, sizeof *steps, in_order);
    for (size_t i = 0; i < n_steps; i++)
        take_step(&made, &steps[i], decisions[steps[i].decision].action);
    *sanctions = made;
fail:
    free(steps);
    if (st != STATUS_OK)
        sanctions_fini(&made);
    return st;
}

void sanctions_fini(struct sanctions *sanctions)
{
    free(sanctions->accounts);
    free(sanctions->spans);
    *sanctions = (struct sanctions){ 0 };
}

bool sanctions_contained_at(const struct sanctions *sanctions, size_t account, int64_t time_ms)
{
    const struct sanctions_account *a = &sanctions->accounts[account];
    for (size_t i = 0; i < a->n_spans; i++) {
        const struct sanctions_span *span = &sanctions->spans[a->first + i];
        if (span->from_ms < time_ms && time_ms <= span->until_ms)
            return true;
    }
    return false;
}

bool sanctions_contained_at_end(const struct sanctions *sanctions, size_t account)
{
    const struct sanctions_account *a = &sanctions->accounts[account];
    return a->n_spans > 0 && sanctions->spans[a->first + a->n_spans - 1].until_ms == INT64_MAX;
}

int64_t sanctions_first_ms(const struct sanctions *sanctions, size_t account)
{
    const struct sanctions_account *a = &sanctions->accounts[account];
    return a->n_spans > 0 ? sanctions->spans[a->first].from_ms : -1;
}
