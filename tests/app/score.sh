#!/bin/sh
# stillwatch score: a small truth and run whose numbers can be counted by hand, wrong usage, wrong files, and the sample log,
# whose score says what the sample's own words say. Numbers as such are tests/score's.
. "$(dirname "$0")/lib.sh"

truth=$work/truth
out=$work/run
mkdir "$truth" "$out"
small() { # two campaign accounts, one of them contained after its first two of three exchanges; two benign ones, one hit
    cat >"$truth/truth.jsonl" <<'LINES'
{"account":"a","population":"attacker","campaign":"alpha"}
{"account":"b","population":"attacker","campaign":"alpha"}
{"account":"c","population":"people","campaign":null}
{"account":"d","population":"people","campaign":null}
LINES
    for line in '08:00:00 r1 a' '08:00:01 r2 c' '08:00:02 r3 a' '08:00:03 r4 a' '08:00:04 r5 b' '08:00:10 r6 d'; do
        # shellcheck disable=SC2086 # words
        printf '{"time":"2026-05-05T%s.000Z","id":"%s","account":"%s","status":200}\n' $line
    done >"$truth/log.jsonl"
    printf 'r1\nr3\nr4\nr5\n' >"$truth/extraction.ids"
    cat >"$out/decisions.jsonl" <<'LINES'
{"time":"2026-05-05T08:00:02.000Z","account":"a","action":"restrict","campaign":"cmp_1","mode":"enforced"}
{"time":"2026-05-05T08:00:05.000Z","account":"c","action":"throttle","campaign":null,"mode":"enforced"}
{"time":"2026-05-05T08:00:05.000Z","account":"d","action":"suspend","campaign":null,"mode":"shadow"}
LINES
    echo '{"version":1,"campaigns":[{"id":"cmp_1","detected":"2026-05-05T08:00:02.000Z","accounts":[{"account":"a","confidence":0.9}]}]}' \
        >"$out/campaigns.json"
}
has() { grep -qF -- "$1" "$out/score.json"; }

small
run score --truth "$truth" --run "$out"
cp "$work/stdout" "$work/table"
check 'score prints tables and writes score.json into the run' \
    'exits 0 && prints "alpha" && prints "operator: 2 reviews (1 groups, 1 single decisions), 1 benign accounts hit" && [ -s "$out/score.json" ]'
check 'leak counts up to the containment, whose own millisecond leaks' \
    'has "\"extraction_exchanges\":4,\"leaked\":3,\"leak\":0.75"'
check 'detection counts from the first extraction exchange' 'has "\"time_to_detect_s\":2,\"exchanges_to_detect\":2"'
check 'decisions in shadow mode are left out and counted' \
    'has "\"shadow_decisions\":1" && has "\"contained\":{\"accounts\":0," && prints "note: 1 decisions in shadow mode"'
python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$out/score.json" 2>"$work/stderr"
status=$?
check 'score.json is JSON' 'exits 0'
cp "$out/score.json" "$work/first.json"
run score --truth "$truth" --run "$out" --shadow --quiet
check '--shadow takes them, --quiet prints nothing' 'exits 0 && is_silent && has "\"contained\":{\"accounts\":1,"'
run score "--truth=$truth" "--run=$out" --out "$work/elsewhere.json" --threads 1
check '--out writes elsewhere; the same bytes with any number of threads' 'exits 0 && cmp "$work/elsewhere.json" "$work/first.json"'

# Where the times of extraction exchanges come from
mv "$truth/log.jsonl" "$work/log.jsonl"
run score --truth "$truth" --run "$out" --log "$work/log.jsonl"
check '--log names the log' 'exits 0 && cmp "$out/score.json" "$work/first.json"'
head -n 3 "$work/log.jsonl" >"$work/1.jsonl"
tail -n 3 "$work/log.jsonl" | gzip >"$work/2.jsonl.gz"
for file in "$truth/truth.jsonl" "$out/decisions.jsonl" "$work/log.jsonl"; do
    cp "$file" "$work/kept"
    run score --truth "$truth" --run "$out" --log "$work/log.jsonl" --out "$file"
    check "--out does not replace ${file##*/}" 'exits 2 && says "would replace" && cmp "$file" "$work/kept"'
