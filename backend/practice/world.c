#include "backend/practice/world.h"

#include "backend/base/clock.h"
#include "backend/base/mem.h"
#include "backend/base/sha256.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LABEL_MAX 63

void world_init(struct world *world)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&world->lock, NULL);
	pthread_cond_init(&world->wake, &attr);
	pthread_condattr_destroy(&attr);
	atomic_store(&world->stopping, false);
}

void world_done(struct world *world)
{
	pthread_cond_destroy(&world->wake);
	pthread_mutex_destroy(&world->lock);
}

void world_stop(struct world *world)
{
	pthread_mutex_lock(&world->lock);
	atomic_store(&world->stopping, true);
	pthread_cond_broadcast(&world->wake);
	pthread_mutex_unlock(&world->lock);
}

bool world_stopping(struct world *world)
{
	return atomic_load(&world->stopping);
}

bool world_sleep(struct world *world, int ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&world->lock);
	while (!atomic_load(&world->stopping)) {
		if (pthread_cond_timedwait(&world->wake, &world->lock, &until) == ETIMEDOUT)
			break;
	}
	pthread_mutex_unlock(&world->lock);
	return !world_stopping(world);
}

bool world_pause(struct world *world, int real_ms, int fast_ms)
{
	return world_sleep(world, world->fast ? fast_ms : real_ms);
}

int64_t world_minute(const struct world *world)
{
	return world->fast ? 2 : 60;
}

struct json *world_list(struct world *world, const char *resource, const char *namespace,
			const char *selector)
{
	struct object_key key = { resource, namespace, "" };
	struct json *items = NULL;
	int64_t version;

	if (objects_list(world->objects, &key, selector, &items, &version, NULL))
		return json_new_list();
	return items;
}

struct json *world_get(struct world *world, const char *resource, const char *namespace,
		       const char *name)
{
	struct object_key key = { resource, namespace, name };
	struct json *object = NULL;

	return objects_get(world->objects, &key, &object, NULL) ? NULL : object;
}

static struct object_key key_of(const char *resource, const struct json *object)
{
	return (struct object_key){ resource, object_namespace(object), object_name(object) };
}

struct json *world_patch(struct world *world, const char *resource, const struct json *object,
			 struct json *patch)
{
	struct object_key key = key_of(resource, object);
	struct json *changed = NULL;

	if (objects_patch(world->objects, &key, patch, &changed, NULL))
		changed = NULL;
	json_free(patch);
	return changed;
}

bool world_put(struct world *world, const char *resource, const struct json *object,
	       const char *path, struct json *value)
{
	struct json *patch = json_new_map(), *changed;

	json_put_path(patch, path, value);
	changed = world_patch(world, resource, object, patch);
	json_free(changed);
	return changed != NULL;
}

struct json *world_create(struct world *world, const char *resource, struct json *object,
			  struct error *err)
{
	/* The key's texts must outlive the object, which objects_create() takes over. */
	char *namespace = mem_text(object_namespace(object)), *name = mem_text(object_name(object));
	struct object_key key = { resource, namespace, name };
	struct json *made = NULL;

	if (world->past)
		json_put_path(object, "metadata.creationTimestamp", world_time(world->past));
	if (objects_create(world->objects, &key, object, &made, err))
		made = NULL;
	free(namespace);
	free(name);
	return made;
}

void world_delete(struct world *world, const char *resource, const struct json *object)
{
	struct object_key key = key_of(resource, object);

	/* Gone already is as good. */
	(void)objects_delete(world->objects, &key, NULL, NULL);
}

void world_bury(struct world *world, const struct json *pod)
{
	struct object_key key = { "pods", object_namespace(pod), object_name(pod) };
	struct objects_delete_options options = { object_uid(pod), "", false, true };

	(void)objects_delete_with(world->objects, &key, &options, NULL, NULL);
}

static bool pod_is_on_duty(const struct json *pod)
{
	return strcmp(object_phase(pod), "Running") == 0 && !object_is_deleting(pod);
}

void world_server(struct world *world, char ret_uid[WORLD_UID])
{
	struct json *pods = world_list(world, "pods", VELERO_NAMESPACE, "deploy=velero");
	const struct json *pod = json_first(pods);

	while (pod && !pod_is_on_duty(pod))
		pod = json_next(pod);
	snprintf(ret_uid, WORLD_UID, "%s", pod ? object_uid(pod) : "");
	json_free(pods);
}

