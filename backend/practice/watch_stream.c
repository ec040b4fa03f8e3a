#include "backend/practice/watch_stream.h"

#include "backend/base/clock.h"
#include "backend/base/mem.h"
#include "backend/practice/selector.h"
#include "backend/practice/status_body.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct watch_stream {
	struct objects *objects; /* borrowed */
	struct watch_spec spec;
	char *namespace, *name;
	int64_t next_bookmark_ms;
	bool over;
};

struct watch_stream *watch_stream_new(struct objects *objects, const struct watch_spec *spec)
{
	struct watch_stream *stream = mem_alloc(sizeof(*stream));

	stream->objects = objects;
	stream->spec = *spec;
	stream->namespace = mem_text(spec->namespace);
	stream->name = mem_text(spec->name);
	stream->next_bookmark_ms = clock_monotonic_ms() + spec->bookmark_ms;
	return stream;
}

void watch_stream_free(struct watch_stream *stream)
{
	if (!stream)
		return;
	selector_free(stream->spec.labels);
	selector_free(stream->spec.fields);
	free(stream->namespace);
	free(stream->name);
	free(stream);
}

/* As the recorded ones: kind and version, no name. */
static void add_bookmark(struct watch_stream *stream, bool initial_end, struct strbuf *out)
{
	const struct kind *kind = stream->spec.kind;

	strbuf_addf(out,
		    "{\"type\":\"BOOKMARK\",\"object\":{\"apiVersion\":\"%s%s%s\",\"kind\":\"%s\","
		    "\"metadata\":{%s\"resourceVersion\":\"%" PRId64 "\"}}}\n",
		    kind->group, *kind->group ? "/" : "", kind->version, kind->kind,
		    initial_end ? "\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}," : "",
		    stream->spec.since);
}

static void add_error(const struct error *problem, struct strbuf *out)
{
	struct json *status = status_body_from_error(problem);

	strbuf_adds(out, "{\"type\":\"ERROR\",\"object\":");
	json_print(status, out);
	strbuf_adds(out, "}\n");
	json_free(status);
}

static struct objects_query make_query(const struct watch_stream *stream)
{
	struct objects_query query = {
		.key = { stream->spec.kind->resource, stream->namespace, stream->name },
		.labels = stream->spec.labels,
		.fields = stream->spec.fields,
	};

	return query;
}

/* One page of the objects there are; true when that was the last one. */
static enum status add_initial(struct watch_stream *stream, struct strbuf *out, struct error *err)
{
	struct objects_query query = make_query(stream);
	struct objects_page page = { .items = STRBUF_INIT };
	struct json *items;
	const struct json *item;
	enum status st;

	strbuf_addc(&page.items, '[');
	st = objects_list_text(stream->objects, &query, &page, err);
	strbuf_addc(&page.items, ']');
	if (st)
		goto out;
	items = json_parse(page.items.buf, page.items.len, err);
	for (item = json_first(items); item; item = json_next(item)) {
		strbuf_adds(out, "{\"type\":\"ADDED\",\"object\":");
		json_print(item, out);
		strbuf_adds(out, "}\n");
	}
	json_free(items);
	stream->spec.since = page.version;
	stream->spec.initial = false;
	if (stream->spec.initial_end)
		add_bookmark(stream, true, out);
out:
	strbuf_done(&page.items);
	return st;
}

static enum watch_pull pull_changes(struct watch_stream *stream, struct strbuf *out)
{
	struct objects_query query = make_query(stream);
	struct error err = ERROR_INIT;
	size_t before = out->len;
	int64_t version = 0;
	enum status st;

	if (stream->spec.initial)
		st = add_initial(stream, out, &err);
	else
		st = objects_changes_text(stream->objects, &query, stream->spec.since, out,
					  &version, &err);
	/* A version from the future is waited for in silence, as the real one does. */
	if (version > stream->spec.since)
		stream->spec.since = version;
	if (st) {
		add_error(&err, out);
		stream->over = true;
		return WATCH_END;
	}
	return out->len > before ? WATCH_LINES : WATCH_QUIET;
}

static int clip_wait(const struct watch_stream *stream, int64_t now, int wait_ms)
{
	int64_t wait = wait_ms;

	if (stream->spec.deadline_ms - now < wait)
		wait = stream->spec.deadline_ms - now;
	if (stream->spec.bookmark_ms && stream->next_bookmark_ms - now < wait)
		wait = stream->next_bookmark_ms - now;
	return wait > 0 ? (int)wait : 0;
}

enum watch_pull watch_stream_pull(struct watch_stream *stream, int wait_ms, struct strbuf *out)
{
	int64_t now = clock_monotonic_ms();
	enum watch_pull pulled;

	if (stream->over || now >= stream->spec.deadline_ms)
		return WATCH_END;
	if (!stream->spec.initial)
		objects_wait(stream->objects, stream->spec.since, clip_wait(stream, now, wait_ms));
	pulled = pull_changes(stream, out);
	now = clock_monotonic_ms();
	if (pulled == WATCH_QUIET && stream->spec.bookmark_ms && now >= stream->next_bookmark_ms) {
		add_bookmark(stream, false, out);
		stream->next_bookmark_ms = now + stream->spec.bookmark_ms;
		pulled = WATCH_LINES;
	}
	return pulled;
}
