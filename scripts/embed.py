#!/usr/bin/env python3
"""Writes C that holds the scenario and population files: embed.py OUT.c SCENARIOS... -- POPULATIONS...

meson calls it; the program then finds them wherever it is installed.
"""

import os
import sys


def literal(path):
    """The file's bytes as C strings, a line each."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').split("\n")
    lines = [f"{line}\\n" for line in escaped[:-1]] + escaped[-1:]
    return "\n".join(f'    "{line}"' for line in lines)


def table(name, paths, out):
    paths = sorted(paths, key=os.path.basename)
    for i, path in enumerate(paths):
        out.write(f"static const char {name}_{i}[] =\n{literal(path)};\n\n")
    out.write(f"const struct builtin builtin_{name}s[] = {{\n")
    for i, path in enumerate(paths):
        stem = os.path.splitext(os.path.basename(path))[0]
        out.write(f'    {{ "{stem}", {{ {name}_{i}, sizeof {name}_{i} - 1 }} }},\n')
    out.write(f"}};\nconst size_t builtin_{name}s_n = {len(paths)};\n\n")


def main(target, *paths):
    cut = paths.index("--")
    with open(target, "w", encoding="utf-8") as out:
        out.write('#include "lab/builtin_files.h"\n\n')
        table("scenario", paths[:cut], out)
        table("population", paths[cut + 1:], out)


main(*sys.argv[1:])
