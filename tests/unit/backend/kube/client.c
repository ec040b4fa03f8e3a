#include "backend/kube/client.h"

#include "backend/base/clock.h"
#include "backend/base/mem.h"
#include "tests/unit/backend/kube/certificates.h"
#include "tests/unit/backend/kube/world.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(client, .timeout = 20);

#define UNAUTHORIZED                                                                               \
	"{\"kind\":\"Status\",\"message\":\"Unauthorized\",\"reason\":\"Unauthorized\",\"code\":"  \
	"401}"

Test(client, asks_with_login_and_agent_and_reads_json)
{
	const struct httpd_reply replies[] = { { .body = "{\"kind\":\"X\"}" } };
	struct answer answer = { 0 };
	struct world world;

	world_open(&world, replies, 1, NULL);
	world_get(&world, "/apis/x?limit=1", &answer);
	cr_expect(not(answer.failed), "%s", answer.err.text);
	cr_expect(zero(int, strcmp(json_text(answer.reply, "kind"), "X")));
	cr_expect(holds(httpd_request(world.httpd, 0), "GET /apis/x?limit=1 HTTP/1.1\r\n"));
	cr_expect(holds(httpd_request(world.httpd, 0), "Authorization: Bearer t1\r\n"));
	cr_expect(holds(httpd_request(world.httpd, 0), "User-Agent: kotsnap/"));
	cr_expect(holds(httpd_request(world.httpd, 0), "Accept-Encoding: gzip"));
	answer_done(&answer);
	world_close(&world);
}

Test(client, sends_bodies_with_their_type)
{
	const struct httpd_reply replies[] = { { .status = 200, .body = "{}" } };
	struct json *body = json_new_map();
	struct client_call call = { .method = "PATCH",
				    .path = "/x",
				    .body = body,
				    .content_type = "application/merge-patch+json" };
	struct answer answer = { 0 };
	struct world world;

	json_put_text(body, "a", "b");
	world_open(&world, replies, 1, NULL);
	world_call(&world, &call, &answer);
	cr_expect(not(answer.failed));
	cr_expect(holds(httpd_request(world.httpd, 0), "PATCH /x "));
	cr_expect(holds(httpd_request(world.httpd, 0),
			"Content-Type: application/merge-patch+json\r\n"));
	cr_expect(holds(httpd_request(world.httpd, 0), "\r\n\r\n{\"a\":\"b\"}"));
	json_free(body);
	answer_done(&answer);
	world_close(&world);
}

Test(client, a_token_file_is_read_again_after_401)
{
	const struct httpd_reply replies[] = { { .body = "{}" },
					       { .status = 401, .body = UNAUTHORIZED },
					       { .body = "{\"a\":1}" } };
	char path[] = "/tmp/kotsnap-token-XXXXXX";
	struct kube_access access = { .token_path = mem_text(path) };
	struct answer answer = { 0 };
	struct world world;
	int fd = mkstemp(access.token_path);

	cr_assert(eq(int, (int)write(fd, "old\n", 4), 4));
	world_open(&world, replies, 3, &access);
	world_get(&world, "/1", &answer);
	answer_done(&answer);
	cr_assert(eq(int, (int)pwrite(fd, "new\n", 4, 0), 4));
	world_get(&world, "/2", &answer);
	cr_expect(not(answer.failed), "%s", answer.err.text);
	cr_expect(holds(httpd_request(world.httpd, 0), "Bearer old\r\n"));
	cr_expect(holds(httpd_request(world.httpd, 1), "Bearer old\r\n"), "read once a minute");
	cr_expect(holds(httpd_request(world.httpd, 2), "Bearer new\r\n"));
	answer_done(&answer);
	unlink(client_access(world.client)->token_path);
	close(fd);
	world_close(&world);
}

/* "kubeadm certs renew" and the like write the kubeconfig anew. */
Test(client, a_new_login_in_the_kubeconfig_is_used_after_401)
{
	const struct httpd_reply replies[] = { { .status = 401, .body = UNAUTHORIZED },
					       { .body = "{}" },
					       { .status = 401, .body = UNAUTHORIZED } };
	char path[] = "/tmp/kotsnap-config-XXXXXX";
	int fd = mkstemp(path);
	struct kube_access access = { .token = mem_text("old"),
				      .context = mem_text("c"),
				      .files = mem_array(2, sizeof(char *)) };
	struct answer first = { 0 }, second = { 0 };
	struct world world;

	access.files[0] = mem_text(path);
	world_open(&world, replies, 3, &access);
	dprintf(fd,
		"contexts: [{name: c, context: {cluster: k, user: u}}]\n"
		"clusters: [{name: k, cluster: {server: '%s'}}]\n"
		"users: [{name: u, user: {token: new}}]\n",
		httpd_url(world.httpd));
	world_get(&world, "/x", &first);
	cr_expect(not(first.failed), "%s", first.err.text);
	cr_expect(holds(httpd_request(world.httpd, 0), "Bearer old\r\n"));
	cr_expect(holds(httpd_request(world.httpd, 1), "Bearer new\r\n"));
	world_get(&world, "/x", &second);
	cr_expect(eq(int, (int)second.err.code, STATUS_UNAUTHORIZED));
	cr_expect(eq(sz, httpd_count(world.httpd), 3), "the same login is not tried again");
	answer_done(&first);
	answer_done(&second);
	world_close(&world);
	close(fd);
	unlink(path);
}

