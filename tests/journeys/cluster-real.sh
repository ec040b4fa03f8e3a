# The cluster functions of lib.sh for a real cluster: sourced when KOTSNAP_CLUSTER names one. Runs inside of it (tests/cluster/cluster
# run), where the cluster is up already, with Velero and the admin console.
cluster_script=$(cd "$(dirname "${BASH_SOURCE[0]}")/../cluster" && pwd)/cluster
cluster_sign=kotsnap
patience=8 # real pods and a real Velero take their time, on a machine that has other work more of it
real_volumes='data-postgres-0 uploads'

cluster() { "$cluster_script" "$@"; }
real_kubectl() { KUBECONFIG=$kubeconfig kubectl "$@"; }

# A snapshot is there already when a journey begins, as at any site.
cluster_start() {
	[ -n "${CLUSTER_INSIDE:-}" ] || skip "not inside of a cluster"
	kubeconfig=$CLUSTER_DIR/admin.conf
	"$cluster_script" fault clear
	within 60 "the application runs" real_kubectl rollout status deploy/web deploy/api statefulset/postgres deploy/kotsadm --timeout=60s >/dev/null
	within 60 "a snapshot" has_snapshot
}
has_snapshot() {
	kotsnap list -o name | grep -q "^instance-" || kotsnap create full --wait >/dev/null 2>"$work/first.err" || { cat "$work/first.err" && return 1; }
}
cluster_stop() { [ -z "$kubeconfig" ] || "$cluster_script" fault clear; }
cluster_kill() { "$cluster_script" fault api-killed; }
fault() {
	case $1 in
	clear) "$cluster_script" fault clear ;;
	stall) "$cluster_script" fault api-frozen ;;
	volume) "$cluster_script" fault hook-fails ;;
	*) skip "a real cluster has no fault $1" ;;
	esac
}
real_folder() { # CLAIM
	local volume
	volume=$(real_kubectl get pvc "$1" -o 'jsonpath={.spec.volumeName}')
	echo "$CLUSTER_DIR/volumes/${volume#local-}"
}
sums() {
	local claim
	for claim in $real_volumes; do
		(cd "$(real_folder "$claim")" && find . -type f ! -path '*/.velero/*' -print0 | sort -z | xargs -0 sha256sum | sed "s|\./|$claim/|")
	done
}
break_app() {
	printf broken >"$(real_folder data-postgres-0)/base/16384/1"
	rm -f "$(real_folder data-postgres-0)/base/16384/2"
	printf broken >"$(real_folder uploads)/reports/2026-01.csv"
	rm -rf "$(real_folder uploads)/images"
}
app_folder() { real_folder data-postgres-0; }
api() {
	curl -sS --fail-with-body -m 60 --noproxy '*' --cacert "$CLUSTER_DIR/pki/ca.crt" --cert "$CLUSTER_DIR/pki/admin.crt" --key "$CLUSTER_DIR/pki/admin.key" \
		-X "$1" ${3:+--data-binary "@$3"} \
		-H "Content-Type: application/$([ "$1" = PATCH ] && echo merge-patch+json || echo json)" \
		"$(sed -n 's/.*server: "\([^"]*\)".*/\1/p' "$kubeconfig")$2"
}
