/* Where snapshots go, whether Velero can reach it, what would survive the loss of the cluster
 * (design/screens.md 4.9). Read only. */
#include "backend/base/amount.h"
#include "backend/checks/check.h"
#include "backend/velero/location.h"
#include "tui/screens/body.h"
#include "tui/screens/reading.h"
#include "tui/screens/screens.h"
#include "tui/screens/words.h"
#include "tui/widgets/table.h"

#include <stdio.h>
#include <string.h>

#define VALUE_X	    15
#define LIST_MOST   4
#define REPO_RESULT "last maintained "

struct destination {
	struct table table;
	struct check_results site;
};

enum column {
	COLUMN_NAME,
	COLUMN_DEFAULT,
	COLUMN_BUCKET,
	COLUMN_MODE,
	COLUMN_STATUS,
	COLUMN_CHECKED,
	COLUMNS
};

static const struct table_column columns[COLUMNS] = {
	[COLUMN_NAME] = { .title = "LOCATION", .min = 9, .no_sort = true, .middle = true },
	[COLUMN_DEFAULT] = { .title = "DEFAULT", .min = 7, .drop = 1, .no_sort = true },
	[COLUMN_BUCKET] = { .title = "BUCKET AND PREFIX", .min = 17, .grow = 1, .no_sort = true },
	[COLUMN_MODE] = { .title = "MODE", .min = 10, .no_sort = true },
	[COLUMN_STATUS] = { .title = "STATUS", .min = 13, .no_sort = true },
	[COLUMN_CHECKED] = { .title = "CHECKED", .min = 7, .drop = 2, .no_sort = true },
};

static const struct location *location_at(const void *arg, size_t row)
{
	const struct screen_context *context = arg;

	return (const struct location *)context->model->lists[COLLECTION_LOCATIONS]->items[row];
}

static const char *row_uid(const void *arg, size_t row)
{
	return location_at(arg, row)->object.uid;
}

static enum mark location_mark(const struct location *location, int64_t now)
{
	struct phase phase = phase_find(PHASE_LOCATION, location->phase);

	if (phase.health == HEALTH_GOOD &&
	    now - location->last_validated > 5 * location->validation_period_s)
		return MARK_WARNING;
	return words_mark(phase.health);
}

static enum mark row_mark(const void *arg, size_t row)
{
	return location_mark(location_at(arg, row), ((const struct screen_context *)arg)->now);
}

static const char *mode_words(const struct location *location)
{
	return !strcmp(location->access_mode, "ReadOnly") ? "read-only" : "read-write";
}

static void add_bucket(struct strbuf *out, const struct location *location)
{
	strbuf_adds(out, *location->bucket ? location->bucket : location->provider);
	if (*location->prefix)
		strbuf_addf(out, "/%s", location->prefix);
}

static void row_cell(const void *arg, size_t row, size_t column, struct strbuf *out,
		     enum role *role)
{
	const struct location *location = location_at(arg, row);
	const struct screen_context *context = arg;
	enum mark mark = row_mark(arg, row);

	switch ((enum column)column) {
	case COLUMN_NAME:
		strbuf_adds(out, location->object.name);
		break;
	case COLUMN_DEFAULT:
		strbuf_adds(out, location->is_default ? "yes" : "-");
		break;
	case COLUMN_BUCKET:
		add_bucket(out, location);
		break;
	case COLUMN_MODE:
		strbuf_adds(out, mode_words(location));
		break;
	case COLUMN_STATUS:
		if (mark != MARK_GOOD)
			*role = mark_role(mark);
		strbuf_adds(out, phase_find(PHASE_LOCATION, location->phase).word);
		break;
	case COLUMN_CHECKED:
		if (location->last_validated)
			clock_add_hm(out, location->last_validated, context->zone);
		else
			strbuf_adds(out, "never");
		break;
	case COLUMNS:
		break;
	}
}

/* The one that KOTS uses first. */
static int row_compare(const void *arg, size_t a, size_t b, size_t column)
{
	(void)column;
	return location_at(arg, b)->is_default - location_at(arg, a)->is_default;
}

static struct table_source source_of(const struct screen_context *context)
{
	return (struct table_source){
		.columns = columns,
		.column_count = COLUMNS,
		.count = context->model->lists[COLLECTION_LOCATIONS]->count,
		.arg = context,
		.uid = row_uid,
		.mark = row_mark,
		.cell = row_cell,
		.compare = row_compare,
		.fixed = true,
	};
}

static void gather(struct destination *destination, const struct screen_context *context,
		   int64_t now_ms)
{
	struct table_source source = source_of(context);

	check_results_done(&destination->site);
	memset(&destination->site, 0, sizeof(destination->site));
	if (context->model->console)
		checks_site(context->model, context->now, &destination->site);
	table_update(&destination->table, &source, LIST_MOST, now_ms);
}

static void destination_open(void *state, const char *argument,
			     const struct screen_context *context, struct effects *effects)
{
	struct destination *destination = state;
	struct table_source source = source_of(context);

	(void)argument;
	(void)effects;
	table_init(&destination->table, &source);
	gather(destination, context, 0);
}

