#include "record/client.h"

#include "record/digest.h"

#include <arpa/inet.h>

/* Parses into 16 bytes, IPv4 as ::ffff:a.b.c.d. */
static bool parse_address(struct span text, uint8_t ret_bytes[static 16])
{
    static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
    char name[INET6_ADDRSTRLEN];
    if (text.n == 0 || text.n >= sizeof name)
        return false;
    memcpy(name, text.data, text.n);
    name[text.n] = 0;
    memcpy(ret_bytes, mapped, sizeof mapped);
    return inet_pton(AF_INET, name, ret_bytes + 12) == 1 || inet_pton(AF_INET6, name, ret_bytes) == 1;
}

void client_address(const struct key *key, struct span text, uint64_t *ret_ip, uint64_t *ret_net)
{
    uint8_t bytes[16];
    if (!parse_address(text, bytes)) {
        *ret_ip = key_hash(key, KEY_NETWORK, text.data, text.n);
        *ret_net = 0;
        return;
    }
    bool v4 = IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)(const void *)bytes);
    *ret_ip = key_hash(key, KEY_NETWORK, bytes, 16);
    *ret_net = key_hash(key, KEY_NETWORK, bytes, v4 ? 15 : 6);
}

uint16_t client_country(struct span text)
{
    if (text.n != 2)
        return 0;
    unsigned first = (uint8_t)text.data[0] & ~0x20u, second = (uint8_t)text.data[1] & ~0x20u;
    if (first - 'A' >= 26 || second - 'A' >= 26)
        return 0;
    return (uint16_t)(first << 8 | second);
}

uint64_t client_domain(const struct key *key, struct span text)
{
    uint8_t folded[255];
    size_t n = text.n < sizeof folded ? text.n : sizeof folded;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = (uint8_t)text.data[i];
        folded[i] = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
    }
    return key_hash(key, KEY_IDENTITY, folded, n);
}

static void known_address(
    struct memo *memo, const struct key *key, struct span text, uint64_t *ret_ip, uint64_t *ret_net)
{
    struct memo_entry *entry;
    if (text.n == 0)
        return;
    if (!memo_at(memo, key, MEMO_ADDRESS, text.data, text.n, &entry))
        client_address(key, text, &entry->first, &entry->second);
    *ret_ip = entry->first;
    *ret_net = entry->second;
}

void client_hashes(struct memo *memo, const struct key *key, const struct exchange_client *client,
    struct exchange_record *record)
{
    record->ip = record->net = 0;
    known_address(memo, key, client->ip, &record->ip, &record->net);
    record->user_agent = memo_digest(memo, key, KEY_NETWORK, client->user_agent);
    record->ja4 = memo_hash(memo, key, KEY_NETWORK, client->ja4.data, client->ja4.n);
    record->header_order = memo_digest(memo, key, KEY_NETWORK, client->header_order);
    uint64_t tuple[3] = { record->user_agent, record->ja4, record->header_order };
    record->client =
        tuple[0] | tuple[1] | tuple[2] ? memo_hash(memo, key, KEY_NETWORK, tuple, sizeof tuple) : 0;
    record->asn = client->asn > 0 && client->asn <= UINT32_MAX ? (uint32_t)client->asn : 0;
    record->country = client_country(client->country);
}
