/* create full, create partial: take one, or say what it would hold (--dry-run). */
#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "backend/base/safetext.h"
#include "backend/cli/output.h"
#include "backend/cli/preview_json.h"
#include "backend/cli/snapshot_json.h"
#include "backend/cli/waiting.h"

#include <stdio.h>
#include <string.h>

/* The name goes to standard output, so that $(kotsnap create full -o name) is it; words to the
 * other. */
static void print_snapshot(struct cli *cli, const char *name)
{
	const struct snapshot *snapshot = model_snapshot_by_name(cli->model, name);
	struct json *map;

	if (cli->call->output == OUTPUT_TABLE || cli->call->output == OUTPUT_NAME) {
		puts(name);
		return;
	}
	if (snapshot) {
		map = snapshot_to_json(snapshot, cli->model->console);
	} else {
		map = json_new_map();
		json_put_text(map, "name", name);
		json_put_text(map, "phase", "New");
	}
	output_one(cli->call->output, map);
}

static enum status take(struct cli *cli, const char *slug, struct error *err)
{
	struct request request = { .kind = REQUEST_TAKE };
	struct event *accepted = NULL, *ended = NULL;
	enum status st;

	snprintf(request.name, sizeof(request.name), "%s", slug);
	st = cli_ask(cli, &request, true, &accepted, err);
	if (st)
		return st;
	if (cli->call->wait)
		st = cli_wait_end(cli, accepted->ticket, &ended, err);
	if (cli->call->wait)
		cli_wait_shown(cli, accepted->text);
	print_snapshot(cli, accepted->text);
	if (ended && *ended->text)
		fprintf(stderr, "%s\n", ended->text);
	event_free(ended);
	event_free(accepted);
	return st;
}

/* ---- what it would hold ---- */

static void put_line(const struct strbuf *text)
{
	struct strbuf safe = STRBUF_INIT;

	safetext_add(&safe, text->buf, text->len, false);
	puts(safe.buf);
	strbuf_done(&safe);
}

static void put_fact(const char *label, const struct strbuf *value)
{
	struct strbuf line = STRBUF_INIT;

	strbuf_addf(&line, "  %-13s %s", label, value->len ? value->buf : "none");
	put_line(&line);
	strbuf_done(&line);
}

static void print_holds(const struct preview *preview)
{
	const struct coverage *coverage = &preview->coverage;
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s in %s%s", *preview->selector ? preview->selector : "everything",
		    preview->namespaces,
		    preview->cluster_resources ? ", and what of the cluster belongs to it" : "");
	put_fact("Objects", &text);
	if (*preview->excluded_namespaces) {
		strbuf_reset(&text);
		strbuf_addf(&text, "%s", preview->excluded_namespaces);
		put_fact("but not in", &text);
	}
	strbuf_reset(&text);
	for (size_t i = 0; i < preview->app_count; i++)
		strbuf_addf(&text, "%s%s %s (sequence %lld)%s", i ? ", " : "",
			    preview->apps[i].title, preview->apps[i].version,
			    (long long)preview->apps[i].sequence,
			    preview->apps[i].has_manifest ? "" : " without a Backup manifest");
	put_fact("Applications", &text);
	strbuf_reset(&text);
	if (!preview->coverage_known)
		strbuf_adds(&text, "at least ");
	amount_add_counted(&text, (int64_t)preview_count(preview, COVERAGE_IN), "volume");
	strbuf_adds(&text, " copied, ");
	amount_add_bytes(&text, coverage->copied_bytes);
	strbuf_adds(&text, " by what their claims ask for");
	put_fact("Volumes", &text);
	strbuf_reset(&text);
	strbuf_addf(&text, "%s%s",
		    *preview->ttl ? preview->ttl : "as long as Velero keeps by default",
		    *preview->ttl ? "" : " (30 days unless it was told otherwise)");
	put_fact("Kept", &text);
	strbuf_done(&text);
}

/* A list of the map as a table below its heading; nothing when it is empty. */
static void print_rows(const struct json *map, const char *key, const char *heading,
		       struct output_columns columns)
{
	const struct json *rows = json_key(map, key);

