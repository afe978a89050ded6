#include "store/table.h"

#include "base/endian.h"
#include "base/fault.h"
#include "store/callers.h"

#include <errno.h>
#include <lmdb.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { READERS_MAX = 256, TABLE_VERSION = 1 };
_Static_assert((int)KEY_HASH_BYTES == (int)crypto_shorthash_siphashx24_BYTES, "one size under two names");
enum database { DB_KEYS, DB_ACCOUNTS, DB_DECISIONS, DB_STATE, DB_COUNT };

static const char *const database_names[DB_COUNT] = { "keys", "accounts", "decisions", "state" };
static const char head_name[] = "table";

struct table {
    MDB_env *env;
    MDB_dbi databases[DB_COUNT];
    MDB_txn *read, *write;
    uint8_t secret[crypto_shorthash_siphashx24_KEYBYTES];
    uint64_t check;
    struct callers callers;
};

static enum status status_of(int rc)
{
    switch (rc) {
    case 0:
        return STATUS_OK;
    case MDB_NOTFOUND:
        return STATUS_NOT_FOUND;
    case MDB_MAP_FULL:
    case MDB_READERS_FULL:
        return STATUS_FULL;
    case ENOMEM:
        return STATUS_NOMEM;
    case MDB_INVALID:
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_CURSOR_FULL:
    case MDB_PAGE_FULL:
    case MDB_INCOMPATIBLE:
    case MDB_BAD_TXN: /* what went wrong first was not said */
    case MDB_BAD_VALSIZE:
        return STATUS_BAD;
    case MDB_VERSION_MISMATCH:
    case MDB_KEYEXIST:
        return STATUS_MISMATCH;
    default:
        errno = rc > 0 ? rc : EIO; /* what is not its own is the system's */
        return STATUS_IO;
    }
}

static MDB_val value_of(struct span bytes)
{
    return (MDB_val){ bytes.n, (void *)(uintptr_t)bytes.data };
}

static struct span span_of_value(MDB_val value)
{
    return (struct span){ value.mv_data, value.mv_size };
}

static enum status open_databases(struct table *table, MDB_txn *txn, unsigned flags)
{
    for (unsigned i = 0; i < DB_COUNT; i++) {
        int rc = mdb_dbi_open(txn, database_names[i], flags, &table->databases[i]);
        if (rc != 0)
            return rc == MDB_NOTFOUND ? STATUS_BAD : status_of(rc);
    }
    return STATUS_OK;
}

/* Version and the secret's check value: a table made with another secret would know no key. */
static enum status check_head(struct table *table, MDB_txn *txn, enum table_mode mode, struct diag *diag)
{
    enum status st = STATUS_OK;
    uint8_t head[9];
    head[0] = TABLE_VERSION;
    put_le64(head + 1, table->check);
    MDB_val name = value_of(SPAN(head_name)), value;
    int rc = mdb_get(txn, table->databases[DB_STATE], &name, &value);
    if (rc == MDB_NOTFOUND && mode == TABLE_WRITE) {
        value = (MDB_val){ sizeof head, head };
        return status_of(mdb_put(txn, table->databases[DB_STATE], &name, &value, 0));
    }
    TRY(rc == MDB_NOTFOUND ? STATUS_BAD : status_of(rc));
    if (value.mv_size != sizeof head || memcmp(value.mv_data, head, sizeof head) != 0) {
        diag_set(diag, "", "the table was made with another secret or version");
        st = STATUS_MISMATCH;
    }
fail:
    return st;
}

static enum status prepare(struct table *table, enum table_mode mode, struct diag *diag)
{
    enum status st = STATUS_OK;
    MDB_txn *txn = NULL;
    bool writes = mode == TABLE_WRITE;
    TRY(status_of(mdb_txn_begin(table->env, NULL, writes ? 0 : MDB_RDONLY, &txn)));
    TRY(open_databases(table, txn, writes ? MDB_CREATE : 0));
    TRY(check_head(table, txn, mode, diag));
    st = status_of(mdb_txn_commit(txn));
    txn = NULL;
fail:
    if (txn)
        mdb_txn_abort(txn);
    return st;
}

/* Says only what is not so yet: of a folder that hands on its group systemd lets nobody (RestrictSUIDSGID). */
static int set_mode(const char *path, mode_t mode)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return errno;
    mode |= info.st_mode & S_ISGID;
    return (info.st_mode & 07777) == mode || chmod(path, mode) == 0 ? 0 : errno;
}

