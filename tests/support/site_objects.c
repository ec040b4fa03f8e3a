#include "tests/support/site_objects.h"

#include "backend/base/clock.h"
#include "backend/velero/location.h"
#include "tests/support/site.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define GIB (INT64_C(1) << 30)
#define MIB (INT64_C(1) << 20)
#define DAY INT64_C(86400)

static const struct object *decode(enum collection which, const struct json *json,
				   struct error *err)
{
	switch (which) {
	case COLLECTION_BACKUPS:
		return (const struct object *)backup_decode(json, err);
	case COLLECTION_POD_VOLUME_BACKUPS:
	case COLLECTION_POD_VOLUME_RESTORES:
		return (const struct object *)podvolume_decode(json, err);
	case COLLECTION_RESTORES:
		return (const struct object *)restore_decode(json, err);
	case COLLECTION_LOCATIONS:
		return (const struct object *)location_decode(json, err);
	case COLLECTION_REPOSITORIES:
		return (const struct object *)repository_decode(json, err);
	case COLLECTION_SCHEDULES:
		return (const struct object *)schedule_decode(json, err);
	case COLLECTION_DELETE_REQUESTS:
		return (const struct object *)delete_request_decode(json, err);
	case COLLECTIONS:
		break;
	}
	return NULL;
}

void site_add(struct site_objects *objects, enum collection which, const char *fmt, ...)
{
	struct strbuf text = STRBUF_INIT;
	struct error err = ERROR_INIT;
	const struct object *object;
	struct json *json;
	va_list args;

	va_start(args, fmt);
	strbuf_vaddf(&text, fmt, args);
	va_end(args);
	json = json_parse(text.buf, text.len, &err);
	object = json ? decode(which, json, &err) : NULL;
	if (!object)
		die("the story of the tests is wrong: %s in %s", err.text, text.buf);
	list_edit_put(objects->edits[which], object);
	json_free(json);
	strbuf_done(&text);
}

static void add_time(struct strbuf *out, const char *key, int64_t at)
{
	if (at == 0)
		return;
	strbuf_addf(out, ",\"%s\":\"", key);
	clock_add_rfc3339(out, at);
	strbuf_addc(out, '"');
}

/* One snapshot as the frames of the design show it. */
struct story_row {
	const char *name;
	char kind; /* f, p, o */
	const char *phase;
	int64_t began; /* seconds before SITE_NOW */
	int took_min;
	double gib;
	int errors, warnings;
	int analytics_sequence;
	const char *analytics_version;
};

#define AGO(day_nov, hour, minute)                                                                 \
	(SITE_NOW - (INT64_C(1793487600) + ((day_nov)-1) * DAY + (hour)*3600 + (minute)*60))

