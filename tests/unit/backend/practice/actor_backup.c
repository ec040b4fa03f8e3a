#include "backend/base/clock.h"
#include "backend/practice/backup_check.h"
#include "backend/practice/backup_files.h"
#include "backend/practice/backup_queue.h"
#include "backend/practice/restore_check.h"
#include "backend/practice/restore_items.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdint.h>

#include <stdlib.h>
#include <string.h>

static struct json *parse(const char *text)
{
	struct json *node = json_parse(text, strlen(text), NULL);

	cr_assert_not_null(node, "%s", text);
	return node;
}

static void expect(struct json *node, const char *path, const char *want)
{
	struct strbuf text = STRBUF_INIT;

	if (json_get(node, path))
		json_print(json_get(node, path), &text);
	cr_expect(eq(str, text.buf, (char *)(uintptr_t)want), "%s", path);
	strbuf_done(&text);
}

/* Spec after the start as in the recordings backup-two-volumes-progress and kots/instance-backup.
 */
Test(practice_backup, the_start_fills_the_spec_as_velero_does)
{
	struct json *backup = parse("{\"metadata\":{\"name\":\"b\"},\"spec\":{\"ttl\":\"24h\"}}");
	struct json *location = parse("{\"metadata\":{\"name\":\"default\"}}");
	struct json *patch =
		backup_start_patch(backup, location, clock_parse_rfc3339("2026-11-22T23:09:37Z"));

	expect(patch, "spec.ttl", "\"24h0m0s\"");
	expect(patch, "spec.csiSnapshotTimeout", "\"10m0s\"");
	expect(patch, "spec.includedNamespaces", "[\"*\"]");
	expect(patch, "spec.storageLocation", "\"default\"");
	expect(patch, "spec.excludedClusterScopedResources",
	       "[\"volumesnapshotcontents.snapshot.storage.k8s.io\"]");
	expect(patch, "spec.excludedResources", "");
	expect(patch, "status.expiration", "\"2026-11-23T23:09:37Z\"");
	expect(patch, "status.phase", "\"InProgress\"");
	json_free(backup);
	json_free(location);
	json_free(patch);
}

Test(practice_backup, snapshot_kinds_go_into_the_filters_that_are_used)
{
	struct json *backup = parse("{\"spec\":{\"includeClusterResources\":true}}");
	struct json *patch = backup_start_patch(backup, NULL, 0);

	expect(patch, "spec.excludedResources",
	       "[\"volumesnapshots.snapshot.storage.k8s.io\",\"volumesnapshotcontents.snapshot."
	       "storage.k8s.io\"]");
	expect(patch, "spec.excludedClusterScopedResources", "");
	json_free(backup);
	json_free(patch);
}

Test(practice_backup, an_unreadable_retention_is_the_default)
{
	cr_expect(eq(i64, backup_ttl_s("30d"), DEFAULT_TTL_S));
	cr_expect(eq(i64, backup_ttl_s(""), DEFAULT_TTL_S));
	cr_expect(eq(i64, backup_ttl_s("1h30m"), 5400));
}

Test(practice_backup, the_queue_is_ready_then_position_then_age)
{
	struct json *list = parse(
		"[{\"metadata\":{\"name\":\"done\"},\"status\":{\"phase\":\"Completed\"}},"
		"{\"metadata\":{\"name\":\"new2\",\"creationTimestamp\":\"2026-01-02T00:00:00Z\"}},"
		"{\"metadata\":{\"name\":\"new1\",\"creationTimestamp\":\"2026-01-01T00:00:00Z\"}},"
		"{\"metadata\":{\"name\":\"q2\"},\"status\":{\"phase\":\"Queued\","
		"\"queuePosition\":2}},"
		"{\"metadata\":{\"name\":\"q1\"},\"status\":{\"phase\":\"Queued\","
		"\"queuePosition\":1}},"
		"{\"metadata\":{\"name\":\"r\"},\"status\":{\"phase\":\"ReadyToStart\"}}]");
	static const char *const want[] = { "r", "q1", "q2", "new1", "new2" };
	struct json *order = backup_queue_order(list);
	const struct json *backup = json_first(order);
	size_t i;

	cr_assert(eq(sz, json_count(order), ARRAY_SIZE(want)));
	for (i = 0; i < ARRAY_SIZE(want); i++, backup = json_next(backup))
		cr_expect(eq(str, (char *)(uintptr_t)object_name(backup),
			     (char *)(uintptr_t)want[i]));
	json_free(list);
	json_free(order);
}

Test(practice_backup, a_failed_volume_has_no_snapshot_in_the_infos)
{
	struct json *volumes =
		parse("[{\"metadata\":{},\"spec\":{\"volume\":\"data\",\"uploaderType\":\"restic\","
		      "\"node\":\"n\",\"pod\":{\"name\":\"p\",\"namespace\":\"x\"}},"
		      "\"status\":{\"phase\":\"Failed\",\"progress\":{\"totalBytes\":5}}}]");
	struct collection items = { 0 };
	struct json *infos = backup_volume_infos(volumes, &items);

	expect(infos, "",
	       "[{\"backupMethod\":\"PodVolumeBackup\",\"snapshotDataMoved\":false,"
	       "\"preserveLocalSnapshot\":false,\"skipped\":false,\"result\":\"failed\","
	       "\"pvbInfo\":{"
	       "\"uploaderType\":\"restic\",\"volumeName\":\"data\",\"podName\":\"p\","
	       "\"podNamespace\":\"x\",\"nodeName\":\"n\",\"Phase\":\"Failed\"}}]");
	json_free(volumes);
	json_free(infos);
}

