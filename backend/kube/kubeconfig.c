#include "backend/kube/kubeconfig.h"

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/strbuf.h"

#include <stdlib.h>
#include <string.h>

#define PEM_CEILING (1024 * 1024)

static void wipe(char **text)
{
	if (*text)
		mem_wipe(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

static void free_texts(char **texts)
{
	size_t i;

	for (i = 0; texts && texts[i]; i++)
		wipe(&texts[i]);
	free(texts);
}

void kube_access_done(struct kube_access *access)
{
	char **texts[] = {
		&access->source,       &access->context,	  &access->cluster,
		&access->user,	       &access->server,		  &access->namespace,
		&access->ca_pem,       &access->cert_pem,	  &access->key_pem,
		&access->cert_path,    &access->key_path,	  &access->token,
		&access->token_path,   &access->username,	  &access->password,
		&access->server_name,  &access->proxy_url,	  &access->as_user,
		&access->exec.command, &access->exec.api_version, &access->exec.install_hint,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		wipe(texts[i]);
	free_texts(access->files);
	free_texts(access->as_groups);
	free_texts(access->exec.args);
	free_texts(access->exec.env);
	*access = (struct kube_access){ 0 };
}

/* ---- merging ---- */

static const struct json *entry_by_name(const struct json *list, const char *name)
{
	const struct json *entry;

	for (entry = json_first(list); entry; entry = json_next(entry))
		if (!strcmp(json_key_text(entry, "name"), name))
			return entry;
	return NULL;
}

static void put_folder(struct json *entry, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? mem_text_n(path, (size_t)(slash - path)) : mem_text(".");

	json_put_text(entry, "folder", folder);
	json_put_text(entry, "source", path);
	free(folder);
}

/* Whole entries: of two files that name the same user, nothing of the second is used. */
static void merge_list(struct json *into, const struct json *from, const char *path)
{
	const struct json *entry;
	struct json *copy;

	for (entry = json_first(from); entry; entry = json_next(entry)) {
		if (json_type(entry) != JSON_MAP ||
		    entry_by_name(into, json_key_text(entry, "name")))
			continue;
		copy = json_add(into, json_clone(entry));
		put_folder(copy, path);
	}
}

struct json *kubeconfig_merge(const struct json *const *documents, const char *const *paths,
			      size_t count)
{
	static const char *const lists[] = { "clusters", "users", "contexts" };
	struct json *merged = json_new_map(), *into;
	const char *current = "";
	size_t i, k;

	for (k = 0; k < ARRAY_SIZE(lists); k++) {
		into = json_put(merged, lists[k], json_new_list());
		for (i = 0; i < count; i++)
			merge_list(into, json_key(documents[i], lists[k]), paths[i]);
	}
	for (i = 0; i < count && !*current; i++)
		current = json_key_text(documents[i], "current-context");
	json_put_text(merged, "current-context", current);
	return merged;
}

/* ---- picking ---- */

static char *text_or_null(const struct json *map, const char *key)
{
	const char *text = json_key_text(map, key);

	return *text ? mem_text(text) : NULL;
}

/* Relative to the folder of the file that said so; NULL when nothing was said. */
static char *path_or_null(const struct json *entry, const struct json *map, const char *key)
{
	const char *path = json_key_text(map, key);
	struct strbuf whole = STRBUF_INIT;

	if (!*path)
		return NULL;
	if (*path != '/')
		strbuf_addf(&whole, "%s/", json_key_text(entry, "folder"));
	strbuf_adds(&whole, path);
	return strbuf_detach(&whole);
}

static enum status check_pem(const struct strbuf *pem, const char *key, struct error *err)
{
	if (strstr(pem->buf, "-----BEGIN ") && strlen(pem->buf) == pem->len)
		return STATUS_OK;
	error_set(err, STATUS_FORMAT, "%s: not PEM (no -----BEGIN)", key);
	error_hint(err, "copy the kubeconfig again from where it was made");
	return STATUS_FORMAT;
}

/* KEY-data, or the file that KEY names; *ret_pem stays as it is when neither is said. */
static enum status read_pem(const struct json *entry, const struct json *map, const char *key,
			    char **ret_pem, struct error *err)
{
	struct strbuf data_key = STRBUF_INIT, pem = STRBUF_INIT;
	enum status st = STATUS_OK;
	char *path = NULL;
	const char *data;

	strbuf_addf(&data_key, "%s-data", key);
	data = json_key_text(map, data_key.buf);
	path = path_or_null(entry, map, key);
	if (*data) {
		st = strbuf_add_unbase64(&pem, data, strlen(data), err);
		if (st)
			error_wrap(err, "%s", data_key.buf);
	} else if (path) {
		st = file_read(path, PEM_CEILING, &pem, err);
		if (st)
			error_wrap(err, "%s", key);
	}
	if (!st && (*data || path))
		st = check_pem(&pem, *data ? data_key.buf : key, err);
	if (!st && pem.len)
		*ret_pem = strbuf_detach(&pem);
	mem_wipe(pem.capacity ? pem.buf : NULL, pem.len);
	strbuf_done(&pem);
	strbuf_done(&data_key);
	free(path);
	return st;
}

/* "a, b, c": what there is to choose from. */
static void add_names(struct strbuf *out, const struct json *list)
{
	const struct json *entry;

	for (entry = json_first(list); entry; entry = json_next(entry))
		strbuf_addf(out, "%s%s", out->len ? ", " : "", json_key_text(entry, "name"));
}

static enum status find_context(const struct json *merged, const char *name,
				const struct json **ret_entry, struct error *err)
{
	const struct json *contexts = json_key(merged, "contexts");
	struct strbuf names = STRBUF_INIT;
	const char *wanted = name && *name ? name : json_key_text(merged, "current-context");
	const struct json *entry = *wanted ? entry_by_name(contexts, wanted) : NULL;
	enum status st = STATUS_OK;

	if (entry) {
		*ret_entry = entry;
		return STATUS_OK;
	}
	add_names(&names, contexts);
	if (!*wanted)
		st = error_set(err, STATUS_NOT_FOUND, "the kubeconfig sets no current-context");
	else
		st = error_set(err, STATUS_NOT_FOUND, "the kubeconfig has no context \"%s\"",
			       wanted);
	if (names.len)
		error_hint(err, "kotsnap --context NAME picks one; there are: %s", names.buf);
	else
		error_hint(err, "it has no contexts at all; name another file with --kubeconfig");
	strbuf_done(&names);
	return st;
}

/* As kubectl: without a scheme it is https when anything about TLS is said, else http. */
static char *make_server(const struct json *cluster)
{
	const char *server = json_key_text(cluster, "server");
	struct strbuf text = STRBUF_INIT;
	bool tls = json_key(cluster, "certificate-authority") ||
		   json_key(cluster, "certificate-authority-data") ||
		   json_bool(cluster, "insecure-skip-tls-verify", false);

	if (!strstr(server, "://"))
		strbuf_adds(&text, tls ? "https://" : "http://");
	strbuf_adds(&text, server);
	while (text.len && text.buf[text.len - 1] == '/')
		strbuf_cut(&text, text.len - 1);
	return strbuf_detach(&text);
}

static enum status pick_cluster(const struct json *entry, struct kube_access *access,
				struct error *err)
{
	const struct json *cluster = json_key(entry, "cluster");
	enum status st;

	if (!*json_key_text(cluster, "server")) {
		error_set(err, STATUS_FORMAT, "cluster \"%s\" names no server", access->cluster);
		error_hint(err, "set clusters[].cluster.server in %s", access->source);
		return STATUS_FORMAT;
	}
	access->server = make_server(cluster);
	access->server_name = text_or_null(cluster, "tls-server-name");
	access->proxy_url = text_or_null(cluster, "proxy-url");
	access->insecure = json_bool(cluster, "insecure-skip-tls-verify", false);
	st = read_pem(entry, cluster, "certificate-authority", &access->ca_pem, err);
	if (st)
		return error_wrap(err, "cluster \"%s\"", access->cluster);
	if (access->insecure && access->ca_pem) {
		error_set(err, STATUS_FORMAT,
			  "cluster \"%s\" has both insecure-skip-tls-verify and a certificate "
			  "authority",
			  access->cluster);
		error_hint(err, "remove one of them: kubectl refuses such a file, too");
		return STATUS_FORMAT;
	}
	return STATUS_OK;
}

static char **copy_texts(const struct json *list)
{
	char **texts = mem_array(json_count(list) + 1, sizeof(*texts));
	const struct json *one;
	size_t i = 0;

	for (one = json_first(list); one; one = json_next(one))
		texts[i++] = mem_text(json_value(one));
	return texts;
}

static char **copy_env(const struct json *list)
{
	char **texts = mem_array(json_count(list) + 1, sizeof(*texts));
	const struct json *one;
	size_t i = 0;

	for (one = json_first(list); one; one = json_next(one)) {
		struct strbuf row = STRBUF_INIT;

		strbuf_addf(&row, "%s=%s", json_key_text(one, "name"), json_key_text(one, "value"));
		texts[i++] = strbuf_detach(&row);
	}
	return texts;
}

static void pick_exec(const struct json *entry, const struct json *exec,
		      struct kubeconfig_exec *ret_exec)
{
	const char *command = json_key_text(exec, "command");

	if (!*command)
		return;
	/* A bare name is looked up in PATH; a relative path starts at the folder of the file. */
	ret_exec->command =
		strchr(command, '/') ? path_or_null(entry, exec, "command") : mem_text(command);
	ret_exec->args = copy_texts(json_key(exec, "args"));
	ret_exec->env = copy_env(json_key(exec, "env"));
	ret_exec->api_version = mem_text(json_key_text(exec, "apiVersion"));
	ret_exec->install_hint = mem_text(json_key_text(exec, "installHint"));
	ret_exec->provide_cluster_info = json_bool(exec, "provideClusterInfo", false);
	ret_exec->needs_terminal = !strcmp(json_key_text(exec, "interactiveMode"), "Always");
}

static enum status pick_user(const struct json *entry, struct kube_access *access,
			     struct error *err)
{
	const struct json *user = json_key(entry, "user");
	enum status st;

	if (json_key(user, "auth-provider") && !json_key(user, "exec")) {
		error_set(err, STATUS_UNSUPPORTED, "user \"%s\" logs in by auth-provider %s",
			  access->user, json_text(user, "auth-provider.name"));
		error_hint(err, "Kubernetes dropped these in 1.26; set up an exec plug-in instead");
		return STATUS_UNSUPPORTED;
	}
	st = read_pem(entry, user, "client-certificate", &access->cert_pem, err);
	if (!st)
		st = read_pem(entry, user, "client-key", &access->key_pem, err);
	if (!st && !access->cert_pem != !access->key_pem)
		st = error_set(err, STATUS_FORMAT, "has a client-%s but no client-%s",
			       access->cert_pem ? "certificate" : "key",
			       access->cert_pem ? "key" : "certificate");
	if (st)
		return error_wrap(err, "user \"%s\"", access->user);
	if (!*json_key_text(user, "client-certificate-data"))
		access->cert_path = path_or_null(entry, user, "client-certificate");
	if (!*json_key_text(user, "client-key-data"))
		access->key_path = path_or_null(entry, user, "client-key");
	access->token = text_or_null(user, "token");
	access->token_path = path_or_null(entry, user, "tokenFile");
	access->username = text_or_null(user, "username");
	access->password = text_or_null(user, "password");
	access->as_user = text_or_null(user, "as");
	if (access->as_user)
		access->as_groups = copy_texts(json_key(user, "as-groups"));
	pick_exec(entry, json_key(user, "exec"), &access->exec);
	return STATUS_OK;
}

static enum status lacks(const struct kube_access *access, const char *kind, const char *name,
			 struct error *err)
{
	error_set(err, STATUS_NOT_FOUND, "context \"%s\" names the %s \"%s\", which is not there",
		  access->context, kind, name);
	error_hint(err, "mend %s, or pick another context with --context", access->source);
	return STATUS_NOT_FOUND;
}

enum status kubeconfig_pick(const struct json *merged, const char *context,
			    struct kube_access *ret_access, struct error *err)
{
	struct kube_access access = { 0 };
	const struct json *entry = NULL, *named, *body;
	enum status st = find_context(merged, context, &entry, err);

	if (st)
		return st;
	body = json_key(entry, "context");
	access.source = mem_text(json_key_text(entry, "source"));
	access.context = mem_text(json_key_text(entry, "name"));
	access.cluster = mem_text(json_key_text(body, "cluster"));
	access.user = mem_text(json_key_text(body, "user"));
	access.namespace = mem_text(json_key_text(body, "namespace"));
	named = entry_by_name(json_key(merged, "clusters"), access.cluster);
	st = named ? pick_cluster(named, &access, err)
		   : lacks(&access, "cluster", access.cluster, err);
	if (!st && *access.user) {
		named = entry_by_name(json_key(merged, "users"), access.user);
		st = named ? pick_user(named, &access, err)
			   : lacks(&access, "user", access.user, err);
	}
	if (st)
		kube_access_done(&access);
	else
		*ret_access = access;
	return st;
}
