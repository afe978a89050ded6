#!/bin/sh
# More accounts than there is room for: the oldest are forgotten, counted, and memory stays what was reserved.
. "$(dirname "$0")/lib.sh"

out=$work/out
exchanges 20000 0 5000 >"$work/log.jsonl"
number() { grep -o "\"$1\":[0-9]*" "$out/summary.json" | head -n 1 | cut -d: -f2; }

run replay "$work/log.jsonl" --out "$out" --max-accounts 1000 --issued-mib 1
check 'five times as many accounts as there is room for are no failure' 'exits 0 && is_written "$out" && [ ! -s "$work/stderr" ]'
check 'every exchange is counted' 'counts exchanges 20000'
evicted=$(sed -n 's/.*"limits_reached":{"accounts":\([0-9]*\).*/\1/p' "$out/summary.json")
created=$(number accounts)
check 'forgotten accounts are counted' '[ "$evicted" -ge 4000 ]'
check 'and those are all that were seen but for what there is room for' \
    '[ "$((created - evicted))" -ge 900 ] && [ "$((created - evicted))" -le 2000 ]'
small=$(number state_bytes)
run replay --print-memory --max-accounts 1000 --issued-mib 1
reserved=$(sed 's/[^0-9].*//' "$work/stdout")
check 'the state is not above what --print-memory says' '[ "$small" -le "$reserved" ]'

{
    cat "$work/log.jsonl"
    exchanges 60000 20000 15000
} >"$work/long.jsonl"
run replay "$work/long.jsonl" --out "$out" --max-accounts 1000 --issued-mib 1
check 'four times the log takes no more state' 'exits 0 && [ "$(number state_bytes)" -le "$((small + small / 20))" ]'
check 'the accounts forgotten grow with it' '[ "$(sed -n "s/.*\"limits_reached\":{\"accounts\":\([0-9]*\).*/\1/p" "$out/summary.json")" -gt "$evicted" ]'

run replay "$work/log.jsonl" --out "$out" --max-accounts 10000 --issued-mib 1
check 'where there is room, none is forgotten' 'exits 0 && counts accounts 5000 && grep -q "\"limits_reached\":{\"accounts\":0," "$out/summary.json"'
run explain account acct_0000 "$work/log.jsonl" --max-accounts 1000
check 'explain says when an account was forgotten, or tells of it' 'exits 0 && grep -q "no longer tracked\|last seen" "$work/stdout"'

# The limit holds for threads too: the same accounts are forgotten.
run replay "$work/long.jsonl" --out "$work/one" --max-accounts 1000 --threads 1
run replay "$work/long.jsonl" --out "$work/four" --max-accounts 1000 --threads 4
counts_of() { sed 's/"state_bytes".*//' "$1/summary.json"; }
check 'what is forgotten does not depend on threads' '[ "$(counts_of "$work/one")" = "$(counts_of "$work/four")" ] && same "$work/one" "$work/four"'

# Issued outputs: more than 1 MiB holds.
sample "$work/sample.jsonl"
run replay "$work/sample.jsonl" --out "$out" --issued-mib 1
check 'a table of issued outputs keeps within its size, and counts what it forgot' \
    'exits 0 && [ "$(number issued_bytes)" -le $((1048576 + 4096)) ] && ! counts objects_issued 0'
finish
