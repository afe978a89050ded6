"""Runs the schedule in time order and writes the log and the truth beside it."""

import contextlib
import gzip
import heapq
import json
import os
import time

from .traffic import NEW_MODEL


def stamp(time_ms):
    seconds, ms = divmod(time_ms, 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{ms:03d}Z"


def lines(traffic):
    """Every line of the log as an object, ascending in time."""
    world = traffic.world
    world.events.append({"event": "release", "time": traffic.release_ms, "model": NEW_MODEL})
    events = sorted(world.events, key=lambda event: event["time"])
    i_event, heap = 0, traffic.schedule
    end_ms = world.start_ms + traffic.days * 86_400_000
    while heap:
        now_ms, _, step = heapq.heappop(heap)
        if now_ms >= end_ms:
            break
        while i_event < len(events) and events[i_event]["time"] <= now_ms:
            yield events[i_event]
            i_event += 1
        yield step(now_ms)
    yield from (event for event in events[i_event:] if event["time"] < end_ms)


@contextlib.contextmanager
def open_log(path):
    """The name appears only when the log is whole, so that an interrupted run leaves nothing to be trusted."""
    part = path + ".part"
    with open(part, "wb") as raw:
        if path.endswith(".gz"):
            with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0) as packed:
                yield packed
        else:
            yield raw
    os.replace(part, path)


def write(traffic, path, target_bytes=None):
    """Returns (lines, bytes); stops at target_bytes, if given."""
    encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False).encode
    n_lines = n_bytes = 0
    with open_log(path) as out:
        for line in lines(traffic):
            for key in ("time", "created"):
                if key in line:
                    line[key] = stamp(line[key])
            data = (encode(line) + "\n").encode()
            out.write(data)
            n_lines += 1
            n_bytes += len(data)
            if target_bytes is not None and n_bytes >= target_bytes:
                break
    return n_lines, n_bytes


def write_truth(folder, world, extraction):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "truth.jsonl"), "w", encoding="utf-8") as out:
        for account, population, campaign in world.truth:
            out.write(json.dumps({"account": account, "population": population, "campaign": campaign}) + "\n")
    with open(os.path.join(folder, "extraction.ids"), "w", encoding="utf-8") as out:
        out.writelines(ident + "\n" for ident in extraction)
