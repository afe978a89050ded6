/*
 * args.h: a command's options as a table: read into its struct, and listed by its --help.
 *
 * Model: a command describes itself by a usage text and groups of rows; a group is a table that commands share, with
 *   the place of its struct in the command's own. --help is every command's and in no table.
 * Shapes: at most ARGS_MAX rows in all. Options may stand before and after words; "--name=value" is allowed.
 * Ownership: values and words borrow from argv, which is reordered.
 * Errors: said on standard error; an exit status is returned, or EXIT_GO_ON.
 */
#ifndef APP_ARGS_H
#define APP_ARGS_H

#include "app/say.h"

#include <stddef.h>
#include <stdint.h>

enum { ARGS_MAX = 40 };

struct arg;
typedef int arg_fn(const struct arg *arg, const char *text, void *place);

struct arg {
    const char *name;  /* without the dashes */
    const char *value; /* what --help calls its value; NULL: it takes none */
    const char *help;  /* with line ends where it needs more lines than one */
    arg_fn *read;
    size_t offset;        /* of its place in the group's struct */
    uint64_t least, most; /* of numbers */
};

struct arg_group {
    const struct arg *rows;
    size_t n;
    size_t offset; /* of the group's struct in the command's */
};

#define ARG_GROUP(rows_, offset_)                                                                            \
    {                                                                                                        \
        (rows_), sizeof(rows_) / sizeof *(rows_), (offset_)                                                  \
    }

struct args {
    const char *usage; /* before the options in --help */
    const struct arg_group *groups;
    size_t n_groups;
};

struct words {
    char **items;
    size_t n;
};

/* argv[0] is the command's name. EXIT_DONE after --help. */
int args_parse(const struct args *args, int argc, char **argv, void *options, struct words *ret_words);

/* Functions that read a value. The place is: */
arg_fn arg_text;     /* const char *, not empty */
arg_fn arg_flag;     /* bool */
arg_fn arg_unsigned; /* unsigned */
arg_fn arg_u32;      /* uint32_t */
arg_fn arg_u64;      /* uint64_t */
arg_fn arg_bytes;    /* size_t */
arg_fn arg_mib;      /* size_t in bytes, from MiB */
arg_fn arg_percent;  /* double 0..1, from 0..100 */

#endif
