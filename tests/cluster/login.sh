# Logins with some rights only, for tests on a real cluster: sourced after lib.sh.

# login NAME: a service account of Velero's namespace whose token is in the file $work/NAME.token, and a kubeconfig that names the file,
# $work/NAME.conf. The token lives as long as the Secret NAME.
login() {
	real_kubectl -n velero create serviceaccount "$1" >/dev/null
	new_token "$1"
	sed "s|user: .*data.*|user: {tokenFile: $work/$1.token}|" "$kubeconfig" >"$work/$1.conf"
	chmod 600 "$work/$1.conf"
}
new_token() { # NAME
	real_kubectl -n velero create secret generic "$1" >/dev/null
	real_kubectl -n velero create token "$1" --duration=10m --bound-object-kind Secret --bound-object-name "$1" >"$work/$1.new"
	chmod 600 "$work/$1.new"
	mv "$work/$1.new" "$work/$1.token"
}
end_token() { real_kubectl -n velero delete secret "$1" >/dev/null; }

# may NAME NAMESPACE VERBS RESOURCES: by a Role and a RoleBinding of that namespace
may() {
	real_kubectl -n "$2" create role "$1" --verb="$3" --resource="$4" >/dev/null
	give "$1" "$2"
}
give() { real_kubectl -n "$2" create rolebinding "$1" --role="$1" --serviceaccount="velero:$1" >/dev/null; }
take_away() { real_kubectl -n "$2" delete rolebinding "$1" >/dev/null; }
forget_login() { # NAME: as if it had never been
	local namespace
	for namespace in velero default; do
		real_kubectl -n "$namespace" delete --ignore-not-found rolebinding/"$1" role/"$1" secret/"$1" serviceaccount/"$1" >/dev/null
	done
}
as() { "$KOTSNAP" --kubeconfig "$work/$1.conf" "${@:2}"; }
open_as() { # NAME COLUMNSxROWS [OPTION...]
	open_terminal "$2" "exec '$KOTSNAP' --kubeconfig '$work/$1.conf' ${*:3} 2>'$work/console.err'"
}
