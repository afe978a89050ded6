#!/bin/sh
# Each rule of "Bad lines" in docs/formats.md, and the rows of docs/failure-table.md about logs and output folders.
. "$(dirname "$0")/lib.sh"

in=$work/log.jsonl
out=$work/out

# A log of 1,000 lines whose line 501, at a known offset, is the given one.
with_line() {
    {
        exchanges 500
        printf '%s\n' "$1"
        exchanges 499 500
    } >"$in"
    offset=$(exchanges 500 | wc -c)
    rm -rf "$out"
}
bad_line_is() { # reason
    exits 0 && is_written "$out" && counts "$1" 1 && counts lines 1000 && counts events 999 && counts exchanges 999 &&
        says "1 bad ($1)" && says "$in:501 (byte $offset): "
}

# Reasons
reason() { # name, sentence, line
    with_line "$3"
    run replay "$in" --out "$out" --line-max 4096
    check "$2" "bad_line_is $1"
}
reason not_json 'a line that is not JSON is skipped, counted and reported with file, line and byte' 'time is money'
reason not_json 'an array is no event' '["time"]'
reason not_json 'two objects in a line are no event' '{"event":"release"} {"event":"release"}'
reason not_json 'a line that is not UTF-8 is not JSON' "$(printf '{"id":"\377\376"}')"
check 'and its first byte that is none is named' 'says "not UTF-8: byte 8 of the line"'
reason missing_key 'a line without a required key is skipped, counted and reported' \
    '{"time":"2026-05-05T00:08:20Z","id":"req_x","status":200}'
check 'the message names the missing key and nothing else of the line' 'says account && ! says req_x'
reason wrong_type 'a value of the wrong type is skipped, counted and reported' \
    '{"time":"2026-05-05T00:08:20Z","id":"req_x","account":"a","status":"fine"}'
check 'the message names the field of the wrong type' 'says ": status: "'
reason wrong_type 'a wrong type inside a body is found' \
    '{"time":"2026-05-05T00:08:20Z","id":"r","account":"a","status":200,"api":"openai.chat","request":{"messages":7}}'
reason bad_value 'an unknown api is skipped, counted and reported' \
    '{"time":"2026-05-05T00:08:20Z","id":"r","account":"a","status":200,"api":"carrier.pigeon","request":{}}'
reason bad_value 'a time that is none is a bad value' \
    '{"time":"2026-02-30T00:08:20Z","id":"r","account":"a","status":200}'
reason bad_value 'an unknown action is a bad value' \
    '{"event":"enforcement","time":"2026-05-05T00:08:20Z","account":"a","action":"shouted at"}'
reason too_long 'a line beyond --line-max is skipped, counted and reported' \
    "{\"time\":\"2026-05-05T00:08:20Z\",\"id\":\"$(head -c 5000 /dev/zero | tr '\0' x)\"}"
run replay "$in" --out "$out"
check 'the same line is only a bad value where the limit is not set' 'exits 0 && counts too_long 0 && counts bad_value 1'

with_line ' '
run replay "$in" --out "$out"
check 'blank lines are none' 'exits 0 && counts lines 999 && counts events 999 && [ ! -s "$work/stderr" ]'

{
    exchanges 400
    printf '%s\n' first second '{}' '[third]'
    exchanges 400 400
} >"$in"
run replay "$in" --out "$out"
check 'only the first of each reason is reported, all are counted' \
    'exits 0 && counts not_json 3 && counts missing_key 1 && says "3 bad (not_json)" && says "$in:401 (byte" &&
        says "$in:403 (byte" && [ "$(wc -l <"$work/stderr")" -eq 4 ]'

# The share that is tolerated
bad_of() { # bad, good
    rm -rf "$out"
    {
        exchanges "$2"
        yes 'no event' | head -n "$1"
    } >"$in"
}
bad_of 10 990
run replay "$in" --out "$out"
check 'bad lines of exactly 1 % are tolerated' 'exits 0 && counts not_json 10'
bad_of 11 989
run replay "$in" --out "$out"
check 'more than 1 % of bad lines ends with status 3, after all output was written' \
    'exits 3 && is_written "$out" && counts not_json 11 && counts exchanges 989 &&
        says "11 of 1000 lines were bad, more than the tolerated 1 %"'
