# Sourced by the journeys: a cluster of their own, kotsnap in a real terminal (tmux), keys pressed, screens read.
# A journey fails with the screen it saw. Exit 77 = skipped, with the reason on the last line.
#
# Everything that knows which kind of cluster it is stands in the first part; journeys use only its functions.
set -euo pipefail
: "${KOTSNAP:?the program to test}"
unset KUBECONFIG TMUX NO_COLOR KOTSNAP_ASCII
export TZ=UTC LC_ALL=C.UTF-8

skip() { echo "$1"; exit 77; }
command -v tmux >/dev/null || skip "no tmux"
command -v python3 >/dev/null || skip "no python3"

work=$(mktemp -d "${TMPDIR:-/tmp}/kotsnap-journey.XXXXXX")
tmux_socket=$work/tmux
export HOME=$work/home XDG_STATE_HOME=$work/state XDG_CONFIG_HOME=$work/config
mkdir -p "$HOME"

cleanup() {
	tmux -S "$tmux_socket" kill-server 2>/dev/null || true
	cluster_stop
	kill $(jobs -p) 2>/dev/null || true # servers and commands that a journey which failed left running
	rm -rf "$work"
}
trap cleanup EXIT

# ---- the cluster ----

slug=acme-analytics
app_title='Acme Analytics'
practice_dir=$work/cluster
practice_pid=
kubeconfig=

# cluster_start [OPTION...]: a cluster with an application, snapshots, and its volumes; sets kubeconfig. Again after cluster_kill: it comes back.
cluster_start() {
	command -v restic >/dev/null || skip "no restic"
	: >"$work/ready"
	"$KOTSNAP" practice --dir "$practice_dir" --pace fast "$@" >"$work/ready" 2>"$work/practice.err" &
	practice_pid=$!
	within 30 "the practice cluster is ready" cluster_is_ready
	kubeconfig=$(sed -n 's/^ready KUBECONFIG=//p' "$work/ready")
}
cluster_is_ready() {
	kill -0 "$practice_pid" 2>/dev/null || fail "the practice cluster ended: $(cat "$work/practice.err")"
	grep -q '^ready KUBECONFIG=' "$work/ready"
}
cluster_stop() { [ -z "$practice_pid" ] || { kill "$practice_pid" && wait "$practice_pid"; } 2>/dev/null || true; practice_pid=; }
# cluster_kill: as a power cut.
cluster_kill() { { kill -9 "$practice_pid" && wait "$practice_pid"; } 2>/dev/null || true; practice_pid=; }
# fault NAME|clear: see kotsnap-practice(7). The server may be away just then, by a fault before.
fault() { within 20 "the fault $1 is set" ask_fault "$1"; }
ask_fault() { "$KOTSNAP" practice fault "$1" --dir "$practice_dir" 2>"$work/fault.err"; }
# sums: a checksum of every file of the application's volumes.
sums() { (cd "$practice_dir/volumes" && find . -type f ! -path '*/.velero/*' ! -path '*/kotsadm*/*' -print0 | sort -z | xargs -0 sha256sum); }
# app_folder: of one of its volumes.
app_folder() { echo "$practice_dir"/volumes/*/*postgres*; }
# break_app: some files of the application are overwritten, some are removed.
break_app() {
	local all
	mapfile -t all < <(cd "$practice_dir/volumes" && find "$PWD" -type f ! -path '*/.velero/*' ! -path '*/kotsadm*/*' | sort)
	printf broken >"${all[0]}"
	printf broken >"${all[3]}"
	rm -f "${all[1]}" "${all[${#all[@]} - 1]}"
}
# api METHOD PATH [FILE]: a request past kotsnap, as kubectl would make it; the answer is printed.
api() {
	python3 - "$kubeconfig" "$@" <<-'END'
	import json, re, sys, urllib.error, urllib.request
	text = open(sys.argv[1]).read()
	server, token = (re.search(key + r':\s*"?([^"\s]+)', text).group(1) for key in ("server", "token"))
	body = open(sys.argv[4], "rb").read() if len(sys.argv) > 4 else None
	request = urllib.request.Request(server + sys.argv[3], body, {"Authorization": "Bearer " + token,
	    "Content-Type": "application/merge-patch+json" if sys.argv[2] == "PATCH" else "application/json"}, method=sys.argv[2])
	try:
	    print(urllib.request.urlopen(request, timeout=60).read().decode())
	except urllib.error.HTTPError as answer:
	    sys.exit("%s %s: %d %s" % (sys.argv[2], sys.argv[3], answer.code, answer.read().decode()[:500]))
	END
}

# practice_only: for journeys that need its faults, or its folder.
practice_only() { [ "${KOTSNAP_CLUSTER:-practice}" = practice ] || skip "only on the practice cluster"; }
cluster_sign=PRACTICE # what the console's first line says
# The same functions for a real cluster, when KOTSNAP_CLUSTER names one (make cluster-test).
[ "${KOTSNAP_CLUSTER:-practice}" = practice ] || . "$(dirname "${BASH_SOURCE[0]}")/cluster-real.sh"

# ---- waiting and failing ----

say() { printf '    %4d s  %s\n' $SECONDS "$*"; }
fail() {
	echo "FAILED after $SECONDS s: $1"
	echo "---- the screen:"; screen 2>/dev/null || true
	echo "---- stderr of the console:"; cat "$work/console.err" 2>/dev/null || true
	trap - ERR
	exit 1
}
trap 'fail "line $LINENO: $BASH_COMMAND"' ERR
set -E
# within SECONDS WHAT COMMAND...: until the command succeeds
within() {
	local until=$((SECONDS + $1 * ${patience:-1})) what=$2
	shift 2
	until "$@"; do
		[ $SECONDS -lt $until ] || fail "not in time: $what"
		sleep 0.1
	done
}
# same A B WHAT: two texts are equal
same() { [ "$1" = "$2" ] || fail "$3: $(diff <(echo "$1") <(echo "$2") || true)"; }

# ---- commands ----

kotsnap() { "$KOTSNAP" --kubeconfig "$kubeconfig" "$@"; }
# exits CODE COMMAND...: runs it; $out and $err are what it printed
exits() {
	local want=$1 code=0
	shift
	"$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
	out=$(head -c 200000 "$work/out" | tr -d '\000')
	err=$(head -c 200000 "$work/err" | tr -d '\000')
	[ $code = "$want" ] || fail "exit code $code instead of $want: ${*//"$work"/WORK}: $out $err"
}
# says TEXT WHAT REGEX
says() { grep -qE -- "$3" <<<"$1" || fail "$2 lacks: $3: it is: $1"; }
# field NAME KEY: of a snapshot, as JSON tells it; nothing when there is none
field() {
	kotsnap show "$1" -o json 2>/dev/null |
		python3 -c 'import json, sys; print(json.load(sys.stdin).get(sys.argv[1], ""))' "$2" 2>/dev/null || true
}
newest() { kotsnap list -o name | sed -n 1p; }

