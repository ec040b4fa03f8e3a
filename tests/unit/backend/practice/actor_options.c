#include "backend/practice/practice_options.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdint.h>

static const struct {
	const char *argv[8];
	enum status st;
	int port;
	bool fast;
	int apps;
	const char *fault; /* NULL: none */
} rows[] = {
	{ { "kotsnap", "practice", "--dir", "/d", NULL },
	  STATUS_OK,
	  PRACTICE_ANY_PORT,
	  false,
	  0,
	  NULL },
	{ { "kotsnap", "practice", "--dir=/d", "--port=0", "--pace", "fast", NULL },
	  STATUS_OK,
	  0,
	  true,
	  0,
	  NULL },
	{ { "kotsnap", "practice", "fault", "stall", "--dir", "/d", NULL },
	  STATUS_OK,
	  PRACTICE_ANY_PORT,
	  false,
	  0,
	  "stall" },
	{ { "kotsnap", "practice", "--dir=/d", "--apps", "2", NULL },
	  STATUS_OK,
	  PRACTICE_ANY_PORT,
	  false,
	  2,
	  NULL },
	{ { "kotsnap", "practice", "--apps=3", NULL }, STATUS_USAGE, 0, false, 0, NULL },
	{ { "kotsnap", "practice", "--apps", NULL }, STATUS_USAGE, 0, false, 0, NULL },
	{ { "kotsnap", "practice", "fault", NULL }, STATUS_USAGE, 0, false, 0, NULL },
	{ { "kotsnap", "practice", "--port", "70000", NULL }, STATUS_USAGE, 0, false, 0, NULL },
	{ { "kotsnap", "practice", "--pace", "slow", NULL }, STATUS_USAGE, 0, false, 0, NULL },
	{ { "kotsnap", "practice", "--dir", NULL }, STATUS_USAGE, 0, false, 0, NULL },
	{ { "kotsnap", "practice", "what", NULL }, STATUS_USAGE, 0, false, 0, NULL },
};

static int count(const char *const *argv)
{
	int argc = 0;

	while (argv[argc])
		argc++;
	return argc;
}

Test(practice_options, are_read_as_the_manual_says)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct practice_options options;
		struct error err = ERROR_INIT;
		enum status st = practice_options_read(
			count(rows[i].argv), (char **)(uintptr_t)rows[i].argv, &options, &err);

		cr_expect(eq(int, st, rows[i].st), "row %zu: %s", i, err.text);
		if (!st) {
			cr_expect(eq(str, options.dir.buf, "/d"));
			cr_expect(eq(int, options.port, rows[i].port));
			cr_expect(eq(int, options.fast, rows[i].fast));
			cr_expect(eq(int, options.apps, rows[i].apps));
			cr_expect(eq(str, (char *)(uintptr_t)(options.fault ? options.fault : ""),
				     (char *)(uintptr_t)(rows[i].fault ? rows[i].fault : "")));
		} else {
			cr_expect(ne(chr, err.hint[0], '\0'));
		}
		practice_options_done(&options);
	}
}
