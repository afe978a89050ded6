#!/bin/sh
# prove: the same seeds give the same counts, whatever the number of threads; nobody watching is the measure of who watches,
# and is left out where nobody attacks; a mistake ends with status 2 and a reason.
. "$(dirname "$0")/lib.sh"

sed 's/^days: .*/days: 2/' scenarios/l1.yaml >"$work/attacked.yaml"
sed 's/^days: .*/days: 2/' scenarios/benign.yaml >"$work/benign.yaml"
prove() { # scenario, arguments
    scenario=$1
    shift
    run prove --scenario "$work/$scenario.yaml" --scale 0.004 --quiet "$@"
}
has_row() { grep -q "^$1 " "$work/stdout"; }
# What is counted does not hang on the clock.
counts_of() { # folder
    sed 's/"\(wall_s\|detector_s\)":[0-9.e+-]*/"\1":0/g' "$work/$1/runs.jsonl"
}

prove attacked --seeds 1-2 --threads 1 --out "$work/one"
check 'a run of each seed is printed beside nobody watching' 'exits 0 && has_row none && has_row stillwatch && prints "2 seeds"'
check 'each run is a line of JSON' '[ "$(python3 -c "import json, sys; print(sum(1 for line in sys.stdin if json.loads(line)))" <"$work/one/runs.jsonl")" = 4 ]'
prove attacked --seeds 1-2 --threads 2 --out "$work/two"
check 'two threads count the same' 'exits 0 && counts_of one >"$work/a" && counts_of two | cmp -s - "$work/a"'
prove attacked --detector none,rate
check 'who watches is chosen' 'exits 0 && has_row none && has_row rate && ! has_row stillwatch'
prove attacked --detector rate,none,rate --out "$work/twice"
check 'a detector named twice runs once' 'exits 0 && [ "$(grep -c "^rate " "$work/stdout")" = 2 ] && [ "$(wc -l <"$work/twice/runs.jsonl")" = 2 ] && prints ", 1 seed. "'

prove benign
check 'where nobody attacks there is no run without a detector' 'exits 0 && ! has_row none && has_row stillwatch && prints "Nobody attacks"'
prove benign --detector none,stillwatch
check 'unless it is asked for' 'exits 0 && has_row none && has_row stillwatch'

sed 's/^days: .*/days: 1/' scenarios/families.yaml >"$work/families.yaml"
run prove --scenario "$work/families.yaml" --scale 0.3 --quiet --out "$work/families"
check 'families who use one tool all together are neither held nor asked, nor who else uses it' 'exits 0 && python3 -c "
import json, sys
row = json.loads(sys.stdin.read())[\"score\"][\"benign\"][\"all\"]
sys.exit(row[\"accounts\"] < 1000 or row[\"contained\"][\"accounts\"] + row[\"challenged\"][\"accounts\"] > 0)
" <"$work/families/runs.jsonl"'

prove attacked --detector stillwach
check 'a detector that is none is named' 'exits 2 && says "no detector '"'stillwach'"'"'
for seeds in 2-1 1,2 -1 1- x 1-2000; do
    prove attacked "--seeds=$seeds"
    check "seeds $seeds are refused" 'exits 2 && says "--seeds takes a number, or a range"'
done
for threshold in 0 inf nan 3x; do
    prove attacked --threshold $threshold
    check "a threshold of $threshold is refused" 'exits 2 && says "--threshold takes a number above 0"'
done
prove attacked extra
check 'words that mean nothing are refused' 'exits 2 && says "takes options only"'
prove attacked --policy "$work/none.yaml"
check 'a policy that is not there is named' 'exits 2 && says "none.yaml: No such file"'
prove missing
check 'a scenario that is not there is named' 'exits 2 && says "missing.yaml: No such file"'
prove attacked --detector stillwach --out "$work/unmade"
check 'a mistake leaves no folder' 'exits 2 && [ ! -e "$work/unmade" ]'
mkdir "$work/locked"
chmod 555 "$work/locked"
if run_unprivileged prove --scenario l1 --scale 0.001 --detector none --out "$work/locked"; then
    check 'a folder that may not be written is known before anything runs' \
        'exits 1 && says "locked: Permission denied" && ! says "none, seed 1"'
else
    skip 'a folder that may not be written is known before anything runs' 'the rights of root cannot be put down'
fi
finish
