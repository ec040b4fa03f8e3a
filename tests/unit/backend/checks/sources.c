/* Who told which applications there are, and what the two that may tell it say differently. */
#include "backend/checks/check.h"
#include "tests/support/site.h"

#include <criterion/criterion.h>
#include <string.h>

static void api_answers(struct console *console)
{
	console->source = SOURCE_API;
}
static void api_does_not(struct console *console)
{
	console->api_note = "its token is refused";
}
static void they_differ(struct console *console)
{
	console->source = SOURCE_API;
	console->differs = "acme: sequence 2 (1.1.0) is, but in the database sequence 1 (1.0.0) is";
}
static void api_alone(struct console *console)
{
	console->source = SOURCE_API;
	console->database_read = false;
	console->source_note = "connection refused";
}

static const struct {
	void (*change)(struct console *console);
	enum verdict verdict;
	const char *seen;
} cases[] = {
	{ api_answers, VERDICT_PASSED, "it answers, and so does its API" },
	{ api_does_not, VERDICT_PASSED, "it answers; its API does not: its token is refused" },
	{ they_differ, VERDICT_WARNING,
	  "it differs from its API: acme: sequence 2 (1.1.0) is, but in the database sequence 1 "
	  "(1.0.0) is" },
	{ api_alone, VERDICT_UNKNOWN, "connection refused; applications are those of its API" },
};

static const struct check_result *find_database(const struct check_results *results)
{
	for (size_t i = 0; i < results->count; i++)
		if (!strcmp(results->rows[i].rule, "console-database"))
			return &results->rows[i];
	return NULL;
}

Test(sources, are_told_with_what_they_say_differently)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct model *model = site_model(SITE_QUIET);
		struct check_results results;
		const struct check_result *row;

		cases[i].change((struct console *)model->console);
		checks_site(model, SITE_NOW, &results);
		row = find_database(&results);
		cr_assert_not_null(row);
		cr_expect_eq(row->verdict, cases[i].verdict, "row %zu: %d", i, row->verdict);
		cr_expect_str_eq(row->seen, cases[i].seen);
		check_results_done(&results);
		model_unref(model);
	}
}
