/* Objects as two versions of Velero really wrote them, through our tables. */
#include "backend/base/clock.h"
#include "backend/velero/backup.h"
#include "backend/velero/location.h"
#include "backend/velero/phase.h"
#include "backend/velero/podvolume.h"
#include "backend/velero/restore.h"
#include "tests/support/recording.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

typedef const void *decoder(const struct json *json, struct error *err);

#define DECODER(type)                                                                              \
	static const void *decode_##type(const struct json *json, struct error *err)               \
	{                                                                                          \
		return type##_decode(json, err);                                                   \
	}
DECODER(backup)
DECODER(podvolume)
DECODER(restore)
DECODER(delete_request)
DECODER(location)
DECODER(repository)
DECODER(schedule)

static const struct {
	const char *file;
	decoder *decode;
	enum phase_kind kind;
	const char *phases; /* in order, without repetitions, of the object named first */
} streams[] = {
	{ "velero/backups-1.18.3.ndjson", decode_backup, PHASE_BACKUP,
	  ",Queued,ReadyToStart,InProgress,Finalizing,Completed" },
	{ "velero/backups-1.16.2.ndjson", decode_backup, PHASE_BACKUP,
	  ",InProgress,Finalizing,Completed" },
	{ "velero/podvolumebackups-1.18.3.ndjson", decode_podvolume, PHASE_VOLUME,
	  ",Accepted,Prepared,InProgress,Completed" },
	{ "velero/podvolumebackups-1.16.2.ndjson", decode_podvolume, PHASE_VOLUME,
	  ",InProgress,Completed" },
	{ "velero/podvolumebackups-cancelled.ndjson", decode_podvolume, PHASE_VOLUME,
	  ",Accepted,Prepared,InProgress,Canceling,Canceled" },
	{ "velero/podvolumerestores-1.18.3.ndjson", decode_podvolume, PHASE_VOLUME,
	  ",Accepted,Prepared,InProgress,Completed" },
	{ "velero/podvolumerestores-1.16.2.ndjson", decode_podvolume, PHASE_VOLUME,
	  ",InProgress,Completed" },
	{ "velero/restores-1.18.3.ndjson", decode_restore, PHASE_RESTORE,
	  ",InProgress,Finalizing,Completed" },
	{ "velero/restores-1.16.2.ndjson", decode_restore, PHASE_RESTORE,
	  ",InProgress,Finalizing,Completed" },
	{ "velero/deletebackuprequests-s3-down.ndjson", decode_delete_request, PHASE_DELETE,
	  ",InProgress,Processed" },
	{ "velero/backups-refused.ndjson", decode_backup, PHASE_BACKUP, NULL },
	{ "velero/locations.ndjson", decode_location, PHASE_LOCATION, NULL },
	{ "velero/repositories.ndjson", decode_repository, PHASE_REPOSITORY, NULL },
	{ "velero/schedules.ndjson", decode_schedule, PHASE_SCHEDULE, NULL },
};

struct sequence {
	struct strbuf phases; /* "a,b,c" of one object */
	struct strbuf uid, last;
	bool begun;
};

static void note_phase(struct sequence *sequence, const char *uid, const char *phase)
{
	if (!sequence->begun)
		strbuf_adds(&sequence->uid, uid);
	if (strcmp(sequence->uid.buf, uid) != 0)
		return;
	if (sequence->begun && !strcmp(sequence->last.buf, phase))
		return;
	if (sequence->begun)
		strbuf_addc(&sequence->phases, ',');
	strbuf_adds(&sequence->phases, phase);
	strbuf_reset(&sequence->last);
	strbuf_adds(&sequence->last, phase);
	sequence->begun = true;
}

