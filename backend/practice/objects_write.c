#include "backend/base/clock.h"
#include "backend/base/mem.h"
#include "backend/practice/kinds.h"
#include "backend/practice/object_meta.h"
#include "backend/practice/objects.h"
#include "backend/practice/objects_rows.h"
#include "backend/practice/selector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the API server itself tries before it gives up (k8s.io/apiserver,
 * maxNameGenerationCreateAttempts). */
#define NAME_ATTEMPTS 8
#define POD_GRACE_S   30 /* terminationGracePeriodSeconds, where nothing else is said */

enum status objects_begin(struct objects *objects, struct error *err)
{
	return rows_begin(objects, err);
}

enum status objects_commit(struct objects *objects, struct error *err)
{
	return rows_end(objects, STATUS_OK, err);
}

void objects_rollback(struct objects *objects)
{
	rows_end(objects, STATUS_CANCELLED, NULL);
}

static enum status not_found(const struct object_key *key, struct error *err)
{
	return error_set(err, STATUS_NOT_FOUND, "%s \"%s\" not found", key->resource, key->name);
}

static enum status modified(const struct object_key *key, struct error *err)
{
	return error_set(err, STATUS_CONFLICT,
			 "Operation cannot be fulfilled on %s \"%s\": the object has been "
			 "modified; please apply your changes to the latest version and try again",
			 key->resource, key->name);
}

/* The object, or STATUS_NOT_FOUND. */
static enum status read_there(struct objects *objects, const struct object_key *key,
			      struct json **ret_object, struct error *err)
{
	struct json *object = NULL;
	enum status st = rows_read(objects, key, &object, err);

	if (!st && !object)
		st = not_found(key, err);
	if (!st)
		*ret_object = object;
	return st;
}

enum status objects_get(struct objects *objects, const struct object_key *key,
			struct json **ret_object, struct error *err)
{
	enum status st = rows_begin(objects, err);

	if (st)
		return st;
	return rows_end(objects, read_there(objects, key, ret_object, err), err);
}

/* ---- lists and changes as trees, for the actors ---- */

enum status objects_list(struct objects *objects, const struct object_key *key,
			 const char *selector, struct json **ret_items, int64_t *ret_version,
			 struct error *err)
{
	struct objects_query query = { .key = *key };
	struct objects_page page = { .items = STRBUF_INIT };
	struct selector *labels = NULL;
	struct json *items;
	enum status st;

	st = selector_parse_labels(selector, &labels, err);
	if (st)
		return st;
	query.labels = labels;
	strbuf_addc(&page.items, '[');
	st = objects_list_text(objects, &query, &page, err);
	strbuf_addc(&page.items, ']');
	items = st ? NULL : json_parse(page.items.buf, page.items.len, err);
	if (!st && !items)
		st = STATUS_FORMAT;
	if (!st) {
		*ret_items = items;
		*ret_version = page.version;
	}
	selector_free(labels);
	strbuf_done(&page.items);
	return st;
}

enum status objects_changes(struct objects *objects, const struct object_key *key, int64_t since,
			    struct json **ret_events, int64_t *ret_version, struct error *err)
{
	struct objects_query query = { .key = *key };
	struct strbuf lines = STRBUF_INIT;
	struct json *events;
	const char *line, *end;
	enum status st;

	st = objects_changes_text(objects, &query, since, &lines, ret_version, err);
	if (!st) {
		events = json_new_list();
		for (line = lines.buf; (end = strchr(line, '\n')); line = end + 1)
			json_add(events, json_parse(line, (size_t)(end - line), NULL));
		*ret_events = events;
	}
	strbuf_done(&lines);
	return st;
}

/* ---- create ---- */

/* A namespaced object needs its namespace, and one that is not going away. */
static enum status check_namespace(struct objects *objects, const struct object_key *key,
				   struct error *err)
{
	struct object_key namespace = { "namespaces", "", key->namespace };
	struct json *there = NULL;
	enum status st;

	if (!*key->namespace)
		return STATUS_OK;
	st = read_there(objects, &namespace, &there, err);
	if (!st && object_meta_is_deleting(there))
		st = error_set(err, STATUS_FORBIDDEN,
			       "%s \"%s\" is forbidden: unable to create new content in namespace "
			       "%s because it is being terminated",
			       key->resource, key->name, key->namespace);
	json_free(there);
	return st;
}

