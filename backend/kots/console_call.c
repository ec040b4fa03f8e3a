/* One call to rqlite or to kotsadm's own API: the address from the Service, the password from the
 * Secret, then the statements, or the question. */
#include "backend/kots/console.h"
#include "backend/kots/console_facts.h"

#include <stdlib.h>
#include <string.h>

#define REPLY_LIMIT ((size_t)32 << 20)
/* An address inside the cluster answers at once or, from outside of it, never. */
#define CONNECT_MS 3000

/* The two that know of applications. The API is only ever asked with GET: what writes there may
 * stall for 30 s, or do a thing that nobody asked for (fixtures' finding 6). */
struct door {
	const char *who, *service, *secret, *refusal;
	int64_t port;
	int total_ms;
};
static const struct door database = {
	"the console's database", CONSOLE_DATABASE, CONSOLE_DATABASE, "password", 4001, 20000,
};
static const struct door api = {
	"the console's API", "kotsadm", CONSOLE_TOKEN, "token", 3000, 8000,
};

struct console_execution {
	const struct door *door;
	struct transport *transport;
	struct client *client;
	char *namespace;
	bool write, too_large;
	client_done *done;
	void *arg;
	struct strbuf body;    /* the statements; of the API none */
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
		return error_set(err, STATUS_TOO_LARGE, "%s at %s answers with more than %zu MiB",
				 execution->door->who, where, REPLY_LIMIT >> 20);
	if (reply->status == 200)
		return STATUS_OK;
	if (reply->status == 401 || reply->status == 403)
		return error_set(err, STATUS_UNAUTHORIZED,
				 "%s at %s refuses the %s of Secret %s/%s", execution->door->who,
				 where, execution->door->refusal, execution->namespace,
				 execution->door->secret);
	if (reply->status >= 300 && reply->status < 400)
		return error_set(err, STATUS_PROTOCOL,
				 "%s at %s sends us elsewhere (HTTP %d), where its %s must not go",
				 execution->door->who, where, reply->status,
				 execution->door->refusal);
	/* What Go's server says to plain HTTP at its TLS port. */
	if (reply->status == 400 && strstr(execution->reply.buf, "HTTP request to an HTTPS server"))
		return error_set(err, STATUS_PROTOCOL,
				 "%s at %s speaks TLS; kotsadm itself speaks plain HTTP",
				 execution->door->who, where);
	return error_set(err, reply->status >= 500 ? STATUS_BUSY : STATUS_PROTOCOL,
			 "%s at %s answers HTTP %d: %.160s", execution->door->who, where,
			 reply->status, execution->reply.buf);
}

/* A sign-in page, or the page of whoever stands in front. */
static bool is_page(const struct console_execution *execution, const struct http_reply *http)
{
	const char *text = execution->reply.buf;

	return text_starts(http->content_type, "text/html") || text[strspn(text, " \t\r\n")] == '<';
}

static enum status judge(const struct console_execution *execution, const struct http_reply *http,
			 struct json **ret_reply, struct error *err)
{
	struct json *reply;
	const char *problem;

	if (is_page(execution, http))
		return error_set(err, STATUS_PROTOCOL, "%s at %s answers with a web page",
				 execution->door->who, execution->address.buf);
	reply = json_parse(execution->reply.buf, execution->reply.len, err);
	if (!reply)
		return error_wrap(err, "%s at %s", execution->door->who, execution->address.buf);
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
		st = error_wrap(&err, "%s at %s", execution->door->who, execution->address.buf);
		if (!*err.hint)
			error_hint(&err, "its address works on a node of the cluster only");
	} else {
		st = judge_status(execution, http, &err);
	}
	if (!st)
		st = judge(execution, http, &reply, &err);
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
					.total_ms = execution->door->total_ms };
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

/* The token goes into a header as it stands: one line, nothing else. */
static bool is_header_value(const struct strbuf *token)
{
	for (size_t i = 0; i < token->len; i++)
		if (token->buf[i] < ' ' || token->buf[i] > '~')
			return false;
	return token->len > 0;
}

