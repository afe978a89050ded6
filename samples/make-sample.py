#!/usr/bin/env python3
"""Writes an exchange log of generated customers and one generated distillation campaign.

All text comes from the grammar in generator/text.py. The same options give the same bytes.

  samples/make-sample.py --out build/sample/log.jsonl --truth build/sample
  samples/make-sample.py --out build/bench/log-1g.jsonl --target-bytes 1000000000
"""

import argparse
import os
import random
import sys
import time

sys.dont_write_bytecode = True           # a source tree is not the place for byte code

from generator import log  # noqa: E402
from generator.campaign import Campaign
from generator.identity import DAY_MS, World
from generator.populations import populate
from generator.text import Grammar
from generator.traffic import Traffic

START_MS = 1_777_852_800_000            # 2026-05-04, a Monday
BYTES_PER_ACCOUNT = 60_000              # of log at rate 1, measured; the campaign adds its own
CAMPAIGN_BYTES = 25_000_000


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, metavar="FILE", help="log to write, .jsonl or .jsonl.gz")
    parser.add_argument("--truth", metavar="DIR", help="also write truth.jsonl and extraction.ids there")
    parser.add_argument("--accounts", type=int, metavar="N",
                        help="benign accounts (600; 22,000 per GB of --target-bytes)")
    parser.add_argument("--campaign-accounts", type=int, default=60, metavar="N", help="0 for none (%(default)s)")
    parser.add_argument("--days", type=int, default=8, metavar="D",
                        help="length of the log; the campaign starts a day in")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target-bytes", type=float, metavar="B",
                        help="fill the log to this size, before compression")
    args = parser.parse_args()
    if args.days < 2 or (args.target_bytes or 1e8) < 5e7:
        parser.error("needs at least --days 2 and --target-bytes 5e7")
    if args.accounts is None:
        args.accounts = max(600, int(args.target_bytes / 45_000)) if args.target_bytes else 600
    return args


def main():
    args = options()
    started = time.monotonic()
    rng = random.Random(args.seed)
    grammar = Grammar(rng)
    world = World(rng, START_MS)
    release_ms = START_MS + min(2, args.days - 1) * DAY_MS + 16 * 3_600_000
    traffic = Traffic(rng, grammar, world, args.days, release_ms)
    rate = 1.0
    if args.target_bytes:
        # a tenth more than asked for, so that the log ends by size and not by lack of traffic
        rate = 1.1 * (args.target_bytes - CAMPAIGN_BYTES) / (args.accounts * BYTES_PER_ACCOUNT * args.days / 8)
    populate(traffic, args.accounts, rate)
    extraction = []
    if args.campaign_accounts:
        campaign = Campaign(traffic, args.campaign_accounts, 25, START_MS + DAY_MS, START_MS + args.days * DAY_MS)
        extraction = campaign.extraction
    os.makedirs(os.path.dirname(os.path.abspath(args.out)), exist_ok=True)
    n_lines, n_bytes = log.write(traffic, args.out, args.target_bytes)
    if args.truth:
        log.write_truth(args.truth, world, extraction)
    print(f"{args.out}: {n_lines} lines, {traffic.n_exchanges} exchanges, {len(world.truth)} accounts, "
          f"{n_bytes / 1e6:.1f} MB, {time.monotonic() - started:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
