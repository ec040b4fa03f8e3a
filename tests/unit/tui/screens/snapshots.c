#include "tests/support/site.h"
#include "tests/support/ui.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static struct ui ui;
static struct model *model;

static void open_list(enum site_case which)
{
	model = site_model(which);
	ui_open(&ui, &(struct ui_spec){ .screen = SCREEN_SNAPSHOTS, .model = model });
}

static void close_list(void)
{
	ui_close(&ui);
	model_unref(model);
}

TestSuite(snapshots, .fini = close_list);

/* The quiet site without one of its backups, as when Velero no longer finds its files. */
static struct model *model_without(const char *name)
{
	struct model *quiet = site_model(SITE_QUIET);
	const struct list *list = quiet->lists[COLLECTION_BACKUPS];
	struct list_edit *edit = list_edit_new();

	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i]->name, name) != 0)
			list_edit_put(edit, object_ref(list->items[i]));
	quiet->lists[COLLECTION_BACKUPS] = list_edit_publish(edit);
	list_edit_free(edit);
	model_build_snapshots(quiet);
	list_unref(list);
	return quiet;
}

Test(snapshots, enter_opens_the_row_under_the_cursor)
{
	const struct effect *effect;

	open_list(SITE_STORY);
	ui_press(&ui, "Down Down Enter");
	effect = ui_effect(&ui, EFFECT_OPEN);
	cr_assert(effect != NULL);
	cr_assert(eq(int, effect->screen, SCREEN_SNAPSHOT));
	cr_assert(eq(str, (char *)effect->text, "instance-m4h8t"));
}

Test(snapshots, restore_is_refused_with_the_reason_of_the_row)
{
	open_list(SITE_STORY);
	ui_press(&ui, "] ] ]"); /* acme-gateway refused, instance-c7m2q, instance-k6r2w */
	cr_assert(ui_shows(&ui, "── instance-k6r2w"));
	cr_assert(eq(str, (char *)ui.ops->refusal(ui.state, ACT_RESTORE, &ui.context),
		     "KOTS refuses incomplete snapshots"));
	cr_assert(ui.ops->refusal(ui.state, ACT_DELETE, &ui.context) == NULL);
}

Test(snapshots, what_writes_is_refused_while_nothing_can_be_written)
{
	open_list(SITE_STALE);
	ui.context.writable = false;
	ui.context.not_writable = "not while the cluster does not answer";
	ui_press(&ui, "Down Down");
	cr_assert(eq(str, (char *)ui.ops->refusal(ui.state, ACT_TAKE, &ui.context),
		     "not while the cluster does not answer"));
	cr_assert(eq(str, (char *)ui.ops->refusal(ui.state, ACT_RESTORE, &ui.context),
		     "not while the cluster does not answer"));
	cr_assert(ui.ops->refusal(ui.state, ACT_OPEN, &ui.context) == NULL);
}

Test(snapshots, d_acts_on_the_marked_ones_else_on_the_row)
{
	size_t len;

	open_list(SITE_STORY);
	ui_press(&ui, "Down d");
	cr_assert(eq(str, (char *)document_text(ui_effect(&ui, EFFECT_OPEN)->document, &len),
		     "acme-analytics-b9d4m"));
	ui_press(&ui, "Down Space Space G d");
	cr_assert(eq(str, (char *)document_text(ui_effect(&ui, EFFECT_OPEN)->document, &len),
		     "instance-m4h8t acme-analytics-w2c7x"));
}

Test(snapshots, marks_go_with_escape_before_the_filter)
{
	open_list(SITE_STORY);
	ui_press(&ui, "/ a c m e Enter Space Esc");
	cr_assert(not(ui_shows(&ui, "marked")));
	cr_assert(ui_shows(&ui, "filter \"acme\""));
	ui_press(&ui, "Esc");
	cr_assert(not(ui_shows(&ui, "filter")));
}

Test(snapshots, the_cursor_stays_with_its_object_when_the_list_changes)
{
	struct model *quiet = site_model(SITE_QUIET); /* without the running one on top */

	open_list(SITE_STORY);
	ui_press(&ui, "Down Down Down");
	cr_assert(ui_shows(&ui, "── acme-analytics-w2c7x"));
	ui_model(&ui, quiet);
	cr_assert(ui_shows(&ui, "── acme-analytics-w2c7x"));
	model_unref(model);
	model = quiet;
}

Test(snapshots, a_key_right_after_the_row_went_away_acts_on_nothing)
{
	struct model *after = model_without("instance-d2w9p"); /* it was being deleted */

	open_list(SITE_QUIET);
	ui_press(&ui, "Down Down Down Down Down Down Down Down Down");
	cr_assert(ui_shows(&ui, "\u2500\u2500 instance-d2w9p"));
	ui_model(&ui, after);
	ui_press(&ui, "d");
	cr_assert(ui_effect(&ui, EFFECT_OPEN) == NULL);
	ui.context.now_ms += 301;
	ui_press(&ui, "d");
	cr_assert(ui_effect(&ui, EFFECT_OPEN) != NULL);
	model_unref(model);
	model = after;
}

