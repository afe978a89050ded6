#include "corpus/sets.h"

#include "base/utf8.h"
#include "corpus/set_store.h"
#include "corpus/set_table.h"

#include <stdlib.h>
#include <xxhash.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\0';
}

static struct span trimmed(struct span text)
{
    while (text.n > 0 && is_space(text.data[0]))
        text.data++, text.n--;
    while (text.n > 0 && is_space(text.data[text.n - 1]))
        text.n--;
    return text;
}

/* Cut to the most bytes, but not within a character. */
static struct span cut(struct span text)
{
    size_t n = 0;
    if (text.n <= SETS_TEXT_MAX)
        return text;
    for (size_t step = 1; n + step <= SETS_TEXT_MAX; n += step) {
        step = utf8_length(text.data + n, text.n - n);
        step = step ? step : 1;
        if (n + step > SETS_TEXT_MAX)
            break;
    }
    return trimmed((struct span){ text.data, n });
}

enum status set_store_add(struct sets *sets, unsigned list, struct span text)
{
    struct set_list *at = &sets->lists[list];
    text = cut(trimmed(text));
    if (text.n == 0)
        return STATUS_OK;
    if (sets->text.n + text.n > SETS_BYTES_MAX)
        return STATUS_TOO_BIG;
    if (at->n == at->room) {
        size_t room = at->room ? at->room * 2 : 256;
        struct set_text *texts = realloc(at->texts, room * sizeof *texts);
        if (!texts)
            return STATUS_NOMEM;
        at->texts = texts;
        at->room = room;
    }
    at->texts[at->n++] = (struct set_text){ XXH3_64bits(text.data, text.n), sets->text.n, (uint32_t)text.n };
    buffer_put(&sets->text, text);
    return sets->text.status;
}

static int by_hash(const void *a, const void *b)
{
    const struct set_text *x = a, *y = b;
    return x->hash != y->hash ? (x->hash > y->hash) - (x->hash < y->hash) : (x->at > y->at) - (x->at < y->at);
}

void set_store_sort(struct sets *sets)
{
    for (unsigned i = 0; i < SET_LISTS; i++) {
        struct set_list *list = &sets->lists[i];
        size_t kept = 0;
        if (list->n > 0)
            qsort(list->texts, list->n, sizeof *list->texts, by_hash);
        for (size_t k = 0; k < list->n; k++)
            if (kept == 0 || list->texts[kept - 1].hash != list->texts[k].hash)
                list->texts[kept++] = list->texts[k];
        list->n = kept;
    }
}

enum status sets_new(const char *data, struct sets **ret_sets, struct diag *diag)
{
    struct sets *sets = calloc(1, sizeof *sets);
    enum status st;
    REQUIRE(sets, STATUS_NOMEM);
    TRY(set_table_read(data, sets, diag));
    set_store_sort(sets);
    *ret_sets = sets;
    return STATUS_OK;
fail:
    sets_free(sets);
    return st;
}

void sets_free(struct sets *sets)
{
    if (!sets)
        return;
    for (unsigned i = 0; i < SET_LISTS; i++)
        free(sets->lists[i].texts);
    buffer_fini(&sets->text);
    free(sets);
}

static uint64_t count(const struct sets *sets, unsigned list)
{
    return sets ? sets->lists[list].n : 0;
}

static struct span text_at(const struct sets *sets, unsigned list, uint64_t i)
{
    const struct set_text *at = &sets->lists[list].texts[i];
    return (struct span){ sets->text.data + at->at, at->n };
}

uint64_t sets_tasks(const struct sets *sets, enum corpus_pool pool)
{
    return count(sets, pool);
}

struct span sets_task(const struct sets *sets, enum corpus_pool pool, uint64_t i)
{
    return text_at(sets, pool, i);
}

uint64_t sets_follow_ups(const struct sets *sets, enum corpus_pool pool)
{
    return count(sets, SET_FOLLOW + pool);
}

struct span sets_follow_up(const struct sets *sets, enum corpus_pool pool, uint64_t i)
{
    return text_at(sets, SET_FOLLOW + pool, i);
}

uint64_t sets_systems(const struct sets *sets)
{
    return count(sets, SET_SYSTEMS);
}

struct span sets_system(const struct sets *sets, uint64_t i)
{
    return text_at(sets, SET_SYSTEMS, i);
}
