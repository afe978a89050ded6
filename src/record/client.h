/*
 * client.h: who sent a request, as keyed hashes: addresses, prefixes, the client's own headers, countries.
 *
 * Model: an address is hashed in its binary form (IPv4-mapped IPv6 is IPv4), so spelling does not matter; its net is
 *   the /24 of IPv4 or the /48 of IPv6. What is no address is hashed as text and has no net.
 * Shapes: 0 for absent; a country is its two letters, the first in the high byte.
 */
#ifndef RECORD_CLIENT_H
#define RECORD_CLIENT_H

#include "base/key.h"
#include "exchange/exchange.h"
#include "record/memo.h"
#include "record/record.h"

void client_address(const struct key *key, struct span text, uint64_t *ret_ip, uint64_t *ret_net);
uint16_t client_country(struct span text);
/* Mail domains and the like: case does not matter. At most 255 bytes count. */
uint64_t client_domain(const struct key *key, struct span text);
/* Fills ip, net, user_agent, ja4, header_order, client, asn and country. */
void client_hashes(struct memo *memo, const struct key *key, const struct exchange_client *client,
    struct exchange_record *record);

#endif