Test(client, a_second_401_is_told_with_where_the_login_came_from)
{
	const struct httpd_reply replies[] = {
		{ .status = 401, .body = UNAUTHORIZED, .repeat = true }
	};
	struct answer answer = { 0 };
	struct world world;

	world_open(&world, replies, 1, NULL);
	world_get(&world, "/x", &answer);
	cr_expect(eq(int, (int)answer.err.code, STATUS_UNAUTHORIZED));
	cr_expect(eq(int, answer.err.http, 401));
	cr_expect(eq(sz, httpd_count(world.httpd), 1), "a fixed token cannot be renewed");
	cr_expect(holds(answer.err.text, "list backups in velero: your login is not accepted"),
		  "%s", answer.err.text);
	cr_expect(holds(answer.err.hint, "token of user ann in /root/.kube/config"), "%s",
		  answer.err.hint);
	answer_done(&answer);
	world_close(&world);
}

Test(client, an_expired_client_certificate_is_named_with_its_date)
{
	const struct httpd_reply replies[] = { { .status = 401, .body = UNAUTHORIZED } };
	struct kube_access access = { .cert_pem = mem_text(CERT_EXPIRED),
				      .source = mem_text("/etc/kubernetes/admin.conf") };
	struct answer answer = { 0 };
	struct world world;

	world_open(&world, replies, 1, &access);
	world_get(&world, "/x", &answer);
	cr_expect(eq(int, (int)answer.err.code, STATUS_UNAUTHORIZED));
	cr_expect(zero(int,
		       strcmp(answer.err.text, "list backups in velero: the client certificate in "
					       "/etc/kubernetes/admin.conf expired on 2024-03-01")),
		  "%s", answer.err.text);
	cr_expect(holds(answer.err.hint, "kubeadm certs renew"), "%s", answer.err.hint);
	answer_done(&answer);
	world_close(&world);
}

/* A plug-in as kubectl runs it: it gives another token each time, and says what it was told. */
static const char plugin[] =
	"#!/bin/sh\n"
	"n=$(cat \"$COUNT\" 2>/dev/null || echo 0); n=$((n + 1)); echo $n >\"$COUNT\"\n"
	"echo \"$1 $KUBERNETES_EXEC_INFO\" >\"$COUNT.info\"\n"
	"[ -n \"$FAIL\" ] && { echo \"$FAIL\" >&2; exit 3; }\n"
	"echo '{\"kind\":\"ExecCredential\",\"status\":{\"token\":\"run'$n'\",'\n"
	"echo '\"expirationTimestamp\":\"2099-01-01T00:00:00Z\"}}'\n";

struct plugin {
	char folder[64], path[96], count[96];
};

static void plugin_make(struct plugin *made, struct kube_access *access, const char *fail)
{
	struct strbuf env = STRBUF_INIT;
	FILE *file;

	strcpy(made->folder, "/tmp/kotsnap-plugin-XXXXXX");
	cr_assert(mkdtemp(made->folder) != NULL);
	snprintf(made->path, sizeof(made->path), "%s/login", made->folder);
	snprintf(made->count, sizeof(made->count), "%s/count", made->folder);
	file = fopen(made->path, "w");
	fputs(plugin, file);
	fchmod(fileno(file), 0700);
	fclose(file);
	access->exec.command = mem_text(made->path);
	access->exec.api_version = mem_text("client.authentication.k8s.io/v1");
	access->exec.install_hint = mem_text("");
	access->exec.args = mem_array(2, sizeof(char *));
	access->exec.args[0] = mem_text("--one");
	access->exec.env = mem_array(3, sizeof(char *));
	strbuf_addf(&env, "COUNT=%s", made->count);
	access->exec.env[0] = strbuf_detach(&env);
	strbuf_addf(&env, "FAIL=%s", fail);
	access->exec.env[1] = strbuf_detach(&env);
}

