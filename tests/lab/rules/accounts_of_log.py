"""Reads a log and keeps, account by account, what a rule of one field could look at (trivial_rules.py)."""

import datetime
import json
import math
import zlib
from collections import Counter, defaultdict

PARSED = 16  # exchanges of an account that are parsed for certain; later ones ever more rarely


class Account:
    def __init__(self, order):
        self.values = defaultdict(Counter)  # field -> value -> exchanges that have it
        self.numbers = defaultdict(list)  # field -> one number an exchange
        self.once = {"order of appearance": order}  # one number an account
        self.times = []
        self.parsed = 0


def opening(text):
    return " ".join(text[:120].split(None, 3)[:3])


def text_of(content):
    if isinstance(content, str):
        return content
    return " ".join(b.get("text") or b.get("thinking") or str(b.get("content") or b.get("input") or "") for b in content)


def messages_of(request):
    """(role, text) of every message, the system prompt, in whichever API was spoken."""
    said, system = [], request.get("system") or request.get("instructions") or ""
    for message in request.get("messages") or request.get("input") or []:
        role = message.get("role") or message.get("type")
        text = text_of(message.get("content") or message.get("output") or message.get("arguments") or "")
        if role == "system":
            system = text
        else:
            said.append((role, text))
    return said, text_of(system)


def answer_of(response):
    if "choices" in response:
        choice = response["choices"][0]
        return text_of(choice["message"].get("content") or ""), choice.get("finish_reason")
    if "output" in response:
        return " ".join(text_of(i.get("content") or i.get("arguments") or "") for i in response["output"]), response.get("status")
    return text_of(response.get("content") or ""), response.get("stop_reason")


def note_account(account, line, time):
    for field in ("tier", "programme", "email_domain", "phone_country", "country", "payment", "device", "organization",
                  "reseller", "signup_ip"):
        value = line.get(field)
        account.values[f"account {field}"][value] += 1
        account.values[f"account has {field}"][value is not None] += 1
    account.values["account public mail"][str(line.get("email_domain")).startswith("mail")] += 1
    account.values["account verified"][tuple(line.get("verified", []))] += 1
    for check in line.get("verified", []):
        account.values[f"verified {check}"][True] += 1
    account.once["account age"] = (time - moment(line["created"])) / 86400
    account.once["created"] = moment(line["created"])


def note_client(account, client):
    agent = client.get("user_agent", "")
    ip = client.get("ip", "")
    fields = {"user_agent": agent, "product": agent.split("/")[0], "ja4": client.get("ja4"), "ip": ip,
              "ip /24": ip.rsplit(".", 1)[0], "header_order": tuple(client.get("header_order", [])),
              "country": client.get("country"), "asn": client.get("asn"), "platform": agent[agent.find("("):agent.find(")")]}
    for field, value in fields.items():
        account.values[field][value] += 1
    account.numbers["asn"].append(client.get("asn") or 0)


def note_exchange(account, line):
    request, response = line["request"], line.get("response") or {}
    said, system = messages_of(request)
    answer, finish = answer_of(response) if response else ("", None)
    users = [text for role, text in said if role == "user"] or [""]
    cap = request.get("max_tokens", request.get("max_output_tokens"))
    thinking = request.get("thinking") or {}
    fields = {"api": line["api"], "status": line["status"], "model": request.get("model"), "max_tokens": cap,
              "temperature": request.get("temperature"), "n": request.get("n"), "stream": request.get("stream"),
              "thinking": thinking.get("type"), "budget_tokens": thinking.get("budget_tokens"),
              "request keys": tuple(sorted(request)), "finish": finish, "has end_user": "end_user" in line,
              "has session": "session" in line, "has organization": "organization" in line, "key": line.get("key"),
              "has system": bool(system), "system": system[:400], "has tools": "tools" in request,
              "tools": ",".join(t.get("name") or t["function"]["name"] for t in request.get("tools", [])), "user opening": opening(users[0]),
              "last opening": opening(users[-1]), "system opening": opening(system), "answer opening": opening(answer)}
    for field, value in fields.items():
        account.values[field][value] += 1
    usage = response.get("usage") or {}
    numbers = {"first user bytes": len(users[0]), "last user bytes": len(users[-1]), "system bytes": len(system),
               "output bytes": len(answer), "history bytes": sum(len(text) for _, text in said[:-1]),
               "messages": len(said), "tools": len(request.get("tools") or []), "max_tokens": cap or 0,
               "temperature": request.get("temperature", -1), "duration_ms": line["duration_ms"],
               "input tokens": usage.get("prompt_tokens", usage.get("input_tokens", 0)),
               "output tokens": usage.get("completion_tokens", usage.get("output_tokens", 0)),
               "exchange id": int(line["id"][4:], 16), "response id": int((response.get("id") or "msg_0")[4:], 16)}
    for field, value in numbers.items():
        account.numbers[field].append(value)
    note_client(account, line["client"])


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def entropy(counts):
    total = sum(counts)
    return -sum(n / total * math.log2(n / total) for n in counts if n)


def finish(name, account):
    times = account.times
    hours = Counter(int(t // 3600) for t in times)
    days = Counter(int(t // 86400) for t in times)
    of_day = Counter(h % 24 for h in hours.elements())
    gaps = sorted(b - a for a, b in zip(times, times[1:])) or [0]
    account.once.update({
        "exchanges": len(times), "days active": len(days), "exchanges a day active": len(times) / len(days),
        "most in a day": max(days.values()), "most in an hour": max(hours.values()), "hours active": len(hours),
        "exchanges an hour active": len(times) / len(hours), "hours of the day": len(of_day),
        "entropy of the hour": entropy(of_day.values()), "median gap": gaps[len(gaps) // 2], "first seen": times[0],
        "last seen": times[-1], "span": times[-1] - times[0], "account id": int(name.split("_")[1], 16),
        "weekend share": sum(n for d, n in days.items() if (d + 3) % 7 >= 5) / len(times)})


def between(line, key):
    begin = line.find(key) + len(key)
    return line[begin:line.find(b'"', begin)]


def read(stream):
    """Accounts with at least one exchange, by name. Lines are binary; most are counted and not parsed."""
    accounts = {}
    for line in stream:
        head = line[:400]
        if not head.startswith((b'{"event":"exchange"', b'{"event":"account"')):
            continue
        name = between(head, b'"account":"').decode()
        account = accounts.get(name)
        if not account:
            account = accounts[name] = Account(len(accounts))
        if head.startswith(b'{"event":"account"'):
            parsed = json.loads(line)
            note_account(account, parsed, moment(parsed["time"]))
            continue
        account.times.append(moment(between(head, b'"time":"').decode()))
        n = len(account.times)
        if n <= PARSED or zlib.crc32(between(head, b'"id":"')) % n < PARSED:
            note_exchange(account, json.loads(line))
    seen = {name: account for name, account in accounts.items() if account.times}
    for name, account in seen.items():
        finish(name, account)
    return seen
