#!/bin/sh
# Every option that --help names works as it says; wrong usage, policies and keys end with status 2 and a reason;
# explain prints each stage; nothing is printed that was not asked for.
. "$(dirname "$0")/lib.sh"

log=$work/log.jsonl
out=$work/out
exchanges 2000 >"$log"

# What the help texts say
run --help
check '--help lists commands and exit statuses' 'exits 0 && prints "replay LOG" && prints "explain account" && prints "3 more lines"'
run --version
check '--version prints the version' 'exits 0 && grep -qx "stillwatch [0-9][0-9.a-z-]*" "$work/stdout" && [ ! -s "$work/stderr" ]'
for command in replay explain; do
    run "$command" --help
    check "$command --help prints its usage" 'exits 0 && prints "Usage: stillwatch $command" && [ ! -s "$work/stderr" ]'
    sed -n 's/^  \(--[a-z-]*\).*/\1/p' "$work/stdout" | sort >"$work/$command.options"
    check "lines of $command --help fit a terminal" '[ "$(wc -L <"$work/stdout")" -le 120 ]'
done
# An option that is added is added here with its check below.
cat >"$work/tested" <<'LIST'
--bad-share
--help
--issued-mib
--key-file
--line-max
--max-accounts
--out
--policy
--print-memory
--quiet
--records
--threads
LIST
check 'the options of replay are those tested here' 'cmp "$work/replay.options" "$work/tested"'
grep -vx -e --out -e --records -e --print-memory "$work/tested" >"$work/tested.explain"
check 'the options of explain are those tested here' 'cmp "$work/explain.options" "$work/tested.explain"'
run --help
commands=$(sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' "$work/stdout" | sort -u)
for command in $commands; do
    "$program" "$command" --help | sed -n 's/^  \(--[a-z-]*\).*/\1/p'
done >"$work/all.options"
check 'README.md names no option that is not there' \
    '[ -z "$(grep -o -e "[^-]--[a-z][a-z-]*" README.md | cut -c2- | grep -vx -f "$work/all.options" | sort -u)" ]'

# Options that work
run replay "$log" --out "$out"
check 'replay makes --out and writes into it' 'exits 0 && is_written "$out"'
run replay --out "$out" "$log"
check 'options may stand before logs' 'exits 0'
run replay "$log" "--out=$out" --threads=2
check 'values may follow a sign of equality' 'exits 0 && counts threads 2'
run replay "$log" --out "$out" --threads 1
check '--threads is taken' 'exits 0 && counts threads 1'
run replay "$log" --out "$out" --records "$work/records"
check '--records writes a record file' 'exits 0 && [ "$(head -c 8 "$work/records")" = STILLREC ]'
ln -f "$log" "$work/link.jsonl"
run replay "$log" --out "$out" --records "$work/link.jsonl"
check '--records does not replace the log that is read' 'exits 2 && says "would replace" && [ "$(wc -l <"$log")" -eq 2000 ]'
rm "$work/link.jsonl"
cp -r "$out" "$work/before"
run replay "$log" --out "$out" --records "$out/decisions.jsonl"
check '--records is none of the files that are written into --out' 'exits 2 && says "is a file that is written into --out" && same "$out" "$work/before"'
ln -s "$out" "$work/linked"
run replay "$log" --out "$out" --records "$work/linked/report/index.html"
check 'whatever it is called' 'exits 2 && is_written "$out"'
mkdir "$work/empty"
run replay "$log" --out "$work/empty" --records "$work/empty/summary.json"
check 'also where none is there yet' 'exits 2 && [ -z "$(ls "$work/empty")" ]'
run replay "$out/decisions.jsonl" --out "$out"
check 'what is written into --out does not replace what is read' 'exits 2 && says "which is read" && same "$out" "$work/before"'
cp config/policy.yaml "$work/mine.yaml"
run replay "$log" --out "$out" --policy "$work/mine.yaml" --records "$work/mine.yaml"
check '--records does not replace the policy' 'exits 2 && cmp config/policy.yaml "$work/mine.yaml"'
rm -r "$work/before" "$work/linked" "$work/empty"
run replay "$log" --out "$out" --policy config/policy.yaml
check '--policy takes the commented default' 'exits 0 && grep -q "\"policy\":\"config/policy.yaml\"" "$out/summary.json"'
cp -r "$out" "$work/with_policy"
run replay "$log" --out "$out"
check 'which is the default' 'exits 0 && same "$out" "$work/with_policy"'
printf 'mode: shadow\nlimits:\n  account:\n    unknown: {requests_per_day: 100}\n' >"$work/shadow.yaml"
run replay "$log" --out "$out" --policy "$work/shadow.yaml"
check 'a policy decides' 'exits 0 && ! counts throttle 0 && grep -q "\"mode\":\"shadow\"" "$out/decisions.jsonl"'
run replay "$log" --out "$out" --bad-share 100
check '--bad-share takes 100' 'exits 0'
run replay "$log" --out "$out" --bad-share 0.5
check '--bad-share takes a fraction' 'exits 0'
run replay "$log" --out "$out" --line-max 1024
check '--line-max is taken' 'exits 0'
run replay "$log" --out "$out" --key-file tests/app/lib.sh
check 'a key file that is none ends with status 2' 'exits 2 && says "tests/app/lib.sh: a key is 64 hexadecimal digits"'
run replay "$log" --out "$out" --key-file "$work/absent"
check 'a key file that is not there ends with status 2' 'exits 2 && says "$work/absent: No such file"'
printf '%063d\n' 7 >"$work/short"
run replay "$log" --out "$out" --key-file "$work/short"
check 'a key of 63 digits ends with status 2' 'exits 2 && says "64 hexadecimal digits" && ! says 00007'
printf '%064d\n\n' 7 >"$work/key"
run replay "$log" --out "$out" --key-file "$work/key"
check '--key-file takes 64 digits and white space' 'exits 0'

reserved() {
    run replay --print-memory "$@"
    sed -n 's/[^0-9]*\([0-9]*\) bytes.*/\1/p' "$work/stdout"
}
run replay --print-memory
check '--print-memory needs neither logs nor --out, and says what is reserved' 'exits 0 && grep -q "[0-9] bytes" "$work/stdout"'
check '--max-accounts changes it' '[ "$(reserved --max-accounts 1000)" -lt "$(reserved --max-accounts 2000000)" ]'
check '--issued-mib changes it' '[ "$(reserved --issued-mib 2)" -lt "$(reserved --issued-mib 512)" ]'
run replay "$log" --out "$work/none" --print-memory
check '--print-memory reads and writes nothing' 'exits 0 && [ ! -e "$work/none" ]'

# Quiet, and progress
run replay "$log" --out "$out" --quiet
check '--quiet prints nothing' 'exits 0 && is_silent'
run replay "$log" --out "$out"
check 'without it a summary is printed, and no progress where there is no terminal' \
    'exits 0 && prints "2000 exchanges of 7 accounts" && prints "$out/report/index.html" && [ ! -s "$work/stderr" ]'
if script -qec true "$work/typescript" >"$work/quiet" 2>&1 </dev/null; then
    terminal() { # seconds the log takes to come, arguments
        slow=$1
        shift
        # Standard error is the terminal, the log comes through a pipe.
        printf '{ cat %s; sleep %s; cat %s; } | %s %s\n' "$log" "$slow" "$work/later" "$program" "$*" >"$work/command"
        script -qec "sh $work/command" "$work/typescript" >"$work/stdout" 2>"$work/stderr" </dev/null
        status=$?
    }
    exchanges 2000 2000 >"$work/later"
    terminal 0.5 replay - --out "$out"
    check 'progress is shown where there is a terminal' 'exits 0 && grep -q "million lines, .* thousand a second" "$work/typescript"'
    terminal 0.5 replay - --out "$out" --quiet
    check '--quiet shows none there' 'exits 0 && ! grep -q "a second" "$work/typescript"'
else
    skip 'progress is shown where there is a terminal' 'needs script(1) of util-linux, and a system that gives pseudo-terminals'
fi
status=0
"$program" replay "$log" --out "$out" >/dev/full 2>"$work/stderr" || status=$?
check 'a summary that cannot be printed is a failure' 'exits 1 && says "standard output: No space left on device"'

# Wrong usage
refused() { # sentence, message, arguments
    sentence=$1
    message=$2
    shift 2
    rm -rf "$work/none"
    run "$@"
    check "$sentence" 'exits 2 && says "$message" && says "stillwatch --help" && [ ! -s "$work/stdout" ] && [ ! -e "$work/none" ]'
}
refused 'no command' 'which command?'
refused 'an unknown command' "unknown command 'frobnicate'" frobnicate
refused 'an option in place of a command' "unknown command '--quiet'" --quiet
refused 'replay without --out' 'replay needs --out DIR' replay "$log"
refused 'replay with an empty --out' '--out is empty' replay "$log" --out ''
refused 'replay without a log' 'replay needs at least one log' replay --out "$work/none"
refused 'an unknown option' "unknown option '--colour'" replay "$log" --out "$work/none" --colour red
refused 'an unknown short option' "unknown option '-v'" replay "$log" --out "$work/none" -vq
refused 'an option without its value' '--policy needs a value' replay "$log" --out "$work/none" --policy
refused 'an option of replay given to explain' "unknown option '--records'" explain account a "$log" --records "$work/none"
refused 'explain without what' "explain takes 'account' or 'exchange'" explain
refused 'explain of something else' "explain takes 'account' or 'exchange'" explain campaign a "$log"
refused 'explain without an id' 'explain account needs an id and at least one log' explain account
refused 'explain without a log' 'explain exchange needs an id and at least one log' explain exchange a
for pair in 'threads 0' 'threads 65' 'threads two' 'threads -1' 'threads 1.5' 'max-accounts 999' 'max-accounts 100000001' \
    'issued-mib 0' 'line-max 1023' 'line-max 1e6' 'threads 18446744073709551617' 'bad-share 101' 'bad-share -1' 'bad-share nan' \
    'bad-share some'; do
    option=${pair% *}
    value=${pair#* }
    refused "--$option $value" "--$option takes a" replay "$log" --out "$work/none" "--$option" "$value"
done

# Wrong policies
wrong_policy() { # sentence, line:column, message, text
    place=$2
    message=$3
    printf '%s\n' "$4" >"$work/policy.yaml"
    rm -rf "$work/none"
    run replay "$log" --out "$work/none" --policy "$work/policy.yaml"
    check "$1" 'exits 2 && grep -q "^stillwatch: $work/policy.yaml:$place: .*$message" "$work/stderr" && [ ! -e "$work/none" ]'
}
wrong_policy 'an unknown key of a policy is named with line and column' 2:1 colour 'mode: shadow
colour: red'
wrong_policy 'a key given twice' 2:1 'mode: given twice' 'mode: shadow
mode: shadow'
wrong_policy 'a value out of range' 2:14 campaign.homophily 'campaign:
  homophily: 0.9'
wrong_policy 'a wrong word' 1:7 mode 'mode: strict'
wrong_policy 'a wrong type' 2:17 campaign.min_accounts 'campaign:
  min_accounts: [1]'
wrong_policy 'a contradiction' 3:25 campaign.min_contain_accounts 'campaign:
  min_accounts: 9
  min_contain_accounts: 8'
wrong_policy 'what is not YAML' 2:1 mode 'mode: {'
run replay "$log" --out "$work/none" --policy "$work/absent.yaml"
check 'a policy that is not there' 'exits 2 && says "$work/absent.yaml: No such file" && [ ! -e "$work/none" ]'
run replay --print-memory --policy "$work/policy.yaml"
check '--print-memory reads the policy too' 'exits 2'

# explain
sample "$work/sample.jsonl" --truth "$work"
member=$(sed -n 's/.*"account": "\([^"]*\)".*"campaign": "c1".*/\1/p' "$work/truth.jsonl" | head -n 1)
run explain account "$member" "$work/sample.jsonl"
check 'explain account prints decisions, account, objects and campaign' \
    'exits 0 && grep -q "^decisions" "$work/stdout" && grep -q "^account" "$work/stdout" && grep -q "^objects" "$work/stdout" &&
        grep -q "^campaign" "$work/stdout" && [ ! -s "$work/stderr" ]'
check 'with the numbers of each' \
    'grep -q "^  exchanges  *[1-9][0-9]*" "$work/stdout" && grep -q "^  system prompt .*accounts" "$work/stdout" &&
        grep -q "^  evidence 10^" "$work/stdout" && grep -q "^  in force: " "$work/stdout"'
exchange=$(tail -n 1 "$work/extraction.ids")
run explain exchange "$exchange" "$work/sample.jsonl" --threads 2 --quiet
check 'explain exchange prints record and sightings before them' \
    'exits 0 && [ "$(grep -o "^[a-z][a-z]*" "$work/stdout" | tr "\n" " ")" = "record sightings decisions account objects campaign " ]'
run replay "$work/sample.jsonl" --out "$out" --records "$work/records"
run explain exchange "$exchange" "$work/records"
check 'explain reads record files' 'exits 0 && prints "system prompt"'
run explain account acct_nobody "$work/sample.jsonl"
check 'an account that is not in the log gives status 1' "exits 1 && says \"no account 'acct_nobody'\""
run explain exchange req_none "$work/sample.jsonl"
check 'an exchange that is not in the log gives status 1' "exits 1 && says \"no exchange 'req_none'\""
run explain account acct_0003 "$log" --policy "$work/shadow.yaml" --key-file "$work/key" --threads 1 --max-accounts 1000 \
    --issued-mib 1 --bad-share 0 --line-max 4096 --quiet
check 'explain takes the options it lists' 'exits 0 && prints "throttle (shadow"'
finish