/* Whatever the umask of who makes it: the gateway reads by the group, and a reader writes to the lock file. */
static int share_files(const char *path)
{
    static const char *const names[] = { "data.mdb", "lock.mdb" };
    char file[4096];
    int rc = set_mode(path, 0770);
    for (unsigned i = 0; i < 2 && rc == 0; i++) {
        int n = snprintf(file, sizeof file, "%s/%s", path, names[i]);
        rc = n < (int)sizeof file ? set_mode(file, 0660) : ENAMETOOLONG;
    }
    return rc;
}

/* LMDB would end the process over pages that contradict each other. */
static void on_contradiction(MDB_env *env, const char *what)
{
    (void)env;
    (void)what;
    fault_meet();
}

static const unsigned open_flags[] = {
    [TABLE_READ] = MDB_NOTLS | MDB_RDONLY,
    [TABLE_WRITE] = MDB_NOTLS,
    [TABLE_LOOK] = MDB_NOTLS | MDB_RDONLY | MDB_NOLOCK,
};

enum status table_open(const char *path, enum table_mode mode, size_t map_bytes, const struct key *key,
    struct table **ret_table, struct diag *diag)
{
    enum status st = STATUS_OK;
    int rc = 0;
    if (diag)
        diag->file = path;
    struct table *table = calloc(1, sizeof *table);
    REQUIRE(table, STATUS_NOMEM);
    memcpy(table->secret, key->sub[KEY_IDENTITY], sizeof table->secret);
    table->check = key->check;
    bool made = mode == TABLE_WRITE && mkdir(path, 0770) == 0;
    if (mode == TABLE_WRITE && !made && errno != EEXIST)
        rc = errno;
    rc = rc ? rc : mdb_env_create(&table->env);
    rc = rc ? rc : mdb_env_set_assert(table->env, on_contradiction);
    rc = rc ? rc : mdb_env_set_maxdbs(table->env, DB_COUNT);
    rc = rc ? rc : mdb_env_set_maxreaders(table->env, READERS_MAX);
    rc = rc ? rc : mdb_env_set_mapsize(table->env, map_bytes ? map_bytes : TABLE_MAP_BYTES);
    rc = rc ? rc : mdb_env_open(table->env, path, open_flags[mode], 0660);
    rc = rc || !made ? rc : share_files(path);
    if (rc != 0)
        diag_set(diag, "", "%s", mdb_strerror(rc));
    TRY(status_of(rc));
    mdb_reader_check(table->env, &(int){ 0 }); /* slots of readers that were killed */
    TRY(prepare(table, mode, diag));
    *ret_table = table;
    return STATUS_OK;
fail:
    if (st == STATUS_BAD)
        diag_set(diag, "", "%s", TABLE_DAMAGED);
    table_close(table);
    return st;
}

void table_close(struct table *table)
{
    if (!table)
        return;
    table_write_abort(table);
    if (table->read)
        mdb_txn_abort(table->read);
    if (table->env)
        mdb_env_close(table->env);
    sodium_memzero(table->secret, sizeof table->secret);
    free(table);
}

/* Whether it helps to try again: another process, whose map is larger, has written beyond this one. Rows move with the map. */
static bool has_grown(struct table *table, int rc)
{
    if (rc != MDB_MAP_RESIZED || mdb_env_set_mapsize(table->env, 0) != 0)
        return false;
    callers_forget(&table->callers);
    return true;
}

static int begin_reading(struct table *table)
{
    return table->read ? mdb_txn_renew(table->read)
                       : mdb_txn_begin(table->env, NULL, MDB_RDONLY, &table->read);
}

enum status table_read_begin(struct table *table)
{
    int rc = begin_reading(table);
    return status_of(has_grown(table, rc) ? begin_reading(table) : rc);
}

void table_read_end(struct table *table)
{
    mdb_txn_reset(table->read);
}

static enum status get(struct table *table, enum database database, struct span key, struct span *ret_bytes)
{
    MDB_val name = value_of(key), value;
    if (key.n == 0 || key.n > ROW_NAME_MAX)
        return STATUS_NOT_FOUND;
    MDB_txn *txn = table->write ? table->write : table->read;
    enum status st = status_of(mdb_get(txn, table->databases[database], &name, &value));
    if (st == STATUS_OK)
        *ret_bytes = span_of_value(value);
    return st;
}

