"""Accounts and the clients they use. Benign and campaign accounts are drawn from the same distributions.

A campaign account copies the marginals (client, dialect, model, parameters, tier, country, age) of a benign account drawn
at random, and gets addresses, devices and identifiers of its own.
"""

import bisect
import csv
import ipaddress
import os
import random

import arrivals

DAY_MS = arrivals.DAY_MS

FREEMAIL = [("gmail.com", 58), ("outlook.com", 14), ("yahoo.com", 8), ("icloud.com", 6), ("proton.me", 5), ("qq.com", 3),
            ("gmx.net", 2), ("hotmail.com", 4)]
COUNTRIES = [("US", 34), ("IN", 11), ("GB", 7), ("DE", 7), ("BR", 5), ("FR", 4), ("CA", 4), ("JP", 4), ("KR", 3), ("SG", 4),
             ("NL", 3), ("AU", 3), ("ES", 2), ("PL", 2), ("VN", 2), ("ID", 2), ("TR", 2), ("MX", 1)]
ZONES = {"US": -6, "IN": 5, "GB": 0, "DE": 1, "BR": -3, "FR": 1, "CA": -5, "JP": 9, "KR": 9, "SG": 8, "NL": 1, "AU": 10,
         "ES": 1, "PL": 1, "VN": 7, "ID": 7, "TR": 3, "MX": -6}
SYLLABLES = ("al an ar bel bran cal cor dan del den dor el en far fen gal gar hal hol ir jor kal kes lan lor mar mel mon nar "
             "nel nor ol or pel per quin ral ren ros sal sel sol tal tan tor ul val ven ver wen wil zan zel").split()

# (kind, dialects it speaks, agent string with a free version, versions, weight)
CLIENTS = [
    ("python-sdk", ("openai.chat", "openai.responses"), "OpenAI/Python {}", ["1.30.1", "1.42.0", "1.51.2", "1.58.1", "1.66.3", "1.78.0", "2.3.0", "2.8.1"], 30),
    ("node-sdk", ("openai.chat", "openai.responses"), "OpenAI/JS {}", ["4.47.1", "4.67.3", "4.85.1", "5.1.0", "5.12.2", "6.2.0"], 14),
    ("python-sdk", ("anthropic.messages",), "Anthropic/Python {}", ["0.34.2", "0.39.0", "0.49.0", "0.57.1", "0.68.0"], 16),
    ("node-sdk", ("anthropic.messages",), "Anthropic/JS {}", ["0.27.3", "0.39.0", "0.52.0", "0.65.0"], 8),
    ("requests", ("openai.chat", "anthropic.messages"), "python-requests/{}", ["2.28.1", "2.31.0", "2.32.3"], 10),
    ("httpx", ("openai.chat", "openai.responses", "anthropic.messages"), "python-httpx/{}", ["0.25.2", "0.27.0", "0.28.1"], 5),
    ("go", ("openai.chat", "anthropic.messages"), "Go-http-client/{}", ["1.1", "2.0"], 6),
    ("axios", ("openai.chat", "openai.responses"), "axios/{}", ["1.6.8", "1.7.7"], 5),
    ("okhttp", ("openai.chat",), "okhttp/{}", ["4.12.0", "5.0.0"], 2),
    ("curl", ("openai.chat", "anthropic.messages"), "curl/{}", ["7.88.1", "8.5.0"], 2),
    ("browser", ("openai.chat", "openai.responses"), "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Safari/537.36", ["134.0.0.0", "135.0.0.0", "136.0.0.0"], 6),
]
HEADERS = {
    "python-sdk": ["host", "accept-encoding", "connection", "accept", "content-type", "user-agent", "x-stainless-lang",
                   "x-stainless-package-version", "x-stainless-os", "x-stainless-arch", "authorization", "content-length"],
    "node-sdk": ["content-length", "accept", "content-type", "user-agent", "x-stainless-lang", "x-stainless-os",
                 "authorization", "accept-encoding", "host", "connection"],
    "requests": ["host", "user-agent", "accept-encoding", "accept", "connection", "content-type", "authorization", "content-length"],
    "httpx": ["host", "accept", "accept-encoding", "connection", "user-agent", "authorization", "content-length", "content-type"],
    "go": ["host", "user-agent", "content-length", "authorization", "content-type", "accept-encoding"],
    "axios": ["accept", "content-type", "authorization", "user-agent", "content-length", "accept-encoding", "host", "connection"],
    "okhttp": ["authorization", "content-type", "content-length", "host", "connection", "accept-encoding", "user-agent"],
    "curl": ["host", "user-agent", "accept", "content-type", "authorization", "content-length"],
    "browser": ["host", "connection", "content-length", "sec-ch-ua", "content-type", "user-agent", "authorization", "accept",
                "origin", "sec-fetch-site", "referer", "accept-encoding", "accept-language"],
}
MODELS = [("m-large-1", 42), ("m-mid-1", 30), ("m-small-1", 28)]
RELEASES = [(4 * DAY_MS + 16 * 3_600_000, "m-large-2", "m-large-1"), (9 * DAY_MS + 17 * 3_600_000, "m-mid-2", "m-mid-1")]