run replay "$in" --out "$out" --bad-share 1.1
check '--bad-share sets the share, in per cent' 'exits 0'
run replay "$in" --out "$out" --bad-share 0
check '--bad-share 0 tolerates no bad line' 'exits 3 && is_written "$out"'
rm -rf "$out"
yes nothing | head -n 50 >"$in"
run replay "$in" --out "$out" --bad-share 100
check '--bad-share 100 tolerates a log without a good line' 'exits 0 && is_written "$out" && counts exchanges 0'
exchanges 500 >"$work/a.jsonl"
{
    exchanges 491 500
    yes bad | head -n 9
} >"$work/b.jsonl"
run replay "$work/a.jsonl" "$work/b.jsonl" --out "$out"
check 'the share is that of all files together, the place that of the file' \
    'exits 0 && counts not_json 9 && says "$work/b.jsonl:492 (byte"'

# Order
sample "$work/sorted.jsonl"
python3 - "$work/sorted.jsonl" "$work/shuffled.jsonl" <<'PY'
import datetime, json, random, sys
# Every line moves by up to ten seconds; lines of the same millisecond keep their order.
rng = random.Random(5)
moved = {}
def place(numbered):
    i, line = numbered
    time = json.loads(line)["time"]
    at = datetime.datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp()
    if time not in moved:
        moved[time] = rng.uniform(0, 9.9)
    return at + moved[time], i
with open(sys.argv[1], encoding="utf-8") as log:
    lines = list(enumerate(log))
ordered = sorted(lines, key=place)
assert ordered != lines
with open(sys.argv[2], "w", encoding="utf-8") as log:
    log.writelines(line for _, line in ordered)
PY
run replay "$work/sorted.jsonl" --out "$work/sorted"
check 'the sorted log leads to decisions' 'exits 0 && [ -s "$work/sorted/decisions.jsonl" ]'
run replay "$work/shuffled.jsonl" --out "$out"
check 'lines up to 10 s out of order change nothing' 'exits 0 && counts late 0 && same "$out" "$work/sorted"'
run replay "$work/shuffled.jsonl" --out "$out" --threads 4
check 'nor with several threads' 'exits 0 && counts late 0 && same "$out" "$work/sorted"'

exchanges 100 >"$in"
exchanges 3 50 | sed 's/req_/req_again_/' >>"$in"
run replay "$in" --out "$out"
check 'lines later than 10 s are counted as late and taken at the current time' \
    'exits 0 && counts late 3 && counts exchanges 103 && grep -q "\"last\":\"2026-05-05T00:01:39.000Z\"" "$out/summary.json"'
exchanges 90 >"$in"
exchanges 1 79 >>"$in"
run replay "$in" --out "$out"
check 'a line exactly 10 s back is not late' 'exits 0 && counts late 0 && counts exchanges 91'
{
    exchanges 100
    printf '{"time":"9999-12-31T23:59:59Z","id":"far","account":"acct_0000","status":200}\n'
    exchanges 100 100
} >"$in"
run replay "$in" --out "$out"
check 'one wrong clock makes nobody else late' 'exits 0 && counts exchanges 201 && counts late 1 && ! says "came late"'
{
    printf '{"time":"2036-01-01T00:00:00Z","id":"far","account":"acct_0000","status":200}\n'
    exchanges 100
} >"$in"
run replay "$in" --out "$out"
check 'nor does a first line whose clock is wrong' 'exits 0 && counts exchanges 101 && counts late 1 && ! says "came late"'
{
    printf '{"time":"2036-01-01T00:00:00Z","id":"far","account":"acct_0000","status":200}\n'
    printf '{"time":"2036-01-01T00:00:01Z","id":"far2","account":"acct_0000","status":200}\n'
    exchanges 100
} >"$in"
run replay "$in" --out "$out"
check 'two that agree make all late, and that is said' 'exits 0 && counts late 100 && says "100 of 102 records came late"'
{
    exchanges 100
    printf '{"time":"9999-12-31T23:59:58Z","id":"far","account":"acct_0000","status":200}\n'
    printf '{"time":"9999-12-31T23:59:59Z","id":"far2","account":"acct_0000","status":200}\n'
} >"$in"
run replay "$in" --out "$out"
check 'a leap of 8,000 years that two lines agree on is taken, not walked' \
    'exits 0 && counts exchanges 102 && counts late 0'

