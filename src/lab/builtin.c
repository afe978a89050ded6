#include "lab/builtin.h"

#include "lab/builtin_files.h"

static const struct {
    const struct builtin *files;
    const size_t *n;
} kinds[] = {
    [BUILTIN_SCENARIO] = { builtin_scenarios, &builtin_scenarios_n },
    [BUILTIN_POPULATION] = { builtin_populations, &builtin_populations_n },
};

size_t builtin_count(enum builtin_kind kind)
{
    return *kinds[kind].n;
}

const struct builtin *builtin_at(enum builtin_kind kind, size_t i)
{
    return &kinds[kind].files[i];
}

const struct builtin *builtin_find(enum builtin_kind kind, const char *name)
{
    for (size_t i = 0; i < builtin_count(kind); i++)
        if (strcmp(builtin_at(kind, i)->name, name) == 0)
            return builtin_at(kind, i);
    return NULL;
}
