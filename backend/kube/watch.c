/* The machine: LIST (in one reply, or in pages after a failure) leads to WATCH, WATCH to WATCH
 * again; what goes wrong leads to WAIT, and that to the one of the two that is due. */
#include "backend/kube/watch.h"

#include "backend/base/clock.h"
#include "backend/base/log.h"
#include "backend/base/mem.h"
#include "backend/kube/backoff.h"
#include "backend/kube/splitter.h"
#include "backend/kube/watch_event.h"

#include <stdlib.h>
#include <string.h>

#define STALL_MS	90000
#define LIST_STALL_MS	60000
#define BACKOFF_MS	1000
#define BACKOFF_MOST_MS 15000
#define POLL_MS		15000
#define REFUSED_MS	60000
#define WATCH_SECONDS	450 /* give or take a fifth: then the server ends the watch */
#define SILENCES	20
#define SHORT_WATCH_MS	1000
#define BARREN_MAX	2
#define POLLS_PER_WATCH 20 /* a watch refused twice is asked for again each five minutes */
#define PAGE_ITEMS	"500"
#define ITEM_CEILING	((size_t)8 * 1024 * 1024) /* etcd takes 1.5 MiB at most */

struct watch {
	struct client *client;
	struct transport *transport;
	struct watch_spec spec;
	char *namespace, *label_selector, *what, *list_what, *watch_what;
	char *group, *version_of_kind, *plural;
	struct watch_state state;
	uint64_t request, timer;
	char *version;	      /* resourceVersion to go on from, NULL = list first */
	char *next_page;      /* continue token, NULL = first page */
	bool listing;	      /* the request under way is a list */
	bool in_list;	      /* begin was called, listed not yet */
	bool pages;	      /* the one big reply failed: ask for pages */
	bool heard;	      /* the watch under way said something */
	struct error refusal; /* why it is polled */
	unsigned silent;      /* watches in a row that ended without a word */
	unsigned gone;	      /* 410 in a row, nothing heard between */
	unsigned polls;	      /* lists since the watch was refused, 0 = not refused */
	unsigned tries;	      /* failures in a row */
	int64_t opened_ms;    /* when the watch under way was opened */
	struct list_splitter items;
	struct arena tree; /* of the item that is being read */
	struct line_splitter lines;
	struct error problem; /* what our own reading found in the stream */
	unsigned busy;	      /* callbacks under way: freed after the last */
	bool stopped;
};

static void go_on(void *arg);

/* ---- telling ---- */

static const char *const phase_words[] = {
	[WATCH_LISTING] = "listing", [WATCH_LIVE] = "live",	      [WATCH_POLLING] = "polling",
	[WATCH_LOST] = "lost",	     [WATCH_FORBIDDEN] = "forbidden", [WATCH_ABSENT] = "absent",
};

static void tell(struct watch *watch, enum watch_phase phase, int64_t next_try_ms,
		 const struct error *why)
{
	struct watch_state *state = &watch->state;

	if (state->phase != phase || !state->since)
		state->since = clock_now();
	state->phase = phase;
	state->next_try_ms = next_try_ms;
	state->why = why ? *why : (struct error)ERROR_INIT;
	log_line("watch", "%s: %s %s", watch->what, phase_words[phase], state->why.text);
	watch->spec.state(watch->spec.arg, state);
}

static void enter(struct watch *watch)
{
	watch->busy++;
}

static void watch_free(struct watch *watch)
{
	list_splitter_done(&watch->items);
	arena_done(&watch->tree);
	line_splitter_done(&watch->lines);
	free(watch->namespace);
	free(watch->label_selector);
	free(watch->what);
	free(watch->list_what);
	free(watch->watch_what);
	free(watch->group);
	free(watch->version_of_kind);
	free(watch->plural);
	free(watch->version);
	free(watch->next_page);
	free(watch);
}

/* false when the watch is no more. */
static bool leave(struct watch *watch)
{
	bool alive = !watch->stopped;

	if (--watch->busy == 0 && watch->stopped)
		watch_free(watch);
	return alive;
}

static void set_text(char **text, const char *value)
{
	free(*text);
	*text = value && *value ? mem_text(value) : NULL;
}

/* ---- waiting ---- */

static void wait_for(struct watch *watch, int64_t delay_ms)
{
	transport_cancel_timer(watch->transport, watch->timer);
	watch->timer = transport_after(watch->transport, delay_ms, go_on, watch);
}

static void wait_and_tell(struct watch *watch, enum watch_phase phase, int64_t delay_ms,
			  const struct error *why)
{
	wait_for(watch, delay_ms);
	tell(watch, phase, clock_monotonic_ms() + delay_ms, why);
}

