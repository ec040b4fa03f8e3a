/* Where kubeconfigs lie, looked at in order, and what to say when there is none. */
#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/strbuf.h"
#include "backend/base/yaml.h"
#include "backend/kube/kubeconfig.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_CEILING (4 * 1024 * 1024)
#define FILES_MAX    32

/* "root:sudo, mode 0440" */
static void add_owner(struct strbuf *out, const struct stat *info)
{
	char room[4096];
	struct passwd user, *found_user = NULL;
	struct group group, *found_group = NULL;

	getpwuid_r(info->st_uid, &user, room, sizeof(room) / 2, &found_user);
	getgrgid_r(info->st_gid, &group, room + sizeof(room) / 2, sizeof(room) / 2, &found_group);
	if (found_user)
		strbuf_adds(out, found_user->pw_name);
	else
		strbuf_addf(out, "%lu", (unsigned long)info->st_uid);
	if (found_group)
		strbuf_addf(out, ":%s", found_group->gr_name);
	else
		strbuf_addf(out, ":%lu", (unsigned long)info->st_gid);
	strbuf_addf(out, ", mode %04o", (unsigned)(info->st_mode & 07777));
}

/* Why a file could not be read, in the words of the table of places. */
static void add_reason(struct strbuf *out, const char *path, const struct error *err)
{
	struct stat info;

	if (err->code == STATUS_NOT_FOUND) {
		strbuf_adds(out, "there is no such file");
	} else if (err->code == STATUS_FORBIDDEN) {
		strbuf_adds(out, "permission denied");
		if (!stat(path, &info)) {
			strbuf_adds(out, " (");
			add_owner(out, &info);
			strbuf_addc(out, ')');
		}
	} else {
		strbuf_adds(out, err->text);
	}
}

static void add_place(struct strbuf *places, const char *place, const char *reason)
{
	strbuf_addf(places, "\n%-29s %s", place, reason);
}

/* NULL and err on failure. An empty file is an empty map. */
static struct json *read_document(const char *path, struct error *err)
{
	struct strbuf text = STRBUF_INIT;
	struct json *document = NULL;

	if (file_read(path, FILE_CEILING, &text, err))
		goto out;
	document = yaml_parse(text.buf, text.len, err);
	if (!document) {
		error_wrap(err, "%s is no YAML", path);
		err->code = STATUS_FORMAT;
		error_hint(err, "mend the file, or name another one with --kubeconfig");
	} else if (json_type(document) == JSON_NULL) {
		json_free(document);
		document = json_new_map();
	} else if (json_type(document) != JSON_MAP) {
		error_set(err, STATUS_FORMAT, "%s is no kubeconfig: it holds no map of settings",
			  path);
		error_hint(err, "name another file with --kubeconfig");
		json_free(document);
		document = NULL;
	}
out:
	mem_wipe(text.capacity ? text.buf : NULL, text.len);
	strbuf_done(&text);
	return document;
}

struct files {
	char *paths[FILES_MAX];
	struct json *documents[FILES_MAX];
	size_t count;
};

static void files_done(struct files *files)
{
	size_t i;

	for (i = 0; i < files->count; i++) {
		free(files->paths[i]);
		json_free(files->documents[i]);
	}
}

static enum status files_read(struct files *files, const char *path, struct error *err)
{
	struct json *document;

	if (files->count == FILES_MAX)
		return error_set(err, STATUS_TOO_LARGE, "KUBECONFIG names more than %d files",
				 FILES_MAX);
	document = read_document(path, err);
	if (!document)
		return err->code;
	files->paths[files->count] = mem_text(path);
	files->documents[files->count++] = document;
	return STATUS_OK;
}

static enum status files_pick(const struct files *files, const char *context,
			      struct kube_access *ret_access, struct error *err)
{
	struct json *merged = kubeconfig_merge((const struct json *const *)files->documents,
					       (const char *const *)files->paths, files->count);
	enum status st = kubeconfig_pick(merged, context, ret_access, err);
	size_t i;

