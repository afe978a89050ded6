#!/bin/sh
# Same log, same policy, same key: the same bytes in decisions.jsonl and campaigns.json, whatever the number of
# threads, however the log is cut and packed, and from its records. Another key changes names, not who is judged.
. "$(dirname "$0")/lib.sh"

sample "$work/log.jsonl"
run replay "$work/log.jsonl" --out "$work/first" --threads 1
check 'the log leads to decisions' 'exits 0 && [ -s "$work/first/decisions.jsonl" ]'

as_first() { # sentence, arguments
    sentence=$1
    shift
    rm -rf "$work/out"
    run replay "$@" --out "$work/out"
    check "$sentence" 'exits 0 && same "$work/out" "$work/first"'
}

as_first 'a second run writes the same bytes' "$work/log.jsonl" --threads 1
as_first '2 threads write the same bytes' "$work/log.jsonl" --threads 2
as_first '4 threads write the same bytes' "$work/log.jsonl" --threads 4
as_first 'more threads than there is work for write the same bytes' "$work/log.jsonl" --threads 64

split -n l/7 "$work/log.jsonl" "$work/even."
as_first 'seven pieces given as files lead to the same bytes' "$work"/even.* --threads 2
# One line; two; then pieces that grow by half, so that cuts fall anywhere in ticks and chunks.
awk -v out="$work/uneven." 'BEGIN { left = size = 1 } left == 0 { piece++; size = int(size * 1.5) + 1; left = size }
    { printf("%s\n", $0) > sprintf("%s%03d", out, piece); left-- }' "$work/log.jsonl"
as_first 'pieces from one line to a third of the log lead to the same bytes' "$work"/uneven.* --threads 3
gzip -kf "$work/log.jsonl"
as_first 'packed as .gz' "$work/log.jsonl.gz" --threads 2
zstd -qkf "$work/log.jsonl"
as_first 'packed as .zst' "$work/log.jsonl.zst" --threads 2
gzip -f "$work/even.ab" "$work/even.ad"
zstd -qf --rm "$work/even.ac"
as_first 'pieces packed in different ways' "$work"/even.aa "$work"/even.ab.gz "$work"/even.ac.zst "$work"/even.ad.gz \
    "$work"/even.ae "$work"/even.af "$work"/even.ag
status=0
"$program" replay - --out "$work/piped" --threads 4 <"$work/log.jsonl" >"$work/stdout" 2>"$work/stderr" || status=$?
check 'from standard input' 'exits 0 && same "$work/piped" "$work/first"'
(
    while IFS= read -r line; do
        printf '%s\n' "$line"
    done <"$work/uneven.000"
    gzip -dc "$work/log.jsonl.gz" | tail -n +2
) | "$program" replay - --out "$work/piped" --threads 2 >"$work/stdout" 2>"$work/stderr" || status=$?
check 'from standard input that comes in pieces' 'exits 0 && same "$work/piped" "$work/first"'
mkfifo "$work/fifo"
gzip -dc "$work/log.jsonl.gz" >"$work/fifo" &
run replay "$work/fifo" --out "$work/out"
wait
check 'from a pipe with a name' 'exits 0 && same "$work/out" "$work/first"'

# Records
as_first 'writing records changes no byte' "$work/log.jsonl" --records "$work/records" --threads 4
cp "$work/records" "$work/records.4"
as_first 'nor with one thread' "$work/log.jsonl" --records "$work/records" --threads 1
check 'the record file is the same from 1 and from 4 threads' 'cmp "$work/records" "$work/records.4"'
as_first 'the records lead to the same bytes as the log' "$work/records" --threads 2
split -n l/2 "$work/log.jsonl" "$work/half."
run replay "$work/half.aa" --out "$work/out" --records "$work/records.half"
as_first 'the records of one half and the log of the other' "$work/records.half" "$work/half.ab"
as_first 'records that are made from records' "$work/records" --records "$work/records.again"
as_first 'and these read in their turn' "$work/records.again" --threads 4
head -c 100000 "$work/records" >"$work/records.cut"
run replay "$work/records.cut" --out "$work/out"
check 'a record file that was cut off is named; status 1' 'exits 1 && says "$work/records.cut (byte "'

# Keys
key() { # digit
    yes "$1" | head -n 64 | tr -d '\n' >"$work/key.$1"
}
key 1
key a
accounts_of() { # output folder: who is contained, by what they are
    python3 - "$1" <<'PY'
import json, sys
with open(sys.argv[1] + "/decisions.jsonl", encoding="utf-8") as file:
    decisions = [json.loads(line) for line in file]
held = set()
for decision in decisions:
    if decision["action"] in ("restrict", "suspend"):
        held.add(decision["account"])
    elif decision["action"] == "release":
        held.discard(decision["account"])
print("\n".join(sorted(held)))
PY
}
accounts_of "$work/first" >"$work/held"
check 'accounts are contained' '[ "$(wc -l <"$work/held")" -ge 10 ]'
for digit in 1 a; do
    run replay "$work/log.jsonl" --out "$work/keyed" --key-file "$work/key.$digit" --records "$work/records.$digit"
    accounts_of "$work/keyed" >"$work/held.keyed"
    check "another key ($digit) contains the same accounts" 'exits 0 && cmp "$work/held" "$work/held.keyed"'
    check "and changes the ids of campaigns ($digit)" '! cmp -s "$work/first/campaigns.json" "$work/keyed/campaigns.json"'
done
run replay "$work/records.1" --out "$work/none" --key-file "$work/key.a"
check 'records under another key are refused' 'exits 1 && says "another key" && [ ! -e "$work/none/decisions.jsonl" ]'
run replay "$work/records.1" --out "$work/out" --key-file "$work/key.1"
run replay "$work/log.jsonl" --out "$work/keyed" --key-file "$work/key.1"
check 'records under their key are read' 'exits 0 && same "$work/out" "$work/keyed"'
finish
