#!/usr/bin/env python3
"""Writes to standard output a log in which no account comes twice: the worst case for a table of accounts.

  flood.py known N   an account line and a metadata-only exchange for each of N accounts, nothing shared by two of them
  flood.py new N     a metadata-only exchange for each of N accounts never heard of before or after
"""

import sys
import time

START_MS, WEEK_MS = 1_777_852_800_000, 604_800_000
ACCOUNT = ('{"event":"account","time":"%s","account":"acct_%s","created":"%s","tier":"paid","programme":"none",'
           '"verified":["email","card"],"email_domain":"m%s.example","country":"SG","payment":"pi_%s","signup_ip":"%s",'
           '"device":"dev_%s"}\n')
EXCHANGE = ('{"event":"exchange","time":"%s","id":"req_%s","account":"acct_%s","client":{"ip":"%s",'
            '"user_agent":"client/2.0","country":"SG","asn":4200000001},"status":200,'
            '"usage":{"input_tokens":%d,"output_tokens":%d},"duration_ms":900}\n')


def spread(i):
    """Distinct 64-bit numbers in no visible order (multiplication by an odd number is a bijection)."""
    return f"{i * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF:016x}"


def main():
    kind, n = sys.argv[1], int(sys.argv[2])
    block, second, stamp = [], -1, ""
    for i in range(n):
        ms = START_MS + WEEK_MS * i // n
        if ms // 1000 != second:
            second = ms // 1000
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))
        name = spread(i + 1)
        bits = i * 0x9E3779B1 & 0x0FFFFFFF
        ip = f"{240 + (bits >> 24)}.{bits >> 16 & 255}.{bits >> 8 & 255}.{bits & 255}"
        if kind == "known":
            block.append(ACCOUNT % (stamp, name, stamp, name[:9], name, ip, name))
        block.append(EXCHANGE % (stamp, name, name, ip, 20 + i % 900, 50 + i % 1700))
        if len(block) >= 4096:
            sys.stdout.write("".join(block))
            block.clear()
    sys.stdout.write("".join(block))


if __name__ == "__main__":
    main()