/* clang-format off */
static const struct story_row story[] = {
	{ "instance-x7k2p",       'f', "InProgress",       AGO(21,  2,  0), 0,  167, 0, 0, 42, "3.8.1" },
	{ "acme-analytics-b9d4m", 'p', "Completed",        AGO(20, 13,  0), 38, 147, 0, 0, 42, "3.8.1" },
	{ "instance-m4h8t",       'f', "Completed",        AGO(20,  2,  0), 44, 167, 0, 2, 42, "3.8.1" },
	{ "acme-analytics-w2c7x", 'p', "Completed",        AGO(19, 13,  0), 38, 146, 0, 0, 42, "3.8.1" },
	{ "instance-hq9zc",       'f', "Completed",        AGO(19,  2,  0), 45, 166, 0, 2, 42, "3.8.1" },
	{ "before-the-upgrade-to-3.8", 'o', "Completed",   AGO(18, 22, 41), 31, 112, 0, 0, -1, "" },
	{ "acme-analytics-5nq8z", 'p', "Completed",        AGO(18, 13,  0), 38, 146, 0, 0, 41, "3.8.0" },
	{ "instance-t8n4v",       'f', "Completed",        AGO(18,  2,  0), 42, 166, 0, 2, 41, "3.8.0" },
	{ "acme-gateway-q4x6k",   'p', "FailedValidation", AGO(17, 16, 20), 0,  0,   1, 0, -1, "" },
	{ "acme-analytics-c6x2w", 'p', "Completed",        AGO(17, 13,  0), 38, 146, 0, 0, 41, "3.8.0" },
	{ "instance-d2w9p",       'f', "Deleting",         AGO(17,  2,  0), 47, 165, 0, 2, 41, "3.8.0" },
	{ "acme-analytics-z8k4c", 'p', "Completed",        AGO(16, 13,  0), 37, 146, 0, 0, 41, "3.8.0" },
	{ "instance-4vt9r",       'f', "Completed",        AGO(16,  2,  0), 41, 165, 0, 2, 41, "3.8.0" },
	{ "instance-c7m2q",       'f', "Deleting",         AGO(15,  2,  0), 43, 165, 0, 2, 41, "3.8.0" },
	{ "instance-w9k7g",       'f', "Completed",        AGO(14,  2,  0), 44, 165, 0, 2, 41, "3.8.0" },
	{ "acme-analytics-d4p8x", 'p', "Completed",        AGO(13, 13,  0), 38, 145, 0, 0, 41, "3.8.0" },
	{ "instance-2hb6t",       'f', "Completed",        AGO(13,  2,  0), 45, 164, 0, 2, 41, "3.8.0" },
	{ "acme-analytics-r5g9m", 'p', "Completed",        AGO(12, 13,  0), 38, 144, 0, 0, 41, "3.8.0" },
	{ "instance-k6r2w",       'f', "PartiallyFailed",  AGO(12,  2,  0), 43, 164, 1, 2, 41, "3.8.0" },
	{ "acme-analytics-v7w4q", 'p', "Completed",        AGO(11, 13,  0), 38, 144, 0, 9, 41, "3.8.0" },
	{ "instance-6nx8b",       'f', "Completed",        AGO(11,  2,  0), 44, 164, 0, 2, 41, "3.8.0" },
	{ "acme-analytics-k2t5h", 'p', "Completed",        AGO(10, 13,  0), 37, 144, 0, 0, 41, "3.8.0" },
	{ "instance-p9c4z",       'f', "Completed",        AGO(10,  2,  0), 43, 164, 0, 2, 41, "3.8.0" },
	{ "acme-analytics-h8v6n", 'p', "Completed",        AGO( 9, 13,  0), 38, 144, 0, 0, 41, "3.8.0" },
	{ "instance-q5d7k",       'f', "Completed",        AGO( 9,  2,  0), 42, 164, 0, 2, 41, "3.8.0" },
	{ "instance-g2m6x",       'f', "Completed",        AGO( 8,  2,  0), 44, 164, 0, 2, 41, "3.8.0" },
	{ "instance-t4h8c",       'f', "Completed",        AGO( 7,  2,  0), 44, 164, 0, 2, 40, "3.7.2" },
	{ "instance-9wq5v",       'f', "Completed",        AGO( 6,  2,  0), 44, 164, 0, 2, 40, "3.7.2" },
	{ "instance-c8r2d",       'f', "Completed",        AGO( 5,  2,  0), 43, 163, 0, 2, 40, "3.7.2" },
	{ "instance-m7k9t",       'f', "Completed",        AGO( 4,  2,  0), 44, 163, 0, 2, 40, "3.7.2" },
	{ "instance-b3f6w",       'f', "Completed",        AGO( 3,  2,  0), 43, 163, 0, 2, 40, "3.7.2" },
	{ "instance-n8d2k",       'f', "Completed",        AGO( 2,  2,  0), 43, 163, 0, 2, 40, "3.7.2" },
	{ "instance-v5r7c",       'f', "Completed",        AGO( 1,  2,  0), 42, 163, 0, 2, 40, "3.7.2" },
	{ "instance-z6q4h",       'f', "Completed",        AGO( 0,  2,  0), 42, 162, 0, 2, 40, "3.7.2" },
	{ "instance-j9w3t",       'f', "Completed",        AGO(-1,  2,  0), 42, 162, 0, 2, 40, "3.7.2" },
	{ "instance-f2x8p",       'f', "Completed",        AGO(-2,  2,  0), 41, 162, 0, 2, 40, "3.7.2" },
	{ "instance-k7n5d",       'f', "Completed",        AGO(-3,  2,  0), 42, 162, 0, 2, 40, "3.7.2" },
	{ "instance-h4c9r",       'f', "Completed",        AGO(-4,  2,  0), 41, 162, 0, 2, 40, "3.7.2" },
	{ "instance-p6t2w",       'f', "Completed",        AGO(-5,  2,  0), 42, 161, 0, 2, 40, "3.7.2" },
	{ "instance-d8k3v",       'f', "Completed",        AGO(-6,  2,  0), 41, 161, 0, 2, 40, "3.7.2" },
	{ "instance-x5m7q",       'f', "Completed",        AGO(-7,  2,  0), 41, 161, 0, 2, 40, "3.7.2" },
	{ "instance-r9b4f",       'f', "Completed",        AGO(-8,  2,  0), 41, 161, 0, 2, 40, "3.7.2" },
	{ "instance-w3h6n",       'f', "Completed",        AGO(-9,  2,  0), 41, 161, 0, 2, 40, "3.7.2" },
};

