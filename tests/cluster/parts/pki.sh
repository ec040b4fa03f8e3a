# One authority, the API server's certificate, the administrator's, and the kubeconfig that holds it.
signed() { # NAME SUBJECT EXTENSION
	local d=$CLUSTER_DIR/pki
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$2" -keyout "$d/$1.key" -out "$d/$1.csr" 2>/dev/null
	openssl x509 -req -in "$d/$1.csr" -CA "$d/ca.crt" -CAkey "$d/ca.key" -CAcreateserial -days 3650 \
		-extfile <(echo "$3") -out "$d/$1.crt" 2>/dev/null
}

certificates() {
	local d=$CLUSTER_DIR/pki
	mkdir -p "$d"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=kotsnap-cluster \
		-keyout "$d/ca.key" -out "$d/ca.crt" 2>/dev/null
	signed apiserver /CN=kube-apiserver "subjectAltName=DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:10.96.0.1,IP:$node_ip"
	signed admin /O=system:masters/CN=admin extendedKeyUsage=clientAuth
	openssl genrsa -out "$d/sa.key" 2048 2>/dev/null
	kubeconfig >"$KUBECONFIG" "client-certificate-data: $(base64 -w0 "$d/admin.crt"), client-key-data: $(base64 -w0 "$d/admin.key")"
}

kubeconfig() { # USER_FIELDS
	cat <<-X
	apiVersion: v1
	kind: Config
	current-context: kotsnap
	clusters:
	- name: kotsnap
	  cluster: {server: "https://$node_ip:6443", certificate-authority-data: $(base64 -w0 "$CLUSTER_DIR/pki/ca.crt")}
	users:
	- name: admin
	  user: {$1}
	contexts:
	- name: kotsnap
	  context: {cluster: kotsnap, user: admin}
	X
}
