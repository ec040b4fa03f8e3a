/* The one door, from the side of the screens. */
#include "backend/session/session.h"

#include "backend/base/clock.h"
#include "tests/unit/backend/session/rig.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(session, .timeout = 40);

#define FAR	  "2099-01-01T00:00:00Z"
#define DOWNLOADS "/downloadrequests"

Test(session, the_first_picture_is_there_before_any_network)
{
	struct rig rig;

	rig_open(&rig, NULL, 0, false);
	cr_assert_eq(rig.model->link.state, LINK_CONNECTING);
	cr_assert_str_eq(rig.model->link.context, "site");
	cr_assert_str_eq(rig.model->link.server, rig.url);
	rig_close(&rig);
}

static bool all_read(const struct model *model)
{
	for (int i = 0; i < COLLECTIONS; i++)
		if (model->state[i].reading != READ_LIVE)
			return false;
	return model_is_live(model);
}

Test(session, what_the_cluster_holds_is_in_the_picture)
{
	struct rig rig;

	rig_open(&rig, NULL, 0, false);
	rig_wait_model(&rig, all_read);
	cr_assert_eq(rig.model->snapshot_count, 1);
	cr_assert_str_eq(rig.model->snapshots[0].backup->object.name, "one");
	cr_assert(rig.model->snapshots[0].volumes_read);
	cr_assert_not(rig.model->snapshots[0].expired);
	cr_assert_eq(rig.event_count, 0, "nothing was asked for, nothing answers");
	rig_close(&rig);
}

#define EVENT_LINE(type, object) "{\"type\":\"" type "\",\"object\":" object "}\n"

static bool two_became_one(const struct model *model)
{
	return model->snapshot_count == 1 &&
	       !strcmp(model->snapshots[0].backup->object.name, "two") &&
	       !strcmp(model->snapshots[0].phase, "Failed");
}

Test(session, what_happens_in_the_cluster_changes_the_picture)
{
	static const struct httpd_reply extra[] = {
		{ .path = RIG_BACKUPS "watch=1",
		  .chunked = true,
		  .stall = true,
		  .body = EVENT_LINE("ADDED", RIG_BACKUP("two", "u2", "InProgress", FAR))
			  EVENT_LINE("DELETED", RIG_BACKUP("one", "u1", "Completed", FAR))
				  EVENT_LINE("MODIFIED", RIG_BACKUP("two", "u2", "Failed", FAR)) },
	};
	struct rig rig;

	rig_open(&rig, extra, ARRAY_SIZE(extra), false);
	rig_wait_model(&rig, two_became_one);
	rig_close(&rig);
}

Test(session, a_lost_cluster_leaves_its_data_with_their_age_and_comes_back_by_itself)
{
	const struct model *stale;
	int64_t before;
	struct rig rig;

	rig_open(&rig, NULL, 0, false);
	rig_wait_model(&rig, all_read);
	before = clock_now();
	rig_cut(&rig);
	rig_wait_model(&rig, model_is_lost);
	stale = rig.model;
	cr_assert_eq(stale->snapshot_count, 1);
	cr_assert_eq(stale->state[COLLECTION_BACKUPS].reading, READ_STALE);
	cr_assert_geq(stale->state[COLLECTION_BACKUPS].as_of, before);
	cr_assert_leq(stale->state[COLLECTION_BACKUPS].as_of, clock_now());
	cr_assert_neq(stale->link.why.code, STATUS_OK);
	rig_mend(&rig);
	rig_wait_model(&rig, all_read);
	cr_assert_eq(rig.model->link.why.code, STATUS_OK);
	rig_close(&rig);
}

Test(session, while_it_is_lost_nothing_is_kept_for_later_but_trying_again_may_be_asked)
{
	static const enum request_kind kinds[] = { REQUEST_TAKE, REQUEST_DELETE, REQUEST_DOWNLOAD,
						   REQUEST_PLAN, REQUEST_PROBE,	 REQUEST_RESUME };
	struct rig rig;

	rig_open(&rig, NULL, 0, false);
	rig_wait_model(&rig, model_is_live);
	rig_cut(&rig);
	rig_wait_model(&rig, model_is_lost);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct event *answer =
			rig_wait_answer(&rig, rig_ask(&rig, kinds[i], "one", "BackupLog"));

		cr_expect_eq(answer->kind, EVENT_FAILED);
		cr_expect_eq(answer->err.code, STATUS_REFUSED, "%s", answer->err.text);
		cr_expect(strlen(answer->err.hint) > 0);
	}
	rig_mend(&rig);
	rig_ask(&rig, REQUEST_RETRY, "", "");
	rig_wait_model(&rig, model_is_live);
	for (size_t i = 0; i < httpd_count(rig.api); i++)
		cr_expect_not(text_starts(httpd_request(rig.api, i), "POST /apis/velero.io"),
			      "%.80s", httpd_request(rig.api, i));
	rig_close(&rig);
}

