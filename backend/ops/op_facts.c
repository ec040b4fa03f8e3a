#include "backend/ops/op.h"

#include "backend/base/clock.h"
#include "backend/ops/app_objects.h"
#include "backend/ops/contents.h"
#include "backend/ops/facts.h"
#include "backend/ops/sweep.h"
#include "backend/velero/download.h"

#include <stdlib.h>
#include <string.h>

/* What the discovery answers to; outlives a cancelled op_facts, since discovery cannot be
 * cancelled. */
struct facts_ticket {
	struct op_facts *facts; /* NULL = nobody waits any more */
};

struct op_facts {
	const struct op_world *world;
	char *backup, *app_slug, *namespaces, *console_namespaces;
	enum restore_scope scope;
	struct json *selector;
	void (*done)(void *arg, const struct restore_plan *plan, const struct error *err);
	void *arg;
	struct facts_ticket *ticket;
	struct access_resource *rows;
	size_t row_count;
	struct sweep *sweep;
	struct download *download;
	uint64_t timer;
	struct arena arena; /* of the subjects */
	struct restore_subject *subjects;
	struct app_objects *objects; /* one a subject */
	size_t subject_count, at;    /* at: the one that is looked for */
	struct contents *contents;   /* NULL: the resource list could not be read */
	bool swept, downloaded;
	int64_t began_ms; /* monotonic */
};

/* So long the first lists and the console are waited for. */
#define PICTURE_MS	 60000
#define PICTURE_AGAIN_MS 200

static const struct backup *find_backup(const struct op_facts *facts)
{
	const struct model *model = facts->world->model(facts->world->arg);

	return (const struct backup *)list_by_name(model->lists[COLLECTION_BACKUPS], facts->backup);
}

void op_facts_cancel(struct op_facts *facts)
{
	if (!facts)
		return;
	if (facts->ticket)
		facts->ticket->facts = NULL;
	if (facts->timer)
		transport_cancel_timer(facts->world->transport, facts->timer);
	sweep_cancel(facts->sweep);
	if (facts->download)
		download_cancel(facts->download);
	for (size_t i = 0; i < facts->subject_count; i++)
		app_objects_done(&facts->objects[i]);
	free(facts->objects);
	free(facts->subjects);
	arena_done(&facts->arena);
	contents_free(facts->contents);
	json_free(facts->selector);
	free(facts->rows);
	free(facts->backup);
	free(facts->app_slug);
	free(facts->namespaces);
	free(facts->console_namespaces);
	free(facts);
}

static void finish(struct op_facts *facts, const struct restore_plan *plan, const struct error *err)
{
	void (*done)(void *arg, const struct restore_plan *p, const struct error *e) = facts->done;
	void *arg = facts->arg;

	op_facts_cancel(facts);
	done(arg, plan, err);
	restore_plan_unref(plan);
}

static void build(struct op_facts *facts)
{
	const struct model *model = facts->world->model(facts->world->arg);
	struct facts_rows rows = { 0 };
	struct facts_found found;
	const struct restore_plan *plan = NULL;
	struct error err = ERROR_INIT;
	enum status st;

	found = (struct facts_found){ .scope = facts->scope,
				      .app_slug = facts->app_slug,
				      .objects = facts->objects,
				      .count = facts->subject_count,
				      .contents = facts->contents,
				      .model = model,
				      .backup = find_backup(facts) };
	facts_rows_build(&rows, &found);
	if (!rows.facts.backup)
		st = error_set(&err, STATUS_NOT_FOUND, "snapshot %s is not there any more",
			       facts->backup);
	else
		st = restore_plan_build(&rows.facts, &plan, &err);
	facts_rows_done(&rows);
	finish(facts, st ? NULL : plan, st ? &err : NULL);
}

static void build_when_ready(struct op_facts *facts)
{
	if (facts->swept && facts->downloaded)
		build(facts);
}

static void downloaded(void *arg, const struct document *document, const struct error *err)
{
	struct op_facts *facts = arg;
	struct error unreadable = ERROR_INIT;
	const char *text;
	size_t len;

	facts->download = NULL;
	facts->downloaded = true;
	if (!err) {
		text = document_text(document, &len);
		facts->contents = contents_parse(text, len, &unreadable);
	}
	build_when_ready(facts);
}

static void claim_seen(void *arg, const struct access_resource *resource, const struct json *claim)
{
	struct op_facts *facts = arg;

	(void)resource;
	app_objects_add_claim(&facts->objects[facts->at], claim);
}

static void look_for_subject(struct op_facts *facts);

static void next_subject(struct op_facts *facts)
{
	if (++facts->at < facts->subject_count) {
		look_for_subject(facts);
		return;
	}
	facts->swept = true;
	build_when_ready(facts);
}

static void claims_listed(void *arg, const struct error *err)
{
	struct op_facts *facts = arg;

	facts->sweep = NULL;
	if (err)
		finish(facts, NULL, err);
	else
		next_subject(facts);
}

static void object_seen(void *arg, const struct access_resource *resource,
			const struct json *object)
{
	struct op_facts *facts = arg;

	app_objects_add(&facts->objects[facts->at], resource, object);
}

static void objects_listed(void *arg, const struct error *err)
{
	struct op_facts *facts = arg;
	struct sweep_spec spec = { .client = facts->world->client,
				   .namespaces = facts->namespaces,
				   .rows = &sweep_claims,
				   .count = 1,
				   .object = claim_seen,
				   .done = claims_listed,
				   .arg = facts };

	facts->sweep = NULL;
	if (err)
		finish(facts, NULL, err);
	else if (facts->subjects[facts->at].is_console)
		next_subject(facts);
	else
		facts->sweep = sweep_start(&spec);
}

