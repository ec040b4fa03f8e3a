/* Any text as a filter of snapshots: one that answers, or an error that says something. */
#include "tests/fuzz/fuzz.h"

#include "backend/kots/snapshot.h"

static const char backup_text[] =
	"{\"metadata\":{\"name\":\"instance-x7k2p\",\"uid\":\"u1\",\"resourceVersion\":\"1\","
	"\"annotations\":{\"kots.io/instance\":\"true\"}},\"status\":{\"phase\":\"Completed\","
	"\"startTimestamp\":\"2026-11-20T02:00:00Z\",\"errors\":1}}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json *json = json_parse(backup_text, strlen(backup_text), NULL);
	const struct backup *backup = backup_decode(json, NULL);
	const struct object *const backups[] = { &backup->object };
	struct snapshot_sources sources = { .backups = backups,
					    .backup_count = 1,
					    .now = INT64_C(1795223671) };
	struct snapshot_filter *filter = NULL;
	char *text = fuzz_text(data, size);
	struct error err = ERROR_INIT;
	struct snapshot *rows;
	size_t count;

	snapshots_build(&sources, &rows, &count);
	if (snapshot_filter_new(text, &filter, &err) == STATUS_OK) {
		(void)snapshot_filter_match(filter, &rows[0], sources.now);
		snapshot_filter_free(filter);
	} else {
		fuzz_require(*err.text && !filter);
	}
	free(rows);
	free(text);
	object_unref(&backup->object);
	json_free(json);
	return 0;
}
