# Sourced by the journeys: a practice cluster of their own, kotsnap in a real terminal (tmux), keys pressed, screens read.
# A journey fails with the screen it saw. Exit 77 = skipped, with the reason on the last line.
set -eu
: "${KOTSNAP:?the program to test}"
command -v tmux >/dev/null || { echo "no tmux"; exit 77; }
command -v restic >/dev/null || { echo "no restic"; exit 77; }

work=$(mktemp -d "${TMPDIR:-/tmp}/kotsnap-journey.XXXXXX")
cluster=$work/cluster
socket=$work/tmux
unset KUBECONFIG
export HOME=$work/home XDG_STATE_HOME=$work/state XDG_CONFIG_HOME=$work/config
mkdir -p "$HOME"
practice_pid=

cleanup() {
	tmux -S "$socket" kill-server 2>/dev/null || true
	[ -z "$practice_pid" ] || kill "$practice_pid" 2>/dev/null || true
	[ -z "$practice_pid" ] || wait "$practice_pid" 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT

# practice_start [OPTION...]: waits for the line "ready KUBECONFIG=..."
practice_start() {
	"$KOTSNAP" practice --dir "$cluster" --port 0 --pace fast "$@" >"$work/ready" 2>"$work/practice.err" &
	practice_pid=$!
	for _ in $(seq 300); do
		kubeconfig=$(sed -n 's/^ready KUBECONFIG=//p' "$work/ready")
		[ -n "$kubeconfig" ] && return 0
		kill -0 "$practice_pid" 2>/dev/null || { echo "the practice cluster ended:"; cat "$work/practice.err"; exit 1; }
		sleep 0.1
	done
	echo "the practice cluster was not ready within 30 s:"; cat "$work/practice.err"; exit 1
}
practice_kill() { kill -9 "$practice_pid"; wait "$practice_pid" 2>/dev/null || true; practice_pid=; }
fault() { "$KOTSNAP" practice fault "$1" --dir "$cluster"; }
kotsnap() { "$KOTSNAP" --kubeconfig "$kubeconfig" "$@"; }

# open_console COLUMNSxROWS [OPTION...]
open_console() {
	local size=$1; shift
	tmux -S "$socket" -f /dev/null new-session -d -s t -x "${size%x*}" -y "${size#*x}" \
		"TERM=tmux-256color exec '$KOTSNAP' --kubeconfig '$kubeconfig' $* 2>'$work/console.err'; echo ended \$?; sleep 600"
	tmux -S "$socket" set-option -g status off >/dev/null
	tmux -S "$socket" resize-window -t t -x "${size%x*}" -y "${size#*x}" >/dev/null
}
screen() { tmux -S "$socket" capture-pane -p -t t; }
press() { local key; for key in "$@"; do tmux -S "$socket" send-keys -t t "$key"; sleep 0.05; done; }
type_text() { tmux -S "$socket" send-keys -l -t t "$1"; sleep 0.1; }

fail() { echo "FAILED: $1"; echo "---- the screen:"; screen || true; echo "---- stderr:"; cat "$work/console.err" 2>/dev/null || true; exit 1; }

# see REGEX [SECONDS]: until the screen shows it
see() {
	local until=$((SECONDS + ${2:-15}))
	while ! screen | grep -qE -- "$1"; do
		[ $SECONDS -lt $until ] || fail "not on the screen within ${2:-15} s: $1"
		sleep 0.1
	done
}
# not_see REGEX [SECONDS]: until it is gone
not_see() {
	local until=$((SECONDS + ${2:-15}))
	while screen | grep -qE -- "$1"; do
		[ $SECONDS -lt $until ] || fail "still on the screen after ${2:-15} s: $1"
		sleep 0.1
	done
}
# sums: a checksum of every file of the application's volumes
sums() { (cd "$cluster/volumes" && find . -type f ! -path '*/.velero/*' -print0 | sort -z | xargs -0 sha256sum); }