	if (!json_count(rows))
		return;
	printf("\n%s: %zu\n", heading, json_count(rows));
	fflush(stdout);
	output_list(OUTPUT_TABLE, json_clone(rows), columns, "");
}

static void print_lists(const struct json *map)
{
	static const struct output_column things[] = {
		{ "KIND", "kind", COLUMN_TEXT },     { "NAMESPACE", "namespace", COLUMN_TEXT },
		{ "NAME", "name", COLUMN_TEXT },     { "POD", "pod", COLUMN_TEXT },
		{ "SIZE", "size", COLUMN_BYTES },    { "WHY", "words", COLUMN_TEXT },
		{ "DETAIL", "detail", COLUMN_TEXT },
	};
	static const struct output_column scripts[] = {
		{ "WHEN", "when", COLUMN_TEXT },       { "NAMESPACE", "namespace", COLUMN_TEXT },
		{ "POD", "pod", COLUMN_TEXT },	       { "CONTAINER", "container", COLUMN_TEXT },
		{ "COMMAND", "command", COLUMN_TEXT }, { "TIMEOUT", "timeout", COLUMN_TEXT },
	};
	static const struct output_column gaps[] = {
		{ "WHAT", "what", COLUMN_TEXT },
		{ "WHY", "why", COLUMN_TEXT },
	};
	static const struct output_column checks[] = {
		{ "VERDICT", "verdict", COLUMN_TEXT },
		{ "CHECK", "title", COLUMN_TEXT },
		{ "CHECKED AT", "checkedAt", COLUMN_TIME },
		{ "SEEN", "seen", COLUMN_TEXT },
	};

	print_rows(map, "leftOut", "Left out",
		   (struct output_columns){ things, ARRAY_SIZE(things) });
	print_rows(map, "notMeant", "Not meant to be in it",
		   (struct output_columns){ things, ARRAY_SIZE(things) });
	print_rows(map, "copied", "Copied", (struct output_columns){ things, ARRAY_SIZE(things) });
	print_rows(map, "scripts", "Scripts",
		   (struct output_columns){ scripts, ARRAY_SIZE(scripts) });
	print_rows(map, "notRead", "Could not be read",
		   (struct output_columns){ gaps, ARRAY_SIZE(gaps) });
	print_rows(map, "checks", "Checks", (struct output_columns){ checks, ARRAY_SIZE(checks) });
}

static enum status look_ahead(struct cli *cli, const char *slug, struct error *err)
{
	struct request request = { .kind = REQUEST_PREVIEW };
	struct check_results checks;
	struct event *event = NULL;
	struct json *map;
	enum status st;

	snprintf(request.name, sizeof(request.name), "%s", slug);
	st = cli_ask(cli, &request, false, &event, err);
	if (st)
		return st;
	checks_take(cli->model, slug, clock_now(), &checks);
	map = preview_to_json(event->preview, &checks);
	st = checks_refusal(&checks, err);
	if (!st && event->preview->refusal.code) {
		*err = event->preview->refusal;
		st = err->code;
	}
	if (cli->call->output == OUTPUT_TABLE) {
		printf("A %s snapshot taken now would hold\n", *slug ? "partial" : "full");
		if (event->preview->backup)
			print_holds(event->preview);
		print_lists(map);
		json_free(map);
	} else {
		output_one(cli->call->output, map);
	}
	check_results_done(&checks);
	event_free(event);
	return st;
}

static enum status create(struct cli *cli, const char *slug, struct error *err)
{
	enum status st = cli_be_ready(cli, err);

	/* Its checks look at the repositories too; who may not read them is told so by a check. */
	if (!st)
		cli_wait_lists(cli, 1u << COLLECTION_REPOSITORIES, NULL);
	if (st)
		return st;
	return cli->call->dry_run ? look_ahead(cli, slug, err) : take(cli, slug, err);
}

enum status command_create_full(struct cli *cli, const char *const *operands, size_t count,
				struct error *err)
{
	(void)operands;
	(void)count;
	return create(cli, "", err);
}

enum status command_create_partial(struct cli *cli, const char *const *operands, size_t count,
				   struct error *err)
{
	(void)count;
	return create(cli, operands[0], err);
}
