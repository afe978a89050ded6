"""Reads what was recorded: rings of the module's workers, record files of `stillwatch replay`, field by field.

A record is a dict of the fields of src/record/record.h; hashes are text of 16 hexadecimal digits.
"""

import json
import struct
import subprocess
import unittest

from harness import BUILD

NOTHING = "0" * 16
RING_HEAD_AT, RING_DROPPED_AT, RING_TAIL_AT = 80, 96, 128  # src/store/ring.c


class Dump:
    """A file's records in order, the accounts' names by their hashes, a ring's counts, and places of damaged entries."""

    def __init__(self, lines):
        self.records = [line for line in lines if "time_ms" in line]
        self.names = {line["account"]: line["name"] for line in lines if "name" in line}
        self.damaged = [line["damaged"] for line in lines if "damaged" in line]
        self.ring = next((line["ring"] for line in lines if "ring" in line), None)


def read(path, secret):
    """What a ring or a record file holds; secret: the path of the key file."""
    program = BUILD / "tests/edge/print_records"
    if not program.exists():
        raise unittest.SkipTest("print_records is not built")
    done = subprocess.run([program, secret, path], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return Dump([json.loads(line) for line in done.stdout.splitlines()])


def is_made(path):
    with open(path, "rb") as file:
        return file.read(8) == b"STILLRNG"


def rings(state):
    """Paths of the rings; those left out for which there was no room on the disk."""
    return sorted(path for path in (state.folder / "spool").glob("*.ring") if is_made(path))


def places(path):
    """(bytes written, bytes that the service has committed) of a ring (src/store/ring.c)."""
    with open(path, "rb") as file:
        top = file.read(RING_TAIL_AT + 8)
    return struct.unpack_from("<Q", top, RING_HEAD_AT)[0], struct.unpack_from("<Q", top, RING_TAIL_AT)[0]


def dropped(path):
    """Entries for which there was no room."""
    with open(path, "rb") as file:
        file.seek(RING_DROPPED_AT)
        return struct.unpack("<Q", file.read(8))[0]


def empty(path):
    """What the service does with a ring that it has read, and no more."""
    with open(path, "r+b") as file:
        head, _ = places(path)
        file.seek(RING_TAIL_AT)
        file.write(struct.pack("<Q", head))


def read_rings(state):
    """All rings of a state folder (gated.State) together."""
    dumps = [read(path, state.folder / "secret") for path in rings(state)]
    whole = Dump([])
    for dump in dumps:
        whole.records += dump.records
        whole.names.update(dump.names)
        whole.damaged += dump.damaged
    whole.ring = {name: sum(dump.ring[name] for dump in dumps) for name in ("written", "dropped")}
    return whole


def replay(state, log, out):
    """The records that `stillwatch replay` makes of a log."""
    command = [BUILD / "stillwatch", "replay", log, "--out", out, "--records", out.with_suffix(".swr"), "--key-file",
               state.folder / "secret", "--bad-share", "0"]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"replay: {done.returncode}: {done.stderr}")
    return read(out.with_suffix(".swr"), state.folder / "secret")
