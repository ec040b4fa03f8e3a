# What every part uses: where things are, waiting, processes with a file of their id, the way into the namespaces.
: "${CLUSTER_DIR:=/var/tmp/kotsnap-cluster}"
: "${CLUSTER_CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/kotsnap-cluster}"
bin=$CLUSTER_CACHE/bin
node_ip=10.250.0.1
export KUBECONFIG=$CLUSTER_DIR/admin.conf CLUSTER_DIR CLUSTER_CACHE

die() { echo "cluster: $*" >&2; exit 1; }
say() { echo "cluster: $*" >&2; }
kubectl() { "$bin/kubectl" "$@"; }
ctr_() { ctr -a "$CLUSTER_DIR/containerd.sock" -n k8s.io "$@"; }

# The bounds are minutes: a machine that has other work is slow, not broken. What happened instead: "cluster diagnose".
wait_for() { # SECONDS WHAT COMMAND...
	local end=$((SECONDS + $1)) what=$2
	shift 2
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || die "gave up waiting for $what: $*: $("$@" 2>&1 | tail -n 3)"
		sleep 0.3
	done
}
rolled_out() { # NAMESPACE WORKLOAD...
	local namespace=$1
	shift
	kubectl -n "$namespace" rollout status "$@" --timeout=600s >/dev/null || die "did not come up in $namespace: $*"
}

start() { # NAME COMMAND...
	local name=$1
	shift
	printf '%q ' "$@" >"$CLUSTER_DIR/run/$name.command"
	setsid "$@" >>"$CLUSTER_DIR/log/$name.log" 2>&1 </dev/null &
	echo $! >"$CLUSTER_DIR/run/$name.pid"
}

pid_of() { cat "$CLUSTER_DIR/run/$1.pid" 2>/dev/null; }
# A killed process whose new parent never asks for it is still there for kill -0: its state tells.
runs() {
	local pid
	pid=$(pid_of "$1") && [ -e "/proc/$pid/stat" ] && ! grep -q ') Z ' "/proc/$pid/stat"
}

stop() { # NAME...: ends what start() started, politely, and waits for it
	local name i
	for name in "$@"; do
		runs "$name" && kill "$(pid_of "$name")" 2>/dev/null || true
	done
	for name in "$@"; do
		for i in $(seq 50); do
			runs "$name" || break
			sleep 0.1
		done
		runs "$name" && kill -9 "$(pid_of "$name")" 2>/dev/null || true
		rm -f "$CLUSTER_DIR/run/$name.pid"
	done
}

# Enters the namespaces of the cluster. Their holder is a sleeping process.
inside() {
	runs namespaces || die "not up; run: cluster up"
	exec nsenter -t "$(pid_of namespaces)" -n -m --wd="$PWD" -- env CLUSTER_INSIDE=1 PATH="$bin:$PATH" "$@"
}

cmd_run() { exec env PATH="$bin:$PATH" "$@"; }

cmd_status() {
	local f name
	for f in "$CLUSTER_DIR"/run/*.pid; do
		[ -e "$f" ] || { echo "down"; return 1; }
		name=$(basename "$f" .pid)
		printf '%-20s %s\n' "$name" "$(runs "$name" && echo running || echo STOPPED)"
	done
}
