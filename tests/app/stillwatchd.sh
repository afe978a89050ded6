#!/bin/sh
# The daemon as an operator meets it: options, start, signals, metrics, end.
# shellcheck source=tests/app/lib.sh
. "$(dirname "$0")/lib.sh"

daemon=${program}d
state=$work/state
policy=$work/policy.yaml
pid=
stop() { [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null; }
trap 'stop; chmod -R u+rwx "$work"; rm -rf "$work"' EXIT

# The daemon runs as nobody where the test runs as root, and the folder is its own; what root writes it must be able to read.
umask 022
chmod 711 "$work"
mkdir "$state"
echo 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f >"$work/key"
echo 'mode: shadow' >"$policy"
user=
if [ "$(id -u)" -eq 0 ]; then
    user='--user nobody'
    chown nobody "$state"
fi
cp "$daemon" "$work/stillwatchd"
daemon=$work/stillwatchd

run_daemon() {
    status=0
    # shellcheck disable=SC2086 # a list of words
    timeout 60 "$daemon" "$@" $user >"$work/stdout" 2>"$work/stderr" </dev/null || status=$?
}
start() {
    # shellcheck disable=SC2086 # a list of words
    "$daemon" --state "$state" --key-file "$work/key" --policy "$policy" --listen "127.0.0.1:$port" --max-accounts 10000 \
        --issued-mib 4 $user "$@" >"$work/stdout" 2>"$work/stderr" </dev/null &
    pid=$!
}
get() { # path: the body, and true for status 200
    python3 - "$port" "$1" <<'PY'
import http.client, sys
try:
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=5)
    connection.request("GET", sys.argv[2])
    answer = connection.getresponse()
    print(answer.read().decode(), end="")
    sys.exit(answer.status != 200)
except OSError:
    sys.exit(1)
PY
}
metric() { get /metrics | awk -v name="stillwatch_$1" '$1 == name { n = $2 } END { print n + 0 }'; }
within() { # seconds, shell code: until it holds
    tries=$(($1 * 10))
    while ! eval "$2"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.1
    done
}
ends() { # signal: its exit status in $status
    kill "-$1" "$pid"
    status=0
    wait "$pid" 2>/dev/null || status=$?
    pid=
}
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

run_daemon --help
check "--help lists the options" 'exits 0 && prints "--retention-days N" && prints "--unconfined"'
status=0
"$daemon" --help >/dev/full 2>"$work/stderr" || status=$?
check "what cannot be printed is a failure" 'exits 1 && says "standard output: No space left on device"'
run_daemon --key-file "$work/key"
check "without --state it says so" 'exits 2 && says "--state DIR and --key-file FILE are needed"'
run_daemon --state "$state" --key-file "$policy"
check "a key that is none is refused" 'exits 2 && says "a key is 64 hexadecimal digits"'
run_daemon --state "$state" --key-file "$work/key" --check --listen nowhere
check "--check refuses an address that is none" 'exits 2 && says "ADDRESS:PORT"'
run_daemon --state "$state" --key-file "$work/key" --check --policy "$policy"
check "--check is silent when all is fine, and touches nothing" 'exits 0 && is_silent && [ ! -e "$state/lock" ]'
if [ -n "$user" ]; then
    user=
    run_daemon --state "$state" --key-file "$work/key" --listen off
    check "it does not run as root" 'exits 2 && says "it does not run as root"'
    user='--user nobody'
else
    skip "it does not run as root" "the test does not run as root"
fi
echo 'mode: perhaps' >"$work/bad.yaml"
run_daemon --state "$state" --key-file "$work/key" --policy "$work/bad.yaml" --listen off
check "a bad policy is refused with its line" 'exits 2 && says "bad.yaml:1:"'

printf '%064d\n' 5 >"$work/other-key"
mkfifo "$work/pipe"
chmod 644 "$work/pipe"
run_daemon --state "$state" --key-file "$work/key" --check --policy "$work/pipe"
check "a policy that is a pipe is refused, and not waited for" 'exits 2 && says "pipe: not a regular file"'
run_daemon --state "$work/none/state" --key-file "$work/key" --check
check "--check says that the folder cannot be made" 'exits 1 && says "none/state: the folder above it: No such file"'
run_daemon --state "$policy/state" --key-file "$work/key" --check
check "--check says what is no folder" 'exits 1 && says "policy.yaml/state: Not a directory"'

