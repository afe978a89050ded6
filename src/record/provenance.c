#include "record/provenance.h"

#include "base/mix.h"
#include "record/digest.h"

/* Anchored text of a model's turn: what it said and the calls it made. */
static bool is_said(const struct part *part)
{
    return part->role == ROLE_ASSISTANT &&
           (part->kind == PART_TEXT || part->kind == PART_TOOL_CALL || part->kind == PART_REFUSAL);
}

/* What stands for the said parts from begin to end in the cache of turns. */
static uint64_t turn_hash(
    const struct turn_reader *reader, const struct exchange *exchange, uint32_t begin, uint32_t end)
{
    uint64_t hash = 3;
    for (uint32_t i = begin; i < end; i++) {
        struct span text = exchange->parts[i].text;
        if (is_said(&exchange->parts[i]))
            hash = mix_fold(
                hash ^ key_fold(&reader->key->key, text.data, text.n), text.n + UINT64_C(0xe7037ed1a0b428db));
    }
    return hash;
}

static uint64_t read_turn(
    const struct turn_reader *reader, const struct exchange *exchange, uint32_t begin, uint32_t end)
{
    struct turn_entry *entry;
    if (turn_cache_at(reader->cache, turn_hash(reader, exchange, begin, end), &entry))
        return entry->turn;
    tokens_reset(reader->tokens);
    for (uint32_t i = begin; i < end; i++)
        if (is_said(&exchange->parts[i]))
            tokens_add_words(reader->tokens, exchange->parts[i].text);
    entry->turn = anchor_turn(reader->key, reader->tokens->hash, reader->tokens->n);
    return entry->turn;
}

static void read_history(const struct turn_reader *reader, const struct exchange *exchange,
    const struct turns *turns, struct anchors *anchors)
{
    size_t n = 0, looked_at = 0;
    for (uint32_t end = turns->request_end, begin; end > 0 && n < TURNS_MAX && looked_at < 4 * TURNS_MAX;
         end = begin) {
        uint32_t message = exchange->parts[end - 1].message;
        bool said = false;
        for (begin = end; begin > 0 && exchange->parts[begin - 1].message == message; begin--)
            said |= is_said(&exchange->parts[begin - 1]) && !exchange->parts[begin - 1].prefill;
        if (!said)
            continue;
        looked_at++;
        anchors->turns[n] = read_turn(reader, exchange, begin, end);
        n += anchors->turns[n] != 0;
    }
}

/* The turn that is issued will be in the history of the next request. */
static void remember_issued(const struct turn_reader *reader, const struct exchange *exchange, uint32_t begin,
    uint32_t end, uint64_t turn)
{
    struct turn_entry *entry;
    if (turn == 0)
        return;
    turn_cache_at(reader->cache, turn_hash(reader, exchange, begin, end), &entry);
    entry->turn = turn;
}

static void read_output(const struct turn_reader *reader, const struct exchange *exchange,
    const struct turns *turns, struct anchors *anchors)
{
    uint32_t message =
        turns->request_end < exchange->n_parts ? exchange->parts[turns->request_end].message : 0;
    uint32_t whole = 0; /* where the first answer ends, if others follow */
    tokens_reset(reader->tokens);
    for (uint32_t i = turns->request_end; i < exchange->n_parts; i++) {
        const struct part *part = &exchange->parts[i];
        if (part->message != message && whole == 0) {
            anchors->issued_turn = anchor_turn(reader->key, reader->tokens->hash, reader->tokens->n);
            whole = i;
        }
        if (is_said(part))
            tokens_add_words(reader->tokens, part->text);
    }
    if (whole == 0) {
        anchors->issued_turn = anchor_turn(reader->key, reader->tokens->hash, reader->tokens->n);
        whole = exchange->n_parts;
    }
    remember_issued(reader, exchange, turns->request_end, whole, anchors->issued_turn);
    anchors_of(reader->key, reader->tokens->hash, reader->tokens->n, reader->scratch->hashes, anchors->issued,
        ISSUED_MAX);
}

enum { ISSUED_ID_MIN = 16 }; /* shorter ids are counters, and everybody has a call 0 */

/* What the provider made up at random: signed reasoning, and ids of calls and reasoning items. */
static struct span issued_token(const struct part *part)
{
    if (part->kind == PART_SIGNATURE)
        return part->text;
    return part->id.n >= ISSUED_ID_MIN ? part->id : (struct span){ 0 };
}

/* Adds to a list of capacity places, unless the hash is there. */
static void add_distinct(uint64_t *list, size_t capacity, uint64_t hash)
{
    for (size_t i = 0; i < capacity; i++) {
        if (list[i] == hash)
            return;
        if (list[i] == 0) {
            list[i] = hash;
            return;
        }
    }
}

static void read_signatures(
    const struct turn_reader *reader, const struct exchange *exchange, struct anchors *anchors)
{
    for (uint32_t i = exchange->n_parts; i-- > 0;) {
        const struct part *part = &exchange->parts[i];
        struct span token = issued_token(part);
        if (token.n == 0)
            continue;
        uint64_t hash = digest_span(&reader->key->key, KEY_ANCHOR, token);
        if (part->issued)
            add_distinct(anchors->issued_signature,
                sizeof anchors->issued_signature / sizeof *anchors->issued_signature, hash);
        else
            add_distinct(anchors->signature, SIGNED_MAX, hash);
    }
}

void provenance_read(const struct turn_reader *reader, const struct exchange *exchange,
    const struct turns *turns, struct anchors *anchors)
{
    read_history(reader, exchange, turns, anchors);
    read_output(reader, exchange, turns, anchors);
    read_signatures(reader, exchange, anchors);
}
