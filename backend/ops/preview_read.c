/* The reading of a preview: one list after the other, page by page, none kept. What may not be read
 * is a gap of the preview and stops nothing. */
#include "backend/base/clock.h"
#include "backend/ops/preview.h"

#include <stdlib.h>
#include <string.h>

#define PAGE "500"

enum reading_of { OF_SERVER, OF_PLACES, OF_AGENTS, OF_NAMESPACES, OF_VOLUMES, OF_CLAIMS, OF_PODS };

struct preview_reader {
	const struct op_world *world;
	void (*done)(void *arg, const struct preview *preview);
	void *arg;
	struct preview *preview;
	enum reading_of at;
	const struct json *namespace; /* of the Backup, while one after the other is read */
	char *next_page;	      /* token of a list that goes on, or NULL */
	uint64_t call, timer;
	struct json *agents; /* pods, until the coverage begins */
	struct coverage_options options;
	struct coverage_work *work;
	bool namespaces_known, gap_in_pods;
	struct preview_gap *gaps;
	size_t gap_count, gap_capacity;
};

static void take_server(struct preview_reader *reader, const struct json *reply);
static void take_places(struct preview_reader *reader, const struct json *reply);
static void take_agents(struct preview_reader *reader, const struct json *reply);
static void take_items(struct preview_reader *reader, const struct json *reply);

enum where { IN_CLUSTER, IN_VELERO, IN_EACH };

/* clang-format off */
static const struct {
	const char *what; /* "list WHAT" */
	struct kube_kind kind;
	const char *name;
	enum where where;
	void (*take)(struct preview_reader *reader, const struct json *reply);
	void (*add)(struct coverage_work *work, const struct json *object);
} rows[] = {
	[OF_SERVER] =     { "Deployment velero",        { "apps", "v1", "deployments" }, "velero", IN_VELERO, take_server, NULL },
	[OF_PLACES] =     { "volume snapshot locations", { "velero.io", "v1", "volumesnapshotlocations" }, NULL, IN_VELERO, take_places, NULL },
	[OF_AGENTS] =     { "node agents",              { "", "v1", "pods" }, NULL, IN_VELERO, take_agents, NULL },
	[OF_NAMESPACES] = { "namespaces",               { "", "v1", "namespaces" }, NULL, IN_CLUSTER, take_items, coverage_add_namespace },
	[OF_VOLUMES] =    { "persistent volumes",       { "", "v1", "persistentvolumes" }, NULL, IN_CLUSTER, take_items, coverage_add_volume },
	[OF_CLAIMS] =     { "claims",                   { "", "v1", "persistentvolumeclaims" }, NULL, IN_EACH, take_items, coverage_add_claim },
	[OF_PODS] =       { "pods",                     { "", "v1", "pods" }, NULL, IN_EACH, take_items, coverage_add_pod },
};
/* clang-format on */

static void ask(struct preview_reader *reader);

void preview_cancel(struct preview_reader *reader)
{
	if (!reader)
		return;
	if (reader->call)
		client_cancel(reader->world->client, reader->call);
	if (reader->timer)
		transport_cancel_timer(reader->world->transport, reader->timer);
	coverage_free(reader->work);
	json_free(reader->agents);
	free(reader->gaps);
	free(reader->next_page);
	preview_unref(reader->preview);
	free(reader);
}

static const struct json *spec_of(const struct preview_reader *reader)
{
	return json_key(reader->preview->backup, "spec");
}

static void finish(struct preview_reader *reader)
{
	void (*done)(void *arg, const struct preview *p) = reader->done;
	void *arg = reader->arg;
	struct preview *preview = reader->preview;

	if (reader->work) {
		coverage_end(reader->work, reader->namespaces_known, &preview->arena,
			     &preview->coverage);
		preview->coverage_known = !reader->gap_in_pods;
		preview->copies_all = json_bool(spec_of(reader), "defaultVolumesToFsBackup",
						reader->options.copies_by_default);
	}
	preview->gaps =
		arena_alloc(&preview->arena, reader->gap_count * sizeof(*preview->gaps) + 1);
	if (reader->gap_count)
		memcpy(preview->gaps, reader->gaps, reader->gap_count * sizeof(*preview->gaps));
	preview->gap_count = reader->gap_count;
	preview->read_at = clock_now();
	reader->work = NULL;
	reader->preview = NULL;
	preview_cancel(reader);
	done(arg, preview);
	preview_unref(preview);
}

/* ---- what each reply is for ---- */

static void take_server(struct preview_reader *reader, const struct json *reply)
{
	reader->options.copies_by_default = preview_server_copies_all(reply);
	reader->options.has_snapshots |= preview_server_has_csi(reply);
}

static void take_places(struct preview_reader *reader, const struct json *reply)
{
	if (json_count(json_key(reply, "items")))
		reader->options.has_snapshots = true;
}

