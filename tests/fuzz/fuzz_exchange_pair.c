/*
 * Two bodies to an exchange. The first byte picks the api, the second whether the provider refused; a line end ends
 * the request (within strings of JSON there is none). Every part has its bytes, and a second reading says the same; so
 * does one of the usage alone, and one of a request that a scan has open.
 */
#include "fuzz.h"

#include "exchange/amend.h"
#include "exchange/pair.h"

#include <stdlib.h>
#include <string.h>

static struct pair_reader *reader, *usage_reader;
static struct amend *amend;

static uint64_t sum_of(uint64_t sum, struct span text)
{
    for (size_t i = 0; i < text.n; i++)
        sum = sum * 31 + (unsigned char)text.data[i];
    return sum;
}

/* A key in other letters is none for the search from behind. */
static void read_usage_alone(enum api api, struct span response, const struct exchange *whole)
{
    struct exchange exchange;
    pair_start(&exchange);
    if (pair_read_usage(usage_reader, api, response, &exchange) != STATUS_OK)
        abort();
    bool escaped = response.n > 0 && memchr(response.data, '\\', response.n);
    if (!escaped && memcmp(&exchange.usage, &whole->usage, sizeof exchange.usage) != 0)
        abort();
}

static void read_scanned(enum api api, struct span request)
{
    struct exchange exchange;
    struct exchange_params params = { 0 };
    struct diag diag = { 0 };
    pair_start(&exchange);
    if (request.n == 0 || amend_scan(amend, request, NULL) != STATUS_OK)
        return;
    enum status st = pair_read_params(usage_reader, api, false, request, amend_cursor(amend), &params, &diag);
    uint64_t model = sum_of(0, params.model);
    if (pair_read(usage_reader, api, request, (struct span){ 0 }, &exchange, &diag) != st)
        abort();
    if (st == STATUS_OK &&
        (model != sum_of(0, exchange.params.model) || params.names != exchange.params.names))
        abort();
}

static uint64_t read_once(enum api api, int32_t status, struct span request, struct span response)
{
    struct exchange exchange;
    struct diag diag = { 0 };
    pair_start(&exchange);
    exchange.status = status;
    enum status st = pair_read(reader, api, request, response, &exchange, &diag);
    if (st != STATUS_OK) {
        if (st != STATUS_BAD || status >= 400 || diag.reason[0] == 0)
            abort();
        return 1;
    }
    if (!pair_response_skipped(reader))
        read_usage_alone(api, response, &exchange);
    uint64_t sum =
        sum_of(sum_of((uint64_t)exchange.usage.input_tok, exchange.response_id), exchange.params.model);
    for (uint32_t i = 0; i < exchange.n_parts; i++) {
        const struct part *part = &exchange.parts[i];
        if (part->role > ROLE_TOOL || part->kind > PART_REFUSAL)
            abort();
        sum = sum_of(sum_of(sum_of(sum, part->text), part->name), part->id);
    }
    for (uint32_t i = 0; i < exchange.n_tools; i++)
        sum = sum_of(sum, exchange.tools[i].schema);
    return sum;
}

static struct span padded(const uint8_t *data, size_t n, int padding)
{
    char *bytes = malloc(n + JSON_PADDING);
    if (!bytes)
        abort();
    memcpy(bytes, data, n);
    memset(bytes + n, padding, JSON_PADDING);
    return (struct span){ bytes, n };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 2)
        return 0;
    if (!reader &&
        (pair_reader_new(1 << 20, &reader) != STATUS_OK ||
            pair_reader_new(1 << 20, &usage_reader) != STATUS_OK || amend_new(1 << 20, &amend) != STATUS_OK))
        abort();
    enum api api = (enum api)(data[0] % API_COUNT);
    int32_t status = data[1] % 2 ? 400 : 200;
    const uint8_t *begin = data + 2, *end = data + n, *line = memchr(begin, '\n', n - 2);
    const uint8_t *middle = line ? line : end, *answer = line ? line + 1 : end;
    uint64_t sums[2];
    for (int i = 0; i < 2; i++) {
        struct span request = padded(begin, (size_t)(middle - begin), i ? '"' : 0);
        struct span response = padded(answer, (size_t)(end - answer), i ? '}' : 0);
        sums[i] = read_once(api, status, request, response);
        read_scanned(api, request);
        free((char *)(uintptr_t)request.data);
        free((char *)(uintptr_t)response.data);
    }
    if (sums[0] != sums[1])
        abort();
    return 0;
}
