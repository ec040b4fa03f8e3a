#include "tests/unit/backend/session/rig.h"

#include "backend/base/clock.h"
#include "backend/base/file.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_MS 10000
#define FAR	    "2099-01-01T00:00:00Z"

static const struct httpd_reply usual[] = {
	{ .path = "watch=1", .chunked = true, .stall = true, .repeat = true },
	{ .path = RIG_BACKUPS,
	  .body = RIG_LIST("BackupList", RIG_BACKUP("one", "u1", "Completed", FAR)),
	  .repeat = true },
	{ .path = "GET /apis/velero.io/v1/", .body = RIG_LIST("List", ""), .repeat = true },
	{ .path = "/configmaps?labelSelector",
	  .body = RIG_LIST("ConfigMapList", ""),
	  .repeat = true },
	{ .status = 404,
	  .body = "{\"kind\":\"Status\",\"reason\":\"NotFound\",\"code\":404,\"message\":\"none\"}",
	  .repeat = true },
};

static void write_kubeconfig(struct rig *rig)
{
	struct strbuf text = STRBUF_INIT;
	struct error err = ERROR_INIT;
	int fd;

	snprintf(rig->kubeconfig, sizeof(rig->kubeconfig), "/tmp/kotsnap-session-XXXXXX");
	fd = mkstemp(rig->kubeconfig);
	cr_assert_geq(fd, 0);
	close(fd);
	strbuf_addf(&text,
		    "clusters: [{name: c, cluster: {server: '%s'}}]\n"
		    "users: [{name: u, user: {token: t}}]\n"
		    "contexts: [{name: site, context: {cluster: c, user: u}}]\n"
		    "current-context: site\n",
		    rig->url);
	cr_assert_eq(file_replace(rig->kubeconfig, text.buf, text.len, 0600, &err), STATUS_OK);
	strbuf_done(&text);
}

void rig_open(struct rig *rig, const struct httpd_reply *extra, size_t count, bool read_only)
{
	struct session_config config = { .velero_namespace = "velero", .read_only = read_only };
	struct error err = ERROR_INIT;

	cr_assert_leq(count + ARRAY_SIZE(usual), RIG_REPLIES);
	*rig = (struct rig){ .reply_count = count + ARRAY_SIZE(usual) };
	if (count)
		memcpy(rig->replies, extra, count * sizeof(*extra));
	memcpy(&rig->replies[count], usual, sizeof(usual));
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	unsetenv("ALL_PROXY");
	rig->api = httpd_start(rig->replies, rig->reply_count);
	snprintf(rig->url, sizeof(rig->url), "%s", httpd_url(rig->api));
	write_kubeconfig(rig);
	config.kubeconfig = rig->kubeconfig;
	cr_assert_eq(session_open(&config, &rig->session, &err), STATUS_OK, "%s", err.text);
	rig->model = session_model(rig->session);
}

void rig_close(struct rig *rig)
{
	session_close(rig->session);
	model_unref(rig->model);
	for (size_t i = 0; i < rig->event_count; i++)
		event_free(rig->events[i]);
	if (rig->api)
		httpd_stop(rig->api);
	unlink(rig->kubeconfig);
}

void rig_cut(struct rig *rig)
{
	httpd_stop(rig->api);
	rig->api = NULL;
}

void rig_mend(struct rig *rig)
{
	rig->api = httpd_start_at(rig->url, usual, ARRAY_SIZE(usual));
}

uint64_t rig_ask(struct rig *rig, enum request_kind kind, const char *name, const char *what)
{
	struct request request = { .kind = kind };

	snprintf(request.name, sizeof(request.name), "%s", name);
	snprintf(request.what, sizeof(request.what), "%s", what);
	return session_request(rig->session, &request);
}

static void take_events(struct rig *rig)
{
	struct event *event;

	while ((event = session_take_event(rig->session))) {
		if (event->kind == EVENT_MODEL) {
			rig->models++;
			event_free(event);
			model_unref(rig->model);
			rig->model = session_model(rig->session);
			continue;
		}
		cr_assert_lt(rig->event_count, ARRAY_SIZE(rig->events));
		rig->events[rig->event_count++] = event;
	}
}

void rig_look(struct rig *rig, int ms)
{
	struct pollfd fd = { session_fd(rig->session), POLLIN, 0 };

	if (poll(&fd, 1, ms) > 0)
		take_events(rig);
}

void rig_wait_model(struct rig *rig, bool (*is)(const struct model *model))
{
	int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;

	while (!is(rig->model)) {
		cr_assert_lt(clock_monotonic_ms(), end_ms, "link %d: %s", rig->model->link.state,
			     rig->model->link.why.text);
		rig_look(rig, 100);
	}
}

const struct event *rig_wait_answer(struct rig *rig, uint64_t ticket)
{
	int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;

	for (size_t i = 0;; i++) {
		while (i == rig->event_count) {
			cr_assert_lt(clock_monotonic_ms(), end_ms, "no answer to %llu",
				     (unsigned long long)ticket);
			rig_look(rig, 100);
		}
		if (rig->events[i]->ticket == ticket && rig->events[i]->kind != EVENT_STEP &&
		    rig->events[i]->kind != EVENT_ACCEPTED)
			return rig->events[i];
	}
}

bool model_is_live(const struct model *model)
{
	return model->link.state == LINK_LIVE && model->snapshot_count > 0;
}

bool model_is_lost(const struct model *model)
{
	return model->link.state == LINK_LOST;
}