# ---- the console ----

# open_console COLUMNSxROWS [OPTION...]
open_console() {
	local size=$1
	shift
	open_terminal "$size" "exec '$KOTSNAP' --kubeconfig '$kubeconfig' $* 2>'$work/console.err'"
}
# open_terminal COLUMNSxROWS COMMAND: the exit code stays on the screen as "ended CODE"
open_terminal() {
	printf '%s\n' "($2)" 'echo ended $?' 'sleep 600' >"$work/pane"
	new_terminal "$1" "TERM=tmux-256color bash '$work/pane'"
}
# new_terminal COLUMNSxROWS COMMAND: instead of the one there was
new_terminal() {
	# One session stays, so that the tmux server does.
	tmux -S "$tmux_socket" has-session -t keep 2>/dev/null ||
		tmux -S "$tmux_socket" -f /dev/null new-session -d -s keep 'sleep 3600' \; set-option -g status off \; set-option -g escape-time 0
	tmux -S "$tmux_socket" kill-session -t t 2>/dev/null || true
	tmux -S "$tmux_socket" new-session -d -s t -x "${1%x*}" -y "${1#*x}" "$2"
	resize "$1"
}
resize() { tmux -S "$tmux_socket" resize-window -t t -x "${1%x*}" -y "${1#*x}"; }
close_console() { tmux -S "$tmux_socket" kill-session -t t; }
# console_pid: of the program in the terminal
console_pid() { pgrep -P "$(pgrep -P "$(tmux -S "$tmux_socket" display-message -p -t t '#{pane_pid}')" | head -n 1)" | head -n 1; }
screen() { tmux -S "$tmux_socket" capture-pane -p -t t; }
press() { local key; for key in "$@"; do tmux -S "$tmux_socket" send-keys -t t "$key"; sleep 0.05; done; }
# tab_to REGEX: presses Tab until the screen shows it; a button may wait for checks
tab_to() {
	local end=$((SECONDS + 60))
	until on_screen "$1"; do
		[ $SECONDS -lt $end ] || fail "no Tab leads to: $1"
		press Tab
	done
}
type_text() { tmux -S "$tmux_socket" send-keys -l -t t "$1"; }
on_screen() { screen | grep -E -- "$1" >/dev/null; }
not_on_screen() { ! on_screen "$1"; }
# see REGEX [SECONDS]: until the screen shows it
see() { within "${2:-15}" "on the screen: $1" on_screen "$1"; }
# not_see REGEX [SECONDS]: until it is gone
not_see() { within "${2:-15}" "gone from the screen: $1" not_on_screen "$1"; }
# shot NAME: keeps the screen as text in the folder $JOURNEY_SHOTS
shot() { [ -z "${JOURNEY_SHOTS:-}" ] || { mkdir -p "$JOURNEY_SHOTS"; screen >"$JOURNEY_SHOTS/$1.txt"; }; }
