/* The probe against a scripted API server and a scripted database: what may not be read stays
 * unknown, nothing else. */
#include "backend/kots/console.h"

#include "backend/base/clock.h"
#include "tests/support/httpd.h"
#include "tests/support/recording.h"
#include "tests/unit/backend/kots/given.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define FORBIDDEN                                                                                  \
	"{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"Forbidden\",\"code\":403,"       \
	"\"message\":\"not for you\"}"
#define NOT_FOUND                                                                                  \
	"{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"code\":404,"        \
	"\"message\":\"not there\"}"
#define KOTSADM                                                                                    \
	"{\"items\":[{\"metadata\":{\"name\":\"kotsadm\",\"namespace\":\"default\"},\"spec\":"     \
	"{\"template\":{\"spec\":{\"containers\":[{\"name\":\"kotsadm\",\"image\":"                \
	"\"kotsadm/kotsadm:v1.131.4\"}]}}},\"status\":{\"readyReplicas\":1}}]}"
#define NONE "{\"items\":[]}"
#define SECRET                                                                                     \
	"{\"data\":{\"password\":\"c2VjcmV0\",\"uri\":"                                            \
	"\"aHR0cDovL2tvdHNhZG06c2VjcmV0QGtvdHNhZG0tcnFsaXRlOjQwMDE=\"}}"

/* Kots practice-token */
#define TOKEN "{\"data\":{\"kotsadm-authstring\":\"S290cyBwcmFjdGljZS10b2tlbg==\"}}"

#define NAMED(name) "?fieldSelector=metadata.name%3D" name

/* The API server's answers, the first that fits; the last one is for all else. */
#define SCRIPT_MAX 24

struct site {
	struct httpd *api, *database, *kotsadm;
	struct transport *transport;
	struct client *client;
	struct strbuf service, rows, door, apps;
	struct httpd_reply script[SCRIPT_MAX], row, list; /* the servers borrow them */
	const struct console *console;
	struct error err;
	size_t answers;
};

static void found(void *arg, const struct console *console, const struct error *err)
{
	struct site *site = arg;

	site->answers++;
	if (console)
		site->console = console_ref(console);
	if (err)
		site->err = *err;
}

static void add_service(struct strbuf *out, const struct httpd *httpd)
{
	long long port;

	cr_assert(text_to_int(strrchr(httpd_url(httpd), ':') + 1, &port));
	strbuf_addf(out, "{\"spec\":{\"clusterIP\":\"127.0.0.1\",\"ports\":[{\"port\":%lld}]}}",
		    port);
}

static void open_database(struct site *site, int status)
{
	recording_text("kots/rqlite-reply.json", &site->rows);
	site->row = (struct httpd_reply){
		.path = "/db/query", .status = status, .body = site->rows.buf, .repeat = true
	};
	site->database = httpd_start(&site->row, 1);
	add_service(&site->service, site->database);
}

/* kotsadm itself; its answer, or the recorded list when it has no body. */
static void open_kotsadm(struct site *site, struct httpd_reply list)
{
	recording_text("kots/api-apps.json", &site->apps);
	site->list = list;
	site->list.repeat = true;
	if (!list.body)
		site->list.body = site->apps.buf;
	site->kotsadm = httpd_start(&site->list, 1);
	add_service(&site->door, site->kotsadm);
}

static void open_site(struct site *site, const struct httpd_reply *script, size_t count)
{
	struct kube_access access = { 0 };
	struct error err = ERROR_INIT;

	for (size_t i = 0; i < count; i++) {
		site->script[i] = script[i];
		site->script[i].repeat = true;
		if (script[i].path && !strcmp(script[i].path, "services/kotsadm-rqlite"))
			site->script[i].body = site->service.buf;
		if (script[i].path && !strcmp(script[i].path, "services/kotsadm") &&
		    site->door.len) {
			site->script[i].status = 200;
			site->script[i].body = site->door.buf;
		}
	}
	site->api = httpd_start(site->script, count);
	access.server = mem_text(httpd_url(site->api));
	access.proxy_url = mem_text("");
	cr_assert_eq(transport_new(&site->transport, &err), STATUS_OK, "%s", err.text);
	site->client = client_new(site->transport, &access);
}

