#include "lab/wire.h"

#include "exchange/dialect.h"

static void put_span(struct json_writer *out, const char *name, struct span text)
{
    if (text.n == 0)
        return;
    json_put_name(out, name);
    json_put_string(out, text);
}

static void put_time(struct json_writer *out, const char *name, int64_t time_ms)
{
    json_put_name(out, name);
    json_put_time(out, time_ms);
}

static void header_order(struct json_writer *out, struct span names)
{
    json_put_name(out, "header_order");
    json_put_array(out);
    for (size_t at = 0; at < names.n;) {
        size_t end = span_find(names, ',', at);
        json_put_string(out, (struct span){ names.data + at, end - at });
        at = end + 1;
    }
    json_put_array_end(out);
}

static void client(struct json_writer *out, const struct exchange_client *client)
{
    json_put_name(out, "client");
    json_put_object(out);
    put_span(out, "ip", client->ip);
    put_span(out, "user_agent", client->user_agent);
    put_span(out, "ja4", client->ja4);
    if (client->header_order.n > 0)
        header_order(out, client->header_order);
    put_span(out, "country", client->country);
    json_put_name(out, "asn");
    json_put_i64(out, client->asn);
    json_put_object_end(out);
}

static void exchange_line(struct json_writer *out, const struct exchange *exchange)
{
    put_span(out, "id", exchange->id);
    put_span(out, "account", exchange->account);
    put_span(out, "organization", exchange->organization);
    put_span(out, "key", exchange->key);
    put_span(out, "end_user", exchange->end_user);
    put_span(out, "session", exchange->session);
    client(out, &exchange->client);
    json_put_name(out, "api");
    json_put_text(out, dialect_of(exchange->api)->name);
    json_put_name(out, "request");
    wire_request(out, exchange);
    json_put_name(out, "status");
    json_put_i64(out, exchange->status);
    if (exchange->status == 200) {
        json_put_name(out, "response");
        wire_response(out, exchange);
    }
    json_put_name(out, "duration_ms");
    json_put_i64(out, exchange->duration_ms);
}

static const char *const tiers[] = { NULL, "free", "paid", "verified", "enterprise" };
static const char *const programmes[] = { NULL, "none", "education", "research", "startup" };
static const char *const checks[] = { "email", "phone", "card", "business" };
static const char *const actions[] = { NULL, "limited", "suspended", "restored" };

static void account_line(struct json_writer *out, const struct account_event *account)
{
    put_span(out, "account", account->account);
    put_span(out, "organization", account->organization);
    if (account->created_ms >= 0)
        put_time(out, "created", account->created_ms);
    put_span(out, "tier", span_of(tiers[account->tier]));
    put_span(out, "programme", span_of(programmes[account->programme]));
    json_put_name(out, "verified");
    json_put_array(out);
    for (unsigned i = 0; i < 4; i++)
        if (account->verified & 1u << i)
            json_put_text(out, checks[i]);
    json_put_array_end(out);
    put_span(out, "email_domain", account->email_domain);
    put_span(out, "phone_country", account->phone_country);
    put_span(out, "country", account->country);
    put_span(out, "payment", account->payment);
    put_span(out, "signup_ip", account->signup_ip);
    put_span(out, "device", account->device);
    if (account->reseller >= 0) {
        json_put_name(out, "reseller");
        json_put_bool(out, account->reseller > 0);
    }
}

void wire_event(struct json_writer *out, const struct event *event)
{
    static const char *const names[] = { "exchange", "account", "enforcement", "release" };
    json_put_object(out);
    json_put_name(out, "event");
    json_put_text(out, names[event->kind]);
    put_time(out, "time", event->time_ms);
    switch (event->kind) {
    case EVENT_EXCHANGE:
        exchange_line(out, &event->exchange);
        break;
    case EVENT_ACCOUNT:
        account_line(out, &event->account);
        break;
    case EVENT_ENFORCEMENT:
        put_span(out, "account", event->enforcement.account);
        put_span(out, "action", span_of(actions[event->enforcement.action]));
        put_span(out, "source", event->enforcement.source);
        break;
    default:
        put_span(out, "model", event->release_model);
        break;
    }
    json_put_object_end(out);
    json_put_line(out);
}