/* ---- restores ---- */

static void add(struct collection *items, const char *resource, const char *text)
{
	collection_add(items, kind_by_resource(resource), parse(text));
}

Test(practice_restore, claims_come_with_their_pods_whatever_their_labels)
{
	struct json *spec =
		parse("{\"includeClusterResources\":true,\"labelSelector\":{\"matchLabels\":"
		      "{\"kots.io/app-slug\":\"acme\"}}}");
	struct collection items = { 0 };
	int *order;

	add(&items, "pods",
	    "{\"metadata\":{\"name\":\"p\",\"namespace\":\"x\",\"labels\":{\"kots.io/"
	    "app-slug\":\"acme\"}},"
	    "\"spec\":{\"volumes\":[{\"persistentVolumeClaim\":{\"claimName\":\"c\"}}]}}");
	add(&items, "persistentvolumeclaims",
	    "{\"metadata\":{\"name\":\"c\",\"namespace\":\"x\"},\"spec\":{\"volumeName\":\"v\"}}");
	add(&items, "persistentvolumes", "{\"metadata\":{\"name\":\"v\"}}");
	add(&items, "pods", "{\"metadata\":{\"name\":\"other\",\"namespace\":\"x\"}}");
	order = restore_order(spec, &items);
	cr_expect(eq(int, order[0], 2)); /* the volume, its claim, the pod */
	cr_expect(eq(int, order[1], 1));
	cr_expect(eq(int, order[2], 0));
	cr_expect(eq(int, order[3], -1));
	free(order);
	collection_done(&items);
	json_free(spec);
}

Test(practice_restore, a_pod_with_volumes_waits_for_its_files)
{
	struct json *restore = parse(
		"{\"metadata\":{\"name\":\"r\",\"uid\":\"u\"},\"spec\":{\"backupName\":\"b\"}}");
	struct json *volumes = parse(
		"[{\"spec\":{\"volume\":\"data\",\"pod\":{\"name\":\"p\",\"namespace\":\"x\"}},"
		"\"status\":{\"snapshotID\":\"s\"}}]");
	struct collection items = { 0 };
	struct json *pod;

	add(&items, "pods",
	    "{\"metadata\":{\"name\":\"p\",\"namespace\":\"x\",\"uid\":\"old\",\"ownerReferences\":"
	    "[{}]},"
	    "\"spec\":{\"nodeName\":\"n\"},\"status\":{\"phase\":\"Running\"}}");
	pod = restore_object(restore, &items.items[0], volumes);
	expect(pod, "metadata.labels",
	       "{\"velero.io/backup-name\":\"b\",\"velero.io/restore-name\":\"r\"}");
	expect(pod, "metadata.uid", "");
	expect(pod, "metadata.ownerReferences", "");
	expect(pod, "spec.nodeName", "");
	expect(pod, "status", "");
	cr_expect(eq(str,
		     (char *)(uintptr_t)json_text(json_first(json_get(pod, "spec.initContainers")),
						  "name"),
		     "restore-wait"));
	json_free(pod);
	json_free(restore);
	json_free(volumes);
	collection_done(&items);
}

Test(practice_restore, an_object_is_the_same_but_for_what_the_cluster_writes)
{
	struct json *fresh =
		parse("{\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\",\"labels\":{"
		      "\"velero.io/restore-name\":\"r\"}},\"data\":{\"a\":\"1\"}}");
	struct json *same =
		parse("{\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\",\"uid\":\"u\","
		      "\"resourceVersion\":\"7\"},\"data\":{\"a\":\"1\"}}");
	struct json *other = parse(
		"{\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\"},\"data\":{\"a\":\"2\"}}");

	cr_expect(restore_is_same(fresh, same));
	cr_expect(not(restore_is_same(fresh, other)));
	json_free(fresh);
	json_free(same);
	json_free(other);
}

Test(practice_restore, what_velero_never_restores_is_excluded_at_the_start)
{
	struct json *restore =
		parse("{\"metadata\":{},\"spec\":{\"excludedResources\":[\"pods\"]}}");
	struct json *none = json_new_list(), *patch = restore_start_patch(restore, NULL, none, 0);
	const struct json *first = json_first(json_get(patch, "spec.excludedResources"));

	cr_expect(eq(str, (char *)(uintptr_t)json_value(first), "pods"));
	cr_expect(eq(sz, json_count(json_get(patch, "spec.excludedResources")), 10));
	expect(patch, "status.phase", "\"InProgress\"");
	json_free(restore);
	json_free(none);
	json_free(patch);
}