static void back_off(struct watch *watch, int retry_after_s, const struct error *why)
{
	int first_ms = watch->spec.backoff_ms ? watch->spec.backoff_ms : BACKOFF_MS;

	wait_and_tell(watch, WATCH_LOST,
		      backoff_delay(watch->tries++, first_ms, BACKOFF_MOST_MS, retry_after_s), why);
}

/* ---- the list ---- */

static bool on_item(void *arg, const char *text, size_t len)
{
	struct watch *watch = arg;
	const struct json *item = json_parse_in(&watch->tree, text, len, &watch->problem);

	if (item) {
		watch->spec.item(watch->spec.arg, WATCH_ADDED, item);
	} else {
		watch->problem.code = STATUS_PROTOCOL;
		error_wrap(&watch->problem, "an object of the list");
	}
	arena_reset(&watch->tree);
	return item && !watch->stopped;
}

static bool on_list_body(void *arg, const char *bytes, size_t len)
{
	struct watch *watch = arg;
	struct error err = ERROR_INIT;
	enum status st;

	enter(watch);
	if (!watch->in_list) {
		watch->in_list = true;
		watch->spec.begin(watch->spec.arg);
	}
	st = watch->stopped ? STATUS_CANCELLED
			    : list_splitter_feed(&watch->items, bytes, len, on_item, watch, &err);
	if (st && !watch->problem.code)
		watch->problem = err;
	return leave(watch) && !st;
}

/* The page is whole: the next one, or the watch. */
static void list_ended(struct watch *watch, const struct json *frame)
{
	set_text(&watch->next_page, json_text(frame, "metadata.continue"));
	if (watch->next_page) {
		wait_for(watch, 0);
		return;
	}
	set_text(&watch->version, json_text(frame, "metadata.resourceVersion"));
	watch->in_list = false;
	watch->pages = false;
	watch->tries = 0;
	watch->spec.listed(watch->spec.arg);
	if (watch->stopped)
		return;
	if (watch->polls && watch->polls++ % POLLS_PER_WATCH != 0) {
		set_text(&watch->version, NULL);
		wait_and_tell(watch, WATCH_POLLING, backoff_jitter(POLL_MS), &watch->refusal);
	} else {
		wait_for(watch, 0);
	}
}

/* The reply came whole; err is set when it is no list for all that. */
static void list_succeeded(struct watch *watch, struct error *err)
{
	struct json *frame = NULL;

	arena_done(&watch->tree);
	if (!list_splitter_end(&watch->items, err))
		frame = json_parse(watch->items.frame.buf, watch->items.frame.len, err);
	if (frame && !*json_text(frame, "metadata.resourceVersion")) {
		error_set(err, STATUS_PROTOCOL, "the answer is no list of Kubernetes objects");
		json_free(frame);
		frame = NULL;
	}
	if (frame)
		list_ended(watch, frame);
	json_free(frame);
}

static void list_failed(struct watch *watch, int retry_after_s, const struct error *err)
{
	set_text(&watch->version, NULL);
	set_text(&watch->next_page, NULL);
	switch (err->code) {
	case STATUS_FORBIDDEN:
		wait_and_tell(watch, WATCH_FORBIDDEN, backoff_jitter(REFUSED_MS), err);
		return;
	case STATUS_NOT_FOUND:
		wait_and_tell(watch, WATCH_ABSENT, backoff_jitter(REFUSED_MS), err);
		return;
	case STATUS_INVALID:
	case STATUS_PROTOCOL:
	case STATUS_TIMEOUT:
	case STATUS_UNREACHABLE:
		/* The one big reply was refused or cut: small ones may pass. */
		watch->pages = !watch->pages && (watch->in_list || err->code == STATUS_INVALID);
		break;
	default:
		break;
	}
	back_off(watch, retry_after_s, err);
}

static void on_list_done(void *arg, const struct http_reply *reply, const struct error *err)
{
	struct watch *watch = arg;
	struct error mine = ERROR_INIT;

	enter(watch);
	watch->request = 0;
	if (err && watch->problem.code) { /* we stopped it: the cause is ours to tell */
		mine = watch->problem;
		error_wrap(&mine, "%s", watch->list_what);
	} else if (err) {
		mine = *err;
	} else {
		list_succeeded(watch, &mine);
		if (mine.code)
			error_wrap(&mine, "%s", watch->list_what);
	}
	if (mine.code && !watch->stopped)
		list_failed(watch, reply->retry_after_s, &mine);
	leave(watch);
}

static void add_path(const struct watch *watch, struct strbuf *path)
{
	struct kube_kind kind = { watch->group, watch->version_of_kind, watch->plural };

	client_add_path(path, &kind, watch->namespace, NULL);
	strbuf_query(path, "labelSelector", watch->label_selector);
}

