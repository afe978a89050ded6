"""What the benchmarks share: where things are, how a process is timed, how a result is kept."""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
WORK = BUILD / "bench"
STILLWATCH = BUILD / "stillwatch"
LOG = WORK / "log-1g.jsonl"
LOG_BYTES = 1_000_000_000


class Skip(Exception):
    """This part cannot run here; the text says why and is kept in the result."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(command, stdin=None, **options):
    """Runs to the end: {"seconds", "peak_rss_bytes", "stdout"}; a failure raises Skip with the last words."""
    command = [str(part) for part in command]
    with open(WORK / "last.stdout", "w+") as out, open(WORK / "last.stderr", "w+") as err:
        start = time.monotonic()
        process = subprocess.Popen(command, stdin=stdin, stdout=out, stderr=err, **options)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            err.seek(0)
            last = "".join(err.readlines()[-3:]).strip()
            raise Skip(f"{pathlib.Path(command[0]).name} ended with status {process.returncode}: {last}")
        out.seek(0)
        return {"seconds": seconds, "peak_rss_bytes": used.ru_maxrss * 1024, "stdout": out.read()}


def replay(logs, *options, stdin=None, out="out"):
    """One run of stillwatch replay; adds its summary.json to what run() measures."""
    if not STILLWATCH.exists():
        raise Skip(f"{STILLWATCH.name} is not built")
    folder = WORK / out
    shutil.rmtree(folder, ignore_errors=True)
    result = run([STILLWATCH, "replay", *logs, "--out", folder, *options], stdin=stdin)
    result["summary"] = json.loads((folder / "summary.json").read_text())
    return result


def find(tree, wanted):
    """Values under every key of a JSON tree that `wanted` accepts."""
    if isinstance(tree, list):
        return [hit for item in tree for hit in find(item, wanted)]
    if not isinstance(tree, dict):
        return []
    hits = [value for key, value in tree.items() if wanted(key) and isinstance(value, (int, float))]
    return hits + [hit for value in tree.values() for hit in find(value, wanted)]


def big_log():
    """The generated log of 1 GB, made once."""
    if not LOG.exists():
        say(f"generating {LOG.name}")
        run([ROOT / "samples" / "make-sample.py", "--out", LOG, "--target-bytes", LOG_BYTES])
    warm(LOG)
    return LOG


def warm(path):
    """Into the page cache, so that nobody is timed on the disk. Returns the number of lines."""
    n_lines = 0
    with open(path, "rb", buffering=0) as log:
        while block := log.read(1 << 22):
            n_lines += block.count(b"\n")
    return n_lines


def median(values):
    return statistics.median(values)


def machine():
    names = [line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return {"cpu": names[0] if names else "unknown", "cores": os.cpu_count(), "load_before": os.getloadavg()[0]}


def save(name, result):
    WORK.mkdir(parents=True, exist_ok=True)
    path = WORK / f"{name}.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    say(f"wrote {path.name}")
