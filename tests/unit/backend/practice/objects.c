#include "backend/practice/selector.h"
#include "tests/unit/backend/practice/objects_rig.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BACKUPS "backups.velero.io"

static struct objects_rig rig;

static void open_rig(void)
{
	objects_rig_open(&rig);
}

static void close_rig(void)
{
	objects_rig_close(&rig);
}

TestSuite(objects, .init = open_rig, .fini = close_rig);

static struct object_key backup(const char *name)
{
	struct object_key key = { BACKUPS, "velero", name };

	return key;
}

static enum status patch(const struct object_key *key, const char *text, struct json **ret_object)
{
	struct json *change = objects_rig_json(text);
	enum status st = objects_patch(rig.objects, key, change, ret_object, NULL);

	json_free(change);
	return st;
}

Test(objects, a_new_one_gets_the_metadata_of_a_server)
{
	struct json *object;

	objects_rig_create(&rig, BACKUPS, "velero", "b", "{'spec':{'ttl':'1h'}}");
	object = objects_rig_get(&rig, BACKUPS, "velero", "b");
	cr_assert_str_eq(json_text(object, "kind"), "Backup");
	cr_assert_str_eq(json_text(object, "apiVersion"), "velero.io/v1");
	cr_assert(eq(sz, strlen(json_text(object, "metadata.uid")), (size_t)36));
	cr_assert(eq(i64, json_int(object, "metadata.generation", 0), 1));
	cr_assert_str_not_empty(json_text(object, "metadata.creationTimestamp"));
	cr_assert_str_eq(json_text(object, "metadata.resourceVersion"), "3");
	json_free(object);
}

Test(objects, generation_counts_content_and_not_metadata)
{
	struct object_key key = backup("b");
	struct json *object;

	objects_rig_create(&rig, BACKUPS, "velero", "b", "{}");
	cr_assert_not(patch(&key, "{'metadata':{'labels':{'a':'b'}}}", &object));
	cr_assert(eq(i64, json_int(object, "metadata.generation", 0), 1));
	json_free(object);
	/* Velero's kinds have no status sub-resource: status counts too. */
	cr_assert_not(patch(&key, "{'status':{'phase':'New'}}", &object));
	cr_assert(eq(i64, json_int(object, "metadata.generation", 0), 2));
	json_free(object);
}

Test(objects, a_change_that_changes_nothing_makes_no_version)
{
	struct object_key key = backup("b");
	int64_t before;

	objects_rig_create(&rig, BACKUPS, "velero", "b", "{'spec':{'ttl':'1h'}}");
	before = objects_version(rig.objects);
	cr_assert_not(patch(&key, "{'spec':{'ttl':'1h'}}", NULL));
	cr_assert(eq(i64, objects_version(rig.objects), before));
}

Test(objects, an_update_from_an_old_version_is_a_conflict)
{
	struct object_key key = backup("b");
	struct json *old;
	struct error err = ERROR_INIT;

	objects_rig_create(&rig, BACKUPS, "velero", "b", "{}");
	old = objects_rig_get(&rig, BACKUPS, "velero", "b");
	cr_assert_not(patch(&key, "{'spec':{'ttl':'1h'}}", NULL));
	cr_assert(eq(int, objects_update(rig.objects, &key, old, NULL, &err), STATUS_CONFLICT));
	cr_assert_str_eq(err.text,
			 "Operation cannot be fulfilled on backups.velero.io \"b\": the object has "
			 "been modified; please apply your changes to the latest version and try "
			 "again");
}