Test(session, read_only_writes_nothing)
{
	static const enum request_kind kinds[] = { REQUEST_TAKE, REQUEST_DELETE, REQUEST_RESTORE,
						   REQUEST_RESUME, REQUEST_CLOSE_RECORD };
	struct rig rig;

	rig_open(&rig, NULL, 0, true);
	rig_wait_model(&rig, model_is_live);
	cr_assert(rig.model->link.read_only);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct event *answer =
			rig_wait_answer(&rig, rig_ask(&rig, kinds[i], "one", ""));

		cr_expect_eq(answer->err.code, STATUS_REFUSED, "%s", answer->err.text);
		cr_expect(strstr(answer->err.text, "--read-only"));
	}
	rig_close(&rig);
}

Test(session, what_is_no_longer_there_is_said)
{
	struct rig rig;
	const struct event *answer;

	rig_open(&rig, NULL, 0, false);
	rig_wait_model(&rig, model_is_live);
	answer = rig_wait_answer(&rig, rig_ask(&rig, REQUEST_RESUME, "gone", ""));
	cr_expect_eq(answer->err.code, STATUS_NOT_FOUND);
	answer = rig_wait_answer(&rig, rig_ask(&rig, REQUEST_CLOSE_RECORD, "gone", ""));
	cr_expect_eq(answer->err.code, STATUS_NOT_FOUND);
	answer = rig_wait_answer(&rig, rig_ask(&rig, REQUEST_RESTORE, "", ""));
	cr_expect_eq(answer->err.code, STATUS_REFUSED, "a plan that was never shown");
	rig_close(&rig);
}

/* ---- documents ---- */

struct store {
	struct httpd *httpd;
	char reply[512];
	struct httpd_reply file, api[4];
};

static void store_open(struct store *store, struct httpd_reply file)
{
	store->file = file;
	store->httpd = httpd_start(&store->file, 1);
	snprintf(store->reply, sizeof(store->reply),
		 "{\"status\":{\"phase\":\"Processed\",\"downloadURL\":\"%s/x.gz\"}}",
		 httpd_url(store->httpd));
	store->api[0] =
		(struct httpd_reply){ .path = "POST /apis/velero.io/v1/namespaces/velero" DOWNLOADS,
				      .status = 201,
				      .body = "{}",
				      .repeat = true };
	store->api[1] = (struct httpd_reply){ .path = "DELETE", .body = "{}", .repeat = true };
	store->api[2] =
		(struct httpd_reply){ .path = DOWNLOADS "/", .body = store->reply, .repeat = true };
}

Test(session, a_document_comes_after_its_steps_to_whom_asked_for_it)
{
	const struct event *answer;
	struct store store;
	uint64_t ticket;
	struct rig rig;
	size_t len;

	store_open(&store, (struct httpd_reply){ .body = "line one\nline two\n" });
	rig_open(&rig, store.api, 3, true);
	rig_wait_model(&rig, model_is_live);
	ticket = rig_ask(&rig, REQUEST_DOWNLOAD, "one", "BackupLog");
	answer = rig_wait_answer(&rig, ticket);
	cr_assert_eq(answer->kind, EVENT_DOCUMENT, "%s", answer->err.text);
	cr_assert_eq(document_lines(answer->document), 2);
	cr_assert_str_eq(document_text(answer->document, &len), "line one\nline two\n");
	cr_assert_gt(rig.event_count, 1);
	for (size_t i = 0; i < rig.event_count; i++) {
		cr_expect_eq(rig.events[i]->ticket, ticket);
		cr_expect_eq(rig.events[i]->kind == EVENT_STEP, i + 1 < rig.event_count);
	}
	rig_close(&rig);
	httpd_stop(store.httpd);
}

Test(session, what_is_forgotten_does_not_answer)
{
	struct request forget = { .kind = REQUEST_FORGET };
	const struct event *answer;
	struct store store;
	struct rig rig;

	store_open(&store, (struct httpd_reply){ .body = "x", .delay_ms = 80 });
	rig_open(&rig, store.api, 3, false);
	rig_wait_model(&rig, model_is_live);
	forget.ticket = rig_ask(&rig, REQUEST_DOWNLOAD, "one", "BackupLog");
	while (!httpd_count(store.httpd))
		rig_look(&rig, 20);
	session_request(rig.session, &forget);
	/* What is asked after it is answered after it. */
	answer = rig_wait_answer(&rig, rig_ask(&rig, REQUEST_RESUME, "gone", ""));
	cr_assert_eq(answer->kind, EVENT_FAILED);
	for (int64_t end_ms = clock_monotonic_ms() + 160; clock_monotonic_ms() < end_ms;)
		rig_look(&rig, 20); /* its answer would come now */
	for (size_t i = 0; i < rig.event_count; i++)
		cr_expect(rig.events[i]->ticket != forget.ticket ||
			  rig.events[i]->kind == EVENT_STEP);
	rig_close(&rig);
	httpd_stop(store.httpd);
}

