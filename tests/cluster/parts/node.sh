# The node: namespaces, network, etcd, Kubernetes, containerd, an S3 server, volumes. Everything a process writes is in CLUSTER_DIR.
s3_key=practice s3_secret=practice-secret-key
volume_count=60 # a local volume that was released is not used again; each restore of the application releases some

# Private folders for what a node keeps at fixed places, shared onwards to its containers, and a loopback device.
make_namespaces() {
	mkdir -p "$CLUSTER_DIR"/{run,kubelet,pod-logs,netns} /var/lib/kubelet /var/log/pods /run/netns
	setsid unshare -n -m --propagation private sh -c '
		ip link set lo up && mount --bind "$1/kubelet" /var/lib/kubelet && mount --bind "$1/pod-logs" /var/log/pods &&
		mount --bind "$1/netns" /run/netns && mount --make-rshared /var/lib/kubelet && mount --make-rshared /run/netns &&
		echo $$ >"$1/run/namespaces.pid" && exec sleep infinity' sh "$CLUSTER_DIR" >/dev/null 2>&1 </dev/null &
	wait_for 60 "the namespaces" test -s "$CLUSTER_DIR/run/namespaces.pid"
}

cmd_up() {
	[ ! -e "$CLUSTER_DIR/run" ] || die "already up in $CLUSTER_DIR; run: cluster down"
	(cmd_needs)
	is_built || die "not everything is built; run: cluster build"
	mkdir -p "$CLUSTER_DIR"/{log,run,etcd,s3/backups,cni,volumes}
	make_namespaces
	(inside "$here/cluster" start) || die "see cluster diagnose, and $CLUSTER_DIR/log"
	say "up; try: cluster run kubectl get nodes"
}

make_network() {
	ip link add ksbr0 type bridge
	ip addr add $node_ip/24 dev ksbr0
	ip link set ksbr0 up
	ip route add 10.96.0.0/16 dev ksbr0 # services, for what runs outside of pods
	echo 1 >/proc/sys/net/ipv4/ip_forward
	cat >"$CLUSTER_DIR/cni/10-bridge.conflist" <<-X
	{"cniVersion":"0.4.0","name":"kotsnap","plugins":[{"type":"bridge","bridge":"ksbr0","isGateway":true,"hairpinMode":true,
	"ipam":{"type":"host-local","dataDir":"$CLUSTER_DIR/ipam","ranges":[[{"subnet":"10.250.0.0/24","gateway":"$node_ip","rangeStart":"10.250.0.10"}]],"routes":[{"dst":"0.0.0.0/0"}]}}]}
	X
}

start_containerd() {
	cat >"$CLUSTER_DIR/containerd.toml" <<-X
	version = 2
	root = "$CLUSTER_DIR/containerd"
	state = "$CLUSTER_DIR/containerd-state"
	[grpc]
	  address = "$CLUSTER_DIR/containerd.sock"
	[plugins."io.containerd.grpc.v1.cri"]
	  sandbox_image = "$pause_image"
	  restrict_oom_score_adj = true
	  [plugins."io.containerd.grpc.v1.cri".cni]
	    bin_dir = "/usr/lib/cni"
	    conf_dir = "$CLUSTER_DIR/cni"
	X
	start containerd containerd -c "$CLUSTER_DIR/containerd.toml"
}

# No fsync: the data lives as long as the test. Compaction by hand only, so that a 410 comes when a test asks for it.
start_etcd() {
	start etcd etcd --data-dir "$CLUSTER_DIR/etcd" --listen-client-urls http://127.0.0.1:23790 \
		--advertise-client-urls http://127.0.0.1:23790 --listen-peer-urls http://127.0.0.1:23800 \
		--initial-advertise-peer-urls http://127.0.0.1:23800 --initial-cluster default=http://127.0.0.1:23800 --unsafe-no-fsync
}

start_apiserver() {
	local d=$CLUSTER_DIR/pki
	start apiserver "$bin/kube-apiserver" --etcd-servers=http://127.0.0.1:23790 --bind-address=0.0.0.0 --secure-port=6443 \
		--advertise-address=$node_ip --service-cluster-ip-range=10.96.0.0/16 --authorization-mode=Node,RBAC \
		--client-ca-file="$d/ca.crt" --tls-cert-file="$d/apiserver.crt" --tls-private-key-file="$d/apiserver.key" \
		--kubelet-client-certificate="$d/admin.crt" --kubelet-client-key="$d/admin.key" \
		--service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$d/sa.key" \
		--service-account-signing-key-file="$d/sa.key" --allow-privileged=true --profiling=false \
		--kubelet-preferred-address-types=InternalIP
	wait_for 300 "the API server" kubectl get --raw /readyz
}

