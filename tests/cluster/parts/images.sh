# Container images: a static program, busybox and little else, in the form "docker save" prints, made with tar alone.
# Names are short, so that no registry stands in them; no image may be pulled (imagePullPolicy Never or IfNotPresent).
pause_image=kotsnap/pause:1

image() { # NAME ENTRYPOINT_JSON PATH=FILE...
	local name=$1 entry=$2 t pair diff
	shift 2
	t=$(mktemp -d)
	mkdir -p "$t"/root/{bin,tmp,etc,usr/bin,proc,sys,dev}
	chmod 1777 "$t/root/tmp"
	echo 'root:x:0:0:root:/root:/bin/sh' >"$t/root/etc/passwd"
	cp "$(command -v busybox)" "$t/root/bin/busybox"
	(cd "$t/root/bin" && ./busybox --list | grep -vx busybox | xargs -n1 ln -s busybox)
	for pair in "$@"; do
		mkdir -p "$t/root/$(dirname "${pair%%=*}")"
		install -m 0755 "${pair#*=}" "$t/root/${pair%%=*}"
	done
	tar -C "$t/root" --sort=name --mtime=@0 --owner=0 --group=0 -cf "$t/layer.tar" .
	diff=$(sha256sum "$t/layer.tar" | cut -d' ' -f1)
	printf '{"architecture":"%s","os":"linux","config":{"Entrypoint":%s,"Env":["PATH=/usr/bin:/bin:/"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
		"$(dpkg --print-architecture)" "$entry" "$diff" >"$t/config.json"
	printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$name" >"$t/manifest.json"
	tar -C "$t" -cf - manifest.json config.json layer.tar | ctr_ images import - >/dev/null
	rm -rf "$t"
}

node_images() {
	image $pause_image '["/bin/sleep","2147483647"]'
	image busybox:1.35 '[]'
}

velero_images() { # VERSION
	image velero/velero-plugin-for-aws:v1.14.3 '["/bin/cp","/plugins/velero-plugin-for-aws","/target/"]' \
		plugins/velero-plugin-for-aws="$bin/velero-plugin-for-aws"
	image "velero/velero:v$1" '[]' velero="$bin/velero-$1" \
		usr/bin/velero-helper="$bin/velero-helper-$1" velero-restore-helper="$bin/velero-restore-helper-$1"
}

console_images() {
	image rqlite/rqlite:8.43.4 '["/bin/rqlited"]' bin/rqlited="$bin/rqlited"
	image kotsadm/kotsadm:v1.131.4 '[]' scripts/backup.sh="$here/console/backup.sh" scripts/restore.sh="$here/console/restore.sh"
}
