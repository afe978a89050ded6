/*
 * prada.c: PRADA: the distances of an account's queries to its earlier ones should look normal; else it is stealing.
 *
 * Model: each account has a growing set of queries for every class. A query's distance d is that to the nearest of its
 *   class's set; it joins the set if d > T, and then T becomes the greater of T and mean - deviation of the distances
 *   of those that joined (the first one's being 0). Every CHECK_EVERY queries the distances of classes with at least
 *   CLASS_LEAST of them are taken together, those 3 deviations or more from their mean dropped, and, where more than
 *   DISTANCES_LEAST are left, the account is suspended if their Shapiro-Wilk W is below delta.
 * Source: Juuti, Szyller, Marchal, Asokan, "PRADA: protecting against DNN model stealing attacks", EuroS&P 2019; rule,
 *   constants and delta = 0.9 as in the authors' reference implementation (growing_set.py, main.py).
 *   Deviations: distances of hashed n-grams (query.h), not of pixels; the class is not the attacked model's answer, which
 *   a language model has not, but the capability that the request is classified as; an account's sets hold STORED
 *   queries a class and then grow no more, and its newest DISTANCES distances are tested. An alarm is final.
 * Calibration: none; the method has none.
 * Threshold: delta.
 * Memory: 144 bytes an account, 88 a class it uses, 64 a stored query, 5 a distance.
 * Cost: one comparison a stored query of the class; 15 us a test of 512 distances every tenth query.
 * Benign look-alikes: on text, nearly anybody (in the published comparison 51.6 % of benign windows); repeated
 *   queries, whose distance is 0. Evasion: queries that keep their distances normal; more accounts.
 */
#include "rival/history.h"
#include "rival/ids.h"
#include "rival/kinds.h"

#include "sketch/shapiro.h"

#include <math.h>
#include <stdlib.h>

enum {
    CLASSES = CAP_COUNT,
    STORED = 128,
    DISTANCES = 512,
    CHECK_EVERY = 10,
    CLASS_LEAST = 10,
    DISTANCES_LEAST = 100,
    ACCOUNTS_DEFAULT = 1000000,
};
static const double default_delta = 0.9;

struct class_set {
    struct history set;
    double threshold, sum, squares; /* of the distances of those that joined */
};

struct client {
    struct class_set *classes[CLASSES];
    float *distances; /* the newest, as a ring */
    uint8_t *class_of;
    uint32_t n, capacity, next, queries;
    bool caught;
};

struct detector {
    struct detector_sink sink;
    struct ids accounts;
    struct client *clients; /* by account */
    size_t capacity;
    uint64_t bytes; /* of what clients point to */
    double delta;
};

static void client_fini(struct client *client)
{
    for (size_t i = 0; i < CLASSES; i++) {
        if (client->classes[i])
            history_fini(&client->classes[i]->set);
        free(client->classes[i]);
        client->classes[i] = NULL;
    }
    free(client->distances);
    free(client->class_of);
    client->distances = NULL;
    client->class_of = NULL;
}

static void prada_close(struct detector *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->capacity; i++)
        client_fini(&d->clients[i]);
    free(d->clients);
    ids_fini(&d->accounts);
    free(d);
}

static enum status prada_open(
    const struct detector_config *config, const struct detector_sink *sink, struct detector **ret_detector)
{
    enum status st = STATUS_OK;
    struct detector *d = calloc(1, sizeof *d);
    REQUIRE(d, STATUS_NOMEM);
    d->sink = *sink;
    d->delta = config->threshold > 0 ? config->threshold : default_delta;
    ids_init(&d->accounts, config->accounts_max ? config->accounts_max : ACCOUNTS_DEFAULT);
    *ret_detector = d;
fail:
    return st;
}

static size_t class_of(const struct exchange_record *exchange)
{
    size_t best = 0;
    for (size_t i = 1; i < CLASSES; i++)
        best = exchange->capability[i] > exchange->capability[best] ? i : best;
    return best;
}

static enum status grow_distances(struct client *client)
{
    enum status st = STATUS_OK;
    uint32_t capacity = client->capacity ? 2 * client->capacity : 32;
    float *distances = realloc(client->distances, capacity * sizeof *distances);
    REQUIRE(distances, STATUS_NOMEM);
    client->distances = distances;
    uint8_t *classes = realloc(client->class_of, capacity);
    REQUIRE(classes, STATUS_NOMEM);
    client->class_of = classes;
    client->capacity = capacity;
fail:
    return st;
}

static enum status note_distance(struct detector *d, struct client *client, double distance, size_t class)
{
    enum status st = STATUS_OK;
    uint32_t at = client->n;
    if (client->n == client->capacity && client->capacity < DISTANCES) {
        uint32_t before = client->capacity;
        TRY(grow_distances(client));
        d->bytes += (client->capacity - before) * (sizeof(float) + 1);
    }
    if (client->n < client->capacity) {
        client->n++;
    } else {
        at = client->next;
        client->next = (client->next + 1) % client->n;
    }
    client->distances[at] = (float)distance;
    client->class_of[at] = (uint8_t) class;
fail:
    return st;
}

