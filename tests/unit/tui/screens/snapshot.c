#include "tests/support/site.h"
#include "tests/support/ui.h"
#include "tui/screens/snapshot_panes.h"

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

static struct snapshot_parts *parts(void)
{
	return &((struct snapshot_view *)ui.state)->parts;
}

static void answer(enum snapshot_part part, const char *text)
{
	struct event event = { .kind = EVENT_DOCUMENT, .ticket = parts()->state[part].ticket };

	event.document = document_new(mem_text(text), strlen(text));
	ui_event(&ui, &event);
	document_unref(event.document);
}

static const char results[] =
	"{\"errors\":{\"velero\":[\" message: /Error executing hook error: /command terminated "
	"with "
	"exit code 7\"]},\"warnings\":{\"namespaces\":{\"default\":["
	"\" resource: /pods name: /gateway-config-0 message: /No volume named import found in pod "
	"default/gateway-config-0, skipping\"]}}}";

static const char script_log[] =
	"time=\"2026-11-12T01:00:05Z\" level=info msg=\"running exec hook\" "
	"hookCommand=\"[/scripts/backup.sh]\" hookContainer=kotsadm hookPhase=pre "
	"hookSource=annotation hookType=exec\n"
	"time=\"2026-11-12T01:00:09Z\" level=info msg=\"stdout: \" "
	"hookCommand=\"[/scripts/backup.sh]\" hookContainer=kotsadm hookPhase=pre "
	"hookSource=annotation hookType=exec\n"
	"time=\"2026-11-12T01:00:09Z\" level=info msg=\"stderr: curl: (7) Failed to connect to "
	"kotsadm-rqlite port 4001\\n\" hookCommand=\"[/scripts/backup.sh]\" hookContainer=kotsadm "
	"hookPhase=pre hookSource=annotation hookType=exec\n"
	"time=\"2026-11-12T01:00:09Z\" level=error msg=\"Error executing hook\" error=\"command "
	"terminated with exit code 7\" hookPhase=pre hookSource=annotation hookType=exec\n"
	"time=\"2026-11-12T01:00:10Z\" level=info msg=\"Backing up item\" "
	"name=kotsadm-6f7c9d8b5-q2m4x namespace=default resource=pods\n"
	"time=\"2026-11-12T01:00:11Z\" level=info msg=\"Backing up item\" name=redis-0 "
	"namespace=default resource=pods\n";

Test(snapshot, why_is_asked_for_at_once_when_it_did_not_complete)
{
	open_one("instance-k6r2w");
	cr_assert(parts()->state[PART_RESULTS].asked);
	cr_assert(ui_shows(&ui, "asking Velero"));
	answer(PART_RESULTS, results);
	cr_assert(ui_shows(&ui, "Velero wrote it."));
	cr_assert(ui_shows(&ui, "Next"));
	golden_compare(&ui, "snapshot/why");
}

Test(snapshot, a_reason_no_rule_knows_is_said_to_be_unknown)
{
	open_one("instance-k6r2w");
	answer(PART_RESULTS, "{\"errors\":{\"velero\":[\"the moon was full\"]}}");
	cr_assert(ui_shows(&ui, "\"the moon was full\" Unknown: no rule knows"));
}

Test(snapshot, problems_are_grouped_by_cause_and_open)
{
	open_one("instance-k6r2w");
	answer(PART_RESULTS, results);
	ui_press(&ui, "Tab Tab Tab");
	golden_compare(&ui, "snapshot/problems");
	ui_press(&ui, "Enter");
	golden_compare(&ui, "snapshot/problems-open");
	ui_press(&ui, "Shift-Tab Tab");
	cr_assert(ui_effect(&ui, EFFECT_REQUEST) == NULL);
}

Test(snapshot, scripts_show_both_outputs_also_of_one_that_failed)
{
	open_one("instance-k6r2w");
	ui_press(&ui, "Tab Tab");
	answer(PART_LOG, script_log);
	cr_assert(ui_shows(&ui, "curl: (7) Failed to connect to kotsadm-rqlite port 4001"));
	cr_assert(ui_shows(&ui, "stdout: (empty)"));
	golden_compare(&ui, "snapshot/scripts");
	ui_press(&ui, "Shift-Tab");
	golden_compare(&ui, "snapshot/volumes-and-scripts");
}

Test(snapshot, resources_are_counted_by_kind_and_open)
{
	open_one("instance-k6r2w");
	ui_press(&ui, "Tab Tab Tab Tab");
	answer(PART_RESOURCES,
	       "{\"v1/Pod\":[\"default/redis-0\",\"kurl/registry-1\"],\"apps/v1/Deployment\":["
	       "\"default/kotsadm\"],\"v1/PersistentVolume\":[\"pvc-1\"]}");
	ui_press(&ui, "End Enter");
	golden_compare(&ui, "snapshot/resources");
}

Test(snapshot, a_list_of_another_shape_is_told)
{
	open_one("instance-k6r2w");
	ui_press(&ui, "Tab Tab Tab Tab");
	answer(PART_RESOURCES, "[]");
	cr_assert(ui_shows(&ui, "list of resources: not a JSON object"));
}

Test(snapshot, a_failed_download_says_why_and_c_asks_again)
{
	struct event event = { .kind = EVENT_FAILED };

	open_one("instance-k6r2w");
	ui_press(&ui, "Tab Tab Tab");
	event.ticket = parts()->state[PART_RESULTS].ticket;
	error_set(&event.err, STATUS_UNREACHABLE, "s3.velero.svc has no address here");
	ui_event(&ui, &event);
	cr_assert(ui_shows(&ui, "s3.velero.svc has no address here"));
	ui_press(&ui, "c");
	cr_assert(parts()->state[PART_RESULTS].asked);
	cr_assert(ui_shows(&ui, "asking Velero"));
}

Test(snapshot, events_of_others_are_not_ours)
{
	struct event event = { .kind = EVENT_FAILED, .ticket = 77 };

	open_one("instance-k6r2w");
	ui_press(&ui, "Tab Tab Tab");
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