bool world_server_is(struct world *world, const char *uid)
{
	char now[WORLD_UID];

	world_server(world, now);
	return strcmp(now, uid) == 0;
}

bool world_pod_runs(struct world *world, const char *namespace, const char *selector)
{
	struct json *pods = world_list(world, "pods", namespace, selector);
	const struct json *pod;
	bool runs = false;

	for (pod = json_first(pods); pod; pod = json_next(pod))
		runs = runs || pod_is_on_duty(pod);
	json_free(pods);
	return runs;
}

const char *object_name(const struct json *object)
{
	return json_text(object, "metadata.name");
}

const char *object_namespace(const struct json *object)
{
	return json_text(object, "metadata.namespace");
}

const char *object_uid(const struct json *object)
{
	return json_text(object, "metadata.uid");
}

const char *object_phase(const struct json *object)
{
	return json_text(object, "status.phase");
}

const char *object_label(const struct json *object, const char *key)
{
	return json_key_text(json_get(object, "metadata.labels"), key);
}

const char *object_annotation(const struct json *object, const char *key)
{
	return json_key_text(json_get(object, "metadata.annotations"), key);
}

bool object_is_deleting(const struct json *object)
{
	return *json_text(object, "metadata.deletionTimestamp") != '\0';
}

bool object_has_finalizer(const struct json *object, const char *finalizer)
{
	const struct json *entry = json_first(json_get(object, "metadata.finalizers"));

	for (; entry; entry = json_next(entry)) {
		if (strcmp(json_value(entry), finalizer) == 0)
			return true;
	}
	return false;
}

struct json *object_finalizers_without(const struct json *object, const char *finalizer)
{
	const struct json *entry = json_first(json_get(object, "metadata.finalizers"));
	struct json *rest = json_new_list();

	for (; entry; entry = json_next(entry)) {
		if (strcmp(json_value(entry), finalizer) != 0)
			json_add_text(rest, json_value(entry));
	}
	if (json_count(rest) > 0)
		return rest;
	json_free(rest);
	return json_new_null();
}

int64_t object_created(const struct json *object)
{
	return clock_parse_rfc3339(json_text(object, "metadata.creationTimestamp"));
}

struct json *world_time(int64_t unix_s)
{
	struct strbuf text = STRBUF_INIT;
	struct json *node;

	clock_add_rfc3339(&text, unix_s);
	node = json_new_text(text.buf);
	strbuf_done(&text);
	return node;
}

void world_add_label_value(struct strbuf *out, const char *name)
{
	char hex[SHA256_HEX];

	if (strlen(name) <= LABEL_MAX) {
		strbuf_adds(out, name);
		return;
	}
	sha256_hex(name, strlen(name), hex);
	strbuf_add(out, name, LABEL_MAX - 6);
	strbuf_add(out, hex, 6);
}

struct json *world_owner(const struct json *owner)
{
	struct json *list = json_new_list();
	struct json *reference = json_add(list, json_new_map());

	json_put_text(reference, "apiVersion", json_text(owner, "apiVersion"));
	json_put_bool(reference, "controller", true);
	json_put_text(reference, "kind", json_text(owner, "kind"));
	json_put_text(reference, "name", object_name(owner));
	json_put_text(reference, "uid", object_uid(owner));
	return list;
}

void world_add_path(const struct world *world, struct strbuf *out, const char *fmt, ...)
{
	va_list args;

	strbuf_addf(out, "%s/", world->dir);
	va_start(args, fmt);
	strbuf_vaddf(out, fmt, args);
	va_end(args);
}

static const struct json *pod_volume(const struct json *pod, const char *volume)
{
	const struct json *entry = json_first(json_get(pod, "spec.volumes"));

	for (; entry; entry = json_next(entry)) {
		if (strcmp(json_key_text(entry, "name"), volume) == 0)
			return entry;
	}
	return NULL;
}

const char *pod_claim(const struct json *pod, const char *volume)
{
	return json_text(pod_volume(pod, volume), "persistentVolumeClaim.claimName");
}

bool world_volume_path(const struct world *world, const struct json *pod, const char *volume,
		       struct strbuf *out)
{
	const char *claim = pod_claim(pod, volume);

	if (*claim)
		world_add_path(world, out, "volumes/%s/%s", object_namespace(pod), claim);
	else if (json_key(pod_volume(pod, volume), "emptyDir"))
		world_add_path(world, out, "pods/%s/%s", object_uid(pod), volume);
	else
		return false;
	return true;
}
