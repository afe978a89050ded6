#include "lab/speak.h"

#include "lab/dialogue.h"
#include "lab/identity.h"

#include <stdlib.h>
#include <string.h>

enum { SOFTWARE = 1024, SOFTWARE_TEXT = 120 };
struct software {
    uint32_t number;
    uint8_t n_agent, n_ja4; /* bytes of each in text, one behind the other */
    char text[SOFTWARE_TEXT];
};

struct speaker {
    struct software software[SOFTWARE];
    const struct world *world;
    const struct corpus *corpus;
    struct dialogue dialogue;
    struct buffer names; /* of everything that is not said: ids, addresses, client software */
};

enum status speaker_new(const struct world *world, const struct corpus *corpus, struct speaker **ret_speaker)
{
    enum status st = STATUS_OK;
    struct speaker *speaker = calloc(1, sizeof *speaker);
    REQUIRE(speaker, STATUS_NOMEM);
    speaker->world = world;
    speaker->corpus = corpus;
    TRY(dialogue_init(&speaker->dialogue, corpus));
    *ret_speaker = speaker;
    return st;
fail:
    free(speaker);
    return st;
}

void speaker_free(struct speaker *speaker)
{
    if (!speaker)
        return;
    dialogue_fini(&speaker->dialogue);
    buffer_fini(&speaker->names);
    free(speaker);
}

/* Names are short and bounded in number: the buffer is made large enough once, so that spans into it hold. */
enum { NAMES_BYTES = 4096 };

static struct span end_name(const struct buffer *names, size_t begin)
{
    return (struct span){ names->data + begin, names->n - begin };
}

static enum status start_names(struct speaker *speaker)
{
    static const char blank[NAMES_BYTES];
    buffer_reset(&speaker->names);
    if (speaker->names.capacity < NAMES_BYTES) {
        buffer_put(&speaker->names, (struct span){ blank, NAMES_BYTES });
        enum status st = speaker->names.status;
        buffer_reset(&speaker->names);
        return st;
    }
    return STATUS_OK;
}

static struct span id_of(struct speaker *speaker, const char *prefix, uint64_t number)
{
    size_t begin = speaker->names.n;
    identity_put_id(prefix, number, &speaker->names);
    return end_name(&speaker->names, begin);
}

static struct span name_of(struct speaker *speaker, uint32_t account)
{
    size_t begin = speaker->names.n;
    identity_put_name(world_seed(speaker->world), account, &speaker->names);
    return end_name(&speaker->names, begin);
}

static struct span address(struct speaker *speaker, uint32_t ip)
{
    size_t begin = speaker->names.n;
    identity_put_address(ip, &speaker->names);
    return end_name(&speaker->names, begin);
}

/* What a client is called; many exchanges have the same. */
static struct software *software_of(struct speaker *speaker, const struct shown *who, unsigned version)
{
    uint32_t number = 1 + ((version * CLIENT_FAMILIES + who->family) * 8U + who->platform);
    struct software *software = &speaker->software[number % SOFTWARE];
    if (software->number == number)
        return software;
    size_t begin = speaker->names.n;
    client_user_agent(who->family, who->platform, version, &speaker->names);
    software->n_agent = (uint8_t)(speaker->names.n - begin);
    client_ja4(who->family, who->platform, &speaker->names);
    software->n_ja4 = (uint8_t)(speaker->names.n - begin - software->n_agent);
    memcpy(software->text, speaker->names.data + begin, speaker->names.n - begin);
    software->number = number;
    return software;
}

static struct exchange_client client_of(struct speaker *speaker, const struct happening *happening)
{
    enum { DAYS_TO_2026 = 20454 }; /* from 1970 */
    const struct shown *who = &happening->who;
    struct address at = identity_address(who, happening->time_ms, happening->ask.talk.conversation);
    struct exchange_client client = {
        .ip = address(speaker, at.ip), .asn = at.asn, .country = span_of(countries[who->country].code)
    };
    unsigned current = client_version(who->family, happening->time_ms / 86400000 - DAYS_TO_2026);
    unsigned version = who->flags & ACCOUNT_PINNED ? who->version
                       : current > who->version    ? current - who->version
                                                   : 0;
    struct software *software = software_of(speaker, who, version);
    client.user_agent = (struct span){ software->text, software->n_agent };
    client.ja4 = (struct span){ software->text + software->n_agent, software->n_ja4 };
    client.header_order = span_of(client_header_order(who->family));
    return client;
}

