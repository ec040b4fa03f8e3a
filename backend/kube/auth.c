#include "backend/kube/auth.h"

#include "backend/base/clock.h"
#include "backend/base/file.h"
#include "backend/base/json.h"
#include "backend/base/log.h"
#include "backend/base/mem.h"
#include "backend/base/proc.h"
#include "backend/base/strbuf.h"
#include "backend/kube/x509.h"
#include "backend/net/http.h"

#include <stdlib.h>
#include <string.h>

#define PUMP_MS		 20
#define PLUGIN_MS	 60000 /* a plug-in may have to talk to a login server itself */
#define FAILED_MS	 3000  /* eight watches that fail together start a plug-in once */
#define FRESH_MS	 15000
#define TOKEN_FILE_MS	 60000 /* the kubelet renews the file of a pod by itself */
#define EXPIRES_MARGIN_S 30
#define TOKEN_CEILING	 (64 * 1024)
#define PEM_CEILING	 (1024 * 1024)

struct auth {
	struct transport *transport;
	const struct kube_access *access; /* what was given, or `fresh` */
	struct kube_access fresh;	  /* the kubeconfig, read again */
	void (*changed)(void *arg);
	void *arg;
	struct tls_identity tls;
	char **headers;
	unsigned generation;
	bool made;	       /* tls and headers are of this generation */
	int64_t token_read_ms; /* when the token file was read */
	char *token;	       /* of the token file */
	struct exec_credential exec;
	bool has_exec; /* exec was filled */
	int64_t exec_got_ms;
	struct proc *proc;
	int64_t proc_until_ms;
	uint64_t timer;
	struct error error;
	int64_t failed_until_ms;
};

