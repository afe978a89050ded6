#!/bin/sh
# Composes a log from the real data sets (kept until seed, scale or the composer change), replays it and compares the
# result with the truth. Exit status: that of compare.py; 2 without a built program; 77 (skipped) without the data sets.
#
# STILLWATCH_SHARED  the folder with the data sets (../shared)      STILLWATCH_BUILD  build folder (build)
# STILLWATCH_SEED    seed of the composed log (1)                   STILLWATCH_SCALE  share of the accounts (1)
set -eu

cd "$(dirname "$0")/../.."
shared=${STILLWATCH_SHARED:-../shared}
build=${STILLWATCH_BUILD:-build}
seed=${STILLWATCH_SEED:-1}
scale=${STILLWATCH_SCALE:-1}
out=build/real

if [ ! -f "$shared/data/unpack.sh" ] && [ ! -f "$shared/unpack.sh" ]; then
    echo "skipped: ../shared/data is absent"
    exit 77
fi
if [ ! -x "$build/stillwatch" ]; then
    echo "run.sh: $build/stillwatch is missing; build it first" >&2
    exit 2
fi

code=$(cat tests/real/sources.py tests/real/arrivals.py tests/real/identity.py tests/real/dialect.py tests/real/frames.py \
    tests/real/populations.py tests/real/campaigns.py tests/real/compose.py | cksum | tr ' ' -)
key="seed=$seed scale=$scale code=$code"
mkdir -p "$out"
if [ ! -f "$out/log.jsonl.gz" ] || [ "$(cat "$out/composed.key" 2>/dev/null || true)" != "$key" ]; then
    rm -f "$out/composed.key"
    python3 tests/real/compose.py --seed "$seed" --scale "$scale" --out "$out"
    echo "$key" >"$out/composed.key"
fi

rm -rf "$out/out"
"$build/stillwatch" replay "$out/log.jsonl.gz" --out "$out/out"
exec python3 tests/real/compare.py --truth "$out" --run "$out/out"