static enum status is_free(struct objects *objects, const struct object_key *key, struct error *err)
{
	struct json *there = NULL;
	enum status st = rows_read(objects, key, &there, err);

	if (!st && there)
		st = error_set(err, STATUS_EXISTS, "%s%s \"%s\" already exists",
			       object_meta_is_deleting(there) ? "object is being deleted: " : "",
			       key->resource, key->name);
	json_free(there);
	return st;
}

/* Fills key->name from generateName when there is no name; *ret_name owns it. */
static enum status find_name(struct objects *objects, struct object_key *key,
			     const struct json *object, char **ret_name, struct error *err)
{
	const char *prefix = json_text(object, "metadata.generateName");
	enum status st = STATUS_OK;
	int attempt;

	if (!*key->name)
		key->name = json_text(object, "metadata.name");
	if (*key->name)
		return is_free(objects, key, err);
	if (!*prefix)
		return error_set(err, STATUS_INVALID, "%s: name or generateName is required",
				 key->resource);
	for (attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
		free(*ret_name);
		*ret_name = object_meta_random_name(prefix);
		key->name = *ret_name;
		st = is_free(objects, key, err);
		if (st != STATUS_EXISTS)
			break;
	}
	return st;
}

/* The namespace controller's and the API server's own part of a new namespace. */
static void complete_namespace(struct json *object, const char *name)
{
	json_put_path(object, "metadata.labels.[kubernetes.io/metadata.name]", json_new_text(name));
	json_put_path(object, "status.phase", json_new_text("Active"));
}

static enum status create_inside(struct objects *objects, struct object_key *key,
				 struct json *object, struct error *err)
{
	char *generated = NULL, *name = NULL;
	enum status st;

	st = find_name(objects, key, object, &generated, err);
	if (!st)
		st = check_namespace(objects, key, err);
	if (st)
		goto out;
	/* The metadata is written over: a name borrowed from it would not survive. */
	name = mem_text(key->name);
	key->name = name;
	object_meta_create(object, key, clock_now());
	if (strcmp(key->resource, "namespaces") == 0)
		complete_namespace(object, key->name);
	st = rows_write(objects, key, ROW_ADDED, object, NULL, err);
out:
	free(name);
	free(generated);
	return st;
}

enum status objects_create(struct objects *objects, const struct object_key *key,
			   struct json *object, struct json **ret_object, struct error *err)
{
	struct object_key at = *key;
	enum status st = rows_begin(objects, err);

	if (!st)
		st = rows_end(objects, create_inside(objects, &at, object, err), err);
	if (st || !ret_object)
		json_free(object);
	else
		*ret_object = object;
	return st;
}

/* ---- removal ---- */

static enum status remove_object(struct objects *objects, const struct object_key *key,
				 struct json *object, bool orphan, struct error *err);

static struct object_key key_of(const struct json *row)
{
	struct object_key key = { json_key_text(row, "resource"), json_key_text(row, "namespace"),
				  json_key_text(row, "name") };

	return key;
}

/* One dependant of an owner that has gone: it loses the reference, and goes too when that was its
 * last owner. */
static enum status release_dependant(struct objects *objects, const struct object_key *key,
				     const char *owner, bool orphan, struct error *err)
{
	struct json *object = NULL, *previous = NULL;
	enum status st = rows_read(objects, key, &object, err);

	if (st || !object)
		return st;
	previous = json_clone(object);
	if (object_meta_drop_owner(object, owner) || orphan)
		st = rows_write(objects, key, ROW_MODIFIED, object, previous, err);
	else
		st = remove_object(objects, key, previous, false, err);
	json_free(object);
	json_free(previous);
	return st;
}

static enum status release_dependants(struct objects *objects, const char *owner, bool orphan,
				      struct error *err)
{
	struct json *keys = NULL;
	const struct json *row;
	enum status st = rows_dependants(objects, owner, &keys, err);

	for (row = json_first(keys); row && !st; row = json_next(row)) {
		struct object_key key = key_of(row);

		st = release_dependant(objects, &key, owner, orphan, err);
	}
	json_free(keys);
	return st;
}

/* A terminating namespace goes with the last object in it. */
static enum status close_namespace(struct objects *objects, const char *namespace,
				   struct error *err)
{
	struct object_key key = { "namespaces", "", namespace };
	struct json *object = NULL, *left = NULL;
	enum status st = rows_read(objects, &key, &object, err);

