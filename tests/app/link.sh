#!/bin/sh
# stillwatch link: a crew in bare sightings is found in whatever form the file comes; what is wrong is said with line and field.
. "$(dirname "$0")/lib.sh"

# Accounts that act on objects of skewed popularity through 60 days, and 12 that act on five quiet objects together.
python3 - "$work" <<'PY'
import random, sys
r = random.Random(1)
rows, start, day = [], 1700000000, 86400
for a in range(3000):
    for o in {int(400 * r.random() * r.random()) for _ in range(1 + int(r.expovariate(0.2)))}:
        rows.append((f"u{a}", f"o{o}", start + int(r.random() * 60 * day)))
for o in range(5):
    at = start + int(r.random() * 59 * day)
    rows += [(f"crew{i}", f"o{390 + o}", at + r.randrange(day // 2)) for i in range(12)]
r.shuffle(rows)
with open(sys.argv[1] + "/s.csv", "w") as f:
    f.write("account,object,time\n" + "".join(f"{a},{o},{t}\n" for a, o, t in rows))
with open(sys.argv[1] + "/ms.csv", "w") as f:
    f.write("time,kind,object,account\n" + "".join(f"{t}000,,{o},{a}\n" for a, o, t in rows))
PY
run link "$work/s.csv" --out "$work/out" --scores
check 'a crew of twelve is one cluster' 'exits 0 && [ "$(grep -c ",crew" "$work/out/clusters.csv")" -eq 12 ] &&
    [ "$(grep ",crew" "$work/out/clusters.csv" | cut -d, -f1 | sort -u | wc -l)" -eq 1 ]'
check 'at most two people of 3,000 are taken for one' '[ "$(grep -c ",u" "$work/out/clusters.csv")" -le 2 ]'
check 'the table tells of it' 'prints "accounts in" && prints "novices partners"'
check 'link.json is JSON and tells objects and evidence' 'python3 -c "
import json, sys
j = json.load(open(sys.argv[1]))
c = j[\"clusters\"][0]
sys.exit(not (c[\"objects\"] == 5 and len(c[\"top_objects\"]) == 5 and c[\"log10_e_partners\"] > 6 and j[\"input\"][\"accounts\"] == 3012))
" "$work/out/link.json"'
check 'scores.csv holds more than the clusters' '[ "$(wc -l <"$work/out/scores.csv")" -gt "$(wc -l <"$work/out/clusters.csv")" ]'

run link "$work/s.csv" --out "$work/again" --quiet
check 'the same file gives the same bytes, and --quiet no table' 'exits 0 && cmp "$work/out/link.json" "$work/again/link.json" &&
    cmp "$work/out/clusters.csv" "$work/again/clusters.csv" && [ ! -s "$work/stdout" ] && [ ! -e "$work/again/scores.csv" ]'
gzip -k "$work/ms.csv"
run link "$work/ms.csv.gz" --out "$work/ms"
check 'milliseconds, other columns and gzip give the same' 'exits 0 && cmp "$work/out/clusters.csv" "$work/ms/clusters.csv"'
run link "$work/s.csv" --least 100 --out "$work/sure"
check '--least 100 asks for certainty, which there is none of' 'exits 0 && [ "$(wc -l <"$work/sure/clusters.csv")" -eq 1 ]'
run link "$work/s.csv" --max-acts 100 --out "$work/few"
check 'what exceeds --max-acts is counted' 'exits 0 && prints "LEFT OUT" && grep -q "\"acts\":100," "$work/few/link.json"'
run link "$work/s.csv" --max-accounts 50 --max-objects 50 --max-pairs 1
check 'the other limits hold too' 'exits 0 && prints "of 50 accounts"'

printf 'account,object,time\na,b,1\na,c,soon\n' >"$work/bad.csv"
run link "$work/bad.csv"
check 'a bad line is said with file, line and field' 'exits 1 && grep -q "bad.csv:3.*time: is no time" "$work/stderr"'
run link "$work/bad.csv" --bad-lines 1
check '--bad-lines passes over it and says so' 'exits 0 && prints "1 bad lines" && grep -q "bad.csv:3" "$work/stderr"'
printf 'a,,2\nb,b,never\n' >>"$work/bad.csv"
run link "$work/bad.csv" --bad-lines 3
check 'the first of each reason is shown, with how many there are' 'exits 0 && says "2 bad, the first" && grep -q "bad.csv:3.*time: is no time" "$work/stderr" &&
    grep -q "bad.csv:4.*object: is empty" "$work/stderr" && ! says "bad.csv:5"'
run link "$work/bad.csv" --bad-lines 2
check 'more bad lines than it takes are said' 'exits 1 && says "3 bad lines, more than --bad-lines allows"'
printf 'who,what,when\n' >"$work/header.csv"
run link "$work/header.csv"
check 'a file without the columns is refused' 'exits 1 && grep -q "account: the first line names no such column" "$work/stderr"'
run link "$work/none.csv"
check 'a file that is not there is said' 'exits 1 && grep -q none.csv "$work/stderr"'
run link
check 'link without a file is wrong usage' 'exits 2'
run link "$work/s.csv" "$work/ms.csv"
check 'two files are wrong usage' 'exits 2'
run link "$work/s.csv" --quiet
check '--quiet without --out is wrong usage' 'exits 2'
mkdir "$work/own"
cp "$work/s.csv" "$work/own/clusters.csv"
run link "$work/own/clusters.csv" --out "$work/own"
check 'what is written into --out does not replace what is read' 'exits 2 && cmp "$work/s.csv" "$work/own/clusters.csv"'
run link "$work/s.csv" --scores
check '--scores without --out is wrong usage' 'exits 2 && says "needs --out"'
run link --help
check 'link --help names the columns and every option' 'exits 0 && prints "account,object,time" && prints "--least" && prints "--scores" &&
    prints "--bad-lines" && prints "--max-acts" && prints "--max-accounts" && prints "--max-objects" && prints "--max-pairs"'
finish
