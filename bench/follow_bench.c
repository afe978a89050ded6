/*
 * follow_bench.c: what does an event of a streamed response cost?
 *
 * Model: streams of 1,000 deltas of 20 bytes of text, an event a feed as a proxy sees them, for the three APIs; then
 *   the body, and the pair read from it. Peers in the same run: the events alone (sse.h), and memchr for the line
 *   ends of the same bytes. CPU time, medians of 9 rounds.
 * Usage: bench_follow; prints JSON.
 */
#include "bench.h"

#include "exchange/follow.h"
#include "exchange/pair.h"
#include "exchange/sse.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 9, DELTAS = 1000, STREAMS = 20 };

struct stream {
    enum api api;
    const char *name, *begin, *delta, *end;
    struct buffer bytes;
    size_t starts[DELTAS + 3]; /* of the pieces; the last is the end */
    size_t n;
};

static struct stream streams[] = {
    { .api = API_OPENAI_CHAT,
        .name = "openai.chat",
        .begin =
            "data: {\"id\":\"chatcmpl-9aBcD\",\"object\":\"chat.completion.chunk\",\"created\":1770000000,"
            "\"model\":\"m-large-2\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":"
            "\"\"},\"finish_reason\":null}]}\n\n",
        .delta =
            "data: {\"id\":\"chatcmpl-9aBcD\",\"object\":\"chat.completion.chunk\",\"created\":1770000000,"
            "\"model\":\"m-large-2\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" twenty "
            "bytes,\\n%d\"},"
            "\"finish_reason\":null}]}\n\n",
        .end = "data: {\"id\":\"chatcmpl-9aBcD\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,"
               "\"completion_tokens\":1000}}\n\ndata: [DONE]\n\n" },
    { .api = API_OPENAI_RESPONSES,
        .name = "openai.responses",
        .begin =
            "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\","
            "\"model\":\"m-large-2\"}}\n\n",
        .delta = "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\","
                 "\"sequence_number\":7,\"item_id\":\"msg_68a1b2c3\",\"output_index\":0,\"content_index\":0,"
                 "\"delta\":\" twenty bytes,\\n%d\",\"logprobs\":[]}\n\n",
        .end = "event: response.completed\ndata: "
               "{\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\","
               "\"status\":\"completed\",\"usage\":{\"input_tokens\":9,\"output_tokens\":1000}}}\n\n" },
    { .api = API_ANTHROPIC_MESSAGES,
        .name = "anthropic.messages",
        .begin =
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":"
            "\"m-large-2\",\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}\n\n",
        .delta = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{"
                 "\"type\":\"text_delta\",\"text\":\" twenty bytes,\\n%d\"}}\n\n",
        .end = "event: message_delta\ndata: "
               "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
               "\"usage\":{\"output_tokens\":1000}}\n\nevent: message_stop\ndata: "
               "{\"type\":\"message_stop\"}\n\n" },
};
enum { N_STREAMS = sizeof streams / sizeof *streams };

static void require(bool yes)
{
    if (!yes)
        exit(1);
}

static void write_stream(struct stream *stream)
{
    buffer_put_text(&stream->bytes, stream->begin);
    for (int i = 0; i < DELTAS; i++) {
        stream->starts[++stream->n] = stream->bytes.n;
        const char *number = strstr(stream->delta, "%d");
        buffer_put(&stream->bytes, (struct span){ stream->delta, (size_t)(number - stream->delta) });
        buffer_print(&stream->bytes, "%d", 100 + i % 900);
        buffer_put_text(&stream->bytes, number + 2);
    }
    stream->starts[++stream->n] = stream->bytes.n;
    buffer_put_text(&stream->bytes, stream->end);
    stream->starts[++stream->n] = stream->bytes.n;
    require(stream->bytes.status == STATUS_OK);
}

static struct span piece_of(const struct stream *stream, size_t i)
{
    size_t begin = stream->starts[i];
    return (struct span){ stream->bytes.data + begin, stream->starts[i + 1] - begin };
}

static enum status count(void *context, const struct sse_event *event)
{
    *(uint64_t *)context += event->data.n;
    return STATUS_OK;
}

/* Microseconds. */
struct cost {
    double follow, body, pair, events, lines;
};

static double of_lines(const struct stream *stream, uint64_t *sum)
{
    double start = now_us();
    for (int k = 0; k < STREAMS; k++)
        for (size_t i = 0; i < stream->n; i++) {
            struct span piece = piece_of(stream, i);
            for (size_t at = 0; (at = span_find(piece, '\n', at)) < piece.n; at++)
                *sum += at;
        }
    return (now_us() - start) / STREAMS;
}

static double of_events(const struct stream *stream, uint64_t *sum)
{
    double start = now_us();
    for (int k = 0; k < STREAMS; k++) {
        struct sse sse;
        sse_init(&sse, 1 << 20);
        for (size_t i = 0; i < stream->n; i++)
            require(sse_feed(&sse, piece_of(stream, i), count, sum) == STATUS_OK);
        sse_fini(&sse);
    }
    return (now_us() - start) / STREAMS;
}

static struct cost measure(
    const struct stream *stream, struct json *json, struct pair_reader *reader, uint64_t *sum)
{
    static const struct follow_limits limits = { 1 << 20, 1 << 20 };
    static const char request[2 + JSON_PADDING] = "{}";
    struct cost cost = { .events = of_events(stream, sum), .lines = of_lines(stream, sum) };
    for (int k = 0; k < STREAMS; k++) {
        struct follow *follow;
        struct span body;
        struct exchange exchange;
        double start = now_us();
        require(follow_new(stream->api, &limits, json, &follow) == STATUS_OK);
        for (size_t i = 0; i < stream->n; i++) {
            struct span piece = piece_of(stream, i);
            require(follow_feed(follow, piece.data, piece.n) == STATUS_OK);
        }
        cost.follow += (now_us() - start) / STREAMS;
        start = now_us();
        require(follow_body(follow, &body) == STATUS_OK);
        cost.body += (now_us() - start) / STREAMS;
        start = now_us();
        pair_start(&exchange);
        exchange.status = 200;
        require(
            pair_read(reader, stream->api, (struct span){ request, 2 }, body, &exchange, NULL) == STATUS_OK);
        cost.pair += (now_us() - start) / STREAMS;
        require(follow_state(follow).end == FOLLOW_DONE && exchange.n_parts == 1);
        require(exchange.usage.output_tok == DELTAS && exchange.parts[0].text.n > 17 * DELTAS);
        follow_free(follow);
    }
    return cost;
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, by_value);
    return values[ROUNDS / 2];
}

