#include "tests/support/site.h"
#include "tests/support/ui.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static struct ui ui;
static struct model *model;

static void open_one(const char *name)
{
	model = site_model(SITE_STORY);
	ui_open(&ui,
		&(struct ui_spec){ .screen = SCREEN_SNAPSHOT, .argument = name, .model = model });
}

static void close_one(void)
{
	ui_close(&ui);
	model_unref(model);
}

TestSuite(snapshot, .fini = close_one);

static void answer(const char *text)
{
	struct event event = { .kind = EVENT_DOCUMENT, .ticket = ui.next_ticket };

	event.document = document_new(mem_text(text), strlen(text));
	ui_event(&ui, &event);
	document_unref(event.document);
}

Test(snapshot, problems_are_asked_for_once_and_shown_errors_first)
{
	open_one("instance-k6r2w");
	ui_press(&ui, "Tab Tab");
	cr_assert(eq(str, (char *)ui_effect(&ui, EFFECT_REQUEST)->request.what, "BackupResults"));
	answer("{\"errors\":{\"namespaces\":{\"default\":[\"command terminated with exit code "
	       "7\"]}},"
	       "\"warnings\":{\"velero\":[\"volume import is named, but not in the pod\"]}}");
	golden_compare(&ui, "snapshot/problems");
	ui_press(&ui, "Shift-Tab Tab");
	cr_assert(ui_effect(&ui, EFFECT_REQUEST) == NULL);
}

Test(snapshot, a_failed_download_says_why_and_c_asks_again)
{
	struct event event = { .kind = EVENT_FAILED };

	open_one("instance-k6r2w");
	ui_press(&ui, "Tab Tab");
	event.ticket = ui.next_ticket;
	error_set(&event.err, STATUS_UNREACHABLE, "s3.velero.svc has no address here");
	ui_event(&ui, &event);
	cr_assert(ui_shows(&ui, "s3.velero.svc has no address here"));
	ui_press(&ui, "c");
	cr_assert(ui.effects.count == 2);
	cr_assert(eq(int, ui.effects.rows[1].request.kind, REQUEST_DOWNLOAD));
}

Test(snapshot, events_of_others_are_not_ours)
{
	struct event event = { .kind = EVENT_FAILED, .ticket = 77 };

	open_one("instance-k6r2w");
	ui_press(&ui, "Tab Tab");
	error_set(&event.err, STATUS_FAILED, "of somebody else");
	ui_event(&ui, &event);
	cr_assert(not(ui_shows(&ui, "of somebody else")));
}

Test(snapshot, what_was_known_stays_when_it_is_gone)
{
	struct model *quiet = site_model(SITE_QUIET);

	open_one("instance-x7k2p");
	ui_model(&ui, quiet);
	model_unref(model); /* the screen holds its own reference */
	model = quiet;
	cr_assert(ui_shows(&ui, "gone since 02:14:31"));
	cr_assert(ui_shows(&ui, "Acme Analytics 3.8.1"));
	cr_assert(eq(str, (char *)ui.ops->refusal(ui.state, ACT_DELETE, &ui.context),
		     "it is not there any more"));
}

Test(snapshot, a_running_one_opens_its_operation)
{
	open_one("instance-x7k2p");
	ui_press(&ui, "Enter");
	cr_assert(eq(int, ui_effect(&ui, EFFECT_OPEN)->screen, SCREEN_OPERATION));
	cr_assert(eq(str, (char *)ui_effect(&ui, EFFECT_OPEN)->text, "backup/instance-x7k2p"));
}
