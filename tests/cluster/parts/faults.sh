# What goes wrong in the field, one row each: name, what it is, how it begins; "clear" puts everything right again.
fault_names="api-frozen api-killed store-down hook-fails velero-down velero-killed agent-killed"

cmd_fault() { # NAME
	case ${1:-list} in
	list) printf '%s\n' $fault_names clear ;;
	api-frozen) kill -STOP "$(pid_of apiserver)" ;;      # the server accepts connections and never answers
	api-killed) kill -9 "$(pid_of apiserver)" ;;
	store-down) stop s3 ;;
	hook-fails) kubectl annotate --overwrite pod -l app=web pre.hook.backup.velero.io/command='["/bin/sh","-c","echo no space >&2; exit 3"]' \
		pre.hook.backup.velero.io/on-error=Continue >/dev/null ;;
	velero-down) kubectl -n velero scale deploy/velero --replicas=0 >/dev/null ;;
	velero-killed) kubectl -n velero delete pod -l deploy=velero --grace-period=0 --force >/dev/null 2>&1 ;;
	agent-killed) kubectl -n velero delete pod -l name=node-agent --grace-period=0 --force >/dev/null 2>&1 ;;
	clear) clear_faults ;;
	*) die "unknown fault '$1'; there are: $fault_names" ;;
	esac
}

clear_faults() {
	runs apiserver && kill -CONT "$(pid_of apiserver)" || start_apiserver
	runs s3 || start_s3
	wait_for 60 "the API server" kubectl get --raw /readyz
	kubectl annotate pod -l app=web pre.hook.backup.velero.io/command- pre.hook.backup.velero.io/on-error- >/dev/null
	kubectl -n velero scale deploy/velero --replicas=1 >/dev/null
	kubectl -n velero rollout status deploy/velero ds/node-agent --timeout=180s >/dev/null
	wait_for 120 "the backup storage location" velero_is_available
}
