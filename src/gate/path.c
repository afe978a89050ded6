#include "gate/path.h"

#include "gate/letters.h"

#include <string.h>

/* The model that the path names: /deployments/NAME/... or /models/NAME; empty: none. */
static struct span model_in_path(struct span path)
{
    static const struct span before[] = { LETTERS("/deployments/"), LETTERS("/models/") };
    const char *end = path.data + path.n;
    for (size_t k = 0; k < sizeof before / sizeof *before; k++) {
        const char *at = letters_find(path, before[k]);
        struct span name = { at ? at + before[k].n : end, 0 };
        while (name.data + name.n < end && name.data[name.n] != '/' && name.data[name.n] != ':')
            name.n++;
        if (at && name.data < end)
            return name;
    }
    return (struct span){ 0 };
}

/* The value of a parameter of the query, as written: what is encoded there names no model that a rule knows. */
static struct span model_in_query(struct span query)
{
    static const struct span names[] = { LETTERS("model="), LETTERS("deployment=") };
    for (size_t at = 0; at < query.n;) {
        const char *end = memchr(query.data + at, '&', query.n - at);
        size_t n = end ? (size_t)(end - query.data) - at : query.n - at;
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (n > names[k].n && letters_same(query.data + at, names[k].data, names[k].n))
                return (struct span){ query.data + at + names[k].n, n - names[k].n };
        at += n + 1;
    }
    return (struct span){ 0 };
}

static bool makes_no_output(struct span path)
{
    static const struct span ends[] = { LETTERS("/embeddings"), LETTERS("/moderations"),
        LETTERS("/count_tokens") };
    while (path.n > 1 && path.data[path.n - 1] == '/')
        path.n--;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (letters_end(path, ends[i]))
            return true;
    return false;
}

void path_ask(struct span path, struct span query, bool may_list, struct ask *io_ask)
{
    io_ask->model = model_in_path(path);
    if (io_ask->model.n == 0)
        io_ask->model = model_in_query(query);
    io_ask->no_output = makes_no_output(path);
    if (letters_has(path, SPAN("/batches")))
        io_ask->uses |= USE_BATCH;
    if (may_list && letters_has(path, SPAN("/models")))
        io_ask->uses |= USE_MODELS;
}

bool path_is_of_files(struct span path)
{
    return letters_has(path, SPAN("/files")) || letters_has(path, SPAN("/uploads"));
}
