/* Versions as they stand in images and replies, and which go together (console-screens R-10). */
#include "backend/checks/version.h"
#include "backend/base/status.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

static const struct {
	const char *text;
	bool want;
	struct version version;
} parse_cases[] = {
	{ "v1.18.2", true, { 1, 18, 2 } },
	{ "1.17.0-rc.1", true, { 1, 17, 0 } },
	{ "v1.14.1-OADP", true, { 1, 14, 1 } },
	{ "release-1.16-dev", true, { 1, 16, 0 } },
	{ "velero 1.9", true, { 1, 9, 0 } },
	{ "", false, { 0, 0, 0 } },
	{ "main", false, { 0, 0, 0 } },
	{ "sha256:12ab", false, { 0, 0, 0 } },
	{ "1.", false, { 0, 0, 0 } },
	{ "v2 1.18.3", true, { 1, 18, 3 } },
	{ "99999999999.1", true, { 9999, 1, 0 } },
};

ParameterizedTestParameters(version, is_the_first_number_with_a_dot)
{
	static size_t rows[ARRAY_SIZE(parse_cases)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, version, is_the_first_number_with_a_dot)
{
	struct version got = { 0 };

	cr_assert_eq(version_parse(parse_cases[*row].text, &got), parse_cases[*row].want, "%s",
		     parse_cases[*row].text);
	if (parse_cases[*row].want && parse_cases[*row].version.major < 9999)
		cr_assert_eq(version_compare(got, parse_cases[*row].version), 0, "%d.%d.%d",
			     got.major, got.minor, got.patch);
}

static const struct {
	struct version kots;
	bool known, historic;
	struct version most; /* the newest Velero it goes with, without "any" */
} pair_cases[] = {
	{ { 1, 131, 4 }, true, false, { 1, 18, 99 } },
	{ { 1, 130, 7 }, true, false, { 1, 18, 99 } },
	{ { 1, 130, 6 }, true, false, { 1, 16, 2 } },
	{ { 1, 124, 18 }, true, false, { 1, 16, 0 } },
	{ { 1, 124, 17 }, true, false, { 1, 15, 2 } },
	{ { 1, 117, 3 }, true, false, { 1, 14, 1 } },
	{ { 1, 117, 2 }, true, true, { 1, 12, 99 } },
	{ { 1, 20, 2 }, true, true, { 1, 2, 0 } },
	{ { 1, 14, 9 }, false, false, { 0, 0, 0 } },
};

ParameterizedTestParameters(version, the_table_row_is_the_highest_below)
{
	static size_t rows[ARRAY_SIZE(pair_cases)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, version, the_table_row_is_the_highest_below)
{
	struct version_pair pair = { 0 };
	struct version most = pair_cases[*row].most, next = { most.major, most.minor + 1, 0 };

	cr_assert_eq(version_pair_find(pair_cases[*row].kots, &pair), pair_cases[*row].known);
	if (!pair_cases[*row].known)
		return;
	cr_assert_eq(pair.historic, pair_cases[*row].historic);
	cr_assert_leq(version_compare(most, pair.velero_to), 0);
	cr_assert_gt(version_compare(next, pair.velero_to), 0);
}
