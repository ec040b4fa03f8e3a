#include "tui/screens/new_site.h"

#include "backend/base/clock.h"
#include "backend/velero/location.h"
#include "tui/screens/reading.h"
#include "tui/screens/words.h"
#include "tui/widgets/mark.h"

#include <string.h>

#define VALUE_X 20

static enum mark say_velero(const struct screen_context *context, struct strbuf *out)
{
	const struct console *console = context->model->console;

	if (!console) {
		strbuf_adds(out, "not looked at yet");
		return MARK_NOT_READ;
	}
	if (console->velero_absent) {
		strbuf_adds(out, "not installed: one that can read what the old one wrote");
		return MARK_BAD;
	}
	strbuf_addf(out, "%s%s", console->velero_version, *console->velero_version ? " " : "");
	if (!console->velero_running) {
		strbuf_addf(out, "does not run%s%s", *console->velero_problem ? ": " : "",
			    console->velero_problem);
		return console->velero_unread ? MARK_UNKNOWN : MARK_BAD;
	}
	strbuf_addf(out, "runs; node agent on %lld of %lld nodes",
		    (long long)console->node_agents_ready, (long long)console->nodes);
	return console->node_agents_ready < console->nodes ? MARK_WARNING : MARK_GOOD;
}

static const struct location *location_of(const struct model *model)
{
	return (const struct location *)list_by_name(model->lists[COLLECTION_LOCATIONS], "default");
}

static enum mark say_destination(const struct screen_context *context, struct strbuf *out)
{
	const struct location *location = location_of(context->model);

	if (!reading_has_rows(context->model, COLLECTION_LOCATIONS))
		return reading_add_brief(out, context->model, COLLECTION_LOCATIONS);
	if (!location) {
		strbuf_adds(out, "none yet: kubectl kots velero configure-... names the old one");
		return MARK_BAD;
	}
	strbuf_addf(out, "%s%s%s, %s; the old cluster's?",
		    *location->bucket ? location->bucket : location->provider,
		    *location->prefix ? "/" : "", location->prefix,
		    phase_find(PHASE_LOCATION, location->phase).word);
	return words_mark(phase_find(PHASE_LOCATION, location->phase).health);
}

/* Velero brings in by itself what it finds there, each minute. */
static enum mark say_sync(const struct screen_context *context, struct strbuf *out)
{
	const struct location *location = location_of(context->model);

	if (!location) {
		strbuf_adds(out, "follows by itself");
		return MARK_OFF;
	}
	strbuf_adds(out, "validated ");
	if (location->last_validated)
		clock_add_hm(out, location->last_validated, context->zone);
	else
		strbuf_adds(out, "never");
	if (!location->last_synced) {
		strbuf_adds(out, ", synced never: usually within 2 min");
		return MARK_NOT_READ;
	}
	strbuf_adds(out, ", synced ");
	clock_add_hm(out, location->last_synced, context->zone);
	strbuf_adds(out, ": Velero found nothing there");
	return MARK_WARNING;
}

static enum mark say_registry(const struct screen_context *context, struct strbuf *out)
{
	const struct console *console = context->model->console;

	strbuf_addf(out, "%s here; it must be the old one's (kurl-registry-ip)",
		    *console->registry ? console->registry : "none");
	return *console->registry ? MARK_UNKNOWN : MARK_WARNING;
}

static enum mark say_choice(const struct screen_context *context, struct strbuf *out)
{
	(void)context;
	strbuf_adds(out, "they appear here by themselves: full ones restore (r)");
	return MARK_OFF;
}

static bool everywhere(const struct console *console)
{
	(void)console;
	return true;
}

/* An air-gap kURL cluster pulls from its own registry, which is restored with its address. */
static bool on_airgap_kurl(const struct console *console)
{
	return console && console->kind == SITE_KURL && console->airgap == ANSWER_YES;
}

static const struct {
	const char *label;
	bool (*fits)(const struct console *console);
	enum mark (*say)(const struct screen_context *context, struct strbuf *out);
} rows[] = {
	{ "Velero", everywhere, say_velero },
	{ "Registry", on_airgap_kurl, say_registry },
	{ "Destination", everywhere, say_destination },
	{ "First sync", everywhere, say_sync },
	{ "Snapshots", everywhere, say_choice },
};

void new_site_draw(struct view view, const struct screen_context *context)
{
	int y = 1;

	if (view.h < (int)ARRAY_SIZE(rows) + 3)
		return;
	view_rule(view, 0, ROLE_HEADING, "To restore what another cluster took", "");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct strbuf value = STRBUF_INIT;
		enum mark mark;

		if (!rows[i].fits(context->model->console))
			continue;
		mark = rows[i].say(context, &value);
		mark_fact_draw(
			view, y++,
			&(struct mark_fact){ mark, rows[i].label, value.buf, "", VALUE_X, 0 });
		strbuf_done(&value);
	}
	view_wrap(
		view_part(view, 4, y + 1, view.w - 5, 3), 0, 0, 3, ROLE_DIM,
		"4 shows the destination, 6 what is wrong with it. A partial snapshot cannot go to "
		"another cluster.");
}
