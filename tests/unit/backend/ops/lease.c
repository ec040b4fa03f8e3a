/* Two who want one operation: who gets it, who waits, and whose clock counts. */
#include "backend/ops/lease.h"

#include "backend/ops/holder.h"
#include "tests/unit/backend/ops/plans.h"
#include "tests/unit/backend/ops/world.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ME "root@node-01 aa"

static struct json *lease_of(const char *holder, const char *renewed)
{
	struct json *lease = json_new_map();

	json_put_path(lease, "spec.holderIdentity", json_new_text(holder));
	json_put_path(lease, "spec.leaseDurationSeconds", json_new_number(30));
	json_put_path(lease, "spec.renewTime", json_new_text(renewed));
	return lease;
}

#define THEM "root@node-02 bb"

static enum lease_sight look_at(const char *holder, const char *renewed, int64_t now_ms,
				struct lease_seen *seen)
{
	struct lease_look look = { .holder = ME, .now_ms = now_ms };
	struct json *lease = lease_of(holder, renewed);
	enum lease_sight sight = lease_judge(lease, &look, seen);

	json_free(lease);
	return sight;
}

static const struct {
	const char *holder, *renewed;
	bool gone;
	enum lease_sight want;
} sights[] = {
	{ ME, "2026-11-20T00:00:00.000000Z", false, LEASE_OURS },
	{ "", "2026-11-21T00:13:19.000000Z", false, LEASE_FREE },
	{ THEM, "2026-11-21T00:13:19.000000Z", true, LEASE_FREE },
	/* Whatever their clock says: at the first sight nothing can be told. */
	{ THEM, "2026-11-21T00:13:19.000000Z", false, LEASE_STILL },
	{ THEM, "2001-01-01T00:00:00.000000Z", false, LEASE_STILL },
	{ THEM, "2999-01-01T00:00:00.000000Z", false, LEASE_STILL },
	{ THEM, "yesterday", false, LEASE_STILL },
};

Test(lease, at_the_first_sight_it_is_ours_free_or_not_known)
{
	for (size_t i = 0; i < ARRAY_SIZE(sights); i++) {
		struct json *lease = lease_of(sights[i].holder, sights[i].renewed);
		struct lease_look look = { .holder = ME, .gone = sights[i].gone };
		struct lease_seen seen = { 0 };

		cr_assert_eq(lease_judge(lease, &look, &seen), sights[i].want, "row %zu", i);
		lease_seen_done(&seen);
		json_free(lease);
	}
}