/* resourceVersion=0 is answered from the server's watch cache in one reply, which costs a sixth of
 * pages (spec/velero-api.md 13); an odd server may page it all the same. */
static void start_list(struct watch *watch)
{
	struct strbuf path = STRBUF_INIT;
	struct client_stream stream = { .what = watch->list_what,
					.stall_ms = LIST_STALL_MS,
					.body = on_list_body,
					.done = on_list_done,
					.arg = watch };

	add_path(watch, &path);
	if (watch->pages || watch->next_page)
		strbuf_query(&path, "limit", PAGE_ITEMS);
	else
		strbuf_query(&path, "resourceVersion", "0");
	strbuf_query(&path, "continue", watch->next_page);
	stream.path = path.buf;
	if (!watch->next_page)
		watch->in_list = false;
	list_splitter_done(&watch->items);
	list_splitter_init(&watch->items, ITEM_CEILING);
	watch->problem = (struct error)ERROR_INIT;
	watch->listing = true;
	watch->request = client_stream(watch->client, &stream);
	strbuf_done(&path);
	if (!watch->next_page && !watch->polls)
		tell(watch, WATCH_LISTING, 0, NULL);
}

/* ---- the watch ---- */

static void give_event(struct watch *watch, enum watch_event event, const struct json *line,
		       const char *version)
{
	watch->spec.item(watch->spec.arg, event, json_key(line, "object"));
	if (!watch->stopped && *version)
		set_text(&watch->version, version);
}

static bool on_line(void *arg, const char *text, size_t len)
{
	struct watch *watch = arg;
	struct json *line = json_parse(text, len, &watch->problem);
	enum watch_event event = WATCH_ADDED;
	const char *version = "";
	bool more = true;

	if (!line) {
		watch->problem.code = STATUS_PROTOCOL;
		error_wrap(&watch->problem, "%s: a line of the watch", watch->watch_what);
		return false;
	}
	switch (watch_line_read(line, watch->watch_what, &event, &version, &watch->problem)) {
	case WATCH_LINE_OBJECT:
		watch->heard = true;
		give_event(watch, event, line, version);
		break;
	case WATCH_LINE_BOOKMARK:
		watch->heard = true;
		if (*version)
			set_text(&watch->version, version);
		break;
	case WATCH_LINE_GONE:
	case WATCH_LINE_ERROR:
		more = false;
		break;
	}
	json_free(line);
	return more && !watch->stopped;
}

static bool on_watch_body(void *arg, const char *bytes, size_t len)
{
	struct watch *watch = arg;
	struct error err = ERROR_INIT;
	enum status st;

	enter(watch);
	st = line_splitter_feed(&watch->lines, bytes, len, on_line, watch, &err);
	if (st && !watch->problem.code)
		watch->problem = err;
	return leave(watch) && !st;
}

static void on_watch_head(void *arg)
{
	struct watch *watch = arg;

	enter(watch);
	watch->polls = 0;
	if (watch->state.phase != WATCH_LIVE)
		tell(watch, WATCH_LIVE, 0, NULL);
	leave(watch);
}

/* 410 means that the version is forgotten: list anew, at once the first time. A server that says it
 * to each fresh list, too, is not hammered. */
static void watch_gone(struct watch *watch, const struct error *err)
{
	set_text(&watch->version, NULL);
	watch->gone = watch->heard ? 1 : watch->gone + 1;
	watch->tries = watch->gone - 1;
	if (watch->gone == 1)
		wait_for(watch, 0);
	else
		back_off(watch, -1, err);
}

/* The kind can be listed but not watched. Refused once, it is asked for again after one list: an
 * API server that has just started refuses everybody whose roles it has not read yet. */
static void watch_refused(struct watch *watch, const struct error *err)
{
	int64_t delay_ms = backoff_jitter(POLL_MS);

	if (!watch->polls)
		watch->polls = POLLS_PER_WATCH;
	watch->refusal = *err;
	set_text(&watch->version, NULL);
	wait_and_tell(watch, WATCH_POLLING, delay_ms, err);
}

static void watch_failed(struct watch *watch, int retry_after_s, const struct error *err)
{
	switch (err->code) {
	case STATUS_GONE:
		watch_gone(watch, err);
		break;
	case STATUS_FORBIDDEN:
	case STATUS_NOT_FOUND:
	case STATUS_UNSUPPORTED:
	case STATUS_INVALID:
		watch_refused(watch, err);
		break;
	default:
		back_off(watch, retry_after_s, err);
		break;
	}
}

/* A stream that broke while it was in use is opened again at once; what it missed comes from the
 * last version. A server that ends each watch at once is not hammered. */
