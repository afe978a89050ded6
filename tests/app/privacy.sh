#!/bin/sh
# No text of a prompt, an output, a tool or a header, and no id but the account's, is in any file or message: strings
# that occur nowhere else are planted in every such field of the three dialects and searched for, also in pieces of
# 12 bytes, in hex and in base64.
. "$(dirname "$0")/lib.sh"

sample "$work/sample.jsonl" --truth "$work"
log=$work/log.jsonl
python3 tests/app/plant.py cards "$work/sample.jsonl" "$work/truth.jsonl" "$work/shared.jsonl" || exit 1
python3 tests/app/plant.py plant "$work/shared.jsonl" "$log" "$work/strings" || exit 1
tail -n 60 "$log" | head -n 40 >"$work/plain.txt"
tail -c 60000 "$work/plain.txt" | od -An -v -tx1 | tr -d ' \n' >"$work/hex.txt"
tail -c 60000 "$work/plain.txt" | base64 -w 0 >"$work/base64.txt"

out=$work/out
run replay "$log" --out "$out" --records "$work/records" --line-max 500000
check 'the log has a campaign, good lines and bad lines of every reason' \
    'exits 0 && counts not_json 1 && counts truncated 1 && counts too_long 1 && counts missing_key 1 &&
        ! counts wrong_type 0 && ! counts bad_value 0 && ! counts suspend 0'
cp "$work/stdout" "$work/stdout.txt"
cp "$work/stderr" "$work/stderr.txt"
check 'nothing else was written' \
    '[ "$(find "$out" -type f | sort | tr "\n" " ")" = "$out/campaigns.json $out/decisions.jsonl $out/report/index.html $out/summary.json " ]'

# Each bad line alone, because only the first of each reason is reported.
tail -n 20 "$log" | while IFS= read -r line; do
    printf '%s\n' "$line" >"$work/line"
    "$program" replay "$work/line" --out "$work/line.out" --line-max 500000 >>"$work/lines.txt" 2>&1
    printf '%s' "$line" | head -c 60 >"$work/line"
    "$program" replay "$work/line" --out "$work/line.out" --line-max 500000 >>"$work/lines.txt" 2>&1
done
check 'each bad line is reported' \
    'grep -q wrong_type "$work/lines.txt" && grep -q bad_value "$work/lines.txt" && grep -q missing_key "$work/lines.txt"'

account=$(grep -o '"account":"acct_[0-9a-f]*","action":"suspend"' "$out/decisions.jsonl" | head -n 1 | cut -d'"' -f4)
run explain account "$account" "$log" --bad-share 100
cp "$work/stdout" "$work/explained.txt"
cat "$work/stderr" >>"$work/explained.txt"
check 'an account of the campaign is explained' 'exits 0 && prints suspend'
run explain exchange rich_0 "$log" --bad-share 100
cat "$work/stdout" "$work/stderr" >"$work/explained_exchange.txt"
check 'an exchange is explained' 'exits 0 && prints record'

# The search
controls='plain.txt hex.txt base64.txt'
files='out/decisions.jsonl out/campaigns.json out/summary.json out/report/index.html records stdout.txt stderr.txt
    lines.txt explained.txt explained_exchange.txt'
(
    cd "$work" || exit 2
    # shellcheck disable=SC2086 # lists of words
    python3 "$OLDPWD/tests/app/plant.py" search strings $controls $files >found
)
for file in $controls; do
    check "the search finds what is planted in the log itself ($file)" '[ "$(grep -c "^$file: " "$work/found")" -ge 10 ]'
done
for file in $files; do
    check "nothing of what was planted is in $file" \
        '[ -f "$work/$file" ] && ! grep "^$file:" "$work/found" >"$work/stderr"'
done

# Account ids
python3 tests/app/plant.py accounts "$work/sample.jsonl" "$out/decisions.jsonl" "$out/campaigns.json" "$out/report/index.html" \
    "$out/summary.json" "$work/records" "$work/stdout.txt" "$work/stderr.txt" >"$work/accounts"
named() { sed -n "s/^$1 //p" "$work/accounts"; }
check 'account ids are in decisions, campaigns, report and record file' \
    '[ "$(named decisions.jsonl)" -gt 0 ] && [ "$(named campaigns.json)" -gt 0 ] && [ "$(named index.html)" -gt 0 ] &&
        [ "$(named records)" -gt 0 ]'
check 'account ids are not in the summary nor in messages' \
    '[ "$(named summary.json)" -eq 0 ] && [ "$(named stdout.txt)" -eq 0 ] && [ "$(named stderr.txt)" -eq 0 ]'
grep -o 'acct_[0-9a-f]*' "$out/decisions.jsonl" "$out/campaigns.json" -h | sort -u >"$work/judged"
grep -o 'acct_[0-9a-f]*' "$out/report/index.html" | sort -u >"$work/shown"
check 'the report names only accounts with a decision or in a campaign' '[ -z "$(comm -13 "$work/judged" "$work/shown")" ]'
check 'most accounts of the log are named nowhere but in the record file' \
    '[ "$(wc -l <"$work/judged")" -lt 130 ] && [ "$(named records)" -ge 250 ]'
finish
