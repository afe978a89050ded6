/* show.h: an event as text, so that whole events can be compared and a difference can be read. */
#ifndef TESTS_EXCHANGE_SHOW_H
#define TESTS_EXCHANGE_SHOW_H

#define _GNU_SOURCE
#include "base/clock.h"
#include "exchange/parse.h"

#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void show_span(FILE *out, const char *name, struct span text)
{
    if (text.n > 0)
        fprintf(out, " %s=%.*s", name, (int)text.n, text.data);
}

static inline void show_number(FILE *out, const char *name, int64_t number)
{
    if (number != NUMBER_ABSENT)
        fprintf(out, " %s=%lld", name, (long long)number);
}

static inline void show_params(FILE *out, const struct exchange_params *p)
{
    show_span(out, "model", p->model);
    show_number(out, "max", p->max_tokens);
    show_number(out, "temperature", p->temperature_milli);
    show_number(out, "top_p", p->top_p_milli);
    show_number(out, "top_k", p->top_k);
    show_number(out, "n", p->n);
    show_number(out, "top_logprobs", p->top_logprobs);
    show_number(out, "budget", p->reasoning_budget_tok);
    show_number(out, "effort", p->reasoning_effort);
    if (p->flags)
        fprintf(out, " flags=%x", p->flags);
}

static inline void show_part(FILE *out, const struct part *part)
{
    static const char *const roles[] = { "system", "user", "assistant", "tool" };
    static const char *const kinds[] = { "text", "call", "result", "reasoning", "signature", "image", "file",
        "refusal" };
    fprintf(out, "\n%u %s %s%s%s", part->message, roles[part->role], kinds[part->kind],
        part->issued ? " issued" : "", part->prefill ? " prefill" : "");
    show_span(out, "name", part->name);
    show_span(out, "id", part->id);
    fprintf(out, ": %.*s", (int)part->text.n, part->text.n ? part->text.data : "");
}

static inline void show_exchange(FILE *out, const struct exchange *e)
{
    static const char *const finishes[] = { "", "stop", "length", "tool", "filter", "refusal", "other" };
    fprintf(out, "api=%d status=%d", e->api, e->status);
    show_span(out, "id", e->id);
    show_span(out, "account", e->account);
    show_span(out, "organization", e->organization);
    show_span(out, "key", e->key);
    show_span(out, "end_user", e->end_user);
    show_span(out, "session", e->session);
    show_span(out, "ip", e->client.ip);
    show_span(out, "user_agent", e->client.user_agent);
    show_span(out, "ja4", e->client.ja4);
    show_span(out, "headers", e->client.header_order);
    show_span(out, "country", e->client.country);
    show_number(out, "asn", e->client.asn);
    show_number(out, "duration", e->duration_ms);
    show_params(out, &e->params);
    show_number(out, "in", e->usage.input_tok);
    show_number(out, "out", e->usage.output_tok);
    show_number(out, "reasoning", e->usage.reasoning_tok);
    show_number(out, "cached", e->usage.cached_tok);
    show_span(out, "response", e->response_id);
    show_span(out, "previous", e->previous_response_id);
    show_span(out, "response_model", e->response_model);
    if (e->finish)
        fprintf(out, " finish=%s", finishes[e->finish]);
    if (e->parts_dropped > 0)
        fprintf(out, " dropped=%u", e->parts_dropped);
    for (uint32_t i = 0; i < e->n_tools; i++) {
        fprintf(out, "\ntool");
        show_span(out, "name", e->tools[i].name);
        show_span(out, "description", e->tools[i].description);
        show_span(out, "schema", e->tools[i].schema);
    }
    for (uint32_t i = 0; i < e->n_parts; i++)
        show_part(out, &e->parts[i]);
}

static inline void show_event(FILE *out, const struct event *event)
{
    char time[CLOCK_TEXT_BYTES];
    clock_format(event->time_ms, time);
    const struct account_event *a = &event->account;
    switch (event->kind) {
    case EVENT_EXCHANGE:
        fprintf(out, "exchange %s ", time);
        show_exchange(out, &event->exchange);
        break;
    case EVENT_ACCOUNT:
        fprintf(out, "account %s tier=%d programme=%d verified=%x reseller=%d", time, a->tier, a->programme,
            a->verified, a->reseller);
        show_span(out, "account", a->account);
        show_span(out, "organization", a->organization);
        show_number(out, "created", a->created_ms);
        show_span(out, "domain", a->email_domain);
        show_span(out, "phone", a->phone_country);
        show_span(out, "country", a->country);
        show_span(out, "payment", a->payment);
        show_span(out, "ip", a->signup_ip);
        show_span(out, "device", a->device);
        break;
    case EVENT_ENFORCEMENT:
        fprintf(out, "enforcement %s action=%d", time, event->enforcement.action);
        show_span(out, "account", event->enforcement.account);
        show_span(out, "source", event->enforcement.source);
        break;
    case EVENT_RELEASE:
        fprintf(out, "release %s", time);
        show_span(out, "model", event->release_model);
        break;
    }
    fputc('\n', out);
}

/* One line through a parser of its own: the event as text, or the fault with its field and reason. Caller frees. */
static inline char *parsed(const char *text, size_t n)
{
    char *shown = NULL;
    size_t shown_n = 0;
    struct line_parser *parser = NULL;
    struct event event;
    enum line_fault fault;
    struct diag diag = { 0 };
    char *line = calloc(1, n + LINE_PADDING);
    assert_non_null(line);
    memcpy(line, text, n);
    assert_ok(line_parser_new(16 << 20, &parser));
    FILE *out = open_memstream(&shown, &shown_n);
    enum status st = line_parse(parser, (struct span){ line, n }, &event, &fault, &diag);
    if (st == STATUS_OK)
        show_event(out, &event);
    else
        fprintf(out, "%s [%s] %s\n", line_fault_name(fault), diag.field, diag.reason);
    fclose(out);
    line_parser_free(parser);
    free(line);
    return shown;
}

static inline void assert_parses_to(const char *line, const char *expected)
{
    char *shown = parsed(line, strlen(line));
    if (strcmp(shown, expected) != 0) { /* cmocka cuts long messages */
        fprintf(stderr, "-- line\n%s\n-- expected\n%s-- got\n%s", line, expected, shown);
        fail();
    }
    free(shown);
}

/* An exchange with the given members behind the required ones. */
#define EXCHANGE(members)                                                                                    \
    "{\"time\":\"2026-05-05T08:00:00Z\",\"id\":\"r1\",\"account\":\"a1\",\"status\":200" members "}"
#define EXCHANGE_HEAD "exchange 2026-05-05T08:00:00.000Z "

#endif