done
run score --truth "$truth" --run "$out" --log "$work/1.jsonl" --log "$work/2.jsonl.gz"
check '--log may be given for each of several files' 'exits 0 && cmp "$out/score.json" "$work/first.json"'
printf '%064d\n' 7 >"$work/key"
run replay "$work/log.jsonl" --out "$work/replayed" --records "$truth/records.swr" --key-file "$work/key" --quiet
run score --truth "$truth" --run "$out" --key-file "$work/key"
check 'records beside the truth will do, with their key' 'exits 0 && cmp "$out/score.json" "$work/first.json"'
run score --truth "$truth" --run "$out"
check 'which must be the right one' 'exits 1 && says "$truth/records.swr"'
rm "$truth/records.swr"
run score --truth "$truth" --run "$out"
check 'without any log that is said' 'exits 1 && says "$truth: has neither extraction.csv nor a log"'
printf 'exchange,account,time_ms\nr1,a,1777968000000\nr3,a,1777968002000\nr4,a,1777968003000\nr5,b,1777968004000\n' >"$truth/extraction.csv"
run score --truth "$truth" --run "$out"
check 'a table needs the period' 'exits 1 && says "needs period.json"'
echo '{"start":"2026-05-05T08:00:00Z","end":"2026-05-05T08:00:10Z"}' >"$truth/period.json"
run score --truth "$truth" --run "$out"
check 'and then no log is needed' 'exits 0 && has "\"leaked\":3,\"leak\":0.75"'
echo '{"campaign":"alpha","attempts":12,"refused":2,"accounts_bought":5,"spent_cents":999}' >"$truth/costs.jsonl"
run score --truth "$truth" --run "$out"
check "costs.jsonl gives the campaign's cost" 'exits 0 && has "\"wasted_per_useful\":3" && prints "9.99"'

# Wrong files
echo '{"account":"a","population":"people"}' >>"$truth/truth.jsonl"
run score --truth "$truth" --run "$out"
check 'an account twice is told with file and line' 'exits 1 && says "$truth/truth.jsonl:5 (byte 226): account: is there twice" && [ ! -s "$work/stdout" ]'
small
echo 'not JSON' >>"$out/decisions.jsonl"
run score --truth "$truth" --run "$out"
check 'so is a decision that is none' 'exits 1 && says "$out/decisions.jsonl:4 (byte 312): not a JSON object"'
small
echo 'r7,c,1777968004000' >>"$truth/extraction.csv"
run score --truth "$truth" --run "$out"
check 'an extraction exchange of a benign account contradicts the truth' 'exits 1 && says "which is in no campaign"'
hash=$(grep -o '#[0-9a-f]*' "$work/stderr")
run explain account "$hash" "$truth/log.jsonl"
check 'explain knows an account by the hash that it is named by' 'exits 0 && prints "(at the end of the log)"'
run score --truth "$work/absent" --run "$out"
check 'a truth that is not there' 'exits 1 && says "$work/absent/truth.jsonl: No such file"'
run score --truth "$truth" --run "$work/absent"
check 'a run that is not there' 'exits 1 && says "$work/absent/decisions.jsonl: No such file"'

# Wrong usage
refused() { # sentence, message, arguments
    sentence=$1
    message=$2
    shift 2
    run "$@"
    check "$sentence" 'exits 2 && says "$message" && says "stillwatch --help" && [ ! -s "$work/stdout" ]'
}
refused 'score without --truth' 'score needs --truth DIR' score --run "$out"
refused 'score without --run' 'score needs --run DIR' score --truth "$truth"
refused 'score with a word' "score takes options only, not 'x'" score --truth "$truth" --run "$out" x
refused 'score with too many threads' '--threads takes a' score --truth "$truth" --run "$out" --threads 65
run score --help
check 'score --help lists its options' 'exits 0 && prints "--truth DIR" && prints "--shadow" && [ "$(wc -L <"$work/stdout")" -le 120 ]'

# The sample: what `make run` says of it, from score
sample "$work/sample.jsonl" --truth "$work"
run replay "$work/sample.jsonl" --out "$work/out" --quiet
run score --truth "$work" --run "$work/out" --log "$work/sample.jsonl"
contained=$(grep -c '"account": "[^"]*".*"campaign": "c1"' "$work/truth.jsonl")
check 'the sample is scored: all of its campaign contained, nobody else' \
    'exits 0 && grep -q "^c1  *$contained .* 1.000  *1.000$" "$work/stdout" && prints " 0 benign accounts hit"'
run score --truth "$work" --run "$work/out" --log "$work/sample.jsonl" --out "$work/second.json"
check 'the same bytes again' 'exits 0 && cmp "$work/out/score.json" "$work/second.json"'

# Composed traffic of public data sets, where it has been made: what compare.py counts, counted by score
real=${STILLWATCH_REAL:-$build/real}
if [ -s "$real/truth.jsonl" ] && [ -s "$real/out/decisions.jsonl" ]; then
    run score --truth "$real" --run "$real/out" --out "$work/real.json" --quiet
    check 'composed traffic is scored' 'exits 0'
    python3 tests/real/compare.py --truth "$real" --run "$real/out" --json "$work/compare.json" >"$work/stdout" 2>"$work/stderr"
    python3 tests/app/agree.py "$work/real.json" "$work/compare.json" || failed=1
else
    skip 'score and compare.py agree on composed traffic' 'tests/real/run.sh has not composed any'
fi
finish
