#include "backend/practice/request.h"

#include "backend/practice/list_stream.h"
#include "backend/practice/watch_stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *request_param(const struct server_request *request, const char *key)
{
	size_t i;

	for (i = 0; i < request->param_count; i++) {
		if (strcmp(request->params[i].key, key) == 0)
			return request->params[i].value;
	}
	return "";
}

bool request_has_param(const struct server_request *request, const char *key)
{
	size_t i;

	for (i = 0; i < request->param_count; i++) {
		if (strcmp(request->params[i].key, key) == 0)
			return true;
	}
	return false;
}

bool request_flag(const struct server_request *request, const char *key)
{
	const char *value = request_param(request, key);

	return strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
}

bool request_is_basic(const struct server_request *request, const char *user, const char *password)
{
	struct strbuf plain = STRBUF_INIT, expected = STRBUF_INIT;
	bool same;

	strbuf_addf(&plain, "%s:%s", user, password);
	strbuf_add_base64(&expected, plain.buf, plain.len);
	same = strncasecmp(request->authorization, "Basic ", 6) == 0 &&
	       strcmp(request->authorization + 6, expected.buf) == 0;
	strbuf_done(&plain);
	strbuf_done(&expected);
	return same;
}

bool request_is_bearer(const struct server_request *request, const char *token)
{
	return strncasecmp(request->authorization, "Bearer ", 7) == 0 &&
	       strcmp(request->authorization + 7, token) == 0;
}

void route_reply_init(struct route_reply *reply)
{
	memset(reply, 0, sizeof(*reply));
	strbuf_init(&reply->body);
}

void route_reply_done(struct route_reply *reply)
{
	strbuf_done(&reply->body);
	free(reply->file_path);
	reply->file_path = NULL;
	watch_stream_free(reply->stream);
	reply->stream = NULL;
	list_stream_free(reply->list);
	reply->list = NULL;
}

static void set_head(struct route_reply *reply, int status, const char *content_type)
{
	reply->status = status;
	snprintf(reply->content_type, sizeof(reply->content_type), "%s", content_type);
	strbuf_reset(&reply->body);
}

void route_reply_text(struct route_reply *reply, int status, const char *content_type,
		      const char *text)
{
	set_head(reply, status, content_type);
	strbuf_adds(&reply->body, text);
}

void route_reply_json(struct route_reply *reply, int status, const struct json *body)
{
	set_head(reply, status, "application/json");
	json_print(body, &reply->body);
	strbuf_addc(&reply->body, '\n');
}
