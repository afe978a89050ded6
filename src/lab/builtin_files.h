/*
 * builtin_files.h: the texts behind builtin.h; builtin_files.c is generated from scenarios/ by scripts/embed.py.
 */
#ifndef LAB_BUILTIN_FILES_H
#define LAB_BUILTIN_FILES_H

#include "lab/builtin.h"

extern const struct builtin builtin_scenarios[], builtin_populations[];
extern const size_t builtin_scenarios_n, builtin_populations_n;

#endif