static void probe(struct site *site, const char *velero_namespace)
{
	struct console_probe_spec spec = { .transport = site->transport,
					   .client = site->client,
					   .velero_namespace = velero_namespace,
					   .done = found,
					   .arg = site };
	int64_t limit = clock_monotonic_ms() + 10000;

	console_probe_start(&spec);
	while (!site->answers && clock_monotonic_ms() < limit)
		transport_wait(site->transport, NULL, 0, 100);
	cr_assert_eq(site->answers, 1);
}

static void close_site(struct site *site)
{
	console_unref(site->console);
	client_free(site->client);
	transport_free(site->transport);
	httpd_stop(site->api);
	if (site->database)
		httpd_stop(site->database);
	if (site->kotsadm)
		httpd_stop(site->kotsadm);
	strbuf_done(&site->door);
	strbuf_done(&site->apps);
	strbuf_done(&site->service);
	strbuf_done(&site->rows);
}

static struct site new_site(void)
{
	return (struct site){ .service = STRBUF_INIT,
			      .rows = STRBUF_INIT,
			      .door = STRBUF_INIT,
			      .apps = STRBUF_INIT };
}

static bool was_asked(struct httpd *httpd, const char *words)
{
	for (size_t i = 0; i < httpd_count(httpd); i++)
		if (strstr(httpd_request(httpd, i), words))
			return true;
	return false;
}

static const struct httpd_reply whole[] = {
	{ .path = "/version", .body = "{\"gitVersion\":\"v1.34.4\"}" },
	{ .path = "/nodes", .body = "{\"metadata\":{\"remainingItemCount\":2},\"items\":[{}]}" },
	{ .path = "kurl-config", .body = "{}" },
	{ .path = "deployments" NAMED("velero"),
	  .body = "{\"items\":[{\"metadata\":{\"name\":"
		  "\"velero\",\"namespace\":\"velero\"},"
		  "\"spec\":{\"replicas\":1,\"template\":"
		  "{\"spec\":{\"containers\":[{\"image\":"
		  "\"velero/velero:v1.18.2\"}]}}},"
		  "\"status\":{\"availableReplicas\":1}}]}" },
	{ .path = "deployments" NAMED("kotsadm"), .body = NONE },
	{ .path = "statefulsets" NAMED("kotsadm"), .body = KOTSADM },
	{ .path = "clusterrolebindings/kotsadm-rolebinding",
	  .body = "{\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"kotsadm\",\"namespace\":"
		  "\"default\"}]}" },
	{ .path = "daemonsets",
	  .body = "{\"items\":[{\"metadata\":{\"name\":\"node-agent\"},"
		  "\"status\":{\"desiredNumberScheduled\":3,"
		  "\"numberAvailable\":3}}]}" },
	{ .path = "services/kotsadm-rqlite" },
	{ .path = "secrets/kotsadm-rqlite", .body = SECRET },
	{ .path = "services/kotsadm", .status = 404, .body = NOT_FOUND },
	{ .path = "secrets/kotsadm-authstring", .body = TOKEN },
	{ .status = 404, .body = NOT_FOUND },
};

