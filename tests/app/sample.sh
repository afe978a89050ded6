#!/bin/sh
# The first example of README.md: `make run` finds the campaign and nobody else, prints what the README shows, and
# writes what docs/formats.md says. Then the smallest results: no campaign, no event.
. "$(dirname "$0")/lib.sh"

# What docs/formats.md says of each file is judged by outputs.py, which prints its own lines.
judge() {
    python3 tests/app/outputs.py "$@" || failed=1
}

status=0
scripts/run-sample >"$work/stdout" 2>"$work/stderr" || status=$?
cp "$work/stdout" "$work/shown"
check 'make run writes a log, replays it and says what was found' 'exits 0 && prints "1 campaign confirmed" && prints "60 of 60 accounts"'
judge "$build/sample/out" "$build/sample/truth.jsonl"

masked() { sed -e "s#$build/#build/#g" -e 's/in [0-9.]* s$/in N s/'; }
example() { awk -v mark="<!-- $1 -->" '/^```/ { if (inside) exit; inside = marked; next } inside; $0 == mark { marked = 1 }' README.md; }
example run | masked >"$work/readme"
tail -n "$(wc -l <"$work/readme")" "$work/shown" | masked >"$work/ran"
check 'README.md shows what it prints (make examples writes it anew)' \
    '[ -s "$work/readme" ] && diff "$work/readme" "$work/ran" >"$work/stderr"'
decision=$(example decision)
check 'the decision that README.md shows is in decisions.jsonl' \
    '[ -n "$decision" ] && grep -qxF "$decision" "$build/sample/out/decisions.jsonl"'
account=$(sed -n 's#^build/stillwatch explain account \([^ ]*\) .*#\1#p' README.md)
run explain account "$account" "$build/sample/log.jsonl.gz"
check 'the account that README.md asks about is explained' 'exits 0 && prints suspend && prints "two keys: yes"'

# Nothing that the log says later is used: a log that ends earlier leads to the same decisions until its end.
gzip -dc "$build/sample/log.jsonl.gz" | head -n 12000 >"$work/part.jsonl"
last=$(tail -n 1 "$work/part.jsonl" | sed 's/.*"time":"\([^"]*\)".*/\1/')
run replay "$work/part.jsonl" --out "$work/part"
python3 - "$work/part/decisions.jsonl" "$build/sample/out/decisions.jsonl" "$last" >"$work/stdout" 2>"$work/stderr" <<'PY' || status=1
import datetime, json, sys
end = datetime.datetime.fromisoformat(sys.argv[3].replace("Z", "+00:00")) - datetime.timedelta(seconds=30)
def until_end(path):
    with open(path, encoding="utf-8") as file:
        return [line for line in file if datetime.datetime.fromisoformat(json.loads(line)["time"].replace("Z", "+00:00")) < end]
part, whole = until_end(sys.argv[1]), until_end(sys.argv[2])
assert part and part == whole, f"{len(part)} and {len(whole)} decisions"
PY
check 'a log that ends earlier leads to the same decisions until its end' 'exits 0'

sample "$work/benign.jsonl" --campaign-accounts 0 --truth "$work"
run replay "$work/benign.jsonl" --out "$work/out"
check 'where there is no campaign, none is confirmed and nobody contained' \
    'exits 0 && prints "0 campaigns confirmed, 0 accounts contained" && counts suspend 0 && counts restrict 0 && is_written "$work/out"'
exchanges 3 >"$work/three.jsonl"
run replay "$work/three.jsonl" --out "$work/out"
check 'three exchanges are a log' 'exits 0 && prints "3 exchanges of 3 accounts" && is_written "$work/out"'
check 'campaigns.json without a campaign is JSON' 'python3 -m json.tool "$work/out/campaigns.json" >"$work/stdout"'
finish
