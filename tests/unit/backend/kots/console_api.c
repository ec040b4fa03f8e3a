/* What kotsadm's API said of a real site, laid over the rows of its database. */
#include "backend/kots/console_facts.h"

#include "tests/support/recording.h"
#include "tests/unit/backend/kots/given.h"

#include <criterion/criterion.h>
#include <string.h>

#define RECORDED "kots/api-apps.json"

static const struct json *first_app_of(const struct json *reply)
{
	return json_first(json_key(reply, "apps"));
}

/* change: a merge patch over the recorded application, NULL = none. */
static void lay_over(struct console *console, const char *change)
{
	struct json *reply = recording_json(RECORDED);
	struct json *patch = change ? json_parse(change, strlen(change), NULL) : NULL;
	struct error err = ERROR_INIT;

	cr_assert(!change || patch, "%s", change);
	if (patch)
		json_merge((struct json *)first_app_of(reply), patch);
	cr_assert_eq(facts_take_api(console, reply, &err), STATUS_OK, "%s", err.text);
	json_free(patch);
	json_free(reply);
}

Test(console_api, alone_it_knows_the_applications_and_what_is_deployed)
{
	struct console *console = console_new();
	const struct app *app;

	lay_over(console, NULL);
	cr_assert_eq(console->source, SOURCE_API);
	cr_assert(!console->database_read);
	cr_assert_eq(console->app_count, 1);
	cr_assert_str_eq(console->cluster_id, "kszcuadscwpsdzpdlkuytpdkghpjmzsw");
	app = console_app(console, GIVEN_APP);
	cr_assert_str_eq(app->id, GIVEN_ID);
	cr_assert_str_eq(app->title, "Acme Analytics");
	cr_assert_str_eq(app->version, "1.0.0");
	cr_assert_eq(app->sequence, 1);
	cr_assert_eq(app->allowed, ANSWER_YES);
	cr_assert_eq(app->licensed, ANSWER_YES);
	cr_assert_eq(app->manifest, ANSWER_YES);
	cr_assert_str_eq(app->cron, "");
	cr_assert_str_eq(app->backup_spec, "");
	/* Without the database there is nothing it could differ from. */
	cr_assert_str_eq(console->differs, "");
	console_unref(console);
}

Test(console_api, without_the_database_a_no_does_not_say_which_of_the_two_is_missing)
{
	struct console *console = console_new();

	lay_over(console, "{\"allowSnapshots\":false}");
	cr_assert_eq(console->apps[0].allowed, ANSWER_NO);
	cr_assert_eq(console->apps[0].licensed, ANSWER_UNKNOWN);
	cr_assert_eq(console->apps[0].manifest, ANSWER_UNKNOWN);
	console_unref(console);
}

Test(console_api, what_only_the_database_knows_is_kept)
{
	struct console *console = given_console();
	const struct app *app;

	lay_over(console, NULL);
	cr_assert_eq(console->source, SOURCE_API);
	cr_assert(console->database_read);
	app = console_app(console, GIVEN_APP);
	cr_assert_str_eq(app->cron, "0 2 * * *");
	cr_assert_eq(app->next_run, 1795399200);
	cr_assert_str_neq(app->backup_spec, "");
	cr_assert_str_neq(app->app_spec, "");
	/* The recorded rows hold one more application, put there by hand. */
	cr_assert_eq(console->app_count, 2);
	cr_assert_str_eq(console->differs, "never-deployed: in the database, but not listed");
	console_unref(console);
}

static const struct {
	const char *change, *said;
	enum answer licensed, manifest;
	int64_t sequence;
} differences[] = {
	{ "{\"name\":\"Acme\"}", "", ANSWER_YES, ANSWER_YES, 1 },
	{ "{\"downstream\":{\"currentVersion\":{\"parentSequence\":2,\"versionLabel\":\"1.1.0\"}}}",
	  "acme-analytics: sequence 2 (1.1.0) is, but in the database sequence 1 (1.0.0) is",
	  ANSWER_YES, ANSWER_YES, 2 },
	{ "{\"downstream\":{\"currentVersion\":null}}",
	  "acme-analytics: nothing is deployed, but in the database sequence 1 (1.0.0) is",
	  ANSWER_YES, ANSWER_YES, -1 },
	{ "{\"allowSnapshots\":false}",
	  "acme-analytics: snapshots are not allowed, though the database has a licence",
	  ANSWER_YES, ANSWER_NO, 1 },
	{ "{\"slug\":\"other\"}", "other: listed, but not in the database", ANSWER_YES, ANSWER_YES,
	  1 },
};

Test(console_api, what_the_two_say_differently_is_told_and_the_api_counts)
{
	for (size_t i = 0; i < ARRAY_SIZE(differences); i++) {
		struct console *console = given_console();
		const struct app *app;

		console->app_count = 1; /* without the one put there by hand */
		lay_over(console, differences[i].change);
		app = i == 4 ? console_app(console, "other") : console_app(console, GIVEN_APP);
		if (*differences[i].said)
			cr_assert_not_null(strstr(console->differs, differences[i].said), "%s",
					   console->differs);
		else
			cr_assert_str_eq(console->differs, "");
		cr_assert_eq(app->licensed, differences[i].licensed, "row %zu", i);
		cr_assert_eq(app->manifest, differences[i].manifest, "row %zu", i);
		cr_assert_eq(app->sequence, differences[i].sequence, "row %zu", i);
		console_unref(console);
	}
}

Test(console_api, a_licence_that_the_database_lacks_is_told)
{
	struct console *console = given_console();

	console->app_count = 1;
	given_app(console)->licensed = ANSWER_NO;
	lay_over(console, NULL);
	cr_assert_eq(console->apps[0].licensed, ANSWER_YES);
	cr_assert_str_eq(console->differs, "acme-analytics: snapshots are allowed, but in the "
					   "database the licence does not allow them");
	console_unref(console);
}

static const char *const others[] = {
	"{}",
	"[]",
	"{\"apps\":null}",
	"{\"apps\":\"none\"}",
	"{\"error\":\"missing authorization token\",\"success\":false}",
	"{\"apps\":[{\"slug\":\"no-id\"}]}",
	"{\"apps\":[7]}",
};

Test(console_api, another_answer_changes_nothing)
{
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		struct console *console = given_console();
		struct json *reply = json_parse(others[i], strlen(others[i]), NULL);
		struct error err = ERROR_INIT;

		cr_assert_eq(facts_take_api(console, reply, &err), STATUS_FORMAT, "%s", others[i]);
		cr_assert_eq(console->source, SOURCE_RQLITE);
		cr_assert_eq(console->app_count, 2);
		cr_assert_str_eq(console->differs, "");
		json_free(reply);
		console_unref(console);
	}
}
