#include "store/callers.h"

#include "base/endian.h"

#include <string.h>

enum status caller_decode(const struct span rows[ROWS], struct caller *ret_caller)
{
    enum status st = STATUS_OK;
    *ret_caller = (struct caller){ 0 };
    TRY(key_row_decode(rows[ROW_KEY], &ret_caller->key));
    if (rows[ROW_ACCOUNT].data)
        TRY(account_row_decode(rows[ROW_ACCOUNT], &ret_caller->account));
    ret_caller->has_account = rows[ROW_ACCOUNT].data != NULL;
    if (rows[ROW_DECISION].data)
        TRY(decision_row_decode(rows[ROW_DECISION], &ret_caller->decision));
    ret_caller->has_decision = rows[ROW_DECISION].data != NULL;
fail:
    return st;
}

static bool is_as_kept(const struct kept *kept)
{
    const char *copy = kept->copies;
    for (unsigned i = 0; i < ROWS; copy += kept->rows[i++].n)
        if (kept->rows[i].data && memcmp(kept->rows[i].data, copy, kept->rows[i].n) != 0)
            return false;
    return true;
}

static size_t place_of(const uint8_t *hash)
{
    return get_le16(hash) % CALLERS_KEPT;
}

const struct caller *callers_find(const struct callers *callers, size_t commit, const uint8_t *hash)
{
    const struct kept *kept = &callers->items[place_of(hash)];
    bool known = commit > 0 && kept->commit == commit && memcmp(kept->hash, hash, KEY_HASH_BYTES) == 0;
    return known && is_as_kept(kept) ? &kept->caller : NULL;
}

void callers_keep(struct callers *callers, size_t commit, const uint8_t *hash, const struct span rows[ROWS])
{
    struct kept *kept = &callers->items[place_of(hash)];
    struct span copies[ROWS] = { 0 };
    char *at = kept->copies;
    if (commit == 0)
        return;
    kept->commit = 0;
    if (rows[ROW_KEY].n + rows[ROW_ACCOUNT].n + rows[ROW_DECISION].n > sizeof kept->copies)
        return;
    for (unsigned i = 0; i < ROWS; at += rows[i++].n) {
        if (!rows[i].data)
            continue;
        memcpy(at, rows[i].data, rows[i].n);
        copies[i] = (struct span){ at, rows[i].n };
    }
    if (caller_decode(copies, &kept->caller) != STATUS_OK)
        return;
    memcpy(kept->rows, rows, sizeof kept->rows);
    memcpy(kept->hash, hash, sizeof kept->hash);
    kept->commit = commit;
}

void callers_forget(struct callers *callers)
{
    memset(callers, 0, sizeof *callers);
}
