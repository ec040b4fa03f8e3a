/* Delete requests that are left over are removed, and nothing else is. */
#include "backend/base/clock.h"
#include "backend/ops/op_clean.h"
#include "tests/unit/backend/ops/world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define FAILED "instance-c7m2q-r4f9x" /* processed with an error */
#define HANGS  "instance-d2w9p-w8c5k" /* in progress */
#define REQUEST_PATH(name)                                                                         \
	"DELETE /apis/velero.io/v1/namespaces/velero/deletebackuprequests/" name " "

struct told {
	int count;
	char words[200];
	struct error err;
};

static void done(void *arg, const char *words, const struct error *err)
{
	struct told *answer = arg;

	answer->count++;
	snprintf(answer->words, sizeof(answer->words), "%s", words);
	if (err)
		answer->err = *err;
}

static struct told clean(struct world *world, const char *request)
{
	struct told answer = { .err = ERROR_INIT };
	struct clean_spec spec = { .world = &world->ops,
				   .request = request,
				   .now = SITE_NOW + 3600,
				   .done = done,
				   .arg = &answer };
	int64_t limit = clock_monotonic_ms() + 10000;

	if (!op_clean_start(&spec, &answer.err))
		return answer;
	while (!answer.count && clock_monotonic_ms() < limit)
		transport_wait(world->transport, NULL, 0, 50);
	return answer;
}

Test(clean, a_failed_request_goes_without_further_questions)
{
	static const struct httpd_reply replies[] = { { .path = FAILED, .body = "{}" } };
	struct world world;
	struct told answer;

	world_open(&world, replies, ARRAY_SIZE(replies));
	answer = clean(&world, FAILED);
	cr_expect_eq(answer.err.code, STATUS_OK, "%s", answer.err.text);
	cr_expect_str_eq(answer.words,
			 "The delete request " FAILED " is removed; nothing else was changed.");
	cr_expect(text_starts(httpd_request(world.api, 0), REQUEST_PATH(FAILED)));
	cr_expect_eq(httpd_count(world.api), 1);
	world_close(&world);
}

/* When the pod of Velero began; the request is of 2026-11-21T01:09:10Z. */
static const struct {
	const char *pods;
	enum status want;
	size_t requests;
} starts[] = {
	{ "2026-11-21T01:12:00Z", STATUS_OK, 2 },
	{ "2026-11-20T00:00:00Z", STATUS_REFUSED, 1 },
	{ "", STATUS_OK, 2 },
};

Test(clean, one_that_hangs_goes_when_velero_began_after_it)
{
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		struct strbuf pods = STRBUF_INIT;
		struct httpd_reply replies[] = { { .path = "/pods" },
						 { .path = HANGS, .body = "{}" } };
		struct world world;
		struct told answer;

		strbuf_addf(&pods,
			    "{\"items\":[{\"status\":{\"containerStatuses\":[{\"name\":\"velero\","
			    "\"state\":{\"running\":{\"startedAt\":\"%s\"}}}]}}]}",
			    starts[i].pods);
		replies[0].body = pods.buf;
		world_open(&world, replies, ARRAY_SIZE(replies));
		answer = clean(&world, HANGS);
		cr_expect_eq(answer.err.code, starts[i].want, "row %zu: %s", i, answer.err.text);
		cr_expect_eq(httpd_count(world.api), starts[i].requests, "row %zu", i);
		world_close(&world);
		strbuf_done(&pods);
	}
}

Test(clean, what_is_not_there_is_said)
{
	static const struct httpd_reply replies[] = { { .path = "none" } };
	struct world world;
	struct told answer;

	world_open(&world, replies, ARRAY_SIZE(replies));
	answer = clean(&world, "no-such-request");
	cr_expect_eq(answer.err.code, STATUS_NOT_FOUND);
	cr_expect_eq(httpd_count(world.api), 0);
	world_close(&world);
}
