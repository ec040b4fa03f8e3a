#include "backend/velero/download.h"

#include "tests/support/recording.h"
#include "tests/unit/backend/velero/rig.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

Test(download, a_log_comes_unpacked_and_the_request_goes)
{
	struct strbuf gz = STRBUF_INIT;
	struct rig rig;
	const char *asked, *deleted, *fetched;
	size_t len;

	recording_text("velero/backup-log.gz", &gz);
	rig_open(&rig,
		 &(struct httpd_reply){ .body = gz.buf, .body_len = gz.len, .piece_len = 700 }, 1);
	rig_serve(&rig, NULL, 0);
	rig_start(&rig, "BackupLog", "p1");
	rig_wait(&rig, true, 4);
	cr_assert_not_null(rig.document, "%s", rig.err.text);
	cr_expect_gt(document_lines(rig.document), 100);
	cr_expect_not(strncmp(document_line(rig.document, 0, &len), "time=", 5));

	asked = httpd_request(rig.api, 0);
	cr_expect(text_starts(asked, "POST " REQUESTS " "));
	cr_expect_not_null(strstr(asked, "\"target\":{\"kind\":\"BackupLog\",\"name\":\"p1\"}"));
	deleted = httpd_request(rig.api, 3);
	cr_expect(text_starts(deleted, "DELETE " REQUESTS "/p1-"), "%.100s", deleted);
	deleted += strlen("DELETE " REQUESTS "/");
	len = strcspn(deleted, " ?");
	cr_expect_eq(len, strlen("p1-") + 36);
	cr_expect_not_null(memmem(asked, strlen(asked), deleted, len), "the one that was made");

	fetched = httpd_request(rig.store, 0);
	cr_expect(text_starts(fetched, "GET /backups/x/file.gz?X-Amz-Signature=secret "));
	cr_expect_null(text_find_nocase(fetched, "authorization"), "%s", fetched);
	cr_expect(text_starts(rig.steps.buf, "asking Velero|reading from 127.0.0.1:"), "%s",
		  rig.steps.buf);
	rig_close(&rig);
	strbuf_done(&gz);
}

Test(download, what_a_proxy_unpacked_passes_through)
{
	struct rig rig;
	size_t len;

	rig_open(&rig, &(struct httpd_reply){ .body = "{}" }, 1);
	rig_serve(&rig, NULL, 0);
	rig_start(&rig, "BackupResults", "p1");
	rig_wait(&rig, true, 4);
	cr_assert_not_null(rig.document);
	cr_expect_str_eq(document_text(rig.document, &len), "{}");
	rig_close(&rig);
}

Test(download, contents_stay_packed)
{
	struct strbuf gz = STRBUF_INIT;
	struct rig rig;
	size_t len;

	recording_text("velero/backup-log.gz", &gz);
	rig_open(&rig, &(struct httpd_reply){ .body = gz.buf, .body_len = gz.len }, 1);
	rig_serve(&rig, NULL, 0);
	rig_start(&rig, "BackupContents", "p1");
	rig_wait(&rig, true, 4);
	cr_assert_not_null(rig.document);
	cr_expect_not(memcmp(document_text(rig.document, &len), gz.buf, gz.len));
	cr_expect_eq(len, gz.len);
	rig_close(&rig);
	strbuf_done(&gz);
}

static const struct {
	const char *file; /* body of the store's answer */
	const char *text; /* or the body itself */
	size_t cut;	  /* only so many bytes of it, 0 = all */
	bool broken;	  /* the connection ends before its time */
	int http;
	enum status code;
	const char *error, *hint; /* parts of them */
} stores[] = {
	{ "velero/store-404.xml", NULL, 0, false, 404, STATUS_NOT_FOUND,
	  "could not read the log of snapshot p1: the store at 127.0.0.1:", "older Velero" },
	{ "velero/store-404.xml", NULL, 0, false, 404, STATUS_NOT_FOUND, "no such file", "" },
	{ "velero/store-403-expired.xml", NULL, 0, false, 403, STATUS_FORBIDDEN,
	  "answered 403 AccessDenied, \"Request has expired.\"", "may not read" },
	{ NULL, "<Error><Code>RequestTimeTooSkewed</Code></Error>", 0, false, 403, STATUS_FORBIDDEN,
	  "RequestTimeTooSkewed", "clocks" },
	{ NULL, "<Error><Code>NoSuchBucket</Code></Error>", 0, false, 404, STATUS_NOT_FOUND,
	  "NoSuchBucket", "bucket is gone" },
	{ NULL, "<html>Bad gateway", 0, false, 502, STATUS_BUSY, "answered 502", "try again" },
	{ NULL, "<Code>", 0, false, 400, STATUS_PROTOCOL, "answered 400", "try again" },
	{ "velero/backup-log.gz", NULL, 1000, false, 200, STATUS_FORMAT, "ends too early",
	  "damaged" },
	{ "velero/backup-log.gz", NULL, 1000, true, 200, STATUS_UNREACHABLE, "cut short",
	  "try again" },
	{ NULL, "\x1f\x8b\x08rubbish that is no gzip at all", 0, false, 200, STATUS_FORMAT,
	  "damaged", "damaged" },
};

