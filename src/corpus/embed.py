#!/usr/bin/env python3
"""embed.py OUT.c IN.txt...: the files of rules as C, so that the program carries them (src/corpus/builtin.h)."""

import pathlib
import sys


def main():
    out, paths = sys.argv[1], sys.argv[2:]
    parts = ['#include "corpus/builtin.h"\n']
    rows = []
    for i, path in enumerate(paths):
        data = pathlib.Path(path).read_bytes()
        lines = [", ".join(str(b) for b in data[at : at + 32]) for at in range(0, len(data), 32)]
        parts.append(f"static const unsigned char rules_{i}[] = {{\n" + ",\n".join(lines) + "\n};\n")
        rows.append(f'    {{ "{pathlib.Path(path).name}", {{ (const char *)rules_{i}, sizeof rules_{i} }} }},')
    parts.append("const struct grammar_source builtin_rules[] = {\n" + "\n".join(rows) + "\n};\n")
    parts.append(f"const size_t builtin_n_rules = {len(paths)};\n")
    pathlib.Path(out).write_text("\n".join(parts), encoding="ascii")


main()
