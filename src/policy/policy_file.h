/*
 * policy_file.h: reads a policy file's YAML into struct policy_file, by the schema.
 *
 * Errors: STATUS_BAD with the line, column, path and reason of the first thing that libcyaml refuses.
 * Ownership: the reader allocates (NULL for an empty file), policy_file_free frees.
 */
#ifndef POLICY_POLICY_FILE_H
#define POLICY_POLICY_FILE_H

#include "policy/places.h"
#include "policy/policy_schema.h"

MUST_CHECK enum status policy_file_read(
    struct span yaml, const struct places *places, struct policy_file **ret_file, struct diag *diag);
void policy_file_free(struct policy_file *file);

#endif
