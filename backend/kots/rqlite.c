/* One call to rqlite: its address from the Service, its password from the Secret, then the
 * statements. */
#include "backend/kots/console.h"
#include "backend/kots/console_facts.h"

#include <stdlib.h>
#include <string.h>

#define REPLY_LIMIT ((size_t)32 << 20)
/* An address inside the cluster answers at once or, from outside of it, never. */
#define CONNECT_MS 3000
#define TOTAL_MS   20000

struct console_execution {
	struct transport *transport;
	struct client *client;
	char *namespace;
	bool write, too_large;
	client_done *done;
	void *arg;
	struct strbuf body;    /* the statements */
	struct strbuf address; /* "10.96.0.7:4001" */
	struct strbuf reply;
	/* An address inside the cluster is no business of a proxy, nor is the password. */
	struct tls_identity direct;
	uint64_t call, request, timer;
};

void console_execute_cancel(struct console_execution *execution)
{
	if (!execution)
		return;
	if (execution->call)
		client_cancel(execution->client, execution->call);
	if (execution->request)
		transport_cancel(execution->transport, execution->request);
	if (execution->timer)
		transport_cancel_timer(execution->transport, execution->timer);
	strbuf_done(&execution->body);
	strbuf_done(&execution->address);
	strbuf_done(&execution->reply);
	tls_identity_done(&execution->direct);
	free(execution->namespace);
	free(execution);
}

static void finish(struct console_execution *execution, const struct json *reply,
		   const struct error *err)
{
	client_done *done = execution->done;
	void *arg = execution->arg;

	console_execute_cancel(execution);
	done(arg, reply, err);
}

static const char *first_problem(const struct json *reply)
{
	const struct json *result = json_first(json_key(reply, "results"));

	for (; result; result = json_next(result))
		if (*json_key_text(result, "error"))
			return json_key_text(result, "error");
	return json_key_text(reply, "error");
}

static enum status judge_status(const struct console_execution *execution,
				const struct http_reply *reply, struct error *err)
{
	const char *where = execution->address.buf;

	if (execution->too_large)
		return error_set(err, STATUS_TOO_LARGE,
				 "the console's database at %s answers with more than %zu MiB",
				 where, REPLY_LIMIT >> 20);
	if (reply->status == 200)
		return STATUS_OK;
	if (reply->status == 401 || reply->status == 403)
		return error_set(err, STATUS_UNAUTHORIZED,
				 "the console's database at %s refuses the password of Secret "
				 "%s/" CONSOLE_DATABASE,
				 where, execution->namespace);
	return error_set(err, reply->status >= 500 ? STATUS_BUSY : STATUS_PROTOCOL,
			 "the console's database at %s answers HTTP %d: %.160s", where,
			 reply->status, execution->reply.buf);
}

static enum status judge(const struct console_execution *execution, struct json **ret_reply,
			 struct error *err)
{
	struct json *reply = json_parse(execution->reply.buf, execution->reply.len, err);
	const char *problem;

	if (!reply)
		return error_wrap(err, "the console's database at %s", execution->address.buf);
	problem = first_problem(reply);
	if (execution->write && *problem) {
		error_set(err, STATUS_FAILED, "the console's database refuses the change: %s",
			  problem);
		json_free(reply);
		return STATUS_FAILED;
	}
	*ret_reply = reply;
	return STATUS_OK;
}

static bool more(void *arg, const char *bytes, size_t len)
{
	struct console_execution *execution = arg;

	execution->too_large = execution->reply.len + len > REPLY_LIMIT;
	if (!execution->too_large)
		strbuf_add(&execution->reply, bytes, len);
	return !execution->too_large;
}

static void answered(void *arg, const struct http_reply *http, const struct error *failure)
{
	struct console_execution *execution = arg;
	struct error err = ERROR_INIT;
	struct json *reply = NULL;
	enum status st;

	execution->request = 0;
	if (failure && !execution->too_large) {
		err = *failure;
		st = error_wrap(&err, "the console's database at %s", execution->address.buf);
		if (!*err.hint)
			error_hint(&err, "its address works on a node of the cluster only");
	} else {
		st = judge_status(execution, http, &err);
	}
	if (!st)
		st = judge(execution, &reply, &err);
	finish(execution, reply, st ? &err : NULL);
	json_free(reply);
}

/* The user stands in the address that kotsadm uses: http://USER:PASSWORD@host:port?... */
static void add_login(struct strbuf *out, const struct json *secret)
{
	struct strbuf uri = STRBUF_INIT;
	const char *user = "kotsadm", *colon = NULL, *at = NULL;
	int user_len = (int)strlen(user);

	facts_add_secret(&uri, secret, "uri");
	if (text_starts(uri.buf, "http")) {
		const char *begin = strstr(uri.buf, "://");

		at = begin ? strchr(begin, '@') : NULL;
		colon = at ? memchr(begin + 3, ':', (size_t)(at - begin - 3)) : NULL;
		if (colon) {
			user = begin + 3;
			user_len = (int)(colon - user);
		}
	}
	strbuf_addf(out, "%.*s:", user_len, user);
	if (*json_key_text(json_key(secret, "data"), "password"))
		facts_add_secret(out, secret, "password");
	else if (colon)
		strbuf_add(out, colon + 1, (size_t)(at - colon - 1));
	mem_wipe(uri.buf, uri.len);
	strbuf_done(&uri);
}

