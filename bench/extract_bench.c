/*
 * extract_bench.c: what does it cost to turn an exchange of 2 kB of text into a record?
 *
 * Model: exchanges of 0.5 kB user text, 0.4 kB system prompt (one of 16, so mostly cached) and 1 kB output, cut from
 *   generated sentences that differ from one exchange to the next; then the encoded records are decoded again.
 *   Peer in the same run: XXH3 over the same bytes, which is what merely touching them costs. CPU time, medians of 9 rounds.
 * Usage: bench_extract [file with text to use instead of generated sentences]; prints JSON.
 */
#include "record/codec.h"
#include "record/extract.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <xxhash.h>

enum { EXCHANGES = 4000, ROUNDS = 9, USER = 500, SYSTEM = 400, OUTPUT = 1000, TEXT = 1 << 20 };

static char text[TEXT];
static struct part parts[EXCHANGES][3];
static struct event events[EXCHANGES];
static struct record records[EXCHANGES];

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* Words of Zipf-like frequency and usual lengths, with numbers, quotes and line ends among them. */
static size_t make_text(void)
{
    static const char *const syllables[] = { "ta", "re", "ion", "sol", "ve", "the", "un", "der", "ma", "qui",
        "st", "en" };
    uint64_t state = 42;
    size_t n = 0;
    while (n + 64 < TEXT) {
        uint64_t word = next_random(&state) % (1 + next_random(&state) % 4000);
        for (uint64_t left = word * 7 + 5; left > 0; left /= 12)
            n += (size_t)sprintf(text + n, "%s", syllables[left % 12]);
        uint64_t mark = next_random(&state) % 100;
        n += (size_t)sprintf(text + n, "%s",
            mark < 84   ? " "
            : mark < 90 ? ", "
            : mark < 94 ? ". "
            : mark < 96 ? " 42 "
            : mark < 97 ? " \"quoted text\" "
            : mark < 98 ? " (x = 1) "
                        : ".\n");
    }
    return n;
}

static void make_events(size_t n)
{
    uint64_t state = 7;
    for (size_t i = 0; i < EXCHANGES; i++) {
        size_t system = (i % 16) * SYSTEM, user = next_random(&state) % (n - USER),
               output = next_random(&state) % (n - OUTPUT);
        parts[i][0] = (struct part){ .role = ROLE_SYSTEM, .text = { text + system, SYSTEM } };
        parts[i][1] = (struct part){ .role = ROLE_USER, .message = 1, .text = { text + user, USER } };
        parts[i][2] = (struct part){ .role = ROLE_ASSISTANT, .issued = 1, .text = { text + output, OUTPUT } };
        events[i] = (struct event){ .kind = EVENT_EXCHANGE, .time_ms = 1700000000000 + (int64_t)i };
        events[i].exchange = (struct exchange){
            .id = { text + i, 16 },
            .account = { text + (i % 97) * 16, 16 },
            .key = { text + (i % 97) * 12, 12 },
            .organization = { text + (i % 31) * 16, 12 },
            .client = { SPAN("198.51.100.7"), SPAN("client-library/2.0 (linux; x86_64) runtime/20.11"),
                SPAN("t13d1516h2_8daaf6152771_b186095e22b6"),
                SPAN("host,user-agent,accept,content-type,authorization,content-length,accept-encoding"),
                SPAN("SG"), 64500 },
            .api = API_OPENAI_CHAT,
            .status = 200,
            .params = { .model = SPAN("m-large-2"), .max_tokens = 2048, .temperature_milli = 1000, .n = 1 },
            .usage = { 300, 250, -1, -1 },
            .n_parts = 3,
            .parts = parts[i],
        };
    }
}

static double touch(uint64_t *sum)
{
    double begin = now_ns();
    for (size_t i = 0; i < EXCHANGES; i++)
        for (size_t p = 0; p < 3; p++)
            *sum += XXH3_64bits(parts[i][p].text.data, parts[i][p].text.n);
    return (now_ns() - begin) / EXCHANGES;
}

static double extract(struct extractor *extractor)
{
    double begin = now_ns();
    for (size_t i = 0; i < EXCHANGES; i++)
        extract_record(extractor, &events[i], &records[i]);
    return (now_ns() - begin) / EXCHANGES;
}

static double encode(uint8_t *bytes, size_t capacity, size_t *ret_n)
{
    double begin = now_ns();
    *ret_n = 0;
    for (size_t i = 0; i < EXCHANGES; i++)
        *ret_n += record_encode(&records[i], bytes + *ret_n, capacity - *ret_n);
    return (now_ns() - begin) / EXCHANGES;
}

static double decode(const uint8_t *bytes, size_t n)
{
    double begin = now_ns();
    size_t used = 0, got;
    for (size_t i = 0; i < EXCHANGES; i++, used += got)
        if (record_decode(bytes + used, n - used, &records[i], &got, NULL) != STATUS_OK)
            exit(1);
    return (now_ns() - begin) / EXCHANGES;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, ascending);
    return values[ROUNDS / 2];
}

int main(int argc, char **argv)
{
    double touched[ROUNDS], extracted[ROUNDS], encoded[ROUNDS], decoded[ROUNDS];
    size_t n = 0, n_bytes = 0, capacity = EXCHANGES * 1024;
    struct key key;
    struct extractor *extractor;
    uint8_t *bytes = malloc(capacity);
    FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
    n = file ? fread(text, 1, TEXT, file) : make_text();
    key_init(&key, key_default_secret);
    if (!bytes || n < 2 * 16 * SYSTEM || extractor_new(&key, &extractor) != STATUS_OK)
        return 1;
    make_events(n);
    uint64_t sum = 0;
    for (size_t i = 0; i < ROUNDS; i++) {
        touched[i] = touch(&sum);
        extracted[i] = extract(extractor);
        encoded[i] = encode(bytes, capacity, &n_bytes);
        decoded[i] = decode(bytes, n_bytes);
    }
    double cost = median(extracted), peer = median(touched);
    printf("{\"extract_ns\":%.0f,\"xxh3_ns\":%.0f,\"ratio\":%.1f,\"encode_ns\":%.0f,\"decode_ns\":%.0f,"
           "\"record_bytes\":%.0f,\"check\":%u}\n",
        cost, peer, cost / peer, median(encoded), median(decoded), (double)n_bytes / EXCHANGES,
        (unsigned)(sum & 1));
    extractor_free(extractor);
    free(bytes);
    if (file)
        fclose(file);
    return 0;
}
