#!/bin/sh
# Trains the classifier of src/record/classify.h on the data sets and measures it: writes src/record/weights.c and the
# tables of docs/classifiers.md. The same data give the same bytes. Takes about a minute.
#
#   scripts/train.sh [--permissive]     --permissive: train on no set that forbids commercial use or states no licence
#
# STILLWATCH_SHARED  folder that holds data/unpack.sh; ../shared unless set
# STILLWATCH_DATA    an unpacked copy, if there is one already
# STILLWATCH_BUILD   build folder; build-train unless set
set -eu
cd "$(dirname "$0")/.."
shared=${STILLWATCH_SHARED:-../shared}
build=${STILLWATCH_BUILD:-build-train}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

data=${STILLWATCH_DATA:-}
if [ -z "$data" ]; then
    [ -e "$shared/data/unpack.sh" ] || { echo "train: no data sets at $shared/data; nothing done"; exit 0; }
    data=$work/data
    sh "$shared/data/unpack.sh" "$data" alpaca_52k arena_hard agentic_coding bfcl_v4 codealpaca gorilla_apibench \
        hh_rlhf_harmless_test mea_llm_queries polyai_banking77 reasoning_eval_sets self_instruct_seed sgd_dialogues \
        system_prompts t0_templates zeroshot_cot_logs >/dev/null
fi
[ -d "$build" ] || meson setup "$build" >/dev/null

python3 tools/train/prepare.py "$data" "$@" >"$work/examples"
ninja -j2 -C "$build" tools/train/train >/dev/null
"$build/tools/train/train" <"$work/examples" >"$work/weights.c"
cmp -s "$work/weights.c" src/record/weights.c || cp "$work/weights.c" src/record/weights.c
ninja -j2 -C "$build" tools/train/evaluate >/dev/null
"$build/tools/train/evaluate" <"$work/examples" >"$work/tables"

# Everything after the mark is the command's.
sed '/^<!-- tables -->$/q' docs/classifiers.md >"$work/page"
{ cat "$work/page"; echo; echo "$(grep -c '^train' "$work/examples") prompts trained on, $(grep -c '^test' "$work/examples") measured."; echo; cat "$work/tables"; } >docs/classifiers.md
