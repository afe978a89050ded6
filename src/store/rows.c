#include "store/rows.h"

#include "base/endian.h"

enum { ROW_VERSION = 1 };

/* What is left of the bytes of a row while it is read. */
struct cursor {
    const uint8_t *at;
    size_t left;
    bool bad;
};

static void put_byte(struct row_bytes *row, uint8_t value)
{
    row->bytes[row->n++] = value;
}

static void put_word(struct row_bytes *row, uint64_t value)
{
    put_le64(row->bytes + row->n, value);
    row->n += 8;
}

static void put_name(struct row_bytes *row, struct span name)
{
    put_le16(row->bytes + row->n, (uint16_t)name.n);
    if (name.n > 0)
        memcpy(row->bytes + row->n + 2, name.data, name.n);
    row->n += 2 + name.n;
}

static const uint8_t *take(struct cursor *cursor, size_t n)
{
    const uint8_t *at = cursor->at;
    if (cursor->left < n) {
        cursor->bad = true;
        return NULL;
    }
    cursor->at += n;
    cursor->left -= n;
    return at;
}

static uint8_t take_byte(struct cursor *cursor)
{
    const uint8_t *at = take(cursor, 1);
    return at ? *at : 0;
}

static uint64_t take_word(struct cursor *cursor)
{
    const uint8_t *at = take(cursor, 8);
    return at ? get_le64(at) : 0;
}

/* What could not have been written is damage. */
static struct span take_name(struct cursor *cursor, size_t max)
{
    const uint8_t *length = take(cursor, 2);
    size_t n = length ? get_le16(length) : 0;
    cursor->bad |= n > max;
    const uint8_t *at = take(cursor, n);
    return at && n > 0 ? (struct span){ (const char *)at, n } : (struct span){ 0 };
}

static enum status open_row(struct span bytes, struct cursor *cursor)
{
    *cursor = (struct cursor){ (const uint8_t *)bytes.data, bytes.n, false };
    uint8_t version = take_byte(cursor);
    return cursor->bad ? STATUS_BAD : version == ROW_VERSION ? STATUS_OK : STATUS_MISMATCH;
}

static enum status end_row(const struct cursor *cursor)
{
    return cursor->bad || cursor->left > 0 ? STATUS_BAD : STATUS_OK;
}

enum status key_row_encode(const struct key_row *row, struct row_bytes *ret_bytes)
{
    enum status st = STATUS_OK;
    REQUIRE(row->id.n > 0 && row->account.n > 0, STATUS_BAD);
    REQUIRE(row->id.n <= ROW_NAME_MAX && row->account.n <= ROW_NAME_MAX, STATUS_TOO_BIG);
    ret_bytes->n = 0;
    put_byte(ret_bytes, ROW_VERSION);
    put_byte(ret_bytes, row->revoked);
    put_word(ret_bytes, (uint64_t)row->expires_ms);
    put_name(ret_bytes, row->id);
    put_name(ret_bytes, row->account);
fail:
    return st;
}

enum status key_row_decode(struct span bytes, struct key_row *ret_row)
{
    enum status st = STATUS_OK;
    struct cursor cursor;
    struct key_row row;
    TRY(open_row(bytes, &cursor));
    uint8_t revoked = take_byte(&cursor);
    cursor.bad |= revoked > 1;
    row.revoked = revoked;
    row.expires_ms = (int64_t)take_word(&cursor);
    row.id = take_name(&cursor, ROW_NAME_MAX);
    row.account = take_name(&cursor, ROW_NAME_MAX);
    TRY(end_row(&cursor));
    REQUIRE(row.id.n > 0 && row.account.n > 0, STATUS_BAD);
    *ret_row = row;
fail:
    return st;
}

enum status account_row_encode(const struct account_row *row, struct row_bytes *ret_bytes)
{
    enum status st = STATUS_OK;
    REQUIRE(row->organization.n <= ROW_NAME_MAX, STATUS_TOO_BIG);
    ret_bytes->n = 0;
    put_byte(ret_bytes, ROW_VERSION);
    put_byte(ret_bytes, row->tier);
    put_byte(ret_bytes, row->programme);
    put_byte(ret_bytes, row->verified);
    put_byte(ret_bytes, (uint8_t)row->reseller);
    put_word(ret_bytes, (uint64_t)row->created_ms);
    put_name(ret_bytes, row->organization);
fail:
    return st;
}

enum status account_row_decode(struct span bytes, struct account_row *ret_row)
{
    enum status st = STATUS_OK;
    struct cursor cursor;
    struct account_row row;
    TRY(open_row(bytes, &cursor));
    row.tier = take_byte(&cursor);
    row.programme = take_byte(&cursor);
    row.verified = take_byte(&cursor);
    row.reseller = (int8_t)take_byte(&cursor);
    row.created_ms = (int64_t)take_word(&cursor);
    row.organization = take_name(&cursor, ROW_NAME_MAX);
    TRY(end_row(&cursor));
    *ret_row = row;
fail:
    return st;
}

enum status decision_row_encode(const struct decision_row *row, struct row_bytes *ret_bytes)
{
    enum status st = STATUS_OK;
    REQUIRE(row->reason.n <= ROW_REASON_MAX, STATUS_TOO_BIG);
    ret_bytes->n = 0;
    put_byte(ret_bytes, ROW_VERSION);
    put_byte(ret_bytes, row->action);
    put_byte(ret_bytes, row->mode);
    put_word(ret_bytes, row->campaign);
    put_word(ret_bytes, (uint64_t)row->time_ms);
    put_word(ret_bytes, (uint64_t)row->expires_ms);
    put_name(ret_bytes, row->reason);
fail:
    return st;
}

enum status decision_row_decode(struct span bytes, struct decision_row *ret_row)
{
    enum status st = STATUS_OK;
    struct cursor cursor;
    struct decision_row row;
    TRY(open_row(bytes, &cursor));
    row.action = take_byte(&cursor);
    row.mode = take_byte(&cursor);
    row.campaign = take_word(&cursor);
    row.time_ms = (int64_t)take_word(&cursor);
    row.expires_ms = (int64_t)take_word(&cursor);
    row.reason = take_name(&cursor, ROW_REASON_MAX);
    TRY(end_row(&cursor));
    *ret_row = row;
fail:
    return st;
}
