/* A look ahead reads, page by page, and changes nothing; what it may not read it says. */
#include "backend/ops/preview.h"
#include "tests/unit/backend/ops/world.h"

#include <criterion/criterion.h>
#include <string.h>

#define LABELS "\"labels\":{\"kots.io/backup\":\"velero\"}"
#define CLAIM(name)                                                                                \
	"{\"metadata\":{\"namespace\":\"default\",\"name\":\"" name "\"," LABELS                   \
	"},\"spec\":{\"volumeName\":\"pv-" name                                                    \
	"\",\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}}}"
#define POD(name, claim, node)                                                                     \
	"{\"metadata\":{\"namespace\":\"default\",\"name\":\"" name "\"," LABELS                   \
	",\"annotations\":{\"backup.velero.io/backup-volumes\":\"data\"}},\"spec\":{"              \
	"\"nodeName\":\"" node "\",\"volumes\":[{\"name\":\"data\",\"persistentVolumeClaim\":{"    \
	"\"claimName\":\"" claim "\"}}],\"containers\":[{\"name\":\"c\",\"volumeMounts\":[{"       \
	"\"name\":\"data\"}]}]},\"status\":{\"phase\":\"Running\"}}"
#define AGENT                                                                                      \
	"{\"metadata\":{\"name\":\"node-agent-x\",\"labels\":{\"name\":\"node-agent\"}},"          \
	"\"spec\":{\"nodeName\":\"node-01\"},\"status\":{\"phase\":\"Running\",\"conditions\":["   \
	"{\"type\":\"Ready\",\"status\":\"True\"}]}}"
#define LIST(items) "{\"metadata\":{},\"items\":[" items "]}"
#define FORBIDDEN                                                                                  \
	"{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"code\":403,\"message\":\"pods is "        \
	"forbidden\"}"
#define NAMESPACE(name) "{\"metadata\":{\"name\":\"" name "\"}}"

static const struct httpd_reply usual[] = {
	{ .path = "/deployments/velero",
	  .body = "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"args\":[\"server\"]}]}}}"
		  "}" },
	{ .path = "/volumesnapshotlocations", .status = 404, .body = "404 page not found" },
	{ .path = "/namespaces/velero/pods", .body = LIST(AGENT) },
	{ .path = "GET /api/v1/namespaces?",
	  .body = LIST(NAMESPACE("default") "," NAMESPACE("velero")) },
	{ .path = "/persistentvolumes?", .body = LIST("") },
	{ .path = "/default/persistentvolumeclaims?limit=500&continue=more",
	  .body = LIST(CLAIM("b")) },
	{ .path = "/default/persistentvolumeclaims",
	  .body = "{\"metadata\":{\"continue\":\"more\"},\"items\":[" CLAIM("a") "]}" },
	{ .path = "/kurl/persistentvolumeclaims", .body = LIST("") },
	{ .path = "/default/pods",
	  .body = LIST(POD("p", "a", "node-01") "," POD("q", "b", "node-02")) },
	{ .path = "/kurl/pods", .body = LIST("") },
};

struct seen {
	const struct preview *preview;
	int count;
};

static void done(void *arg, const struct preview *preview)
{
	struct seen *seen = arg;

	seen->preview = preview_ref(preview);
	seen->count++;
}

static void wait_for(struct world *world, struct seen *seen)
{
	for (int i = 0; i < 200 && !seen->count; i++)
		transport_wait(world->transport, NULL, 0, 50);
	cr_assert_eq(seen->count, 1, "%zu requests, the last %.200s", httpd_count(world->api),
		     httpd_request(world->api, httpd_count(world->api) - 1));
}

static void add_rows(struct strbuf *out, const struct preview *preview)
{
	for (size_t i = 0; i < preview->coverage.count; i++) {
		coverage_add_row(out, &preview->coverage.rows[i]);
		strbuf_addc(out, '\n');
	}
}

Test(preview, reads_page_by_page_and_changes_nothing)
{
	struct strbuf rows = STRBUF_INIT;
	struct seen seen = { 0 };
	struct world world;

	world_open(&world, usual, ARRAY_SIZE(usual));
	preview_start(&world.ops, "", done, &seen);
	wait_for(&world, &seen);
	cr_expect_eq(seen.preview->refusal.code, STATUS_OK, "%s", seen.preview->refusal.text);
	cr_expect(seen.preview->coverage_known);
	cr_expect_eq(seen.preview->gap_count, 0);
	cr_expect_str_eq(seen.preview->namespaces, "default, kurl");
	cr_expect_str_eq(seen.preview->selector, "kots.io/backup=velero");
	cr_expect_eq(seen.preview->app_count, 2);
	add_rows(&rows, seen.preview);
	cr_expect_str_eq(
		rows.buf,
		"claim default/b (pod q, 1.00 GiB): no node agent runs on its node (node-02)\n"
		"namespace kurl: to be included, but not there: Velero would end PartiallyFailed\n"
		"claim default/a (pod p, 1.00 GiB): copied\n",
		"%s", rows.buf);
	for (size_t i = 0; i < httpd_count(world.api); i++)
		cr_expect(text_starts(httpd_request(world.api, i), "GET "), "%.80s",
			  httpd_request(world.api, i));
	preview_unref(seen.preview);
	strbuf_done(&rows);
	world_close(&world);
}

