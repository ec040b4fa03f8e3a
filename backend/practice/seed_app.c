#include "backend/practice/kots_backup.h"
#include "backend/practice/seed.h"
#include "backend/practice/seed_kit.h"

#include <string.h>

/* The application: name, kind, image, port, what it mounts and how big it says it is. A claim of a
 * StatefulSet is named MOUNT-NAME-0, that of a Deployment like its volume. */
static const struct part {
	const char *name, *resource, *image;
	int port;
	int replicas;
	const char *volume, *mount, *size;
	const char *hook; /* command before a backup, or NULL */
} parts[] = {
	{ "postgres", "statefulsets.apps", "postgres:15.8", 5432, 1, "data",
	  "/var/lib/postgresql/data", "10Gi", "[\"/bin/sh\",\"-c\",\"psql -c CHECKPOINT\"]" },
	{ "clickhouse", "statefulsets.apps", "clickhouse-server:24.8.4", 8123, 1, "data",
	  "/var/lib/clickhouse", "20Gi", NULL },
	{ "web", "deployments.apps", "acme-web:2.4.0", 8080, 1, "uploads", "/srv/uploads", "5Gi",
	  NULL },
	{ "api", "deployments.apps", "acme-api:2.4.0", 8081, 2, NULL, NULL, NULL, NULL },
};

#define REGISTRY "proxy.example.com/acme-analytics/"

static bool is_numbered(const struct part *part)
{
	return strcmp(part->resource, "statefulsets.apps") == 0;
}

static struct json *claim_spec(const char *size)
{
	struct json *spec = json_new_map();

	json_add_text(json_put(spec, "accessModes", json_new_list()), "ReadWriteOnce");
	json_put_path(spec, "resources.requests.storage", json_new_text(size));
	json_put_text(spec, "storageClassName", "local");
	return spec;
}

static struct json *container_of(const struct part *part)
{
	struct json *container = json_new_map(), *entry;
	struct strbuf image = STRBUF_INIT;

	strbuf_addf(&image, REGISTRY "%s", part->image);
	json_put_text(container, "name", part->name);
	json_put_text(container, "image", image.buf);
	entry = json_add(json_put(container, "ports", json_new_list()), json_new_map());
	json_put_int(entry, "containerPort", part->port);
	if (part->volume) {
		entry = json_add(json_put(container, "volumeMounts", json_new_list()),
				 json_new_map());
		json_put_text(entry, "name", part->volume);
		json_put_text(entry, "mountPath", part->mount);
	}
	strbuf_done(&image);
	return container;
}

static struct json *template_of(const struct part *part)
{
	struct json *template = json_new_map(),
		    *metadata = json_put(template, "metadata", json_new_map());
	struct json *entry;

	seed_put_owner(metadata, SEED_OF_APP);
	json_put_path(metadata, "labels.app", json_new_text(part->name));
	if (part->volume)
		json_put_path(metadata, "annotations.[backup.velero.io/backup-volumes]",
			      json_new_text(part->volume));
	if (part->hook) {
		json_put_path(metadata, "annotations.[pre.hook.backup.velero.io/command]",
			      json_new_text(part->hook));
		json_put_path(metadata, "annotations.[pre.hook.backup.velero.io/on-error]",
			      json_new_text("Continue"));
	}
	json_add(json_put_path(template, "spec.containers", json_new_list()), container_of(part));
	if (part->volume && !is_numbered(part)) {
		entry = json_add(json_put_path(template, "spec.volumes", json_new_list()),
				 json_new_map());
		json_put_text(entry, "name", part->volume);
		json_put_path(entry, "persistentVolumeClaim.claimName",
			      json_new_text(part->volume));
	}
	return template;
}

static struct json *workload_of(const struct part *part)
{
	struct json *object = seed_object(KOTS_NAMESPACE, part->name, SEED_OF_APP), *spec, *entry;

	spec = json_put(object, "spec", json_new_map());
	json_put_int(spec, "replicas", part->replicas);
	json_put_path(spec, "selector.matchLabels.app", json_new_text(part->name));
	json_put(spec, "template", template_of(part));
	if (is_numbered(part)) {
		json_put_text(spec, "serviceName", part->name);
		/* KOTS leaves claim templates alone: their claims carry no label of the
		 * application. */
		entry = json_add(json_put(spec, "volumeClaimTemplates", json_new_list()),
				 json_new_map());
		json_put_path(entry, "metadata.name", json_new_text(part->volume));
		json_put_path(entry, "metadata.labels.app", json_new_text(part->name));
		json_put(entry, "spec", claim_spec(part->size));
	}
	return object;
}

static struct json *service_of(const struct part *part)
{
	struct json *object = seed_object(KOTS_NAMESPACE, part->name, SEED_OF_APP), *entry;

	json_put_path(object, "spec.selector.app", json_new_text(part->name));
	json_put_path(object, "spec.clusterIP",
		      json_new_text(is_numbered(part) ? "None" : "10.96.0.40"));
	entry = json_add(json_put_path(object, "spec.ports", json_new_list()), json_new_map());
	json_put_text(entry, "name", part->name);
	json_put_int(entry, "port", part->port);
	return object;
}

static enum status put_part(struct world *world, const struct part *part, struct error *err)
{
	struct json *claim;
	enum status st = STATUS_OK;

	if (part->volume && !is_numbered(part)) {
		claim = seed_object(KOTS_NAMESPACE, part->volume, SEED_OF_APP);
		json_put(claim, "spec", claim_spec(part->size));
		st = seed_put(world, "persistentvolumeclaims", claim, err);
	}
	if (!st)
		st = seed_put(world, part->resource, workload_of(part), err);
	if (!st)
		st = seed_put(world, "services", service_of(part), err);
	return st;
}

static enum status put_data(struct world *world)
{
	struct json *unsaved;
	enum status st;

	st = seed_put_data(world, "configmaps", KOTS_NAMESPACE, "acme-settings", SEED_OF_APP,
			   (const char *const[]){ "LOG_LEVEL", "info", "WORKERS", "4", "PUBLIC_URL",
						  "https://analytics.example.com", NULL });
	if (!st)
		st = seed_put_data(
			world, "secrets", KOTS_NAMESPACE, "acme-database", SEED_OF_APP,
			(const char *const[]){ "username", "acme", "password", "practice", NULL });
	if (st)
		return st;
	unsaved = seed_object(KOTS_NAMESPACE, "acme-build-cache", SEED_OF_APP);
	json_put_path(unsaved, "metadata.labels.[velero.io/exclude-from-backup]",
		      json_new_text("true"));
	json_put_path(unsaved, "data.note", json_new_text("never part of a snapshot"));
	return seed_put(world, "configmaps", unsaved, &(struct error)ERROR_INIT);
}

enum status seed_app(struct world *world, struct error *err)
{
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts) && !st; i++)
		st = put_part(world, &parts[i], err);
	if (!st && put_data(world))
		st = error_set(err, STATUS_SYSTEM, "make the application's first settings");
	return st;
}
