# Velero, installed as its own command does it.
velero_is_available() { kubectl -n velero get bsl default -o 'jsonpath={.status.phase}' | grep -qx Available; }

cmd_velero() { # VERSION
	[ -x "$bin/velero-${1:?which version: $velero_versions}" ] || die "Velero $1 is not built; there are: $velero_versions"
	printf '[default]\naws_access_key_id=%s\naws_secret_access_key=%s\n' $s3_key $s3_secret >"$CLUSTER_DIR/cloud-credentials"
	velero_images "$1"
	"$bin/velero-$1" install --namespace velero --image "velero/velero:v$1" --provider aws \
		--plugins velero/velero-plugin-for-aws:v1.14.3 --bucket backups --secret-file "$CLUSTER_DIR/cloud-credentials" \
		--backup-location-config "region=us-east-1,s3ForcePathStyle=true,s3Url=http://$node_ip:9000,checksumAlgorithm=" \
		--use-volume-snapshots=false --use-node-agent --uploader-type kopia \
		--velero-pod-cpu-request 10m --node-agent-pod-cpu-request 10m >/dev/null
	rolled_out velero deploy/velero ds/node-agent
	wait_for 300 "the backup storage location" velero_is_available
	say "Velero $1 works"
}