static bool is_agent(const struct json *pod)
{
	const struct json *labels = json_get(pod, "metadata.labels");
	const char *name = json_key_text(labels, "name");

	return !strcmp(name, "node-agent") || !strcmp(name, "restic") ||
	       !strcmp(json_key_text(labels, "role"), "node-agent");
}

static void take_agents(struct preview_reader *reader, const struct json *reply)
{
	const struct json *pod = json_first(json_key(reply, "items"));

	reader->options.agents_known = true;
	for (; pod; pod = json_next(pod))
		if (is_agent(pod))
			json_add(reader->agents, json_clone(pod));
}

static void take_items(struct preview_reader *reader, const struct json *reply)
{
	const struct json *item = json_first(json_key(reply, "items"));

	if (reader->at == OF_NAMESPACES)
		reader->namespaces_known = true;
	for (; item; item = json_next(item))
		rows[reader->at].add(reader->work, item);
}

/* ---- one after the other ---- */

static void add_gap(struct preview_reader *reader, const struct error *err)
{
	struct arena *arena = &reader->preview->arena;
	struct strbuf what = STRBUF_INIT;
	bool each = rows[reader->at].where == IN_EACH;

	strbuf_adds(&what, rows[reader->at].what);
	if (each)
		strbuf_addf(&what, " in %s",
			    !strcmp(json_value(reader->namespace), "*")
				    ? "all namespaces"
				    : json_value(reader->namespace));
	reader->gaps = mem_grow(reader->gaps, reader->gap_count, &reader->gap_capacity,
				sizeof(*reader->gaps));
	reader->gaps[reader->gap_count++] =
		(struct preview_gap){ arena_text(arena, what.buf), arena_text(arena, err->text) };
	reader->gap_in_pods |= each;
	strbuf_done(&what);
}

static void begin_coverage(struct preview_reader *reader)
{
	reader->work = coverage_begin(spec_of(reader), &reader->options);
	for (const struct json *pod = json_first(reader->agents); pod; pod = json_next(pod))
		coverage_add_agent(reader->work, pod);
}

/* To the next namespace of a list, or to the next list. */
static void go_on(struct preview_reader *reader)
{
	if (rows[reader->at].where == IN_EACH) {
		reader->namespace = json_next(reader->namespace);
		if (reader->namespace) {
			ask(reader);
			return;
		}
	}
	if (reader->at == OF_PODS) {
		finish(reader);
		return;
	}
	if (reader->at == OF_AGENTS)
		begin_coverage(reader);
	reader->at++;
	reader->namespace = json_first(json_key(spec_of(reader), "includedNamespaces"));
	ask(reader);
}

static void answered(void *arg, const struct json *reply, const struct error *err)
{
	struct preview_reader *reader = arg;
	const char *more = json_text(reply, "metadata.continue");

	reader->call = 0;
	free(reader->next_page);
	reader->next_page = NULL;
	/* A kind that is not served has no objects. */
	if (err && err->http != 404)
		add_gap(reader, err);
	if (reply)
		rows[reader->at].take(reader, reply);
	if (*more) {
		reader->next_page = mem_text(more);
		ask(reader);
	} else {
		go_on(reader);
	}
}

static const char *namespace_of(const struct preview_reader *reader)
{
	const char *one = json_value(reader->namespace);

	switch (rows[reader->at].where) {
	case IN_VELERO:
		return json_text(reader->preview->backup, "metadata.namespace");
	case IN_EACH:
		return strcmp(one, "*") ? one : "";
	case IN_CLUSTER:
		break;
	}
	return "";
}

static void ask(struct preview_reader *reader)
{
	struct strbuf path = STRBUF_INIT, what = STRBUF_INIT;
	struct client_call call = { 0 };

	client_add_path(&path, &rows[reader->at].kind, namespace_of(reader), rows[reader->at].name);
	if (!rows[reader->at].name) {
		strbuf_query(&path, "limit", PAGE);
		strbuf_query(&path, "continue", reader->next_page);
	}
	strbuf_addf(&what, "%s %s", rows[reader->at].name ? "read" : "list", rows[reader->at].what);
	call.path = path.buf;
	call.what = what.buf;
	reader->call = client_call(reader->world->client, &call, answered, reader);
	strbuf_done(&path);
	strbuf_done(&what);
}

static void refused(void *arg)
{
	struct preview_reader *reader = arg;

	reader->timer = 0;
	finish(reader);
}

struct preview_reader *preview_start(const struct op_world *world, const char *app_slug,
				     void (*done)(void *arg, const struct preview *preview),
				     void *arg)
{
	struct preview_reader *reader = mem_alloc(sizeof(*reader));

	reader->world = world;
	reader->done = done;
	reader->arg = arg;
	reader->agents = json_new_list();
	reader->preview =
		preview_new(world->model(world->arg), app_slug, world->made_by, clock_now());
	/* An answer never comes inside of the question. */
	if (!reader->preview->backup)
		reader->timer = transport_after(world->transport, 0, refused, reader);
	else
		ask(reader);
	return reader;
}
