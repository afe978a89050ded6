"""Reads what was recorded: rings of the module's workers, record files of `stillwatch replay`, field by field.

A record is a dict of the fields of src/record/record.h; hashes are text of 16 hexadecimal digits.
"""

import json
import struct
import subprocess
import unittest

from harness import BUILD

NOTHING = "0" * 16


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
        top = file.read(136)
    return struct.unpack_from("<Q", top, 80)[0], struct.unpack_from("<Q", top, 128)[0]


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