int main(void)
{
    struct json *json;
    struct pair_reader *reader;
    uint64_t sum = 0;
    require(json_new(&json) == STATUS_OK && pair_reader_new(1 << 20, &reader) == STATUS_OK);
    printf("{");
    for (int s = 0; s < N_STREAMS; s++) {
        double follow[ROUNDS], body[ROUNDS], pair[ROUNDS], events[ROUNDS], lines[ROUNDS];
        write_stream(&streams[s]);
        for (int i = 0; i < ROUNDS; i++) {
            struct cost cost = measure(&streams[s], json, reader, &sum);
            follow[i] = cost.follow, body[i] = cost.body, pair[i] = cost.pair;
            events[i] = cost.events, lines[i] = cost.lines;
        }
        double n = (double)streams[s].n;
        printf("%s\"%s\":{\"bytes_per_event\":%.0f,\"follow_ns_per_event\":%.0f,\"sse_ns_per_event\":%.0f,"
               "\"line_ends_ns_per_event\":%.0f,\"body_us\":%.1f,\"pair_us\":%.1f}",
            s ? "," : "", streams[s].name, (double)streams[s].bytes.n / n, median(follow) * 1e3 / n,
            median(events) * 1e3 / n, median(lines) * 1e3 / n, median(body), median(pair));
        buffer_fini(&streams[s].bytes);
    }
    printf("}\n");
    pair_reader_free(reader);
    json_free(json);
    return sum ? 0 : 1;
}
