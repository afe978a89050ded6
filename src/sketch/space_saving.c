#include "sketch/space_saving.h"

#include <assert.h>

static void swap_with_previous(const struct space_saving *sketch, unsigned i)
{
    uint32_t key = sketch->keys[i];
    uint16_t count = sketch->counts[i], error = sketch->errors[i];
    sketch->keys[i] = sketch->keys[i - 1];
    sketch->counts[i] = sketch->counts[i - 1];
    sketch->errors[i] = sketch->errors[i - 1];
    sketch->keys[i - 1] = key;
    sketch->counts[i - 1] = count;
    sketch->errors[i - 1] = error;
}

void space_saving_halve(const struct space_saving *sketch)
{
    for (unsigned i = 0; i < sketch->k; i++) {
        sketch->counts[i] = (uint16_t)(sketch->counts[i] / 2);
        sketch->errors[i] = (uint16_t)(sketch->errors[i] / 2);
    }
}

bool space_saving_add(const struct space_saving *sketch, uint32_t key, unsigned *ret_i)
{
    assert(key != 0 && sketch->k > 0);
    unsigned i = 0;
    while (i < sketch->k - 1 && sketch->keys[i] != key && sketch->keys[i] != 0)
        i++;
    bool halved = sketch->counts[i] == UINT16_MAX;
    if (halved)
        space_saving_halve(sketch);
    if (sketch->keys[i] != key) {
        sketch->keys[i] = key;
        sketch->errors[i] = sketch->counts[i];
    }
    sketch->counts[i]++;
    while (i > 0 && sketch->counts[i] > sketch->counts[i - 1])
        swap_with_previous(sketch, i--);
    *ret_i = i;
    return halved;
}

unsigned space_saving_top(const struct space_saving *sketch)
{
    unsigned top = 0;
    for (unsigned i = 1; i < sketch->k; i++)
        if (sketch->counts[i] - sketch->errors[i] > sketch->counts[top] - sketch->errors[top])
            top = i;
    return top;
}