static void watch_closed(struct watch *watch, const struct error *err)
{
	bool stalled = err && err->code == STATUS_TIMEOUT;
	bool was_good = watch->heard || stalled ||
			clock_monotonic_ms() - watch->opened_ms >= SHORT_WATCH_MS;
	struct error mine = ERROR_INIT;

	if (!was_good) {
		error_set(&mine, STATUS_UNREACHABLE, "%s: the server ended the watch at once",
			  watch->watch_what);
		/* What breaks each time before a whole line has come tells nothing: a list may. */
		if (watch->tries >= BARREN_MAX)
			set_text(&watch->version, NULL);
		back_off(watch, -1, err ? err : &mine);
		return;
	}
	/* A cluster that was put back from a copy may know an older version than we do: silent for
	 * ever. */
	watch->silent = stalled && !watch->heard ? watch->silent + 1 : 0;
	if (watch->silent >= (watch->spec.silences ? watch->spec.silences : SILENCES)) {
		watch->silent = 0;
		set_text(&watch->version, NULL);
	}
	watch->tries = 0;
	watch->gone = 0;
	wait_for(watch, 0);
	if (err)
		tell(watch, WATCH_LOST, clock_monotonic_ms(), err);
}

static bool is_break(const struct error *err)
{
	return err->code == STATUS_UNREACHABLE || err->code == STATUS_TIMEOUT;
}

static void on_watch_done(void *arg, const struct http_reply *reply, const struct error *err)
{
	struct watch *watch = arg;

	enter(watch);
	watch->request = 0;
	if (err && watch->problem.code && !watch->stopped)
		watch_failed(watch, -1, &watch->problem);
	else if (!watch->stopped && (!err || (reply->status == 200 && is_break(err))))
		watch_closed(watch, err);
	else if (!watch->stopped)
		watch_failed(watch, reply->retry_after_s, err);
	leave(watch);
}

static void start_watch(struct watch *watch)
{
	struct strbuf path = STRBUF_INIT, seconds = STRBUF_INIT;
	struct client_stream stream = { .what = watch->watch_what,
					.stall_ms = watch->spec.stall_ms ? watch->spec.stall_ms
									 : STALL_MS,
					.head = on_watch_head,
					.body = on_watch_body,
					.done = on_watch_done,
					.arg = watch };

	strbuf_addf(&seconds, "%d", (int)backoff_jitter(WATCH_SECONDS));
	add_path(watch, &path);
	strbuf_query(&path, "watch", "1");
	strbuf_query(&path, "resourceVersion", watch->version);
	strbuf_query(&path, "allowWatchBookmarks", "true");
	strbuf_query(&path, "timeoutSeconds", seconds.buf);
	stream.path = path.buf;
	line_splitter_done(&watch->lines);
	line_splitter_init(&watch->lines, ITEM_CEILING);
	watch->problem = (struct error)ERROR_INIT;
	watch->listing = false;
	watch->heard = false;
	watch->opened_ms = clock_monotonic_ms();
	watch->request = client_stream(watch->client, &stream);
	strbuf_done(&path);
	strbuf_done(&seconds);
}

static void go_on(void *arg)
{
	struct watch *watch = arg;

	enter(watch);
	watch->timer = 0;
	if (watch->version)
		start_watch(watch);
	else
		start_list(watch);
	leave(watch);
}

/* ---- from outside ---- */

static char *sentence(const char *verb, const char *what)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s %s", verb, what);
	return strbuf_detach(&text);
}

struct watch *watch_start(struct client *client, const struct watch_spec *spec)
{
	struct watch *watch = mem_alloc(sizeof(*watch));

	watch->client = client;
	watch->transport = client_transport(client);
	watch->spec = *spec;
	watch->namespace = mem_text(spec->namespace);
	watch->label_selector = spec->label_selector ? mem_text(spec->label_selector) : NULL;
	watch->what = mem_text(spec->what);
	watch->list_what = sentence("list", spec->what);
	watch->watch_what = sentence("watch", spec->what);
	watch->group = mem_text(spec->kind.group);
	watch->version_of_kind = mem_text(spec->kind.version);
	watch->plural = mem_text(spec->kind.plural);
	list_splitter_init(&watch->items, ITEM_CEILING);
	line_splitter_init(&watch->lines, ITEM_CEILING);
	wait_for(watch, 0);
	return watch;
}

static void give_up_request(struct watch *watch)
{
	client_cancel(watch->client, watch->request);
	watch->request = 0;
}

void watch_stop(struct watch *watch)
{
	if (!watch)
		return;
	give_up_request(watch);
	transport_cancel_timer(watch->transport, watch->timer);
	watch->timer = 0;
	watch->stopped = true;
	if (!watch->busy)
		watch_free(watch);
}

void watch_retry_now(struct watch *watch)
{
	if (watch->request && watch->listing)
		return;
	watch->tries = 0;
	give_up_request(watch);
	wait_for(watch, 0);
}
