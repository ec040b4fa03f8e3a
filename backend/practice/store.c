#include "backend/practice/store.h"

#include "backend/base/clock.h"
#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "backend/practice/deflate.h"
#include "backend/practice/folder.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define ARTEFACT_CEILING (64 * 1024 * 1024)
#define URL_LIFE_S	 600

/* kind of a DownloadRequest's target; before and after the name, below backups/NAME/ or
 * restores/NAME/ */
static const struct artefact {
	const char *kind, *before, *after;
	bool restore;
} artefacts[] = {
	{ "BackupLog", "", "-logs.gz", false },
	{ "BackupContents", "", ".tar.gz", false },
	{ "BackupVolumeSnapshots", "", "-volumesnapshots.json.gz", false },
	{ "BackupItemOperations", "", "-itemoperations.json.gz", false },
	{ "BackupResourceList", "", "-resource-list.json.gz", false },
	{ "BackupResults", "", "-results.gz", false },
	{ "BackupVolumeInfos", "", "-volumeinfo.json.gz", false },
	{ "CSIBackupVolumeSnapshots", "", "-csi-volumesnapshots.json.gz", false },
	{ "CSIBackupVolumeSnapshotContents", "", "-csi-volumesnapshotcontents.json.gz", false },
	{ "RestoreLog", "restore-", "-logs.gz", true },
	{ "RestoreResults", "restore-", "-results.gz", true },
	{ "RestoreResourceList", "restore-", "-resource-list.json.gz", true },
	{ "RestoreItemOperations", "restore-", "-itemoperations.json.gz", true },
	{ "RestoreVolumeInfo", "", "-volumeinfo.json.gz", true },
};

static const struct artefact *artefact_of(const char *kind)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(artefacts); i++) {
		if (strcmp(artefacts[i].kind, kind) == 0)
			return &artefacts[i];
	}
	return NULL;
}

bool store_add_artefact(const char *target_kind, const char *name, struct strbuf *out)
{
	const struct artefact *artefact = artefact_of(target_kind);

	if (!artefact)
		return false;
	strbuf_addf(out, "%s/%s/%s%s%s", artefact->restore ? "restores" : "backups", name,
		    artefact->before, name, artefact->after);
	return true;
}

bool store_kind_is_restore(const char *target_kind)
{
	const struct artefact *artefact = artefact_of(target_kind);

	return artefact && artefact->restore;
}

/* "BUCKET/" or "BUCKET/PREFIX/". */
static void add_bucket(const struct json *location, struct strbuf *out)
{
	const char *prefix = json_text(location, "spec.objectStorage.prefix");
	size_t len;

	strbuf_addf(out, "%s/", json_text(location, "spec.objectStorage.bucket"));
	prefix += strspn(prefix, "/");
	for (len = strlen(prefix); len > 0 && prefix[len - 1] == '/';)
		len--;
	strbuf_add(out, prefix, len);
	if (len > 0)
		strbuf_addc(out, '/');
}

void store_add_root(const struct world *world, const struct json *location, struct strbuf *out)
{
	world_add_path(world, out, "store/");
	add_bucket(location, out);
	strbuf_cut(out, out->len - 1);
}

enum status store_write(const char *root, const char *name, const struct strbuf *bytes,
			struct error *err)
{
	struct strbuf path = STRBUF_INIT, packed = STRBUF_INIT;
	const char *slash = strrchr(name, '/');
	enum status st = STATUS_OK;

	if (!folder_exists(root)) {
		strbuf_done(&path);
		return error_set(
			err, STATUS_NOT_FOUND,
			"operation error S3: PutObject, https response error StatusCode: 404, "
			"NoSuchBucket: The specified bucket does not exist");
	}
	strbuf_addf(&path, "%s/%.*s", root, slash ? (int)(slash - name) : 0, name);
	st = file_make_dirs(path.buf, 0700, err);
	strbuf_reset(&path);
	strbuf_addf(&path, "%s/%s", root, name);
	if (!st && text_ends(name, "gz")) {
		strbuf_add(&packed, bytes->buf, bytes->len);
		deflate_text(&packed);
		st = file_replace(path.buf, packed.buf, packed.len, 0600, err);
	} else if (!st) {
		st = file_replace(path.buf, bytes->buf, bytes->len, 0600, err);
	}
	strbuf_done(&path);
	strbuf_done(&packed);
	return st;
}

enum status store_write_json(const char *root, const char *name, const struct json *content,
			     struct error *err)
{
	struct strbuf text = STRBUF_INIT;
	enum status st;

	json_print(content, &text);
	st = store_write(root, name, &text, err);
	strbuf_done(&text);
	return st;
}

enum status store_read(const char *root, const char *name, struct strbuf *ret_bytes,
		       struct error *err)
{
	struct strbuf path = STRBUF_INIT, packed = STRBUF_INIT;
	enum status st;

	strbuf_addf(&path, "%s/%s", root, name);
	if (text_ends(name, "gz")) {
		st = file_read(path.buf, ARTEFACT_CEILING, &packed, err);
		if (!st)
			st = deflate_undo(packed.buf, packed.len, ARTEFACT_CEILING, ret_bytes, err);
	} else {
		st = file_read(path.buf, ARTEFACT_CEILING, ret_bytes, err);
	}
	strbuf_done(&path);
	strbuf_done(&packed);
	return st;
}

