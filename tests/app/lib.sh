# shellcheck shell=sh
# lib.sh: what the tests of the program share; each sources it first and ends with `finish`.
#
# A test runs the program, then states in one check each what came of it:
#   run replay "$work/log" --out "$work/out"
#   check "a sentence about the program" 'exits 0 && counts not_json 1'
# STILLWATCH_BUILD names the build folder (build).
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${STILLWATCH_BUILD:-build}
program=$build/stillwatch
[ -x "$program" ] || {
    echo "not ok - $program is built"
    exit 1
}
case $program in /*) ;; *) program=$PWD/$program ;; esac
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d) || exit 1
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
failed=0
status=0

# What the last run printed is in $work/stdout and $work/stderr, its exit status in $status.
run() {
    status=0
    "$program" "$@" >"$work/stdout" 2>"$work/stderr" </dev/null || status=$?
}

# The same without the rights of root, who may read and write everything. False where that cannot be had.
run_unprivileged() {
    if [ "$(id -u)" -ne 0 ]; then
        run "$@"
        return
    fi
    command -v setpriv >"$work/stdout" || return 1
    [ -x "$work/stillwatch" ] || cp "$program" "$work/stillwatch"
    chmod 711 "$work"
    status=0
    setpriv --reuid 65534 --regid 65534 --clear-groups "$work/stillwatch" "$@" >"$work/stdout" 2>"$work/stderr" </dev/null ||
        status=$?
}

check() { # sentence, shell code that is true when it holds
    if eval "$2"; then
        echo "ok - $1"
    else
        failed=1
        echo "not ok - $1"
        echo "#   $2"
        echo "#   exit status $status, standard error:"
        head -n 5 "$work/stderr" | sed 's/^/#     /'
    fi
}

skip() { # sentence, why
    echo "ok - $1 # SKIP $2"
}

finish() { exit $failed; }

# Conditions of the last run.
exits() { [ "$status" -eq "$1" ]; }
says() { grep -qF -- "$1" "$work/stderr"; }
is_silent() { [ ! -s "$work/stdout" ] && [ ! -s "$work/stderr" ]; }
prints() { grep -qF -- "$1" "$work/stdout"; }
# A number in summary.json of the output folder $work/out: counts not_json 1
counts() { grep -q "\"$1\":$2[,}]" "$work/out/summary.json"; }
is_written() { # folder
    [ -s "$1/campaigns.json" ] && [ -f "$1/decisions.jsonl" ] && [ -s "$1/summary.json" ] && [ -s "$1/report/index.html" ]
}
same() { # two output folders
    cmp -s "$1/decisions.jsonl" "$2/decisions.jsonl" && cmp -s "$1/campaigns.json" "$2/campaigns.json"
}

# N exchanges without bodies, one a second; from the I-th on.
exchanges() { # N, [I], [accounts]
    awk -v n="$1" -v from="${2:-0}" -v accounts="${3:-7}" 'BEGIN {
        for (i = from; i < from + n; i++)
            printf("{\"time\":\"2026-05-05T%02d:%02d:%02d.000Z\",\"id\":\"req_%06d\",\"account\":\"acct_%04d\",\"status\":200}\n",
                i / 3600 % 24, i / 60 % 60, i % 60, i, i % accounts)
    }'
}

# A generated log with a campaign in it, some 10 MB: FILE [OPTION...]
sample() {
    file=$1
    shift
    python3 samples/make-sample.py --out "$file" --accounts 200 --campaign-accounts 60 --days 4 "$@" 2>"$work/sample.err" || {
        echo "not ok - a sample log is generated"
        sed 's/^/#   /' "$work/sample.err"
        exit 1
    }
}
