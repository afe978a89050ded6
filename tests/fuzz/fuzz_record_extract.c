/*
 * Any bytes as the texts of an exchange: every record encodes and decodes to itself, the same one every time.
 * Input: runs of {length 1 byte, role and kind 1 byte, text}; the last run may be short.
 */
#include "fuzz.h"

#include "record/codec.h"
#include "record/extract.h"

#include <stdlib.h>
#include <string.h>

enum { PARTS = 32 };

static uint32_t cut_parts(const uint8_t *data, size_t n, struct part *ret_parts)
{
    uint32_t count = 0;
    bool issued = false;
    for (size_t at = 0; at + 2 <= n && count < PARTS; count++) {
        size_t left = n - at - 2, length = (size_t)data[at] * 4 < left ? (size_t)data[at] * 4 : left;
        uint8_t what = data[at + 1];
        issued |= what >> 7;
        ret_parts[count] = (struct part){ .role = what & 3,
            .kind = what >> 2 & 7,
            .issued = issued,
            .prefill = (what >> 5 & 3) == 3 && !issued,
            .message = count / 2,
            .text = { (const char *)data + at + 2, length },
            .id = { (const char *)data + at + 2, length } };
        at += 2 + length;
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct extractor *extractor;
    struct key key;
    struct part parts[PARTS];
    struct tool tool = { { (const char *)data, n }, { (const char *)data, n }, { (const char *)data, n } };
    struct event event = { .kind = EVENT_EXCHANGE };
    struct record record, again, decoded;
    uint8_t bytes[1024];
    size_t used;
    key_init(&key, key_default_secret);
    if (!extractor && extractor_new(&key, &extractor) != STATUS_OK)
        return 0;
    event.exchange = (struct exchange){ .api = API_OPENAI_CHAT, .parts = parts, .tools = &tool };
    event.exchange.n_parts = cut_parts(data, n, parts);
    event.exchange.n_tools = n > 0 && data[0] & 1;
    event.exchange.client.ip = (struct span){ (const char *)data, n < 60 ? n : 60 };
    extract_record(extractor, &event, &record);
    extract_record(extractor, &event, &again);
    size_t written = record_encode(&record, bytes, sizeof bytes);
    if (written == 0 || record_decode(bytes, written, &decoded, &used, NULL) != STATUS_OK || used != written)
        abort();
    /* Records are zeroed first, padding too, so that equal ones are equal byte by byte. */
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
    if (memcmp(&record, &again, sizeof record) != 0)
        abort();
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
    if (memcmp(&record, &decoded, sizeof record) != 0)
        abort();
    return 0;
}
