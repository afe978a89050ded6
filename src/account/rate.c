#include "account/measures.h"
#include "sketch/ewma.h"

#include <math.h>

/* The week's sum has fewer fraction bits, so that 300 exchanges a second still fit. */
enum { HOURS_A_DAY = 24, HOURS_A_WEEK = 168, WEEK_ONE = 16 };

struct moment moment_of(const struct account *account, int64_t time_ms)
{
    bool first = account->exchanges == 0;
    int64_t before = first || account->last_ms < 0 ? 0 : account->last_ms;
    int64_t now = time_ms > before ? time_ms : before;
    uint32_t cell = (uint32_t)(now / CELL_MS), cell_before = (uint32_t)(before / CELL_MS);
    struct moment moment = {
        .now_ms = now,
        .gap_ms = first ? -1 : now - before,
        .hour = (uint32_t)(now / HOUR_MS),
        .day = (uint32_t)(now / DAY_MS),
        .cells_hour = cell - cell_before,
        .cells_day = cell / HOURS_A_DAY - cell_before / HOURS_A_DAY,
        .cells_week = cell / HOURS_A_WEEK - cell_before / HOURS_A_WEEK,
    };
    moment.new_hour = first || moment.hour != before / HOUR_MS;
    moment.new_day = first || moment.day != before / DAY_MS;
    return moment;
}

static void fold(uint32_t *rate, uint32_t steps, uint32_t add)
{
    uint64_t sum = ewma_decay(*rate, steps) + add;
    *rate = sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
}

/* The level of the ramp stays within 80..100 % of the peak day, and ramp_s is when it was first reached. */
static void ramp_apply(struct account *account, const struct moment *moment)
{
    if (moment->new_day) {
        account->today = 0;
        account->active_days = (uint16_t)(account->active_days + (account->active_days < UINT16_MAX));
    }
    account->today++;
    if ((uint64_t)account->today * 4 > (uint64_t)account->ramp_level * 5) {
        account->ramp_level = account->today;
        account->ramp_s = (uint32_t)((moment->now_ms - account->first_ms) / 1000);
    }
}

void account_rate_apply(
    struct account *account, const struct moment *moment, const struct exchange_record *exchange)
{
    fold(&account->rate_hour, moment->cells_hour, RATE_ONE);
    fold(&account->rate_day, moment->cells_day, RATE_ONE);
    fold(&account->rate_week, moment->cells_week, WEEK_ONE);
    fold(&account->rate_focus, moment->cells_day, 0);
    uint64_t tokens = (uint64_t)exchange->input_tok + exchange->output_tok;
    tokens += ewma_decay(account->tokens_day, moment->cells_day);
    account->tokens_day = tokens < EWMA_MAX ? tokens : EWMA_MAX;
    account->input_tok += exchange->input_tok;
    account->output_tok += exchange->output_tok;
    ramp_apply(account, moment);
}

/* A steady rate r sums to r * half-life / ln 2. */
struct rates account_rates(const struct account *account, int64_t now_ms)
{
    struct moment now = moment_of(account, now_ms);
    const double ln2 = 0.69314718055994531;
    double hour = (double)ewma_decay(account->rate_hour, now.cells_hour);
    double day = (double)ewma_decay(account->rate_day, now.cells_day);
    double week = (double)ewma_decay(account->rate_week, now.cells_week);
    if (account->exchanges == 0)
        return (struct rates){ 0 };
    return (struct rates){
        .hour = hour / RATE_ONE * ln2,
        .day = day / RATE_ONE * ln2 / HOURS_A_DAY,
        .week = week / WEEK_ONE * ln2 / HOURS_A_WEEK,
        .tokens_day = (double)ewma_decay(account->tokens_day, now.cells_day) * ln2,
    };
}
