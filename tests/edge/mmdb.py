"""A small address database in MaxMind's format (DB 2.0), for tests: none is shipped.

  database({"198.51.100.0/24": {"country": {"iso_code": "XX"}}, "2001:db8::/32": {"autonomous_system_number": 64500}})
"""

import ipaddress

RECORD_BITS = 24


def encode(value):
    """Strings, whole numbers, lists and dictionaries of up to 28 entries or bytes."""
    if isinstance(value, str):
        data = value.encode()
        return bytes([2 << 5 | len(data)]) + data
    if isinstance(value, int):
        data = value.to_bytes((value.bit_length() + 7) // 8, "big")
        return bytes([6 << 5 | len(data)]) + data if value < 1 << 32 else bytes([len(data), 9 - 7]) + data
    if isinstance(value, list):
        return bytes([len(value), 11 - 7]) + b"".join(map(encode, value))
    return bytes([7 << 5 | len(value)]) + b"".join(encode(key) + encode(item) for key, item in value.items())


def short(value):
    """A whole number of 16 bits, where the format asks for one."""
    return bytes([5 << 5 | 2]) + value.to_bytes(2, "big")


def path_of(prefix):
    """The bits of a prefix in a tree of IPv6; IPv4 lies in ::/96."""
    network = ipaddress.ip_network(prefix)
    number, length = int(network.network_address), network.prefixlen + (96 if network.version == 4 else 0)
    return [number >> 127 - i & 1 for i in range(length)]


def database(prefixes):
    nodes, data, leaves = [[None, None]], b"", {}
    for prefix, value in prefixes.items():
        node, path = 0, path_of(prefix)
        for bit in path[:-1]:
            if nodes[node][bit] is None:
                nodes.append([None, None])
                nodes[node][bit] = len(nodes) - 1
            node = nodes[node][bit]
        leaves[node, path[-1]] = len(data)
        data += encode(value)
    tree = b""
    for i, node in enumerate(nodes):
        for bit in (0, 1):
            record = len(nodes) if node[bit] is None else node[bit]
            if (i, bit) in leaves:
                record = len(nodes) + 16 + leaves[i, bit]
            tree += record.to_bytes(RECORD_BITS // 8, "big")
    facts = {"node_count": encode(len(nodes)), "record_size": short(RECORD_BITS), "ip_version": short(6),
             "database_type": encode("Test"), "languages": encode(["en"]), "binary_format_major_version": short(2),
             "binary_format_minor_version": short(0), "build_epoch": encode(1 << 33), "description": encode({"en": "Test"})}
    metadata = bytes([7 << 5 | len(facts)]) + b"".join(encode(key) + value for key, value in facts.items())
    return tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + metadata
