#include "tests/unit/backend/velero/rig.h"

#include "backend/base/clock.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 5000

void rig_open(struct rig *rig, const struct httpd_reply *store, size_t count)
{
	struct error err = ERROR_INIT;

	*rig = (struct rig){ .err = ERROR_INIT };
	strbuf_init(&rig->address);
	strbuf_init(&rig->steps);
	cr_assert_eq(transport_new(&rig->transport, &err), STATUS_OK, "%s", err.text);
	rig->store = httpd_start(store, count);
	strbuf_addf(&rig->address,
		    "{\"status\":{\"phase\":\"Processed\",\"downloadURL\":"
		    "\"%s/backups/x/file.gz?X-Amz-Signature=secret\"}}",
		    httpd_url(rig->store));
}

void rig_serve_only(struct rig *rig, const struct httpd_reply *replies, size_t count)
{
	struct kube_access access = { .source = mem_text(""),
				      .context = mem_text(""),
				      .cluster = mem_text(""),
				      .user = mem_text(""),
				      .namespace = mem_text(""),
				      .token = mem_text("token-of-the-cluster") };

	cr_assert_leq(count, ARRAY_SIZE(rig->replies));
	memcpy(rig->replies, replies, count * sizeof(*replies));
	rig->api = httpd_start(rig->replies, count);
	access.server = mem_text(httpd_url(rig->api));
	rig->client = client_new(rig->transport, &access);
}

void rig_serve(struct rig *rig, const struct httpd_reply *extra, size_t count)
{
	const struct httpd_reply usual[] = {
		{ .path = REQUESTS, .status = 201, .body = "{}" },
		{ .path = REQUESTS, .body = "{\"status\":{}}" },
		{ .path = REQUESTS, .body = rig->address.buf },
		{ .path = REQUESTS, .body = "{}" },
	};
	struct httpd_reply all[16];

	cr_assert_leq(count + ARRAY_SIZE(usual), ARRAY_SIZE(all));
	for (size_t i = 0; i < count; i++)
		all[i] = extra[i];
	memcpy(&all[count], usual, sizeof(usual));
	rig_serve_only(rig, all, count + ARRAY_SIZE(usual));
}

static void step(void *arg, const char *words)
{
	struct rig *rig = arg;

	strbuf_addf(&rig->steps, "%s%s", rig->steps.len ? "|" : "", words);
}

static void done(void *arg, const struct document *document, const struct error *err)
{
	struct rig *rig = arg;

	cr_assert_not(rig->done, "done was called twice");
	rig->done = true;
	rig->document = document ? document_ref(document) : NULL;
	if (err)
		rig->err = *err;
	cr_assert_eq(document == NULL, err != NULL);
}

struct download *rig_start(struct rig *rig, const char *kind, const char *name)
{
	struct download_spec spec = { .transport = rig->transport,
				      .client = rig->client,
				      .namespace = "velero",
				      .kind = kind,
				      .name = name,
				      .step = step,
				      .done = done,
				      .arg = rig };

	return download_start(&spec);
}

void rig_wait(struct rig *rig, bool wanted, size_t requests)
{
	int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;

	while ((wanted && !rig->done) || httpd_count(rig->api) < requests) {
		cr_assert_lt(clock_monotonic_ms(), end_ms, "%zu requests so far",
			     httpd_count(rig->api));
		transport_wait(rig->transport, NULL, 0, 50);
	}
}

void rig_close(struct rig *rig)
{
	document_unref(rig->document);
	client_free(rig->client);
	transport_free(rig->transport);
	httpd_stop(rig->store);
	httpd_stop(rig->api);
	strbuf_done(&rig->address);
	strbuf_done(&rig->steps);
}