static void play(size_t index)
{
	struct recording recording;
	struct sequence sequence = { STRBUF_INIT, STRBUF_INIT, STRBUF_INIT, false };

	recording_open(&recording, streams[index].file);
	cr_assert_gt(recording.count, 0);
	for (size_t i = 0; i < recording.count; i++) {
		const struct json *json = recording_object(&recording, i);
		struct error err = ERROR_INIT;
		const struct object *object;

		if (!json)
			continue;
		object = streams[index].decode(json, &err);
		cr_assert_not_null(object, "%s line %zu: %s", streams[index].file, i + 1, err.text);
		cr_expect_str_eq(object->name, json_text(json, "metadata.name"));
		note_phase(&sequence, object->uid, json_text(json, "status.phase"));
		object_unref(object);
	}
	if (streams[index].phases)
		cr_expect_str_eq(sequence.phases.buf, streams[index].phases, "%s: %s",
				 streams[index].file, sequence.phases.buf);
	recording_close(&recording);
	strbuf_done(&sequence.phases);
	strbuf_done(&sequence.uid);
	strbuf_done(&sequence.last);
}

Test(decode, every_recorded_event_is_understood)
{
	for (size_t i = 0; i < ARRAY_SIZE(streams); i++)
		play(i);
}

/* The last event of a stream, decoded; unref it. */
static const void *last_of(const char *file, decoder *decode)
{
	struct recording recording;
	struct error err = ERROR_INIT;
	const void *object = NULL;

	recording_open(&recording, file);
	for (size_t i = recording.count; i-- > 0 && !object;)
		if (recording_object(&recording, i))
			object = decode(recording_object(&recording, i), &err);
	recording_close(&recording);
	cr_assert_not_null(object, "%s", err.text);
	return object;
}

Test(decode, a_finished_backup_has_its_times_and_counts)
{
	const struct backup *backup = last_of("velero/backups-1.18.3.ndjson", decode_backup);

	cr_expect_str_eq(backup->object.namespace, "velero");
	cr_expect_str_eq(backup->namespaces, "acme");
	cr_expect_str_eq(backup->selector, "");
	cr_expect_str_eq(backup->location, "default");
	cr_expect_eq(backup->started, clock_parse_rfc3339("2026-11-22T23:09:37Z"));
	cr_expect_gt(backup->completed, backup->started);
	cr_expect_eq(backup->expires - backup->started, 720 * 3600);
	cr_expect_eq(backup->ttl_s, 720 * 3600);
	cr_expect_eq(backup->items_done, 16);
	cr_expect_eq(backup->items_total, 16);
	cr_expect(backup->counted);
	cr_expect_eq(backup->dr_count, 1);
	object_unref(backup);
}

Test(decode, a_volume_says_whose_it_is_and_how_large)
{
	const struct podvolume *volume =
		last_of("velero/podvolumebackups-1.18.3.ndjson", decode_podvolume);

	cr_expect_str_eq(volume->owner, "p1");
	cr_expect_str_eq(volume->pod_namespace, "acme");
	cr_expect_str_eq(volume->uploader, "kopia");
	cr_expect_str_eq(volume->node, "n1");
	cr_expect_str_neq(volume->snapshot_id, "");
	cr_expect_gt(volume->bytes_total, 1 << 20);
	cr_expect_eq(volume->bytes_done, volume->bytes_total);
	object_unref(volume);
}

Test(decode, a_volume_of_a_restore_belongs_to_the_restore)
{
	const struct podvolume *volume =
		last_of("velero/podvolumerestores-1.18.3.ndjson", decode_podvolume);
	const struct restore *restore = last_of("velero/restores-1.18.3.ndjson", decode_restore);

	cr_expect_str_eq(volume->owner, restore->object.name);
	cr_expect_str_neq(volume->snapshot_id, "");
	object_unref(volume);
	object_unref(restore);
}

Test(decode, a_failed_deletion_has_its_first_error)
{
	struct recording recording;
	size_t failed = 0;

	recording_open(&recording, "velero/deletebackuprequests-s3-down.ndjson");
	for (size_t i = 0; i < recording.count; i++) {
		const struct delete_request *request;

		if (!recording_object(&recording, i))
			continue;
		request = delete_request_decode(recording_object(&recording, i), NULL);
		failed += request->error_count > 0 && *request->error;
		cr_expect_str_neq(request->backup, "");
		object_unref(request);
	}
	cr_expect_gt(failed, 0);
	recording_close(&recording);
}

