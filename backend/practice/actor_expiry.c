/* Garbage collection (spec/velero-api.md 9): a backup whose expiration passed gets a request to
 * delete it. */
#include "backend/base/clock.h"
#include "backend/practice/actors.h"

#include <string.h>

#define REQUESTS  "deletebackuprequests.velero.io"
#define BACKUPS	  "backups.velero.io"
#define FAILURE	  "metadata.labels.[velero.io/gc-failure]"
#define PERIOD_MS 60000 /* the real one looks once an hour */

/* Why it cannot be collected, as the value of the label; "" when it can. */
static const char *obstacle(const struct json *location)
{
	if (!location)
		return "BSLNotFound";
	if (strcmp(json_text(location, "spec.accessMode"), "ReadOnly") == 0)
		return "BSLReadOnly";
	return strcmp(object_phase(location), "Available") == 0 ? "" : "BSLUnavailable";
}

static bool is_requested(struct world *world, const struct json *backup)
{
	struct json *list = world_list(world, REQUESTS, VELERO_NAMESPACE, "");
	const struct json *request;
	bool requested = false;

	for (request = json_first(list); request; request = json_next(request)) {
		requested = requested || (strcmp(json_text(request, "spec.backupName"),
						 object_name(backup)) == 0 &&
					  strcmp(object_phase(request), "Processed") != 0);
	}
	json_free(list);
	return requested;
}

static void request_deletion(struct world *world, const struct json *backup)
{
	struct json *request = json_new_map();
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s-", object_name(backup));
	json_put_path(request, "metadata.generateName", json_new_text(text.buf));
	json_put_path(request, "metadata.namespace", json_new_text(VELERO_NAMESPACE));
	strbuf_reset(&text);
	world_add_label_value(&text, object_name(backup));
	json_put_path(request, "metadata.labels.[velero.io/backup-name]", json_new_text(text.buf));
	json_put_path(request, "metadata.labels.[velero.io/backup-uid]",
		      json_new_text(object_uid(backup)));
	json_put_path(request, "spec.backupName", json_new_text(object_name(backup)));
	json_free(world_create(world, REQUESTS, request, NULL));
	strbuf_done(&text);
}

static void collect(struct world *world, const struct json *backup)
{
	struct json *location =
		world_get(world, "backupstoragelocations.velero.io", VELERO_NAMESPACE,
			  json_text(backup, "spec.storageLocation"));
	const char *why = obstacle(location), *told = object_label(backup, "velero.io/gc-failure");

	if (strcmp(why, told) != 0)
		world_put(world, BACKUPS, backup, FAILURE,
			  *why ? json_new_text(why) : json_new_null());
	/* A failed deletion leaves Deleting behind; the next period tries again. */
	if (!*why && !is_requested(world, backup))
		request_deletion(world, backup);
	json_free(location);
}

static int step(struct world *world)
{
	struct json *list = world_list(world, BACKUPS, VELERO_NAMESPACE, "");
	const struct json *backup;
	int64_t expiration, left, next = PERIOD_MS / 1000;

	for (backup = json_first(list); backup; backup = json_next(backup)) {
		expiration = clock_parse_rfc3339(json_text(backup, "status.expiration"));
		left = expiration - clock_now();
		if (expiration > 0 && left < 0)
			collect(world, backup);
		if (expiration > 0 && left < next)
			next = left > 0 ? left : 1;
	}
	json_free(list);
	return world->fast ? (int)next * 1000 : PERIOD_MS;
}

static const char *const wakes[] = { BACKUPS, NULL };

const struct actor actor_expiry = { "expiry", true, NULL, step, wakes };
