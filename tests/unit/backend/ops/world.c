#include "tests/unit/backend/ops/world.h"

#include "backend/base/clock.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 10000

static const struct model *model_of(void *arg)
{
	return ((struct world *)arg)->model;
}

static void accepted(void *arg, struct op *op, const char *name)
{
	struct world *world = arg;

	(void)op;
	snprintf(world->accepted, sizeof(world->accepted), "%s", name);
}

static void changed(void *arg, struct op *op)
{
	(void)arg;
	(void)op;
}

static void ended(void *arg, struct op *op, const struct error *err)
{
	struct world *world = arg;

	(void)op;
	world->ended++;
	if (err)
		world->err = *err;
}

/* Leases may not be written here: what was scripted without them holds. A script of its own for
 * them comes first. */
static struct httpd_reply *with_lease(const struct httpd_reply *replies, size_t count)
{
	static const struct httpd_reply forbidden = {
		.path = "/leases",
		.status = 403,
		.body = "{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"code\":403}",
		.repeat = true
	};
	struct httpd_reply *all = mem_array(count + 1, sizeof(*all));

	all[0] = forbidden;
	for (size_t i = 0; i < count; i++)
		if (replies[i].path && strstr(replies[i].path, "/leases"))
			all[0].path = "none";
	memcpy(all + 1, replies, count * sizeof(*all));
	return all;
}

void world_open(struct world *world, const struct httpd_reply *replies, size_t count)
{
	struct kube_access access = { .source = mem_text(""),
				      .context = mem_text(""),
				      .cluster = mem_text(""),
				      .user = mem_text(""),
				      .namespace = mem_text(""),
				      .token = mem_text("t") };
	struct error err = ERROR_INIT;

	*world = (struct world){ .err = ERROR_INIT };
	cr_assert_eq(transport_new(&world->transport, &err), STATUS_OK, "%s", err.text);
	world->replies = with_lease(replies, count);
	world->api = httpd_start(world->replies, count + 1);
	access.server = mem_text(httpd_url(world->api));
	world->client = client_new(world->transport, &access);
	world->model = site_model(SITE_QUIET);
	world->ops = (struct op_world){ .transport = world->transport,
					.client = world->client,
					.made_by = "kotsnap 1 root@node-01",
					.model = model_of,
					.accepted = accepted,
					.changed = changed,
					.ended = ended,
					.arg = world };
}

void world_close(struct world *world)
{
	op_free(world->op);
	client_free(world->client);
	transport_free(world->transport);
	httpd_stop(world->api);
	free(world->replies);
	model_unref(world->model);
}

void world_use(struct world *world, enum site_case which)
{
	model_unref(world->model);
	world->model = site_model(which);
}

static void wait_for(struct world *world, const int *number, const char *text)
{
	int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;

	while (!*number && !*text) {
		cr_assert_lt(clock_monotonic_ms(), end_ms, "%zu requests, the last %.200s",
			     httpd_count(world->api),
			     httpd_request(world->api, httpd_count(world->api) - 1));
		transport_wait(world->transport, NULL, 0, 50);
	}
}

void world_wait(struct world *world)
{
	wait_for(world, &world->ended, "");
	cr_assert_eq(world->ended, 1);
}

void world_wait_accepted(struct world *world)
{
	wait_for(world, &world->ended, world->accepted);
}

size_t world_count(struct world *world, const char *begin)
{
	size_t found = 0;

	for (size_t i = 0; i < httpd_count(world->api); i++)
		found += text_starts(httpd_request(world->api, i), begin);
	return found;
}

size_t world_first(struct world *world, const char *begin)
{
	size_t i = 0;

	while (i < httpd_count(world->api) && !text_starts(httpd_request(world->api, i), begin))
		i++;
	return i;
}
