#include "lab/identity.h"

static uint32_t draw(struct dice *dice, const double *weights, uint32_t n)
{
    float small[16];
    for (uint32_t i = 0; i < n; i++)
        small[i] = (float)weights[i];
    return dice_pick(dice, small, n);
}

void identity_draw_network(struct account *account, const struct network_weights *weights, struct dice *dice)
{
    account->network = weights ? (uint8_t)draw(dice, weights->of, NETWORK_COUNT) : NETWORK_HOME;
}

void identity_draw_client(struct account *account, const struct client_weights *weights, struct dice *dice)
{
    static const float platforms[] = { 0.45F, 0.25F, 0.15F, 0.08F, 0.03F, 0.04F };
    account->family = weights ? (uint8_t)draw(dice, weights->of, CLIENT_FAMILIES) : CLIENT_PYTHON;
    account->platform = (uint8_t)dice_pick(dice, platforms, 6);
}

struct shown identity_shown(const struct account *account)
{
    return (struct shown){ .seed = account->seed,
        .home = account->home,
        .card = account->card,
        .device = account->device,
        .domain = account->domain,
        .signup = account->signup,
        .created_ms = account->created_ms,
        .organization = account->organization,
        .flags = account->flags,
        .tier = account->tier,
        .programme = account->programme,
        .verified = account->verified,
        .country = account->country,
        .network = account->network,
        .family = account->family,
        .platform = account->platform,
        .version = account->version };
}

static void put_hex(uint64_t value, unsigned digits, struct buffer *out)
{
    static const char hex[] = "0123456789abcdef";
    char text[16];
    for (unsigned i = 0; i < digits; i++, value >>= 4)
        text[digits - 1 - i] = hex[value & 15];
    buffer_put(out, (struct span){ text, digits });
}

void identity_put_id(const char *prefix, uint64_t number, struct buffer *out)
{
    buffer_put_text(out, prefix);
    put_hex(dice_mix(number * UINT64_C(0x9e3779b97f4a7c15) + 0x51), 16, out);
}

void identity_put_name(uint64_t world_seed, uint32_t account, struct buffer *out)
{
    buffer_put_text(out, "acct_");
    put_hex(dice_hash(world_seed, account), 12, out);
}

void identity_put_domain(uint64_t domain, struct buffer *out)
{
    if (domain <= PUBLIC_DOMAINS) {
        buffer_print(out, "mail%u.example", (unsigned)domain);
        return;
    }
    put_hex(dice_mix(domain), 8, out);
    buffer_put_text(out, ".example");
}

static char *put_byte(char *at, unsigned value)
{
    if (value >= 100)
        *at++ = (char)('0' + value / 100);
    if (value >= 10)
        *at++ = (char)('0' + value / 10 % 10);
    *at++ = (char)('0' + value % 10);
    return at;
}

void identity_put_address(uint32_t ip, struct buffer *out)
{
    char text[16], *at = text;
    for (unsigned shift = 32; shift > 0; shift -= 8) {
        at = put_byte(at, ip >> (shift - 8) & 255);
        if (shift > 8)
            *at++ = '.';
    }
    buffer_put(out, (struct span){ text, (size_t)(at - text) });
}

struct address identity_address(const struct shown *who, int64_t time_ms, uint64_t session)
{
    enum { HOUR_MS = 3600000 };
    enum network network = who->network;
    uint64_t period = network == NETWORK_RUNNERS || network == NETWORK_ROTATING || network == NETWORK_VPN
                          ? session
                          : (uint64_t)(time_ms / HOUR_MS);
    if (network == NETWORK_CARRIER)
        period /= 6;
    return address_of(network, who->country, who->home, period);
}
