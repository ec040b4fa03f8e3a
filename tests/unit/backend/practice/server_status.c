#include "backend/base/mem.h"
#include "tests/support/recording.h"
#include "tests/unit/backend/practice/objects_rig.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each line: a request to a Kubernetes 1.34 server with Velero 1.18.3, and what it answered. */
#define RECORDINGS "practice/statuses.ndjson"
#define ROWS	   25

/* What cannot be the same twice: the uid of the backup er1, and the version of the moment. */
static void replace_all(struct strbuf *text, const char *from, const char *to)
{
	struct strbuf out = STRBUF_INIT;
	const char *at = text->buf, *hit;

	while ((hit = strstr(at, from))) {
		strbuf_add(&out, at, (size_t)(hit - at));
		strbuf_adds(&out, to);
		at = hit + strlen(from);
	}
	strbuf_adds(&out, at);
	strbuf_done(text);
	*text = out;
}

static struct json *read_row(struct objects_rig *rig, int index)
{
	struct strbuf text = STRBUF_INIT, line = STRBUF_INIT;
	struct json *backup = objects_rig_get(rig, "backups.velero.io", "velero", "er1"), *row;
	char version[32];
	const char *at;

	recording_text(RECORDINGS, &text);
	for (at = text.buf; index > 0; index--)
		at = strchr(at, '\n') + 1;
	strbuf_add(&line, at, strcspn(at, "\n"));
	snprintf(version, sizeof(version), "current: %" PRId64, objects_version(rig->objects));
	replace_all(&line, "baa47d9e-e73e-4f63-bf67-01b4f0f8b098",
		    json_text(backup, "metadata.uid"));
	replace_all(&line, "current: 4100", version);
	snprintf(version, sizeof(version), "%" PRId64, objects_version(rig->objects));
	replace_all(&line, "\"4099\"", "\"VERSION\"");
	replace_all(&line, "VERSION", version);
	row = json_parse(line.buf, line.len, NULL);
	cr_assert(row);
	json_free(backup);
	strbuf_done(&text);
	strbuf_done(&line);
	return row;
}

ParameterizedTestParameters(server_status, is_what_the_real_server_wrote)
{
	static int rows[ROWS];
	int i;

	for (i = 0; i < ROWS; i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, ROWS);
}

static void compare(const struct json *row, const struct route_reply *reply)
{
	const struct json *wanted = json_key(row, "reply");
	struct json *got = json_parse(reply->body.buf, reply->body.len, NULL);
	struct strbuf text = STRBUF_INIT;

	json_print(wanted, &text);
	cr_expect_eq(reply->status, (int)json_int(row, "status", 0), "%s: %d",
		     json_key_text(row, "name"), reply->status);
	if (wanted)
		cr_expect(json_equal(got, wanted), "%s:\n got %s\nwant %s\n",
			  json_key_text(row, "name"), reply->body.buf, text.buf);
	else
		cr_expect_eq(strncmp(reply->body.buf, json_key_text(row, "text"),
				     strlen(json_key_text(row, "text"))),
			     0, "%s: %s", json_key_text(row, "name"), reply->body.buf);
	json_free(got);
	strbuf_done(&text);
}

ParameterizedTest(int *index, server_status, is_what_the_real_server_wrote)
{
	struct objects_rig rig;
	struct objects_rig_request request = { 0 };
	struct route_reply reply;
	struct json *row;

	objects_rig_open(&rig);
	objects_rig_create(&rig, "backups.velero.io", "velero", "er1", "{'spec':{}}");
	objects_rig_create(&rig, "backups.velero.io", "velero", "n2", "{'spec':{}}");
	row = read_row(&rig, *index);
	request.method = json_key_text(row, "method");
	request.target = json_key_text(row, "path");
	request.type = json_key_text(row, "type");
	request.body = json_key_text(row, "body");
	request.anonymous = json_bool(row, "anonymous", false);
	objects_rig_ask(&rig, &request, &reply);
	compare(row, &reply);
	route_reply_done(&reply);
	json_free(row);
	objects_rig_close(&rig);
}
