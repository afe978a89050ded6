/* Where a request comes from: the address behind the trusted proxies, its country, network and class. */
#include "stillwatch.h"

#include "base/mix.h"

#include <maxminddb.h>

/* What databases and lists say of an address. */
struct place {
    struct span country, network; /* of the databases' own bytes */
    int64_t asn;
};

/* One that was looked up: most addresses come again soon, and the databases are walked bit by bit. */
struct known_place {
    struct in6_addr address;
    bool is_known;
    struct place place;
};

enum { PLACES_KEPT = 1024 };

struct places_of {
    MMDB_s country, asn;
    bool has_country, has_asn;
    ngx_radix_tree_t *networks4, *networks6;
    struct known_place known[PLACES_KEPT]; /* by the hash of the address */
};

static void places_close(void *data)
{
    struct places_of *places = data;
    if (places->has_country)
        MMDB_close(&places->country);
    if (places->has_asn)
        MMDB_close(&places->asn);
}

static ngx_int_t open_database(
    ngx_conf_t *cf, const char *what, ngx_str_t *file, MMDB_s *mmdb, bool *ret_open)
{
    if (file->len == 0)
        return NGX_OK;
    if (ngx_conf_full_name(cf->cycle, file, 1) != NGX_OK)
        return NGX_ERROR;
    int rc = MMDB_open((char *)file->data, MMDB_MODE_MMAP, mmdb);
    if (rc != MMDB_SUCCESS) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%s \"%V\": %s", what, file, MMDB_strerror(rc));
        return NGX_ERROR;
    }
    *ret_open = true;
    return NGX_OK;
}

/* Of a prefix that is named twice the later line counts. */
static ngx_int_t insert(struct places_of *places, ngx_cidr_t *cidr, ngx_str_t *name)
{
    if (cidr->family == AF_INET) {
        uint32_t addr = ntohl(cidr->u.in.addr), mask = ntohl(cidr->u.in.mask);
        (void)ngx_radix32tree_delete(places->networks4, addr, mask);
        return ngx_radix32tree_insert(places->networks4, addr, mask, (uintptr_t)name);
    }
    u_char *addr = cidr->u.in6.addr.s6_addr, *mask = cidr->u.in6.mask.s6_addr;
    if (cidr->family != AF_INET6)
        return NGX_DECLINED;
    (void)ngx_radix128tree_delete(places->networks6, addr, mask);
    return ngx_radix128tree_insert(places->networks6, addr, mask, (uintptr_t)name);
}

/* CLASS PREFIX; as in nginx's own files: called for each line. */
static char *read_network(ngx_conf_t *cf, ngx_command_t *dummy, void *data)
{
    (void)dummy;
    struct places_of *places = data;
    ngx_str_t *value = cf->args->elts;
    ngx_cidr_t cidr;
    ngx_str_t *name = ngx_palloc(cf->pool, sizeof *name);
    if (!name)
        return NGX_CONF_ERROR;
    if (cf->args->nelts != 2 || ngx_ptocidr(&value[1], &cidr) == NGX_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "a line of the network list is: CLASS PREFIX;");
        return NGX_CONF_ERROR;
    }
    *name = value[0];
    return insert(places, &cidr, name) == NGX_OK ? NGX_CONF_OK : NGX_CONF_ERROR;
}

static ngx_int_t read_networks(ngx_conf_t *cf, sw_main_conf_t *conf)
{
    struct places_of *places = conf->places;
    if (conf->networks_file.len == 0)
        return NGX_OK;
    if (ngx_conf_full_name(cf->cycle, &conf->networks_file, 1) != NGX_OK)
        return NGX_ERROR;
    places->networks4 = ngx_radix_tree_create(cf->pool, -1);
    places->networks6 = ngx_radix_tree_create(cf->pool, -1);
    if (!places->networks4 || !places->networks6)
        return NGX_ERROR;
    ngx_conf_t saved = *cf;
    cf->handler = read_network;
    cf->handler_conf = (char *)places;
    char *rc = ngx_conf_parse(cf, &conf->networks_file);
    *cf = saved;
    return rc == NGX_CONF_OK ? NGX_OK : NGX_ERROR;
}

ngx_int_t sw_places_open(ngx_conf_t *cf, sw_main_conf_t *conf)
{
    ngx_pool_cleanup_t *cleanup = ngx_pool_cleanup_add(cf->pool, sizeof(struct places_of));
    if (!cleanup)
        return NGX_ERROR;
    ngx_memzero(cleanup->data, sizeof(struct places_of));
    conf->places = cleanup->data;
    cleanup->handler = places_close;
    if (open_database(cf, "stillwatch_country_db", &conf->country_file, &conf->places->country,
            &conf->places->has_country) != NGX_OK ||
        open_database(cf, "stillwatch_asn_db", &conf->asn_file, &conf->places->asn, &conf->places->has_asn) !=
            NGX_OK)
        return NGX_ERROR;
    return read_networks(cf, conf);
}

