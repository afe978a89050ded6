/*
 * segment.h: one file of the journal: its name, its head, its blocks' heads. For journal.c and journal_reader.c.
 */
#ifndef STORE_SEGMENT_H
#define STORE_SEGMENT_H

#include "store/journal.h"

enum { SEGMENT_HEAD = 40, BLOCK_HEAD = 24, SEGMENT_NAME = 32, FOLDER_MAX = 4000 };

/* A folder's journal: the numbers of the segments that are there, first to last without a gap. first 0: none. */
struct segment_range {
    uint32_t first, last;
};
/* STATUS_BAD where there is a gap; other files are passed over. */
MUST_CHECK enum status segment_range_of(
    const char *folder, struct segment_range *ret_range, struct diag *diag);

void segment_path(const char *folder, uint32_t segment, char ret_path[static FOLDER_MAX + SEGMENT_NAME]);
struct segment_head {
    uint32_t segment; /* its number: the file is of that name */
    int64_t begun_ms;
    uint32_t before; /* low bits of where the segment before it ends; 0: there was none */
};
void segment_head_put(uint64_t key_check, struct segment_head head, uint8_t ret_bytes[static SEGMENT_HEAD]);
MUST_CHECK enum status segment_head_check(const uint8_t bytes[static SEGMENT_HEAD], uint64_t key_check,
    uint32_t segment, struct segment_head *ret_head, struct diag *diag);
void block_head_put(const struct journal_block *block, uint32_t segment, uint64_t offset,
    uint8_t ret_head[static BLOCK_HEAD]);
/* What a head says, its payload not yet looked at. STATUS_BAD: it cannot be. */
MUST_CHECK enum status block_head_read(
    const uint8_t head[static BLOCK_HEAD], struct journal_block *ret_block);
bool block_is_whole(
    const uint8_t head[static BLOCK_HEAD], struct span payload, uint32_t segment, uint64_t offset);

#endif