	if (!st) {
		ret_access->files = mem_array(files->count + 1, sizeof(*ret_access->files));
		for (i = 0; i < files->count; i++)
			ret_access->files[i] = mem_text(files->paths[i]);
	}
	if (st && files->count)
		error_wrap(err, "%s", files->count == 1 ? files->paths[0] : "KUBECONFIG");
	json_free(merged);
	return st;
}

/* A file that was asked for by name. */
static enum status load_given(const struct kubeconfig_options *options,
			      struct kube_access *ret_access, struct error *err)
{
	struct files files = { .count = 0 };
	struct strbuf reason = STRBUF_INIT;
	enum status st = files_read(&files, options->file, err);

	if (st == STATUS_NOT_FOUND || st == STATUS_FORBIDDEN) {
		add_reason(&reason, options->file, err);
		error_set(err, st, "--kubeconfig %s: %s", options->file, reason.buf);
		error_hint(err, st == STATUS_NOT_FOUND ? "check the name of the file"
						       : "sudo kotsnap, or read it as its owner");
	}
	if (!st)
		st = files_pick(&files, options->context, ret_access, err);
	strbuf_done(&reason);
	files_done(&files);
	return st;
}

/* kubectl skips files of the list that are not there; with none of them there, nothing was meant.
 */
static enum status load_env(const struct kubeconfig_options *options,
			    struct kube_access *ret_access, struct error *err)
{
	struct files files = { .count = 0 };
	struct strbuf places = STRBUF_INIT, reason = STRBUF_INIT;
	enum status st = STATUS_OK;
	const char *at = options->env_kubeconfig;

	for (;; at++) {
		size_t len = strcspn(at, ":");
		char *path = mem_text_n(at, len);

		if (len)
			st = files_read(&files, path, err);
		if (st == STATUS_NOT_FOUND || st == STATUS_FORBIDDEN) {
			strbuf_reset(&reason);
			add_reason(&reason, path, err);
			add_place(&places, path, reason.buf);
			st = STATUS_OK;
		}
		free(path);
		at += len;
		if (st || !*at)
			break;
	}
	if (!st && !files.count) {
		st = error_set(err, STATUS_NOT_FOUND, "no file of KUBECONFIG could be read%s",
			       places.buf);
		error_hint(err, "unset KUBECONFIG, or kotsnap --kubeconfig FILE");
	} else if (!st) {
		st = files_pick(&files, options->context, ret_access, err);
	}
	strbuf_done(&places);
	strbuf_done(&reason);
	files_done(&files);
	return st;
}

static bool is_empty(const struct json *document)
{
	return !json_first(json_key(document, "contexts")) &&
	       !json_first(json_key(document, "clusters"));
}

/* A file at a usual place. *ret_found says whether the search ends here. */
static enum status load_usual(const char *path, const struct kubeconfig_options *options,
			      struct strbuf *places, bool *ret_found,
			      struct kube_access *ret_access, struct error *err)
{
	struct files files = { .count = 0 };
	struct strbuf reason = STRBUF_INIT;
	enum status st = files_read(&files, path, err);

	*ret_found = false;
	if (st == STATUS_NOT_FOUND || st == STATUS_FORBIDDEN) {
		add_reason(&reason, path, err);
		add_place(places, path, reason.buf);
		st = STATUS_OK;
	} else if (!st && is_empty(files.documents[0])) {
		add_place(places, path, "is empty");
	} else {
		*ret_found = true;
		if (!st)
			st = files_pick(&files, options->context, ret_access, err);
	}
	strbuf_done(&reason);
	files_done(&files);
	return st;
}

static enum status read_trimmed(const char *folder, const char *name, char **ret_path,
				char **ret_text, struct error *err)
{
	struct strbuf path = STRBUF_INIT, text = STRBUF_INIT;
	enum status st;

	strbuf_addf(&path, "%s/%s", folder, name);
	st = file_read(path.buf, FILE_CEILING, &text, err);
	while (text.len && strchr("\r\n \t", text.buf[text.len - 1]))
		strbuf_cut(&text, text.len - 1);
	if (!st && ret_path)
		*ret_path = strbuf_detach(&path);
	if (!st)
		*ret_text = strbuf_detach(&text);
	strbuf_done(&path);
	strbuf_done(&text);
	return st;
}

