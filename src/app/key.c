#include "app/commands.h"
#include "app/state.h"
#include "base/clock.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { KEY_BYTES_MAX = 512, SECRET_BYTES = 24 };

struct key_options {
    struct state_options state;
    const char *account, *id, *expires;
    bool generate;
};

/* The key is read from standard input, so that no list of processes shows it. */
static int read_key(char key[static KEY_BYTES_MAX])
{
    if (!fgets(key, KEY_BYTES_MAX, stdin))
        return say_usage("the key is read from standard input; --generate makes one");
    if (strlen(key) == KEY_BYTES_MAX - 1 && key[KEY_BYTES_MAX - 2] != '\n')
        return say_usage("a key has at most %d characters", KEY_BYTES_MAX - 2);
    key[strcspn(key, "\r\n")] = '\0';
    if (strlen(key) < 16)
        return say_usage("a key has at least 16 characters");
    for (const char *c = key; *c; c++)
        if (*c <= ' ' || *c >= 0x7f)
            return say_usage("a key has no blanks, and no characters that are not in ASCII");
    return EXIT_GO_ON;
}

static void generate_key(char key[static KEY_BYTES_MAX])
{
    uint8_t secret[SECRET_BYTES];
    randombytes_buf(secret, sizeof secret);
    memcpy(key, "sk-", 3);
    sodium_bin2base64(
        key + 3, KEY_BYTES_MAX - 3, secret, sizeof secret, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(secret, sizeof secret);
}

static enum status is_other(void *context, const struct key_row *row)
{
    return span_is(row->id, context) ? STATUS_END : STATUS_OK;
}

/* One key an id, so that a revocation tells which it is. */
static enum status check_id(struct table *table, const char *id)
{
    enum status st = table_read_begin(table);
    if (st == STATUS_OK)
        st = table_each_key(table, is_other, (void *)(uintptr_t)id);
    table_read_end(table);
    return st;
}

static int put_key(
    struct state *state, const struct key_options *options, const char *key, int64_t expires_ms)
{
    const struct key_row row = { span_of(options->id), span_of(options->account), expires_ms, false };
    enum status st = check_id(state->table, options->id);
    if (st == STATUS_END)
        return say_usage("there is a key with the id '%s' already", options->id);
    if (st != STATUS_OK)
        return state_failed(state, "key add", st);
    st = table_write_begin(state->table);
    if (st == STATUS_OK)
        st = table_put_key(state->table, span_of(key), &row);
    int status = state_commit(state, "key add", st);
    return st == STATUS_MISMATCH ? say_usage("that key is there already, under another id") : status;
}

static int add(struct state *state, const void *data, const struct words *words)
{
    const struct key_options *options = data;
    (void)words;
    char key[KEY_BYTES_MAX];
    int64_t expires_ms = -1;
    if (!options->account || !options->id)
        return say_usage("key add needs --account and --id");
    if (options->expires && clock_parse(span_of(options->expires), &expires_ms) != STATUS_OK)
        return say_usage("--expires takes a time such as 2027-01-31T00:00:00Z, not '%s'", options->expires);
    if (options->generate && sodium_init() < 0)
        return say_failed("key add", STATUS_IO);
    int status = EXIT_GO_ON;
    if (options->generate)
        generate_key(key);
    else
        status = read_key(key);
    if (status == EXIT_GO_ON)
        status = put_key(state, options, key, expires_ms);
    if (status == EXIT_GO_ON && options->generate)
        printf("%s\n", key); /* the only time that it is seen */
    sodium_memzero(key, sizeof key);
    return status;
}

static int revoke(struct state *state, const void *options, const struct words *words)
{
    (void)options;
    if (words->n < 2)
        return say_usage("key revoke needs the key's ID");
    enum status st = table_write_begin(state->table);
    if (st == STATUS_OK)
        st = table_revoke_key(state->table, span_of(words->items[1]));
    return state_commit(state, words->items[1], st);
}

static enum status print_row(void *context, const struct key_row *row)
{
    const int64_t *now_ms = context;
    char expires[CLOCK_TEXT_BYTES] = "never";
    bool expired = row->expires_ms >= 0 && row->expires_ms <= *now_ms;
    if (row->expires_ms >= 0)
        clock_format(row->expires_ms, expires);
    printf("%.*s\t%.*s\t%s\t%s\n", (int)row->id.n, row->id.data, (int)row->account.n, row->account.data,
        expires,
        row->revoked ? "revoked"
        : expired    ? "expired"
                     : "valid");
    return STATUS_OK;
}

static int list(struct state *state, const void *options, const struct words *words)
{
    (void)options;
    (void)words;
    int64_t now_ms = (int64_t)time(NULL) * 1000;
    enum status st = table_read_begin(state->table);
    puts("id\taccount\texpires\tstate");
    if (st == STATUS_OK)
        st = table_each_key(state->table, print_row, &now_ms);
    return st == STATUS_OK ? EXIT_GO_ON : state_failed(state, "key list", st);
}

static const char usage[] =
    "Usage: stillwatch key add --state DIR --key-file FILE --account ACCOUNT --id ID [OPTION]...\n"
    "       stillwatch key revoke ID --state DIR --key-file FILE\n"
    "       stillwatch key list --state DIR --key-file FILE\n"
    "\n"
    "The API keys that the gateway lets in. Of a key only a hash is kept. Changes count at once.\n"
    "\n";

#define AT(member) offsetof(struct key_options, member)

static const struct arg rows[] = {
    { "account", "ACCOUNT", "whose the key is", arg_text, AT(account), 0, 0 },
    { "id", "ID", "the key's name in logs and lists", arg_text, AT(id), 0, 0 },
    { "expires", "TIME", "when it ends (default: never)", arg_text, AT(expires), 0, 0 },
    { "generate", NULL, "make a key and print it; otherwise it is read from standard input", arg_flag,
        AT(generate), 0, 0 },
};

int command_key(int argc, char **argv)
{
    static const struct state_verb verbs[] = { { "add", 1, TABLE_WRITE, add },
        { "revoke", 2, TABLE_WRITE, revoke }, { "list", 1, TABLE_READ, list } };
    struct arg_group groups[] = { { state_rows, 2, AT(state) }, ARG_GROUP(rows, 0) };
    struct args args = { usage, groups, 2 };
    struct key_options options = { .generate = false };
    struct words words;
    int status = args_parse(&args, argc, argv, &options, &words);
    return status == EXIT_GO_ON ? state_run(&options.state, verbs, 3, &options, &words) : status;
}
