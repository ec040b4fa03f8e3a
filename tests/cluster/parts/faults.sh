# What goes wrong in the field, one row each: name, what it is, how it begins; "clear" puts everything right again.
fault_names="api-frozen api-killed past-forgotten store-down store-key hook-fails velero-down velero-killed agent-killed agent-gone"

cmd_fault() { # NAME
	case ${1:-list} in
	list) printf '%s\n' $fault_names clear ;;
	api-frozen) kill -STOP "$(pid_of apiserver)" ;; # the server accepts connections and never answers
	api-killed) kill -9 "$(pid_of apiserver)" && wait_for 60 "the end of the API server" has_ended apiserver ;;
	past-forgotten) compact_etcd ;;
	store-down) stop s3 ;;
	store-key) stop s3 && s3_secret=another-secret-key start_s3 ;; # the key that Velero has is not the store's any more
	hook-fails) kubectl annotate --overwrite pod -l app=web pre.hook.backup.velero.io/command='["/bin/sh","-c","echo no space >&2; exit 3"]' \
		pre.hook.backup.velero.io/on-error=Continue >/dev/null ;;
	velero-down) kubectl -n velero scale deploy/velero --replicas=0 >/dev/null ;;
	velero-killed) kubectl -n velero delete pod -l deploy=velero --grace-period=0 --force >/dev/null 2>&1 ;;
	agent-killed) kubectl -n velero delete pod -l name=node-agent --grace-period=0 --force >/dev/null 2>&1 ;;
	agent-gone) agents_only_on '{"kotsnap-test":"nowhere"}' && wait_for 300 "the end of the node agents" no_agents ;;
	clear) clear_faults ;;
	*) die "unknown fault '$1'; there are: $fault_names" ;;
	esac
}

has_ended() { ! runs "$1"; }
compact_etcd() {
	local revision
	revision=$(curl -fsS --noproxy '*' -m 60 -d '{}' http://127.0.0.1:23790/v3/maintenance/status | sed 's/.*"revision":"\([0-9]*\)".*/\1/')
	curl -fsS --noproxy '*' -m 60 -d "{\"revision\":\"$revision\"}" http://127.0.0.1:23790/v3/kv/compaction >/dev/null
}
agents_only_on() { # NODE_SELECTOR
	kubectl -n velero patch ds node-agent --type merge -p "{\"spec\":{\"template\":{\"spec\":{\"nodeSelector\":$1}}}}" >/dev/null
}
no_agents() { [ -z "$(kubectl -n velero get pod -l name=node-agent -o name)" ]; }

# A server that was silent for long has missed the node's signs of life: the node is called NotReady, maybe only some seconds after the
# server is back, and its DaemonSet wants no pod meanwhile. Velero 1.18's node agent may have lost a watch without noticing: a volume
# then stays Accepted for half an hour, so both are started anew.
is_frozen() { grep -q ') T ' "/proc/$(pid_of apiserver)/stat"; }
node_is_well() {
	node_is_ready && [ "$(kubectl -n velero get ds node-agent -o 'jsonpath={.status.desiredNumberScheduled} {.status.numberAvailable}')" = "1 1" ]
}
stays() { # SECONDS COMMAND...
	local end=$((SECONDS + $1))
	shift
	while [ $SECONDS -lt $end ]; do "$@" && sleep 1 || return 1; done
}

clear_faults() {
	local frozen=
	if ! runs apiserver; then start_apiserver
	elif is_frozen; then frozen=1 && kill -CONT "$(pid_of apiserver)"
	fi
	wait_for 300 "the API server" kubectl get --raw /readyz
	if ! runs s3 || ! grep -qF -- "--secret $s3_secret " "$CLUSTER_DIR/run/s3.command"; then
		stop s3
		start_s3
	fi
	kubectl annotate pod -l app=web pre.hook.backup.velero.io/command- pre.hook.backup.velero.io/on-error- >/dev/null
	agents_only_on null
	kubectl -n velero scale deploy/velero --replicas=1 >/dev/null
	[ -z "$frozen" ] || kubectl -n velero rollout restart deploy/velero ds/node-agent >/dev/null
	rolled_out velero deploy/velero ds/node-agent
	[ -z "$frozen" ] || wait_for 300 "a node that stays ready" stays 15 node_is_well
	wait_for 300 "the backup storage location" velero_is_available
}
