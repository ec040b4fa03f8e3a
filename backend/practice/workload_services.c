#include "backend/base/sha256.h"
#include "backend/practice/kots_backup.h"
#include "backend/practice/workload.h"

#include <stdlib.h>
#include <string.h>

/* Behind these something answers, at our own port: the admin console and its database. */
static const struct {
	const char *service, *port;
} ours[] = {
	{ "kotsadm", "http" },
	{ "kotsadm-rqlite", "rqlite" },
};

static const char *port_of(const struct json *service)
{
	for (size_t i = 0; i < ARRAY_SIZE(ours); i++)
		if (strcmp(object_name(service), ours[i].service) == 0 &&
		    strcmp(object_namespace(service), KOTS_NAMESPACE) == 0)
			return ours[i].port;
	return NULL;
}

static void point_at_us(struct world *world, const struct json *service, const char *name)
{
	struct json *patch, *port;

	if (json_int(json_first(json_get(service, "spec.ports")), "port", 0) == world->port &&
	    strcmp(json_text(service, "spec.clusterIP"), "127.0.0.1") == 0)
		return;
	patch = json_new_map();
	json_put_path(patch, "spec.clusterIP", json_new_text("127.0.0.1"));
	json_add_text(json_put_path(patch, "spec.clusterIPs", json_new_list()), "127.0.0.1");
	port = json_add(json_put_path(patch, "spec.ports", json_new_list()), json_new_map());
	json_put_text(port, "name", name);
	json_put_int(port, "port", world->port);
	json_put_text(port, "protocol", "TCP");
	json_put_text(port, "targetPort", name);
	json_free(world_patch(world, "services", service, patch));
}

/* 10.96.x.y, the same for the same uid. */
static void give_address(struct world *world, const struct json *service)
{
	struct strbuf address = STRBUF_INIT;
	struct json *patch = json_new_map();
	char hex[SHA256_HEX];
	unsigned long mixed;

	sha256_hex(object_uid(service), strlen(object_uid(service)), hex);
	hex[6] = '\0';
	mixed = strtoul(hex, NULL, 16);
	strbuf_addf(&address, "10.96.%lu.%lu", mixed >> 8 & 255, (mixed & 255) | 1);
	json_put_path(patch, "spec.clusterIP", json_new_text(address.buf));
	json_add_text(json_put_path(patch, "spec.clusterIPs", json_new_list()), address.buf);
	json_free(world_patch(world, "services", service, patch));
	strbuf_done(&address);
}

void workload_serve(struct world *world)
{
	struct json *list = world_list(world, "services", "", "");
	const struct json *service;

	for (service = json_first(list); service; service = json_next(service)) {
		const char *port = port_of(service);

		if (port)
			point_at_us(world, service, port);
		else if (!*json_text(service, "spec.clusterIP") && !object_is_deleting(service))
			give_address(world, service);
	}
	json_free(list);
}
