/* The Admin Console, its applications and schedules; how well we see the cluster. */
#include "backend/base/clock.h"
#include "backend/checks/rules.h"
#include "backend/kots/backup_spec.h"
#include "backend/kots/manifest.h"
#include "backend/velero/location.h"

#include <string.h>

/* The scheduler looks each minute, and waits for a snapshot that runs. */
#define OVERDUE_S 900
#define SKEW_S	  60

/* */
void rule_embedded(const struct check_facts *facts, struct check_result *result)
{
	static const char *const kinds[] = { [SITE_UNKNOWN] = "not known",
					     [SITE_EXISTING] = "existing cluster",
					     [SITE_KURL] = "kURL",
					     [SITE_EMBEDDED] = "Embedded Cluster" };

	if (rule_lacks_console(facts, result))
		return;
	if (facts->console->kind != SITE_EMBEDDED) {
		rule_say(facts, result,
			 facts->console->kind == SITE_UNKNOWN ? VERDICT_UNKNOWN : VERDICT_PASSED,
			 "%s", kinds[facts->console->kind]);
		return;
	}
	rule_say(facts, result, VERDICT_FAILED, "Embedded Cluster");
	result->means = "It has a disaster recovery of its own; kotsnap only looks.";
}

/* */
void rule_console_running(const struct check_facts *facts, struct check_result *result)
{
	const struct console *console = facts->console;

	if (rule_lacks_console(facts, result))
		return;
	if (!*console->namespace && console->console_unread) {
		rule_say(facts, result, VERDICT_UNKNOWN, "%s", console->source_note);
		rule_do(facts, result, "Use a login that may read the Admin Console's namespace.");
	} else if (!*console->namespace) {
		rule_say(facts, result, VERDICT_WARNING, "no Admin Console was found");
		result->means = "Nothing is taken by schedule.";
	} else if (!console->kotsadm_running) {
		rule_say(facts, result, VERDICT_WARNING, "the Admin Console is down");
		result->means = "A snapshot would hold no database of it, and could not rebuild a "
				"cluster. Nothing is taken by schedule.";
		rule_do(facts, result, "kubectl -n %s get pods -l app=kotsadm", console->namespace);
	} else {
		rule_say(facts, result, VERDICT_PASSED, "%s runs in %s",
			 *console->kots_version ? console->kots_version : "it", console->namespace);
	}
}

/* It answers; what its API adds to that, or why it does not. */
static void say_sources(const struct check_facts *facts, struct check_result *result)
{
	const struct console *console = facts->console;

	if (*console->differs) {
		rule_say(facts, result, VERDICT_WARNING, "it differs from its API: %s",
			 console->differs);
		result->means = "Shown is what the API says.";
		rule_do(facts, result,
			"Look again in a minute; it passes while a version is "
			"deployed.");
	} else if (console->source == SOURCE_API) {
		rule_say(facts, result, VERDICT_PASSED, "it answers, and so does its API");
	} else if (*console->api_note) {
		rule_say(facts, result, VERDICT_PASSED, "it answers; its API does not: %s",
			 console->api_note);
	} else {
		rule_say(facts, result, VERDICT_PASSED, "it answers");
	}
}

void rule_console_database(const struct check_facts *facts, struct check_result *result)
{
	const struct console *console = facts->console;
	struct strbuf text = STRBUF_INIT;

	if (rule_lacks_console(facts, result))
		return;
	if (console->database_read) {
		say_sources(facts, result);
		return;
	}
	strbuf_adds(&text, *console->source_note ? console->source_note : "it does not answer");
	if (console->source == SOURCE_API)
		strbuf_adds(&text, "; applications are those of its API");
	if (console->source == SOURCE_ANNOTATIONS)
		strbuf_adds(&text, "; applications are those of the newest full snapshot");
	if (console->source == SOURCE_ANNOTATIONS && console->source_as_of) {
		strbuf_adds(&text, ", taken ");
		clock_add_span(&text, facts->now - console->source_as_of);
		strbuf_adds(&text, " ago");
	}
	rule_say(facts, result, VERDICT_UNKNOWN, "%s", text.buf);
	result->means = console->source == SOURCE_API
				? "Schedules and retention are not known."
				: "Schedules, retention and licences are not known.";
	rule_do(facts, result, "Run kotsnap on a node of the cluster.");
	strbuf_done(&text);
}

/* */
void rule_console_access(const struct check_facts *facts, struct check_result *result)
{
	const struct console *console = facts->console;

	if (rule_lacks_console(facts, result))
		return;
	if (!*console->namespace) {
		rule_say(facts, result, VERDICT_NOT_HERE, "no Admin Console");
		return;
	}
	if (console->cluster_scoped) {
		rule_say(facts, result, VERDICT_PASSED, "of the whole cluster");
		return;
	}
	if (console->velero_access == ANSWER_YES) {
		rule_say(facts, result, VERDICT_PASSED, "minimal RBAC, with access to Velero");
		return;
	}
	if (console->velero_access == ANSWER_NO) {
		rule_say(facts, result, VERDICT_WARNING,
			 "minimal RBAC without access to Velero: %s is not there",
			 console->velero_lacks);
		result->means = "The Admin Console neither lists nor takes nor restores snapshots.";
	} else {
		rule_say(facts, result, VERDICT_UNKNOWN,
			 "minimal RBAC; whether it may use Velero cannot be read");
	}
	rule_do(facts, result, "kubectl kots velero ensure-permissions -n %s --velero-namespace %s",
		console->namespace, console->velero_namespace);
}