Test(objects, no_update_touches_uid_or_creation)
{
	struct object_key key = backup("b");
	struct json *before, *after;

	objects_rig_create(&rig, BACKUPS, "velero", "b", "{}");
	before = objects_rig_get(&rig, BACKUPS, "velero", "b");
	cr_assert_not(objects_update(rig.objects, &key,
				     objects_rig_json("{'metadata':{'creationTimestamp':"
						      "'2001-01-01T00:00:00Z','name':'else'}}"),
				     &after, NULL));
	cr_assert_str_eq(json_text(after, "metadata.uid"), json_text(before, "metadata.uid"));
	cr_assert_str_eq(json_text(after, "metadata.creationTimestamp"),
			 json_text(before, "metadata.creationTimestamp"));
	cr_assert_str_eq(json_text(after, "metadata.name"), "b");
	json_free(before);
	json_free(after);
}

Test(objects, generated_names_differ)
{
	struct object_key key = backup("");
	struct json *items;
	int64_t version;
	int i;

	for (i = 0; i < 200; i++)
		cr_assert_not(objects_create(
			rig.objects, &key,
			objects_rig_json("{'metadata':{'generateName':'instance-'}}"), NULL, NULL));
	cr_assert_not(objects_list(rig.objects, &key, "", &items, &version, NULL));
	cr_assert(eq(sz, json_count(items), (size_t)200));
	cr_assert(eq(sz, strlen(json_text(json_first(items), "metadata.name")),
		     strlen("instance-xxxxx")));
	json_free(items);
}

Test(objects, finalizers_hold_what_is_deleted)
{
	struct object_key key = backup("b");
	struct json *object;

	objects_rig_create(&rig, BACKUPS, "velero", "b", "{'metadata':{'finalizers':['x/y']}}");
	cr_assert_not(objects_delete(rig.objects, &key, &object, NULL));
	cr_assert_str_not_empty(json_text(object, "metadata.deletionTimestamp"));
	json_free(object);
	cr_assert(objects_rig_has(&rig, BACKUPS, "velero", "b"));
	cr_assert_not(patch(&key, "{'metadata':{'finalizers':null}}", NULL));
	cr_assert_not(objects_rig_has(&rig, BACKUPS, "velero", "b"));
}

/* Creates a backup as dependant of another. */
static void create_dependant(const char *name, const char *owner)
{
	struct json *object = objects_rig_get(&rig, BACKUPS, "velero", owner);
	struct json *dependant =
		objects_rig_json("{'metadata':{'ownerReferences':[{'kind':'Backup','uid':'x'}]}}");
	struct json *references =
		json_key_mut(json_key_mut(dependant, "metadata"), "ownerReferences");
	struct json *reference = json_clone(json_first(references));
	struct object_key key = { "podvolumebackups.velero.io", "velero", name };

	json_put_text(reference, "uid", json_text(object, "metadata.uid"));
	references =
		json_put(json_key_mut(dependant, "metadata"), "ownerReferences", json_new_list());
	json_add(references, reference);
	cr_assert_not(objects_create(rig.objects, &key, dependant, NULL, NULL));
	json_free(object);
}

Test(objects, dependants_go_with_their_owner)
{
	struct object_key key = backup("b");

	objects_rig_create(&rig, BACKUPS, "velero", "b", "{}");
	create_dependant("v", "b");
	cr_assert_not(objects_delete(rig.objects, &key, NULL, NULL));
	cr_assert_not(objects_rig_has(&rig, "podvolumebackups.velero.io", "velero", "v"));
}

Test(objects, orphans_stay_without_the_reference)
{
	struct object_key key = backup("b");
	struct objects_delete_options options = { "", "", true, false };
	struct json *left;

	objects_rig_create(&rig, BACKUPS, "velero", "b", "{}");
	create_dependant("v", "b");
	cr_assert_not(objects_delete_with(rig.objects, &key, &options, NULL, NULL));
	left = objects_rig_get(&rig, "podvolumebackups.velero.io", "velero", "v");
	cr_assert(zero(sz, json_count(json_get(left, "metadata.ownerReferences"))));
	json_free(left);
}

