/* Sessions opened, asked and closed at every moment, pictures taken while others are made, events
 * of a busy cluster. Run under TSan. */
#include "backend/session/session.h"
#include "backend/base/file.h"
#include "tests/support/httpd.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROUNDS	12
#define BACKUPS 40
#define LIST(kind, items)                                                                          \
	"{\"kind\":\"" kind "\",\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[" items "]}"

/* A watch in which backups come and change, a few at a time. */
static void add_events(struct strbuf *out)
{
	for (int i = 0; i < BACKUPS * 3; i++)
		strbuf_addf(out,
			    "{\"type\":\"%s\",\"object\":{\"metadata\":{\"name\":\"b%d\",\"uid\":"
			    "\"u%d\",\"resourceVersion\":\"%d\"},\"status\":{\"phase\":\"%s\","
			    "\"startTimestamp\":\"2026-11-20T02:00:%02dZ\",\"expiration\":"
			    "\"2026-11-21T02:00:00Z\"}}}\n",
			    i < BACKUPS ? "ADDED" : "MODIFIED", i % BACKUPS, i % BACKUPS, 10 + i,
			    i < BACKUPS ? "InProgress" : "Completed", i % 60);
}

static void look_at(struct session *session)
{
	const struct model *model = session_model(session);
	size_t seen = model->op_count;

	for (size_t i = 0; i < model->snapshot_count; i++)
		seen += strlen(model->snapshots[i].backup->object.name);
	for (int i = 0; i < COLLECTIONS; i++)
		seen += model->lists[i]->count + (size_t)model->state[i].reading;
	if (seen == (size_t)-1)
		abort();
	model_unref(model);
}

static void use(struct session *session, int round)
{
	static const enum request_kind kinds[] = { REQUEST_RETRY,    REQUEST_PROBE, REQUEST_TAKE,
						   REQUEST_DOWNLOAD, REQUEST_PLAN,  REQUEST_DELETE,
						   REQUEST_RESUME };

	for (int turn = 0; turn < round * 3; turn++) {
		struct pollfd fd = { session_fd(session), POLLIN, 0 };
		struct request request = { .kind = kinds[turn % (int)ARRAY_SIZE(kinds)] };
		struct event *event;

		snprintf(request.name, sizeof(request.name), "b%d", turn % BACKUPS);
		snprintf(request.what, sizeof(request.what), "BackupLog");
		session_request(session, &request);
		poll(&fd, 1, 20);
		while ((event = session_take_event(session)))
			event_free(event);
		look_at(session);
	}
}

static int run(const char *path)
{
	struct session_config config = { .kubeconfig = path, .velero_namespace = "velero" };

	for (int round = 0; round < ROUNDS; round++) {
		struct error err = ERROR_INIT;
		struct session *session;

		if (session_open(&config, &session, &err)) {
			fprintf(stderr, "%s\n", err.text);
			return 1;
		}
		use(session, round);
		session_close(session);
	}
	return 0;
}

int main(void)
{
	struct strbuf events = STRBUF_INIT, text = STRBUF_INIT;
	struct httpd_reply replies[] = {
		{ .path = "/velero/backups?watch=1",
		  .chunked = true,
		  .piece_len = 900,
		  .piece_ms = 2,
		  .stall = true,
		  .repeat = true },
		{ .path = "watch=1", .chunked = true, .stall = true, .repeat = true },
		{ .path = "GET /apis/velero.io/v1/", .body = LIST("List", ""), .repeat = true },
		{ .path = "/configmaps?", .body = LIST("ConfigMapList", ""), .repeat = true },
		{ .path = "POST", .status = 201, .body = "{}", .delay_ms = 5, .repeat = true },
		{ .status = 404,
		  .body = "{\"kind\":\"Status\",\"reason\":\"NotFound\",\"code\":404}",
		  .repeat = true },
	};
	char path[] = "/tmp/kotsnap-race-XXXXXX";
	int fd = mkstemp(path), failed;
	struct httpd *httpd;

	add_events(&events);
	replies[0].body = events.buf;
	httpd = httpd_start(replies, ARRAY_SIZE(replies));
	strbuf_addf(&text,
		    "clusters: [{name: c, cluster: {server: '%s'}}]\n"
		    "users: [{name: u, user: {token: t}}]\n"
		    "contexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x\n",
		    httpd_url(httpd));
	failed = fd < 0 || file_replace(path, text.buf, text.len, 0600, NULL) || run(path);
	if (fd >= 0)
		close(fd);
	unlink(path);
	httpd_stop(httpd);
	strbuf_done(&events);
	strbuf_done(&text);
	return failed;
}
