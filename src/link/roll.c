#include "link/roll.h"

#include "score/array.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <stdbool.h>
#include <stdlib.h>

void roll_init(struct roll *roll, size_t n_max)
{
    *roll = (struct roll){ 0 };
    map_init(&roll->index, n_max);
}

void roll_fini(struct roll *roll)
{
    map_fini(&roll->index);
    free(roll->text);
    free(roll->ends);
    *roll = (struct roll){ 0 };
}

struct span roll_name(const struct roll *roll, uint32_t number)
{
    size_t from = number > 0 ? roll->ends[number - 1] : 0;
    return (struct span){ roll->text + from, roll->ends[number] - from };
}

static bool is_name(const struct roll *roll, uint32_t number, struct span name, struct span mark)
{
    struct span kept = roll_name(roll, number);
    size_t before = mark.n ? mark.n + 1 : 0;
    if (kept.n != before + name.n)
        return false;
    if (before && (!span_eq((struct span){ kept.data, mark.n }, mark) || kept.data[mark.n] != ':'))
        return false;
    return span_eq((struct span){ kept.data + before, name.n }, name);
}

static enum status make_room(struct roll *roll, size_t n)
{
    enum status st = STATUS_OK;
    if (roll->n_text + n > roll->text_capacity) {
        size_t wanted = roll->text_capacity + roll->text_capacity / 2 + n + 4096;
        char *grown = realloc(roll->text, wanted);
        REQUIRE(grown, STATUS_NOMEM);
        roll->text = grown;
        roll->text_capacity = wanted;
    }
    size_t *ends = array_grown(roll->ends, roll->n, &roll->capacity, sizeof *ends);
    REQUIRE(ends, STATUS_NOMEM);
    roll->ends = ends;
fail:
    return st;
}

static void append(struct roll *roll, struct span text)
{
    if (text.n > 0)
        memcpy(roll->text + roll->n_text, text.data, text.n);
    roll->n_text += text.n;
}

enum status roll_add(struct roll *roll, struct span name, struct span mark, uint32_t *ret_number)
{
    enum status st = STATUS_OK;
    uint64_t hash = XXH3_64bits_withSeed(name.data, name.n, mark.n ? XXH3_64bits(mark.data, mark.n) : 0) | 1;
    uint32_t number = map_find(&roll->index, hash);
    while (number != MAP_NONE && !is_name(roll, number, name, mark)) {
        hash += 2;
        number = map_find(&roll->index, hash);
    }
    if (number == MAP_NONE && roll->n < roll->index.n_max) {
        TRY(make_room(roll, mark.n + 1 + name.n));
        TRY(map_put(&roll->index, hash, (uint32_t)roll->n));
        append(roll, mark);
        if (mark.n)
            append(roll, SPAN(":"));
        append(roll, name);
        number = (uint32_t)roll->n;
        roll->ends[roll->n++] = roll->n_text;
    }
    roll->left_out += number == MAP_NONE;
    *ret_number = number;
fail:
    return st;
}