Test(probe, finds_the_console_velero_and_the_applications)
{
	struct site site = new_site();
	const struct console *console;

	open_database(&site, 200);
	open_site(&site, whole, ARRAY_SIZE(whole));
	probe(&site, "");
	console = site.console;
	cr_assert_not_null(console, "%s", site.err.text);
	cr_assert_str_eq(console->kubernetes_version, "1.34.4");
	cr_assert_eq(console->nodes, 3);
	cr_assert_eq(console->kind, SITE_KURL);
	cr_assert_str_eq(console->velero_namespace, "velero");
	cr_assert_str_eq(console->velero_version, "1.18.2");
	cr_assert_str_eq(console->velero_problem, "");
	cr_assert(console->velero_running && console->node_agent_running);
	cr_assert(console->kotsadm_running && console->cluster_scoped);
	cr_assert_eq(console->velero_access, ANSWER_YES);
	cr_assert(console->source_as_of >= console->looked_at);
	/* Who may do everything needs no Role. */
	cr_assert(!was_asked(site.api, "/roles/"));
	cr_assert_str_eq(console->namespace, "default");
	cr_assert_eq(console->source, SOURCE_RQLITE, "%s", console->source_note);
	cr_assert_str_eq(console->source_note, "");
	cr_assert_eq(console->app_count, 2);
	cr_assert(console->looked_at > 0);
	/* kotsadm:secret */
	cr_assert(was_asked(site.database, "Authorization: Basic a290c2FkbTpzZWNyZXQ="));
	cr_assert(was_asked(site.database, "POST /db/query"));
	/* Its server is never asked: one that is dead costs KOTS 30 s and a 500 (D-10). */
	cr_assert(!was_asked(site.api, "POST "));
	/* Velero is well: its pods are nobody's business. */
	cr_assert(!was_asked(site.api, "/pods"));
	close_site(&site);
}

Test(probe, the_consoles_own_list_comes_first_and_the_database_fills_it_in)
{
	struct site site = new_site();
	const struct console *console;

	open_database(&site, 200);
	open_kotsadm(&site, (struct httpd_reply){ 0 });
	open_site(&site, whole, ARRAY_SIZE(whole));
	probe(&site, "");
	console = site.console;
	cr_assert_not_null(console, "%s", site.err.text);
	cr_assert_eq(console->source, SOURCE_API, "%s", console->api_note);
	cr_assert(console->database_read);
	cr_assert_str_eq(console->api_note, "");
	cr_assert_str_eq(console_app(console, GIVEN_APP)->cron, "0 2 * * *");
	cr_assert(was_asked(site.kotsadm, "GET /api/v1/apps HTTP/1.1"));
	cr_assert(was_asked(site.kotsadm, "Authorization: Kots practice-token\r\n"));
	cr_assert_eq(httpd_count(site.kotsadm), 1);
	close_site(&site);
}

Test(probe, without_its_database_the_console_still_names_its_applications)
{
	struct site site = new_site();

	open_database(&site, 401);
	open_kotsadm(&site, (struct httpd_reply){ 0 });
	open_site(&site, whole, ARRAY_SIZE(whole));
	probe(&site, "");
	cr_assert_eq(site.console->source, SOURCE_API, "%s", site.console->api_note);
	cr_assert(!site.console->database_read);
	cr_assert_eq(site.console->app_count, 1);
	cr_assert_not_null(strstr(site.console->source_note, "refuses the password"));
	cr_assert(site.console->source_as_of >= site.console->looked_at);
	close_site(&site);
}

static const struct {
	struct httpd_reply reply;
	const char *said;
} closed_doors[] = {
	{ { .status = 401, .body = "{\"error\":\"missing authorization token\"}" },
	  "refuses the token of Secret default/kotsadm-authstring" },
	{ { .status = 403, .body = "{}" }, "refuses the token of Secret" },
	{ { .status = 302, .headers = "Location: http://127.0.0.1:1/login\r\n", .body = "away" },
	  "sends us elsewhere (HTTP 302)" },
	{ { .type = "text/html; charset=utf-8", .body = "sign in" }, "answers with a web page" },
	{ { .body = " <!doctype html>" }, "answers with a web page" },
	{ { .status = 400, .body = "Client sent an HTTP request to an HTTPS server.\n" },
	  "speaks TLS" },
	{ { .status = 500, .body = "{}" }, "answers HTTP 500" },
	{ { .body = "{\"apps\":" }, "the console's API at 127.0.0.1" },
	{ { .body = "{\"success\":false}" }, "gives no list of applications" },
	{ { .body = "gone", .drop = true }, "the console's API at 127.0.0.1" },
};