/* The volumes of a full snapshot: what each had in the one of 20 Nov, and how far the running one is. */
static const struct story_volume {
	const char *namespace, *pod, *volume, *node;
	double gib, running;
	int took_s, waits_s;
	bool analytics;
} volumes[] = {
	{ "default", "clickhouse-0",                "data",   "node-03", 61.3,       38.2,      1260, 0,    true },
	{ "default", "postgres-0",                  "data",   "node-02", 24.6,       15.0,      1320, 0,    true },
	{ "kurl",    "registry-7c5f8d9b6-x4k2n",    "backup", "node-01", 18.2,       17.0,      600,  90,   false },
	{ "default", "clickhouse-1",                "data",   "node-02", 60.9,       -1,        1260, 1320, true },
	{ "default", "gateway-config-0",            "state",  "node-01", 1.10,       1.10,      60,   40,   false },
	{ "default", "kotsadm-6f7c9d8b5-q2m4x",     "backup", "node-01", 410/1024.0, 410/1024.0, 9,   0,    false },
	{ "default", "redis-0",                     "data",   "node-01", 212/1024.0, 212/1024.0, 6,   10,   true },
};
/* clang-format on */

static void add_marks_of_kots(struct strbuf *out, const struct story_row *row, int64_t began)
{
	bool scheduled = strcmp(row->phase, "FailedValidation") != 0;

	if (row->kind == 'o')
		return;
	strbuf_addf(out,
		    ",\"annotations\":{\"kots.io/snapshot-trigger\":\"%s\","
		    "\"kots.io/kotsadm-image\":\"kotsadm/kotsadm:v1.131.4\","
		    "\"kots.io/kotsadm-deploy-namespace\":\"default\","
		    "\"kots.io/is-airgap\":\"true\",\"kots.io/embedded-registry\":\"10.96.2.5\","
		    "\"velero.io/source-cluster-k8s-gitversion\":\"v1.33.7\"",
		    scheduled ? "schedule" : "manual");
	add_time(out, "kots.io/snapshot-requested", began - 1);
	if (row->kind == 'f')
		strbuf_addf(out,
			    ",\"kots.io/instance\":\"true\",\"kots.io/apps-sequences\":"
			    "\"{\\\"acme-analytics\\\":%d,\\\"acme-gateway\\\":17}\","
			    "\"kots.io/apps-versions\":\"{\\\"acme-analytics\\\":\\\"%s\\\","
			    "\\\"acme-gateway\\\":\\\"2.4.0\\\"}\"",
			    row->analytics_sequence, row->analytics_version);
	else
		strbuf_addf(out,
			    ",\"kots.io/instance\":\"false\",\"kots.io/app-id\":\"%s\","
			    "\"kots.io/app-sequence\":\"%d\"",
			    text_starts(row->name, "acme-g") ? "app-gateway" : "app-analytics",
			    row->analytics_sequence < 0 ? 17 : row->analytics_sequence);
	strbuf_addc(out, '}');
}