Test(objects, a_pod_on_a_node_is_only_marked_until_its_node_lets_it_go)
{
	struct object_key key = { "pods", "acme", "web-0" };
	struct objects_delete_options at_once = { "", "", false, true };
	struct json *object;

	objects_rig_create(&rig, "pods", "acme", "web-0", "{'spec':{'nodeName':'n'}}");
	cr_assert_not(objects_delete(rig.objects, &key, NULL, NULL));
	cr_assert_not(patch(&key, "{'metadata':{'labels':{'a':'b'}}}", NULL));
	object = objects_rig_get(&rig, "pods", "acme", "web-0");
	cr_assert(eq(int, (int)json_int(object, "metadata.deletionGracePeriodSeconds", 0), 30));
	json_free(object);
	cr_assert_not(objects_delete_with(rig.objects, &key, &at_once, NULL, NULL));
	cr_assert_not(objects_rig_has(&rig, "pods", "acme", "web-0"));
	/* No node has seen it. */
	objects_rig_create(&rig, "pods", "acme", "web-0", "{'spec':{}}");
	cr_assert_not(objects_delete(rig.objects, &key, NULL, NULL));
	cr_assert_not(objects_rig_has(&rig, "pods", "acme", "web-0"));
}

Test(objects, a_namespace_takes_its_content_along_and_waits_for_finalizers)
{
	struct object_key namespace = { "namespaces", "", "acme" };
	struct object_key held = { "configmaps", "acme", "held" };
	struct error err = ERROR_INIT;
	struct json *object;

	objects_rig_create(&rig, "configmaps", "acme", "gone", "{}");
	objects_rig_create(&rig, "configmaps", "acme", "held",
			   "{'metadata':{'finalizers':['x/y']}}");
	cr_assert_not(objects_delete(rig.objects, &namespace, NULL, NULL));
	cr_assert_not(objects_rig_has(&rig, "configmaps", "acme", "gone"));
	object = objects_rig_get(&rig, "namespaces", "", "acme");
	cr_assert_str_eq(json_text(object, "status.phase"), "Terminating");
	json_free(object);
	held.name = "new";
	cr_assert(eq(int, objects_create(rig.objects, &held, json_new_map(), NULL, &err),
		     STATUS_FORBIDDEN));
	held.name = "held";
	cr_assert_not(patch(&held, "{'metadata':{'finalizers':null}}", NULL));
	cr_assert_not(objects_rig_has(&rig, "namespaces", "", "acme"));
}

Test(objects, nothing_is_made_in_a_namespace_that_is_not_there)
{
	struct object_key key = { BACKUPS, "nowhere", "b" };
	struct error err = ERROR_INIT;

	cr_assert(eq(int, objects_create(rig.objects, &key, json_new_map(), NULL, &err),
		     STATUS_NOT_FOUND));
	cr_assert_str_eq(err.text, "namespaces \"nowhere\" not found");
}

Test(objects, a_step_of_several_writes_is_kept_or_undone_whole)
{
	int64_t before = objects_version(rig.objects);

	cr_assert_not(objects_begin(rig.objects, NULL));
	objects_rig_create(&rig, BACKUPS, "velero", "b", "{}");
	objects_rollback(rig.objects);
	cr_assert_not(objects_rig_has(&rig, BACKUPS, "velero", "b"));
	cr_assert(eq(i64, objects_version(rig.objects), before));
	cr_assert_not(objects_begin(rig.objects, NULL));
	objects_rig_create(&rig, BACKUPS, "velero", "b", "{}");
	cr_assert_not(objects_commit(rig.objects, NULL));
	cr_assert(objects_rig_has(&rig, BACKUPS, "velero", "b"));
}

Test(objects, a_write_that_fails_inside_a_step_leaves_the_others)
{
	struct object_key key = backup("b");

	cr_assert_not(objects_begin(rig.objects, NULL));
	objects_rig_create(&rig, BACKUPS, "velero", "b", "{}");
	cr_assert(eq(int, objects_create(rig.objects, &key, json_new_map(), NULL, NULL),
		     STATUS_EXISTS));
	cr_assert_not(objects_commit(rig.objects, NULL));
	cr_assert(objects_rig_has(&rig, BACKUPS, "velero", "b"));
}