start
check "it becomes ready" 'within 10 "get /readyz >/dev/null"'
check "it is healthy" '[ "$(get /healthz)" = ok ]'
check "its calls are filtered, and it gained no rights" 'grep -q "^Seccomp:[[:space:]]*2" "/proc/$pid/status"'
check "other paths are not there" '! get /other >/dev/null'
second=$port
port=0
run_daemon --state "$state" --key-file "$work/key" --listen off
port=$second
check "a second one on the folder is refused" 'exits 1 && says "another stillwatchd has this state folder"'
run_daemon --state "$state" --key-file "$work/key" --check --policy "$policy"
check "--check is silent beside it" 'exits 0 && is_silent'
run_daemon --state "$state" --key-file "$work/other-key" --check
check "--check says that the secret does not fit" 'exits 1 && says "made with another secret"'

echo '{"event":"account","time":"2026-05-05T08:00:00Z","account":"acct_1"}' >"$work/accounts"
"$program" account import "$work/accounts" --state "$state" --key-file "$work/key" >"$work/account.out" 2>&1
if [ -n "$user" ]; then chown -R nobody "$state/spool" "$state/table"; fi
check "what a command tells is taken" 'within 10 "[ \"\$(metric entries_total)\" -ge 1 ]"'
check "the ring of a command goes once it is read" 'within 10 "[ ! -e $state/spool/command.ring ]"'

awk 'BEGIN { for (i = 0; i < 60000; i++)
    printf("{\"event\":\"account\",\"time\":\"2026-05-05T08:00:00Z\",\"account\":\"many_%05d\",\"payment\":\"card_%05d\"}\n", i, i)
}' >"$work/accounts"
status=0
"$program" account import "$work/accounts" --state "$state" --key-file "$work/key" >"$work/stdout" 2>"$work/stderr" || status=$?
if [ -n "$user" ]; then chown -R nobody "$state/spool" "$state/table"; fi
check "more accounts than a ring holds wait until the service has made room" 'exits 0 && prints "60000 accounts imported"'
check "and all of them are taken" 'within 10 "[ \"\$(metric entries_total)\" -ge 60001 ]"'

echo 'mode: nonsense' >"$policy"
kill -HUP "$pid"
check "a bad policy is refused while it runs, with its line" 'within 10 "says policy.yaml:1:" && says "the policy stays as it was"'
check "that is counted" 'within 10 "[ \"\$(metric policies_refused_total)\" = 1 ]"'
rm "$policy"
mkfifo "$policy"
chmod 644 "$policy"
kill -HUP "$pid"
check "a pipe is refused while it runs, and not waited for" \
    'within 10 "[ \"\$(metric policies_refused_total)\" = 2 ]" && says "policy.yaml: not a regular file"'
rm "$policy"
echo 'mode: enforced' >"$policy"
kill -HUP "$pid"
check "a good one is taken" 'within 10 "[ \"\$(metric policies_total)\" = 2 ]" && says "the policy was read again"'
for ring in one two; do
    head -c 200000 /dev/zero | tr '\000' x >"$state/spool/$ring.ring"
    chmod 666 "$state/spool/$ring.ring"
done
check "every ring that is refused is named" \
    'within 10 "says \"spool/one.ring is passed over: not a ring\" && says \"spool/two.ring is passed over: not a ring\""'
sleep 2
check "once" '[ "$(grep -c "passed over" "$work/stderr")" = 2 ]'
rm "$state/spool/one.ring" "$state/spool/two.ring"
ends TERM
check "SIGTERM ends it with 0" 'exits 0'

start
check "it starts again and takes the policies of its journal" 'within 10 "[ \"\$(metric policies_total)\" = 2 ]" && within 5 "says ready:"'
ends KILL
start
check "it starts after a kill" 'within 10 "get /readyz >/dev/null"'
ends INT
check "SIGINT ends it with 0" 'exits 0'

segment=$(find "$state/journal" -name '*.journal' | head -n 1)
printf 'xxxx' | dd of="$segment" bs=1 seek=50 conv=notrunc 2>/dev/null
run_daemon --state "$state" --key-file "$work/key" --policy "$policy" --listen off
check "a damaged journal is refused with its place" 'exits 1 && says "00000001.journal (byte 40)"'
finish
