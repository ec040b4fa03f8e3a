/* The Admin Console after its Restore (spec/kots-snapshots.md 8.2 item 5, 2.12): it answers again,
 * and its database, which its own init containers loaded, knows the applications of the snapshot.
 */
#include "backend/base/clock.h"
#include "backend/ops/restore_read.h"
#include "backend/ops/restore_run.h"

#include <string.h>

#define CONSOLE_AGAIN_MS 2000
#define CONSOLE_END_MS	 600000
#define QUERY_AGAIN_MS	 5000
#define QUERY_TRIES	 24

static void look_at_console(struct restore_run *run);
static void ask_database(struct restore_run *run);

/* ---- STEP_CONSOLE_UP ---- */

static void console_seen(void *arg, const struct json *reply, const struct error *err)
{
	struct restore_run *run = arg;
	struct strbuf words = STRBUF_INIT;
	struct error late = ERROR_INIT;

	/* The API server may be away for a while in the middle of it; that time is not the
	 * console's. */
	if (run_lost(run, err, look_at_console)) {
		run->step_began_ms = clock_monotonic_ms();
		return;
	}
	if (err && err->http != 404) {
		run_fail(run, err);
	} else if (console_pods_are_up(reply, &words)) {
		run_say(run, OP_STEP_RUNNING, "%s", words.buf);
		run_next(run, OP_STEP_DONE);
	} else if (run_step_ms(run) > CONSOLE_END_MS) {
		error_set(&late, STATUS_TIMEOUT,
			  "the Admin Console is restored and does not come up within 10 min: %s",
			  words.buf);
		error_hint(&late, "See to its pod, then restore again from %s: it is unharmed.",
			   run->plan->backup);
		run_fail(run, &late);
	} else {
		run_say(run, OP_STEP_RUNNING, "%s", words.buf);
		run_after(run, CONSOLE_AGAIN_MS, look_at_console);
	}
	strbuf_done(&words);
}

static void look_at_console(struct restore_run *run)
{
	struct kube_kind pods = { "", "v1", "pods" };
	struct strbuf path = STRBUF_INIT;
	struct client_call call = { .what = "look whether the Admin Console is up" };

	client_add_path(&path, &pods, run->plan->console_namespace, NULL);
	strbuf_query(&path, "labelSelector", "app=kotsadm");
	call.path = path.buf;
	run_call(run, &call, console_seen);
	strbuf_done(&path);
}

const struct run_step run_step_console_up = { look_at_console, NULL };

/* ---- STEP_DATABASE ---- */

/* "acme-gateway, acme-analytics": parts whose application the database does not know. */
static void add_unknown(struct strbuf *out, const struct restore_run *run, const struct json *reply)
{
	for (size_t i = 0; i < run->plan->part_count; i++) {
		const struct restore_part *part = &run->plan->parts[i];

		if (part->is_console || database_knows(reply, part->app_slug))
			continue;
		strbuf_addf(out, "%s%s", out->len ? ", " : "", part->app_slug);
	}
}

static void judge_database(struct restore_run *run, const struct json *reply)
{
	struct strbuf unknown = STRBUF_INIT;
	size_t count = database_apps(reply);

	add_unknown(&unknown, run, reply);
	if (!unknown.len && count) {
		run_say(run, OP_STEP_RUNNING, "it knows %zu application%s", count,
			count == 1 ? "" : "s");
		run_next(run, OP_STEP_DONE);
	} else if (++run->mark_tries < QUERY_TRIES) {
		run_say(run, OP_STEP_RUNNING, "it does not know %s yet",
			unknown.len ? unknown.buf : "any application");
		run_after(run, QUERY_AGAIN_MS, ask_database);
	} else {
		run_say(run, OP_STEP_WARNING,
			"the database of the Admin Console does not know %s: its init containers "
			"say why",
			unknown.len ? unknown.buf : "any application");
		run_next(run, OP_STEP_WARNING);
	}
	strbuf_done(&unknown);
}

static void database_answered(void *arg, const struct json *reply, const struct error *err)
{
	struct restore_run *run = arg;

	run->marking = NULL;
	if (!err) {
		judge_database(run, reply);
	} else if (creation_answer_was_lost(err) && ++run->mark_tries < QUERY_TRIES) {
		run_say(run, OP_STEP_RUNNING, "waits for it: %s", err->text);
		run_after(run, QUERY_AGAIN_MS, ask_database);
	} else {
		/* Elsewhere than on a node its address is out of reach: that is no failure. */
		run_say(run, OP_STEP_WARNING,
			"whether its database is restored could not be looked up: %s", err->text);
		run_next(run, OP_STEP_WARNING);
	}
}

static void ask_database(struct restore_run *run)
{
	struct json *list = database_queries();
	struct console_statements statements = { .transport = run->op.world->transport,
						 .client = run->op.world->client,
						 .namespace = run->plan->console_namespace,
						 .statements = list,
						 .done = database_answered,
						 .arg = run };

	run->marking = console_execute(&statements);
	json_free(list);
}

static void database_enter(struct restore_run *run)
{
	run->mark_tries = 0;
	ask_database(run);
}

const struct run_step run_step_database = { database_enter, NULL };