static void wipe(char **text)
{
	if (*text)
		mem_wipe(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

static void headers_done(struct auth *auth)
{
	size_t i;

	for (i = 0; auth->headers && auth->headers[i]; i++)
		wipe(&auth->headers[i]);
	free(auth->headers);
	auth->headers = NULL;
}

static char *copy(const char *text)
{
	return text ? mem_text(text) : NULL;
}

struct auth *auth_new(struct transport *transport, const struct kube_access *access,
		      void (*changed)(void *arg), void *arg)
{
	struct auth *auth = mem_alloc(sizeof(*auth));

	auth->transport = transport;
	auth->access = access;
	auth->changed = changed;
	auth->arg = arg;
	auth->generation = 1;
	auth->tls = (struct tls_identity){ .ca_pem = copy(access->ca_pem),
					   .cert_pem = copy(access->cert_pem),
					   .key_pem = copy(access->key_pem),
					   .server_name = copy(access->server_name),
					   .proxy_url = copy(access->proxy_url),
					   .insecure = access->insecure };
	return auth;
}

void auth_free(struct auth *auth)
{
	if (!auth)
		return;
	transport_cancel_timer(auth->transport, auth->timer);
	proc_free(auth->proc);
	tls_identity_done(&auth->tls);
	headers_done(auth);
	exec_credential_done(&auth->exec);
	wipe(&auth->token);
	kube_access_done(&auth->fresh);
	free(auth);
}

const struct error *auth_error(const struct auth *auth)
{
	return &auth->error;
}

const struct tls_identity *auth_tls(const struct auth *auth)
{
	return &auth->tls;
}

const char *const *auth_headers(const struct auth *auth)
{
	return (const char *const *)auth->headers;
}

unsigned auth_generation(const struct auth *auth)
{
	return auth->generation;
}

/* ---- the identity as curl and HTTP want it ---- */

static void add_header(struct auth *auth, size_t *count, const char *name, const char *value)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s: %s", name, value);
	auth->headers = mem_resize(auth->headers, (*count + 2) * sizeof(*auth->headers));
	auth->headers[(*count)++] = strbuf_detach(&text);
	auth->headers[*count] = NULL;
}

static void add_authorization(struct auth *auth, size_t *count)
{
	const struct kube_access *access = auth->access;
	const char *token = auth->exec.token ? auth->exec.token
			    : auth->token    ? auth->token
					     : access->token;
	struct strbuf value = STRBUF_INIT, pair = STRBUF_INIT;

	if (token) {
		strbuf_addf(&value, "Bearer %s", token);
	} else if (access->username) {
		strbuf_addf(&pair, "%s:%s", access->username,
			    access->password ? access->password : "");
		strbuf_adds(&value, "Basic ");
		strbuf_add_base64(&value, pair.buf, pair.len);
	}
	if (value.len)
		add_header(auth, count, "Authorization", value.buf);
	mem_wipe(value.capacity ? value.buf : NULL, value.len);
	mem_wipe(pair.capacity ? pair.buf : NULL, pair.len);
	strbuf_done(&value);
	strbuf_done(&pair);
}

static void make_identity(struct auth *auth)
{
	const struct kube_access *access = auth->access;
	size_t count = 0, i;

	headers_done(auth);
	add_authorization(auth, &count);
	if (access->as_user)
		add_header(auth, &count, "Impersonate-User", access->as_user);
	for (i = 0; access->as_groups && access->as_groups[i]; i++)
		add_header(auth, &count, "Impersonate-Group", access->as_groups[i]);
	if (auth->exec.cert_pem) {
		wipe(&auth->tls.cert_pem);
		wipe(&auth->tls.key_pem);
		auth->tls.cert_pem = mem_text(auth->exec.cert_pem);
		auth->tls.key_pem = mem_text(auth->exec.key_pem);
	}
	auth->made = true;
}

static enum auth_state fail(struct auth *auth)
{
	auth->failed_until_ms = clock_monotonic_ms() + FAILED_MS;
	return AUTH_FAILED;
}

/* ---- token files ---- */

/* The last good content stays in use when the file cannot be read for a moment. */
static enum auth_state check_token_file(struct auth *auth)
{
	struct strbuf text = STRBUF_INIT;
	int64_t now_ms = clock_monotonic_ms();
	enum status st;

	if (auth->token_read_ms && now_ms - auth->token_read_ms < TOKEN_FILE_MS)
		return AUTH_READY;
	st = file_read(auth->access->token_path, TOKEN_CEILING, &text, &auth->error);
	while (text.len && strchr("\r\n \t", text.buf[text.len - 1]))
		strbuf_cut(&text, text.len - 1);
	if (!st && text.len == 0)
		st = error_set(&auth->error, STATUS_FORMAT, "the token file %s is empty",
			       auth->access->token_path);
	if (!st) {
		auth->made = auth->made && auth->token && !strcmp(auth->token, text.buf);
		wipe(&auth->token);
		auth->token = mem_text(text.buf);
		auth->token_read_ms = now_ms;
	}
	mem_wipe(text.capacity ? text.buf : NULL, text.len);
	strbuf_done(&text);
	if (!st || auth->token || auth->access->token)
		return AUTH_READY;
	error_hint(&auth->error, "check tokenFile of user %s in %s", auth->access->user,
		   auth->access->source);
	return fail(auth);
}

/* ---- exec plug-ins (client.authentication.k8s.io) ---- */

static char *make_exec_info(const struct kube_access *access)
{
	struct json *info = json_new_map(), *spec, *cluster;
	struct strbuf ca = STRBUF_INIT, text = STRBUF_INIT;

	json_put_text(info, "kind", "ExecCredential");
	json_put_text(info, "apiVersion", access->exec.api_version);
	spec = json_put(info, "spec", json_new_map());
	json_put_bool(spec, "interactive", false);
	if (access->exec.provide_cluster_info) {
		cluster = json_put(spec, "cluster", json_new_map());
		json_put_text(cluster, "server", access->server);
		if (access->server_name)
			json_put_text(cluster, "tls-server-name", access->server_name);
		if (access->insecure)
			json_put_bool(cluster, "insecure-skip-tls-verify", true);
		if (access->ca_pem) {
			strbuf_add_base64(&ca, access->ca_pem, strlen(access->ca_pem));
			json_put_text(cluster, "certificate-authority-data", ca.buf);
		}
		if (access->proxy_url)
			json_put_text(cluster, "proxy-url", access->proxy_url);
	}
	strbuf_adds(&text, "KUBERNETES_EXEC_INFO=");
	json_print(info, &text);
	strbuf_done(&ca);
	json_free(info);
	return strbuf_detach(&text);
}

static void say_plugin_failed(struct auth *auth, const char *why)
{
	const struct kubeconfig_exec *exec = &auth->access->exec;

	error_set(&auth->error, STATUS_UNAUTHORIZED, "log in with %s: %s", exec->command, why);
	if (*exec->install_hint)
		error_hint(&auth->error, "%s", exec->install_hint);
	else
		error_hint(&auth->error, "run it by hand, then log in again with its own command");
}

static enum auth_state start_plugin(struct auth *auth);

static void end_plugin(struct auth *auth)
{
	proc_free(auth->proc);
	auth->proc = NULL;
}

/* First line of what the plug-in complained: the rest is for its own log. */
static void judge_exit(struct auth *auth, int exit_code)
{
	const struct strbuf *complaint = proc_complaint(auth->proc);
	const struct strbuf *output = proc_output(auth->proc);
	struct exec_credential fresh;
	struct error why = ERROR_INIT;
	char text[300];

	if (exit_code != 0) {
		error_set(&why, STATUS_FAILED, "it ended with exit code %d: \"%.*s\"", exit_code,
			  (int)strcspn(complaint->buf, "\r\n"), complaint->buf);
	} else if (!exec_credential_parse(output->buf, output->len, &fresh, &why)) {
		exec_credential_done(&auth->exec);
		auth->exec = fresh;
		auth->has_exec = true;
		auth->exec_got_ms = clock_monotonic_ms();
		auth->made = false;
		log_line("auth", "%s gave a login, expires %lld", auth->access->exec.command,
			 (long long)fresh.expires);
		return;
	}
	memcpy(text, why.text, sizeof(text));
	text[sizeof(text) - 1] = '\0';
	say_plugin_failed(auth, text);
	fail(auth);
}

static void look_at_plugin(void *arg)
{
	struct auth *auth = arg;
	int exit_code;

	auth->timer = 0;
	proc_pump(auth->proc);
	if (proc_ended(auth->proc, &exit_code)) {
		proc_pump(auth->proc); /* what it said between the look and its end */
		judge_exit(auth, exit_code);
	} else if (clock_monotonic_ms() > auth->proc_until_ms) {
		say_plugin_failed(auth, "it did not end within a minute");
		fail(auth);
	} else {
		auth->timer = transport_after(auth->transport, PUMP_MS, look_at_plugin, auth);
		return;
	}
	end_plugin(auth);
	auth->changed(auth->arg);
}

static enum auth_state start_plugin(struct auth *auth)
{
	const struct kubeconfig_exec *exec = &auth->access->exec;
	size_t args = 0, env = 0, i;
	const char **argv, **env_add;
	char *info = make_exec_info(auth->access);
	struct error why = ERROR_INIT;
	enum status st;

	while (exec->args && exec->args[args])
		args++;
	while (exec->env && exec->env[env])
		env++;
	argv = mem_array(args + 2, sizeof(*argv));
	env_add = mem_array(env + 2, sizeof(*env_add));
	argv[0] = exec->command;
	for (i = 0; i < args; i++)
		argv[i + 1] = exec->args[i];
	env_add[0] = info;
	for (i = 0; i < env; i++)
		env_add[i + 1] = exec->env[i];
	st = proc_start(&(struct proc_spec){ .argv = argv, .env_add = env_add }, &auth->proc, &why);
	free(argv);
	free(env_add);
	free(info);
	if (st) {
		say_plugin_failed(auth,
				  st == STATUS_NOT_FOUND ? "there is no such program" : why.text);
		return fail(auth);
	}
	log_line("auth", "started %s", exec->command);
	auth->proc_until_ms = clock_monotonic_ms() + PLUGIN_MS;
	auth->timer = transport_after(auth->transport, PUMP_MS, look_at_plugin, auth);
	return AUTH_WAITING;
}

/* A login that was given just now counts even when it seems over: a wrong clock must not start
 * plug-ins without end. */
static bool is_fresh(const struct auth *auth)
{
	return auth->has_exec &&
	       (!auth->exec.expires || auth->exec.expires - EXPIRES_MARGIN_S > clock_now() ||
		clock_monotonic_ms() - auth->exec_got_ms < FRESH_MS);
}

static enum auth_state check_plugin(struct auth *auth)
{
	if (auth->proc)
		return AUTH_WAITING;
	if (is_fresh(auth))
		return AUTH_READY;
	if (clock_monotonic_ms() < auth->failed_until_ms)
		return AUTH_FAILED;
	if (auth->access->exec.needs_terminal) {
		say_plugin_failed(auth, "it wants to ask questions on a terminal");
		error_hint(&auth->error, "log in with its own command first, then use "
					 "interactiveMode: IfAvailable");
		return AUTH_FAILED;
	}
	if (auth->has_exec)
		auth->generation++;
	auth->has_exec = false;
	return start_plugin(auth);
}

enum auth_state auth_check(struct auth *auth)
{
	enum auth_state state = AUTH_READY;

	if (auth->access->exec.command)
		state = check_plugin(auth);
	else if (auth->access->token_path)
		state = check_token_file(auth);
	if (state == AUTH_READY && !auth->made)
		make_identity(auth);
	return state;
}

/* ---- refused ---- */

static void read_again(const char *path, char **pem)
{
	struct strbuf text = STRBUF_INIT;

	if (path && !file_read(path, PEM_CEILING, &text, NULL)) {
		wipe(pem);
		*pem = strbuf_detach(&text);
	}
	strbuf_done(&text);
}

static bool is_same(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

static bool is_same_origin(const char *a, const char *b)
{
	struct strbuf one = STRBUF_INIT, other = STRBUF_INIT;
	bool same;

	http_add_origin(&one, a ? a : "");
	http_add_origin(&other, b ? b : "");
	same = is_same(one.buf, other.buf);
	strbuf_done(&one);
	strbuf_done(&other);
	return same;
}

/* A new token or certificate may stand in the kubeconfig by now ("kubeadm certs renew" writes
 * admin.conf anew). Only for the same server: a login is not shown to another one. */
static bool read_kubeconfig_again(struct auth *auth)
{
	const struct kube_access *old = auth->access;
	struct kube_access fresh = { 0 };

	if (kubeconfig_reload(old, &fresh, NULL))
		return false;
	if (!is_same_origin(old->server, fresh.server) ||
	    (is_same(old->token, fresh.token) && is_same(old->cert_pem, fresh.cert_pem) &&
	     is_same(old->key_pem, fresh.key_pem) && is_same(old->password, fresh.password))) {
		kube_access_done(&fresh);
		return false;
	}
	wipe(&auth->tls.cert_pem);
	wipe(&auth->tls.key_pem);
	auth->tls.cert_pem = copy(fresh.cert_pem);
	auth->tls.key_pem = copy(fresh.key_pem);
	kube_access_done(&auth->fresh);
	auth->fresh = fresh;
	auth->access = &auth->fresh;
	return true;
}

bool auth_renew(struct auth *auth, unsigned generation)
{
	const struct kube_access *access;

	if (generation != auth->generation)
		return true;
	if (!read_kubeconfig_again(auth) && !auth->access->exec.command &&
	    !auth->access->token_path && !auth->access->cert_path)
		return false;
	access = auth->access;
	auth->generation++;
	auth->has_exec = false;
	auth->token_read_ms = 0;
	auth->made = false;
	read_again(access->cert_path, &auth->tls.cert_pem);
	read_again(access->key_path, &auth->tls.key_pem);
	return true;
}

static bool explain_expired(const struct auth *auth, const char *pem, const char *which,
			    const char *hint, struct error *err)
{
	int64_t end = x509_not_after(pem);
	struct strbuf when = STRBUF_INIT, text = STRBUF_INIT;
	enum status code = err->code;
	int http = err->http;

	if (!end || end > clock_now())
		return false;
	clock_add_rfc3339(&when, end);
	strbuf_addf(&text, "%s in %s expired on %.10s", which, auth->access->source, when.buf);
	error_set(err, code, "%s", text.buf);
	error_hint(err, "%s", hint);
	err->http = http;
	strbuf_done(&when);
	strbuf_done(&text);
	return true;
}

static const char certificate_hint[] =
	"on a node: kubeadm certs renew admin.conf; elsewhere: get a new kubeconfig";

void auth_explain_refusal(const struct auth *auth, struct error *err)
{
	const struct kube_access *access = auth->access;

	if (explain_expired(auth, auth->tls.cert_pem, "the client certificate", certificate_hint,
			    err))
		return;
	if (access->exec.command)
		error_hint(err, "log in again with the command that belongs to %s",
			   access->exec.command);
	else if (access->token_path)
		error_hint(err, "the token in %s is not accepted: it is read again each minute",
			   access->token_path);
	else if (access->token)
		error_hint(err, "the token of user %s in %s is not accepted: get a new one",
			   access->user, access->source);
	else if (access->cert_pem)
		error_hint(err,
			   "the client certificate in %s is not accepted: is it of this "
			   "cluster?",
			   access->source);
	else
		error_hint(err, "user %s in %s has no login", access->user, access->source);
}

bool auth_explain_tls(const struct auth *auth, struct error *err)
{
	return explain_expired(auth, auth->tls.cert_pem, "the client certificate", certificate_hint,
			       err) ||
	       explain_expired(auth, auth->tls.ca_pem, "the certificate authority",
			       "get a new kubeconfig from the cluster", err);
}