def weighted(rng, pairs):
    return rng.choices([p[0] for p in pairs], [p[1] for p in pairs])[0]


def hexes(rng, n):
    return f"{rng.getrandbits(4 * n):0{n}x}"


class Network:
    """Addresses by class. Autonomous systems and countries hang on the /16 and are consistent, but not the true ones."""

    def __init__(self, data, seed):
        self.rng = random.Random(f"{seed}:network")
        folder = os.path.join(data, "x4b_vpn_dc")
        self.hosting = self._prefixes(os.path.join(folder, "datacenter_ipv4.txt"))
        self.vpn = self._prefixes(os.path.join(folder, "vpn_ipv4.txt"))
        self.hosting_asns = self._asns(os.path.join(folder, "datacenter_ASN.txt"))
        self.vpn_asns = self._asns(os.path.join(folder, "vpn_ASN.txt"))
        taken = sorted((int(n.network_address), int(n.broadcast_address)) for n in self.hosting + self.vpn)
        starts = [t[0] for t in taken]
        self.homes = []  # (/16, asn, country)
        while len(self.homes) < 900:
            base = self.rng.randrange(2, 223) << 24 | self.rng.randrange(256) << 16
            i = bisect.bisect_right(starts, base + 0xFFFF)
            if ipaddress.ip_address(base + 1).is_global and not any(t[1] >= base for t in taken[max(0, i - 40) : i]):
                self.homes.append((base, 131072 + self.rng.randrange(260) * 7, weighted(self.rng, COUNTRIES)))
        self.by_country = {}
        for home in self.homes:
            self.by_country.setdefault(home[2], []).append(home)
        self.shared = [(h[0] | self.rng.randrange(256) << 8, h[1], h[2]) for h in self.rng.sample(self.homes, 60)]

    @staticmethod
    def _prefixes(path):
        with open(path, encoding="utf-8") as f:
            nets = [ipaddress.ip_network(line.strip(), strict=False) for line in f if line.strip()]
        return [n for n in nets if n.prefixlen <= 28]

    @staticmethod
    def _asns(path):
        with open(path, encoding="utf-8") as f:
            return [int(line.split()[0][2:]) for line in f if line.startswith("AS")]

    def office(self, rng, country=None):
        """A /24 of its own, as (base, asn, country)."""
        home = rng.choice(self.by_country.get(country) or self.homes)
        return home[0] | rng.randrange(256) << 8, home[1], home[2]

    def in_office(self, rng, office):
        return str(ipaddress.ip_address(office[0] | rng.randrange(2, 250))), office[1], office[2]

    def draw(self, rng, kind, country):
        if kind == "home":
            if rng.random() < 0.05:  # carrier-grade translation: unrelated people behind one /24
                return self.in_office(rng, rng.choice(self.shared))
            base, asn, where = rng.choice(self.by_country.get(country) or self.homes)
            return str(ipaddress.ip_address(base | rng.randrange(256, 65000))), asn, where
        nets, asns = (self.hosting, self.hosting_asns) if kind == "hosting" else (self.vpn, self.vpn_asns)
        net = rng.choice(nets)
        address = int(net.network_address) + rng.randrange(1, max(2, min(net.num_addresses, 65536) - 1))
        mix = random.Random(address >> 16)
        return str(ipaddress.ip_address(address)), mix.choice(asns), weighted(mix, COUNTRIES)


class Account:
    __slots__ = ("id", "population", "campaign", "org", "keys", "ips", "roaming", "client", "user_agent", "ja4", "headers",
                 "api", "model", "lag_ms", "params", "country", "zone", "created", "born", "tier", "programme", "verified",
                 "email", "payment", "signup_ip", "device", "session_on", "end_user", "metadata", "hidden", "system", "net")