static void plugin_remove(const struct plugin *made)
{
	char info[128];

	snprintf(info, sizeof(info), "%s.info", made->count);
	unlink(info);
	unlink(made->count);
	unlink(made->path);
	rmdir(made->folder);
}

Test(client, an_exec_plugin_is_run_once_for_many_and_again_after_401)
{
	const struct httpd_reply replies[] = {
		{ .path = "/ok", .body = "{}", .repeat = true },
		{ .path = "/old", .status = 401, .body = UNAUTHORIZED },
		{ .path = "/old", .body = "{}" }
	};
	struct answer first = { 0 }, second = { 0 }, third = { 0 };
	struct client_call call = { .path = "/ok" };
	struct kube_access access = { 0 };
	struct plugin made;
	struct world world;

	plugin_make(&made, &access, "");
	world_open(&world, replies, 3, &access);
	client_call(world.client, &call, answer_take, &first);
	world_call(&world, &call, &second);
	while (!first.count)
		transport_wait(world.transport, NULL, 0, 5000);
	cr_expect(not(first.failed), "%s", first.err.text);
	cr_expect(not(second.failed), "%s", second.err.text);
	world_get(&world, "/old", &third);
	cr_expect(not(third.failed), "%s", third.err.text);
	cr_expect(holds(httpd_request(world.httpd, 0), "Bearer run1\r\n"));
	cr_expect(holds(httpd_request(world.httpd, 1), "Bearer run1\r\n"));
	cr_expect(holds(httpd_request(world.httpd, 2), "Bearer run1\r\n"));
	cr_expect(holds(httpd_request(world.httpd, 3), "Bearer run2\r\n"));
	answer_done(&first);
	answer_done(&second);
	answer_done(&third);
	world_close(&world);
	plugin_remove(&made);
}

Test(client, a_plugin_that_fails_is_quoted)
{
	struct kube_access access = { 0 };
	struct answer answer = { 0 };
	struct plugin made;
	struct world world;

	plugin_make(&made, &access, "Your session is over");
	world_open(&world, NULL, 0, &access);
	world_get(&world, "/x", &answer);
	cr_expect(eq(int, (int)answer.err.code, STATUS_UNAUTHORIZED));
	cr_expect(holds(answer.err.text, "exit code 3: \"Your session is over\""), "%s",
		  answer.err.text);
	cr_expect(ne(int, answer.err.hint[0], 0));
	cr_expect(eq(sz, httpd_count(world.httpd), 0));
	answer_done(&answer);
	world_close(&world);
	plugin_remove(&made);
}

Test(client, a_plugin_that_is_not_there_is_told)
{
	struct kube_access access = { .exec.command = mem_text("kotsnap-no-such-login"),
				      .exec.api_version = mem_text("v1"),
				      .exec.install_hint = mem_text("install it from the desk") };
	struct answer answer = { 0 };
	struct world world;

	world_open(&world, NULL, 0, &access);
	world_get(&world, "/x", &answer);
	cr_expect(holds(answer.err.text, "kotsnap-no-such-login: there is no such program"), "%s",
		  answer.err.text);
	cr_expect(zero(int, strcmp(answer.err.hint, "install it from the desk")));
	answer_done(&answer);
	world_close(&world);
}

Test(client, busy_servers_are_asked_again_but_only_what_does_no_harm)
{
	const struct httpd_reply replies[] = {
		{ .path = "GET /429",
		  .status = 429,
		  .headers = "Retry-After: 0\r\n",
		  .body = "busy" },
		{ .path = "GET /429", .body = "{}" },
		{ .path = "POST /429", .status = 429, .body = "busy" },
		{ .path = "POST /429", .body = "{}" },
		{ .path = "GET /500", .status = 500, .body = "oh" },
		{ .path = "GET /500", .body = "{}" },
		{ .path = "POST /500", .status = 500, .body = "oh" },
		{ .path = "POST /500", .body = "{}" },
		{ .path = "GET /long", .status = 429, .headers = "Retry-After: 600\r\n" },
	};
	static const struct {
		const char *method, *path;
		bool good;
	} cases[] = { { "GET", "/429", true },
		      { "POST", "/429", true },
		      { "GET", "/500", true },
		      { "POST", "/500", false },
		      { "GET", "/long", false } };
	struct world world;

	world_open(&world, replies, ARRAY_SIZE(replies), NULL);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct client_call call = { .method = cases[i].method, .path = cases[i].path };
		struct answer answer = { 0 };

		world_call(&world, &call, &answer);
		cr_expect(eq(int, !answer.failed, cases[i].good), "%s %s: %s", cases[i].method,
			  cases[i].path, answer.err.text);
		if (!cases[i].good)
			cr_expect(eq(int, (int)answer.err.code, STATUS_BUSY));
		answer_done(&answer);
	}
	world_close(&world);
}