/* A third of programs name their conversations, by chance of the account. */
static bool names_sessions(const struct shown *who)
{
    return dice_hash(who->seed, 71) % 3 == 0;
}

static void name_exchange(
    struct speaker *speaker, const struct happening *happening, struct exchange *exchange)
{
    const struct ask *ask = &happening->ask;
    const struct shown *who = &happening->who;
    exchange->id = id_of(speaker, "req_", dice_hash(world_seed(speaker->world), ask->serial));
    exchange->account = name_of(speaker, happening->account);
    if (who->flags & ACCOUNT_DECLARED)
        exchange->organization = id_of(speaker, "org_", who->organization + UINT64_C(77));
    exchange->key = id_of(speaker, "key_", who->seed);
    if (ask->end_user)
        exchange->end_user = id_of(speaker, "u_", dice_hash(who->seed, ask->end_user));
    if (names_sessions(who))
        exchange->session = id_of(speaker, "s_", ask->talk.conversation);
    exchange->client = client_of(speaker, happening);
    exchange->params.model = span_of(world_model(speaker->world, ask->model));
    if (ask->status == 200) {
        exchange->response_id = id_of(speaker, "msg_", ask->serial ^ UINT64_C(0x5e11));
        exchange->response_model = exchange->params.model;
    }
}

static enum status speak_exchange(
    struct speaker *speaker, const struct happening *happening, struct exchange *exchange)
{
    enum status st = STATUS_OK;
    const struct ask *ask = &happening->ask;
    const struct style *style = &happening->style;
    *exchange = (struct exchange){ .time_ms = happening->time_ms, .api = style->api, .status = ask->status };
    TRY(dialogue_speak(&speaker->dialogue, ask, style, exchange));
    name_exchange(speaker, happening, exchange);
fail:
    return st;
}

static void speak_account(
    struct speaker *speaker, const struct happening *happening, struct account_event *ret_account)
{
    const struct shown *who = &happening->who;
    *ret_account = (struct account_event){
        .account = name_of(speaker, happening->account),
        .created_ms = who->created_ms,
        .tier = who->tier,
        .programme = who->programme,
        .verified = who->verified,
        .country = span_of(countries[who->country].code),
        .reseller = who->flags & ACCOUNT_RESELLER ? 1 : -1,
        .device = id_of(speaker, "dev_", who->device),
    };
    if (who->flags & ACCOUNT_DECLARED)
        ret_account->organization = id_of(speaker, "org_", who->organization + UINT64_C(77));
    if (who->verified & VERIFIED_PHONE)
        ret_account->phone_country = ret_account->country;
    if (who->card)
        ret_account->payment = id_of(speaker, "card_", who->card);
    size_t begin = speaker->names.n;
    identity_put_domain(who->domain, &speaker->names);
    ret_account->email_domain = end_name(&speaker->names, begin);
    ret_account->signup_ip = address(speaker, identity_address(who, who->created_ms, who->signup).ip);
}

enum status speak(struct speaker *speaker, const struct happening *happening, struct event *ret_event)
{
    enum status st = STATUS_OK;
    TRY(start_names(speaker));
    ret_event->time_ms = happening->time_ms;
    switch (happening->kind) {
    case HAPPENING_ASK:
        ret_event->kind = EVENT_EXCHANGE;
        TRY(speak_exchange(speaker, happening, &ret_event->exchange));
        break;
    case HAPPENING_ACCOUNT:
        ret_event->kind = EVENT_ACCOUNT;
        speak_account(speaker, happening, &ret_event->account);
        break;
    case HAPPENING_ENFORCEMENT:
        ret_event->kind = EVENT_ENFORCEMENT;
        ret_event->enforcement = (struct enforcement_event){ .account = name_of(speaker, happening->account),
            .action = happening->action,
            .source = SPAN("trust-and-safety") };
        break;
    default:
        ret_event->kind = EVENT_RELEASE;
        ret_event->release_model = span_of(world_model(speaker->world, happening->model));
        break;
    }
fail:
    return st;
}
