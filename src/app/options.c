#include "app/options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char main_help[] =
    "Usage: stillwatch COMMAND [OPTION]...\n"
    "\n"
    "Finds accounts of an LLM API that one operator runs to distil the model.\n"
    "\n"
    "Commands:\n"
    "  replay LOG... --out DIR    run the engine over exchange logs and write what it decides\n"
    "  explain account ID LOG...  what each stage makes of an account\n"
    "  explain exchange ID LOG... what each stage makes of an exchange\n"
    "\n"
    "  --help     this text; after a command: its options\n"
    "  --version  the version\n"
    "\n"
    "Exit status: 0 done; 1 something failed (files, memory); 2 wrong usage, policy or key;\n"
    "3 more lines of the log were bad than tolerated (the output was written all the same).\n";

static const char shared_help[] =
    "  --policy FILE        the operator's policy (config/policy.yaml is the commented default)\n"
    "  --key-file FILE      64 hexadecimal digits: the secret of all hashes (default: a published one,\n"
    "                       so that records made with it can be guessed at)\n"
    "  --threads N          threads to use, 1 to 64 (default: the processor's, at most 8)\n"
    "  --max-accounts N     accounts tracked at most, 1,000 to 100,000,000 (default 1,000,000)\n"
    "  --issued-mib N       memory for issued-output anchors, in MiB (default 256)\n"
    "  --bad-share PERCENT  share of lines that may be bad (default 1)\n"
    "  --line-max BYTES     longest line taken (default 16,777,216)\n"
    "  --quiet              no progress, no summary\n"
    "  --help               this text\n";

static const char replay_help[] =
    "Usage: stillwatch replay LOG... --out DIR [OPTION]...\n"
    "\n"
    "Reads exchange logs (plain, .gz, .zst, or - for standard input) or record files, one after the other, "
    "runs\n"
    "the whole engine in event time, and writes decisions.jsonl, campaigns.json, summary.json and\n"
    "report/index.html into DIR.\n"
    "\n"
    "  --out DIR            where to write; made if it is missing\n"
    "  --records FILE       also write the content-blind records, which replay reads like a log\n"
    "  --print-memory       print what is reserved at start, and leave\n";

static const char explain_help[] = "Usage: stillwatch explain account ID LOG... [OPTION]...\n"
                                   "       stillwatch explain exchange ID LOG... [OPTION]...\n"
                                   "\n"
                                   "Runs the engine over the logs and prints what each stage made of the "
                                   "account or exchange, with the numbers.\n"
                                   "Nothing is written.\n"
                                   "\n";

static int usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

static int usage_error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("stillwatch: ", stderr);
    vfprintf(stderr, format, args);
    fputs("\nTry 'stillwatch --help'.\n", stderr);
    va_end(args);
    return EXIT_USAGE;
}

static int parse_number(
    const char *name, const char *text, uint64_t least, uint64_t most, uint64_t *ret_value)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno || end == text || *end || text[0] == '-' || value < least || value > most)
        return usage_error("--%s takes a whole number from %llu to %llu, not '%s'", name,
            (unsigned long long)least, (unsigned long long)most, text);
    *ret_value = value;
    return EXIT_GO_ON;
}

static int parse_percent(const char *text, double *ret_share)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !isfinite(value) || value < 0 || value > 100)
        return usage_error("--bad-share takes a percentage from 0 to 100, not '%s'", text);
    *ret_share = value / 100;
    return EXIT_GO_ON;
}

enum {
    OPT_OUT = 256,
    OPT_RECORDS,
    OPT_POLICY,
    OPT_KEY,
    OPT_THREADS,
    OPT_ACCOUNTS,
    OPT_ISSUED,
    OPT_BAD,
    OPT_LINE,
    OPT_MEMORY,
    OPT_QUIET,
    OPT_HELP,
};

static const struct option replay_options[] = {
    { "out", required_argument, NULL, OPT_OUT },
    { "records", required_argument, NULL, OPT_RECORDS },
    { "print-memory", no_argument, NULL, OPT_MEMORY },
    { "policy", required_argument, NULL, OPT_POLICY },
    { "key-file", required_argument, NULL, OPT_KEY },
    { "threads", required_argument, NULL, OPT_THREADS },
    { "max-accounts", required_argument, NULL, OPT_ACCOUNTS },
    { "issued-mib", required_argument, NULL, OPT_ISSUED },
    { "bad-share", required_argument, NULL, OPT_BAD },
    { "line-max", required_argument, NULL, OPT_LINE },
    { "quiet", no_argument, NULL, OPT_QUIET },
    { "help", no_argument, NULL, OPT_HELP },
    { NULL, 0, NULL, 0 },
};

