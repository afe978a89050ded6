#!/bin/sh
# All benchmarks, one table, build/bench/bench.json. About ten minutes. BUILD names another build folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python3 "$here/replay_vs_peers.py"
python3 "$here/records.py"
python3 "$here/memory.py"
python3 "$here/simulate.py"
python3 "$here/table.py"