Test(download, a_store_that_says_no_is_told_with_its_cause)
{
	for (size_t i = 0; i < ARRAY_SIZE(stores); i++) {
		struct strbuf body = STRBUF_INIT;
		struct httpd_reply reply = { .status = stores[i].http,
					     .type = "application/xml",
					     .cut = stores[i].broken };
		struct rig rig;

		if (stores[i].file)
			recording_text(stores[i].file, &body);
		else
			strbuf_adds(&body, stores[i].text);
		reply.body = body.buf;
		reply.body_len = stores[i].cut ? stores[i].cut : body.len;
		rig_open(&rig, &reply, 1);
		rig_serve(&rig, NULL, 0);
		rig_start(&rig, "BackupLog", "p1");
		rig_wait(&rig, true, 4);
		cr_expect_null(rig.document);
		cr_expect_eq(rig.err.code, stores[i].code, "row %zu: %s", i, rig.err.text);
		cr_expect_not_null(strstr(rig.err.text, stores[i].error), "row %zu: %s", i,
				   rig.err.text);
		cr_expect_not_null(strstr(rig.err.hint, stores[i].hint), "row %zu: %s", i,
				   rig.err.hint);
		cr_expect_null(strstr(rig.err.text, "secret"), "the signature is no text to show");
		cr_expect(text_starts(httpd_request(rig.api, 3), "DELETE "));
		rig_close(&rig);
		strbuf_done(&body);
	}
}

static const char forbidden[] =
	"{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":403,\"reason\":\"Forbidden\","
	"\"message\":\"downloadrequests.velero.io is forbidden: User ops cannot create\"}";
static const char invalid[] =
	"{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":422,\"reason\":\"Invalid\","
	"\"message\":\"Unsupported value: BackupResults\"}";
static const char absent[] =
	"{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":404,\"reason\":\"NotFound\","
	"\"message\":\"downloadrequests.velero.io p1-x not "
	"found\",\"details\":{\"name\":\"p1-x\"}}";

static const struct {
	struct httpd_reply replies[3];
	size_t count, requests; /* answers, and how many are asked for */
	enum status code;
	const char *error;
} refusals[] = {
	{ { { .status = 403, .body = forbidden } },
	  1,
	  1,
	  STATUS_FORBIDDEN,
	  "User ops cannot create" },
	{ { { .status = 422, .body = invalid } },
	  1,
	  1,
	  STATUS_UNSUPPORTED,
	  "this Velero does not know BackupResults" },
	{ { { .status = 201, .body = "{}" }, { .status = 404, .body = absent }, { .body = "{}" } },
	  3,
	  3,
	  STATUS_NOT_FOUND,
	  "not found" },
};

Test(download, an_api_that_says_no_is_believed)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		struct rig rig;

		rig_open(&rig, NULL, 0);
		rig_serve_only(&rig, refusals[i].replies, refusals[i].count);
		rig_start(&rig, "BackupResults", "p1");
		rig_wait(&rig, true, refusals[i].requests);
		cr_expect_eq(rig.err.code, refusals[i].code, "row %zu: %s", i, rig.err.text);
		cr_expect_not_null(strstr(rig.err.text, refusals[i].error), "row %zu: %s", i,
				   rig.err.text);
		cr_expect_not_null(strstr(rig.err.text, "the errors and warnings of snapshot p1"));
		cr_expect_eq(httpd_count(rig.api), refusals[i].requests);
		cr_expect_eq(httpd_count(rig.store), 0);
		rig_close(&rig);
	}
}

#define NO_ADDRESS "{\"status\":{}}"