Test(snapshots, what_was_asked_for_has_a_row_before_the_object_is_there)
{
	struct op_view *op = op_view_new();

	open_list(SITE_QUIET);
	op->id = "op-1";
	op->kind = OP_TAKE;
	op->state = OP_RUNNING;
	op->began = site_now();
	free(model->ops);
	model->ops = mem_array(1, sizeof(*model->ops));
	model->ops[0] = op;
	model->op_count = 1;
	ui_model(&ui, model);
	cr_assert(ui_shows(&ui, "… (asked for)            full    Asked for"));
	ui_press(&ui, "g Enter r d L");
	cr_assert(ui_effect(&ui, EFFECT_OPEN) == NULL);
}

Test(snapshots, foreign_text_cannot_move_the_cursor_or_turn_the_line)
{
	struct strbuf picture = STRBUF_INIT;

	open_list(SITE_HOSTILE);
	ui_render(&ui, &picture, false);
	cr_assert(strchr(picture.buf, '\x1b') == NULL);
	cr_assert(strchr(picture.buf, '\a') == NULL);
	cr_assert(strstr(picture.buf, "\u202e") == NULL);
	strbuf_done(&picture);
}

Test(snapshots, a_key_in_a_long_list_looks_only_at_what_is_shown)
{
	model = site_model_large(25000);
	ui_open(&ui, &(struct ui_spec){ .screen = SCREEN_SNAPSHOTS, .model = model });
	ui_press(&ui, "G");
	cr_assert(ui_shows(&ui, "25,000 of 25,000") || ui_shows(&ui, "25000 of 25000"));
	ui_press(&ui, "/ - 0 0 0 9 9 Enter");
	cr_assert(ui_shows(&ui, "acme-analytics-00099"));
}

Test(snapshots, one_that_goes_without_a_delete_is_told)
{
	struct model *after = model_without("instance-hq9zc");

	open_list(SITE_QUIET);
	ui_model(&ui, after);
	cr_assert(ui_effect(&ui, EFFECT_MESSAGE) != NULL);
	cr_assert(text_starts(ui_effect(&ui, EFFECT_MESSAGE)->text,
			      "instance-hq9zc is gone, and no delete was asked for"));
	ui_model(&ui, after);
	cr_assert(ui_effect(&ui, EFFECT_MESSAGE) == NULL);
	ui_model(&ui, model);
	model_unref(after);
}

/* A message passes; who looks an hour later must still see it. */
Test(snapshots, one_that_is_gone_stays_as_a_row_until_it_is_back)
{
	struct model *after = model_without("instance-hq9zc");

	open_list(SITE_QUIET);
	ui_model(&ui, after);
	ui_press(&ui, "g");
	cr_expect(ui_shows(&ui, "instance-hq9zc         full    Gone         19 Nov 02:00"));
	cr_expect(ui_shows(&ui, "Velero's sync drops what it finds no more in the storage."));
	cr_expect(
		eq(str, (char *)ui.ops->refusal(ui.state, ACT_DELETE, &ui.context), "it is gone"));
	cr_expect(eq(str, (char *)ui.ops->refusal(ui.state, ACT_OPEN, &ui.context), "it is gone"));
	golden_compare(&ui, "snapshots/gone");
	ui_model(&ui, model);
	cr_expect_not(ui_shows(&ui, "Gone"));
	ui_model(&ui, after);
	ui_model(&ui, model);
	model_unref(after);
}

/* Velero removes a snapshot and its request in the same moment. */
Test(snapshots, one_that_was_asked_to_be_deleted_is_not_missed)
{
	struct model *after = model_without("instance-c7m2q");

	list_unref(after->lists[COLLECTION_DELETE_REQUESTS]);
	after->lists[COLLECTION_DELETE_REQUESTS] = list_empty();
	model_build_snapshots(after);
	open_list(SITE_QUIET);
	ui_model(&ui, after);
	cr_expect(ui_effect(&ui, EFFECT_MESSAGE) == NULL);
	cr_expect_not(ui_shows(&ui, "Gone"));
	ui_model(&ui, model);
	model_unref(after);
}

Test(snapshots, an_empty_list_where_there_is_no_velero_says_so)
{
	struct console *console;

	model = site_model(SITE_EMPTY);
	console = (struct console *)model->console;
	console->velero_absent = true;
	console->velero_namespace = "nowhere";
	ui_open(&ui, &(struct ui_spec){ .screen = SCREEN_SNAPSHOTS, .model = model });
	cr_assert(ui_shows(&ui, "No snapshots, and no Velero in nowhere."));
}