/* ---- applications ---- */

static bool lacks_apps(const struct check_facts *facts, struct check_result *result)
{
	if (rule_lacks_console(facts, result))
		return true;
	if (*facts->slug && !console_app(facts->console, facts->slug)) {
		rule_say(facts, result, VERDICT_FAILED, "%s is not installed here", facts->slug);
		return true;
	}
	if (!facts->console->app_count)
		rule_say(facts, result, VERDICT_UNKNOWN, "no application is known");
	return !facts->console->app_count;
}

static bool is_meant(const struct check_facts *facts, const struct app *app)
{
	return !*facts->slug || !strcmp(facts->slug, app->slug);
}

/* The first application that a fact is not YES of, NO before UNKNOWN. */
static const struct app *worst_app(const struct check_facts *facts, size_t offset,
				   enum answer *ret_answer)
{
	const struct app *worst = NULL;

	*ret_answer = ANSWER_YES;
	for (size_t i = 0; i < facts->console->app_count; i++) {
		const struct app *app = &facts->console->apps[i];
		enum answer answer =
			*(const enum answer *)(const void *)((const char *)app + offset);

		if (!is_meant(facts, app) || answer == ANSWER_YES ||
		    (worst && !(answer == ANSWER_NO && *ret_answer == ANSWER_UNKNOWN)))
			continue;
		worst = app;
		*ret_answer = answer;
	}
	return worst;
}

/* the licence is looked at by the console's pages alone, so it stops nothing (section 12). */
void rule_licence(const struct check_facts *facts, struct check_result *result)
{
	enum answer answer;
	const struct app *app;

	if (lacks_apps(facts, result))
		return;
	app = worst_app(facts, offsetof(struct app, licensed), &answer);
	if (answer == ANSWER_UNKNOWN) {
		rule_say(facts, result, VERDICT_UNKNOWN,
			 "whether the licence of %s allows snapshots is not known", app->title);
	} else if (answer == ANSWER_NO) {
		rule_say(facts, result, VERDICT_WARNING,
			 "the licence of %s does not allow snapshots", app->title);
		result->means = "The Admin Console shows none for it.";
		rule_do(facts, result, "Ask the vendor for a licence that allows them.");
	} else {
		rule_say(facts, result, VERDICT_PASSED, "it allows snapshots");
	}
}

/* A manifest that is there and that nobody can use; the first such application. */
static const struct app *broken_app(const struct check_facts *facts, struct error *err)
{
	for (size_t i = 0; i < facts->console->app_count; i++) {
		const struct app *app = &facts->console->apps[i];
		struct manifest manifest;

		if (!is_meant(facts, app) || app->sequence < 0)
			continue;
		if (manifest_read(facts->console, app, &manifest, err))
			return app;
		manifest_done(&manifest);
	}
	return NULL;
}

static void say_no_manifest(const struct check_facts *facts, struct check_result *result,
			    const struct app *app)
{
	if (*app->backup_spec) {
		rule_say(facts, result, VERDICT_WARNING, "%s has switched its Backup manifest off",
			 app->title);
		result->means = "The Admin Console offers no snapshots of it.";
		return;
	}
	rule_say(facts, result, *facts->slug ? VERDICT_FAILED : VERDICT_WARNING,
		 "%s ships no Backup manifest", app->title);
	result->means = "A full snapshot leaves it out; a partial one cannot be taken.";
	rule_do(facts, result, "Ask the vendor to add one.");
}

/* Three things that the Admin Console shows alike are told apart: none is shipped, it is
 * switched off by its own annotations, it cannot be used. */
void rule_manifest(const struct check_facts *facts, struct check_result *result)
{
	struct error err = ERROR_INIT;
	enum answer answer;
	const struct app *app;

	if (lacks_apps(facts, result))
		return;
	if (broken_app(facts, &err)) {
		rule_say(facts, result, VERDICT_FAILED, "%s", err.text);
		result->means = "No snapshot that should hold it can be taken.";
		rule_do(facts, result, "%s", err.hint);
		return;
	}
	app = worst_app(facts, offsetof(struct app, manifest), &answer);
	if (answer == ANSWER_UNKNOWN)
		rule_say(facts, result, VERDICT_UNKNOWN, "whether %s ships one is not known",
			 app->title);
	else if (answer == ANSWER_NO)
		say_no_manifest(facts, result, app);
	else
		rule_say(facts, result, VERDICT_PASSED, "shipped");
}

/* Whatever else KOTS would refuse (spec/kots-snapshots.md 2.15): a version that is not deployed, a
 * retention that is no duration, a database that does not say what is deployed. */
