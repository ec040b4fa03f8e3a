/* The dialog that takes a snapshot shows first what it would hold, and by name what not
 * (console-screens F-103, F-104, R-28). */
#include "tests/support/site.h"
#include "tests/support/ui.h"

#include <criterion/criterion.h>
#include <string.h>

#define OURS "\"labels\":{\"kots.io/backup\":\"velero\",\"kots.io/app-slug\":\"acme-analytics\"}"
#define CLAIM(name, size)                                                                          \
	"{\"metadata\":{\"namespace\":\"default\",\"name\":\"" name "\"," OURS                     \
	"},\"spec\":{\"resources\":{\"requests\":{\"storage\":\"" size "\"}}}}"
#define POD(name, phase, node, annotations, volume)                                                \
	"{\"metadata\":{\"namespace\":\"default\",\"name\":\"" name "\"," OURS                     \
	",\"annotations\":{" annotations "}},\"spec\":{\"nodeName\":\"" node "\",\"volumes\":["    \
	"{\"name\":\"data\"," volume "}],\"containers\":[{\"name\":\"main\",\"volumeMounts\":["    \
	"{\"name\":\"data\"}]}]},\"status\":{\"phase\":\"" phase "\"}}"
#define NAMED	  "\"backup.velero.io/backup-volumes\":\"data\""
#define OF(claim) "\"persistentVolumeClaim\":{\"claimName\":\"" claim "\"}"
#define WITH_SCRIPT                                                                                \
	NAMED ",\"pre.hook.backup.velero.io/"                                                      \
	      "command\":\"[\\\"psql\\\",\\\"-c\\\",\\\"CHECKPOINT\\\"]\""

static const char *const claims[] = { CLAIM("data-postgres-0", "80Gi"), CLAIM("uploads", "40Gi"),
				      CLAIM("reports-of-last-year", "20Gi"),
				      CLAIM("cache-redis-0", "5Gi") };
static const char *const pods[] = {
	POD("postgres-0", "Running", "node-01", WITH_SCRIPT, OF("data-postgres-0")),
	POD("web-7d9f", "Running", "node-01", NAMED, OF("uploads")),
	POD("redis-0", "Running", "node-01", "", OF("cache-redis-0")),
	POD("migrate-1", "Succeeded", "node-01", "", "\"emptyDir\":{}"),
	POD("exporter-x2", "Running", "node-01", "", "\"emptyDir\":{}"),
};
static const char *const pods_that_fail[] = {
	POD("postgres-0", "Running", "node-02", NAMED, OF("data-postgres-0")),
};

static void show(struct coverage_work *work, const char *const *texts, size_t count,
		 void (*add)(struct coverage_work *work, const struct json *object))
{
	for (size_t i = 0; i < count; i++) {
		struct error err = ERROR_INIT;
		struct json *object = json_parse(texts[i], strlen(texts[i]), &err);

		cr_assert(object, "%s: %s", err.text, texts[i]);
		add(work, object);
		json_free(object);
	}
}

enum look { LEAVES_OUT, KNOWS_LITTLE, WOULD_FAIL, CANNOT };

/* Owned. */
static struct preview *look_ahead(const struct model *model, const char *slug, enum look look)
{
	static struct preview_gap gaps[] = {
		{ "pods in kurl", "list pods: pods is forbidden: User \"ops\" cannot list" }
	};
	struct preview *preview = preview_new(model, slug, "kotsnap", SITE_NOW);
	struct coverage_options options = { .agents_known = look == WOULD_FAIL };
	struct coverage_work *work;

	if (look == CANNOT || !preview->backup)
		return preview;
	work = coverage_begin(json_key(preview->backup, "spec"), &options);
	show(work, claims, ARRAY_SIZE(claims), coverage_add_claim);
	if (look == WOULD_FAIL)
		show(work, pods_that_fail, ARRAY_SIZE(pods_that_fail), coverage_add_pod);
	else
		show(work, pods, ARRAY_SIZE(pods), coverage_add_pod);
	coverage_end(work, false, &preview->arena, &preview->coverage);
	preview->coverage_known = look != KNOWS_LITTLE;
	if (look == KNOWS_LITTLE) {
		preview->gaps = gaps;
		preview->gap_count = ARRAY_SIZE(gaps);
	}
	return preview;
}

static uint64_t ticket_of(const struct ui *ui, enum request_kind kind)
{
	/* Tickets were given in the order of the requests of the last call. */
	uint64_t ticket = ui->next_ticket;
	size_t after = 0;

	for (size_t i = ui->effects.count; i-- > 0;) {
		const struct effect *effect = &ui->effects.rows[i];

		if (effect->kind != EFFECT_REQUEST)
			continue;
		if (effect->request.kind == kind)
			return ticket - after;
		after++;
	}
	cr_assert_fail("no request of kind %d", kind);
	return 0;
}

static void answer(struct ui *ui, uint64_t ticket, const struct preview *preview)
{
	struct event event = { .kind = EVENT_PREVIEW, .ticket = ticket, .preview = preview };

	ui_event(ui, &event);
	preview_unref(preview);
}

