#include "backend/base/sha256.h"
#include "backend/practice/kots_backup.h"
#include "backend/practice/workload.h"

#include <stdlib.h>
#include <string.h>

#define DATABASE "kotsadm-rqlite"

/* Behind this one something answers: the admin console's database, at our own port. */
static void point_at_us(struct world *world, const struct json *service)
{
	struct json *patch, *port;

	if (json_int(json_first(json_get(service, "spec.ports")), "port", 0) == world->port &&
	    strcmp(json_text(service, "spec.clusterIP"), "127.0.0.1") == 0)
		return;
	patch = json_new_map();
	json_put_path(patch, "spec.clusterIP", json_new_text("127.0.0.1"));
	json_add_text(json_put_path(patch, "spec.clusterIPs", json_new_list()), "127.0.0.1");
	port = json_add(json_put_path(patch, "spec.ports", json_new_list()), json_new_map());
	json_put_text(port, "name", "rqlite");
	json_put_int(port, "port", world->port);
	json_put_text(port, "protocol", "TCP");
	json_put_text(port, "targetPort", "rqlite");
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
		if (strcmp(object_name(service), DATABASE) == 0 &&
		    strcmp(object_namespace(service), KOTS_NAMESPACE) == 0)
			point_at_us(world, service);
		else if (!*json_text(service, "spec.clusterIP") && !object_is_deleting(service))
			give_address(world, service);
	}
	json_free(list);
}