static enum status join_set(
    struct detector *d, struct class_set *set, const struct query *query, double distance)
{
    enum status st = STATUS_OK;
    uint32_t before = set->set.capacity;
    if (set->set.n == STORED)
        return STATUS_OK;
    TRY(history_push(&set->set, query->vector, STORED));
    d->bytes += (set->set.capacity - before) * (uint64_t)QUERY_DIMS;
    set->sum += distance;
    set->squares += distance * distance;
    double mean = set->sum / set->set.n, variance = set->squares / set->set.n - mean * mean;
    double candidate = mean - sqrt(variance > 0 ? variance : 0);
    set->threshold = candidate > set->threshold ? candidate : set->threshold;
fail:
    return st;
}

/* The query's distance to its class's set, which it may join. */
static enum status measure(struct detector *d, struct client *client, const struct query *query, size_t class)
{
    enum status st = STATUS_OK;
    if (!client->classes[class]) {
        client->classes[class] = calloc(1, sizeof *client->classes[class]);
        REQUIRE(client->classes[class], STATUS_NOMEM);
        d->bytes += sizeof *client->classes[class];
        TRY(join_set(d, client->classes[class], query, 0));
        return STATUS_OK;
    }
    struct class_set *set = client->classes[class];
    double distance = sqrt(history_nearest(&set->set, query->vector)) / QUERY_LENGTH;
    TRY(note_distance(d, client, distance, class));
    if (distance > set->threshold)
        TRY(join_set(d, set, query, distance));
fail:
    return st;
}

static size_t gather(const struct client *client, float ret_distances[static DISTANCES])
{
    uint32_t counts[CLASSES] = { 0 };
    size_t n = 0;
    for (size_t i = 0; i < client->n; i++)
        counts[client->class_of[i]]++;
    for (size_t i = 0; i < client->n; i++)
        if (counts[client->class_of[i]] >= CLASS_LEAST)
            ret_distances[n++] = client->distances[i];
    return n;
}

/* Keeps those nearer than three deviations to the mean. */
static size_t drop_outliers(float *distances, size_t n)
{
    double sum = 0, squares = 0;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)distances[i];
    double mean = n > 0 ? sum / (double)n : 0;
    for (size_t i = 0; i < n; i++)
        squares += ((double)distances[i] - mean) * ((double)distances[i] - mean);
    double most = n > 0 ? 3 * sqrt(squares / (double)n) : 0;
    for (size_t i = 0; i < n; i++)
        if (fabs((double)distances[i] - mean) < most)
            distances[kept++] = distances[i];
    return kept;
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a;
    float y = *(const float *)b;
    return (x > y) - (x < y);
}

static bool looks_abnormal(const struct detector *d, const struct client *client)
{
    float distances[DISTANCES];
    size_t n = drop_outliers(distances, gather(client, distances));
    if (n <= DISTANCES_LEAST)
        return false;
    qsort(distances, n, sizeof *distances, by_value);
    return shapiro_w(distances, n) < d->delta;
}

static enum status take_query(struct detector *d, const struct record *record, const struct query *query)
{
    enum status st = STATUS_OK;
    uint32_t account;
    TRY(ids_add(&d->accounts, record->account, &account));
    if (account == MAP_NONE)
        return STATUS_OK;
    TRY(ids_widen((void **)&d->clients, &d->capacity, account + (size_t)1, sizeof *d->clients));
    struct client *client = &d->clients[account];
    if (client->caught)
        return STATUS_OK;
    TRY(measure(d, client, query, class_of(&record->exchange)));
    if (client->queries++ % CHECK_EVERY != 0 || !looks_abnormal(d, client))
        return STATUS_OK;
    client->caught = true;
    TRY(d->sink.detection(d->sink.context,
        &(struct detection){
            .time_ms = record->time_ms, .account = record->account, .action = ACTION_SUSPEND }));
fail:
    return st;
}

static enum status prada_batch(struct detector *d, const struct detector_batch *batch)
{
    return detector_each_query(batch, d, take_query);
}

static uint64_t prada_state_bytes(const struct detector *d)
{
    return sizeof *d + ids_bytes(&d->accounts) + d->capacity * sizeof *d->clients + d->bytes;
}

const struct detector_kind prada_kind = {
    .name = "prada",
    .summary =
        "normality of distances between an account's queries (Juuti et al., PRADA, 2019); threshold: delta",
    .wants_queries = true,
    .open = prada_open,
    .batch = prada_batch,
    .state_bytes = prada_state_bytes,
    .close = prada_close,
};