	if (st || !object || !object_meta_is_deleting(object))
		goto out;
	st = rows_in_namespace(objects, namespace, &left, err);
	if (!st && json_count(left) == 0 && !object_meta_has_finalizers(object))
		st = rows_write(objects, &key, ROW_DELETED, object, object, err);
out:
	json_free(left);
	json_free(object);
	return st;
}

static enum status remove_now(struct objects *objects, const struct object_key *key,
			      struct json *object, bool orphan, struct error *err)
{
	struct json *previous = json_clone(object);
	enum status st = rows_write(objects, key, ROW_DELETED, object, previous, err);

	json_free(previous);
	if (!st)
		st = release_dependants(objects, json_text(object, "metadata.uid"), orphan, err);
	if (!st && *key->namespace)
		st = close_namespace(objects, key->namespace, err);
	return st;
}

/* A pod that a node has taken goes when the kubelet says so (workload_pods.c), not before. */
static bool is_held_by_node(const struct object_key *key, const struct json *object)
{
	return strcmp(key->resource, "pods") == 0 && *json_text(object, "spec.nodeName");
}

/* Marked once; what waits for a finalizer or a node stays. */
static enum status mark_deleting(struct objects *objects, const struct object_key *key,
				 struct json *object, struct error *err)
{
	struct json *previous;
	enum status st;

	if (object_meta_is_deleting(object))
		return STATUS_OK;
	previous = json_clone(object);
	object_meta_delete(object, clock_now(), is_held_by_node(key, object) ? POD_GRACE_S : 0);
	if (strcmp(key->resource, "namespaces") == 0)
		json_put_path(object, "status.phase", json_new_text("Terminating"));
	st = rows_write(objects, key, ROW_MODIFIED, object, previous, err);
	json_free(previous);
	return st;
}

static enum status empty_namespace(struct objects *objects, const struct object_key *key,
				   struct json *object, struct error *err)
{
	struct json *keys = NULL;
	const struct json *row;
	enum status st = mark_deleting(objects, key, object, err);

	if (!st)
		st = rows_in_namespace(objects, key->name, &keys, err);
	for (row = json_first(keys); row && !st; row = json_next(row)) {
		struct object_key inside = key_of(row);
		struct json *content = NULL;

		/* It may have gone already, with its owner. */
		st = rows_read(objects, &inside, &content, err);
		if (!st && content)
			st = remove_object(objects, &inside, content, false, err);
		json_free(content);
	}
	if (!st && json_count(keys) == 0)
		st = close_namespace(objects, key->name, err);
	json_free(keys);
	return st;
}

/* `object` becomes what it is after. */
static enum status remove_object(struct objects *objects, const struct object_key *key,
				 struct json *object, bool orphan, struct error *err)
{
	if (strcmp(key->resource, "namespaces") == 0)
		return empty_namespace(objects, key, object, err);
	if (object_meta_has_finalizers(object) || is_held_by_node(key, object))
		return mark_deleting(objects, key, object, err);
	return remove_now(objects, key, object, orphan, err);
}

static enum status check_preconditions(const struct object_key *key,
				       const struct objects_delete_options *options,
				       const struct json *object, struct error *err)
{
	const struct kind *kind = kind_by_resource(key->resource);
	const char *uid = json_text(object, "metadata.uid");
	const char *version = json_text(object, "metadata.resourceVersion");

	if (*options->uid && strcmp(options->uid, uid) != 0)
		return error_set(err, STATUS_CONFLICT,
				 "Operation cannot be fulfilled on %s%s%s \"%s\": the UID in the "
				 "precondition (%s) does not match the UID in record (%s). The "
				 "object might have been deleted and then recreated",
				 kind ? kind->kind : key->resource, kind && *kind->group ? "." : "",
				 kind ? kind->group : "", key->name, options->uid, uid);
	if (*options->version && strcmp(options->version, version) != 0)
		return error_set(err, STATUS_CONFLICT,
				 "Operation cannot be fulfilled on %s%s%s \"%s\": the "
				 "ResourceVersion in the precondition (%s) does not match the "
				 "ResourceVersion in record (%s). The object might have been "
				 "modified",
				 kind ? kind->kind : key->resource, kind && *kind->group ? "." : "",
				 kind ? kind->group : "", key->name, options->version, version);
	return STATUS_OK;
}

enum status objects_delete_with(struct objects *objects, const struct object_key *key,
				const struct objects_delete_options *options,
				struct json **ret_object, struct error *err)
{
	struct json *object = NULL;
	enum status st = rows_begin(objects, err);