/* answer, code, words */
static const struct {
	struct httpd_reply reply;
	enum status code;
	const char *words;
} bad[] = {
	{ { .type = "text/html", .body = "<html>Sign in</html>" },
	  STATUS_PROTOCOL,
	  "a web page came" },
	{ { .body = "{\"a\":[1,2", .close = true }, STATUS_PROTOCOL, "cut short or no JSON" },
	{ { .body = "{\"a\":1}", .cut = true }, STATUS_UNREACHABLE, "cut short" },
	{ { .drop = true }, STATUS_UNREACHABLE, "closed the connection" },
	{ { .body = "pong" }, STATUS_PROTOCOL, "no JSON" },
	{ { .status = 403, .body = "{\"message\":\"no\"}" }, STATUS_FORBIDDEN, "not permitted" },
};

Test(client, bad_answers_are_told)
{
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct answer answer = { 0 };
		struct world world;

		world_open(&world, &bad[i].reply, 1, NULL);
		world_get(&world, "/x", &answer);
		cr_expect(answer.failed);
		cr_expect(eq(int, (int)answer.err.code, (int)bad[i].code), "%s", answer.err.text);
		cr_expect(holds(answer.err.text, bad[i].words), "%s", answer.err.text);
		cr_expect(holds(answer.err.text, "list backups in velero: "), "%s",
			  answer.err.text);
		answer_done(&answer);
		world_close(&world);
	}
}

Test(client, an_empty_success_is_an_empty_map)
{
	const struct httpd_reply replies[] = { { .status = 200 } };
	struct answer answer = { 0 };
	struct world world;

	world_open(&world, replies, 1, NULL);
	world_get(&world, "/x", &answer);
	cr_expect(not(answer.failed));
	cr_expect(eq(int, (int)json_type(answer.reply), JSON_MAP));
	answer_done(&answer);
	world_close(&world);
}

Test(client, the_servers_clock_is_compared_with_ours)
{
	const struct httpd_reply replies[] = {
		{ .headers = "Date: Thu, 01 Jan 2037 00:00:00 GMT\r\n", .body = "{}" }
	};
	struct answer answer = { 0 };
	struct world world;
	int64_t skew;

	world_open(&world, replies, 1, NULL);
	cr_expect(zero(i64, client_clock_skew_s(world.client)));
	world_get(&world, "/x", &answer);
	skew = client_clock_skew_s(world.client) - (2114380800 - clock_now());
	cr_expect(skew >= -2 && skew <= 2, "%lld", (long long)skew);
	answer_done(&answer);
	world_close(&world);
}

Test(client, impersonation_and_passwords_become_headers)
{
	const struct httpd_reply replies[] = { { .body = "{}" } };
	struct kube_access access = { .username = mem_text("ann"),
				      .password = mem_text("secret"),
				      .as_user = mem_text("root"),
				      .as_groups = mem_array(2, sizeof(char *)) };
	struct answer answer = { 0 };
	struct world world;

	access.as_groups[0] = mem_text("wheel");
	world_open(&world, replies, 1, &access);
	world_get(&world, "/x", &answer);
	cr_expect(
		holds(httpd_request(world.httpd, 0), "Authorization: Basic YW5uOnNlY3JldA==\r\n"));
	cr_expect(holds(httpd_request(world.httpd, 0), "Impersonate-User: root\r\n"));
	cr_expect(holds(httpd_request(world.httpd, 0), "Impersonate-Group: wheel\r\n"));
	answer_done(&answer);
	world_close(&world);
}

Test(client, a_cancelled_call_tells_nothing_and_a_closed_client_tells_all)
{
	const struct httpd_reply replies[] = { { .delay_ms = 60000, .repeat = true } };
	struct client_call call = { .path = "/x" };
	struct answer gone = { 0 }, left = { 0 };
	struct world world;
	uint64_t id;

	world_open(&world, replies, 1, NULL);
	id = client_call(world.client, &call, answer_take, &gone);
	client_call(world.client, &call, answer_take, &left);
	transport_wait(world.transport, NULL, 0, 20);
	client_cancel(world.client, id);
	client_cancel(world.client, 12345);
	world_close(&world);
	cr_expect(eq(uint, gone.count, 0u));
	cr_expect(eq(uint, left.count, 1u));
	cr_expect(eq(int, (int)left.err.code, STATUS_CANCELLED));
}
