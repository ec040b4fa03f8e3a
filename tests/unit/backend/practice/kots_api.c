/* kotsadm's own API as the practice cluster plays it: what it says has the form of the recording.
 */
#include "backend/practice/kots_api.h"

#include "backend/practice/kots_backup.h"
#include "backend/practice/seed.h"
#include "tests/support/recording.h"
#include "tests/unit/backend/practice/objects_rig.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define POD                                                                                        \
	"{'metadata':{'labels':{'app':'kotsadm'}},'spec':{'nodeName':'practice'},"                 \
	"'status':{'phase':'Running'}}"

static struct objects_rig rig;
static struct world world;
static struct strbuf token;

static void read_token(void)
{
	struct json *secret =
		objects_rig_get(&rig, "secrets", KOTS_NAMESPACE, "kotsadm-authstring");
	const char *coded = json_text(secret, "data.kotsadm-authstring");

	strbuf_init(&token);
	cr_assert_eq(strbuf_add_unbase64(&token, coded, strlen(coded), NULL), STATUS_OK);
	json_free(secret);
}

static void open_console(void)
{
	struct error err = ERROR_INIT;
	char path[160];

	objects_rig_open(&rig);
	world_init(&world);
	world.objects = rig.objects;
	world.faults = &rig.faults;
	world.dir = rig.folder;
	snprintf(path, sizeof(path), "%s/kotsadm.db", rig.folder);
	cr_assert_eq(kotsdb_open(path, "secret", &world.kotsdb, &err), STATUS_OK, "%s", err.text);
	objects_rig_create(&rig, "namespaces", "", KOTS_NAMESPACE, "{}");
	cr_assert_eq(seed_console(&world, "secret", &err), STATUS_OK, "%s", err.text);
	cr_assert_eq(seed_database(&world, 1795399200, &err), STATUS_OK, "%s", err.text);
	read_token();
}

static void close_console(void)
{
	static const char *const files[] = { "kotsadm.db", "kotsadm.db-wal", "kotsadm.db-shm" };
	char path[160];

	kotsdb_close(world.kotsdb);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", rig.folder, files[i]);
		unlink(path);
	}
	world_done(&world);
	strbuf_done(&token);
	objects_rig_close(&rig);
}

TestSuite(practice_kots_api, .init = open_console, .fini = close_console);

/* The status; the body in ret_body (owned) unless that is NULL. */
static int ask(const char *method, const char *authorization, struct json **ret_body)
{
	struct server_request request = { .method = method,
					  .path = KOTS_API_APPS,
					  .authorization = authorization,
					  .content_type = "",
					  .accept = "",
					  .body = "" };
	struct route_reply reply;
	int status;

	route_reply_init(&reply);
	cr_assert(kots_api_answer(&world, &request, &reply));
	status = reply.status;
	if (ret_body)
		*ret_body = json_parse(reply.body.buf, reply.body.len, NULL);
	route_reply_done(&reply);
	return status;
}

/* Each key of ours is in the recording, with the same type. */
static void expect_form(const struct json *ours, const struct json *recorded)
{
	for (const struct json *key = json_first(ours); key; key = json_next(key)) {
		const struct json *same = json_key(recorded, json_name(key));

		cr_assert_eq(json_type(key), json_type(same), "%s", json_name(key));
		if (json_type(key) == JSON_MAP)
			expect_form(key, same);
	}
}

Test(practice_kots_api, it_answers_in_the_form_of_the_recording)
{
	struct json *recorded = recording_json("kots/api-apps.json"), *body = NULL;
	const struct json *app;

	objects_rig_create(&rig, "pods", KOTS_NAMESPACE, "kotsadm-0", POD);
	cr_assert_eq(ask("GET", token.buf, &body), 200);
	app = json_first(json_key(body, "apps"));
	expect_form(app, json_first(json_key(recorded, "apps")));
	cr_assert_str_eq(json_text(app, "slug"), SEED_SLUG);
	cr_assert_str_eq(json_text(app, "downstream.currentVersion.versionLabel"), "2.4.0");
	cr_assert_eq(json_int(app, "downstream.currentVersion.parentSequence", -1), 2);
	cr_assert(json_bool(app, "allowSnapshots", false));
	json_free(body);
	json_free(recorded);
}

Test(practice_kots_api, a_licence_without_snapshots_allows_none)
{
	struct json *body = NULL;

	objects_rig_create(&rig, "pods", KOTS_NAMESPACE, "kotsadm-0", POD);
	cr_assert_eq(kotsdb_run(world.kotsdb, "update app set license = ''", NULL, NULL),
		     STATUS_OK);
	cr_assert_eq(ask("GET", token.buf, &body), 200);
	cr_assert(!json_bool(json_first(json_key(body, "apps")), "allowSnapshots", true));
	json_free(body);
}

Test(practice_kots_api, only_the_token_opens_it)
{
	struct json *body = NULL;

	objects_rig_create(&rig, "pods", KOTS_NAMESPACE, "kotsadm-0", POD);
	cr_assert_eq(ask("GET", "", &body), 401);
	cr_assert_str_eq(json_text(body, "error"), "missing authorization token");
	json_free(body);
	cr_assert_eq(ask("GET", "Kots nope", NULL), 401);
	cr_assert_eq(ask("GET", token.buf + strlen("Kots "), NULL), 401);
	cr_assert_eq(ask("POST", token.buf, NULL), 405);
}

Test(practice_kots_api, nobody_answers_while_no_console_runs)
{
	cr_assert_eq(ask("GET", token.buf, NULL), 0);
}
