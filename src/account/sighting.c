#include "account/sighting.h"

const char *family_name(enum family family)
{
    static const char *const names[FAMILY_COUNT] = { "identity", "network", "content", "timing", "provenance",
        "volume" };
    return (unsigned)family < FAMILY_COUNT ? names[family] : "unknown";
}

const struct object_kind_info object_kind_info[OBJECT_KINDS] = {
    [OBJECT_PAYMENT] = { "payment instrument", FAMILY_IDENTITY, true, false, false },
    [OBJECT_DEVICE] = { "device", FAMILY_IDENTITY, true, false, false },
    [OBJECT_EMAIL_DOMAIN] = { "mail domain", FAMILY_IDENTITY, false, false, false },
    [OBJECT_SIGNUP_BURST] = { "sign-up burst", FAMILY_IDENTITY, false, false, false },
    [OBJECT_END_USER] = { "end user", FAMILY_IDENTITY, false, false, false },
    [OBJECT_SIGNUP_NET] = { "sign-up network", FAMILY_NETWORK, false, false, false },
    [OBJECT_IP] = { "address", FAMILY_NETWORK, false, false, false },
    [OBJECT_NET] = { "address block", FAMILY_NETWORK, false, false, false },
    [OBJECT_CLIENT] = { "client", FAMILY_NETWORK, false, false, false },
    [OBJECT_SYSTEM] = { "system prompt", FAMILY_CONTENT, false, false, true },
    [OBJECT_TOOLSET] = { "tool set", FAMILY_CONTENT, false, false, true },
    [OBJECT_LEAD6] = { "prompt opening, 6 tokens", FAMILY_CONTENT, false, false, false },
    [OBJECT_LEAD12] = { "prompt opening, 12 tokens", FAMILY_CONTENT, false, false, false },
    [OBJECT_LEAD24] = { "prompt opening, 24 tokens", FAMILY_CONTENT, false, false, false },
    [OBJECT_TAIL6] = { "prompt ending, 6 tokens", FAMILY_CONTENT, false, false, false },
    [OBJECT_TAIL12] = { "prompt ending, 12 tokens", FAMILY_CONTENT, false, false, false },
    [OBJECT_BAND] = { "similar prompts", FAMILY_CONTENT, false, false, false },
    [OBJECT_SHAPE] = { "request shape", FAMILY_CONTENT, false, false, false },
    [OBJECT_TURN] = { "assistant turn", FAMILY_PROVENANCE, true, true, false },
    [OBJECT_ECHO] = { "piece of an output", FAMILY_PROVENANCE, false, true, false },
    [OBJECT_SIGNATURE] = { "reasoning signature", FAMILY_PROVENANCE, true, true, false },
    [OBJECT_REFUSED] = { "refused task", FAMILY_TIMING, true, true, false },
};