void rule_spec(const struct check_facts *facts, struct check_result *result)
{
	struct error err = ERROR_INIT;
	struct json *backup = NULL;
	struct backup_wish wish = { .kind = *facts->slug ? SNAPSHOT_PARTIAL : SNAPSHOT_FULL,
				    .app_slug = facts->slug,
				    .now = facts->now,
				    .request_id = "",
				    .made_by = "" };

	if (rule_lacks_console(facts, result))
		return;
	if (backup_spec_build(facts->console, &wish, &backup, &err)) {
		rule_say(facts, result, VERDICT_FAILED, "%s", err.text);
		rule_do(facts, result, "%s", err.hint);
		return;
	}
	rule_say(facts, result, VERDICT_PASSED, "as KOTS would write it");
	json_free(backup);
}

/* ---- schedules ---- */

static bool lacks_schedules(const struct check_facts *facts, struct check_result *result)
{
	if (rule_lacks_console(facts, result))
		return true;
	if (facts->console->database_read)
		return false;
	rule_say(facts, result, VERDICT_UNKNOWN, "the Admin Console's database did not answer");
	return true;
}

void rule_schedules_on(const struct check_facts *facts, struct check_result *result)
{
	if (lacks_schedules(facts, result))
		return;
	if (*facts->console->cron) {
		rule_say(facts, result, VERDICT_PASSED, "full snapshots: %s", facts->console->cron);
		return;
	}
	rule_say(facts, result, VERDICT_WARNING, "no full snapshot is taken by itself");
	rule_do(facts, result, "Switch it on (5).");
}

static int64_t late_s(const struct check_facts *facts, const char *cron, int64_t next_run)
{
	return *cron && next_run && facts->now > next_run ? facts->now - next_run : 0;
}

void rule_schedules_overdue(const struct check_facts *facts, struct check_result *result)
{
	const struct console *console = facts->console;
	const char *what = "full snapshots";
	struct strbuf age = STRBUF_INIT;
	int64_t late;

	if (lacks_schedules(facts, result))
		return;
	late = late_s(facts, console->cron, console->next_run);
	for (size_t i = 0; i < console->app_count; i++) {
		const struct app *app = &console->apps[i];

		if (late_s(facts, app->cron, app->next_run) > late) {
			late = late_s(facts, app->cron, app->next_run);
			what = app->title;
		}
	}
	clock_add_span(&age, late);
	if (late > OVERDUE_S) {
		rule_say(facts, result, VERDICT_WARNING, "%s: overdue for %s", what, age.buf);
		result->means = "The scheduler runs in the Admin Console and waits for a snapshot "
				"that is under way.";
		rule_do(facts, result, "kubectl -n %s logs -l app=kotsadm", console->namespace);
	} else {
		rule_say(facts, result, VERDICT_PASSED, "none is overdue");
	}
	strbuf_done(&age);
}

void rule_schedules_of_velero(const struct check_facts *facts, struct check_result *result)
{
	const struct list *list = facts->model->lists[COLLECTION_SCHEDULES];
	const struct schedule *first;

	if (rule_lacks_list(facts, result, COLLECTION_SCHEDULES))
		return;
	if (!list->count) {
		rule_say(facts, result, VERDICT_PASSED, "none");
		return;
	}
	first = (const struct schedule *)list->items[0];
	rule_say(facts, result, VERDICT_WARNING, "%zu of Velero itself, among them %s", list->count,
		 first->object.name);
	result->means = "KOTS did not make them, and does not know what they take.";
}

/* ---- how well we see ---- */

void rule_reading(const struct check_facts *facts, struct check_result *result)
{
	size_t live = 0;

	for (int i = 0; i < COLLECTIONS; i++) {
		const struct collection_state *state = &facts->model->state[i];

		live += state->ever;
		if (state->reading != READ_FORBIDDEN && state->reading != READ_ABSENT)
			continue;
		rule_say(facts, result, VERDICT_WARNING, "%s: %s", collection_name(i),
			 *state->why.text ? state->why.text : "not permitted");
		rule_do(facts, result, "%s", state->why.hint);
		return;
	}
	if (live < COLLECTIONS)
		rule_say(facts, result, VERDICT_UNKNOWN, "%zu of %d lists are read", live,
			 COLLECTIONS);
	else
		rule_say(facts, result, VERDICT_PASSED, "all %d lists", COLLECTIONS);
}

void rule_clock(const struct check_facts *facts, struct check_result *result)
{
	int64_t skew = facts->model->link.skew_s;

	if (skew > SKEW_S || skew < -SKEW_S) {
		rule_say(facts, result, VERDICT_WARNING, "the API server is %lld s %s of us",
			 (long long)(skew < 0 ? -skew : skew), skew < 0 ? "behind" : "ahead");
		result->means = "Ages are wrong by that much, and signed addresses may fail.";
	} else {
		rule_say(facts, result, VERDICT_PASSED, "less than %d s apart", SKEW_S);
	}
}

void rule_read_only(const struct check_facts *facts, struct check_result *result)
{
	if (facts->model->link.read_only)
		rule_say(facts, result, VERDICT_FAILED, "kotsnap was started with --read-only");
	else
		rule_say(facts, result, VERDICT_PASSED, "kotsnap may write");
}
