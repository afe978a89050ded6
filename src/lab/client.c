#include "lab/client.h"

#include "lab/dice.h"

static const struct {
    const char *name, *product, *suffix, *headers;
    unsigned major, minor, days_a_release;
} families[CLIENT_FAMILIES] = {
    [CLIENT_PYTHON] = { "python", "llm-sdk-python", "cpython/3.11",
        "host,accept-encoding,connection,accept,content-type,user-agent,authorization,content-length", 1, 40,
        9 },
    [CLIENT_NODE] = { "node", "llm-sdk-node", "node/22.14",
        "host,connection,content-length,accept,content-type,user-agent,authorization,accept-language", 4, 60,
        8 },
    [CLIENT_JAVA] = { "java", "llm-sdk-java", "jdk/21",
        "host,content-type,accept,authorization,user-agent,content-length,connection", 2, 8, 21 },
    [CLIENT_GO] = { "go", "llm-sdk-go", "go1.22",
        "host,user-agent,content-length,authorization,content-type,accept-encoding", 0, 30, 14 },
    [CLIENT_CURL] = { "curl", "curl", "", "host,user-agent,accept,authorization,content-type,content-length",
        8, 1, 60 },
    [CLIENT_WEB] = { "web", "Mozilla/5.0 chat-web", "browser",
        "host,connection,content-length,user-agent,content-type,accept,origin,referer,accept-encoding,accept-"
        "language",
        126, 0, 28 },
    [CLIENT_AGENT] = { "agent", "codeagent-cli", "(external, cli)",
        "host,connection,accept,content-type,user-agent,x-app,authorization,accept-language,content-length",
        2, 0, 3 },
    [CLIENT_EDITOR] = { "editor", "editor-assist", "plugin",
        "host,connection,user-agent,content-type,accept,authorization,content-length", 0, 20, 10 },
    [CLIENT_GATEWAY] = { "gateway", "llm-gateway", "python-httpx",
        "host,accept,accept-encoding,connection,user-agent,content-type,authorization,content-length", 1, 60,
        7 },
};

static const char *const platforms[] = { "linux; x64", "macos; arm64", "windows; x64", "linux; arm64",
    "macos; x64", "linux-musl; x64" };
enum { PLATFORMS = sizeof platforms / sizeof *platforms };

const char *client_family_name(enum client_family family)
{
    return families[family].name;
}

void client_user_agent(enum client_family family, unsigned platform, unsigned version, struct buffer *out)
{
    buffer_print(out, "%s/%u.%u.%u (%s) %s", families[family].product, families[family].major,
        families[family].minor + version / 4, version % 4, platforms[platform % PLATFORMS],
        families[family].suffix);
}

void client_ja4(enum client_family family, unsigned platform, struct buffer *out)
{
    uint64_t of = dice_hash(family * 8 + (family == CLIENT_WEB ? platform % 3 : 0), 4);
    buffer_print(out, "t13d%02u%02uh2_%012llx_%012llx", 10 + (unsigned)(of % 9), 8 + (unsigned)(of >> 8) % 8,
        (unsigned long long)(of >> 16), (unsigned long long)(dice_mix(of) >> 16));
}

const char *client_header_order(enum client_family family)
{
    return families[family].headers;
}

unsigned client_version(enum client_family family, int64_t days)
{
    return days > 0 ? (unsigned)(days / families[family].days_a_release) : 0;
}
