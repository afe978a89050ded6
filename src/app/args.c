#include "app/args.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_FIRST = 256, CODE_HELP = CODE_FIRST + ARGS_MAX };

static int whole_number(const struct arg *arg, const char *text, uint64_t *ret_value)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno || end == text || *end || text[0] == '-' || value < arg->least || value > arg->most)
        return say_usage("--%s takes a whole number from %llu to %llu, not '%s'", arg->name,
            (unsigned long long)arg->least, (unsigned long long)arg->most, text);
    *ret_value = value;
    return EXIT_GO_ON;
}

int arg_text(const struct arg *arg, const char *text, void *place)
{
    if (!*text)
        return say_usage("--%s is empty", arg->name);
    *(const char **)place = text;
    return EXIT_GO_ON;
}

int arg_flag(const struct arg *arg, const char *text, void *place)
{
    (void)arg;
    (void)text;
    *(bool *)place = true;
    return EXIT_GO_ON;
}

int arg_u64(const struct arg *arg, const char *text, void *place)
{
    return whole_number(arg, text, place);
}

int arg_unsigned(const struct arg *arg, const char *text, void *place)
{
    uint64_t value = 0;
    int status = whole_number(arg, text, &value);
    *(unsigned *)place = (unsigned)value;
    return status;
}

int arg_u32(const struct arg *arg, const char *text, void *place)
{
    uint64_t value = 0;
    int status = whole_number(arg, text, &value);
    *(uint32_t *)place = (uint32_t)value;
    return status;
}

int arg_bytes(const struct arg *arg, const char *text, void *place)
{
    uint64_t value = 0;
    int status = whole_number(arg, text, &value);
    *(size_t *)place = (size_t)value;
    return status;
}

int arg_mib(const struct arg *arg, const char *text, void *place)
{
    int status = arg_bytes(arg, text, place);
    *(size_t *)place <<= 20;
    return status;
}

int arg_percent(const struct arg *arg, const char *text, void *place)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !isfinite(value) || value < 0 || value > 100)
        return say_usage("--%s takes a percentage from 0 to 100, not '%s'", arg->name, text);
    *(double *)place = value / 100;
    return EXIT_GO_ON;
}

/* Row and group of the i-th option of all. */
static const struct arg *row_at(const struct args *args, size_t i, const struct arg_group **ret_group)
{
    const struct arg_group *group = args->groups;
    for (; i >= group->n; group++)
        i -= group->n;
    *ret_group = group;
    return &group->rows[i];
}

static size_t list_rows(const struct args *args, struct option table[static ARGS_MAX + 2])
{
    size_t n = 0;
    const struct arg_group *group;
    for (size_t g = 0; g < args->n_groups; g++)
        n += args->groups[g].n;
    assert(n <= ARGS_MAX);
    for (size_t i = 0; i < n; i++) {
        const struct arg *row = row_at(args, i, &group);
        table[i] = (struct option){ row->name, row->value ? required_argument : no_argument, NULL,
            CODE_FIRST + (int)i };
    }
    table[n] = (struct option){ "help", no_argument, NULL, CODE_HELP };
    table[n + 1] = (struct option){ NULL, 0, NULL, 0 };
    return n;
}

static void print_row(const char *name, const char *value, const char *help)
{
    char label[64];
    snprintf(label, sizeof label, "--%s%s%s", name, value ? " " : "", value ? value : "");
    for (; help; label[0] = '\0') {
        const char *end = strchr(help, '\n');
        printf("  %-20s %.*s\n", label, end ? (int)(end - help) : (int)strlen(help), help);
        help = end ? end + 1 : NULL;
    }
}

static void print_help(const struct args *args, size_t n)
{
    const struct arg_group *group;
    fputs(args->usage, stdout);
    for (size_t i = 0; i < n; i++) {
        const struct arg *row = row_at(args, i, &group);
        print_row(row->name, row->value, row->help);
    }
    print_row("help", NULL, "this text");
}

int args_parse(const struct args *args, int argc, char **argv, void *options, struct words *ret_words)
{
    struct option table[ARGS_MAX + 2];
    size_t n = list_rows(args, table);
    int code;
    optind = 1;
    opterr = 0;
    while ((code = getopt_long(argc, argv, ":", table, NULL)) != -1) {
        if (code == ':')
            return say_usage("%s needs a value", argv[optind - 1]);
        if (code == '?' && optopt > 0 && optopt < CODE_FIRST)
            return say_usage("unknown option '-%c'", optopt);
        if (code == '?')
            return say_usage("unknown option '%s'", argv[optind - 1]);
        if (code == CODE_HELP) {
            print_help(args, n);
            return EXIT_DONE;
        }
        const struct arg_group *group;
        const struct arg *row = row_at(args, (size_t)(code - CODE_FIRST), &group);
        int status = row->read(row, optarg, (char *)options + group->offset + row->offset);
        if (status != EXIT_GO_ON)
            return status;
    }
    *ret_words = (struct words){ argv + optind, (size_t)(argc - optind) };
    return EXIT_GO_ON;
}
