#include "app/run_options.h"

#include <unistd.h>

#define AT(member) offsetof(struct run_options, member)

static const struct arg rows[] = {
    { "policy", "FILE", "the operator's policy (config/policy.yaml is the commented default)", arg_text,
        AT(policy), 0, 0 },
    { "key-file", "FILE",
        "64 hexadecimal digits: the secret of all hashes (default: a published one,\n"
        "so that records made with it can be guessed at)",
        arg_text, AT(key_file), 0, 0 },
    { "threads", "N", "threads to use, 1 to 64 (default: the processor's, at most 8)", arg_unsigned,
        AT(n_threads), 1, 64 },
    { "max-accounts", "N", "accounts tracked at most, 1,000 to 100,000,000 (default 1,000,000)", arg_u32,
        AT(accounts_max), 1000, 100000000 },
    { "issued-mib", "N", "memory for issued-output anchors, in MiB (default 256)", arg_mib, AT(issued_bytes),
        1, 1 << 20 },
    { "bad-share", "PERCENT", "share of lines that may be bad (default 1)", arg_percent, AT(bad_share), 0,
        100 },
    { "line-max", "BYTES", "longest line taken (default 16,777,216)", arg_bytes, AT(line_max_bytes), 1024,
        (uint64_t)1 << 30 },
    { "quiet", NULL, "no progress, no summary", arg_flag, AT(quiet), 0, 0 },
};

struct run_options run_options_default(void)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return (struct run_options){
        .bad_share = 0.01,
        .n_threads = online < 1   ? 1
                     : online > 8 ? 8
                                  : (unsigned)online,
    };
}

struct arg_group run_options_group(size_t offset)
{
    return (struct arg_group)ARG_GROUP(rows, offset);
}
