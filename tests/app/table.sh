#!/bin/sh
# stillwatch key, account, decision: the table that the gateway reads.
. "$(dirname "$0")/lib.sh"

state=$work/state
printf '%064d\n' 7 >"$work/secret"
at() { run "$@" --state "$state" --key-file "$work/secret"; }
add() { # OPTION...: with the key in $work/key as standard input
    status=0
    "$program" key add "$@" --state "$state" --key-file "$work/secret" >"$work/stdout" 2>"$work/stderr" <"$work/key" || status=$?
}

at key add --account acct_1 --id key_1 --generate
check 'a generated key is printed, and nowhere else' 'exits 0 && grep -qE "^sk-[A-Za-z0-9_-]{32}$" "$work/stdout" &&
    ! grep -q "$(cat "$work/stdout")" "$state/table/data.mdb"'
check 'the table is for the group, not for others' '[ "$(stat -c %a "$state/table/data.mdb")" = 640 ] || [ "$(stat -c %a "$state/table/data.mdb")" = 660 ]'
printf 'sk-given-by-the-operator\n' >"$work/key"
add --account acct_2 --id key_2 --expires 2027-01-31T00:00:00Z
check 'a given key is read from standard input and not printed' 'exits 0 && [ ! -s "$work/stdout" ]'
at key revoke key_1
check 'a key is revoked by its id' 'exits 0'
add --account acct_3 --id key_2
check 'an id that is taken is refused' 'exits 2 && says "key_2"'
add --account acct_3 --id key_3
check 'a key that is another account'"'"'s is refused' 'exits 2 && says "another id"'
printf 'sk-given by the operator\n' >"$work/key"
add --account acct_3 --id key_3
check 'a key with a blank is refused' 'exits 2 && says blanks'
printf '%0600d\n' 1 >"$work/key"
add --account acct_3 --id key_3
check 'a key that is too long is refused, not cut' 'exits 2 && says "510 characters"'
printf 'sk-that-ended-long-ago\n' >"$work/key"
add --account acct_4 --id key_4 --expires 2020-01-31T00:00:00Z
at key list
check 'keys are listed with account, end and state' 'exits 0 &&
    grep -q "^key_1	acct_1	never	revoked$" "$work/stdout" && grep -q "^key_2	acct_2	2027-01-31T00:00:00.000Z	valid$" "$work/stdout" &&
    grep -q "^key_4	acct_4	.*	expired$" "$work/stdout"'
at key revoke key_9
check 'revoking what is not there says so' 'exits 1 && says key_9'
printf 'short\n' >"$work/key"
add --account acct_2 --id key_3
check 'a key that could be guessed is refused' 'exits 2 && says "16 characters"'

cat >"$work/accounts.jsonl" <<'JSON'
{"event":"account","time":"2026-05-01T09:12:44Z","account":"acct_1","created":"2026-05-01T09:12:44Z","tier":"paid","verified":["email","card"]}
{"event":"account","time":"2026-05-01T09:13:44Z","account":"acct_2","tier":"free","organization":"org_1"}
{"event":"release","time":"2026-05-04T16:00:00Z","model":"m-large-2"}
{"event":"account","time":"2026-05-01T09:13:44Z","tier":"free"}
JSON
at account import "$work/accounts.jsonl"
check 'accounts are imported, and a bad line is said with its number' 'exits 3 && prints "2 accounts imported, 1 other" && says ":4"'
echo '{"event":"account","time":"2026-05-01T09:12:44Z","account":"acct_1","teir":"paid","tier":"paid","verified":["email","card"],"created":"2026-05-01T09:12:44Z"}' >"$work/typo.jsonl"
at account import "$work/typo.jsonl" "$work/typo.jsonl"
check 'a key that is not known is named, once' 'exits 0 && prints "2 accounts imported" && [ "$(grep -c "key .teir. is not known" "$work/stderr")" -eq 1 ]'
gzip -c "$work/accounts.jsonl" | head -c 150 >"$work/cut.gz"
at account import "$work/cut.gz"
check 'a file that is cut off is a failure' 'exits 1 && says "gzip"'
echo '{"event":"account","time":"2999-05-01T09:12:44Z","account":"acct_8","tier":"paid"}' >"$work/ahead.jsonl"
at account import "$work/ahead.jsonl"
check 'what is dated ahead is not taken' 'exits 3 && says "acct_8" && prints "0 accounts imported"'
at account list
check 'accounts are listed' 'exits 0 && grep -q "^acct_1	-	paid	2026-05-01T09:12:44.000Z	email,card$" "$work/stdout" &&
    grep -q "^acct_2	org_1	free	-	-$" "$work/stdout"'
check 'the service is told of them' '[ -s "$state/spool/command.ring" ]'