static struct span country_at(MMDB_s *mmdb, const struct sockaddr *address)
{
    int error = 0;
    MMDB_entry_data_s data;
    MMDB_lookup_result_s result = MMDB_lookup_sockaddr(mmdb, address, &error);
    if (error != MMDB_SUCCESS || !result.found_entry)
        return (struct span){ 0 };
    int rc = MMDB_get_value(&result.entry, &data, "country", "iso_code", NULL);
    if (rc != MMDB_SUCCESS || !data.has_data)
        rc = MMDB_get_value(&result.entry, &data, "country_code", NULL); /* the flat form of some vendors */
    if (rc != MMDB_SUCCESS || !data.has_data || data.type != MMDB_DATA_TYPE_UTF8_STRING)
        return (struct span){ 0 };
    return (struct span){ data.utf8_string, data.data_size };
}

static int64_t asn_at(MMDB_s *mmdb, const struct sockaddr *address)
{
    int error = 0;
    MMDB_entry_data_s data;
    MMDB_lookup_result_s result = MMDB_lookup_sockaddr(mmdb, address, &error);
    if (error != MMDB_SUCCESS || !result.found_entry ||
        MMDB_get_value(&result.entry, &data, "autonomous_system_number", NULL) != MMDB_SUCCESS ||
        !data.has_data)
        return NUMBER_ABSENT;
    return data.type == MMDB_DATA_TYPE_UINT32 ? (int64_t)data.uint32 : NUMBER_ABSENT;
}

static struct span network_at(const struct places_of *places, const struct sockaddr *address)
{
    uintptr_t name = NGX_RADIX_NO_VALUE;
    if (address->sa_family == AF_INET && places->networks4)
        name = ngx_radix32tree_find(
            places->networks4, ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr));
    else if (address->sa_family == AF_INET6 && places->networks6)
        name = ngx_radix128tree_find(places->networks6,
            (u_char *)(uintptr_t)((const struct sockaddr_in6 *)(const void *)address)->sin6_addr.s6_addr);
    return name == NGX_RADIX_NO_VALUE ? (struct span){ 0 } : sw_span(*(ngx_str_t *)name);
}

/* IPv4 in the clothes of IPv6 is IPv4, so that no list is passed by. */
static void unmap(ngx_addr_t *address, struct sockaddr_in *room)
{
    struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)(void *)address->sockaddr;
    if (address->sockaddr->sa_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr))
        return;
    ngx_memzero(room, sizeof *room);
    room->sin_family = AF_INET;
    ngx_memcpy(&room->sin_addr, &sin6->sin6_addr.s6_addr[12], 4);
    address->sockaddr = (struct sockaddr *)(void *)room;
    address->socklen = sizeof *room;
}

static struct place look_up(struct places_of *places, const struct sockaddr *address)
{
    return (struct place){
        .country = places->has_country ? country_at(&places->country, address) : (struct span){ 0 },
        .asn = places->has_asn ? asn_at(&places->asn, address) : NUMBER_ABSENT,
        .network = network_at(places, address),
    };
}

static struct in6_addr wide_of(const struct sockaddr *address)
{
    struct in6_addr wide = { .s6_addr = { [10] = 0xff, [11] = 0xff } };
    if (address->sa_family == AF_INET6)
        return ((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    ngx_memcpy(&wide.s6_addr[12], &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
    return wide;
}

static struct place place_of(struct places_of *places, const struct sockaddr *address)
{
    struct in6_addr wide = wide_of(address);
    uint64_t halves[2];
    ngx_memcpy(halves, &wide, sizeof halves);
    uint64_t mix =
        mix_fold(halves[0] ^ UINT64_C(0x9e3779b97f4a7c15), halves[1] ^ UINT64_C(0xe7037ed1a0b428db));
    struct known_place *known = &places->known[mix % PLACES_KEPT];
    if (!known->is_known || ngx_memcmp(&known->address, &wide, sizeof wide) != 0)
        *known = (struct known_place){ wide, true, look_up(places, address) };
    return known->place;
}

void sw_place(sw_ctx_t *ctx, sw_main_conf_t *conf)
{
    ngx_http_request_t *r = ctx->request;
    ngx_addr_t address = { .sockaddr = r->connection->sockaddr, .socklen = r->connection->socklen };
    struct sockaddr_in room;
    u_char text[NGX_SOCKADDR_STRLEN];
    if (ctx->conf->proxies)
        (void)ngx_http_get_forwarded_addr(
            r, &address, &r->headers_in.x_forwarded_for, NULL, ctx->conf->proxies, 1);
    if (address.sockaddr->sa_family == AF_UNIX)
        return;
    unmap(&address, &room);
    if (address.sockaddr == r->connection->sockaddr) {
        ctx->address = sw_span(r->connection->addr_text);
    } else {
        size_t n = ngx_sock_ntop(address.sockaddr, address.socklen, text, sizeof text, 0);
        ctx->address = sw_copy(r->pool, (struct span){ (char *)text, n });
    }
    const struct place place = place_of(conf->places, address.sockaddr);
    ctx->country = place.country;
    ctx->asn = place.asn;
    ctx->network = place.network;
}
