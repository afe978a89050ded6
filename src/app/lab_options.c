#include "app/lab_options.h"

#include "app/secret.h"
#include "lab/builtin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_scale(const struct arg *arg, const char *text, void *place)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !(value > 0) || value > 1)
        return say_usage("--%s takes a number above 0, up to 1, not '%s'", arg->name, text);
    *(double *)place = value;
    return EXIT_GO_ON;
}

#define PLACE(member) offsetof(struct lab_options, member)
static const struct arg rows[] = {
    { "scenario", "NAME|FILE", "a scenario that is built in, or a YAML file (docs/scenarios.md)", arg_text,
        PLACE(scenario), 0, 0 },
    { "scale", "S", "share of all accounts to simulate, 0 to 1 (default: the scenario's own)", read_scale,
        PLACE(scale), 0, 0 },
    { "data", "DIR", "draw prompts from the public sets in DIR instead of the built-in grammar", arg_text,
        PLACE(data), 0, 0 },
    { "out", "DIR", "where to write; made if it is missing", arg_text, PLACE(out), 0, 0 },
    { "key-file", "FILE", "64 hexadecimal digits: the secret of all hashes (default: a published one)",
        arg_text, PLACE(key_file), 0, 0 },
    { "threads", "N", "threads to use, 1 to 64 (default: the processor's, at most 8)", arg_unsigned,
        PLACE(n_threads), 1, 64 },
    { "quiet", NULL, "no progress, no summary", arg_flag, PLACE(quiet), 0, 0 },
};

struct lab_options lab_options_default(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return (struct lab_options){ .n_threads = n < 1 ? 1 : n > 8 ? 8 : (unsigned)n };
}

struct arg_group lab_options_group(size_t offset)
{
    return (struct arg_group)ARG_GROUP(rows, offset);
}

static void say_scenarios(void)
{
    fputs("Built in:", stderr);
    for (size_t i = 0; i < builtin_count(BUILTIN_SCENARIO); i++)
        fprintf(stderr, " %s", builtin_at(BUILTIN_SCENARIO, i)->name);
    fputs("; a file has a slash in its name or ends in .yaml.\n", stderr);
}

int lab_open(const struct lab_options *options, struct lab *ret_lab)
{
    struct diag diag = { 0 };
    *ret_lab = (struct lab){ 0 };
    if (!options->scenario)
        return say_usage("which --scenario?");
    int status = secret_load(options->key_file, &ret_lab->key);
    if (status != EXIT_GO_ON)
        return status;
    enum status st = scenario_load(options->scenario, &ret_lab->scenario, &diag);
    if (st == STATUS_OK)
        st = customer_kinds_builtin(&ret_lab->kinds, &diag);
    if (st != STATUS_OK) {
        if (diag.reason[0])
            say_diag(&diag);
        else
            say_failed(options->scenario, st);
        if (st == STATUS_NOT_FOUND)
            say_scenarios();
        return st == STATUS_NOMEM ? EXIT_FAILED : EXIT_USAGE;
    }
    diag = (struct diag){ .file = options->data };
    st = corpus_new(options->data, &ret_lab->corpus, &diag);
    if (st != STATUS_OK && diag.reason[0])
        say_diag(&diag);
    else if (st != STATUS_OK)
        say_failed(options->data ? options->data : "texts", st);
    return st == STATUS_OK ? EXIT_GO_ON : EXIT_FAILED;
}

void lab_close(struct lab *lab)
{
    corpus_free(lab->corpus);
    customer_kinds_free(&lab->kinds);
    scenario_free(lab->scenario);
}

int lab_make_dir(const char *dir)
{
    struct stat info;
    if (mkdir(dir, 0777) == 0)
        return EXIT_GO_ON;
    int cause = errno;
    bool there = stat(dir, &info) == 0, is_folder = there && S_ISDIR(info.st_mode);
    if (is_folder && access(dir, W_OK | X_OK) == 0)
        return EXIT_GO_ON;
    errno = is_folder ? errno : there ? ENOTDIR : cause;
    return say_failed(dir, STATUS_IO);
}
