#include "tui/screens/snapshot_parts.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *kind, *title;
} names[PARTS] = {
	[PART_RESULTS] = { "BackupResults", "Results" },
	[PART_LOG] = { "BackupLog", "Log" },
	[PART_RESOURCES] = { "BackupResourceList", "List of resources" },
};

const char *snapshot_part_absent(enum snapshot_part part, const struct snapshot *snapshot)
{
	const struct backup *backup = snapshot->backup;

	if (snapshot_is_running(snapshot))
		return "Velero stores it at the end; it still runs.";
	if (!backup->started)
		return "There is none: it never began, nothing was stored.";
	if (part == PART_RESULTS && backup->errors + backup->warnings == 0)
		return "None: 0 errors, 0 warnings, counted by Velero.";
	/* Its file would be the older one's (velero-api.md 12.12). */
	if (strstr(backup->failure_reason, "already exists in object storage"))
		return "What is stored under this name belongs to the older snapshot.";
	return NULL;
}

void snapshot_part_ask(struct snapshot_parts *parts, enum snapshot_part part,
		       const struct snapshot *snapshot, const struct screen_context *context,
		       struct effects *effects)
{
	struct part_state *state = &parts->state[part];
	struct request *request;

	if (state->asked || state->read || !snapshot || snapshot_part_absent(part, snapshot))
		return;
	*state = (struct part_state){ .asked = true, .asked_ms = context->now_ms };
	effects_request(effects, REQUEST_DOWNLOAD, snapshot->backup->object.name, "");
	request = &effects->rows[effects->count - 1].request;
	snprintf(request->what, sizeof(request->what), "%s", names[part].kind);
}

void snapshot_parts_ticket(struct snapshot_parts *parts, const struct request *request,
			   uint64_t ticket)
{
	for (int part = 0; part < PARTS; part++)
		if (request->kind == REQUEST_DOWNLOAD && !strcmp(request->what, names[part].kind))
			parts->state[part].ticket = ticket;
}

static size_t lines_of_group(const void *arg, size_t group)
{
	return ((const struct snapshot_parts *)arg)->groups.rows[group].count;
}

static size_t names_of_kind(const void *arg, size_t group)
{
	return ((const struct snapshot_parts *)arg)->resources.rows[group].count;
}

static enum status read_results(struct snapshot_parts *parts, const struct document *document,
				struct error *err)
{
	const char *text;
	size_t len;

	text = document_text(document, &len);
	if (results_parse(text, len, &parts->lines, err))
		return err->code;
	problems_group(&parts->lines, &parts->groups);
	fold_make(&parts->problems, parts->groups.count, lines_of_group, parts);
	return STATUS_OK;
}

static enum status read_resources(struct snapshot_parts *parts, const struct document *document,
				  struct error *err)
{
	const char *text;
	size_t len;

	text = document_text(document, &len);
	if (resources_parse(text, len, &parts->resources, err))
		return err->code;
	fold_make(&parts->kinds, parts->resources.count, names_of_kind, parts);
	return STATUS_OK;
}

static enum status read_log(struct snapshot_parts *parts, const struct document *document,
			    struct error *err)
{
	(void)err;
	hooks_parse(document, &parts->hooks);
	parts->log_lines = document_lines(document);
	return STATUS_OK;
}

static void take_document(struct snapshot_parts *parts, enum snapshot_part part,
			  const struct document *document)
{
	static enum status (*const readers[PARTS])(struct snapshot_parts * parts,
						   const struct document *document,
						   struct error *err) = {
		[PART_RESULTS] = read_results,
		[PART_LOG] = read_log,
		[PART_RESOURCES] = read_resources,
	};
	struct part_state *state = &parts->state[part];

	state->asked = false;
	state->ticket = 0;
	state->read = readers[part](parts, document, &state->failed) == STATUS_OK;
}

bool snapshot_parts_event(struct snapshot_parts *parts, const struct event *event)
{
	for (int part = 0; event->ticket && part < PARTS; part++) {
		struct part_state *state = &parts->state[part];

		if (state->ticket != event->ticket || state->read)
			continue;
		if (event->kind == EVENT_STEP) {
			snprintf(state->step, sizeof(state->step), "%s", event->text);
		} else if (event->kind == EVENT_FAILED) {
			state->failed = event->err;
			state->asked = false;
		} else if (event->kind == EVENT_DOCUMENT) {
			take_document(parts, (enum snapshot_part)part, event->document);
		}
		return true;
	}
	return false;
}

void snapshot_parts_done(struct snapshot_parts *parts)
{
	result_lines_done(&parts->lines);
	problem_groups_done(&parts->groups);
	fold_done(&parts->problems);
	hooks_done(&parts->hooks);
	resources_done(&parts->resources);
	fold_done(&parts->kinds);
}

void snapshot_parts_toggle(struct snapshot_parts *parts, enum snapshot_part part, size_t row)
{
	struct fold *fold = part == PART_RESULTS ? &parts->problems : &parts->kinds;

	if (row < fold->count)
		fold_toggle(fold, fold->rows[row].group,
			    part == PART_RESULTS ? lines_of_group : names_of_kind, parts);
}

enum mark snapshot_part_add_state(struct strbuf *out, const struct snapshot_parts *parts,
				  enum snapshot_part part, const struct screen_context *context)
{
	const struct part_state *state = &parts->state[part];

	if (state->failed.code) {
		strbuf_addf(out, "%s%s%s c asks again.", state->failed.text,
			    *state->failed.hint ? " " : "", state->failed.hint);
		return MARK_BAD;
	}
	strbuf_addf(out, "%s: %s", names[part].title, *state->step ? state->step : "asking Velero");
	strbuf_adds(out, ", ");
	clock_add_span(out, (context->now_ms - state->asked_ms) / 1000);
	strbuf_adds(out, " of 60 s. Esc stops waiting.");
	return MARK_NOT_READ;
}
