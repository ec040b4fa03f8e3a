# The programs, built from Go modules once and kept in CLUSTER_CACHE: about 20 minutes on two cores, seconds after that.
kube_tag=v1.34.4
velero_versions="1.16.2 1.18.3"
kube_programs="kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet kubectl"
packages="etcd-server containerd runc containernetworking-plugins busybox-static iptables iproute2 util-linux openssl ca-certificates"

is_built() {
	local p v
	for p in $kube_programs versitygw rqlited velero-plugin-for-aws; do [ -x "$bin/$p" ] || return 1; done
	for v in $velero_versions; do [ -x "$bin/velero-$v" ] && [ -x "$bin/velero-restore-helper-$v" ] || return 1; done
}

cannot() { echo "a real cluster cannot run here: $*"; exit 77; }

# Exit 77 with the one reason that is in the way.
cmd_needs() {
	local free
	[ "$(uname -s)" = Linux ] || cannot "it needs Linux namespaces"
	[ "$(id -u)" = 0 ] || cannot "it needs root (namespaces, containers)"
	command -v apt-get >/dev/null || [ -x "$(command -v containerd)" ] || cannot "it needs Debian's packages: $packages"
	unshare -n -m true 2>/dev/null || cannot "network and mount namespaces are not permitted"
	mountpoint -q /sys/fs/cgroup || cannot "/sys/fs/cgroup is not mounted"
	is_built && return
	command -v go >/dev/null || cannot "it needs Go 1.26 to build Kubernetes and Velero once"
	go version | grep -qE 'go1\.(2[6-9]|[3-9][0-9])' || cannot "it needs Go 1.26, here is $(go version | cut -d' ' -f3)"
	command -v gcc >/dev/null || cannot "it needs gcc for rqlite's SQLite"
	mkdir -p "$CLUSTER_CACHE"
	free=$(df --output=avail -BG "$CLUSTER_CACHE" | tail -n 1 | tr -dc 0-9)
	[ "$free" -ge 12 ] || cannot "building needs about 12 GB of disk, $free GB are free"
}

cmd_deps() {
	local p missing=
	for p in $packages; do
		dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
	done
	[ -n "$missing" ] || return 0
	[ "$(id -u)" = 0 ] || die "deps needs root; missing:$missing"
	apt-get update -q >/dev/null
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >/dev/null
}

go_build() { # MODULE OUTPUT PACKAGE [LDFLAGS]
	[ -x "$bin/$2" ] && return
	say "building $2"
	(cd "$here/modules/$1" && CGO_ENABLED=0 go build -trimpath -ldflags="-s -w ${4:-}" -o "$bin/$2" "$3")
}

# With SQLite in it, so in C, and for a container without libraries.
build_rqlite() {
	[ -x "$bin/rqlited" ] && return
	say "building rqlited"
	(cd "$here/modules/rqlite" && CGO_ENABLED=1 go build -trimpath -tags osusergo,netgo \
		-ldflags='-s -w -linkmode external -extldflags -static' -o "$bin/rqlited" github.com/rqlite/rqlite/v8/cmd/rqlited)
}

cmd_build() {
	local p v flags
	mkdir -p "$bin"
	for p in $kube_programs; do
		go_build kubernetes $p k8s.io/kubernetes/cmd/$p "-X k8s.io/component-base/version.gitVersion=$kube_tag"
	done
	for v in $velero_versions; do
		flags="-X github.com/vmware-tanzu/velero/pkg/buildinfo.Version=v$v"
		go_build velero-$v velero-$v github.com/vmware-tanzu/velero/cmd/velero "$flags"
		go_build velero-$v velero-helper-$v github.com/vmware-tanzu/velero/cmd/velero-helper "$flags"
		go_build velero-$v velero-restore-helper-$v github.com/vmware-tanzu/velero/cmd/velero-restore-helper "$flags"
	done
	go_build velero-plugin-for-aws velero-plugin-for-aws \
		github.com/vmware-tanzu/velero-plugin-for-aws/velero-plugin-for-aws
	go_build s3 versitygw github.com/versity/versitygw/cmd/versitygw
	build_rqlite
}
