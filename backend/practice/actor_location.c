/* Backup storage locations: validated about each minute, and what their stores hold but the cluster
 * does not know becomes Backups again (spec/velero-api.md 2.6, 3.10, 5). */
#include "backend/base/clock.h"
#include "backend/base/sha256.h"
#include "backend/practice/actors.h"
#include "backend/practice/folder.h"
#include "backend/practice/location_sync.h"
#include "backend/practice/store.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define LOCATIONS "backupstoragelocations.velero.io"
#define JUDGED	  "practice.kotsnap.io/judged"

/* ---- is it well? ---- */

static bool belongs_to_velero(const char *name)
{
	static const char *const known[] = { "backups", "restores", "restic",
					     "kopia",	"metadata", "plugins" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (strcmp(known[i], name) == 0)
			return true;
	}
	return name[0] == '.';
}

/* Top-level folders that are not Velero's: "[foreign other]". */
static void add_foreign(const char *root, struct strbuf *out)
{
	struct strbuf path = STRBUF_INIT;
	const struct dirent *entry;
	DIR *dir = opendir(root);

	while (dir && (entry = readdir(dir))) {
		strbuf_reset(&path);
		strbuf_addf(&path, "%s/%s", root, entry->d_name);
		if (!belongs_to_velero(entry->d_name) && folder_exists(path.buf))
			strbuf_addf(out, "%s%s", out->len > 0 ? " " : "", entry->d_name);
	}
	if (dir)
		closedir(dir);
	strbuf_done(&path);
}

static bool is_known_key(const char *key)
{
	static const char *const known[] = { "region",
					     "s3Url",
					     "publicUrl",
					     "s3ForcePathStyle",
					     "insecureSkipTLSVerify",
					     "profile",
					     "kmsKeyId",
					     "serverSideEncryption",
					     "signatureVersion",
					     "enableSharedConfig",
					     "tagging",
					     "checksumAlgorithm",
					     "customerKeyEncryptionFile",
					     "customerKeyEncryptionSecret" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (strcmp(known[i], key) == 0)
			return true;
	}
	return false;
}

/* Appends what is wrong with the location; nothing when it is Available. */
static void add_problem(struct world *world, const struct json *location, struct strbuf *out)
{
	const struct json *key = json_first(json_get(location, "spec.config"));
	const char *provider = json_text(location, "spec.provider");
	struct strbuf root = STRBUF_INIT, foreign = STRBUF_INIT;

	store_add_root(world, location, &root);
	while (key && is_known_key(json_name(key)))
		key = json_next(key);
	if (strcmp(provider, "aws") != 0 && strcmp(provider, "velero.io/aws") != 0)
		strbuf_addf(out, "unable to locate ObjectStore plugin named velero.io/%s",
			    provider);
	else if (key)
		strbuf_addf(out, "rpc error: code = Unknown desc = config has invalid keys [%s]",
			    json_name(key));
	else if (!folder_exists(root.buf))
		strbuf_addf(
			out,
			"rpc error: code = Unknown desc = operation error S3: ListObjectsV2, https "
			"response "
			"error StatusCode: 404, NoSuchBucket: The specified bucket does not exist");
	else
		add_foreign(root.buf, &foreign);
	if (foreign.len > 0)
		strbuf_addf(out, "Backup store contains invalid top-level directories: [%s]",
			    foreign.buf);
	strbuf_done(&root);
	strbuf_done(&foreign);
}

static void validate(struct world *world, const struct json *location, const char *hash)
{
	struct json *patch = json_new_map();
	struct strbuf problem = STRBUF_INIT, message = STRBUF_INIT;

	add_problem(world, location, &problem);
	json_put_path(patch, "metadata.annotations.[" JUDGED "]", json_new_text(hash));
	json_put_path(patch, "status.lastValidationTime", world_time(clock_now()));
	json_put_path(patch, "status.phase",
		      json_new_text(problem.len > 0 ? "Unavailable" : "Available"));
	if (problem.len > 0) {
		strbuf_addf(&message, "BackupStorageLocation \"%s\" is unavailable: %s",
			    object_name(location), problem.buf);
		json_put_path(patch, "status.message", json_new_text(message.buf));
	} else {
		json_put_path(patch, "status.message", json_new_null());
	}
	json_free(world_patch(world, LOCATIONS, location, patch));
	strbuf_done(&problem);
	strbuf_done(&message);
}

/* ---- when? ---- */

/* Seconds of a period in the spec; absent or negative: a minute; "0s": never (0). */
static int64_t period_of(const struct world *world, const struct json *location, const char *path)
{
	const char *text = json_text(location, path);
	int64_t ms;

	if (!*text || clock_parse_duration(text, &ms, NULL) || ms < 0)
		return world_minute(world);
	return ms / 1000;
}

static bool is_due(const struct json *location, const char *path, int64_t period)
{
	int64_t last = clock_parse_rfc3339(json_text(location, path));

	return last == 0 || (period > 0 && clock_now() - last >= period);
}

/* A change is looked at within a moment: the hash of the spec that was last judged stands in an
 * annotation of ours. */
static bool has_changed(const struct json *location, char ret_hash[SHA256_HEX])
{
	struct strbuf text = STRBUF_INIT;

	json_print(json_key(location, "spec"), &text);
	sha256_hex(text.buf, text.len, ret_hash);
	strbuf_done(&text);
	ret_hash[16] = '\0';
	return strcmp(object_annotation(location, JUDGED), ret_hash) != 0;
}

/* Of several defaults the newest stays (Velero 1.13 and later). */
static void keep_one_default(struct world *world, const struct json *list)
{
	const struct json *location, *newest = NULL;

	for (location = json_first(list); location; location = json_next(location)) {
		if (json_bool(location, "spec.default", false) &&
		    (!newest || object_created(location) >= object_created(newest)))
			newest = location;
	}
	for (location = json_first(list); location; location = json_next(location)) {
		if (location != newest && json_bool(location, "spec.default", false))
			world_put(world, LOCATIONS, location, "spec.default", json_new_bool(false));
	}
}

static int step(struct world *world)
{
	struct json *list = world_list(world, LOCATIONS, VELERO_NAMESPACE, "");
	const struct json *location;
	char hash[SHA256_HEX];

	keep_one_default(world, list);
	for (location = json_first(list); location; location = json_next(location)) {
		if (has_changed(location, hash) ||
		    is_due(location, "status.lastValidationTime",
			   period_of(world, location, "spec.validationFrequency")))
			validate(world, location, hash);
		if (strcmp(object_phase(location), "Available") == 0 &&
		    is_due(location, "status.lastSyncedTime",
			   period_of(world, location, "spec.backupSyncPeriod"))) {
			location_sync(world, location);
			world_put(world, LOCATIONS, location, "status.lastSyncedTime",
				  world_time(clock_now()));
		}
	}
	json_free(list);
	return world->fast ? 300 : 1000;
}

const struct actor actor_location = { "location", true, NULL, step, NULL };