	if (st)
		return st;
	st = read_there(objects, key, &object, err);
	if (!st)
		st = check_preconditions(key, options, object, err);
	if (!st && options->at_once && !object_meta_has_finalizers(object) &&
	    is_held_by_node(key, object))
		st = remove_now(objects, key, object, options->orphan, err);
	else if (!st)
		st = remove_object(objects, key, object, options->orphan, err);
	st = rows_end(objects, st, err);
	if (st || !ret_object)
		json_free(object);
	else
		*ret_object = object;
	return st;
}

enum status objects_delete(struct objects *objects, const struct object_key *key,
			   struct json **ret_object, struct error *err)
{
	struct objects_delete_options any = { "", "", false, false };

	return objects_delete_with(objects, key, &any, ret_object, err);
}

/* ---- update ---- */

/* A version or uid in the new object is the caller's claim of what he has read. */
static enum status check_claims(const struct object_key *key, const struct json *current,
				const struct json *next, struct error *err)
{
	const char *version = json_text(next, "metadata.resourceVersion");
	const char *uid = json_text(next, "metadata.uid");

	if (*version && strcmp(version, json_text(current, "metadata.resourceVersion")) != 0)
		return modified(key, err);
	if (*uid && strcmp(uid, json_text(current, "metadata.uid")) != 0)
		return error_set(err, STATUS_CONFLICT,
				 "Operation cannot be fulfilled on %s \"%s\": Precondition failed: "
				 "UID in precondition: %s, UID in object meta: %s",
				 key->resource, key->name, uid, json_text(current, "metadata.uid"));
	return STATUS_OK;
}

static enum status store_next(struct objects *objects, const struct object_key *key,
			      const struct json *current, struct json *next, struct error *err)
{
	enum status st = check_claims(key, current, next, err);

	if (st)
		return st;
	object_meta_update(next, current, key);
	if (object_meta_is_deleting(next) && !object_meta_has_finalizers(next) &&
	    strcmp(key->resource, "namespaces") != 0 && !is_held_by_node(key, next))
		return remove_now(objects, key, next, false, err);
	if (json_equal(next, current))
		return STATUS_OK;
	st = rows_write(objects, key, ROW_MODIFIED, next, current, err);
	if (!st && strcmp(key->resource, "namespaces") == 0)
		st = close_namespace(objects, key->name, err);
	return st;
}

enum status objects_modify(struct objects *objects, const struct object_key *key,
			   objects_change change, void *arg, struct json **ret_object,
			   struct error *err)
{
	struct json *current = NULL, *next = NULL;
	enum status st = rows_begin(objects, err);

	if (st)
		return st;
	st = read_there(objects, key, &current, err);
	if (!st) {
		next = json_clone(current);
		st = change(arg, current, next, err);
	}
	if (!st)
		st = store_next(objects, key, current, next, err);
	st = rows_end(objects, st, err);
	json_free(current);
	if (st || !ret_object)
		json_free(next);
	else
		*ret_object = next;
	return st;
}

/* Replaces what stands in `next` by the children of arg. */
static enum status replace_object(void *arg, const struct json *current, struct json *next,
				  struct error *err)
{
	const struct json *object = arg, *child;

	(void)err;
	for (child = json_first(current); child; child = json_next(child)) {
		if (!json_key(object, json_name(child)))
			json_remove(next, json_name(child));
	}
	for (child = json_first(object); child; child = json_next(child))
		json_put(next, json_name(child), json_clone(child));
	return STATUS_OK;
}

enum status objects_update(struct objects *objects, const struct object_key *key,
			   struct json *object, struct json **ret_object, struct error *err)
{
	enum status st = objects_modify(objects, key, replace_object, object, ret_object, err);

	json_free(object);
	return st;
}

struct patch_arg {
	const struct json *patch;
};

static enum status merge_patch(void *arg, const struct json *current, struct json *next,
			       struct error *err)
{
	const struct patch_arg *patch = arg;

	(void)current;
	(void)err;
	json_merge(next, patch->patch);
	return STATUS_OK;
}

enum status objects_patch(struct objects *objects, const struct object_key *key,
			  const struct json *patch, struct json **ret_object, struct error *err)
{
	struct patch_arg arg = { patch };

	return objects_modify(objects, key, merge_patch, &arg, ret_object, err);
}