static void destination_close(void *state)
{
	struct destination *destination = state;

	table_done(&destination->table);
	check_results_done(&destination->site);
}

static void destination_update(void *state, const struct screen_context *context,
			       struct effects *effects)
{
	(void)effects;
	gather(state, context, context->now_ms);
}

/* The one that the facts are about: under the cursor. */
static const struct location *chosen(const struct destination *destination,
				     const struct screen_context *context)
{
	struct table_source source = source_of(context);
	size_t row;

	return table_current(&destination->table, &source, INT64_MAX, &row)
		       ? location_at(context, row)
		       : NULL;
}

static bool destination_key(void *state, struct key key, enum action_id action,
			    const struct screen_context *context, struct effects *effects)
{
	struct destination *destination = state;
	struct table_source source = source_of(context);
	const struct location *location = chosen(destination, context);

	(void)key;
	switch (action) {
	case ACT_CHECK:
		effects_request(effects, REQUEST_PROBE, "", "");
		effects_message(effects, MESSAGE_INFO,
				"Looking again. Velero itself looks at the location each minute.");
		return true;
	case ACT_COMMANDS:
		effects_open(effects, SCREEN_COMMANDS, "destination");
		return true;
	case ACT_COPY:
		if (location)
			snprintf(effects_add(effects, EFFECT_COPY)->text, 512, "%s",
				 location->object.name);
		return true;
	default:
		return table_key(&destination->table, &source, action, LIST_MOST);
	}
}

static void destination_title(const void *state, const struct screen_context *context,
			      struct strbuf *left, struct strbuf *right)
{
	const struct model *model = context->model;

	(void)state;
	strbuf_adds(left, "Destination");
	if (!reading_has_rows(model, COLLECTION_LOCATIONS))
		return;
	amount_add_counted(right, (int64_t)model->lists[COLLECTION_LOCATIONS]->count, "location");
	if (reading_has_rows(model, COLLECTION_REPOSITORIES)) {
		size_t count = model->lists[COLLECTION_REPOSITORIES]->count;

		strbuf_addf(right, ", %zu repositor%s", count, count == 1 ? "y" : "ies");
	}
	reading_add_as_of(right, context, COLLECTION_LOCATIONS);
}

static const char *provider_words(const struct location *location)
{
	static const struct {
		const char *provider, *words;
	} rows[] = {
		{ "aws", "Amazon S3" },
		{ "gcp", "Google Cloud Storage" },
		{ "azure", "Azure Blob Storage" },
		{ "replicated.com/nfs", "NFS" },
		{ "replicated.com/hostpath", "Host path" },
		{ "replicated.com/pvc", "Internal volume" },
	};
	const char *name = strrchr(location->provider, '/');
	size_t i;

	if (*location->s3_url)
		return "S3-compatible storage";
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!strcmp(rows[i].provider, location->provider) ||
		    (name && !strcmp(name + 1, rows[i].provider)))
			return rows[i].words;
	}
	return location->provider;
}

/* What would be left of it with the cluster gone: known by a rule, not guessed here. */
static const char *outside_words(const struct destination *destination)
{
	size_t i;

	for (i = 0; i < destination->site.count; i++) {
		const struct check_result *row = &destination->site.rows[i];

		if (strcmp(row->rule, "destination-outside") != 0)
			continue;
		return row->verdict == VERDICT_PASSED ? ", outside this cluster"
		       : row->verdict == VERDICT_WARNING || row->verdict == VERDICT_FAILED
			       ? ", inside this cluster: lost with it"
			       : "";
	}
	return "";
}

static void draw_fact(struct view view, int *y, const char *label, const char *value)
{
	view_text(view, 4, *y, ROLE_DIM, label);
	*y += view_wrap(view_part(view, VALUE_X, *y, view.w - VALUE_X - 1, 2), 0, 0, 2, ROLE_TEXT,
			*value ? value : "-");
}

static int draw_head(struct view view, int y, const struct destination *destination,
		     const struct location *location, const struct screen_context *context)
{
	struct strbuf text = STRBUF_INIT;
	enum mark mark = location_mark(location, context->now);
	int from = y;

	strbuf_addf(&text, "%s%s: ", provider_words(location),
		    location->is_default ? outside_words(destination) : "");
	strbuf_addf(&text, "%s, ",
		    mark == MARK_GOOD ? "available"
				      : phase_find(PHASE_LOCATION, location->phase).word);
	words_add_checked(&text, location->last_validated, location->validation_period_s,
			  context->now);
	y += mark_wrap(view, y, 2, mark, text.buf);
	if (*location->message) {
		strbuf_reset(&text);
		strbuf_addf(&text, "\"%s\"", location->message);
		y += mark_wrap(view, y, 4, MARK_NONE, text.buf);
	}
	strbuf_done(&text);
	return y - from;
}

