#include "tests/unit/backend/kube/world.h"

#include "backend/base/mem.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

void world_open(struct world *world, const struct httpd_reply *replies, size_t count,
		struct kube_access *access)
{
	struct kube_access plain = { 0 };
	struct error err = ERROR_INIT;

	unsetenv("http_proxy");
	unsetenv("all_proxy");
	unsetenv("ALL_PROXY");
	if (!access) {
		plain.token = mem_text("t1");
		access = &plain;
	}
	world->httpd = httpd_start(replies, count);
	cr_assert(!transport_new(&world->transport, &err), "%s", err.text);
	if (!access->server)
		access->server = mem_text(httpd_url(world->httpd));
	if (!access->source)
		access->source = mem_text("/root/.kube/config");
	if (!access->user)
		access->user = mem_text("ann");
	world->client = client_new(world->transport, access);
}

void world_close(struct world *world)
{
	client_free(world->client);
	transport_free(world->transport);
	httpd_stop(world->httpd);
}

bool holds(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

void answer_take(void *arg, const struct json *reply, const struct error *err)
{
	struct answer *answer = arg;

	answer->count++;
	answer->failed = err != NULL;
	if (err)
		answer->err = *err;
	json_free(answer->reply);
	answer->reply = reply ? json_clone(reply) : NULL;
}

void answer_done(struct answer *answer)
{
	json_free(answer->reply);
	*answer = (struct answer){ 0 };
}

void world_call(struct world *world, const struct client_call *call, struct answer *answer)
{
	client_call(world->client, call, answer_take, answer);
	cr_assert(answer->count == 0, "answers come inside transport_wait() only");
	while (!answer->count)
		transport_wait(world->transport, NULL, 0, 5000);
}

void world_get(struct world *world, const char *path, struct answer *answer)
{
	world_call(world, &(struct client_call){ .path = path, .what = "list backups in velero" },
		   answer);
}
