/* Replies that are no success, in words: what failed, why (the server's own words in quotes), what
 * to do next. Pure. */
#include "backend/base/safetext.h"
#include "backend/kube/client.h"

#include <stdio.h>
#include <string.h>

#define WORDS_MAX 300

/* HTTP status (0 = any of its class), code, what it means, what to do. Status objects refine the
 * code below. */
static const struct {
	int http;
	enum status code;
	const char *means, *hint;
} http_rows[] = {
	{ 400, STATUS_INVALID, "the server refused the request", "" },
	{ 401, STATUS_UNAUTHORIZED, "your login is not accepted", "log in again" },
	{ 403, STATUS_FORBIDDEN, "not permitted",
	  "an administrator has to allow it: the Doctor of the console names the rights" },
	{ 404, STATUS_NOT_FOUND, "it is not there", "" },
	{ 405, STATUS_UNSUPPORTED, "the server does not offer that", "" },
	{ 406, STATUS_UNSUPPORTED, "the server does not offer that format", "" },
	{ 409, STATUS_CONFLICT, "it was changed meanwhile", "try again: what is there now counts" },
	{ 410, STATUS_GONE, "the version asked for is too old", "it is read anew by itself" },
	{ 413, STATUS_TOO_LARGE, "the request is too large", "" },
	{ 415, STATUS_UNSUPPORTED, "the server does not accept that format", "" },
	{ 422, STATUS_INVALID, "the server refused the content", "" },
	{ 429, STATUS_BUSY, "the server has too much to do", "it is tried again by itself" },
	{ 503, STATUS_BUSY, "the server is not ready", "it is tried again by itself" },
	{ 504, STATUS_BUSY, "the server took too long", "it is tried again by itself" },
};

static const struct {
	const char *reason;
	enum status code;
} reason_rows[] = {
	{ "AlreadyExists", STATUS_EXISTS },
	{ "Conflict", STATUS_CONFLICT },
	{ "NotFound", STATUS_NOT_FOUND },
	{ "Forbidden", STATUS_FORBIDDEN },
	{ "Invalid", STATUS_INVALID },
	{ "BadRequest", STATUS_INVALID },
	{ "Expired", STATUS_GONE },
	{ "Gone", STATUS_GONE },
	{ "Unauthorized", STATUS_UNAUTHORIZED },
	{ "TooManyRequests", STATUS_BUSY },
	{ "ServerTimeout", STATUS_BUSY },
	{ "Timeout", STATUS_BUSY },
	{ "ServiceUnavailable", STATUS_BUSY },
	{ "InternalError", STATUS_BUSY },
	{ "MethodNotAllowed", STATUS_UNSUPPORTED },
	{ "RequestEntityTooLarge", STATUS_TOO_LARGE },
};

static void look_up_http(int http, enum status *ret_code, const char **ret_means,
			 const char **ret_hint)
{
	size_t i;

	*ret_code = http >= 500 ? STATUS_BUSY : STATUS_PROTOCOL;
	*ret_means = http >= 500 ? "the server failed" : "an answer that was not understood";
	*ret_hint = http >= 500 ? "it is tried again by itself" : "";
	for (i = 0; i < ARRAY_SIZE(http_rows); i++) {
		if (http_rows[i].http == http) {
			*ret_code = http_rows[i].code;
			*ret_means = http_rows[i].means;
			*ret_hint = http_rows[i].hint;
		}
	}
}

static enum status look_up_reason(const char *reason, enum status fallback)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reason_rows); i++)
		if (!strcmp(reason_rows[i].reason, reason))
			return reason_rows[i].code;
	return fallback;
}

/* Foreign words, made safe and cut to fit one line. */
static void add_words(struct strbuf *out, const char *text, size_t len)
{
	struct strbuf safe = STRBUF_INIT;

	while (len && strchr("\r\n \t", text[len - 1]))
		len--;
	safetext_add(&safe, text, len < WORDS_MAX ? len : WORDS_MAX, false);
	if (safe.len)
		strbuf_addf(out, ": \"%s%s\"", safe.buf, len > WORDS_MAX ? " ..." : "");
	strbuf_done(&safe);
}

static bool is_html(const struct http_reply *reply, const char *body, size_t len)
{
	while (len && strchr("\r\n \t", *body)) {
		body++;
		len--;
	}
	return text_starts(reply->content_type, "text/html") ||
	       (len > 5 && (!strncmp(body, "<!DOC", 5) || !strncmp(body, "<!doc", 5) ||
			    !strncmp(body, "<html", 5) || !strncmp(body, "<HTML", 5)));
}

static enum status html_error(struct error *err, const struct http_reply *reply, const char *what)
{
	error_set(err, STATUS_PROTOCOL,
		  "%s: a web page came (HTTP %d), not an answer of Kubernetes", what,
		  reply->status);
	error_hint(err, "is server: in the kubeconfig an API server, and is no proxy or login "
			"page between (HTTPS_PROXY, NO_PROXY)?");
	if (err)
		err->http = reply->status;
	return STATUS_PROTOCOL;
}

/* AlreadyExists needs words of its own: 409 alone says "changed meanwhile". */
static const char *meaning_of(enum status code, const char *fallback)
{
	return code == STATUS_EXISTS ? "one of that name is there already" : fallback;
}

enum status client_error(struct error *err, const struct http_reply *reply, const char *body,
			 size_t len, const char *what)
{
	const char *means, *hint, *message;
	struct strbuf words = STRBUF_INIT;
	struct json *status = NULL;
	enum status code;

	if (is_html(reply, body, len))
		return html_error(err, reply, what);
	look_up_http(reply->status, &code, &means, &hint);
	status = len && *body == '{' ? json_parse(body, len, NULL) : NULL;
	message = json_key_text(status, "message");
	code = look_up_reason(json_key_text(status, "reason"), code);
	if (*message)
		add_words(&words, message, strlen(message));
	else if (!status && reply->status == 404)
		means = "this cluster does not serve it"; /* "404 page not found", no Status */
	else if (!status)
		add_words(&words, body, len);
	error_set(err, code, "%s: %s%s", what, meaning_of(code, means), words.buf);
	error_hint(err, "%s", hint);
	if (err)
		err->http = reply->status;
	json_free(status);
	strbuf_done(&words);
	return code;
}
