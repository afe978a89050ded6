#include "account/measures.h"
#include "sketch/hll.h"
#include "sketch/space_saving.h"

#include <math.h>

enum { TRAIT_MEMORY = 32 };

static struct space_saving frames_of(const struct account *account)
{
    /* A view: who only reads does not call space_saving_add. */
    struct account *a = (struct account *)(uintptr_t)account;
    return (struct space_saving){ a->focus_keys, a->focus_counts, a->focus_errors, FOCUS_KEYS };
}

static struct space_saving models_of(const struct account *account)
{
    struct account *a = (struct account *)(uintptr_t)account;
    return (struct space_saving){ a->model_keys, a->model_counts, a->model_errors, MODEL_KEYS };
}

/* Keys of 32 bits; 0 is none. */
static uint32_t short_key(uint64_t key)
{
    uint32_t low = (uint32_t)key;
    return low || key == 0 ? low : 1;
}

/* n exchanges were counted into the sketch; it fades with them. */
static void make_headroom(struct space_saving sketch, uint16_t *n)
{
    if (*n < UINT16_MAX)
        return;
    space_saving_halve(&sketch);
    *n /= 2;
}

static void count_key(struct space_saving sketch, uint16_t *n, uint32_t key)
{
    unsigned i;
    if (space_saving_add(&sketch, key, &i))
        *n /= 2;
}

/* What of a prompt may be its fixed part: system prompt or tools, how the user text begins, how it ends. */
static void frames_apply(struct account *account, const struct exchange_record *exchange)
{
    const uint64_t keys[] = {
        exchange->system.id ? object_key(OBJECT_SYSTEM, exchange->system.id)
                            : object_key(OBJECT_TOOLSET, exchange->tools.id),
        exchange->lead[1] ? object_key(OBJECT_LEAD12, exchange->lead[1])
                          : object_key(OBJECT_LEAD6, exchange->lead[0]),
        object_key(OBJECT_TAIL6, exchange->tail[0]),
    };
    struct space_saving frames = frames_of(account);
    bool any = false, top = false;
    make_headroom(frames, &account->focus_n);
    for (unsigned i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (keys[i] == 0)
            continue;
        any = true;
        count_key(frames, &account->focus_n, short_key(keys[i]));
        top |= keys[i] == account->top_frame;
    }
    if (!any)
        return;
    uint32_t top_key = account->focus_keys[space_saving_top(&frames)];
    for (unsigned i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i] != 0 && short_key(keys[i]) == top_key)
            account->top_frame = keys[i];
    account->focus_n++;
    if (top && account->rate_focus <= UINT32_MAX - RATE_ONE)
        account->rate_focus += RATE_ONE;
}

/* Running means over the first TRAIT_MEMORY exchanges with text, exponential ones from there on. */
static void traits_apply(struct account *account, const struct exchange_record *exchange)
{
    uint8_t shown[TRAITS], any = 0;
    for (unsigned i = 0; i < TRAITS; i++) {
        shown[i] = i < CAP_COUNT ? exchange->capability[i] : exchange->elicitation[i - CAP_COUNT];
        any |= shown[i];
    }
    if (!any)
        return;
    account->n_traits = (uint8_t)(account->n_traits + (account->n_traits < TRAIT_MEMORY));
    int32_t weight = 32768 / account->n_traits;
    for (unsigned i = 0; i < TRAITS; i++) {
        int32_t step = (shown[i] * 256 - account->traits[i]) * weight >> 15;
        account->traits[i] = (uint16_t)(account->traits[i] + step);
    }
}

void account_focus_apply(struct account *account, const struct exchange_record *exchange)
{
    if (exchange->model) {
        make_headroom(models_of(account), &account->model_n);
        count_key(models_of(account), &account->model_n, short_key(exchange->model));
        account->model_n++;
    }
    if (exchange->slot) {
        account->with_text++;
        account->follow_ups += (exchange->flags & REC_FOLLOW_UP) != 0;
        hll_nibble_add(account->slots, SLOTS_LOG2, exchange->slot);
    }
    frames_apply(account, exchange);
    traits_apply(account, exchange);
}

bool account_frame_recurs(const struct account *account, uint64_t key)
{
    uint32_t wanted = short_key(key);
    for (unsigned i = 0; i < FOCUS_KEYS; i++)
        if (account->focus_keys[i] == wanted)
            return account->focus_counts[i] - account->focus_errors[i] > 1;
    return false;
}

static double share_of_top(struct space_saving sketch, uint16_t n)
{
    unsigned top = space_saving_top(&sketch);
    return n > 0 ? fmin(1, (double)(sketch.counts[top] - sketch.errors[top]) / n) : NAN;
}

double account_focus(const struct account *account)
{
    return share_of_top(frames_of(account), account->focus_n);
}

double account_top_model_share(const struct account *account)
{
    return share_of_top(models_of(account), account->model_n);
}

double account_novelty(const struct account *account)
{
    if (account->with_text == 0)
        return NAN;
    return fmin(1, hll_nibble_estimate(account->slots, SLOTS_LOG2) / account->with_text);
}
