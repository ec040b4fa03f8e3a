#include "backend/kube/access.h"

#include "tests/support/recording.h"
#include "tests/unit/backend/kube/world.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

TestSuite(access, .timeout = 20);

struct found {
	struct access_resource rows[64];
	size_t count;
	unsigned dones;
	bool has_resources, failed;
	struct error err;
};

static void take(void *arg, const struct access_resources *resources, const struct error *err)
{
	struct found *found = arg;

	found->dones++;
	found->has_resources = resources != NULL;
	found->failed = err != NULL;
	if (err)
		found->err = *err;
	if (resources) {
		found->count = resources->count;
		memcpy(found->rows, resources->rows, resources->count * sizeof(found->rows[0]));
	}
}

static const struct access_resource *find(const struct found *found, const char *plural)
{
	for (size_t i = 0; i < found->count; i++)
		if (!strcmp(found->rows[i].plural, plural))
			return &found->rows[i];
	return NULL;
}

static void discover(struct world *world, struct found *found)
{
	access_discover(world->client, take, found);
	while (!found->dones)
		transport_wait(world->transport, NULL, 0, 5000);
}

/* Body of a recorded reply; the caller frees. */
static char *recorded(const char *path)
{
	struct strbuf text = STRBUF_INIT;
	const char *body;

	recording_text(path, &text);
	body = strstr(text.buf, "\n{");
	strbuf_drop(&text, (size_t)(body + 1 - text.buf));
	return strbuf_detach(&text);
}

#define GROUPS                                                                                     \
	"{\"kind\":\"APIGroupList\",\"groups\":["                                                  \
	"{\"name\":\"velero.io\",\"versions\":[{\"version\":\"v2alpha1\"},{\"version\":\"v1\"}],"  \
	"\"preferredVersion\":{\"version\":\"v1\"}},"                                              \
	"{\"name\":\"metrics.k8s.io\",\"versions\":[{\"version\":\"v1beta1\"}],"                   \
	"\"preferredVersion\":{\"version\":\"v1beta1\"}}]}"
#define CORE                                                                                       \
	"{\"resources\":["                                                                         \
	"{\"name\":\"pods\",\"namespaced\":true,\"kind\":\"Pod\",\"verbs\":[\"get\",\"list\"]},"   \
	"{\"name\":\"pods/log\",\"namespaced\":true,\"kind\":\"Pod\",\"verbs\":[\"get\"]},"        \
	"{\"name\":\"nodes\",\"namespaced\":false,\"kind\":\"Node\",\"verbs\":[\"list\","          \
	"\"delete\"]}]}"
#define NEWER                                                                                      \
	"{\"resources\":[{\"name\":\"backups\",\"kind\":\"Wrong\",\"verbs\":[]},{\"name\":"        \
	"\"datauploads\",\"kind\":\"DataUpload\",\"namespaced\":true,\"verbs\":[\"list\"]}]}"

Test(access, each_kind_comes_once_in_its_preferred_version)
{
	char *velero = recorded("kube/discovery-v1.http");
	const struct httpd_reply replies[] = {
		{ .path = "GET /apis ", .body = GROUPS },
		{ .path = "/api/v1 ", .body = CORE },
		{ .path = "/apis/velero.io/v1 ", .body = velero },
		{ .path = "/apis/velero.io/v2alpha1 ", .body = NEWER },
		{ .path = "/apis/metrics.k8s.io/v1beta1 ",
		  .status = 404,
		  .type = "text/plain",
		  .body = "404 page not found" },
	};
	struct found found = { 0 };
	struct world world;

	world_open(&world, replies, ARRAY_SIZE(replies), NULL);
	discover(&world, &found);
	cr_assert(find(&found, "pods") != NULL);
	cr_expect(find(&found, "pods")->namespaced && find(&found, "pods")->can_list &&
		  !find(&found, "pods")->can_delete);
	cr_expect(not(find(&found, "nodes")->namespaced));
	cr_expect(find(&found, "nodes")->can_delete);
	cr_expect(find(&found, "pods/log") == NULL, "no kind of its own");
	cr_assert(find(&found, "backups") != NULL);
	cr_expect(zero(int, strcmp(find(&found, "backups")->version, "v1")));
	cr_expect(zero(int, strcmp(find(&found, "backups")->kind, "Backup")));
	cr_assert(find(&found, "datauploads") != NULL, "served in another version only");
	cr_expect(zero(int, strcmp(find(&found, "datauploads")->version, "v2alpha1")));
	cr_expect(found.failed, "a group did not answer");
	cr_expect(zero(int, strcmp(found.err.hint, "left out: metrics.k8s.io/v1beta1")), "%s",
		  found.err.hint);
	world_close(&world);
	free(velero);
}

Test(access, no_groups_at_all_is_a_failure)
{
	const struct httpd_reply replies[] = { { .status = 403, .body = "{\"message\":\"no\"}" } };
	struct found found = { 0 };
	struct world world;

	world_open(&world, replies, 1, NULL);
	discover(&world, &found);
	cr_expect(not(found.has_resources));
	cr_expect(eq(int, (int)found.err.code, STATUS_FORBIDDEN));
	world_close(&world);
}

Test(access, a_client_that_closes_ends_it_once)
{
	const struct httpd_reply replies[] = { { .path = "GET /apis ", .body = GROUPS },
					       { .delay_ms = 60000, .repeat = true } };
	struct found found = { 0 };
	struct world world;

	world_open(&world, replies, 2, NULL);
	access_discover(world.client, take, &found);
	while (httpd_count(world.httpd) < 3)
		transport_wait(world.transport, NULL, 0, 20);
	world_close(&world);
	cr_expect(eq(uint, found.dones, 1u));
	cr_expect(eq(int, (int)found.err.code, STATUS_CANCELLED));
}

struct may {
	bool allowed, failed;
	unsigned dones;
};

static void take_may(void *arg, bool allowed, const struct error *err)
{
	*(struct may *)arg = (struct may){ allowed, err != NULL, ((struct may *)arg)->dones + 1 };
}

Test(access, a_review_asks_for_verb_kind_and_namespace)
{
	const struct httpd_reply replies[] = {
		{ .status = 201, .body = "{\"status\":{\"allowed\":true}}" },
		{ .status = 201, .body = "{\"status\":{\"allowed\":false}}" },
		{ .status = 403, .body = "{}" },
	};
	static const struct kube_kind log = { "", "v1", "pods/log" },
				      backups = { "velero.io", "v1", "backups" };
	struct may may[3] = { 0 };
	struct world world;

	world_open(&world, replies, 3, NULL);
	for (int i = 0; i < 3; i++) {
		access_ask(world.client, "get", i ? &backups : &log, i ? "velero" : "", take_may,
			   &may[i]);
		while (!may[i].dones)
			transport_wait(world.transport, NULL, 0, 5000);
	}
	cr_expect(may[0].allowed && !may[0].failed);
	cr_expect(not(may[1].allowed || may[1].failed));
	cr_expect(may[2].failed && !may[2].allowed);
	cr_expect(holds(httpd_request(world.httpd, 0), "\"resource\":\"pods\""));
	cr_expect(holds(httpd_request(world.httpd, 0), "\"subresource\":\"log\""));
	cr_expect(not(holds(httpd_request(world.httpd, 0), "\"namespace\"")));
	cr_expect(holds(httpd_request(world.httpd, 1),
			"{\"verb\":\"get\",\"group\":\"velero.io\",\"resource\":\"backups\","
			"\"namespace\":\"velero\"}"));
	world_close(&world);
}