/* ---- changes ---- */

Test(objects, changes_come_in_order_and_end_where_they_say)
{
	struct object_key key = backup("b"), all = backup("");
	int64_t since = objects_version(rig.objects), version;
	const struct json *event;
	struct json *events;

	objects_rig_create(&rig, BACKUPS, "velero", "b", "{}");
	objects_rig_create(&rig, "configmaps", "velero", "other", "{}");
	cr_assert_not(patch(&key, "{'spec':{'ttl':'1h'}}", NULL));
	cr_assert_not(objects_delete(rig.objects, &key, NULL, NULL));
	cr_assert_not(objects_changes(rig.objects, &all, since, &events, &version, NULL));
	cr_assert(eq(sz, json_count(events), (size_t)3));
	event = json_first(events);
	cr_assert_str_eq(json_key_text(event, "type"), "ADDED");
	event = json_next(event);
	cr_assert_str_eq(json_key_text(event, "type"), "MODIFIED");
	event = json_next(event);
	cr_assert_str_eq(json_key_text(event, "type"), "DELETED");
	cr_assert(eq(i64, version, objects_version(rig.objects)));
	json_free(events);
}

Test(objects, who_looks_from_a_forgotten_version_is_told_so)
{
	struct object_key all = backup("");
	int64_t since = objects_version(rig.objects), version;
	struct json *events;

	objects_forget_history(rig.objects);
	cr_assert(eq(int, objects_changes(rig.objects, &all, since, &events, &version, NULL),
		     STATUS_GONE));
	since = objects_version(rig.objects);
	cr_assert_not(objects_changes(rig.objects, &all, since, &events, &version, NULL));
	json_free(events);
}

Test(objects, the_history_is_bounded)
{
	struct object_key key = backup("b");
	char text[64];
	int i;

	objects_rig_create(&rig, BACKUPS, "velero", "b", "{}");
	cr_assert_not(objects_begin(rig.objects, NULL));
	for (i = 0; i < 12100; i++) {
		snprintf(text, sizeof(text), "{'spec':{'ttl':'%dh'}}", i);
		cr_assert_not(patch(&key, text, NULL));
	}
	cr_assert_not(objects_commit(rig.objects, NULL));
	cr_assert(gt(i64, objects_oldest(rig.objects), 0));
	cr_assert(le(i64, objects_version(rig.objects) - objects_oldest(rig.objects), 12000));
}

static void watch_labels(const char *selector, int64_t since, struct strbuf *out)
{
	struct objects_query query = { .key = { BACKUPS, "velero", "" } };
	struct selector *labels;
	int64_t version;

	cr_assert_not(selector_parse_labels(selector, &labels, NULL));
	query.labels = labels;
	cr_assert_not(objects_changes_text(rig.objects, &query, since, out, &version, NULL));
	selector_free(labels);
}

Test(objects, what_begins_or_ceases_to_match_is_added_or_deleted)
{
	struct object_key key = backup("b");
	int64_t since;
	struct strbuf lines = STRBUF_INIT;

	objects_rig_create(&rig, BACKUPS, "velero", "b", "{}");
	since = objects_version(rig.objects);
	cr_assert_not(patch(&key, "{'metadata':{'labels':{'a':'b'}}}", NULL));
	watch_labels("a=b", since, &lines);
	cr_assert(text_starts(lines.buf, "{\"type\":\"ADDED\""));
	strbuf_reset(&lines);
	since = objects_version(rig.objects);
	cr_assert_not(patch(&key, "{'metadata':{'labels':{'a':'c'}}}", NULL));
	watch_labels("a=b", since, &lines);
	cr_assert(text_starts(lines.buf, "{\"type\":\"DELETED\""));
	strbuf_reset(&lines);
	watch_labels("a=z", since, &lines);
	cr_assert(eq(sz, lines.len, (size_t)0));
	strbuf_done(&lines);
}
