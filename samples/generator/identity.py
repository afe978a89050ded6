"""Accounts, networks and client software.

Addresses come from 240.0.0.0/4, which is reserved and routed nowhere, and AS numbers from the private range, so
that no line of a sample can be mistaken for a real customer.
"""

DAY_MS = 86_400_000
COUNTRIES = "US DE SG BR IN JP KE PL FR MX ZA KR SE AU NG CA IT VN".split()
# Hours by which local time differs from UTC, in the order of COUNTRIES.
ZONES = dict(zip(COUNTRIES, (-6, 1, 8, -3, 5, 9, 3, 1, 1, -6, 2, 9, 1, 10, 1, -5, 1, 7)))
ACCESS_ASN, HOSTING_ASN = 4_200_000_000, 4_200_500_000

PYTHON_ORDER = ["host", "authorization", "content-type", "user-agent", "accept-encoding", "content-length"]
DESKTOP_ORDER = ["host", "accept", "authorization", "content-type", "accept-language", "user-agent"]
AGENT_ORDER = ["host", "x-app", "authorization", "content-type", "user-agent", "content-length"]
SOFTWARE = [
    ("sdk-python/2.31.0", PYTHON_ORDER),
    ("sdk-python/2.28.4", PYTHON_ORDER),
    ("sdk-node/6.2.1", ["authorization", "content-type", "accept", "user-agent", "content-length", "host"]),
    ("sdk-go/1.9.0", ["host", "user-agent", "content-length", "authorization", "content-type"]),
    ("curl/8.6.0", ["host", "user-agent", "accept", "authorization", "content-type", "content-length"]),
    ("chat-desktop/4.1 (macOS)", DESKTOP_ORDER),
    ("chat-desktop/4.1 (Windows)", DESKTOP_ORDER),
    ("agent-cli/0.44 (linux)", AGENT_ORDER),
    ("agent-cli/0.44 (darwin)", AGENT_ORDER),
]


class World:
    """Issues ids, addresses and accounts; owns the truth about which population each account is of."""

    def __init__(self, rng, start_ms):
        self.rng = rng
        self.start_ms = start_ms
        self.events = []      # account, release and enforcement lines, any order
        self.truth = []       # (account, population, campaign)
        self.software = [(agent, self.ja4(), order) for agent, order in SOFTWARE]

    def hex(self, n_digits):
        return f"{self.rng.getrandbits(4 * n_digits):0{n_digits}x}"

    def ja4(self):
        return f"t13d{self.rng.randint(10, 19)}{self.rng.randint(8, 18):02d}h2_{self.hex(12)}_{self.hex(12)}"

    def address(self):
        bits = 0xF0000000 | self.rng.getrandbits(28)
        return f"{bits >> 24}.{bits >> 16 & 255}.{bits >> 8 & 255}.{1 + bits % 254}"

    def neighbour(self, address):
        """Another host in the same /24."""
        return f"{address.rsplit('.', 1)[0]}.{self.rng.randint(1, 254)}"

    def client(self, country=None, hosting=False, software=None, address=None):
        rng = self.rng
        country = country or COUNTRIES[int(rng.random() ** 2 * len(COUNTRIES))]
        agent, ja4, order = software or self.software[int(rng.random() * 7)]
        if hosting:
            asn = HOSTING_ASN + rng.randint(0, 40)
        else:
            asn = ACCESS_ASN + 20 * COUNTRIES.index(country) + rng.randint(0, 19)
        client = {"ip": address or self.address(), "user_agent": agent, "country": country, "asn": asn}
        if rng.random() < 0.5:              # not every edge of the provider records the fingerprints
            client.update(ja4=ja4, header_order=order)
        return client

    def account(self, population, client, age_days, campaign=None, joined_ms=None, **known):
        """Registers an account and its `account` line; an old one is described at the start of the log."""
        rng = self.rng
        name = "acct_" + self.hex(12)
        created = joined_ms if joined_ms is not None else self.start_ms - int(age_days * DAY_MS)
        line = {"event": "account", "time": max(created, self.start_ms), "account": name, "created": created,
                "tier": "paid", "programme": "none", "verified": ["email", "card"],
                "email_domain": f"mail{int(rng.random() ** 3 * 400)}.example", "country": client["country"],
                "payment": "pi_" + self.hex(10), "signup_ip": client["ip"], "device": "dev_" + self.hex(8)}
        line.update(known)
        self.events.append({key: value for key, value in line.items() if value is not None})
        self.truth.append((name, population, campaign))
        return name