struct json *store_read_json(const char *root, const char *name, struct error *err)
{
	struct strbuf text = STRBUF_INIT;
	struct json *content = NULL;

	if (!store_read(root, name, &text, err))
		content = json_parse(text.buf, text.len, err);
	strbuf_done(&text);
	return content;
}

bool store_has(const char *root, const char *name)
{
	struct strbuf path = STRBUF_INIT;
	struct stat info;
	bool there;

	strbuf_addf(&path, "%s/%s", root, name);
	there = stat(path.buf, &info) == 0;
	strbuf_done(&path);
	return there;
}

/* ---- signed addresses ---- */

/* "20261122T235116Z", the form AWS signs; its first eight characters are the day. */
static void add_stamp(struct strbuf *out, int64_t unix_s)
{
	time_t when = (time_t)unix_s;
	char text[32];
	struct tm parts;

	gmtime_r(&when, &parts);
	if (strftime(text, sizeof(text), "%Y%m%dT%H%M%SZ", &parts) > 0)
		strbuf_adds(out, text);
}

static void sign(const struct world *world, const char *path, const char *date,
		 char ret_hex[SHA256_HEX])
{
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%016" PRIx64 "\nGET\n%s\n%s\n%016" PRIx64, world->signing_key, path,
		    date, world->signing_key);
	sha256_hex(text.buf, text.len, ret_hex);
	strbuf_done(&text);
}

void store_add_url(const struct world *world, const struct json *location, const char *name,
		   struct strbuf *out)
{
	struct strbuf path = STRBUF_INIT, date = STRBUF_INIT, credential = STRBUF_INIT;
	char hex[SHA256_HEX];

	strbuf_addc(&path, '/');
	add_bucket(location, &path);
	strbuf_adds(&path, name);
	add_stamp(&date, clock_now());
	strbuf_addf(&credential, "practice/%.8s/us-east-1/s3/aws4_request", date.buf);
	sign(world, path.buf, date.buf, hex);
	strbuf_addf(out, "http://127.0.0.1:%d%s", world->port, path.buf);
	strbuf_adds(out, "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=");
	strbuf_add_encoded(out, credential.buf);
	strbuf_addf(out, "&X-Amz-Date=%s&X-Amz-Expires=%d&X-Amz-SignedHeaders=host&x-id=GetObject",
		    date.buf, URL_LIFE_S);
	strbuf_addf(out, "&X-Amz-Signature=%s", hex);
	strbuf_done(&path);
	strbuf_done(&date);
	strbuf_done(&credential);
}

static void refuse(struct route_reply *reply, int status, const char *code, const char *message)
{
	struct strbuf body = STRBUF_INIT;

	strbuf_addf(&body,
		    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		    "<Error><Code>%s</Code><Message>%s</Message></Error>",
		    code, message);
	route_reply_text(reply, status, "application/xml", body.buf);
	strbuf_done(&body);
}

/* 0 when it is none. */
static int64_t read_stamp(const char *text)
{
	struct tm parts = { 0 };
	const char *end = strptime(text, "%Y%m%dT%H%M%SZ", &parts);

	return end && !*end ? (int64_t)timegm(&parts) : 0;
}

/* The first part of the path is a bucket of ours; nothing climbs out of it. */
static bool is_ours(const struct world *world, const char *path)
{
	struct strbuf bucket = STRBUF_INIT;
	bool ours = false;

	if (path[0] == '/' && path[1] && !strstr(path, "/..") && path[1] != '.') {
		world_add_path(world, &bucket, "store/%.*s", (int)strcspn(path + 1, "/"), path + 1);
		ours = folder_exists(bucket.buf) && strchr(path + 1, '/');
	}
	strbuf_done(&bucket);
	return ours;
}

static void answer_file(struct route_reply *reply, const char *path)
{
	route_reply_text(reply, 200, "application/octet-stream", "");
	reply->file_path = mem_text(path);
}

bool store_answer(void *arg, const struct server_request *request, struct route_reply *ret_reply)
{
	const struct world *world = arg;
	const char *date = request_param(request, "X-Amz-Date");
	struct strbuf path = STRBUF_INIT;
	char hex[SHA256_HEX];
	struct stat info;

	if (!is_ours(world, request->path))
		return false;
	sign(world, request->path, date, hex);
	world_add_path(world, &path, "store%s", request->path);
	if (!request_has_param(request, "X-Amz-Signature"))
		refuse(ret_reply, 403, "AccessDenied", "Access Denied.");
	else if (strcmp(request->method, "GET") != 0 ||
		 strcmp(request_param(request, "X-Amz-Signature"), hex) != 0)
		refuse(ret_reply, 403, "SignatureDoesNotMatch",
		       "The request signature we calculated does not match the signature you "
		       "provided. "
		       "Check your key and signing method.");
	else if (read_stamp(date) + URL_LIFE_S < clock_now())
		refuse(ret_reply, 403, "AccessDenied", "Request has expired.");
	else if (stat(path.buf, &info) < 0 || !S_ISREG(info.st_mode))
		refuse(ret_reply, 404, "NoSuchKey", "The specified key does not exist.");
	else
		answer_file(ret_reply, path.buf);
	strbuf_done(&path);
	return true;
}