# Ends of files
{
    exchanges 999
    printf '{"time":"2026-05-05T00:16:39.000Z","id":"req_'
} >"$in"
offset=$(exchanges 999 | wc -c)
run replay "$in" --out "$out"
check 'a last line that was cut off is counted as truncated, nothing else is lost' \
    'exits 0 && counts truncated 1 && counts exchanges 999 && says "$in:1000 (byte $offset)"'
exchanges 10 | head -c -1 >"$in"
run replay "$in" --out "$out"
check 'a whole last line without a line end is good' 'exits 0 && counts exchanges 10 && [ ! -s "$work/stderr" ]'

exchanges 20000 >"$work/whole.jsonl"
# What is counted of the file after the damaged one: its end is cut off.
exchanges 100 20000 | head -c -20 >"$work/next.jsonl"
python3 - "$work" <<'PY'
import gzip, subprocess, sys
work = sys.argv[1]
with open(work + "/whole.jsonl", "rb") as log:
    text = log.read()
lines = text.splitlines(keepends=True)
first, second = b"".join(lines[:10000]), b"".join(lines[10000:])
def zstd(data):
    return subprocess.run(["zstd", "-q", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout
def write(name, data):
    with open(f"{work}/{name}", "wb") as out:
        out.write(data)
for name, pack in (("gz", lambda data: gzip.compress(data, 6, mtime=0)), ("zst", zstd)):
    # The first half is a member or frame of its own, so that it is known what comes before the damage.
    head, tail = pack(first), pack(second)
    write("whole." + name, head + tail)
    write("cut." + name, head + tail[:len(tail) // 2])
    flipped = bytearray(head + tail)
    flipped[len(head) + len(tail) // 2] ^= 0x55
    write("flipped." + name, flipped)
    write("checksum." + name, head + tail[:-2] + bytes([tail[-2] ^ 1]) + tail[-1:])
PY
for form in gz zst; do
    run replay "$work/whole.$form" --out "$out"
    check "a .$form of several parts is read to its end" 'exits 0 && counts exchanges 20000'
    for damage in cut flipped checksum; do
        # A changed byte may decode to lines that are none before it is noticed.
        run replay "$work/$damage.$form" "$work/next.jsonl" --out "$out" --bad-share 100
        good=$(grep -o '"exchanges":[0-9]*' "$out/summary.json" | cut -d: -f2)
        case $damage in
        cut) what="a .$form that was cut off" ;;
        flipped) what="a .$form with a byte changed" ;;
        checksum) what="a .$form whose checksum is wrong" ;;
        esac
        check "$what ends that file, loses nothing before, and gives status 1" \
            'exits 1 && counts damaged 1 && says "1 bad (damaged)" && says "$work/$damage.$form:" && is_written "$out" &&
                [ "$good" -ge 10099 ]'
        check "after $what the next file is read" 'counts truncated 1'
    done
done
printf '\037\213garbage' >"$work/garbage.gz"
run replay "$work/garbage.gz" --out "$out"
check 'a file that only begins like .gz is damaged' 'exits 1 && counts damaged 1 && counts exchanges 0'

# Files that are none
exchanges 100 >"$in"
no_output() { [ ! -e "$work/none/decisions.jsonl" ] && [ ! -e "$work/none/campaigns.json" ] && [ ! -e "$work/none/summary.json" ]; }
run replay "$in" "$work/absent.jsonl" --out "$work/none"
check 'a missing log is named with the reason; no output' \
    'exits 1 && says "$work/absent.jsonl: No such file or directory" && no_output && [ "$(wc -l <"$work/stderr")" -eq 1 ]'
mkdir "$work/folder"
run replay "$work/folder" --out "$work/none"
check 'a folder is no log' 'exits 1 && says "$work/folder: Is a directory" && no_output'
mkdir -p "$work/none" "$work/locked"
chmod 777 "$work/none"
chmod 555 "$work/locked"
chmod 0 "$in"
if run_unprivileged replay "$in" --out "$work/none"; then
    check 'a log that may not be read is named with the reason' 'exits 1 && says "$in: Permission denied" && no_output'
    chmod 644 "$in"
    run_unprivileged replay "$in" --out "$work/locked"
    check 'an output folder that may not be written is named with the reason' \
        'exits 1 && says "$work/locked/decisions.jsonl: Permission denied"'
else
    skip 'a log that may not be read is named with the reason' 'root may read everything'
    skip 'an output folder that may not be written is named with the reason' 'root may write everywhere'
fi
chmod 644 "$in"
: >"$in"
rm -rf "$out"
run replay "$in" --out "$out"
check 'an empty log gives an empty result' \
    'exits 0 && counts lines 0 && is_written "$out" && [ ! -s "$out/decisions.jsonl" ] && [ ! -s "$work/stderr" ]'
rm -rf "$out"
run replay - --out "$out"
check 'an empty standard input gives an empty result' 'exits 0 && counts lines 0 && is_written "$out"'
exchanges 100 | sed 's/$/\r/' >"$in"
run replay "$in" --out "$out"
check 'lines may end in CRLF' 'exits 0 && counts exchanges 100 && [ ! -s "$work/stderr" ]'

# Keys that are not known
{
    exchanges 300 | sed 's/"status"/"colour":"red","client":{"shoe":44},"status"/'
    exchanges 300 300 | sed 's/"status"/"colour":1,"status"/'
} >"$in"
run replay "$in" "$in" --out "$out"
check 'an unknown key is ignored and said once' \
    'exits 0 && counts exchanges 1200 && [ "$(grep -c colour "$work/stderr")" -eq 1 ] &&
        [ "$(grep -c client.shoe "$work/stderr")" -eq 1 ] && [ "$(grep -vc "came late" "$work/stderr")" -eq 2 ]'
check 'summary.json names the unknown keys' \
    'grep -q "\"unknown_keys\":\[\"client.shoe\",\"colour\"\]\|\"unknown_keys\":\[\"colour\",\"client.shoe\"\]" "$out/summary.json"'

# Output
exchanges 5000 >"$in"
run replay "$in" --out "$in"
check '--out that is a file is refused' 'exits 1 && says "$in: Not a directory"'
run replay "$in" --out "$work/absent/deep"
check '--out in a folder that is not there is refused' 'exits 1 && says "$work/absent/deep: No such file or directory"'
run replay "$in" --out "$out" --records "$work/absent/records"
check 'a record file that cannot be made is refused' 'exits 1 && says "$work/absent/records: No such file or directory"'
run replay "$in" --out "$out"
cp -r "$out" "$work/before"
# A limit on the size of files stands for a full disk; SIGXFSZ is ignored, so that write fails as it would there.
full() { # blocks of 512 bytes, arguments
    status=0
    (
        trap '' XFSZ
        ulimit -f "$1"
        shift
        exec "$program" "$@"
    ) >"$work/stdout" 2>"$work/stderr" </dev/null || status=$?
}
full 8 replay "$work/sorted.jsonl" --out "$out"
check 'a full disk is named with the file' 'exits 1 && says "$out: decisions.jsonl: "'
check 'and leaves the files that were there as they were' 'same "$out" "$work/before" && cmp -s "$out/summary.json" "$work/before/summary.json"'
check 'and no drafts' '[ -z "$(find "$out" -name "*.draft")" ]'
full 64 replay "$work/sorted.jsonl" --out "$out" --records "$work/records"
check 'a disk that fills with records is named, no record file is left' \
    'exits 1 && says "$work/records: File too large" && [ ! -e "$work/records" ] && [ -z "$(find "$work" -name "*.draft")" ]'
finish