/* The account of a pod, as client-go's rest.InClusterConfig reads it. */
static enum status load_in_cluster(const struct kubeconfig_options *options,
				   struct kube_access *ret_access, struct error *err)
{
	const char *host = options->service_host, *port = options->service_port;
	struct kube_access access = { 0 };
	struct strbuf server = STRBUF_INIT;
	enum status st = read_trimmed(options->service_account, "token", &access.token_path,
				      &access.token, err);

	if (!st)
		st = read_trimmed(options->service_account, "ca.crt", NULL, &access.ca_pem, err);
	if (st) {
		kube_access_done(&access);
		return error_wrap(err, "account of this pod");
	}
	if (read_trimmed(options->service_account, "namespace", NULL, &access.namespace, NULL))
		access.namespace = mem_text("");
	strbuf_addf(&server, strchr(host, ':') ? "https://[%s]:%s" : "https://%s:%s", host,
		    port && *port ? port : "443");
	access.server = strbuf_detach(&server);
	access.source = mem_text("in-cluster");
	access.context = mem_text("in-cluster");
	access.cluster = mem_text("in-cluster");
	access.user = mem_text("in-cluster");
	*ret_access = access;
	return STATUS_OK;
}

enum status kubeconfig_load(const struct kubeconfig_options *options,
			    struct kube_access *ret_access, struct error *err)
{
	struct strbuf places = STRBUF_INIT, home = STRBUF_INIT;
	struct error mine = ERROR_INIT;
	enum status st = STATUS_OK;
	bool found = false;

	err = err ? err : &mine;
	if (options->file && *options->file)
		return load_given(options, ret_access, err);
	if (options->env_kubeconfig && *options->env_kubeconfig)
		return load_env(options, ret_access, err);
	add_place(&places, "KUBECONFIG", "not set");
	if (options->home && *options->home) {
		strbuf_addf(&home, "%s/.kube/config", options->home);
		st = load_usual(home.buf, options, &places, &found, ret_access, err);
	}
	if (!st && !found && options->admin_conf)
		st = load_usual(options->admin_conf, options, &places, &found, ret_access, err);
	if (!st && !found && options->service_host && *options->service_host &&
	    options->service_account) {
		st = load_in_cluster(options, ret_access, err);
		found = true;
	}
	if (!st && !found) {
		st = error_set(err, STATUS_NOT_FOUND, "no kubeconfig could be read%s", places.buf);
		error_hint(err, "sudo kotsnap, or kotsnap --kubeconfig FILE; kotsnap practice "
				"opens a practice cluster, no Kubernetes needed");
	}
	strbuf_done(&places);
	strbuf_done(&home);
	return st;
}

enum status kubeconfig_reload(const struct kube_access *access, struct kube_access *ret_fresh,
			      struct error *err)
{
	struct files files = { .count = 0 };
	struct error mine = ERROR_INIT;
	enum status st = STATUS_OK;
	size_t i;

	err = err ? err : &mine;
	if (!access->files)
		return error_set(err, STATUS_NOT_FOUND, "the login came from no file");
	for (i = 0; !st && access->files[i]; i++)
		st = files_read(&files, access->files[i], err);
	if (!st)
		st = files_pick(&files, access->context, ret_fresh, err);
	files_done(&files);
	return st;
}

void kubeconfig_options_default(struct kubeconfig_options *ret_options)
{
	*ret_options = (struct kubeconfig_options){
		.env_kubeconfig = getenv("KUBECONFIG"),
		.home = getenv("HOME"),
		.admin_conf = "/etc/kubernetes/admin.conf",
		.service_account = "/var/run/secrets/kubernetes.io/serviceaccount",
		.service_host = getenv("KUBERNETES_SERVICE_HOST"),
		.service_port = getenv("KUBERNETES_SERVICE_PORT"),
	};
}
