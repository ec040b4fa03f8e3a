/* Which ways to stop a restore fit when, and that each says what it leaves half done. */
#include "backend/ops/stop_choice.h"

#include "backend/ops/op_stop.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
	struct stop_facts facts;
	const char *fits; /* the names of those that do, in their order */
} rows[] = {
	{ { .runs = true }, "leave" },
	{ { .runs = true, .changed = true }, "leave" },
	{ { .runs = true, .elsewhere = true, .changed = true }, "leave" },
	{ { .changed = true }, "" }, /* nobody works at it */
	{ { .runs = true, .changed = true, .velero_works = true, .open = 2, .in_console = true },
	  "leave cancel-volumes delete-restore forget" },
	{ { .changed = true, .velero_works = true }, "delete-restore" },
	{ { .in_console = true }, "forget" },
};

Test(stop_choice, only_what_there_is_can_be_stopped)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct strbuf fits = STRBUF_INIT;

		for (size_t n = 0; n < stop_choice_count(); n++)
			if (stop_choice_at(n)->fits(&rows[i].facts))
				strbuf_addf(&fits, "%s%s", fits.len ? " " : "",
					    stop_choice_at(n)->what);
		cr_assert_str_eq(fits.buf, rows[i].fits, "row %zu", i);
		strbuf_done(&fits);
	}
}

Test(stop_choice, leaving_says_whether_anything_is_removed_and_who_drives_it)
{
	struct stop_facts facts = { .runs = true };

	cr_assert(strstr(stop_choice_find("leave", &facts)->means, "Nothing is removed yet"));
	facts.changed = true;
	cr_assert(strstr(stop_choice_find("leave", &facts)->means, "does not bring back"));
	facts.elsewhere = true;
	cr_assert(strstr(stop_choice_find("leave", &facts)->means, "Somebody else drives it"));
	facts.runs = false;
	cr_assert_null(stop_choice_find("leave", &facts));
}

Test(stop_choice, each_that_asks_the_cluster_is_known_to_who_asks_it)
{
	for (size_t i = 0; i < stop_choice_count(); i++) {
		const struct stop_choice *choice = stop_choice_at(i);

		cr_assert(stop_choice_is_known(choice->what));
		cr_assert(!strcmp(choice->what, "leave") || stop_way_find(choice->what) < STOP_WAYS,
			  "%s", choice->what);
		cr_assert_eq(choice->means[strlen(choice->means) - 1], '.', "%s", choice->what);
	}
	cr_assert_not(stop_choice_is_known("kill"));
}