static enum status send_question(struct console_execution *execution, const struct json *secret,
				 struct error *err)
{
	struct strbuf token = STRBUF_INIT, authorization = STRBUF_INIT, url = STRBUF_INIT;
	const char *headers[] = { "Accept: application/json", NULL, NULL };
	struct http_request request = { .method = "GET",
					.tls = &execution->direct,
					.headers = headers,
					.gzip = true,
					.stays = true,
					.connect_ms = CONNECT_MS,
					.total_ms = execution->door->total_ms };
	struct transport_events events = { .body = more, .done = answered, .arg = execution };
	enum status st = STATUS_OK;

	facts_add_secret(&token, secret, CONSOLE_TOKEN);
	if (!is_header_value(&token)) {
		st = error_set(err, STATUS_FORMAT, "%s: Secret %s/%s holds no token",
			       execution->door->who, execution->namespace, CONSOLE_TOKEN);
		goto out;
	}
	strbuf_addf(&authorization, "Authorization: %s", token.buf);
	headers[1] = authorization.buf;
	strbuf_addf(&url, "http://%s/api/v1/apps", execution->address.buf);
	request.url = url.buf;
	execution->request = transport_start(execution->transport, &request, &events);
out:
	mem_wipe(token.buf, token.len);
	mem_wipe(authorization.buf, authorization.len);
	strbuf_done(&token);
	strbuf_done(&authorization);
	strbuf_done(&url);
	return st;
}

static void secret_read(void *arg, const struct json *secret, const struct error *failure)
{
	struct console_execution *execution = arg;
	struct error err = ERROR_INIT;
	enum status st = STATUS_OK;

	execution->call = 0;
	if (failure) {
		err = *failure;
		st = error_wrap(&err, "%s", execution->door->who);
	} else if (execution->door == &api) {
		st = send_question(execution, secret, &err);
	} else {
		send_statements(execution, secret);
	}
	if (st)
		finish(execution, NULL, &err);
}

static void read_object(struct console_execution *execution, const char *plural, const char *name,
			client_done *done)
{
	struct kube_kind resource = { "", "v1", plural };
	const char *kind = strcmp(plural, "secrets") == 0 ? "Secret" : "Service";
	struct strbuf path = STRBUF_INIT, what = STRBUF_INIT;
	struct client_call call = { .total_ms = execution->door->total_ms };

	client_add_path(&path, &resource, execution->namespace, name);
	strbuf_addf(&what, "read %s %s in %s", kind, name, execution->namespace);
	call.path = path.buf;
	call.what = what.buf;
	execution->call = client_call(execution->client, &call, done, execution);
	strbuf_done(&path);
	strbuf_done(&what);
}

static int64_t pick_port(const struct json *service, int64_t preferred)
{
	const struct json *ports = json_get(service, "spec.ports"), *port;

	for (port = json_first(ports); port; port = json_next(port))
		if (json_int(port, "port", 0) == preferred)
			return preferred;
	return json_int(json_first(ports), "port", 0);
}

static enum status take_address(struct console_execution *execution, const struct json *service,
				struct error *err)
{
	const char *ip = json_text(service, "spec.clusterIP");
	int64_t port = pick_port(service, execution->door->port);

	if (!*ip || !strcmp(ip, "None") || port <= 0 || port > 65535)
		return error_set(
			err, STATUS_NOT_FOUND, "%s: Service %s/%s has no address of its own",
			execution->door->who, execution->namespace, execution->door->service);
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
		st = error_wrap(&err, "%s", execution->door->who);
	} else {
		st = take_address(execution, service, &err);
	}
	if (st)
		finish(execution, NULL, &err);
	else
		read_object(execution, "secrets", execution->door->secret, secret_read);
}

static void begin(void *arg)
{
	struct console_execution *execution = arg;

	execution->timer = 0;
	read_object(execution, "services", execution->door->service, service_read);
}

static struct console_execution *new_execution(const struct console_statements *statements,
					       const struct door *door)
{
	struct console_execution *execution = mem_alloc(sizeof(*execution));

	execution->door = door;
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
	/* Answers only from transport_wait(), also when the first call cannot be made. */
	execution->timer = transport_after(execution->transport, 0, begin, execution);
	return execution;
}

struct console_execution *console_execute(const struct console_statements *statements)
{
	struct console_execution *execution = new_execution(statements, &database);

	json_print(statements->statements, &execution->body);
	return execution;
}

struct console_execution *console_ask_api(const struct console_statements *statements)
{
	return new_execution(statements, &api);
}
