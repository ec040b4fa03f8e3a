/* contract -k KUBECONFIG -c CLUSTER ROWS.yaml...: the behaviours of an API server and of Velero
 * that kotsnap relies on, run against one cluster. Prints what differs and "N passed, N failed, N
 * skipped". -r NAME: that row alone. -p PERCENT: of its own time a row may wait, more where the
 * machine has other work. How a row is written: CONTRIBUTING.md. */
#include "backend/base/clock.h"
#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/yaml.h"
#include "backend/net/inflate.h"
#include "tests/contract/exchange.h"
#include "tests/contract/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROWS_CEILING ((size_t)1 << 20)
#define FILE_CEILING ((size_t)64 << 20)
#define POLL_MS	     300
#define BODY_SHOWN   600
#define EVENTS_SHOWN 20

struct run {
	struct exchange *exchange;
	const char *kubeconfig, *cluster;
	const char *only;  /* the name of the one row to run, or NULL = all */
	int percent;	   /* of every "within" */
	struct json *vars; /* of the row */
	struct strbuf why; /* what differed */
	int passed, failed, skipped, row;
	bool verbose;
};

/* ---- steps ---- */

static enum identity identity_of(const struct json *step)
{
	const char *as = json_text(step, "as");

	if (strcmp(as, "nobody") == 0)
		return IDENTITY_NOBODY;
	return strcmp(as, "stranger") == 0 ? IDENTITY_STRANGER : IDENTITY_ADMIN;
}

static int64_t ends_at(const struct run *run, const struct json *step, int64_t usual_s)
{
	return clock_monotonic_ms() + json_int(step, "within", usual_s) * 10 * run->percent;
}

static void keep(struct run *run, const struct json *names, const struct json *from)
{
	struct strbuf text = STRBUF_INIT;

	for (const struct json *c = json_first(names); c; c = json_next(c)) {
		strbuf_reset(&text);
		expect_add_text(&text, json_get(from, json_value(c)));
		json_put_text(run->vars, json_name(c), text.buf);
	}
	strbuf_done(&text);
}

/* The files of the store are packed; what is not passes through. */
static void unpack(struct reply *reply)
{
	struct strbuf *text = &reply->text;

	struct inflate *in = inflate_new(FILE_CEILING);
	struct strbuf out = STRBUF_INIT;

	if (!inflate_feed(in, text->buf, text->len, &out, NULL)) {
		strbuf_done(text);
		*text = out;
	} else {
		strbuf_done(&out);
	}
	inflate_free(in);
	json_free(reply->json);
	reply->json = json_parse(text->buf, text->len, NULL);
}

static bool answer_holds(struct run *run, const struct json *step, const struct reply *reply)
{
	int64_t status = json_int(step, "status", 200);
	const struct json *text = json_key(step, "text");
	bool ok = true;

	if (reply->status != status) {
		strbuf_addf(&run->why, "    status: wanted %d, got %d\n", (int)status,
			    reply->status);
		ok = false;
	}
	if (!expect_holds(reply->json, json_key(step, "expect"), &run->why))
		ok = false;
	if (text && !expect_text_matches(reply->text.buf, json_value(text))) {
		strbuf_addf(&run->why, "    text: does not match %s\n", json_value(text));
		ok = false;
	}
	return ok;
}

static bool ask_step(struct run *run, const struct json *step, const char *method, const char *path)
{
	bool fetch = strcmp(method, "FETCH") == 0;
	struct request request = { .method = fetch ? "GET" : method,
				   .path = path,
				   .body = json_key(step, "body"),
				   .type = json_text(step, "type"),
				   .identity = identity_of(step) };
	int64_t until = ends_at(run, step, 0);
	bool ok;

	for (;;) {
		struct reply reply;

		exchange_ask(run->exchange, &request, &reply);
		if (fetch)
			unpack(&reply);
		strbuf_reset(&run->why);
		ok = answer_holds(run, step, &reply);
		if (ok)
			keep(run, json_key(step, "keep"), reply.json);
		else
			strbuf_addf(&run->why, "    body: %.*s\n", BODY_SHOWN, reply.text.buf);
		reply_done(&reply);
		if (ok || clock_monotonic_ms() >= until)
			return ok;
		exchange_wait(run->exchange, POLL_MS);
	}
}

/* Whether the wanted ones came in this order; others may lie between. *ret_found: how many did. */
static bool in_order(const struct watched *watched, const struct json *wanted, size_t *ret_found)
{
	const struct json *next = json_first(wanted);
	struct strbuf ignored = STRBUF_INIT;

	*ret_found = 0;
	for (size_t i = 0; i < watched->count && next; i++) {
		if (!expect_holds(watched->events[i], next, &ignored))
			continue;
		++*ret_found;
		next = json_next(next);
	}
	strbuf_done(&ignored);
	return !next;
}

/* No event may be outside of "only", a map of paths to choices. */
static bool none_other(struct run *run, const struct watched *watched, const struct json *only)
{
	for (size_t i = 0; i < watched->count; i++)
		if (!expect_holds(watched->events[i], only, &run->why))
			return false;
	return true;
}

static void tell_events(struct strbuf *why, const struct watched *watched, size_t found)
{
	strbuf_addf(why, "    %zu of the wanted events came, %zu in all%s:\n", found,
		    watched->count, watched->ended ? ", the stream ended" : "");
	for (size_t i = watched->count > EVENTS_SHOWN ? watched->count - EVENTS_SHOWN : 0;
	     i < watched->count; i++) {
		struct strbuf status = STRBUF_INIT;
		const struct json *event = watched->events[i];

		expect_add_text(&status, json_get(event, "object"));
		strbuf_addf(why, "    %s %s %.700s\n", json_text(event, "type"),
			    json_text(event, "object.metadata.name"), status.buf);
		strbuf_done(&status);
	}
}

