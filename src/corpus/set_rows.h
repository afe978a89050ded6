/*
 * set_rows.h: a file of a set → its rows, each as the strings that were asked for.
 *
 * Model: paths name the strings: "question.choices.*.text", where * is every element of an array. A row's strings come in the
 *   order of the file, each with the number of its path.
 * Shapes: a file is JSON lines, one JSON document (rows names the array whose elements are the rows: "*", "examples.*"), CSV
 *   with a heading of which the first column is taken, or plain text (one row). At most ROW_STRINGS strings a row; the rest
 *   are left out.
 * Memory: the largest file twice, and the cursor of exchange/json.h.
 * Ownership: strings borrow until the next row.
 * Errors: STATUS_IO; STATUS_BAD with line and reason; what take returns.
 */
#ifndef CORPUS_SET_ROWS_H
#define CORPUS_SET_ROWS_H

#include "base/buffer.h"
#include "base/diag.h"

#include <stdint.h>

enum set_form { SET_LINES, SET_DOCUMENT, SET_CSV, SET_PLAIN };
enum { ROW_STRINGS = 512, ROW_PATHS = 3, ROW_FILE_MAX = 96 << 20 };

struct row_string {
    struct span text;
    unsigned path;
};

struct row {
    struct row_string strings[ROW_STRINGS];
    unsigned n;
};

typedef enum status (*row_take)(void *context, const struct row *row);

struct row_shape {
    enum set_form form;
    const char *rows; /* SET_DOCUMENT */
    const char *paths[ROW_PATHS];
};

MUST_CHECK enum status set_rows_read(
    const char *path, const struct row_shape *shape, row_take take, void *context, struct diag *diag);

#endif