static const struct {
	const char *golden, *slug, *keys;
	enum site_case site;
	enum look look;
	int cols, rows;
} pictures[] = {
	{ "take/left-out", "", "", SITE_QUIET, LEAVES_OUT, 80, 24 },
	{ "take/left-out-120x36", "", "", SITE_QUIET, LEAVES_OUT, 120, 36 },
	{ "take/by-name", "", "Tab Tab Enter", SITE_QUIET, LEAVES_OUT, 80, 24 },
	{ "take/by-name-below", "", "Tab Tab Enter PgDn", SITE_QUIET, LEAVES_OUT, 80, 24 },
	{ "take/not-all-read", "", "", SITE_QUIET, KNOWS_LITTLE, 80, 24 },
	{ "take/would-fail", "acme-analytics", "", SITE_QUIET, WOULD_FAIL, 80, 24 },
	{ "take/no-database", "", "", SITE_CONSOLE_DOWN, CANNOT, 80, 24 },
};

Test(take, shows_what_it_would_hold_and_by_name_what_not)
{
	for (size_t i = 0; i < ARRAY_SIZE(pictures); i++) {
		struct model *model = site_model(pictures[i].site);
		struct ui_spec spec = { .screen = SCREEN_TAKE,
					.argument = pictures[i].slug,
					.model = model,
					.cols = pictures[i].cols,
					.rows = pictures[i].rows };
		struct ui ui;

		ui_open(&ui, &spec);
		answer(&ui, ticket_of(&ui, REQUEST_PREVIEW),
		       look_ahead(model, pictures[i].slug, pictures[i].look));
		ui_press(&ui, pictures[i].keys);
		golden_compare(&ui, pictures[i].golden);
		ui_close(&ui);
		model_unref(model);
	}
}

Test(take, looks_at_the_cluster_when_it_is_opened)
{
	struct model *model = site_model(SITE_QUIET);
	struct ui_spec spec = { .screen = SCREEN_TAKE, .model = model };
	struct ui ui;

	ui_open(&ui, &spec);
	cr_expect(ticket_of(&ui, REQUEST_PROBE));
	cr_expect(ticket_of(&ui, REQUEST_PREVIEW));
	cr_expect(ui_shows(&ui, "reading pods and claims"));
	ui_close(&ui);
	model_unref(model);
}

Test(take, an_answer_about_the_other_kind_is_not_shown)
{
	struct model *model = site_model(SITE_QUIET);
	struct ui_spec spec = { .screen = SCREEN_TAKE, .model = model };
	uint64_t of_full;
	struct ui ui;

	ui_open(&ui, &spec);
	of_full = ticket_of(&ui, REQUEST_PREVIEW);
	ui_press(&ui, "Down Space");
	cr_expect(ticket_of(&ui, REQUEST_FORGET));
	cr_expect_str_eq(ui_effect(&ui, EFFECT_REQUEST)->request.name, "");
	answer(&ui, of_full, look_ahead(model, "", LEAVES_OUT));
	cr_expect(ui_shows(&ui, "reading pods and claims"));
	ui_close(&ui);
	model_unref(model);
}

/* What was read stays until it was read again. */
Test(take, reads_again_when_the_console_was_looked_at_again)
{
	struct model *model = site_model(SITE_QUIET), *later = site_model(SITE_QUIET);
	struct ui_spec spec = { .screen = SCREEN_TAKE, .model = model };
	struct ui ui;

	((struct console *)later->console)->looked_at += 30;
	ui_open(&ui, &spec);
	answer(&ui, ticket_of(&ui, REQUEST_PREVIEW), look_ahead(model, "", LEAVES_OUT));
	ui_model(&ui, model);
	cr_expect(!ui_effect(&ui, EFFECT_REQUEST));
	ui_model(&ui, later);
	cr_expect(ticket_of(&ui, REQUEST_PREVIEW));
	cr_expect(ui_shows(&ui, "2: cache-redis-0, reports-of-last-year") ||
		  ui_shows(&ui, "cache-redis-0"));
	ui_close(&ui);
	model_unref(model);
	model_unref(later);
}

Test(take, the_names_are_closed_by_esc_and_the_dialog_stays)
{
	struct model *model = site_model(SITE_QUIET);
	struct ui_spec spec = { .screen = SCREEN_TAKE, .model = model };
	struct ui ui;

	ui_open(&ui, &spec);
	answer(&ui, ticket_of(&ui, REQUEST_PREVIEW), look_ahead(model, "", LEAVES_OUT));
	ui_press(&ui, "Tab Tab Enter");
	cr_expect(ui_shows(&ui, "By name"));
	ui_press(&ui, "Esc");
	cr_expect(!ui_effect(&ui, EFFECT_BACK));
	cr_expect(ui_shows(&ui, "Which kind?"));
	ui_close(&ui);
	model_unref(model);
}

Test(take, why_nothing_could_be_read_is_said)
{
	struct model *model = site_model(SITE_QUIET);
	struct ui_spec spec = { .screen = SCREEN_TAKE, .model = model };
	struct event event = { .kind = EVENT_FAILED, .failed = true };
	struct ui ui;

	ui_open(&ui, &spec);
	event.ticket = ticket_of(&ui, REQUEST_PREVIEW);
	error_set(&event.err, STATUS_REFUSED, "not while the cluster does not answer");
	ui_event(&ui, &event);
	cr_expect(ui_shows(&ui, "not known: not while the cluster does not answer"));
	ui_close(&ui);
	model_unref(model);
}