Test(probe, an_api_that_gives_no_list_leaves_a_note_and_the_database_counts)
{
	for (size_t i = 0; i < ARRAY_SIZE(closed_doors); i++) {
		struct site site = new_site();

		open_database(&site, 200);
		open_kotsadm(&site, closed_doors[i].reply);
		open_site(&site, whole, ARRAY_SIZE(whole));
		probe(&site, "");
		cr_assert_eq(site.console->source, SOURCE_RQLITE, "row %zu", i);
		cr_assert_str_eq(site.console->source_note, "");
		cr_assert_not_null(strstr(site.console->api_note, closed_doors[i].said),
				   "row %zu: %s", i, site.console->api_note);
		cr_assert_null(strstr(site.console->api_note, "practice-token"));
		close_site(&site);
	}
}

Test(probe, a_database_that_refuses_the_password_leaves_a_note)
{
	struct site site = new_site();

	open_database(&site, 401);
	open_site(&site, whole, ARRAY_SIZE(whole));
	probe(&site, "");
	cr_assert_not_null(site.console);
	cr_assert_eq(site.console->source, SOURCE_NONE);
	cr_assert_not_null(strstr(site.console->source_note, "refuses the password"), "%s",
			   site.console->source_note);
	cr_assert_str_eq(site.console->velero_version, "1.18.2");
	close_site(&site);
}

Test(probe, the_database_is_never_asked_through_a_proxy)
{
	struct site site = new_site();

	setenv("http_proxy", "http://127.0.0.1:1", 1);
	open_database(&site, 200);
	open_site(&site, whole, ARRAY_SIZE(whole));
	probe(&site, "");
	cr_assert_eq(site.console->source, SOURCE_RQLITE, "%s", site.console->source_note);
	close_site(&site);
}

Test(probe, a_database_that_is_away_leaves_a_note)
{
	struct site site = new_site();

	open_database(&site, 200);
	httpd_stop(site.database);
	site.database = NULL;
	open_site(&site, whole, ARRAY_SIZE(whole));
	probe(&site, "");
	cr_assert_not_null(site.console);
	cr_assert_eq(site.console->source, SOURCE_NONE);
	cr_assert_not_null(strstr(site.console->source_note, "the console's database at 127.0.0.1"),
			   "%s", site.console->source_note);
	close_site(&site);
}

/* Lists of all namespaces are refused: the namespaces that are likely are looked at. */
static const struct httpd_reply narrow[] = {
	{ .path = "/version", .body = "{\"gitVersion\":\"v1.34.4\"}" },
	{ .path = "namespaces/default/statefulsets" NAMED("kotsadm"), .body = KOTSADM },
	{ .path = "namespaces/default/deployments" NAMED("kotsadm"), .body = NONE },
	{ .path = "configmaps/kotsadm-velero-namespace",
	  .body = "{\"data\":{\"veleroNamespace\":\"backups\"}}" },
	{ .path = "namespaces/backups/deployments" NAMED("velero"),
	  .body = "{\"items\":[{\"metadata\":{\"name\":\"velero\",\"namespace\":\"backups\"},"
		  "\"spec\":{\"replicas\":0}}]}" },
	{ .path = "namespaces/backups/pods", .body = NONE },
	{ .status = 403, .body = FORBIDDEN },
};

Test(probe, works_where_lists_of_the_whole_cluster_are_forbidden)
{
	struct site site = new_site();
	const struct console *console;

	open_site(&site, narrow, ARRAY_SIZE(narrow));
	probe(&site, "");
	console = site.console;
	cr_assert_not_null(console, "%s", site.err.text);
	cr_assert_str_eq(console->namespace, "default");
	cr_assert_str_eq(console->velero_namespace, "backups");
	cr_assert(!console->velero_running);
	cr_assert_str_eq(console->velero_problem, "scaled to 0");
	cr_assert(!console->cluster_scoped);
	cr_assert_eq(console->kind, SITE_EXISTING);
	cr_assert_eq(console->source, SOURCE_NONE);
	cr_assert_not_null(strstr(console->source_note, "Service kotsadm-rqlite"), "%s",
			   console->source_note);
	close_site(&site);
}