static void add_status(struct strbuf *out, const struct story_row *row, int64_t began)
{
	bool refused = !strcmp(row->phase, "FailedValidation");
	bool running = !strcmp(row->phase, "InProgress");
	int objects = row->kind == 'f' ? 1204 : 213;

	strbuf_addf(out, ",\"status\":{\"phase\":\"%s\"", row->phase);
	if (refused) {
		strbuf_adds(out,
			    ",\"validationErrors\":[\"an existing backup storage location "
			    "wasn't specified at backup creation time and the default 'default' "
			    "wasn't found\"]}");
		return;
	}
	add_time(out, "startTimestamp", began + 4);
	add_time(out, "expiration", began + 30 * DAY);
	if (!running)
		add_time(out, "completionTimestamp", began + 4 + row->took_min * 60);
	strbuf_addf(out, ",\"errors\":%d,\"warnings\":%d", row->errors, row->warnings);
	strbuf_addf(out, ",\"progress\":{\"itemsBackedUp\":%d,\"totalItems\":%d}}",
		    running ? 1087 : objects, objects);
}

static void add_backup(struct site_objects *objects, const struct story_row *row)
{
	struct strbuf text = STRBUF_INIT;
	int64_t began = objects->now - row->began;

	strbuf_addf(&text,
		    "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"velero\",\"uid\":\"uid-%s\"",
		    row->name, row->name);
	add_time(&text, "creationTimestamp", began);
	add_marks_of_kots(&text, row, began);
	strbuf_addf(&text,
		    "},\"spec\":{\"storageLocation\":\"default\",\"ttl\":\"720h0m0s\","
		    "\"includedNamespaces\":[\"default\"%s]}",
		    row->kind == 'f' ? ",\"kurl\"" : "");
	add_status(&text, row, began);
	strbuf_addc(&text, '}');
	site_add(objects, COLLECTION_BACKUPS, "%s", text.buf);
	strbuf_done(&text);
}

static void add_volume(struct site_objects *objects, const struct story_row *row, size_t which,
		       double scale)
{
	const struct story_volume *volume = &volumes[which];
	bool running = !strcmp(row->phase, "InProgress");
	bool waits = running && volume->running < 0;
	bool done = !running || volume->running >= volume->gib;
	int64_t began = objects->now - row->began + 5 + volume->waits_s;
	int64_t total = (int64_t)(volume->gib * scale * (double)GIB);
	int64_t bytes = done ? total : (int64_t)(volume->running * (double)GIB);
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text,
		    "{\"metadata\":{\"name\":\"%s-v%zu\",\"namespace\":\"velero\",\"uid\":\"uid-%s-"
		    "v%zu\","
		    "\"labels\":{\"velero.io/backup-name\":\"%s\"},\"annotations\":{"
		    "\"velero.io/pvc-name\":\"%s-%s\"}},",
		    row->name, which, row->name, which, row->name, volume->volume, volume->pod);
	strbuf_addf(&text,
		    "\"spec\":{\"node\":\"%s\",\"volume\":\"%s\",\"uploaderType\":\"kopia\","
		    "\"pod\":{\"name\":\"%s\",\"namespace\":\"%s\"}},\"status\":{\"phase\":\"%s\"",
		    volume->node, volume->volume, volume->pod, volume->namespace,
		    waits  ? "Prepared"
		    : done ? "Completed"
			   : "InProgress");
	if (!waits) {
		add_time(&text, "startTimestamp", began);
		strbuf_addf(&text,
			    ",\"progress\":{\"bytesDone\":%" PRId64 ",\"totalBytes\":%" PRId64 "}",
			    bytes, total);
	}
	if (done)
		add_time(&text, "completionTimestamp", began + volume->took_s);
	strbuf_adds(&text, "}}");
	site_add(objects, COLLECTION_POD_VOLUME_BACKUPS, "%s", text.buf);
	strbuf_done(&text);
}

static void add_volumes(struct site_objects *objects, const struct story_row *row)
{
	double whole = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(volumes); i++)
		whole += row->kind == 'f' || volumes[i].analytics ? volumes[i].gib : 0;
	for (i = 0; row->gib > 0 && i < ARRAY_SIZE(volumes); i++) {
		if (row->kind == 'f' || volumes[i].analytics)
			add_volume(objects, row, i, row->gib / whole);
	}
}

