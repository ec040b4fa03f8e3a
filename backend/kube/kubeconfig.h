/* Kubeconfig files to one access: which server, which identity. Merge rules as kubectl's:
 * KUBECONFIG lists files, the first one that sets a value wins, relative paths are relative to
 * their file. Reading is in kubeconfig_load(); merging is pure. Order: explicit file
 * (--kubeconfig), KUBECONFIG, ~/.kube/config, /etc/kubernetes/admin.conf (kURL), in-cluster
 * account. */
#ifndef BACKEND_KUBE_KUBECONFIG_H
#define BACKEND_KUBE_KUBECONFIG_H

#include "backend/base/json.h"
#include "backend/base/status.h"

#include <stdbool.h>
#include <stddef.h>

struct kubeconfig_exec { /* client.authentication.k8s.io plug-in */
	char *command;	 /* NULL = none */
	char **args;	 /* NULL-terminated, owned */
	char **env;	 /* "K=V", NULL-terminated, owned */
	char *api_version;
	bool provide_cluster_info;
	bool needs_terminal; /* interactiveMode: Always, which a console cannot give */
	char *install_hint;
};

/* Everything needed to talk to one cluster as one user. Owned texts; kube_access_done(). Secrets
 * are wiped. */
struct kube_access {
	char *source;  /* "/etc/kubernetes/admin.conf", "in-cluster": for the screen */
	char **files;  /* what was merged, to be read again; NULL-terminated, owned; NULL = no file
			*/
	char *context; /* name of the context, "" when none */
	char *cluster;
	char *user;
	char *server;			   /* "https://10.0.4.11:6443" */
	char *namespace;		   /* of the context, "" when none */
	char *ca_pem, *cert_pem, *key_pem; /* NULL = not set */
	char *cert_path, *key_path;	   /* files to read again at renewal, or NULL */
	char *token, *token_path;	   /* NULL = not set */
	char *username, *password;
	char *server_name, *proxy_url;
	bool insecure;
	char *as_user;	  /* impersonation, NULL = none */
	char **as_groups; /* NULL-terminated, owned, or NULL */
	struct kubeconfig_exec exec;
};

void kube_access_done(struct kube_access *access);

/* Merged document {"clusters":..,"users":..,"contexts":..,"current-context":..} of several parsed
 * files, in order. Pure; owned. Each file's entries remember their folder for relative paths. */
struct json *kubeconfig_merge(const struct json *const *documents, const char *const *paths,
			      size_t count);

/* Picks the context ("" = current-context) out of a merged document; reads certificate files it
 * names. */
enum status kubeconfig_pick(const struct json *merged, const char *context,
			    struct kube_access *ret_access, struct error *err);

struct kubeconfig_options {
	const char *file;	    /* --kubeconfig, NULL = look */
	const char *context;	    /* --context, NULL = current */
	const char *env_kubeconfig; /* value of KUBECONFIG, NULL = not set */
	const char *home;
	const char *admin_conf; /* normally "/etc/kubernetes/admin.conf"; tests set their own */
	const char *service_account; /* normally "/var/run/secrets/kubernetes.io/serviceaccount" */
	const char *service_host;    /* KUBERNETES_SERVICE_HOST, NULL = not in a pod */
	const char *service_port;    /* KUBERNETES_SERVICE_PORT, NULL = 443 */
};

/* STATUS_NOT_FOUND when nothing could be read; the text has one line a place looked at, with its
 * reason (design/screens.md 4.14: no kubeconfig). A file that was asked for (--kubeconfig,
 * KUBECONFIG) or that is there but broken ends the search: another cluster than the one meant is
 * worse than none. */
enum status kubeconfig_load(const struct kubeconfig_options *options,
			    struct kube_access *ret_access, struct error *err);
/* The same context of the same files as they are now: a new token or certificate may have been put
 * there. STATUS_NOT_FOUND when there are no files. */
enum status kubeconfig_reload(const struct kube_access *access, struct kube_access *ret_fresh,
			      struct error *err);
/* Options from the environment of this process. */
void kubeconfig_options_default(struct kubeconfig_options *ret_options);

#endif
