#include "backend/practice/seed_kit.h"

#include "backend/base/yaml.h"
#include "backend/practice/seed.h"

#include <string.h>

static void put_app(struct json *metadata, const char *slug)
{
	json_put_path(metadata, "labels.[kots.io/app-slug]", json_new_text(slug));
	json_put_path(metadata, "labels.[kots.io/backup]", json_new_text("velero"));
	json_put_path(metadata, "annotations.[kots.io/app-slug]", json_new_text(slug));
}

void seed_put_owner(struct json *metadata, enum seed_owner owner)
{
	switch (owner) {
	case SEED_OF_CONSOLE:
		json_put_path(metadata, "labels.[kots.io/kotsadm]", json_new_text("true"));
		json_put_path(metadata, "labels.[kots.io/backup]", json_new_text("velero"));
		break;
	case SEED_OF_APP:
		put_app(metadata, SEED_SLUG);
		break;
	case SEED_OF_GATEWAY:
		put_app(metadata, SEED_GATEWAY_SLUG);
		break;
	case SEED_OF_VELERO:
		json_put_path(metadata, "labels.component", json_new_text("velero"));
		break;
	case SEED_NOBODY:
		break;
	}
}

struct json *seed_object(const char *namespace, const char *name, enum seed_owner owner)
{
	struct json *object = json_new_map();
	struct json *metadata = json_put(object, "metadata", json_new_map());

	json_put_text(metadata, "name", name);
	if (*namespace)
		json_put_text(metadata, "namespace", namespace);
	seed_put_owner(metadata, owner);
	return object;
}

enum status seed_put(struct world *world, const char *resource, struct json *object,
		     struct error *err)
{
	struct json *made = world_create(world, resource, object, err);

	if (!made)
		return error_wrap(err, "make the first %s", resource);
	json_free(made);
	return STATUS_OK;
}

enum status seed_put_yaml(struct world *world, const char *resource, const char *text,
			  enum seed_owner owner, struct error *err)
{
	struct json *object = yaml_parse(text, strlen(text), err);

	if (!object)
		return error_wrap(err, "read the first %s", resource);
	seed_put_owner(json_key_mut(object, "metadata"), owner);
	return seed_put(world, resource, object, err);
}

enum status seed_put_data(struct world *world, const char *resource, const char *namespace,
			  const char *name, enum seed_owner owner, const char *const *data)
{
	bool secret = strcmp(resource, "secrets") == 0;
	struct json *object = seed_object(namespace, name, owner);
	struct json *map = json_put(object, "data", json_new_map());
	struct strbuf value = STRBUF_INIT;
	struct error err = ERROR_INIT;

	if (secret)
		json_put_text(object, "type", "Opaque");
	for (; data[0]; data += 2) {
		strbuf_reset(&value);
		if (secret)
			strbuf_add_base64(&value, data[1], strlen(data[1]));
		else
			strbuf_adds(&value, data[1]);
		json_put_text(map, data[0], value.buf);
	}
	strbuf_done(&value);
	return seed_put(world, resource, object, &err);
}
