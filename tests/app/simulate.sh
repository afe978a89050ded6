#!/bin/sh
# simulate: the same seed writes the same bytes, log, records and truth, whatever the number of threads; another seed
# writes others; and what goes through a pipe is what goes into a file.
. "$(dirname "$0")/lib.sh"

sed 's/^days: .*/days: 3/' scenarios/l1.yaml >"$work/short.yaml"
simulate() { # folder, arguments
    folder=$1
    shift
    run simulate --scenario "$work/short.yaml" --scale 0.004 --quiet --out "$work/$folder" "$@"
}
truth="truth.jsonl extraction.ids extraction.csv costs.jsonl period.json"
same_files() { # two folders, files
    one=$1 other=$2
    shift 2
    for file in "$@"; do
        cmp -s "$work/$one/$file" "$work/$other/$file" || return 1
    done
}

simulate log --seed 5 --threads 1
check 'a log is simulated' 'exits 0 && is_silent && [ "$(wc -l <"$work/log/log.jsonl")" -gt 2000 ]'
simulate records --seed 5 --threads 1 --records
check 'records are simulated' 'exits 0 && [ -s "$work/records/records.swr" ]'
check 'the truth is the same beside either' 'same_files log records $truth'
for threads in 1 2 4; do
    simulate again --seed 5 --threads $threads
    check "$threads threads write the same log" 'exits 0 && same_files log again log.jsonl $truth'
    simulate again --seed 5 --threads $threads --records
    check "$threads threads write the same records" 'exits 0 && same_files records again records.swr $truth'
done
simulate other --seed 6
check 'another seed writes another log and other accounts' \
    'exits 0 && ! same_files log other log.jsonl && ! same_files log other truth.jsonl'

# The reader finds nothing to complain of, and judges log and records alike.
run replay "$work/log/log.jsonl" --out "$work/out"
check 'every line is good and every key is known' 'exits 0 && counts truncated 0 && grep -q "\"refused\":{[^1-9]*}" "$work/out/summary.json" && grep -q "\"unknown_keys\":\[\]" "$work/out/summary.json" && counts late 0'
mv "$work/out" "$work/first"
run replay "$work/records/records.swr" --out "$work/out"
check 'the records are judged as the log is' 'exits 0 && same "$work/out" "$work/first"'

mkfifo "$work/pipe.swr" "$work/pipe.jsonl"
"$program" replay "$work/pipe.swr" --out "$work/piped" >"$work/stdout" 2>"$work/stderr" </dev/null &
simulate side --seed 5 --records --log "$work/pipe.swr"
check 'records are written into a pipe' 'exits 0 && [ -p "$work/pipe.swr" ] && same_files side log $truth'
wait $!
check 'and replayed from it as from a file' 'same "$work/piped" "$work/first"'
"$program" replay "$work/pipe.jsonl" --out "$work/piped.log" >"$work/stdout" 2>"$work/stderr" </dev/null &
simulate side --seed 5 --log "$work/pipe.jsonl"
check 'so is a log' 'exits 0'
wait $!
check 'and read from the pipe' 'same "$work/piped.log" "$work/first"'
"$program" replay "$work/pipe.swr" --out "$work/cut" >"$work/stdout" 2>"$work/stderr" </dev/null &
head -c 100000 "$work/records/records.swr" >"$work/pipe.swr"
status=0
wait $! || status=$?
check 'records that end early in a pipe are an error' 'exits 1 && says "ends inside a block"'

simulate twice --seed 5 --log "$work/twice/truth.jsonl"
check 'a log in the place of the truth is wrong usage' 'exits 2 && says "written into --out"'

ln -s /proc/self/fd/1 "$work/link" # as /dev/stdout is
simulate side --seed 5 --log "$work/link"
check 'a link to standard output stays one, and the log goes there' \
    'exits 0 && [ -L "$work/link" ] && cmp -s "$work/stdout" "$work/log/log.jsonl"'
cd "$work" || exit 1
simulate side --seed 5 --log -
cd "$OLDPWD" || exit 1
check 'a dash is standard output' 'exits 0 && [ ! -e "$work/-" ] && cmp -s "$work/stdout" "$work/log/log.jsonl"'

simulate none --seed 5 --log "$work/none/there/log"
check 'a place that is not there is an error that names it, and no truth is left' \
    'exits 1 && says "none/there/log: No such file" && [ ! -e "$work/none/truth.jsonl" ]'
finish