/* Velero answers no request for what is gone: a minute of silence is spared. */
Test(download, what_was_deleted_meanwhile_is_told_at_once)
{
	static const struct httpd_reply replies[] = {
		{ .path = REQUESTS, .status = 201, .body = "{}" },
		{ .path = REQUESTS, .body = NO_ADDRESS },
		{ .path = REQUESTS, .body = NO_ADDRESS },
		{ .path = REQUESTS, .body = NO_ADDRESS },
		{ .path = REQUESTS, .body = NO_ADDRESS },
		{ .path = "/namespaces/velero/backups/p1", .status = 404, .body = absent },
		{ .path = REQUESTS, .body = "{}" },
	};
	struct rig rig;

	rig_open(&rig, NULL, 0);
	rig_serve_only(&rig, replies, ARRAY_SIZE(replies));
	rig_start(&rig, "BackupLog", "p1");
	rig_wait(&rig, true, ARRAY_SIZE(replies));
	cr_expect_eq(rig.err.code, STATUS_NOT_FOUND);
	cr_expect_str_eq(rig.err.text, "could not read the log of snapshot p1: it is not there any "
				       "more: deleted, or expired");
	cr_expect(text_starts(httpd_request(rig.api, 6), "DELETE "));
	rig_close(&rig);
}

Test(download, a_slow_velero_is_waited_for_while_the_snapshot_is_there)
{
	static const struct httpd_reply extra[] = {
		{ .path = REQUESTS, .status = 201, .body = "{}" },
		{ .path = REQUESTS, .body = NO_ADDRESS },
		{ .path = REQUESTS, .body = NO_ADDRESS },
		{ .path = REQUESTS, .body = NO_ADDRESS },
		{ .path = REQUESTS, .body = NO_ADDRESS },
		{ .path = "/namespaces/velero/restores/r1", .body = "{}" },
	};
	struct httpd_reply replies[ARRAY_SIZE(extra) + 2];
	struct rig rig;

	rig_open(&rig, &(struct httpd_reply){ .body = "x" }, 1);
	memcpy(replies, extra, sizeof(extra));
	replies[6] = (struct httpd_reply){ .path = REQUESTS, .body = rig.address.buf };
	replies[7] = (struct httpd_reply){ .path = REQUESTS, .body = "{}" };
	rig_serve_only(&rig, replies, ARRAY_SIZE(replies));
	rig_start(&rig, "RestoreLog", "r1");
	rig_wait(&rig, true, ARRAY_SIZE(replies));
	cr_expect_not_null(rig.document, "%s", rig.err.text);
	rig_close(&rig);
}

Test(download, a_request_that_exists_is_our_own)
{
	struct httpd_reply replies[] = {
		{ .path = REQUESTS,
		  .status = 409,
		  .body = "{\"kind\":\"Status\",\"code\":409,\"reason\":\"AlreadyExists\"}" },
		{ .path = REQUESTS },
		{ .path = REQUESTS, .body = "{}" },
	};
	struct rig rig;

	rig_open(&rig, &(struct httpd_reply){ .body = "x" }, 1);
	replies[1].body = rig.address.buf;
	rig_serve_only(&rig, replies, ARRAY_SIZE(replies));
	rig_start(&rig, "BackupLog", "p1");
	rig_wait(&rig, true, 3);
	cr_expect_not_null(rig.document, "%s", rig.err.text);
	rig_close(&rig);
}

Test(download, a_store_nobody_listens_at_is_named_with_a_way_out)
{
	struct rig rig;
	const struct httpd_reply replies[] = {
		{ .status = 201, .body = "{}" },
		{ .body = "{\"status\":{\"downloadURL\":\"http://127.0.0.1:1/x?sig=secret\"}}" },
		{ .body = "{}" },
	};

	rig_open(&rig, NULL, 0);
	rig_serve_only(&rig, replies, ARRAY_SIZE(replies));
	rig_start(&rig, "RestoreLog", "r1");
	rig_wait(&rig, true, 3);
	cr_expect_eq(rig.err.code, STATUS_UNREACHABLE);
	cr_expect_not_null(strstr(rig.err.text, "could not read the log of restore r1: "), "%s",
			   rig.err.text);
	cr_expect_not_null(strstr(rig.err.text, "127.0.0.1:1"), "%s", rig.err.text);
	cr_expect_not_null(strstr(rig.err.hint, "publicUrl"), "%s", rig.err.hint);
	rig_close(&rig);
}

