#include "rival/detector.h"

#include "rival/kinds.h"

static const struct detector_kind *const kinds[] = {
    &stillwatch_kind,
    &rate_kind,
    &union_kind,
    &synchrotrap_kind,
    &fraudar_kind,
    &prada_kind,
    &seat_kind,
    &mmd_kind,
    &mmd_100_kind,
    &mmd_tenant_kind,
    &opening_kind,
};

const struct detector_kind *detector_kind_at(size_t i)
{
    return i < sizeof kinds / sizeof *kinds ? kinds[i] : NULL;
}

const struct detector_kind *detector_kind_find(struct span name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (span_is(name, kinds[i]->name))
            return kinds[i];
    return NULL;
}