Test(probe, what_may_not_be_read_stays_unknown)
{
	static const struct httpd_reply nothing[] = { { .status = 403, .body = FORBIDDEN } };
	struct site site = new_site();

	open_site(&site, nothing, ARRAY_SIZE(nothing));
	probe(&site, "velero");
	cr_assert_not_null(site.console, "%s", site.err.text);
	cr_assert_str_eq(site.console->namespace, "");
	cr_assert_str_eq(site.console->velero_namespace, "velero");
	cr_assert_str_eq(site.console->velero_problem, "its Deployment may not be read");
	cr_assert(site.console->velero_unread && site.console->agents_unread &&
		  site.console->console_unread);
	cr_assert_eq(site.console->airgap, ANSWER_UNKNOWN);
	cr_assert_not_null(strstr(site.console->source_note, "look for the Admin Console"), "%s",
			   site.console->source_note);
	close_site(&site);
}

/* Kubernetes lists a namespace that does not exist as an empty one. */
Test(probe, a_namespace_without_velero_is_told_from_one_that_may_not_be_read)
{
	static const struct httpd_reply bare[] = {
		{ .path = "/version", .body = "{\"gitVersion\":\"v1.34.4\"}" },
		{ .body = NONE },
	};
	struct site site = new_site();

	open_site(&site, bare, ARRAY_SIZE(bare));
	probe(&site, "nowhere");
	cr_assert_not_null(site.console);
	cr_assert(site.console->velero_absent);
	cr_assert_str_eq(site.console->velero_namespace, "nowhere");
	close_site(&site);
	site = new_site();
	open_database(&site, 200);
	open_site(&site, whole, ARRAY_SIZE(whole));
	probe(&site, "velero");
	cr_assert_not(site.console->velero_absent);
	cr_assert_not(site.console->velero_unread || site.console->agents_unread ||
		      site.console->console_unread);
	close_site(&site);
}

Test(probe, who_may_not_look_has_not_found_that_velero_is_absent)
{
	static const struct httpd_reply nothing[] = { { .status = 403, .body = FORBIDDEN } };
	struct site site = new_site();

	open_site(&site, nothing, ARRAY_SIZE(nothing));
	probe(&site, "");
	cr_assert_not_null(site.console, "%s", site.err.text);
	cr_assert_str_eq(site.console->velero_namespace, "velero");
	cr_assert_str_eq(site.console->velero_problem, "its Deployment may not be read");
	cr_assert_not(site.console->velero_absent);
	close_site(&site);
}

Test(probe, a_cluster_without_a_console_says_so)
{
	static const struct httpd_reply bare[] = {
		{ .path = "kurl-config", .status = 404, .body = NOT_FOUND },
		{ .path = "/version", .body = "{\"gitVersion\":\"v1.34.4\"}" },
		{ .body = NONE },
	};
	struct site site = new_site();

	open_site(&site, bare, ARRAY_SIZE(bare));
	probe(&site, "");
	cr_assert_not_null(site.console);
	cr_assert_str_eq(site.console->namespace, "");
	cr_assert_str_eq(site.console->velero_namespace, "");
	cr_assert_eq(site.console->kind, SITE_EXISTING);
	cr_assert_str_eq(site.console->source_note,
			 "there is no Admin Console (kotsadm) in this cluster");
	close_site(&site);
}

Test(probe, a_cluster_that_knows_us_not_is_a_failure)
{
	static const struct httpd_reply nobody[] = {
		{ .status = 401,
		  .body = "{\"kind\":\"Status\",\"reason\":\"Unauthorized\","
			  "\"code\":401,\"message\":\"Unauthorized\"}" }
	};
	struct site site = new_site();

	open_site(&site, nobody, ARRAY_SIZE(nobody));
	probe(&site, "");
	cr_assert_null(site.console);
	cr_assert_eq(site.err.code, STATUS_UNAUTHORIZED);
	close_site(&site);
}

