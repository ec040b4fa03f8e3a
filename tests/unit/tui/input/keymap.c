#include "tui/input/keymap.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static bool next_key(const char **at, struct key *ret_key)
{
	size_t len = strcspn(*at, " ");
	bool is_key;

	if (len == 0)
		return false;
	is_key = key_from_name(*at, len, ret_key);
	cr_expect(is_key, "no key is called %.*s", (int)len, *at);
	*at += len + ((*at)[len] == ' ');
	return is_key;
}

Test(keymap, every_action_has_a_row_with_a_name_of_its_own)
{
	enum action_id id, other;

	for (id = ACT_NONE + 1; id < ACTIONS; id++) {
		const struct action *row = action_row(id);

		cr_expect(eq(int, row->id, id));
		cr_expect(ne(int, (int)strlen(row->name), 0), "action %d has no row", id);
		cr_expect(ne(int, (int)strlen(row->what), 0), "%s says nothing", row->name);
		cr_expect(ne(uint, row->where, 0), "%s is nowhere", row->name);
		for (other = id + 1; other < ACTIONS; other++)
			cr_expect(strcmp(row->name, action_row(other)->name) != 0,
				  "two actions are called %s", row->name);
	}
}

Test(keymap, no_key_means_two_things_on_one_screen)
{
	enum screen_id screen;
	enum action_id id;

	for (screen = 0; screen < SCREENS; screen++) {
		for (id = ACT_NONE + 1; id < ACTIONS; id++) {
			const char *at = action_row(id)->keys;
			struct key key;

			while ((action_row(id)->where & WHERE(screen)) && next_key(&at, &key))
				cr_expect(eq(int, action_find(key, screen), id), "%s on screen %d",
					  action_row(id)->name, screen);
		}
	}
}

Test(keymap, names_of_keys_are_read_as_they_are_written)
{
	static const char *const names[] = { "Enter", "Esc", "Shift-Tab", "Ctrl-R", "Space",
					     "a",     "G",   "]",	  "F1" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		struct strbuf name = STRBUF_INIT;
		struct key key = { 0 };

		cr_expect(key_from_name(names[i], strlen(names[i]), &key));
		key_add_name(&name, key);
		cr_expect(eq(str, name.buf, (char *)names[i]));
		strbuf_done(&name);
	}
}

Test(keymap, hints_come_by_rank_and_only_where_the_action_lives)
{
	enum action_id ids[8];
	size_t count = action_hints(SCREEN_SNAPSHOTS, ids, ARRAY_SIZE(ids)), i;

	cr_assert(eq(u64, count, 8));
	cr_assert(eq(int, ids[0], ACT_OPEN));
	for (i = 1; i < count; i++) {
		cr_expect(action_row(ids[i])->rank >= action_row(ids[i - 1])->rank);
		cr_expect(ne(uint, action_row(ids[i])->where & WHERE(SCREEN_SNAPSHOTS), 0));
	}
}

Test(keymap, what_destroys_has_no_key_outside_its_screens)
{
	cr_assert(eq(int, action_find((struct key){ 'd' }, SCREEN_OVERVIEW), ACT_NONE));
	cr_assert(eq(int, action_find((struct key){ 'r' }, SCREEN_DOCTOR), ACT_NONE));
}