void site_add_snapshots(struct site_objects *objects, bool quiet)
{
	size_t i;

	for (i = quiet ? 1 : 0; i < ARRAY_SIZE(story); i++) {
		add_backup(objects, &story[i]);
		add_volumes(objects, &story[i]);
	}
}

/* Two an hour: every fourth a full one, every hundredth incomplete. */
void site_add_many(struct site_objects *objects, size_t count)
{
	char name[48];
	size_t i;

	for (i = 0; i < count; i++) {
		struct story_row row = { name,
					 i % 4 ? 'p' : 'f',
					 i % 100 == 99 ? "PartiallyFailed" : "Completed",
					 (int64_t)(i + 1) * 1800,
					 20,
					 0,
					 i % 100 == 99,
					 0,
					 42,
					 "3.8.1" };

		snprintf(name, sizeof(name), "%s-%05zu", i % 4 ? "acme-analytics" : "instance", i);
		add_backup(objects, &row);
	}
}

void site_add_destination(struct site_objects *objects)
{
	struct strbuf status = STRBUF_INIT;

	add_time(&status, "lastValidationTime", objects->now - 31);
	add_time(&status, "lastSyncedTime", objects->now - 51);
	site_add(objects, COLLECTION_LOCATIONS,
		 "{\"metadata\":{\"name\":\"default\",\"namespace\":\"velero\",\"uid\":\"uid-"
		 "default\"},"
		 "\"spec\":{\"provider\":\"aws\",\"default\":true,\"accessMode\":\"ReadWrite\","
		 "\"objectStorage\":{\"bucket\":\"acme-prod-velero\",\"prefix\":\"site-a\","
		 "\"caCert\":\"TUlJ\"},"
		 "\"config\":{\"region\":\"us-east-1\",\"s3Url\":\"https://"
		 "s3.backup.acme.example:9000\","
		 "\"s3ForcePathStyle\":\"true\",\"checksumAlgorithm\":\"\"}},"
		 "\"status\":{\"phase\":\"Available\"%s}}",
		 status.buf);
	site_add(objects, COLLECTION_LOCATIONS,
		 "{\"metadata\":{\"name\":\"archive\",\"namespace\":\"velero\",\"uid\":\"uid-"
		 "archive\"},"
		 "\"spec\":{\"provider\":\"aws\",\"accessMode\":\"ReadOnly\","
		 "\"objectStorage\":{\"bucket\":\"acme-archive-2025\"},\"config\":{\"region\":\"us-"
		 "east-1\"}},"
		 "\"status\":{\"phase\":\"Available\"%s}}",
		 status.buf);
	strbuf_reset(&status);
	add_time(&status, "lastMaintenanceTime", objects->now - 991);
	site_add(objects, COLLECTION_REPOSITORIES,
		 "{\"metadata\":{\"name\":\"default-default-kopia\",\"namespace\":\"velero\","
		 "\"uid\":\"uid-r1\"},"
		 "\"spec\":{\"volumeNamespace\":\"default\",\"backupStorageLocation\":\"default\","
		 "\"repositoryType\":\"kopia\"},\"status\":{\"phase\":\"Ready\"%s}}",
		 status.buf);
	site_add(objects, COLLECTION_REPOSITORIES,
		 "{\"metadata\":{\"name\":\"kurl-default-kopia\",\"namespace\":\"velero\",\"uid\":"
		 "\"uid-r2\"},"
		 "\"spec\":{\"volumeNamespace\":\"kurl\",\"backupStorageLocation\":\"default\","
		 "\"repositoryType\":\"kopia\"},\"status\":{\"phase\":\"Ready\"%s}}",
		 status.buf);
	strbuf_done(&status);
}

