#include "backend/practice/object_meta.h"

#include "backend/base/clock.h"
#include "backend/base/mem.h"
#include "backend/practice/kinds.h"

#include <string.h>
#include <sys/random.h>

static void random_bytes(unsigned char *bytes, size_t count)
{
	if (getrandom(bytes, count, 0) != (ssize_t)count)
		die("no random numbers from the kernel");
}

char *object_meta_random_name(const char *prefix)
{
	static const char alphabet[] = "bcdfghjklmnpqrstvwxz2456789";
	struct strbuf name = STRBUF_INIT;
	unsigned char bytes[5];
	size_t i;

	random_bytes(bytes, sizeof(bytes));
	/* As the real one: at most 63 with the suffix. */
	strbuf_add(&name, prefix, strnlen(prefix, 58));
	for (i = 0; i < sizeof(bytes); i++)
		strbuf_addc(&name, alphabet[bytes[i] % (sizeof(alphabet) - 1)]);
	return strbuf_detach(&name);
}

static void put_uid(struct json *meta)
{
	struct strbuf uid = STRBUF_INIT;
	unsigned char bytes[16];
	size_t i;

	random_bytes(bytes, sizeof(bytes));
	bytes[6] = (unsigned char)((bytes[6] & 0x0F) | 0x40);
	bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80);
	for (i = 0; i < sizeof(bytes); i++)
		strbuf_addf(&uid, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x",
			    bytes[i]);
	json_put_text(meta, "uid", uid.buf);
	strbuf_done(&uid);
}

static void put_time(struct json *meta, const char *key, int64_t time)
{
	struct strbuf text = STRBUF_INIT;

	clock_add_rfc3339(&text, time);
	json_put_text(meta, key, text.buf);
	strbuf_done(&text);
}

static struct json *metadata_of(struct json *object)
{
	struct json *meta = json_key_mut(object, "metadata");

	return json_type(meta) == JSON_MAP ? meta : json_put(object, "metadata", json_new_map());
}

/* apiVersion and kind go first when they were missing; actors may leave them out. */
static void put_type(struct json *object, const struct kind *kind)
{
	struct strbuf version = STRBUF_INIT;

	if (*kind->group)
		strbuf_addf(&version, "%s/", kind->group);
	strbuf_adds(&version, kind->version);
	json_put_text(object, "apiVersion", version.buf);
	json_put_text(object, "kind", kind->kind);
	strbuf_done(&version);
}

void object_meta_create(struct json *object, const struct object_key *key, int64_t now)
{
	const struct kind *kind = kind_by_resource(key->resource);
	struct json *meta = metadata_of(object);
	int64_t created = clock_parse_rfc3339(json_text(meta, "creationTimestamp"));

	if (kind)
		put_type(object, kind);
	json_put_text(meta, "name", key->name);
	if (*key->namespace)
		json_put_text(meta, "namespace", key->namespace);
	else
		json_remove(meta, "namespace");
	put_uid(meta);
	/* A past time stays: the seed tells two weeks of history. The API clears it first. */
	put_time(meta, "creationTimestamp", created && created < now ? created : now);
	json_remove(meta, "deletionTimestamp");
	json_remove(meta, "deletionGracePeriodSeconds");
	json_remove(meta, "selfLink");
	if (kind && kind->flags & KIND_GENERATION)
		json_put_int(meta, "generation", 1);
	else
		json_remove(meta, "generation");
}

static void keep(struct json *meta, const struct json *current, const char *key)
{
	const struct json *old = json_key(json_key(current, "metadata"), key);

	if (old)
		json_put(meta, key, json_clone(old));
	else
		json_remove(meta, key);
}

/* Whether something changed that counts: not metadata, and not status where it is a sub-resource.
 */
static bool content_differs(const struct json *next, const struct json *current,
			    const struct kind *kind)
{
	const struct json *child;
	size_t left = json_count(current), right = json_count(next);

	if (left != right)
		return true;
	for (child = json_first(next); child; child = json_next(child)) {
		const char *name = json_name(child);

		if (strcmp(name, "metadata") == 0 ||
		    (kind->flags & KIND_STATUS && strcmp(name, "status") == 0))
			continue;
		if (!json_equal(child, json_key(current, name)))
			return true;
	}
	return false;
}

void object_meta_update(struct json *next, const struct json *current, const struct object_key *key)
{
	static const char *const kept[] = { "name",
					    "namespace",
					    "uid",
					    "creationTimestamp",
					    "deletionTimestamp",
					    "deletionGracePeriodSeconds",
					    "generation",
					    "resourceVersion" };
	const struct kind *kind = kind_by_resource(key->resource);
	struct json *meta = metadata_of(next);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kept); i++)
		keep(meta, current, kept[i]);
	if (kind) {
		put_type(next, kind);
		if (kind->flags & KIND_GENERATION && content_differs(next, current, kind))
			json_put_int(meta, "generation", json_int(meta, "generation", 0) + 1);
	}
}

void object_meta_delete(struct json *object, int64_t now, int64_t grace_s)
{
	struct json *meta = metadata_of(object);

	if (object_meta_is_deleting(object))
		return;
	put_time(meta, "deletionTimestamp", now + grace_s);
	json_put_int(meta, "deletionGracePeriodSeconds", grace_s);
	if (json_key(meta, "generation"))
		json_put_int(meta, "generation", json_int(meta, "generation", 0) + 1);
}

bool object_meta_is_deleting(const struct json *object)
{
	return *json_text(object, "metadata.deletionTimestamp");
}

bool object_meta_has_finalizers(const struct json *object)
{
	return json_count(json_get(object, "metadata.finalizers")) > 0;
}

bool object_meta_drop_owner(struct json *object, const char *uid)
{
	const struct json *owner;
	struct json *left = json_new_list();
	bool some;

	for (owner = json_first(json_get(object, "metadata.ownerReferences")); owner;
	     owner = json_next(owner)) {
		if (strcmp(json_key_text(owner, "uid"), uid) != 0)
			json_add(left, json_clone(owner));
	}
	some = json_count(left) > 0;
	if (some) {
		json_put(metadata_of(object), "ownerReferences", left);
	} else {
		json_remove(metadata_of(object), "ownerReferences");
		json_free(left);
	}
	return some;
}
