#include "backend/kube/client.h"

#include "tests/support/recording.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a real API server said (tests/fixtures/kube), the code, words of the text */
static const struct {
	const char *file;
	enum status code;
	const char *words;
} recorded[] = {
	{ "401-bad-token", STATUS_UNAUTHORIZED, "your login is not accepted" },
	{ "403-list", STATUS_FORBIDDEN, "not permitted: \"restores.velero.io is forbidden: User" },
	{ "403-absent-kind", STATUS_FORBIDDEN, "not permitted: \"nosuchthings.velero.io" },
	{ "403-no-credentials", STATUS_FORBIDDEN, "system:anonymous" },
	{ "404-object", STATUS_NOT_FOUND, "\"backups.velero.io \"never-was\" not found\"" },
	{ "404-group", STATUS_NOT_FOUND, "this cluster does not serve it" },
	{ "404-method", STATUS_NOT_FOUND, "this cluster does not serve it" },
	{ "409-conflict", STATUS_CONFLICT, "changed meanwhile: \"Operation cannot be fulfilled" },
	{ "409-exists", STATUS_EXISTS, "one of that name is there already" },
	{ "415-content-type", STATUS_UNSUPPORTED, "does not accept that format" },
	{ "422-name", STATUS_INVALID, "refused the content: \"Backup.velero.io" },
	{ "400-strict", STATUS_INVALID, "unknown field \"spec.colour\"" },
	{ "400-selector", STATUS_INVALID, "the server refused the request" },
	{ "504-future-list", STATUS_BUSY, "the server took too long" },
};

static void read_recorded(const char *name, struct http_reply *reply, struct strbuf *text,
			  const char **ret_body)
{
	char path[128];
	const char *type;

	snprintf(path, sizeof(path), "kube/%s.http", name);
	recording_text(path, text);
	reply->status = atoi(strchr(text->buf, ' ') + 1);
	type = text_find_nocase(text->buf, "Content-Type: ");
	snprintf(reply->content_type, sizeof(reply->content_type), "%.*s",
		 (int)strcspn(type + 14, "\r\n"), type + 14);
	*ret_body = strstr(text->buf, "\r\n\r\n");
	*ret_body = *ret_body ? *ret_body + 4 : strstr(text->buf, "\n\n") + 2;
}

Test(client_error, what_a_real_server_said_becomes_words)
{
	for (size_t i = 0; i < ARRAY_SIZE(recorded); i++) {
		struct http_reply reply = { 0 };
		struct strbuf text = STRBUF_INIT;
		struct error err = ERROR_INIT;
		const char *body;

		read_recorded(recorded[i].file, &reply, &text, &body);
		cr_expect(eq(int,
			     (int)client_error(&err, &reply, body, strlen(body),
					       "list backups in velero"),
			     (int)recorded[i].code),
			  "%s", recorded[i].file);
		cr_expect(strstr(err.text, "list backups in velero: ") == err.text, "%s", err.text);
		cr_expect(strstr(err.text, recorded[i].words) != NULL, "%s: %s", recorded[i].file,
			  err.text);
		cr_expect(eq(int, err.http, reply.status));
		strbuf_done(&text);
	}
}

/* HTTP status, type, body, code, words */
static const struct {
	int http;
	const char *type, *body;
	enum status code;
	const char *words;
} others[] = {
	{ 200, "text/html; charset=utf-8", "<html>Sign in</html>", STATUS_PROTOCOL,
	  "a web page came (HTTP 200)" },
	{ 502, "text/html", "<html>Bad Gateway</html>", STATUS_PROTOCOL,
	  "a web page came (HTTP 502)" },
	{ 503, "text/plain", " \n<!DOCTYPE html><html>", STATUS_PROTOCOL, "a web page came" },
	{ 429, "text/plain", "Too many requests, please try again later.\n", STATUS_BUSY,
	  "too much to do: \"Too many requests, please try again later.\"" },
	{ 503, "application/json",
	  "{\"kind\":\"Status\",\"message\":\"the request has been made before all known HTTP "
	  "paths "
	  "have been installed, please try again\",\"reason\":\"ServiceUnavailable\","
	  "\"details\":{\"retryAfterSeconds\":5},\"code\":503}",
	  STATUS_BUSY, "the server is not ready: \"the request has been made before" },
	{ 500, "application/json", "{\"kind\":\"Status\",\"reason\":\"InternalError\"}",
	  STATUS_BUSY, "the server failed" },
	{ 599, "text/plain", "", STATUS_BUSY, "the server failed" },
	{ 418, "text/plain", "teapot", STATUS_PROTOCOL, "not understood: \"teapot\"" },
	{ 410, "application/json", "{\"reason\":\"Expired\",\"message\":\"too old\"}", STATUS_GONE,
	  "too old" },
	{ 405, "text/plain", "", STATUS_UNSUPPORTED, "does not offer that" },
	{ 403, "application/json", "{\"message\":\"a \\u001b[31mred\\u001b[0m\\nline\"}",
	  STATUS_FORBIDDEN, "\"a ^[[31mred^[[0m line\"" },
	{ 403, "application/json", "{\"message\":", STATUS_FORBIDDEN, "not permitted" },
};

Test(client_error, odd_answers_become_words_too)
{
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		struct http_reply reply = { .status = others[i].http };
		struct error err = ERROR_INIT;

		snprintf(reply.content_type, sizeof(reply.content_type), "%s", others[i].type);
		cr_expect(eq(int,
			     (int)client_error(&err, &reply, others[i].body, strlen(others[i].body),
					       "do it"),
			     (int)others[i].code),
			  "%d %s", others[i].http, others[i].body);
		cr_expect(strstr(err.text, others[i].words) != NULL, "%s: %s", others[i].words,
			  err.text);
	}
}

Test(client_error, words_without_end_are_cut)
{
	struct http_reply reply = { .status = 500 };
	struct error err = ERROR_INIT;
	static char body[100000];

	memset(body, 'w', sizeof(body));
	client_error(&err, &reply, body, sizeof(body), "do it");
	cr_expect(strstr(err.text, " ...\"") != NULL, "%s", err.text);
	cr_expect(eq(sz, strlen(err.hint) > 0, true));
}

/* group, plural, namespace, name, path */
static const struct {
	struct kube_kind kind;
	const char *namespace, *name, *path;
} paths[] = {
	{ { "velero.io", "v1", "backups" },
	  "velero",
	  "x",
	  "/apis/velero.io/v1/namespaces/velero/backups/x" },
	{ { "velero.io", "v1", "backups" }, "", NULL, "/apis/velero.io/v1/backups" },
	{ { "", "v1", "pods" }, "a b", "x/y", "/api/v1/namespaces/a%20b/pods/x%2Fy" },
	{ { "", "v1", "nodes" }, NULL, "n", "/api/v1/nodes/n" },
};

Test(client, paths_of_kinds)
{
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct strbuf out = STRBUF_INIT;

		client_add_path(&out, &paths[i].kind, paths[i].namespace, paths[i].name);
		cr_expect(zero(int, strcmp(out.buf, paths[i].path)), "%s", out.buf);
		strbuf_done(&out);
	}
}
