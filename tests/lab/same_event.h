/*
 * same_event.h: names the first field in which two events differ; NULL where they are the same.
 */
#ifndef TESTS_LAB_SAME_EVENT_H
#define TESTS_LAB_SAME_EVENT_H

#include "exchange/event.h"

#include <stdio.h>

#define DIFFER_SPAN(member)                                                                                  \
    if (!span_eq(a->member, b->member))                                                                      \
    return #member
#define DIFFER(member)                                                                                       \
    if (a->member != b->member)                                                                              \
    return #member

static inline const char *params_difference(const struct exchange_params *a, const struct exchange_params *b)
{
    DIFFER_SPAN(model);
    DIFFER(max_tokens);
    DIFFER(temperature_milli);
    DIFFER(top_p_milli);
    DIFFER(top_k);
    DIFFER(n);
    DIFFER(top_logprobs);
    DIFFER(reasoning_budget_tok);
    DIFFER(reasoning_effort);
    DIFFER(flags);
    DIFFER(names);
    return NULL;
}

static inline const char *part_difference(const struct part *a, const struct part *b)
{
    DIFFER(role);
    DIFFER(kind);
    DIFFER(issued);
    DIFFER(prefill);
    DIFFER(message);
    DIFFER_SPAN(text);
    DIFFER_SPAN(name);
    DIFFER_SPAN(id);
    return NULL;
}

static inline const char *tool_difference(const struct tool *a, const struct tool *b)
{
    DIFFER_SPAN(name);
    DIFFER_SPAN(description);
    DIFFER_SPAN(schema);
    return NULL;
}

static inline const char *client_difference(const struct exchange *a, const struct exchange *b)
{
    DIFFER_SPAN(client.ip);
    DIFFER_SPAN(client.user_agent);
    DIFFER_SPAN(client.ja4);
    DIFFER_SPAN(client.header_order);
    DIFFER_SPAN(client.country);
    DIFFER(client.asn);
    return NULL;
}

static inline const char *exchange_difference(const struct exchange *a, const struct exchange *b)
{
    static char place[64];
    place[0] = '\0';
    DIFFER_SPAN(id);
    DIFFER_SPAN(account);
    DIFFER_SPAN(organization);
    DIFFER_SPAN(key);
    DIFFER_SPAN(end_user);
    DIFFER_SPAN(session);
    DIFFER(api);
    DIFFER(status);
    DIFFER(duration_ms);
    DIFFER(usage.input_tok);
    DIFFER(usage.output_tok);
    DIFFER(usage.reasoning_tok);
    DIFFER(usage.cached_tok);
    DIFFER_SPAN(response_id);
    DIFFER_SPAN(previous_response_id);
    DIFFER_SPAN(response_model);
    DIFFER(finish);
    DIFFER(parts_dropped);
    const char *at = client_difference(a, b);
    at = at ? at : params_difference(&a->params, &b->params);
    for (uint32_t i = 0; !at && i < a->n_tools && i < b->n_tools; i++)
        if ((at = tool_difference(&a->tools[i], &b->tools[i])))
            snprintf(place, sizeof place, "tools[%u].%s", i, at);
    for (uint32_t i = 0; !at && i < a->n_parts && i < b->n_parts; i++)
        if ((at = part_difference(&a->parts[i], &b->parts[i])))
            snprintf(place, sizeof place, "parts[%u].%s", i, at);
    if (at)
        return place[0] ? place : at;
    DIFFER(n_tools);
    DIFFER(n_parts);
    return NULL;
}

static inline const char *account_difference(const struct account_event *a, const struct account_event *b)
{
    DIFFER_SPAN(account);
    DIFFER_SPAN(organization);
    DIFFER(created_ms);
    DIFFER(tier);
    DIFFER(programme);
    DIFFER(verified);
    DIFFER_SPAN(email_domain);
    DIFFER_SPAN(phone_country);
    DIFFER_SPAN(country);
    DIFFER_SPAN(payment);
    DIFFER_SPAN(signup_ip);
    DIFFER_SPAN(device);
    DIFFER(reseller);
    return NULL;
}

static inline const char *event_difference(const struct event *a, const struct event *b)
{
    DIFFER(kind);
    DIFFER(time_ms);
    switch (a->kind) {
    case EVENT_EXCHANGE:
        return exchange_difference(&a->exchange, &b->exchange);
    case EVENT_ACCOUNT:
        return account_difference(&a->account, &b->account);
    case EVENT_ENFORCEMENT:
        DIFFER_SPAN(enforcement.account);
        DIFFER(enforcement.action);
        DIFFER_SPAN(enforcement.source);
        return NULL;
    default:
        DIFFER_SPAN(release_model);
        return NULL;
    }
}

#endif