Test(decode, a_refused_backup_says_why)
{
	struct recording recording;
	size_t refused = 0;

	recording_open(&recording, "velero/backups-refused.ndjson");
	for (size_t i = 0; i < recording.count; i++) {
		const struct backup *backup = backup_decode(recording_object(&recording, i), NULL);

		cr_expect_eq(!strcmp(backup->phase, "FailedValidation"),
			     *backup->validation_error != '\0', "%s", backup->object.name);
		refused += *backup->validation_error != '\0';
		object_unref(backup);
	}
	cr_expect_geq(refused, 8);
	recording_close(&recording);
}

static struct json *parsed(const char *text)
{
	struct json *json = json_parse(text, strlen(text), NULL);

	cr_assert_not_null(json);
	return json;
}

Test(decode, what_nobody_sent_is_empty_not_null)
{
	struct json *json = parsed("{\"metadata\":{\"uid\":\"u\",\"name\":\"n\"}}");
	const struct backup *backup = backup_decode(json, NULL);
	const struct podvolume *volume = podvolume_decode(json, NULL);
	const struct location *location = location_decode(json, NULL);

	cr_expect_str_eq(backup->selector, "");
	cr_expect_str_eq(backup->validation_error, "");
	cr_expect_str_eq(backup->kots_sequences, "");
	cr_expect_not(backup->counted);
	cr_expect_str_eq(volume->owner, "");
	cr_expect_str_eq(volume->node, "");
	cr_expect_str_eq(location->config_json, "");
	cr_expect_eq(location->validation_period_s, 60);
	object_unref(backup);
	object_unref(volume);
	object_unref(location);
	json_free(json);
}

Test(decode, an_object_without_name_is_an_error)
{
	struct json *json = parsed("{\"metadata\":{\"uid\":\"u\"}}");
	struct error err = ERROR_INIT;

	cr_expect_null(backup_decode(json, &err));
	cr_expect_eq(err.code, STATUS_FORMAT);
	json_free(json);
}

Test(decode, fields_of_a_wrong_type_do_no_harm)
{
	static const char text[] =
		"{\"metadata\":{\"uid\":\"u\",\"name\":\"n\",\"labels\":7,\"annotations\":"
		"[1]},\"spec\":{\"includedNamespaces\":\"x\",\"labelSelector\":[],\"ttl\":\"30d\"},"
		"\"status\":{\"phase\":{},\"errors\":\"many\",\"warnings\":-1e300,"
		"\"progress\":[],\"startTimestamp\":\"yesterday\",\"validationErrors\":[null,3]}}";
	struct json *json = parsed(text);
	const struct backup *backup = backup_decode(json, NULL);

	cr_assert_not_null(backup);
	cr_expect_str_eq(backup->phase, "");
	cr_expect_str_eq(backup->namespaces, "");
	cr_expect_str_eq(backup->validation_error, "");
	cr_expect_eq(backup->errors, 0);
	cr_expect_eq(backup->ttl_s, 0);
	cr_expect_eq(backup->started, 0);
	object_unref(backup);
	json_free(json);
}

/* Bytes of the only chunk of an arena: a second one would have doubled the size of the next again.
 */
static size_t arena_size(const struct object *object, size_t struct_size)
{
	size_t size = object->arena.next_chunk / 2;

	cr_expect_geq(size, struct_size);
	cr_expect_lt(size, struct_size + 700, "%s does not fit its chunk", object->name);
	return size;
}

/* 10,000 backups and 30,000 volumes have to stay below 22 MB; malloc and the chunk take 32 bytes
 * each. */
Test(decode, ten_thousand_backups_and_their_volumes_stay_small)
{
	struct json *backups = recording_json("kots/backups.json");
	struct json *volumes = recording_json("kots/podvolumebackups.json");
	const struct json *first = json_first(json_key(backups, "items"));
	const struct json *volume = json_first(json_key(volumes, "items"));
	const struct backup *backup = backup_decode(first, NULL);
	const struct podvolume *copied = podvolume_decode(volume, NULL);
	size_t bytes = 10000 * (arena_size(&backup->object, sizeof(*backup)) + 32) +
		       30000 * (arena_size(&copied->object, sizeof(*copied)) + 32);

	cr_expect_lt(bytes, 22000000, "%zu, a backup %zu, a volume %zu", bytes,
		     backup->object.arena.next_chunk / 2, copied->object.arena.next_chunk / 2);
	object_unref(backup);
	object_unref(copied);
	json_free(backups);
	json_free(volumes);
}
