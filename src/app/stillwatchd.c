#include "app/args.h"
#include "app/secret.h"
#include "app/serve.h"
#include "base/fault.h"
#include "service/confine.h"
#include "service/http.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct options {
    const char *state, *key_file, *policy, *listen, *user;
    unsigned n_threads;
    uint32_t accounts_max, retention_days;
    size_t issued_bytes, table_bytes;
    unsigned round_ms;
    bool check, unconfined;
};

static const char usage[] =
    "Usage: stillwatchd --state DIR --key-file FILE [OPTION]...\n"
    "\n"
    "Takes the records that the gateway writes, runs the engine over them, and tells the "
    "gateway what it decides.\n"
    "SIGHUP reads the policy again; SIGTERM takes what waits and ends. docs/service.md tells "
    "more.\n"
    "\n";

#define AT(member) offsetof(struct options, member)

static const struct arg rows[] = {
    { "state", "DIR", "the folder that it shares with the gateway: table, spool, journal", arg_text,
        AT(state), 0, 0 },
    { "key-file", "FILE", "64 hexadecimal digits: the secret of all hashes, the gateway's", arg_text,
        AT(key_file), 0, 0 },
    { "policy", "FILE", "the operator's policy (config/policy.yaml is the commented default)", arg_text,
        AT(policy), 0, 0 },
    { "listen", "ADDR:PORT",
        "where /metrics, /healthz and /readyz are; 'off' for nowhere\n(default 127.0.0.1:9464)", arg_text,
        AT(listen), 0, 0 },
    { "user", "NAME", "become this user first; root must name one", arg_text, AT(user), 0, 0 },
    { "threads", "N", "threads to use, 1 to 64 (default: the processor's, at most 8)", arg_unsigned,
        AT(n_threads), 1, 64 },
    { "max-accounts", "N", "accounts tracked at most, 1,000 to 100,000,000 (default 1,000,000)", arg_u32,
        AT(accounts_max), 1000, 100000000 },
    { "issued-mib", "N", "memory for issued-output anchors, in MiB (default 256)", arg_mib, AT(issued_bytes),
        1, 1 << 20 },
    { "table-mib", "N", "most that the table may grow to, in MiB (default 4096)", arg_mib, AT(table_bytes),
        16, 1 << 24 },
    { "retention-days", "N", "days of records that the journal keeps, 1 to 3650 (default 45)", arg_u32,
        AT(retention_days), 1, 3650 },
    { "round-ms", "N", "between two looks at the rings when nothing more waits (default 200)", arg_unsigned,
        AT(round_ms), 1, 60000 },
    { "check", NULL, "say whether key, policy, address, folder and what is in it are fine, and leave",
        arg_flag, AT(check), 0, 0 },
    { "unconfined", NULL, "without the filter of system calls, for debuggers", arg_flag, AT(unconfined), 0,
        0 },
};

static unsigned processors(void)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online < 1 ? 1 : online > 8 ? 8 : (unsigned)online;
}

/* What can be told without touching anything. */
static int check(const struct options *options, const struct service_config *config)
{
    struct diag diag;
    if (options->listen && http_check(options->listen) != STATUS_OK)
        return say_usage("--listen takes ADDRESS:PORT, not '%s'", options->listen);
    fault_guard_start();
    enum status st = service_check(config, &diag);
    fault_guard_stop();
    if (st == STATUS_OK)
        return EXIT_DONE;
    if (diag.reason[0])
        say_diag(&diag);
    else
        say_failed(diag.file, st);
    return diag.file == options->policy ? EXIT_USAGE : EXIT_FAILED;
}

static int run(const struct options *options)
{
    struct key key;
    struct diag diag = { .file = options->user ? options->user : "root" };
    int status = secret_load(options->key_file, &key); /* as whoever may read it */
    if (status != EXIT_GO_ON)
        return status;
    if (!options->check || options->user)
        if (confine_user(options->user, &diag) != STATUS_OK) {
            say_diag(&diag);
            return EXIT_USAGE;
        }
    struct service_config config = {
        .state = options->state,
        .policy = options->policy,
        .key = &key,
        .n_threads = options->n_threads,
        .accounts_max = options->accounts_max,
        .issued_bytes = options->issued_bytes,
        .table_bytes = options->table_bytes,
        .retention_ms = (int64_t)options->retention_days * 24 * 3600 * 1000,
    };
    status = check(options, &config);
    if (options->check || status != EXIT_DONE)
        return status;
    struct serve_options serving = {
        .listen = options->listen, .unconfined = options->unconfined, .round_ms = options->round_ms
    };
    return serve(&config, &serving);
}

static int run_command(int argc, char **argv)
{
    struct arg_group groups[] = { ARG_GROUP(rows, 0) };
    struct args args = { usage, groups, 1 };
    struct options options = {
        .listen = "127.0.0.1:9464", .n_threads = processors(), .retention_days = 45, .round_ms = 200
    };
    struct words words;
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("stillwatchd " STILLWATCH_VERSION);
        return EXIT_DONE;
    }
    int status = args_parse(&args, argc, argv, &options, &words);
    if (status != EXIT_GO_ON)
        return status;
    if (words.n > 0)
        return say_usage("stillwatchd takes options only, not '%s'", words.items[0]);
    if (!options.state || !options.key_file)
        return say_usage("--state DIR and --key-file FILE are needed");
    if (strcmp(options.listen, "off") == 0)
        options.listen = NULL;
    return run(&options);
}

int main(int argc, char **argv)
{
    int status = run_command(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout))
        return say_failed("standard output", STATUS_IO);
    return status;
}