/* ---- before a snapshot ---- */

static bool console_is_known(const struct model *model)
{
	return model->console != NULL;
}

/* The checks of the dialog stand in the way of the command too, in the same words. */
Test(session, a_snapshot_is_refused_where_a_check_fails)
{
	const struct event *answer;
	struct rig rig;

	rig_open(&rig, NULL, 0, false);
	rig_wait_model(&rig, model_is_live);
	rig_wait_model(&rig, console_is_known);
	answer = rig_wait_answer(&rig, rig_ask(&rig, REQUEST_TAKE, "", ""));
	cr_assert_eq(answer->kind, EVENT_FAILED);
	cr_assert_eq(answer->err.code, STATUS_REFUSED);
	cr_assert(text_starts(answer->err.text, "not now: "), "%s", answer->err.text);
	for (size_t i = 0; i < httpd_count(rig.api); i++)
		cr_expect_not(text_starts(httpd_request(rig.api, i), "POST /apis/velero.io"));
	rig_close(&rig);
}

Test(session, a_look_ahead_is_answered_also_where_nothing_can_be_taken)
{
	const struct event *answer;
	struct rig rig;

	rig_open(&rig, NULL, 0, true);
	rig_wait_model(&rig, model_is_live);
	rig_wait_model(&rig, console_is_known);
	answer = rig_wait_answer(&rig, rig_ask(&rig, REQUEST_PREVIEW, "", ""));
	cr_assert_eq(answer->kind, EVENT_PREVIEW);
	cr_assert_not_null(answer->preview);
	cr_assert_eq(answer->preview->refusal.code, STATUS_REFUSED);
	rig_close(&rig);
}

/* ---- the end ---- */

Test(session, closing_does_not_wait_for_what_runs_and_leaves_nothing)
{
	static const struct httpd_reply extra[] = {
		{ .path = "POST", .stall = true, .repeat = true },
		{ .path = "/pods", .stall = true, .repeat = true },
		{ .path = "/deployments", .stall = true, .repeat = true },
	};
	int64_t began_ms;
	struct rig rig;

	rig_open(&rig, extra, ARRAY_SIZE(extra), false);
	rig_wait_model(&rig, model_is_live);
	rig_ask(&rig, REQUEST_DOWNLOAD, "one", "BackupLog");
	rig_ask(&rig, REQUEST_TAKE, "", "");
	rig_ask(&rig, REQUEST_DELETE, "one", "");
	rig_ask(&rig, REQUEST_PLAN, "one", "");
	rig_ask(&rig, REQUEST_PREVIEW, "", "");
	rig_ask(&rig, REQUEST_PROBE, "", "");
	rig_look(&rig, 50);
	rig_ask(&rig, REQUEST_DOWNLOAD, "one", "BackupResults");
	began_ms = clock_monotonic_ms();
	rig_close(&rig);
	cr_assert_lt(clock_monotonic_ms() - began_ms, 5000);
}

Test(session, one_that_cannot_be_opened_says_why_and_is_none)
{
	struct session_config config = { .kubeconfig = "/no-such-folder/config" };
	struct session *session = NULL;
	struct error err = ERROR_INIT;

	cr_assert_eq(session_open(&config, &session, &err), STATUS_NOT_FOUND);
	cr_assert(strstr(err.text, "/no-such-folder/config"), "%s", err.text);
	cr_assert_null(session);
	session_close(NULL);
}

/* ---- time passes ---- */

static bool has_expired(const struct model *model)
{
	return model->snapshot_count == 1 && model->snapshots[0].expired;
}

static bool is_kept(const struct model *model)
{
	return model->snapshot_count == 1 && !model->snapshots[0].expired;
}

/* Nothing happens in the cluster: only the clock goes on. */
Test(session, a_snapshot_expires_in_time_on_a_quiet_cluster)
{
	static const char before[] = "{\"kind\":\"BackupList\",\"metadata\":{\"resourceVersion\":"
				     "\"7\"},\"items\":[",
			  first[] = RIG_BACKUP("one", "u1", "Completed", "");
	struct strbuf list = STRBUF_INIT;
	struct httpd_reply extra[] = {
		{ .path = "watch=1", .chunked = true, .stall = true, .repeat = true },
		{ .path = RIG_BACKUPS, .repeat = true },
	};
	int64_t expires = clock_now() + 2; /* one second may pass before it is read */
	struct rig rig;

	strbuf_adds(&list, before);
	strbuf_add(&list, first, strlen(first) - strlen("\"}}"));
	clock_add_rfc3339(&list, expires);
	strbuf_adds(&list, "\"}}]}");
	extra[1].body = list.buf;
	rig_open(&rig, extra, ARRAY_SIZE(extra), false);
	rig_wait_model(&rig, is_kept);
	rig_wait_model(&rig, has_expired);
	cr_assert_geq(clock_now(), expires);
	rig_close(&rig);
	strbuf_done(&list);
}
