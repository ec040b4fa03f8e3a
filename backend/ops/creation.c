#include "backend/ops/creation.h"

#include "backend/base/log.h"
#include "backend/kots/labels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define NAME_TRIES	5
#define SEND_TRIES	3
#define LOOKUP_TRIES	12
#define FIRST_WAIT_MS	1000
#define LONGEST_WAIT_MS 15000

struct creation {
	struct creation_spec spec;
	char *namespace, *what;
	char id[CREATION_ID_LEN + 1];
	uint64_t call, timer;
	int names, sends, lookups;
	struct error lost; /* why the last answer did not come */
};

static void send(struct creation *creation);
static void look_up(struct creation *creation);

void creation_make_id(char *ret_id)
{
	unsigned char bytes[CREATION_ID_LEN / 2];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		die("the kernel gives no random numbers");
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(ret_id + 2 * i, 3, "%02x", bytes[i]);
}

bool creation_answer_was_lost(const struct error *err)
{
	if (err->http == 429)
		return false;
	return err->http >= 500 || err->code == STATUS_TIMEOUT || err->code == STATUS_UNREACHABLE ||
	       err->code == STATUS_PROTOCOL || err->code == STATUS_BUSY;
}

static bool says_nothing(const struct json *value)
{
	switch (json_type(value)) {
	case JSON_TEXT:
		return !*json_value(value) || !strcmp(json_value(value), "0s");
	case JSON_LIST:
	case JSON_MAP:
		return !json_count(value);
	case JSON_BOOL:
		return !json_bool(value, "", false);
	default:
		return json_type(value) != JSON_NUMBER;
	}
}

void creation_add_dropped(struct strbuf *out, const struct json *sent, const struct json *made)
{
	const struct json *field = json_first(json_key(sent, "spec"));

	/* An answer without a spec says nothing of it. */
	if (json_type(json_key(made, "spec")) != JSON_MAP)
		return;
	for (; field; field = json_next(field))
		if (!says_nothing(field) && !json_key(json_key(made, "spec"), json_name(field)))
			strbuf_addf(out, "%sspec.%s", out->len ? ", " : "", json_name(field));
}

static void say(struct creation *creation, const char *words)
{
	if (creation->spec.step)
		creation->spec.step(creation->spec.arg, words);
}

static void look_up_now(void *arg)
{
	struct creation *creation = arg;

	creation->timer = 0;
	look_up(creation);
}

static void send_now(void *arg)
{
	struct creation *creation = arg;

	creation->timer = 0;
	send(creation);
}

static void later(struct creation *creation, int tries, void (*fire)(void *arg))
{
	int64_t wait_ms = FIRST_WAIT_MS;

	while (--tries > 0 && wait_ms < LONGEST_WAIT_MS)
		wait_ms *= 2;
	creation->timer = transport_after(creation->spec.transport,
					  wait_ms < LONGEST_WAIT_MS ? wait_ms : LONGEST_WAIT_MS,
					  fire, creation);
}

static void looked_up(void *arg, const struct json *reply, const struct error *err)
{
	struct creation *creation = arg;
	const struct json *found = json_first(json_get(reply, "items"));

	creation->call = 0;
	if (found) {
		creation->spec.done(creation->spec.arg, found, NULL);
	} else if (!err && creation->sends < SEND_TRIES) {
		send(creation);
	} else if (!err || creation->lookups >= LOOKUP_TRIES || !creation_answer_was_lost(err)) {
		struct error last = err ? *err : creation->lost;

		error_hint(&last,
			   "The answer was lost: look whether it was made before you ask again.");
		creation->spec.done(creation->spec.arg, NULL, &last);
	} else {
		later(creation, creation->lookups, look_up_now);
	}
}

static void look_up(struct creation *creation)
{
	struct strbuf path = STRBUF_INIT, selector = STRBUF_INIT;
	struct client_call call = { .what = creation->what };

	creation->lookups++;
	say(creation, "the answer was lost; looking for it in the cluster");
	strbuf_addf(&selector, "%s=%s", KOTSNAP_REQUEST, creation->id);
	client_add_path(&path, creation->spec.kind, creation->namespace, NULL);
	strbuf_query(&path, "labelSelector", selector.buf);
	call.path = path.buf;
	creation->call = client_call(creation->spec.client, &call, looked_up, creation);
	strbuf_done(&path);
	strbuf_done(&selector);
}

static bool name_was_taken(const struct creation *creation, const struct error *err)
{
	return err->http == 409 && *json_text(creation->spec.body, "metadata.generateName");
}

static void sent(void *arg, const struct json *reply, const struct error *err)
{
	struct creation *creation = arg;

	creation->call = 0;
	if (!err) {
		creation->spec.done(creation->spec.arg, reply, NULL);
		return;
	}
	log_line("op", "%s", err->text);
	if (creation_answer_was_lost(err)) {
		creation->lost = *err;
		later(creation, 1, look_up_now);
	} else if (name_was_taken(creation, err) && creation->names < NAME_TRIES) {
		creation->sends--;
		creation->names++;
		send(creation);
	} else if (err->http == 429 && creation->sends < SEND_TRIES) {
		later(creation, creation->sends, send_now);
	} else {
		creation->spec.done(creation->spec.arg, NULL, err);
	}
}

static void send(struct creation *creation)
{
	struct strbuf path = STRBUF_INIT;
	struct client_call call = { .method = "POST",
				    .body = creation->spec.body,
				    .what = creation->what };

	creation->sends++;
	client_add_path(&path, creation->spec.kind, creation->namespace, NULL);
	call.path = path.buf;
	creation->call = client_call(creation->spec.client, &call, sent, creation);
	strbuf_done(&path);
}

struct creation *creation_start(const struct creation_spec *spec)
{
	struct creation *creation = mem_alloc(sizeof(*creation));
	struct json *metadata = json_key_mut(spec->body, "metadata");

	creation->spec = *spec;
	creation->namespace = mem_text(spec->namespace);
	creation->what = mem_text(spec->what);
	snprintf(creation->id, sizeof(creation->id), "%s", spec->id);
	if (metadata && !json_key(metadata, "labels"))
		json_put(metadata, "labels", json_new_map());
	if (metadata)
		json_put_text(json_key_mut(metadata, "labels"), KOTSNAP_REQUEST, creation->id);
	send(creation);
	return creation;
}

void creation_free(struct creation *creation)
{
	if (!creation)
		return;
	if (creation->call)
		client_cancel(creation->spec.client, creation->call);
	if (creation->timer)
		transport_cancel_timer(creation->spec.transport, creation->timer);
	json_free(creation->spec.body);
	free(creation->namespace);
	free(creation->what);
	free(creation);
}
