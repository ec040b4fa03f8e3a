# The programs, built from Go modules once and kept in CLUSTER_CACHE: about 20 minutes on two cores, seconds after that. The go.sum of
# each module fixes every version and its checksum. Beside a program lies what it was built from: a changed version is built anew.
kube_tag=v1.34.4
velero_versions="1.16.2 1.18.3"
kube_programs="kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet kubectl"
packages="etcd-server containerd runc containernetworking-plugins busybox-static iptables iproute2 util-linux openssl ca-certificates"
build_gb=12 run_gb=5 memory_gb=3

# One line a program: its name, its module here, its package, what the linker sets or "cgo".
programs() {
	local p v
	for p in $kube_programs; do
		echo "$p kubernetes k8s.io/kubernetes/cmd/$p -X=k8s.io/component-base/version.gitVersion=$kube_tag"
	done
	for v in $velero_versions; do
		for p in velero velero-helper velero-restore-helper; do
			echo "$p-$v velero-$v github.com/vmware-tanzu/velero/cmd/$p -X=github.com/vmware-tanzu/velero/pkg/buildinfo.Version=v$v"
		done
	done
	echo "velero-plugin-for-aws velero-plugin-for-aws github.com/vmware-tanzu/velero-plugin-for-aws/velero-plugin-for-aws"
	echo "versitygw s3 github.com/versity/versitygw/cmd/versitygw"
	echo "rqlited rqlite github.com/rqlite/rqlite/v8/cmd/rqlited cgo"
}

made_from() { # NAME MODULE PACKAGE [FLAG]: one sum of all that decides what comes out
	{ echo "$*"; cat "$here/modules/$2/go.mod" "$here/modules/$2/go.sum"; } | sha256sum | cut -d' ' -f1
}
is_current() { [ -x "$bin/$1" ] && [ "$(cat "$bin/$1.from" 2>/dev/null)" = "$(made_from "$@")" ]; }

is_built() {
	local name rest
	while read -r name rest; do is_current "$name" $rest || return 1; done < <(programs)
}

cannot() { echo "a real cluster cannot run here: $*"; exit 77; }

free_gb() { df --output=avail -BG "$1" | tail -n 1 | tr -dc 0-9; }
may_make_networks() {
	unshare -n sh -c 'ip link add ksbr0 type bridge && ip link set lo up && iptables -t nat -L -n' >/dev/null 2>&1
}

needs_for_building() {
	command -v go >/dev/null || cannot "it needs Go 1.26 to build Kubernetes and Velero once"
	go version | grep -qE 'go1\.(2[6-9]|[3-9][0-9])' || cannot "it needs Go 1.26, here is $(go version | cut -d' ' -f3)"
	command -v gcc >/dev/null || cannot "it needs gcc for rqlite's SQLite"
	mkdir -p "$CLUSTER_CACHE"
	[ "$(free_gb "$CLUSTER_CACHE")" -ge $build_gb ] ||
		cannot "building needs about $build_gb GB of disk, $(free_gb "$CLUSTER_CACHE") GB are free"
	(cd "$here/modules/s3" && timeout 120 go mod download github.com/versity/versitygw) >/dev/null 2>&1 ||
		cannot "Go modules cannot be had (go mod download fails)"
}

# Exit 77 with the one reason that is in the way.
cmd_needs() {
	local p memory
	[ "$(uname -s)" = Linux ] || cannot "it needs Linux namespaces"
	[ "$(id -u)" = 0 ] || cannot "it needs root (namespaces, containers)"
	unshare -n -m true 2>/dev/null || cannot "network and mount namespaces are not permitted"
	mountpoint -q /sys/fs/cgroup && [ -w /sys/fs/cgroup ] || cannot "/sys/fs/cgroup is not mounted, or may not be written"
	for p in $packages; do
		has_package "$p" || command -v apt-get >/dev/null || cannot "it needs Debian's packages: $packages"
	done
	command -v iptables >/dev/null && ! may_make_networks && cannot "bridges or iptables are not permitted in a network namespace"
	memory=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo)
	[ "$memory" -ge $memory_gb ] || cannot "it needs $memory_gb GB of memory, $memory GB are free"
	mkdir -p "$(dirname "$CLUSTER_DIR")"
	[ "$(free_gb "$(dirname "$CLUSTER_DIR")")" -ge $run_gb ] || cannot "it needs $run_gb GB of disk in $(dirname "$CLUSTER_DIR")"
	is_built || needs_for_building
}

has_package() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

cmd_deps() {
	local p missing=
	for p in $packages; do has_package "$p" || missing="$missing $p"; done
	[ -n "$missing" ] || return 0
	[ "$(id -u)" = 0 ] || die "deps needs root; missing:$missing"
	apt-get update -q >/dev/null || cannot "Debian's packages cannot be had (apt-get update fails); missing:$missing"
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >/dev/null ||
		cannot "Debian's packages cannot be installed:$missing"
}

# rqlited has SQLite in it, so it is C, and for a container without libraries.
build_one() { # NAME MODULE PACKAGE [FLAG]
	local cgo=0 tags= flags="-s -w ${4:-}"
	if [ "${4:-}" = cgo ]; then
		cgo=1 tags=osusergo,netgo flags="-s -w -linkmode external -extldflags -static"
	fi
	say "building $1"
	rm -f "$bin/$1.from"
	(cd "$here/modules/$2" && CGO_ENABLED=$cgo go build -mod=readonly -trimpath -buildvcs=false -tags "$tags" -ldflags="$flags" \
		-o "$bin/$1.new" "$3") || die "$1 could not be built"
	mv "$bin/$1.new" "$bin/$1"
	made_from "$@" >"$bin/$1.from"
}

cmd_build() {
	local name rest
	mkdir -p "$bin"
	exec 9>"$CLUSTER_CACHE/lock"
	flock 9 # two that build at once would build everything twice
	while read -r name rest; do is_current "$name" $rest || build_one "$name" $rest </dev/null; done < <(programs)
	exec 9>&-
}
