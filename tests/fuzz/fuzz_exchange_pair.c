/*
 * Two bodies to an exchange. The first byte picks the api, the second whether the provider refused; a line end ends
 * the request (within strings of JSON there is none). Every part has its bytes, and a second reading says the same.
 */
#include "fuzz.h"

#include "exchange/pair.h"

#include <stdlib.h>
#include <string.h>

static struct pair_reader *reader;

static uint64_t sum_of(uint64_t sum, struct span text)
{
    for (size_t i = 0; i < text.n; i++)
        sum = sum * 31 + (unsigned char)text.data[i];
    return sum;
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
    if (!reader && pair_reader_new(1 << 20, &reader) != STATUS_OK)
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
        free((char *)(uintptr_t)request.data);
        free((char *)(uintptr_t)response.data);
    }
    if (sums[0] != sums[1])
        abort();
    return 0;
}