class Registry:
    def __init__(self, data, seed):
        self.network = Network(data, seed)
        self.ids = random.Random(f"{seed}:ids")
        self.accounts = []
        self.used = set()
        ja4 = {"browser": []}
        with open(os.path.join(data, "ja4", "ja4plus-mapping.csv"), encoding="utf-8", newline="") as f:
            for row in csv.DictReader(f):
                kind = {"Python": "python-sdk", "GoLang": "go"}.get(row["Library"])
                kind = "browser" if "Browser" in row["Application"] else kind
                if row["ja4"] and kind and (kind == "browser" or not row["Application"]):
                    ja4.setdefault(kind, []).append(row["ja4"])
        ja4["requests"] = ja4["httpx"] = ja4["python-sdk"]
        self.ja4 = ja4

    def fresh(self, prefix, n=10):
        while True:
            made = prefix + hexes(self.ids, n)
            if made not in self.used:
                self.used.add(made)
                return made

    def word(self, rng):
        return "".join(rng.choice(SYLLABLES) for _ in range(rng.choice((2, 3, 3))))

    def company(self, rng):
        return self.word(rng) + rng.choice((".com", ".io", ".dev", ".net", ".co", ".app"))

    def blank(self, population, campaign=None):
        a = Account()
        a.id = self.fresh("acct_")
        a.population, a.campaign = population, campaign
        a.org = a.system = None
        a.keys = [self.fresh("key_", 8)]
        a.metadata = a.hidden = False
        a.device = self.fresh("dev_", 12)
        a.payment = self.fresh("pi_", 12)
        self.accounts.append(a)
        return a

    def benign(self, rng, population, machine, api=None, model=None):
        a = self.blank(population)
        a.country = weighted(rng, COUNTRIES)
        able = [c for c in CLIENTS if not (machine and c[0] == "browser") and (api is None or api in c[1])]
        kind, dialects, agent, versions, _ = rng.choices(able, [c[4] for c in able])[0]
        a.client = kind
        a.user_agent = agent.format(rng.choices(versions, [1 + i for i in range(len(versions))])[0])
        a.api = api or rng.choice(dialects)
        a.headers = HEADERS[kind] if rng.random() < 0.6 else None
        a.ja4 = rng.choice(self.ja4[kind]) if kind in self.ja4 and rng.random() < 0.7 else None
        a.model = model or weighted(rng, MODELS)
        a.lag_ms = int(rng.expovariate(1 / 3.0) * DAY_MS) if rng.random() < 0.55 else None
        a.params = draw_params(rng)
        hosting = 0.62 if machine else 0.32
        x = rng.random()
        a.net = "hosting" if x < hosting else "vpn" if x < hosting + 0.06 else "home"
        self.set_created(rng, a)
        x = rng.random()
        a.tier = "free" if x < 0.2 else "paid" if x < 0.86 else "verified" if x < 0.95 else "enterprise"
        a.programme = "none" if rng.random() < 0.96 else rng.choice(("research", "startup", "education"))
        a.verified = ["email"] + (["phone"] if rng.random() < 0.45 else [])
        if a.tier == "free" and rng.random() < 0.6:
            a.payment = None
        if a.payment:
            a.verified.append("card")
        if a.tier in ("verified", "enterprise"):
            a.verified.append("business")
        x = rng.random()
        a.email = self.company(rng) if x < (0.55 if machine else 0.18) else weighted(rng, FREEMAIL)
        if rng.random() < 0.15:
            a.device = None
        self.finish(rng, a)
        return a

    def set_created(self, rng, a, before=None):
        if rng.random() < 0.22:
            a.created = rng.randrange(int(0.02 * DAY_MS), before or 12 * DAY_MS)
        else:
            a.created = -int(min(900.0, rng.lognormvariate(4.7, 1.1)) * DAY_MS) - 1
        a.born = max(0, a.created)

    def finish(self, rng, a):
        """Addresses, keys and what the client asserts."""
        a.zone = ZONES[a.country] % 24
        n = 1 + min(4, int(rng.expovariate(0.9))) if a.net != "hosting" else 1 + min(3, int(rng.expovariate(1.3)))
        a.ips = [self.network.draw(rng, a.net, a.country) for _ in range(n)]
        if a.net == "hosting" and rng.random() < 0.5:  # signs up from the office, runs in the cloud
            a.signup_ip = self.network.draw(rng, "home", a.country)[0]
        else:
            a.signup_ip = a.ips[0][0]
        a.roaming = rng.random() < 0.25
        if rng.random() < 0.2:
            a.keys.append(self.fresh("key_", 8))
        a.session_on = rng.random() < 0.25
        a.end_user = hexes(rng, 16) if rng.random() < 0.2 else None
        a.metadata = rng.random() < 0.03
        a.hidden = rng.random() < 0.01

    def operated(self, rng, campaign, donors, before):
        """An account of a campaign: the marginals of a random benign account, the identity its own."""
        donor = rng.choice(donors)
        a = self.blank("campaign", campaign)
        for name in ("country", "client", "user_agent", "api", "headers", "ja4", "model", "lag_ms", "params", "net", "tier",
                     "programme", "verified", "system"):
            setattr(a, name, getattr(donor, name))
        if donor.payment is None:
            a.payment = None
        if donor.device is None:
            a.device = None
        a.email = donor.email if donor.email in dict(FREEMAIL) else weighted(rng, FREEMAIL)
        self.set_created(rng, a, before)
        self.finish(rng, a)
        return a


def draw_params(rng):
    params = {}
    if rng.random() < 0.55:
        params["temperature"] = rng.choice((0, 0.2, 0.3, 0.5, 0.7, 0.7, 0.8, 1.0, 1.0))
    if rng.random() < 0.5:
        params["max_tokens"] = rng.choice((256, 512, 800, 1000, 1024, 1500, 2048, 2048, 4096))
    if rng.random() < 0.15:
        params["top_p"] = rng.choice((0.9, 0.95, 1.0))
    if rng.random() < 0.25:
        params["stream"] = True
    return params


def model_at(account, t):
    """The account's model at time t: some accounts move on when a release succeeds it, each with a lag of its own."""
    for at, new, old in RELEASES:
        if account.model == old and account.lag_ms is not None and t >= at + account.lag_ms:
            return new
    return account.model