start_kubelet() {
	cat >"$CLUSTER_DIR/kubelet.yaml" <<-X
	apiVersion: kubelet.config.k8s.io/v1beta1
	kind: KubeletConfiguration
	containerRuntimeEndpoint: unix://$CLUSTER_DIR/containerd.sock
	cgroupDriver: cgroupfs
	failSwapOn: false
	authentication: {anonymous: {enabled: false}, x509: {clientCAFile: $CLUSTER_DIR/pki/ca.crt}, webhook: {enabled: false}}
	authorization: {mode: AlwaysAllow}
	address: $node_ip
	healthzPort: 0
	evictionHard: {imagefs.available: 0%, nodefs.available: 0%, nodefs.inodesFree: 0%, memory.available: 50Mi}
	imageGCHighThresholdPercent: 100
	localStorageCapacityIsolation: false
	enforceNodeAllocatable: []
	cgroupsPerQOS: false
	X
	start kubelet "$bin/kubelet" --kubeconfig="$KUBECONFIG" --config="$CLUSTER_DIR/kubelet.yaml" --node-ip=$node_ip \
		--hostname-override=n1 --root-dir=/var/lib/kubelet --cert-dir="$CLUSTER_DIR/kubelet-pki"
}

start_s3() {
	start s3 "$bin/versitygw" --access $s3_key --secret $s3_secret --port $node_ip:9000 --health /health posix "$CLUSTER_DIR/s3"
}

local_volumes() {
	local i
	cat <<-X
	apiVersion: storage.k8s.io/v1
	kind: StorageClass
	metadata: {name: local, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
	provisioner: kubernetes.io/no-provisioner
	volumeBindingMode: WaitForFirstConsumer
	X
	for i in $(seq $volume_count); do
		mkdir -p "$CLUSTER_DIR/volumes/$i"
		cat <<-X
		---
		apiVersion: v1
		kind: PersistentVolume
		metadata: {name: local-$i}
		spec:
		  capacity: {storage: 20Gi}
		  accessModes: [ReadWriteOnce]
		  persistentVolumeReclaimPolicy: Retain
		  storageClassName: local
		  local: {path: $CLUSTER_DIR/volumes/$i}
		  nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [n1]}]}]}}
		X
	done
}

node_is_ready() { kubectl get node n1 -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' | grep -q True; }

cmd_start() { # what "up" does inside the namespaces
	certificates
	make_network
	start_containerd
	start_etcd
	start_apiserver
	start controller-manager "$bin/kube-controller-manager" --kubeconfig="$KUBECONFIG" --leader-elect=false \
		--service-account-private-key-file="$CLUSTER_DIR/pki/sa.key" --root-ca-file="$CLUSTER_DIR/pki/ca.crt" --use-service-account-credentials \
		--controllers='*,-nodeipam,-cloud-node-lifecycle,-service-lb-controller' --secure-port=0
	start scheduler "$bin/kube-scheduler" --kubeconfig="$KUBECONFIG" --leader-elect=false --secure-port=0
	wait_for 300 containerd ctr_ version
	node_images
	start_kubelet
	start proxy "$bin/kube-proxy" --kubeconfig="$KUBECONFIG" --hostname-override=n1 --proxy-mode=iptables \
		--cluster-cidr=10.250.0.0/24 --conntrack-max-per-core=0 --conntrack-tcp-timeout-established=0 \
		--conntrack-tcp-timeout-close-wait=0 --healthz-bind-address= --metrics-bind-address=
	start_s3
	wait_for 600 "the node" node_is_ready
	local_volumes | kubectl apply -f - >/dev/null
}

remove_containers() {
	local id
	[ -S "$CLUSTER_DIR/containerd.sock" ] || return 0
	for id in $(ctr_ tasks ls -q 2>/dev/null); do ctr_ tasks kill -s KILL "$id" 2>/dev/null || true; done
	for id in $(ctr_ containers ls -q 2>/dev/null); do
		ctr_ tasks rm -f "$id" >/dev/null 2>&1 || true
		ctr_ containers rm "$id" >/dev/null 2>&1 || true
	done
}

cmd_stop() { # what "down" does inside the namespaces
	stop kubelet proxy scheduler controller-manager
	remove_containers
	stop s3 apiserver etcd containerd
	grep -o " $CLUSTER_DIR[^ ]* \| /var/lib/kubelet/[^ ]* " /proc/self/mounts | sort -r | xargs -r -n1 umount -l 2>/dev/null || true
	ip netns list 2>/dev/null | grep -o '^cni-[^ ]*' | xargs -r -n1 ip netns del 2>/dev/null || true
}

cmd_down() {
	[ -d "$CLUSTER_DIR" ] || return 0
	if runs namespaces; then
		(inside "$here/cluster" stop)
		kill "$(pid_of namespaces)" 2>/dev/null || true
	fi
	rm -rf "$CLUSTER_DIR"
}

cmd_fresh() { # VERSION [kurl]
	cmd_down
	cmd_up
	"$here/cluster" velero "$1"
	"$here/cluster" console "${2:-}"
}