Test(probe, a_cancelled_probe_never_answers)
{
	struct site site = new_site();
	struct console_probe_spec spec;
	struct console_probe *under_way;

	open_site(&site, whole, ARRAY_SIZE(whole));
	spec = (struct console_probe_spec){ .transport = site.transport,
					    .client = site.client,
					    .velero_namespace = "",
					    .done = found,
					    .arg = &site };
	under_way = console_probe_start(&spec);
	transport_wait(site.transport, NULL, 0, 1);
	console_probe_cancel(under_way);
	transport_wait(site.transport, NULL, 0, 20);
	cr_assert_eq(site.answers, 0);
	close_site(&site);
}

/* ---- statements ---- */

struct outcome {
	size_t answers;
	struct error err;
	int64_t changed;
};

static void executed(void *arg, const struct json *reply, const struct error *err)
{
	struct outcome *outcome = arg;

	outcome->answers++;
	outcome->changed = json_int(json_first(json_key(reply, "results")), "rows_affected", -1);
	if (err)
		outcome->err = *err;
}

static struct outcome execute(const char *answer, bool write, struct strbuf *ret_request)
{
	struct httpd_reply reply = { .path = "/db/", .body = answer };
	struct site site = new_site();
	struct outcome outcome = { 0 };
	struct json *list = json_new_list();
	struct console_statements statements = { .namespace = "default",
						 .write = write,
						 .statements = list,
						 .done = executed,
						 .arg = &outcome };
	int64_t limit = clock_monotonic_ms() + 10000;

	open_database(&site, 200);
	httpd_stop(site.database);
	site.database = httpd_start(&reply, 1);
	strbuf_reset(&site.service);
	strbuf_addf(&site.service,
		    "{\"spec\":{\"clusterIP\":\"127.0.0.1\",\"ports\":[{\"port\":%s}]}}",
		    strrchr(httpd_url(site.database), ':') + 1);
	open_site(&site, whole, ARRAY_SIZE(whole));
	json_add_text(json_add(list, json_new_list()), "update app set name = 'x'");
	statements.transport = site.transport;
	statements.client = site.client;
	console_execute(&statements);
	json_free(list);
	while (!outcome.answers && clock_monotonic_ms() < limit)
		transport_wait(site.transport, NULL, 0, 100);
	cr_assert_eq(outcome.answers, 1);
	strbuf_adds(ret_request, httpd_request(site.database, 0));
	close_site(&site);
	return outcome;
}

Test(console_execute, a_write_is_one_transaction)
{
	struct strbuf request = STRBUF_INIT;
	struct outcome outcome = execute("{\"results\":[{\"rows_affected\":1}]}", true, &request);

	cr_assert_eq(outcome.err.code, STATUS_OK, "%s", outcome.err.text);
	cr_assert_eq(outcome.changed, 1);
	cr_assert_not_null(strstr(request.buf, "POST /db/execute?transaction"), "%s", request.buf);
	cr_assert_not_null(strstr(request.buf, "[[\"update app set name = 'x'\"]]"), "%s",
			   request.buf);
	strbuf_done(&request);
}

Test(console_execute, a_write_that_fails_is_an_error_though_http_says_200)
{
	struct strbuf request = STRBUF_INIT;
	struct outcome outcome =
		execute("{\"results\":[{\"error\":\"no such table: app\"}]}", true, &request);

	cr_assert_eq(outcome.err.code, STATUS_FAILED);
	cr_assert_not_null(strstr(outcome.err.text, "no such table: app"), "%s", outcome.err.text);
	strbuf_done(&request);
}

Test(console_execute, what_is_no_json_is_an_error)
{
	struct strbuf request = STRBUF_INIT;
	struct outcome outcome = execute("leader not found", false, &request);

	cr_assert_eq(outcome.err.code, STATUS_FORMAT);
	cr_assert_not_null(strstr(outcome.err.text, "the console's database at 127.0.0.1"));
	strbuf_done(&request);
}