static void add_settings(struct strbuf *out, const struct location *location)
{
	static const char *const said[] = { "region", "s3Url", "publicUrl" };
	struct json *config =
		json_parse(location->config_json, strlen(location->config_json), NULL);
	const struct json *child;
	size_t i;

	for (child = json_first(config); child; child = json_next(child)) {
		bool known = false;

		for (i = 0; i < ARRAY_SIZE(said); i++)
			known = known || !strcmp(json_name(child), said[i]);
		if (!known)
			strbuf_addf(out, "%s%s=%s", out->len ? ", " : "", json_name(child),
				    *json_value(child) ? json_value(child) : "\"\"");
	}
	json_free(config);
}

static int draw_facts(struct view view, int y, const struct location *location,
		      const struct screen_context *context)
{
	struct strbuf text = STRBUF_INIT;
	int from = y;

	strbuf_addf(&text, "%s%s%s", *location->bucket ? location->bucket : "none",
		    *location->prefix ? ", prefix " : "", location->prefix);
	draw_fact(view, &y, "Bucket", text.buf);
	strbuf_reset(&text);
	if (*location->s3_url || *location->region) {
		strbuf_addf(&text, "%s%s%s%s", location->s3_url,
			    *location->s3_url && *location->region ? ", " : "",
			    *location->region ? "region " : "", location->region);
		draw_fact(view, &y, "Endpoint", text.buf);
	}
	if (*location->public_url)
		draw_fact(view, &y, "Public", location->public_url);
	draw_fact(view, &y, "CA",
		  *location->ca_cert ? "a certificate is stored with the location"
				     : "none stored; the system's are used");
	strbuf_reset(&text);
	add_settings(&text, location);
	if (text.len > 0)
		draw_fact(view, &y, "Also set", text.buf);
	strbuf_reset(&text);
	if (location->last_synced)
		clock_add_hms(&text, location->last_synced, context->zone);
	else
		strbuf_adds(&text, "never yet, usually within 2 min");
	strbuf_addf(&text, "; %s", mode_words(location));
	draw_fact(view, &y, "Synced", text.buf);
	strbuf_done(&text);
	return y - from;
}

static void draw_repositories(struct view view, int y, const struct screen_context *context)
{
	const struct list *list = context->model->lists[COLLECTION_REPOSITORIES];
	struct strbuf text = STRBUF_INIT;
	size_t i;

	if (y + 1 >= view.h)
		return;
	view_rule(view, y++, ROLE_HEADING, "Repositories, one for each namespace", "");
	if (!reading_has_rows(context->model, COLLECTION_REPOSITORIES)) {
		enum mark mark = reading_add_brief(&text, context->model, COLLECTION_REPOSITORIES);

		mark_line(view, y, mark, text.buf);
	} else if (list->count == 0) {
		mark_line(view, y, MARK_NONE, "None yet: Velero makes one with the first volume.");
	}
	for (i = 0; i < list->count && y < view.h; i++) {
		const struct repository *repository = (const struct repository *)list->items[i];
		struct phase phase = phase_find(PHASE_REPOSITORY, repository->phase);

		strbuf_reset(&text);
		strbuf_addf(&text, "%-25s %s, %s", repository->object.name, repository->type,
			    phase.word);
		if (repository->last_maintained) {
			strbuf_adds(&text, ", " REPO_RESULT);
			clock_add_short(&text, repository->last_maintained, context->now,
					context->zone);
		}
		if (*repository->last_result)
			strbuf_addf(&text, ", %s", repository->last_result);
		if (*repository->message)
			strbuf_addf(&text, ": \"%s\"", repository->message);
		mark_line(view, y++, words_mark(phase.health), text.buf);
	}
	strbuf_done(&text);
}

static void destination_draw(const void *state, const struct screen_context *context)
{
	const struct destination *destination = state;
	const struct location *location = chosen(destination, context);
	struct table_source source = source_of(context);
	struct view view = context->view;
	bool roomy = view.h >= 20;
	int y = 1, rows;

	if (!reading_has_rows(context->model, COLLECTION_LOCATIONS)) {
		reading_draw(view, y, context, COLLECTION_LOCATIONS, "locations");
		return;
	}
	if (!location) {
		mark_line(view, y++, MARK_WARNING,
			  "Velero has no location: there is nowhere to put snapshots.");
		mark_wrap(view, y, 2, MARK_NONE,
			  "Next: set the destination in the Admin Console (Snapshots, Settings), "
			  "or with kubectl kots velero configure-...; v shows the commands.");
		return;
	}
	y += draw_head(view, y, destination, location, context);
	y += draw_facts(view, y, location, context);
	if (roomy)
		mark_line(view, y++, MARK_NONE,
			  "Never delete anything in the bucket by hand: that breaks snapshots.");
	y += roomy;
	rows = source.count < LIST_MOST ? (int)source.count : LIST_MOST;
	table_draw(&destination->table, &source, view_part(view, 0, y, view.w, rows + 1), true);
	y += rows + 1;
	draw_repositories(view, y + (roomy && view.h - y > 4), context);
}

const struct screen_ops destination_screen = {
	.id = SCREEN_DESTINATION,
	.name = "destination",
	.tab = 4,
	.state_size = sizeof(struct destination),
	.open = destination_open,
	.close = destination_close,
	.update = destination_update,
	.key = destination_key,
	.draw = destination_draw,
	.title = destination_title,
};
