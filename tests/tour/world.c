#include "world.h"

#include "base/clock.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define START_MS INT64_C(1777968000000) /* 2026-05-05T08:00:00Z */
#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

enum {
    PEOPLE = 300,
    MEMBERS = 42,
    PIONEERS = 9,
    CARDS = 6,
    HOURS = 12,
    TEXT_BYTES = 2048,
    SENTENCE_BYTES = 1024
};

static const char *const words[] = { "harbour", "ledger", "violin", "copper", "meadow", "signal", "orchard",
    "glacier", "marble", "lantern", "saddle", "pepper", "ribbon", "thunder", "walnut", "compass", "feather",
    "granite", "kettle", "magnet", "needle", "oyster", "parcel", "quarry", "rudder", "shovel", "temple",
    "umbrella", "velvet", "whistle" };
static const char *const countries[] = { "DE", "US", "JP", "BR", "FR", "IN", "GB", "SG" };

struct world {
    struct buffer *log;
    uint64_t state;
    char issued[TEXT_BYTES]; /* what account 3 was answered in the first hour */
};

static uint32_t draw(struct world *world, uint32_t below)
{
    world->state = world->state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(world->state >> 33) % below;
}

/* A sentence of n words that was not there before. */
static void sentence(struct world *world, unsigned n, char *ret_text)
{
    size_t at = 0;
    for (unsigned i = 0; i < n; i++) {
        const char *word = words[draw(world, sizeof words / sizeof *words)];
        at += (size_t)snprintf(ret_text + at, SENTENCE_BYTES - at, "%s%s", i ? " " : "", word);
    }
    snprintf(ret_text + at, SENTENCE_BYTES - at, ".");
}

static void put_time(struct world *world, const char *key, int64_t time_ms)
{
    char text[CLOCK_TEXT_BYTES];
    clock_format(time_ms, text);
    buffer_print(world->log, "\"%s\":\"%s\"", key, text);
}

static void put_account(
    struct world *world, const char *account, int64_t created_ms, const char *payment, const char *country)
{
    buffer_put_text(world->log, "{\"event\":\"account\",");
    put_time(world, "time", START_MS);
    buffer_print(world->log, ",\"account\":\"%s\",", account);
    put_time(world, "created", created_ms);
    buffer_print(world->log, ",\"tier\":\"paid\",\"payment\":\"%s\",\"country\":\"%s\"}\n", payment, country);
}

static void put_exchange(struct world *world, int64_t time_ms, const char *id, const char *account,
    const char *ip, const char *messages, const char *answer)
{
    buffer_put_text(world->log, "{\"event\":\"exchange\",");
    put_time(world, "time", time_ms);
    buffer_print(world->log,
        ",\"id\":\"%s\",\"account\":\"%s\",\"client\":{\"ip\":\"%s\",\"user_agent\":\"client/2.0\"},"
        "\"api\":\"openai.chat\",\"request\":{\"model\":\"m-large-2\",\"messages\":[%s],\"max_tokens\":1024},"
        "\"status\":200,\"response\":{\"model\":\"m-large-2\",\"choices\":[{\"index\":0,\"finish_reason\":"
        "\"stop\","
        "\"message\":{\"role\":\"assistant\",\"content\":\"%s\"}}],"
        "\"usage\":{\"prompt_tokens\":%zu,\"completion_tokens\":%zu}},\"duration_ms\":2210}\n",
        id, account, ip, messages, answer, strlen(messages) / 4, strlen(answer) / 4);
}

static void person_asks(struct world *world, unsigned person, unsigned hour)
{
    char id[32], account[32], ip[32], text[TEXT_BYTES], answer[TEXT_BYTES], messages[2 * TEXT_BYTES];
    snprintf(id, sizeof id, "req_p%03u_%02u", person, hour);
    snprintf(account, sizeof account, "acct_p%03u", person);
    snprintf(ip, sizeof ip, "203.0.%u.%u", person, 1 + draw(world, 200));
    sentence(world, 6 + draw(world, 30), text);
    sentence(world, 20 + draw(world, 30), answer);
    snprintf(messages, sizeof messages, "{\"role\":\"user\",\"content\":\"%s\"}", text);
    put_exchange(world, START_MS + hour * HOUR_MS + person * 10000, id, account, ip, messages, answer);
}

static const char frame[] =
    "You are an expert who writes training data. Solve the task step by step, show all "
    "reasoning, then give the result in \\\\boxed{}. Task ";

static void member_asks(struct world *world, unsigned member, unsigned hour)
{
    char id[32], account[32], ip[32], task[TEXT_BYTES], answer[TEXT_BYTES], messages[3 * TEXT_BYTES];
    snprintf(id, sizeof id, "req_k%02u_%02u", member, hour);
    snprintf(account, sizeof account, "acct_k%02u", member);
    snprintf(ip, sizeof ip, "198.51.100.%u", 10 + member);
    int at = snprintf(task, sizeof task, "%u: ", 1000 + draw(world, 9000));
    sentence(world, 12, task + at);
    sentence(world, 30, answer);
    if (member == 3 && hour == 0)
        memcpy(world->issued, answer, sizeof answer);
    if (strcmp(id, TOUR_EXCHANGE) == 0)
        snprintf(messages, sizeof messages,
            "{\"role\":\"user\",\"content\":\"Go on.\"},{\"role\":\"assistant\",\"content\":\"%s\"},"
            "{\"role\":\"user\",\"content\":\"%s%s\"}",
            world->issued, frame, task);
    else
        snprintf(messages, sizeof messages, "{\"role\":\"user\",\"content\":\"%s%s\"}", frame, task);
    put_exchange(
        world, START_MS + hour * HOUR_MS + 3100000 + member * 20000, id, account, ip, messages, answer);
}

void world_write(struct buffer *log)
{
    struct world world = { .log = log, .state = 7 };
    char account[32], payment[32];
    for (unsigned i = 0; i < PEOPLE; i++) {
        snprintf(account, sizeof account, "acct_p%03u", i);
        snprintf(payment, sizeof payment, "pi_p%03u", i);
        put_account(&world, account, START_MS - 100 * DAY_MS, payment, countries[i % 8]);
    }
    for (unsigned i = 0; i < MEMBERS; i++) {
        snprintf(account, sizeof account, "acct_k%02u", i);
        snprintf(payment, sizeof payment, "pi_k%u", i % CARDS);
        put_account(&world, account, START_MS - 3 * DAY_MS - i * HOUR_MS, payment, countries[i % 8]);
    }
    for (unsigned hour = 0; hour < HOURS; hour++) {
        for (unsigned i = 0; i < PEOPLE; i++)
            if (draw(&world, 8) == 0)
                person_asks(&world, i, hour);
        for (unsigned i = 0; i < (hour < 2 ? PIONEERS : MEMBERS); i++)
            member_asks(&world, i, hour);
    }
}
