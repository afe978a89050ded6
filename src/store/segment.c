#define XXH_INLINE_ALL
#include "store/segment.h"

#include "base/endian.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <xxhash.h>

enum { JOURNAL_VERSION = 2, NAME_DIGITS = 8 };

static const char magic[8] = "STILLJNL";
static const char ending[] = ".journal";

/* 0: not a segment's name. */
static uint32_t segment_of(const char *name)
{
    uint32_t segment = 0;
    for (int i = 0; i < NAME_DIGITS; i++) {
        if (name[i] < '0' || name[i] > '9')
            return 0;
        segment = segment * 10 + (uint32_t)(name[i] - '0');
    }
    return strcmp(name + NAME_DIGITS, ending) == 0 ? segment : 0;
}

enum status segment_range_of(const char *folder, struct segment_range *ret_range, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct segment_range range = { UINT32_MAX, 0 };
    uint32_t n = 0;
    DIR *dir = opendir(folder);
    REQUIRE(dir, STATUS_IO);
    for (const struct dirent *entry; (entry = readdir(dir));) { // NOLINT(concurrency-mt-unsafe)
        uint32_t segment = segment_of(entry->d_name);
        if (segment == 0)
            continue;
        n++;
        range.first = segment < range.first ? segment : range.first;
        range.last = segment > range.last ? segment : range.last;
    }
    range.first = n ? range.first : 0;
    if (n > 0 && n != range.last - range.first + 1) {
        diag_set(diag, "", "segments are missing between %08u and %08u", range.first, range.last);
        REQUIRE(false, STATUS_BAD);
    }
    *ret_range = range;
fail:
    if (!dir)
        diag_set(diag, "", "%s", strerror(errno));
    else
        closedir(dir);
    return st;
}

void segment_path(const char *folder, uint32_t segment, char ret_path[static FOLDER_MAX + SEGMENT_NAME])
{
    snprintf(ret_path, FOLDER_MAX + SEGMENT_NAME, "%.*s/%08u%s", FOLDER_MAX, folder, segment, ending);
}

void segment_head_put(uint64_t key_check, struct segment_head head, uint8_t ret_bytes[static SEGMENT_HEAD])
{
    memcpy(ret_bytes, magic, sizeof magic);
    put_le32(ret_bytes + 8, JOURNAL_VERSION);
    put_le32(ret_bytes + 12, head.before);
    put_le64(ret_bytes + 16, key_check);
    put_le64(ret_bytes + 24, (uint64_t)head.begun_ms);
    put_le64(ret_bytes + 32, XXH3_64bits_withSeed(ret_bytes, 32, head.segment));
}

enum status segment_head_check(const uint8_t bytes[static SEGMENT_HEAD], uint64_t key_check, uint32_t segment,
    struct segment_head *ret_head, struct diag *diag)
{
    enum status st = STATUS_OK;
    const char *reason = "not that segment of a journal, or damaged";
    REQUIRE(memcmp(bytes, magic, sizeof magic) == 0, STATUS_BAD);
    REQUIRE(get_le64(bytes + 32) == XXH3_64bits_withSeed(bytes, 32, segment), STATUS_BAD);
    reason = "written in another version of the format";
    REQUIRE(get_le32(bytes + 8) == JOURNAL_VERSION, STATUS_MISMATCH);
    reason = "written under another secret";
    REQUIRE(get_le64(bytes + 16) == key_check, STATUS_MISMATCH);
    *ret_head = (struct segment_head){ segment, (int64_t)get_le64(bytes + 24), get_le32(bytes + 12) };
    return STATUS_OK;
fail:
    diag_set(diag, "", "%s", reason);
    return st;
}

static uint64_t block_check(const uint8_t *head, struct span payload, uint32_t segment, uint64_t offset)
{
    uint64_t seed = XXH3_64bits_withSeed(head, 16, (uint64_t)segment << 32 ^ offset);
    return XXH3_64bits_withSeed(payload.data, payload.n, seed);
}

void block_head_put(
    const struct journal_block *block, uint32_t segment, uint64_t offset, uint8_t ret_head[static BLOCK_HEAD])
{
    put_le32(ret_head, (uint32_t)block->payload.n);
    put_le32(ret_head + 4, block->count);
    put_le32(ret_head + 8, block->kind);
    put_le32(ret_head + 12, 0);
    put_le64(ret_head + 16, block_check(ret_head, block->payload, segment, offset));
}

enum status block_head_read(const uint8_t head[static BLOCK_HEAD], struct journal_block *ret_block)
{
    uint32_t length = get_le32(head), kind = get_le32(head + 8);
    if (length > JOURNAL_BLOCK_MAX || (kind != JOURNAL_ITEMS && kind != JOURNAL_POLICY))
        return STATUS_BAD;
    *ret_block = (struct journal_block){
        .kind = (enum journal_kind)kind,
        .count = get_le32(head + 4),
        .payload = { NULL, length },
    };
    return STATUS_OK;
}

bool block_is_whole(
    const uint8_t head[static BLOCK_HEAD], struct span payload, uint32_t segment, uint64_t offset)
{
    return get_le64(head + 16) == block_check(head, payload, segment, offset);
}