static bool events_step(struct run *run, const struct json *step, const char *name)
{
	int64_t until = ends_at(run, step, 10);
	bool must_end = json_bool(step, "ended", false), ok = false;
	struct watched watched;
	size_t found = 0;

	strbuf_reset(&run->why);
	for (;;) {
		if (!exchange_watched(run->exchange, name, &watched)) {
			strbuf_addf(&run->why, "    no watch is named %s\n", name);
			return false;
		}
		ok = in_order(&watched, json_key(step, "expect"), &found) &&
		     (watched.ended || !must_end);
		if (ok || watched.ended || clock_monotonic_ms() >= until)
			break;
		exchange_wait(run->exchange, POLL_MS);
	}
	if (ok && !none_other(run, &watched, json_key(step, "only")))
		ok = false;
	if (!ok)
		tell_events(&run->why, &watched, found);
	return ok;
}

static bool do_step(struct run *run, const struct json *raw)
{
	struct json *step = expect_fill_in(raw, run->vars);
	const struct json *what = json_first(step); /* the first key says what to do */
	const char *verb = json_name(what), *operand = json_value(what);
	bool ok = true;

	if (strcmp(verb, "WATCH") == 0)
		exchange_watch(run->exchange, json_text(step, "name"), operand);
	else if (strcmp(verb, "EVENTS") == 0)
		ok = events_step(run, step, operand);
	else if (strcmp(verb, "WAIT") == 0)
		exchange_wait(run->exchange, (int)json_int(step, "WAIT", 1) * 1000);
	else
		ok = ask_step(run, step, verb, operand);
	json_free(step);
	return ok;
}

/* ---- rows ---- */

/* Why this row is not for this cluster, or NULL. */
static const char *excuse(const struct run *run, const struct json *row)
{
	const struct json *only = json_key(row, "only");

	for (const struct json *c = json_first(only); c; c = json_next(c))
		if (strcmp(json_value(c), run->cluster) == 0)
			return NULL;
	if (only)
		return "not for this cluster";
	only = json_key(json_key(row, "except"), run->cluster);
	return only ? json_value(only) : NULL;
}

static bool do_steps(struct run *run, const struct json *row)
{
	int number = 1;

	for (const struct json *s = json_first(json_key(row, "steps")); s;
	     s = json_next(s), number++) {
		if (do_step(run, s))
			continue;
		printf("  FAILED %s\n    step %d: %s %s\n%s", json_text(row, "name"), number,
		       json_name(json_first(s)), json_value(json_first(s)), run->why.buf);
		return false;
	}
	return true;
}

static void do_row(struct run *run, const struct json *row)
{
	const char *reason = excuse(run, row), *name = json_text(row, "name");
	int64_t began = clock_monotonic_ms();
	struct strbuf id = STRBUF_INIT;
	bool ok;

	if (reason) {
		run->skipped++;
		printf("  skipped %s: %s\n", name, reason);
		return;
	}
	strbuf_addf(&id, "%x-%d", (unsigned)(clock_now() & 0xfffff), ++run->row);
	run->vars = json_new_map();
	json_put_text(run->vars, "id", id.buf);
	ok = do_steps(run, row);
	for (const struct json *s = json_first(json_key(row, "after")); s; s = json_next(s))
		do_step(run, s);
	exchange_close_watches(run->exchange);
	ok ? run->passed++ : run->failed++;
	if (ok && run->verbose)
		printf("  ok %s (%.1f s)\n", name, (double)(clock_monotonic_ms() - began) / 1000);
	fflush(stdout);
	json_free(run->vars);
	strbuf_done(&id);
}

static enum status do_file(struct run *run, const char *path, struct error *err)
{
	struct strbuf text = STRBUF_INIT;
	enum status st = file_read(path, ROWS_CEILING, &text, err);
	struct json *file = st ? NULL : yaml_parse(text.buf, text.len, err);

	strbuf_done(&text);
	if (!file)
		return error_wrap(err, "%s", path);
	for (const struct json *r = json_first(json_key(file, "rows")); r; r = json_next(r))
		if (!run->only || strcmp(run->only, json_text(r, "name")) == 0)
			do_row(run, r);
	json_free(file);
	return STATUS_OK;
}

static bool read_options(struct run *run, int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "k:c:r:p:v")) != -1) {
		switch (option) {
		case 'k':
			run->kubeconfig = optarg;
			break;
		case 'c':
			run->cluster = optarg;
			break;
		case 'r':
			run->only = optarg;
			break;
		case 'p':
			run->percent = (int)strtol(optarg, NULL, 10);
			break;
		case 'v':
			run->verbose = true;
			break;
		default:
			return false;
		}
	}
	return run->kubeconfig && run->percent > 0 && optind < argc;
}

int main(int argc, char **argv)
{
	struct run run = { .why = STRBUF_INIT, .cluster = "", .percent = 100 };
	struct error err = ERROR_INIT;
	enum status st;

	if (!read_options(&run, argc, argv)) {
		fprintf(stderr,
			"usage: contract -k KUBECONFIG -c CLUSTER [-r ROW] [-p PERCENT] [-v] "
			"ROWS.yaml...\n");
		return 2;
	}
	st = exchange_new(run.kubeconfig, &run.exchange, &err);
	for (int i = optind; i < argc && !st; i++)
		st = do_file(&run, argv[i], &err);
	exchange_free(run.exchange);
	strbuf_done(&run.why);
	if (st) {
		fprintf(stderr, "contract: %s\n", err.text);
		return status_exit_code(st);
	}
	printf("contract %s: %d passed, %d failed, %d skipped\n", run.cluster, run.passed,
	       run.failed, run.skipped);
	return run.failed > 0 || run.passed == 0;
}
