#include "tui/draw/theme.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(theme, the_default_one_is_in_the_program_and_whole)
{
	struct theme theme;

	theme_default(&theme);
	cr_assert(ne(int, (int)strlen(theme.name), 0));
}

Test(theme, a_role_that_is_missing_looks_like_its_parent)
{
	static const char yaml[] = "name: t\nroles:\n  bad: { fg: \"#ff0000\" }\n";
	struct error err = ERROR_INIT;
	struct theme theme;

	cr_assert(eq(int, theme_parse(yaml, sizeof(yaml) - 1, &theme, &err), STATUS_OK), "%s",
		  err.text);
	cr_assert(eq(int, theme.styles[ROLE_DANGER].fg, theme.styles[ROLE_BAD].fg));
}

Test(theme, a_wrong_role_is_named_with_the_nearest)
{
	static const char yaml[] = "name: t\nroles:\n  waning: { fg: \"#ff0000\" }\n";
	struct error err = ERROR_INIT;
	struct theme theme;

	cr_assert(ne(int, theme_parse(yaml, sizeof(yaml) - 1, &theme, &err), STATUS_OK));
	cr_assert(strstr(err.text, "waning") &&
			  (strstr(err.text, "warning") || strstr(err.hint, "warning")),
		  "%s / %s", err.text, err.hint);
}

Test(theme, without_colour_selection_and_danger_are_still_seen)
{
	struct style plain = { COLOR_DEFAULT, COLOR_DEFAULT, false, false, false, false };
	struct style selected = theme_reduce(&plain, ROLE_SELECTED, DEPTH_MONO);
	struct style danger = theme_reduce(&plain, ROLE_DANGER, DEPTH_MONO);

	cr_assert(selected.reverse);
	cr_assert(danger.bold);
}

Test(theme, colours_become_ones_the_terminal_has)
{
	struct style red = { 0xff0000, COLOR_DEFAULT, false, false, false, false };

	cr_assert(lt(int, theme_reduce(&red, ROLE_BAD, DEPTH_16).fg, 16));
	cr_assert(lt(int, theme_reduce(&red, ROLE_BAD, DEPTH_256).fg, 256));
	cr_assert(eq(int, theme_reduce(&red, ROLE_BAD, DEPTH_MONO).fg, COLOR_DEFAULT));
}
