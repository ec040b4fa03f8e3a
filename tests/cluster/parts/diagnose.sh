# What somebody needs to see who was not there when it went wrong. Never fails, and says nothing secret.
cmd_diagnose() {
	set +e
	echo "---- $(uptime)"
	cmd_status
	echo "---- nodes, pods"
	kubectl get node --request-timeout=10s
	kubectl get pod -A -o wide --request-timeout=10s
	echo "---- events, the newest last"
	kubectl get event -A --sort-by=.lastTimestamp --request-timeout=10s 2>/dev/null | tail -n 25
	echo "---- what Velero has"
	kubectl -n velero get bsl,backup,restore,podvolumebackup,podvolumerestore,deletebackuprequest --request-timeout=10s \
		-o 'custom-columns=KIND:.kind,NAME:.metadata.name,PHASE:.status.phase,WHY:.status.message' 2>/dev/null | tail -n 40
	echo "---- Velero's log"
	kubectl -n velero logs deploy/velero -c velero --tail=25 --request-timeout=10s | cut -c1-300
	echo "---- the node agent's log"
	kubectl -n velero logs ds/node-agent --tail=15 --request-timeout=10s | cut -c1-300
	for name in apiserver kubelet containerd s3; do
		echo "---- $name"
		tail -n 8 "$CLUSTER_DIR/log/$name.log" | cut -c1-300
	done
}