void site_add_restores(struct site_objects *objects)
{
	static const struct {
		const char *name, *backup, *slug, *phase, *why;
		int64_t began;
		int took_s, errors, warnings;
	} rows[] = {
		{ "instance-hq9zc.acme-gateway", "instance-hq9zc", "acme-gateway", "Completed", "",
		  AGO(20, 23, 14), 280, 0, 0 },
		{ "instance-m4h8t.acme-gateway", "instance-m4h8t", "acme-gateway", "Completed", "",
		  AGO(20, 16, 2), 360, 0, 3 },
		{ "instance-t8n4v.acme-gateway", "instance-t8n4v", "acme-gateway", "Failed",
		  "removal of the application is stuck", AGO(19, 21, 40), 180, 1, 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct strbuf made = STRBUF_INIT, times = STRBUF_INIT;
		int64_t began = objects->now - rows[i].began;

		add_time(&made, "creationTimestamp", began);
		add_time(&times, "startTimestamp", began + 1);
		add_time(&times, "completionTimestamp", began + rows[i].took_s);
		site_add(objects, COLLECTION_RESTORES,
			 "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"velero\",\"uid\":\"uid-%"
			 "s\"%s},"
			 "\"spec\":{\"backupName\":\"%s\",\"labelSelector\":{\"matchLabels\":"
			 "{\"kots.io/"
			 "app-slug\":\"%s\"}}},\"status\":{\"phase\":\"%s\",\"errors\":%d,"
			 "\"warnings\":%d,\"failureReason\":\"%s\"%s}}",
			 rows[i].name, rows[i].name, made.buf, rows[i].backup, rows[i].slug,
			 rows[i].phase, rows[i].errors, rows[i].warnings, rows[i].why, times.buf);
		strbuf_done(&made);
		strbuf_done(&times);
	}
}

void site_add_deletions(struct site_objects *objects)
{
	struct strbuf made = STRBUF_INIT;

	add_time(&made, "creationTimestamp", objects->now - 321);
	site_add(objects, COLLECTION_DELETE_REQUESTS,
		 "{\"metadata\":{\"name\":\"instance-d2w9p-w8c5k\",\"namespace\":\"velero\","
		 "\"uid\":\"uid-del-1\"%s},"
		 "\"spec\":{\"backupName\":\"instance-d2w9p\"},\"status\":{\"phase\":"
		 "\"InProgress\"}}",
		 made.buf);
	strbuf_reset(&made);
	add_time(&made, "creationTimestamp", objects->now - AGO(18, 9, 30));
	site_add(objects, COLLECTION_DELETE_REQUESTS,
		 "{\"metadata\":{\"name\":\"instance-c7m2q-r4f9x\",\"namespace\":\"velero\","
		 "\"uid\":\"uid-del-2\"%s},"
		 "\"spec\":{\"backupName\":\"instance-c7m2q\"},\"status\":{\"phase\":\"Processed\","
		 "\"errors\":"
		 "[\"backup storage location default is currently in read-only mode\"]}}",
		 made.buf);
	strbuf_done(&made);
}

void site_add_hostile(struct site_objects *objects)
{
	struct strbuf made = STRBUF_INIT;

	add_time(&made, "creationTimestamp", objects->now - 3600);
	site_add(objects, COLLECTION_BACKUPS,
		 "{\"metadata\":{\"name\":\"a-name-as-long-as-kubernetes-lets-it-be-and-it-lets-it-"
		 "be-"
		 "very-long-indeed-so-long-that-no-column-holds-it\",\"namespace\":\"velero\","
		 "\"uid\":\"uid-long\"%s},\"spec\":{\"storageLocation\":\"default\"},"
		 "\"status\":{\"phase\":\"Failed\",\"errors\":1204567,\"failureReason\":"
		 "\"\\u001b[31mred\\u001b[0m \\u202egnp.exe\\u202c \\u4e2d\\u6587 "
		 "\\ud83d\\udca9\"}}",
		 made.buf);
	site_add(objects, COLLECTION_BACKUPS,
		 "{\"metadata\":{\"name\":\"from-tomorrow\",\"namespace\":\"velero\",\"uid\":\"uid-"
		 "new\"%s},"
		 "\"spec\":{},\"status\":{\"phase\":\"Quantum\\u0007Copying\"}}",
		 made.buf);
	strbuf_done(&made);
}
