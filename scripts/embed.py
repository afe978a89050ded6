#!/usr/bin/env python3
"""Writes C that holds files, so that the program finds them wherever it is installed; meson calls it.

  embed.py OUT.c HEADER TYPE:ARRAY:COUNT FILE... [TYPE:ARRAY:COUNT FILE...]

HEADER declares each array of {name, {bytes, length}} and its count. A name is the file's, without ".yaml".
"""

import pathlib
import sys


def data(name, path):
    raw = path.read_bytes()
    lines = [", ".join(str(b) for b in raw[at : at + 32]) for at in range(0, len(raw), 32)]
    return f"static const unsigned char {name}[] = {{\n" + ",\n".join(lines) + "\n};\n"


def table(head, paths):
    kind, array, count = head.split(":")
    parts, rows = [], []
    for i, path in enumerate(paths):
        parts.append(data(f"{array}_{i}", path))
        name = path.name.removesuffix(".yaml")
        rows.append(f'    {{ "{name}", {{ (const char *){array}_{i}, sizeof {array}_{i} }} }},')
    parts.append(f"const struct {kind} {array}[] = {{\n" + "\n".join(rows) + "\n};\n")
    parts.append(f"const size_t {count} = {len(paths)};\n")
    return parts


def main(out, header, *args):
    parts, tables = [f'#include "{header}"\n'], []
    for arg in args:
        if ":" in arg:
            tables.append((arg, []))
        else:
            tables[-1][1].append(pathlib.Path(arg))
    for head, paths in tables:
        parts += table(head, paths)
    pathlib.Path(out).write_text("\n".join(parts), encoding="ascii")


main(*sys.argv[1:])