/* Our clock is driven by hand; theirs is five hours behind, or ahead, and does not matter. */
Test(lease, who_renews_is_alive_whatever_his_clock_says)
{
	static const char *const renewed[][2] = {
		{ "2026-11-20T19:13:20.000000Z", "2026-11-20T19:13:30.000000Z" },
		{ "2026-11-21T05:13:20.000000Z", "2026-11-21T05:13:30.000000Z" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(renewed); i++) {
		struct lease_seen seen = { 0 };

		cr_assert_eq(look_at(THEM, renewed[i][0], 1000, &seen), LEASE_STILL);
		cr_assert_eq(look_at(THEM, renewed[i][0], 9000, &seen), LEASE_STILL);
		cr_assert_eq(look_at(THEM, renewed[i][1], 11000, &seen), LEASE_ALIVE);
		lease_seen_done(&seen);
	}
}

Test(lease, who_does_not_renew_for_as_long_as_we_look_on_has_it_no_more)
{
	static const char *const renewed[] = { "2026-11-20T19:13:20.000000Z",
					       "2999-01-01T00:00:00.000000Z" };

	for (size_t i = 0; i < ARRAY_SIZE(renewed); i++) {
		struct lease_seen seen = { 0 };

		cr_assert_eq(look_at(THEM, renewed[i], 500, &seen), LEASE_STILL);
		cr_assert_eq(look_at(THEM, renewed[i], 500 + 29999, &seen), LEASE_STILL);
		cr_assert_eq(look_at(THEM, renewed[i], 500 + 30000, &seen), LEASE_FREE);
		lease_seen_done(&seen);
	}
}

Test(lease, somebody_third_who_takes_it_meanwhile_has_it)
{
	struct lease_seen seen = { 0 };

	cr_assert_eq(look_at(THEM, "2026-11-21T00:13:19.000000Z", 0, &seen), LEASE_STILL);
	cr_assert_eq(look_at("root@node-03 cc", "2026-11-21T00:13:19.000000Z", 2000, &seen),
		     LEASE_ALIVE);
	lease_seen_done(&seen);
}

/* Its record stood still before our eyes long enough: one round of renewals more is waited for. */
Test(lease, one_whose_record_stood_still_is_looked_at_shorter)
{
	struct lease_look look = { .holder = ME, .quiet_ms = JOURNAL_LEASE_S * 1000 };
	struct json *lease = lease_of(THEM, "2026-11-21T00:13:19.000000Z");
	struct lease_seen seen = { 0 };

	cr_assert_eq(lease_judge(lease, &look, &seen), LEASE_STILL);
	look.now_ms = JOURNAL_RENEW_MS;
	cr_assert_eq(lease_judge(lease, &look, &seen), LEASE_STILL);
	look.now_ms = LEASE_LOOK_MS;
	cr_assert_eq(lease_judge(lease, &look, &seen), LEASE_FREE);
	lease_seen_done(&seen);
	json_free(lease);
}

/* ---- against a server ---- */

struct told {
	int held, alone, lost, waits;
	struct error err;
};

static void held(void *arg, const struct error *alone)
{
	struct told *told = arg;

	told->held++;
	told->alone += alone != NULL;
}

static void waits(void *arg, const char *words)
{
	struct told *told = arg;

	cr_assert(*words);
	told->waits++;
}

static void lost(void *arg, const struct error *err)
{
	struct told *told = arg;

	told->lost++;
	told->err = *err;
}

static struct lease *begin(struct world *world, struct told *told)
{
	struct lease_spec spec = { .transport = world->transport,
				   .client = world->client,
				   .namespace = "velero",
				   .id = PLAN_ID,
				   .session = "aa",
				   .owner = "root@node-01",
				   .held = held,
				   .waits = waits,
				   .lost = lost,
				   .arg = told };

	return lease_start(&spec);
}

static void wait_for(struct world *world, const int *what)
{
	for (int i = 0; i < 200 && !*what; i++)
		transport_wait(world->transport, NULL, 0, 50);
	cr_assert(*what);
}

#define LEASES	  "/leases"
#define NOT_FOUND "{\"kind\":\"Status\",\"reason\":\"NotFound\",\"code\":404}"
#define CONFLICT  "{\"kind\":\"Status\",\"reason\":\"Conflict\",\"code\":409}"
#define THEIRS(version, renewed)                                                                   \
	"{\"metadata\":{\"resourceVersion\":\"" version "\"},\"spec\":{\"holderIdentity\":"        \
	"\"root@node-02 bb\",\"leaseDurationSeconds\":30,"                                         \
	"\"acquireTime\":\"2026-11-21T03:41:12.000000Z\","                                         \
	"\"renewTime\":\"2999-01-01T00:00:" renewed ".000000Z\"}}"

Test(lease, one_that_is_not_there_is_made)
{
	static const struct httpd_reply replies[] = {
		{ .path = LEASES, .status = 404, .body = NOT_FOUND },
		{ .path = LEASES,
		  .status = 201,
		  .body = "{\"metadata\":{\"resourceVersion\":\"1\"}}" },
	};
	struct told told = { 0 };
	struct world world;
	struct lease *lease;

	world_open(&world, replies, ARRAY_SIZE(replies));
	lease = begin(&world, &told);
	cr_assert_not(lease_is_fresh(lease));
	wait_for(&world, &told.held);
	cr_assert_eq(told.alone, 0);
	cr_assert(lease_is_fresh(lease));
	cr_assert(strstr(httpd_request(world.api, 1), "\"holderIdentity\":\"root@node-01 aa\""));
	lease_free(lease);
	world_close(&world);
}

/* Two see that nobody has it: the version lets one of them through, the other sees whose it is. */
Test(lease, of_two_who_take_it_at_once_the_second_waits_and_then_watches)
{
	static const struct httpd_reply replies[] = {
		{ .path = LEASES,
		  .body = "{\"metadata\":{\"resourceVersion\":\"4\"},\"spec\":{}}" },
		{ .path = LEASES, .status = 409, .body = CONFLICT },
		{ .path = LEASES, .body = THEIRS("5", "00") },
		{ .path = LEASES, .body = THEIRS("6", "10") },
	};
	struct told told = { 0 };
	struct world world;
	struct lease *lease;

	world_open(&world, replies, ARRAY_SIZE(replies));
	lease = begin(&world, &told);
	wait_for(&world, &told.lost);
	cr_assert_eq(told.held, 0);
	cr_assert_eq(told.waits, 1, "it looks whether the other one is alive");
	cr_assert(strstr(httpd_request(world.api, 1), "\"resourceVersion\":\"4\""));
	cr_assert_str_eq(told.err.text, "only watching: root on node-02 has it since 03:41 UTC");
	cr_assert_eq(told.err.code, STATUS_ELSEWHERE);
	cr_assert_not(lease_is_fresh(lease));
	lease_free(lease);
	world_close(&world);
}

Test(lease, where_it_may_not_be_written_the_record_alone_does)
{
	static const struct httpd_reply replies[] = {
		{ .path = LEASES, .status = 403, .body = "{\"reason\":\"Forbidden\"}" },
	};
	struct told told = { 0 };
	struct world world;
	struct lease *lease;

	world_open(&world, replies, ARRAY_SIZE(replies));
	lease = begin(&world, &told);
	wait_for(&world, &told.held);
	cr_assert_eq(told.alone, 1);
	cr_assert(lease_is_fresh(lease));
	lease_free(lease);
	world_close(&world);
}

/* ---- a process of this machine ---- */

Test(holder, a_process_that_died_here_is_known_to_be_gone)
{
	struct strbuf us = STRBUF_INIT;
	char name[128] = "";
	int ends[2];
	pid_t child;

	holder_add_process(&us);
	cr_assert(us.len);
	cr_assert_not(holder_process_is_gone(us.buf));
	cr_assert_eq(pipe(ends), 0);
	child = fork();
	if (!child) {
		struct strbuf theirs = STRBUF_INIT;

		holder_add_process(&theirs);
		_exit(write(ends[1], theirs.buf, theirs.len) != (ssize_t)theirs.len);
	}
	cr_assert_gt(read(ends[0], name, sizeof(name) - 1), 0);
	waitpid(child, NULL, 0);
	cr_assert(holder_process_is_gone(name), "%s", name);
	strbuf_done(&us);
}

Test(holder, of_another_machine_nothing_is_known)
{
	cr_assert_not(holder_process_is_gone(""));
	cr_assert_not(holder_process_is_gone("1a2b3c4d.4026531836.1.1"));
	cr_assert_not(holder_process_is_gone("..99999999."));
}
