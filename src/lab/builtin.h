/*
 * builtin.h: the scenario and population files that are part of the program (made by scripts/embed.py at build).
 */
#ifndef LAB_BUILTIN_H
#define LAB_BUILTIN_H

#include "base/span.h"

enum builtin_kind { BUILTIN_SCENARIO, BUILTIN_POPULATION };

struct builtin {
    const char *name; /* of the file, without its folder and ".yaml" */
    struct span text;
};

/* In the order of their names. */
size_t builtin_count(enum builtin_kind kind);
const struct builtin *builtin_at(enum builtin_kind kind, size_t i);
/* NULL where there is none. */
const struct builtin *builtin_find(enum builtin_kind kind, const char *name);

#endif