static struct span hash_key(const struct table *table, struct span key, uint8_t *out)
{
    crypto_shorthash_siphashx24(out, (const uint8_t *)key.data, key.n, table->secret);
    return (struct span){ (const char *)out, KEY_HASH_BYTES };
}

enum status table_find_decision(struct table *table, struct span account, struct decision_row *ret_row)
{
    enum status st = STATUS_OK;
    struct span bytes;
    TRY(get(table, DB_DECISIONS, account, &bytes));
    st = decision_row_decode(bytes, ret_row);
fail:
    return st;
}

/* STATUS_OK also where there is no such row: it has no data then. One of no bytes is there, and damaged. */
static enum status get_any(struct table *table, enum database database, struct span key, struct span *ret_row)
{
    enum status st = get(table, database, key, ret_row);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

static enum status read_caller(
    struct table *table, const uint8_t *hash, struct span rows[ROWS], struct caller *ret_caller)
{
    enum status st = STATUS_OK;
    const struct span name = { (const char *)hash, KEY_HASH_BYTES };
    TRY(get(table, DB_KEYS, name, &rows[ROW_KEY]));
    TRY(caller_decode(rows, ret_caller));
    TRY(get_any(table, DB_ACCOUNTS, ret_caller->key.account, &rows[ROW_ACCOUNT]));
    TRY(get_any(table, DB_DECISIONS, ret_caller->key.account, &rows[ROW_DECISION]));
    st = caller_decode(rows, ret_caller);
fail:
    return st;
}

/* Keys that nobody has are not kept, so that a flood of them drives nobody out. */
enum status table_find_caller(struct table *table, struct span key, struct caller *ret_caller)
{
    enum status st = STATUS_OK;
    uint8_t hash[KEY_HASH_BYTES];
    struct span rows[ROWS] = { 0 };
    size_t commit = table->write ? 0 : mdb_txn_id(table->read);
    *ret_caller = (struct caller){ 0 };
    REQUIRE(key.n > 0, STATUS_NOT_FOUND);
    hash_key(table, key, hash);
    const struct caller *known = callers_find(&table->callers, commit, hash);
    if (known) {
        *ret_caller = *known;
        return st;
    }
    TRY(read_caller(table, hash, rows, ret_caller));
    callers_keep(&table->callers, commit, hash, rows);
fail:
    return st;
}

enum status table_find_state(struct table *table, const char *name, struct span *ret_bytes)
{
    return get(table, DB_STATE, span_of(name), ret_bytes);
}

/* One row of a walk, to whichever function walks. */
struct walk {
    enum database database;
    union {
        table_key_fn *key;
        table_account_fn *account;
        table_decision_fn *decision;
    };
    void *context;
};

static enum status give(const struct walk *walk, struct span name, struct span bytes)
{
    enum status st = STATUS_OK;
    struct key_row key;
    struct account_row account;
    struct decision_row decision;
    switch (walk->database) {
    case DB_KEYS:
        TRY(key_row_decode(bytes, &key));
        return walk->key(walk->context, &key);
    case DB_ACCOUNTS:
        TRY(account_row_decode(bytes, &account));
        return walk->account(walk->context, name, &account);
    default:
        TRY(decision_row_decode(bytes, &decision));
        return walk->decision(walk->context, name, &decision);
    }
fail:
    return st;
}

static enum status each(struct table *table, const struct walk *walk)
{
    enum status st = STATUS_OK;
    MDB_cursor *cursor = NULL;
    MDB_val name, value;
    MDB_txn *txn = table->write ? table->write : table->read;
    TRY(status_of(mdb_cursor_open(txn, table->databases[walk->database], &cursor)));
    while ((st = status_of(mdb_cursor_get(cursor, &name, &value, MDB_NEXT))) == STATUS_OK)
        TRY(give(walk, span_of_value(name), span_of_value(value)));
    st = st == STATUS_NOT_FOUND ? STATUS_OK : st;
fail:
    if (cursor)
        mdb_cursor_close(cursor);
    return st;
}

enum status table_each_key(struct table *table, table_key_fn *each_key, void *context)
{
    return each(table, &(struct walk){ .database = DB_KEYS, .key = each_key, .context = context });
}

enum status table_each_account(struct table *table, table_account_fn *each_account, void *context)
{
    return each(
        table, &(struct walk){ .database = DB_ACCOUNTS, .account = each_account, .context = context });
}

enum status table_each_decision(struct table *table, table_decision_fn *each_decision, void *context)
{
    return each(
        table, &(struct walk){ .database = DB_DECISIONS, .decision = each_decision, .context = context });
}

enum status table_write_begin(struct table *table)
{
    int rc = mdb_txn_begin(table->env, NULL, 0, &table->write);
    return status_of(has_grown(table, rc) ? mdb_txn_begin(table->env, NULL, 0, &table->write) : rc);
}

static enum status put(
    struct table *table, enum database database, struct span key, struct span bytes, unsigned flags)
{
    MDB_val name = value_of(key), value = value_of(bytes);
    if (key.n == 0)
        return STATUS_BAD;
    if (key.n > ROW_NAME_MAX)
        return STATUS_TOO_BIG;
    return status_of(mdb_put(table->write, table->databases[database], &name, &value, flags));
}

static struct span row_span(const struct row_bytes *row)
{
    return (struct span){ (const char *)row->bytes, row->n };
}

enum status table_put_key(struct table *table, struct span key, const struct key_row *row)
{
    enum status st = STATUS_OK;
    uint8_t hash[KEY_HASH_BYTES];
    struct row_bytes bytes;
    REQUIRE(key.n > 0, STATUS_BAD);
    TRY(key_row_encode(row, &bytes));
    st = put(table, DB_KEYS, hash_key(table, key, hash), row_span(&bytes), MDB_NOOVERWRITE);
fail:
    return st;
}

static enum status revoke(MDB_cursor *cursor, struct key_row *row, MDB_val *name)
{
    enum status st = STATUS_OK;
    struct row_bytes bytes;
    row->revoked = true;
    TRY(key_row_encode(row, &bytes));
    MDB_val value = value_of(row_span(&bytes));
    st = status_of(mdb_cursor_put(cursor, name, &value, MDB_CURRENT));
fail:
    return st;
}

enum status table_revoke_key(struct table *table, struct span id)
{
    enum status st = STATUS_OK;
    MDB_cursor *cursor = NULL;
    MDB_val name, value;
    struct key_row row;
    bool found = false;
    TRY(status_of(mdb_cursor_open(table->write, table->databases[DB_KEYS], &cursor)));
    while ((st = status_of(mdb_cursor_get(cursor, &name, &value, MDB_NEXT))) == STATUS_OK) {
        TRY(key_row_decode(span_of_value(value), &row));
        if (!span_eq(row.id, id))
            continue;
        TRY(revoke(cursor, &row, &name));
        found = true;
    }
    if (st == STATUS_NOT_FOUND && found)
        st = STATUS_OK;
fail:
    if (cursor)
        mdb_cursor_close(cursor);
    return st;
}

enum status table_put_account(struct table *table, struct span account, const struct account_row *row)
{
    enum status st = STATUS_OK;
    struct row_bytes bytes;
    TRY(account_row_encode(row, &bytes));
    st = put(table, DB_ACCOUNTS, account, row_span(&bytes), 0);
fail:
    return st;
}

enum status table_put_decision(struct table *table, struct span account, const struct decision_row *row)
{
    enum status st = STATUS_OK;
    struct row_bytes bytes;
    TRY(decision_row_encode(row, &bytes));
    st = put(table, DB_DECISIONS, account, row_span(&bytes), 0);
fail:
    return st;
}

enum status table_drop_decision(struct table *table, struct span account)
{
    MDB_val name = value_of(account);
    if (account.n == 0 || account.n > ROW_NAME_MAX)
        return STATUS_OK;
    enum status st = status_of(mdb_del(table->write, table->databases[DB_DECISIONS], &name, NULL));
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

enum status table_put_state(struct table *table, const char *name, struct span bytes)
{
    return put(table, DB_STATE, span_of(name), bytes, 0);
}

enum status table_write_commit(struct table *table)
{
    MDB_txn *txn = table->write;
    table->write = NULL;
    return status_of(mdb_txn_commit(txn));
}

void table_write_abort(struct table *table)
{
    if (table->write)
        mdb_txn_abort(table->write);
    table->write = NULL;
}
