# The KOTS side: the console's objects and its database with one installed application, the application itself, and what kURL leaves.
app_id=2aCmEaNaLyTiCs0000000000001
cluster_id=kszcuadscwpsdzpdlkuytpdkghpjmzsw

# A text as an SQL literal.
quoted() { printf "'"; sed "s/'/''/g" "$1"; printf "'"; }

# An application's version as the console keeps it: its manifests, rendered.
archive() {
	tar -C "$here/app" --transform 's|^|kotsKinds/|' --sort=name --mtime=@0 --owner=0 --group=0 -cz application.yaml backup.yaml license.yaml | base64 -w0
}

rows() {
	local now license=$here/app/license.yaml
	now=$(date +%s)
	echo "insert into cluster (id, title, slug, cluster_type, snapshot_ttl, snapshot_schedule, created_at) values ('$cluster_id', 'this-cluster', 'this-cluster', 'ship', '720h', '0 2 * * *', $now);"
	echo "insert into app (id, name, slug, upstream_uri, license, install_state, created_at, current_sequence, is_all_users) values ('$app_id', 'Acme Analytics', 'acme-analytics', 'replicated://acme-analytics/stable', $(quoted "$license"), 'installed', $now, 1, 1);"
	echo "insert into app_downstream (app_id, cluster_id, downstream_name, current_sequence) values ('$app_id', '$cluster_id', 'this-cluster', 1);"
	local sequence version
	for sequence in 0 1; do
		echo "insert into object_store (filepath, encoded_block) values ('$app_id/$sequence.tar.gz', '$(archive)');"
		version=2.$((3 + sequence)).0
		echo "insert into app_version (app_id, version_label, kots_app_spec, kots_installation_spec, kots_license, backup_spec, sequence, created_at, status) values ('$app_id', '$version', $(quoted "$here/app/application.yaml"), 'apiVersion: kots.io/v1beta1
kind: Installation
metadata: {name: acme-analytics}
spec: {versionLabel: ''$version''}
', $(quoted "$license"), $(quoted "$here/app/backup.yaml"), $sequence, $now, 'deployed');"
		echo "insert into app_downstream_version (app_id, cluster_id, version_label, source, sequence, parent_sequence, created_at, applied_at, status, status_info) values ('$app_id', '$cluster_id', '$version', 'Upstream Update', $sequence, $sequence, $now, $now, 'deployed', '');"
	done
}

# Statements that end with ";" at a line's end, to rqlite as a JSON list.
execute() {
	local service reply
	service=$(kubectl get service kotsadm-rqlite -o 'jsonpath={.spec.clusterIP}')
	reply=$(python3 -c 'import json, sys; print(json.dumps([s for s in sys.stdin.read().split(";\n") if s.strip() and not s.strip().startswith("--")]))' |
		curl -fsS --noproxy '*' -m 60 --retry 5 --retry-connrefused -u kotsadm:practice-rqlite -H 'Content-Type: application/json' -d @- "http://$service:4001/db/execute?transaction")
	[[ $reply != *'"error"'* ]] || die "the console's database: $reply"
}

cmd_console() { # [kurl]
	console_images
	kubectl apply -f "$here/console/objects.yaml" -f "$here/console/rqlite.yaml" -f "$here/app/objects.yaml" >/dev/null
	rolled_out default statefulset/kotsadm-rqlite
	grep -v '^--' "$here/console/tables.sql" | execute
	rows | execute
	kubectl apply -f "$here/console/kotsadm.yaml" >/dev/null
	rolled_out default deploy/kotsadm deploy/web deploy/api statefulset/postgres
	[ "${1:-}" != kurl ] || cmd_kurl
	say "the admin console and acme-analytics are there"
}

cmd_kurl() {
	kubectl apply -f "$here/console/kurl-crd.yaml" >/dev/null
	kubectl wait --for=condition=Established crd/installers.cluster.kurl.sh --timeout=300s >/dev/null
	kubectl apply -f "$here/console/kurl.yaml" >/dev/null
	kubectl label --overwrite service kubernetes velero.io/exclude-from-backup=true >/dev/null
	rolled_out kurl deploy/registry deploy/ekc-operator
}