Test(download, a_cancelled_one_is_silent_and_leaves_nothing)
{
	struct rig rig;
	struct download *download;

	rig_open(&rig, &(struct httpd_reply){ .body = "never ", .stall = true }, 1);
	rig_serve(&rig, NULL, 0);
	download = rig_start(&rig, "BackupLog", "p1");
	while (httpd_count(rig.store) == 0)
		transport_wait(rig.transport, NULL, 0, 50);
	download_cancel(download);
	rig_wait(&rig, false, 4);
	cr_expect_not(rig.done);
	cr_expect(text_starts(httpd_request(rig.api, 3), "DELETE "));
	download_cancel(NULL);
	rig_close(&rig);
}

/* A port that answers a TLS hello with plain words, twice. */
struct rude_store {
	int listener;
	unsigned port;
	atomic_int visits;
	pthread_t thread;
};

static void *be_rude(void *arg)
{
	struct rude_store *store = arg;
	static const char words[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	char hello[1024];

	for (int i = 0; i < 2; i++) {
		int visitor = accept(store->listener, NULL, NULL);

		if (visitor < 0)
			break;
		atomic_fetch_add(&store->visits, 1);
		if (read(visitor, hello, sizeof(hello)) < 0 ||
		    write(visitor, words, sizeof(words) - 1) < 0)
			perror("rude store");
		close(visitor);
	}
	return NULL;
}

static void rude_store_open(struct rude_store *store)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof(address);

	atomic_init(&store->visits, 0);
	store->listener = socket(AF_INET, SOCK_STREAM, 0);
	cr_assert_eq(bind(store->listener, (struct sockaddr *)&address, size), 0);
	cr_assert_eq(getsockname(store->listener, (struct sockaddr *)&address, &size), 0);
	cr_assert_eq(listen(store->listener, 2), 0);
	store->port = ntohs(address.sin_port);
	pthread_create(&store->thread, NULL, be_rude, store);
}

/* The location is asked once for its authority, then it is over. */
Test(download, a_store_that_is_not_trusted_is_tried_as_its_location_says)
{
	struct rude_store store;
	struct strbuf address = STRBUF_INIT;
	struct rig rig;
	struct httpd_reply replies[] = {
		{ .path = "/restores/r1", .body = "{\"spec\":{\"backupName\":\"b1\"}}" },
		{ .path = "/backups/b1", .body = "{\"spec\":{\"storageLocation\":\"default\"}}" },
		{ .path = "/backupstoragelocations/default",
		  .body = "{\"spec\":{\"config\":{\"insecureSkipTLSVerify\":\"true\"}}}" },
		{ .path = REQUESTS, .status = 201, .body = "{}" },
		{ .path = REQUESTS },
		{ .path = REQUESTS, .body = "{}" },
	};

	rude_store_open(&store);
	strbuf_addf(&address, "{\"status\":{\"downloadURL\":\"https://127.0.0.1:%u/x\"}}",
		    store.port);
	replies[4].body = address.buf;
	rig_open(&rig, NULL, 0);
	rig_serve_only(&rig, replies, ARRAY_SIZE(replies));
	rig_start(&rig, "RestoreLog", "r1");
	rig_wait(&rig, true, ARRAY_SIZE(replies));
	cr_expect_eq(rig.err.code, STATUS_TLS, "%s", rig.err.text);
	cr_expect_not_null(strstr(rig.steps.buf, "authority"), "%s", rig.steps.buf);
	cr_expect_eq(atomic_load(&store.visits), 2);
	pthread_join(store.thread, NULL);
	close(store.listener);
	rig_close(&rig);
	strbuf_done(&address);
}

Test(download, the_longest_name_still_makes_a_valid_request)
{
	struct rig rig;
	char name[254];
	const char *deleted;
	size_t len;

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	name[215] = '.';
	rig_open(&rig, &(struct httpd_reply){ .body = "x" }, 1);
	rig_serve(&rig, NULL, 0);
	rig_start(&rig, "BackupLog", name);
	rig_wait(&rig, true, 4);
	deleted = httpd_request(rig.api, 3) + strlen("DELETE " REQUESTS "/");
	len = strcspn(deleted, " ?");
	cr_expect_eq(len, 215 + 37);
	cr_expect_eq(deleted[215], '-');
	rig_close(&rig);
}