awk 'BEGIN { for (i = 0; i < 60000; i++)
    printf("{\"event\":\"account\",\"time\":\"2026-05-01T09:12:44Z\",\"account\":\"many_%05d\",\"tier\":\"free\",\"payment\":\"card_%05d\"}\n", i, i)
}' >"$work/many.jsonl"
run account import "$work/many.jsonl" --state "$work/busy" --key-file "$work/secret"
check 'that no service reads what it is told is said as that' 'exits 1 && says "command.ring is full, and no service reads it" && ! says "table full"'
run account list --state "$work/busy" --key-file "$work/secret"
check 'what was imported before is there' '[ "$(grep -c ^many_ "$work/stdout")" -gt 20000 ]'

if [ "$(id -u)" -eq 0 ]; then
    chown 65534:65534 "$state/spool"
    at account import "$work/accounts.jsonl"
    check 'what root tells the service is for who has the spool' '[ "$(stat -c %u:%g "$state/spool/command.ring")" = 65534:65534 ]'
fi
check 'the spool and what is in it is of one group' '[ "$(stat -c %a "$state/spool")" = 2770 ]'
at account forget acct_1
check 'what an account cannot be done is said' 'exits 2 && says "there is no"'

at decision set acct_1 restrict --reason 'For a test.' --days 3
check 'a decision is set' 'exits 0'
at decision list acct_1
check 'and shown' 'exits 0 && grep -q "^acct_1	restrict	enforced	-	.*For a test.$" "$work/stdout"'
at decision release acct_1 --reason 'A mistake.'
at decision list
check 'and released' 'exits 0 && grep -q "^acct_1	release	" "$work/stdout"'
at decision set acct_1 explode --reason 'For a test.'
check 'an action that is none is refused' 'exits 2 && says explode'
at decision release acct_1
check 'a release without a reason is refused' 'exits 2 && says reason'
at decision release acct_9 --reason 'A mistake.'
check 'a release of what is not in force says so and writes nothing' 'exits 1 && says "acct_9: nothing is in force" &&
    ! "$program" decision list --state "$state" --key-file "$work/secret" | grep -q acct_9'
at decision release acct_1 --reason 'A mistake.'
check 'a release may be said again' 'exits 0'
for words in 'key list' 'key add' 'key revoke key_2' 'account list' 'decision release acct_1' 'decision set acct_1 observe'; do
    # shellcheck disable=SC2086 # several words
    at $words stray
    check "a word too many is refused: $words" 'exits 2 && says "stray" && says "word too many"'
done
at key add --account acct_1 --id ''
check 'an option whose value is empty is named' 'exits 2 && says "--id is empty"'
at decision set '' observe --reason 'For a test.'
check 'an account needs a name' 'exits 2 && says "needs ACCOUNT"'
at decision list acct_9
check 'nothing decided is said' 'exits 1 && says acct_9'

# What a fault leaves behind is lost: nothing is to look for it.
damaged() { ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 at "$@"; }
named='exits 1 && says "$state/table: cut off or damaged" && says "move table and journal away together"'
for i in $(seq 200); do
    at key add --account "acct_$i" --id "more_$i" --generate
done
cp "$state/table/data.mdb" "$work/whole"
pages=$(($(stat -c %s "$work/whole") / 4096))
for left in 1 2 $((pages / 2)); do
    truncate -s $((left * 4096)) "$state/table/data.mdb"
    damaged key list
    check "a table cut off after $left pages is named, and what to do" "$named"
    damaged key add --account acct_5 --id key_5 --generate
    check "and nothing is written to it" "$named"' && [ "$(stat -c %s "$state/table/data.mdb")" = $((left * 4096)) ]'
    cp "$work/whole" "$state/table/data.mdb"
done
for byte in '\001' '\377'; do
    head -c $(((pages - 2) * 4096)) /dev/zero | tr '\000' "$byte" | dd of="$state/table/data.mdb" bs=4096 seek=2 conv=notrunc 2>"$work/dd"
    damaged decision list
    check 'a table of other bytes is named' "$named"
    damaged decision set acct_1 observe --reason 'For a test.'
    check 'and not written to' "$named"
    cp "$work/whole" "$state/table/data.mdb"
done
at key add --account acct_5 --id key_5 --generate
check 'once it is whole again, no command waits for those that failed' 'exits 0'

printf '%064d\n' 8 >"$work/secret"
at key list
check 'another secret is refused' 'exits 1 && says "another secret"'
run key list --state "$state"
check 'the secret is asked for' 'exits 2 && says key-file'
printf '%064d\n' 7 >"$work/secret"
run key list --state "$work/none" --key-file "$work/secret"
check 'a folder without a table is said' 'exits 1 && says none/table'
finish
