#include "backend/practice/selector.h"
#include "tests/unit/backend/practice/objects_rig.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>

/* labels: app=web, tier=front, empty= */
static const struct {
	const char *selector;
	bool matches;
} rows[] = {
	{ "", true },
	{ " ", true },
	{ "app=web", true },
	{ "app==web", true },
	{ "app = web", true },
	{ "app!=web", false },
	{ "app!=db", true },
	{ "none!=x", true },
	{ "app in (web,db)", true },
	{ "app in ( db , mail )", false },
	{ "app notin (db)", true },
	{ "app notin (web)", false },
	{ "none notin (web)", true },
	{ "app", true },
	{ "none", false },
	{ "!none", true },
	{ "!app", false },
	{ "app=web,tier=front", true },
	{ "app=web,tier=back", false },
	{ "app in (web),!none,tier", true },
	{ "empty=", true },
	{ "velero.io/storage-location=x", false },
};

ParameterizedTestParameters(objects_selector, means_what_kubernetes_means)
{
	static int indexes[ARRAY_SIZE(rows)];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		indexes[i] = (int)i;
	return cr_make_param_array(int, indexes, ARRAY_SIZE(rows));
}

ParameterizedTest(int *row, objects_selector, means_what_kubernetes_means)
{
	struct json *labels = objects_rig_json("{'app':'web','tier':'front','empty':''}");
	struct selector *selector;

	cr_assert_not(selector_parse_labels(rows[*row].selector, &selector, NULL));
	cr_assert_eq(selector_matches_labels(selector, labels), rows[*row].matches, "%s",
		     rows[*row].selector);
	selector_free(selector);
	json_free(labels);
}

Test(objects_selector, nonsense_is_refused)
{
	static const char *const bad[] = { "a===b", "=b", "a in b", "a in (b", "a b", "!", "a,,b" };
	struct selector *selector;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		cr_expect_eq(selector_parse_labels(bad[i], &selector, NULL), STATUS_INVALID, "%s",
			     bad[i]);
	cr_expect_eq(selector_parse_fields("a", &selector, NULL), STATUS_INVALID);
}

Test(objects_selector, fields_are_paths_of_the_object)
{
	struct json *pod = objects_rig_json("{'status':{'phase':'Running'}}");
	struct selector *selector;

	cr_assert_not(
		selector_parse_fields("status.phase!=Failed,metadata.name=x", &selector, NULL));
	cr_assert_str_eq(selector_wants(selector, "metadata.name"), "x");
	cr_assert_str_eq(selector_odd_field(selector), "status.phase");
	cr_assert_not(selector_matches_fields(selector, pod));
	selector_free(selector);
	cr_assert_not(selector_parse_fields("status.phase=Running", &selector, NULL));
	cr_assert(selector_matches_fields(selector, pod));
	selector_free(selector);
	json_free(pod);
}