static void send_statements(struct console_execution *execution, const struct json *secret)
{
	struct strbuf login = STRBUF_INIT, authorization = STRBUF_INIT, url = STRBUF_INIT;
	const char *headers[] = { "Content-Type: application/json", NULL, NULL };
	struct http_request request = { .method = "POST",
					.tls = &execution->direct,
					.headers = headers,
					.body = execution->body.buf,
					.body_len = execution->body.len,
					.connect_ms = CONNECT_MS,
					.total_ms = TOTAL_MS };
	struct transport_events events = { .body = more, .done = answered, .arg = execution };

	add_login(&login, secret);
	strbuf_adds(&authorization, "Authorization: Basic ");
	strbuf_add_base64(&authorization, login.buf, login.len);
	headers[1] = authorization.buf;
	strbuf_addf(&url, "http://%s/db/%s", execution->address.buf,
		    execution->write ? "execute?transaction" : "query");
	request.url = url.buf;
	execution->request = transport_start(execution->transport, &request, &events);
	mem_wipe(login.buf, login.len);
	mem_wipe(authorization.buf, authorization.len);
	strbuf_done(&login);
	strbuf_done(&authorization);
	strbuf_done(&url);
}

static void secret_read(void *arg, const struct json *secret, const struct error *failure)
{
	struct console_execution *execution = arg;
	struct error err;

	execution->call = 0;
	if (failure) {
		err = *failure;
		error_wrap(&err, "the console's database");
		finish(execution, NULL, &err);
		return;
	}
	send_statements(execution, secret);
}

static void read_object(struct console_execution *execution, const char *plural, const char *kind,
			client_done *done)
{
	struct kube_kind resource = { "", "v1", plural };
	struct strbuf path = STRBUF_INIT, what = STRBUF_INIT;
	struct client_call call = { .total_ms = TOTAL_MS };

	client_add_path(&path, &resource, execution->namespace, CONSOLE_DATABASE);
	strbuf_addf(&what, "read %s " CONSOLE_DATABASE " in %s", kind, execution->namespace);
	call.path = path.buf;
	call.what = what.buf;
	execution->call = client_call(execution->client, &call, done, execution);
	strbuf_done(&path);
	strbuf_done(&what);
}

static int64_t pick_port(const struct json *service)
{
	const struct json *ports = json_get(service, "spec.ports"), *port;

	for (port = json_first(ports); port; port = json_next(port))
		if (json_int(port, "port", 0) == 4001)
			return 4001;
	return json_int(json_first(ports), "port", 0);
}

static enum status take_address(struct console_execution *execution, const struct json *service,
				struct error *err)
{
	const char *ip = json_text(service, "spec.clusterIP");
	int64_t port = pick_port(service);

	if (!*ip || !strcmp(ip, "None") || port <= 0 || port > 65535)
		return error_set(err, STATUS_NOT_FOUND,
				 "the console's database: Service %s/" CONSOLE_DATABASE
				 " has no address of its own",
				 execution->namespace);
	strbuf_addf(&execution->address, strchr(ip, ':') ? "[%s]:%lld" : "%s:%lld", ip,
		    (long long)port);
	return STATUS_OK;
}

static void service_read(void *arg, const struct json *service, const struct error *failure)
{
	struct console_execution *execution = arg;
	struct error err = ERROR_INIT;
	enum status st;

	execution->call = 0;
	if (failure) {
		err = *failure;
		st = error_wrap(&err, "the console's database");
	} else {
		st = take_address(execution, service, &err);
	}
	if (st)
		finish(execution, NULL, &err);
	else
		read_object(execution, "secrets", "Secret", secret_read);
}

static void begin(void *arg)
{
	struct console_execution *execution = arg;

	execution->timer = 0;
	read_object(execution, "services", "Service", service_read);
}

struct console_execution *console_execute(const struct console_statements *statements)
{
	struct console_execution *execution = mem_alloc(sizeof(*execution));

	execution->transport = statements->transport;
	execution->client = statements->client;
	execution->namespace = mem_text(statements->namespace);
	execution->write = statements->write;
	execution->done = statements->done;
	execution->arg = statements->arg;
	execution->direct.proxy_url = mem_text("");
	strbuf_init(&execution->body);
	strbuf_init(&execution->address);
	strbuf_init(&execution->reply);
	json_print(statements->statements, &execution->body);
	/* Answers only from transport_wait(), also when the first call cannot be made. */
	execution->timer = transport_after(execution->transport, 0, begin, execution);
	return execution;
}