Test(preview, says_what_it_may_not_read_and_goes_on)
{
	struct httpd_reply replies[ARRAY_SIZE(usual)];
	struct seen seen = { 0 };
	struct world world;

	memcpy(replies, usual, sizeof(usual));
	replies[4].status = replies[9].status = 403;
	replies[4].body = replies[9].body = FORBIDDEN;
	world_open(&world, replies, ARRAY_SIZE(replies));
	preview_start(&world.ops, "", done, &seen);
	wait_for(&world, &seen);
	cr_expect(!seen.preview->coverage_known);
	cr_assert_eq(seen.preview->gap_count, 2);
	cr_expect_str_eq(seen.preview->gaps[0].what, "persistent volumes");
	cr_expect_str_eq(seen.preview->gaps[1].what, "pods in kurl");
	cr_expect(strstr(seen.preview->gaps[1].why, "forbidden"), "%s", seen.preview->gaps[1].why);
	cr_expect_eq(seen.preview->coverage.by_why[COVERAGE_COPIED], 1);
	preview_unref(seen.preview);
	world_close(&world);
}

Test(preview, of_what_cannot_be_taken_has_the_reason_and_asks_nothing)
{
	static const struct httpd_reply replies[] = { { .path = "none" } };
	struct seen seen = { 0 };
	struct world world;

	world_open(&world, replies, ARRAY_SIZE(replies));
	preview_start(&world.ops, "not-installed", done, &seen);
	cr_expect_eq(seen.count, 0); /* never inside of the question */
	wait_for(&world, &seen);
	cr_expect_eq(seen.preview->refusal.code, STATUS_REFUSED);
	cr_expect_null(seen.preview->backup);
	cr_expect_eq(httpd_count(world.api), 0);
	preview_unref(seen.preview);
	world_use(&world, SITE_CONNECTING);
	seen = (struct seen){ 0 };
	preview_start(&world.ops, "", done, &seen);
	wait_for(&world, &seen);
	cr_expect(text_starts(seen.preview->refusal.text, "not yet"), "%s",
		  seen.preview->refusal.text);
	preview_unref(seen.preview);
	world_close(&world);
}

Test(preview, can_be_left_at_any_moment)
{
	for (size_t wanted = 0; wanted <= ARRAY_SIZE(usual); wanted++) {
		struct seen seen = { 0 };
		struct preview_reader *reader;
		struct world world;

		world_open(&world, usual, ARRAY_SIZE(usual));
		reader = preview_start(&world.ops, "", done, &seen);
		for (int i = 0; i < 200 && httpd_count(world.api) < wanted && !seen.count; i++)
			transport_wait(world.transport, NULL, 0, 50);
		if (!seen.count)
			preview_cancel(reader);
		preview_unref(seen.preview);
		world_close(&world);
	}
}

static const struct {
	const char *args;
	bool copies_all, csi;
} servers[] = {
	{ "\"server\"", false, false },
	{ "\"server\",\"--default-volumes-to-fs-backup\"", true, false },
	{ "\"--default-volumes-to-fs-backup=true\"", true, false },
	{ "\"--default-volumes-to-fs-backup=false\"", false, false },
	{ "\"--default-volumes-to-restic\"", true, false },
	{ "\"--default-volumes-to-fs-backup-not\"", false, false },
	{ "\"--features=EnableCSI\"", false, true },
	{ "\"--features=EnableAPIGroupVersions\"", false, false },
};

Test(preview, knows_what_the_server_was_told)
{
	for (size_t i = 0; i < ARRAY_SIZE(servers); i++) {
		struct strbuf text = STRBUF_INIT;
		struct json *deployment;

		strbuf_addf(
			&text,
			"{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"args\":[%s]}]}}}}",
			servers[i].args);
		deployment = json_parse(text.buf, text.len, NULL);
		cr_expect_eq(preview_server_copies_all(deployment), servers[i].copies_all, "%s",
			     servers[i].args);
		cr_expect_eq(preview_server_has_csi(deployment), servers[i].csi, "%s",
			     servers[i].args);
		json_free(deployment);
		strbuf_done(&text);
	}
}
