"""When things happen: real tenant rates, a real stream of arrivals, real job durations, shifted and thinned.

Times are integer milliseconds from the start of the log.
"""

import bisect
import collections
import csv
import glob
import os
import random
from datetime import datetime

DAY_MS = 86_400_000
DAYS = 14
END_MS = DAYS * DAY_MS
WINDOW_MS = 600_000
WINDOWS = END_MS // WINDOW_MS


class Arrivals:
    def __init__(self, data):
        self.traces = []  # per tenant: (cumulative rate per window, variation of gaps per window)
        shape = [0.0] * WINDOWS
        for path in sorted(glob.glob(os.path.join(data, "servegen_clients", "language", "*", "chunk-*-trace.csv"))):
            rates, cvs = [0.0] * WINDOWS, [1.0] * WINDOWS
            with open(path, encoding="ascii") as f:
                for line in f:
                    t, rate, cv = line.split(",", 3)[:3]
                    i = int(float(t)) // 600
                    if i < WINDOWS:
                        rates[i] = float(rate)
                        cvs[i] = min(6.0, max(0.25, float(cv) or 1.0))
            active = sum(r > 0 for r in rates)
            if active < 40:
                continue
            total = sum(rates)
            self.traces.append((accumulate(rates), cvs))
            if active > 1500:
                for i, rate in enumerate(rates):
                    shape[i] += rate / total
        self.shapes = []  # the common day and week shape, one per time zone
        for hour in range(24):
            shift = hour * 6
            self.shapes.append(accumulate(shape[shift:] + shape[:shift]))
        self.chat = self._azure(os.path.join(data, "azure_llm_2023", "AzureLLMInferenceTrace_conv.csv"))
        self.code = self._azure(os.path.join(data, "azure_llm_2023", "AzureLLMInferenceTrace_code.csv"))
        self.jobs = collections.defaultdict(list)
        self.elapsed = {}
        with open(os.path.join(data, "agentic_coding", "acr_timeline.csv"), encoding="utf-8", newline="") as f:
            for row in csv.DictReader(f):
                if row["start_epoch"] and row["elapsed_s"]:
                    self.jobs[row["run"]].append(float(row["start_epoch"]))
                    self.elapsed[row["run"], row["instance_id"]] = float(row["elapsed_s"])
        for starts in self.jobs.values():
            starts.sort()

    @staticmethod
    def _azure(path):
        """(offset in ms, input tokens, output tokens) of every request of the hour."""
        rows, first = [], None
        with open(path, encoding="ascii", newline="") as f:
            for row in csv.DictReader(f):
                at = datetime.fromisoformat(row["TIMESTAMP"][:26])
                first = first or at
                rows.append((int((at - first).total_seconds() * 1000), int(row["ContextTokens"]), int(row["GeneratedTokens"])))
        return rows

    def tenant(self, rng, n, start=0, end=END_MS):
        """n times that follow the rate and the burstiness of one real tenant, within [start, end)."""
        for _ in range(8):
            cumulative, cvs = rng.choice(self.traces)
            times = self._windows(rng, cumulative, cvs, n, start, end)
            if times:
                return times
        return sorted(rng.randrange(start, end) for _ in range(n))

    @staticmethod
    def _windows(rng, cumulative, cvs, n, start, end):
        low = cumulative[start // WINDOW_MS - 1] if start >= WINDOW_MS else 0.0
        high = cumulative[min(WINDOWS, -(-end // WINDOW_MS)) - 1]
        if high <= low:
            return []
        counts = collections.Counter(
            min(WINDOWS - 1, bisect.bisect_left(cumulative, low + (high - low) * rng.random())) for _ in range(n))
        times = []
        for window, count in counts.items():
            k = 1.0 / (cvs[window] * cvs[window])
            gaps = [rng.gammavariate(k, 1.0) + 1e-6 for _ in range(count + 1)]
            total, at = sum(gaps), 0.0
            for gap in gaps[:-1]:
                at += gap
                times.append(window * WINDOW_MS + int(at / total * WINDOW_MS))
        times = sorted(min(end - 1, max(start, t)) for t in times)
        return times

    def people(self, rng, sessions, zone, start=0, end=END_MS):
        """Start times of a person's sessions: the common day and week shape in the person's time zone."""
        cumulative = self.shapes[zone % 24]
        low = cumulative[start // WINDOW_MS - 1] if start >= WINDOW_MS else 0.0
        high = cumulative[min(WINDOWS, -(-end // WINDOW_MS)) - 1]
        times = []
        for _ in range(sessions):
            window = min(WINDOWS - 1, bisect.bisect_left(cumulative, low + (high - low) * rng.random()))
            at = window * WINDOW_MS + rng.randrange(WINDOW_MS)
            times.append(min(end - 1, max(start, at)))
        return sorted(times)

    def stream(self, rng, kind, n, start, end):
        """n (time, input tokens, output tokens): slices of the hour of real arrivals, thinned, laid into people's hours."""
        rows = self.chat if kind == "chat" else self.code
        out = []
        for at in self.people(rng, max(1, n // 25), rng.randrange(24), start, end):
            first = rng.randrange(len(rows) - 600)
            for row in rows[first : first + 600 : 24]:
                t = at + (row[0] - rows[first][0]) * 6
                if t < end:
                    out.append((t, row[1], row[2]))
        out.sort()
        return out[:n]

    def job_starts(self, rng, n, at, end):
        """n job starts with the cadence of a real run, from `at` on."""
        starts = self.jobs[rng.choice(sorted(self.jobs))]
        first = rng.randrange(max(1, len(starts) - n))
        some = starts[first : first + n]
        while len(some) < n:
            some = some + [some[-1] + 60.0]
        return [min(end - 1, at + int((s - some[0]) * 1000)) for s in some]


def accumulate(values):
    total, out = 0.0, []
    for value in values:
        total += value
        out.append(total)
    return out


def pause(rng, median_s, sigma=0.8):
    """A gap between two turns, in ms."""
    return int(min(1800.0, max(1.5, median_s * rng.lognormvariate(0.0, sigma))) * 1000)
