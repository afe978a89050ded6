/*
 * yaml.h: reads a YAML file by a libcyaml schema into C structs, with errors that say where and what.
 *
 * Errors: STATUS_IO; STATUS_TOO_BIG above YAML_FILE_MAX; STATUS_BAD with the line, column, path and reason of the first thing that libcyaml refuses,
 *   or takes although it should not: a number that ends in something else, a word for true or false that is neither.
 * Ownership: the reader allocates (NULL for an empty file), yaml_file_free frees, by the same schema. The names keep
 *   clear of libyaml, which exports a yaml_free of its own.
 */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include "base/places.h"

#include <cyaml/cyaml.h>

enum { YAML_FILE_MAX = 4 << 20 };

/* The bytes of a file, NUL-terminated beyond them and the caller's to free; diag says what is wrong with it. */
MUST_CHECK enum status yaml_file_bytes(const char *path, struct span *ret_yaml, struct diag *diag);
/* What is in a text that may not be empty, if the check has nothing against it. name is what errors call the text. */
typedef enum status (*yaml_check)(const void *data, const struct places *places, struct diag *diag);
MUST_CHECK enum status yaml_file_parse(struct span yaml, const char *name, const cyaml_schema_value_t *schema,
    yaml_check check, void **ret_data, struct diag *diag);

MUST_CHECK enum status yaml_file_read(struct span yaml, const cyaml_schema_value_t *schema,
    const struct places *places, void **ret_data, struct diag *diag);
void yaml_file_free(const cyaml_schema_value_t *schema, void *data);

#endif