enum { REPLAY_ONLY = 3 }; /* the first entries of the table */

static int take_number(int code, const char *text, struct options *o)
{
    uint64_t value = 0;
    int status = EXIT_GO_ON;
    switch (code) {
    case OPT_THREADS:
        status = parse_number("threads", text, 1, 64, &value);
        o->n_threads = (unsigned)value;
        break;
    case OPT_ACCOUNTS:
        status = parse_number("max-accounts", text, 1000, 100000000, &value);
        o->accounts_max = (uint32_t)value;
        break;
    case OPT_ISSUED:
        status = parse_number("issued-mib", text, 1, 1 << 20, &value);
        o->issued_bytes = (size_t)value << 20;
        break;
    default:
        status = parse_number("line-max", text, 1024, (uint64_t)1 << 30, &value);
        o->line_max_bytes = value;
        break;
    }
    return status;
}

static int take_option(int code, char *text, struct options *o)
{
    switch (code) {
    case OPT_OUT:
        o->out = text;
        return EXIT_GO_ON;
    case OPT_RECORDS:
        o->records = text;
        return EXIT_GO_ON;
    case OPT_POLICY:
        o->policy = text;
        return EXIT_GO_ON;
    case OPT_KEY:
        o->key_file = text;
        return EXIT_GO_ON;
    case OPT_MEMORY:
        o->print_memory = true;
        return EXIT_GO_ON;
    case OPT_QUIET:
        o->quiet = true;
        return EXIT_GO_ON;
    case OPT_BAD:
        return parse_percent(text, &o->bad_share);
    case OPT_HELP:
        fputs(o->command == COMMAND_REPLAY ? replay_help : explain_help, stdout);
        fputs(shared_help, stdout);
        return EXIT_DONE;
    default:
        return take_number(code, text, o);
    }
}

static int take_words(int n, char **words, struct options *o)
{
    if (o->command == COMMAND_EXPLAIN) {
        if (n < 1 || (strcmp(words[0], "account") != 0 && strcmp(words[0], "exchange") != 0))
            return usage_error("explain takes 'account' or 'exchange', then an id and logs");
        if (n < 3)
            return usage_error("explain %s needs an id and at least one log", words[0]);
        o->what = strcmp(words[0], "account") == 0 ? EXPLAIN_ACCOUNT : EXPLAIN_EXCHANGE;
        o->id = words[1];
        words += 2;
        n -= 2;
    }
    o->inputs = (const char *const *)words;
    o->n_inputs = (size_t)n;
    if (o->print_memory)
        return EXIT_GO_ON;
    if (n < 1)
        return usage_error("replay needs at least one log");
    if (o->command == COMMAND_REPLAY && (!o->out || !*o->out))
        return usage_error("replay needs --out DIR");
    return EXIT_GO_ON;
}

static unsigned default_threads(void)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online < 1 ? 1 : online > 8 ? 8 : (unsigned)online;
}

static int parse_command(int argc, char **argv, struct options *o)
{
    const struct option *table = replay_options + (o->command == COMMAND_EXPLAIN ? REPLAY_ONLY : 0);
    int code;
    optind = 1;
    opterr = 0;
    while ((code = getopt_long(argc, argv, ":", table, NULL)) != -1) {
        if (code == ':')
            return usage_error("%s needs a value", argv[optind - 1]);
        if (code == '?' && optopt > 0 && optopt < OPT_OUT)
            return usage_error("unknown option '-%c'", optopt);
        if (code == '?')
            return usage_error("unknown option '%s'", argv[optind - 1]);
        int status = take_option(code, optarg, o);
        if (status != EXIT_GO_ON)
            return status;
    }
    return take_words(argc - optind, argv + optind, o);
}

int options_parse(int argc, char **argv, struct options *ret_options)
{
    struct options o = { .bad_share = 0.01, .n_threads = default_threads() };
    if (argc < 2)
        return usage_error("which command?");
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help")) {
        fputs(main_help, stdout);
        return EXIT_DONE;
    }
    if (!strcmp(argv[1], "--version")) {
        puts("stillwatch " STILLWATCH_VERSION);
        return EXIT_DONE;
    }
    if (!strcmp(argv[1], "replay"))
        o.command = COMMAND_REPLAY;
    else if (!strcmp(argv[1], "explain"))
        o.command = COMMAND_EXPLAIN;
    else
        return usage_error("unknown command '%s'", argv[1]);
    int status = parse_command(argc - 1, argv + 1, &o);
    if (status == EXIT_GO_ON)
        *ret_options = o;
    return status;
}