static void look_for_console(struct op_facts *facts)
{
	struct sweep_spec spec = { .client = facts->world->client,
				   .namespaces = facts->console_namespaces,
				   .console = true,
				   .rows = sweep_console,
				   .count = SWEEP_CONSOLE,
				   .object = object_seen,
				   .done = objects_listed,
				   .arg = facts };

	facts->sweep = sweep_start(&spec);
}

static void look_for_subject(struct op_facts *facts)
{
	struct sweep_spec spec = { .client = facts->world->client,
				   .namespaces = facts->namespaces,
				   .app_slug = facts->subjects[facts->at].app_slug,
				   .rows = facts->rows,
				   .count = facts->row_count,
				   .object = object_seen,
				   .done = objects_listed,
				   .arg = facts };

	if (facts->subjects[facts->at].is_console) {
		look_for_console(facts);
		return;
	}
	facts->sweep = sweep_start(&spec);
	if (!facts->sweep)
		objects_listed(facts, NULL);
}

static void discovered(void *arg, const struct access_resources *resources, const struct error *err)
{
	struct facts_ticket *ticket = arg;
	struct op_facts *facts = ticket->facts;

	free(ticket);
	if (!facts)
		return;
	facts->ticket = NULL;
	if (!resources || !resources->count) {
		struct error none = ERROR_INIT;

		error_set(&none, STATUS_PROTOCOL, "the API server names no kind of object");
		finish(facts, NULL, err ? err : &none);
		return;
	}
	facts->rows = mem_array(resources->count, sizeof(*facts->rows));
	memcpy(facts->rows, resources->rows, resources->count * sizeof(*facts->rows));
	facts->row_count = resources->count;
	look_for_subject(facts);
}

static void start_download(struct op_facts *facts, const struct backup *backup)
{
	struct download_spec spec = { .transport = facts->world->transport,
				      .client = facts->world->client,
				      .namespace = backup->object.namespace,
				      .kind = "BackupResourceList",
				      .name = facts->backup,
				      .done = downloaded,
				      .arg = facts };

	facts->download = download_start(&spec);
}

static bool is_read(const struct model *model, enum collection which)
{
	enum reading reading = model->state[which].reading;

	return model->state[which].ever || reading == READ_FORBIDDEN || reading == READ_ABSENT;
}

/* Sizes and volumes come from the picture: half of it would foretell the wrong losses. */
static bool picture_is_whole(struct op_facts *facts)
{
	const struct model *model = facts->world->model(facts->world->arg);

	return (is_read(model, COLLECTION_BACKUPS) &&
		is_read(model, COLLECTION_POD_VOLUME_BACKUPS) && model->console) ||
	       clock_monotonic_ms() - facts->began_ms > PICTURE_MS;
}

static void take_subjects(struct op_facts *facts, const struct backup *backup)
{
	const struct model *model = facts->world->model(facts->world->arg);
	const struct restore_facts about = { .backup = backup,
					     .scope = facts->scope,
					     .app_slug = facts->app_slug };
	struct strbuf namespaces = STRBUF_INIT;

	sweep_add_console_namespaces(&namespaces, backup->kots_namespace,
				     model->console && model->console->kind == SITE_KURL);
	facts->console_namespaces = strbuf_detach(&namespaces);
	facts->subject_count = restore_subjects(&about, &facts->arena, &facts->subjects);
	facts->objects = mem_array(facts->subject_count, sizeof(*facts->objects));
	for (size_t i = 0; i < facts->subject_count; i++)
		if (facts->subjects[i].is_console)
			app_objects_init_console(&facts->objects[i], backup->kots_namespace);
		else
			app_objects_init(&facts->objects[i], facts->subjects[i].app_slug,
					 facts->selector);
}

static void begin(void *arg)
{
	struct op_facts *facts = arg;
	const struct backup *backup = find_backup(facts);
	struct error err = ERROR_INIT;

	facts->timer = 0;
	if (!picture_is_whole(facts)) {
		facts->timer =
			transport_after(facts->world->transport, PICTURE_AGAIN_MS, begin, facts);
		return;
	}
	if (!backup) {
		error_set(&err, STATUS_NOT_FOUND, "there is no snapshot %s", facts->backup);
		finish(facts, NULL, &err);
		return;
	}
	facts->namespaces = mem_text(backup->namespaces);
	facts->selector = *backup->selector
				  ? json_parse(backup->selector, strlen(backup->selector), NULL)
				  : NULL;
	take_subjects(facts, backup);
	facts->ticket = mem_alloc(sizeof(*facts->ticket));
	facts->ticket->facts = facts;
	start_download(facts, backup);
	access_discover(facts->world->client, discovered, facts->ticket);
}

struct op_facts *op_facts_start(const struct op_world *world, const struct facts_wanted *wanted,
				void (*done)(void *arg, const struct restore_plan *plan,
					     const struct error *err),
				void *arg)
{
	struct op_facts *facts = mem_alloc(sizeof(*facts));

	facts->world = world;
	facts->began_ms = clock_monotonic_ms();
	facts->backup = mem_text(wanted->backup);
	facts->scope = wanted->scope;
	facts->app_slug = mem_text(wanted->app_slug);
	facts->done = done;
	facts->arg = arg;
	/* Answers only from transport_wait(), also when there is nothing to ask. */
	facts->timer = transport_after(world->transport, 0, begin, facts);
	return facts;
}
