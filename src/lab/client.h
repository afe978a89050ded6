/*
 * client.h: the software that sends a request: user agent, TLS fingerprint, order of headers.
 *
 * Model: a family has a name, a platform and versions that age: a client is of the version that was current when its
 *   account was set up and follows at its own pace; a pinned client (relay software freezes it) never does. The TLS
 *   fingerprint follows the family and its runtime; the header order the family.
 * Source: for what relays pin: campaigns.md, section 3. The names are generic.
 * Shapes: strings are rendered on demand into caller's memory.
 */
#ifndef LAB_CLIENT_H
#define LAB_CLIENT_H

#include "base/buffer.h"

#include <stdint.h>

enum client_family {
    CLIENT_PYTHON,
    CLIENT_NODE,
    CLIENT_JAVA,
    CLIENT_GO,
    CLIENT_CURL,
    CLIENT_WEB,     /* a chat page in a browser */
    CLIENT_AGENT,   /* a popular coding agent */
    CLIENT_EDITOR,  /* an editor's plug-in */
    CLIENT_GATEWAY, /* LLM gateway or router */
    CLIENT_FAMILIES
};
const char *client_family_name(enum client_family family);

/* platform: 0..5 (system and architecture); version counts releases since the family began. */
void client_user_agent(enum client_family family, unsigned platform, unsigned version, struct buffer *out);
void client_ja4(enum client_family family, unsigned platform, struct buffer *out);
/* Names joined by commas, as exchange_client.header_order. */
const char *client_header_order(enum client_family family);
/* The release that is current so many days after 2026-01-01 (before: 0). */
unsigned client_version(enum client_family family, int64_t days);

#endif
