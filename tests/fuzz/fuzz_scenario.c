/* A scenario file and a population file, of the same bytes: each loads, or is refused with a place. */
#include "fuzz.h"

#include "lab/scenario.h"

#include <stdlib.h>

static void check(enum status st, const struct diag *diag)
{
    if (st == STATUS_BAD && (diag->reason[0] == '\0' || !diag->file))
        abort();
}

/* What the world counts on. */
static void check_scenario(const struct scenario *scenario)
{
    if (!(scenario->days > 0) || !scenario->name)
        abort();
    for (uint32_t i = 0; i < scenario->n_campaigns; i++) {
        const struct campaign_plan *plan = &scenario->campaigns[i];
        if (plan->n_jobs == 0 || plan->accounts == 0 || !(plan->per_day > 0))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const struct span yaml = { (const char *)data, n };
    struct diag diag = { 0 };
    struct scenario *scenario = NULL;
    struct customers *customers = NULL;
    enum status st = scenario_read(yaml, "input", &scenario, &diag);
    check(st, &diag);
    if (st == STATUS_OK)
        check_scenario(scenario);
    scenario_free(scenario);
    st = customers_read(yaml, "input", &customers, &diag);
    check(st, &diag);
    if (st == STATUS_OK && (!(customers->per_day >= 0) || !customers->name))
        abort();
    customers_free(customers);
    return 0;
}
