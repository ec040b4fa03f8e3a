#include "backend/velero/cause.h"
#include "backend/velero/resources.h"
#include "tests/support/recording.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

/* Words that real Veleros wrote (FINDINGS of the recordings, spec/velero-api.md 12). */
static const struct {
	const char *message, *title; /* NULL: no row knows it */
} rows[] = {
	{ "message: /Error executing hook error: /command terminated with exit code 3",
	  "script failed" },
	{ "message: /Error executing hook error: /timed out after 2s", "script took too long" },
	{ "message: /Error executing hook error: /no such container: \"nope\"",
	  "script names a container that is not there" },
	{ "name: /web-0 message: /Error running pre hooks for pod error: /timed out after 2s",
	  "pod left out after its script failed" },
	{ "name: /web-0 message: /Error backing up item error: /daemonset pod not found in running "
	  "state in node n1",
	  "no node-agent on the node of the pod" },
	{ "backup execution failed: backup already exists in object storage",
	  "a snapshot of this name is stored already" },
	{ "backup already exists in object storage", "a snapshot of this name is stored already" },
	{ "found a backup with status \"InProgress\" during the server starting, mark it as "
	  "\"Failed\"",
	  "Velero restarted while it ran" },
	{ "message: /pod volume backup canceled: ", "copying of a volume was cancelled" },
	/* Of restores. */
	{ "could not restore, ConfigMap:kube-root-ca.crt already exists. Warning: the in-cluster "
	  "version is different than the backed-up version",
	  "known harmless: every namespace has this one" },
	{ "could not restore, Endpoints \"web\" already exists. Warning: the in-cluster version "
	  "is different than the backed-up version",
	  "known harmless: endpoints exist already" },
	{ "could not restore, RoleBinding:system:deployers already exists. Warning: the "
	  "in-cluster version is different than the backed-up version",
	  "known harmless: OpenShift has its own" },
	{ "could not restore, ConfigMap:drift already exists. Warning: the in-cluster version is "
	  "different than the backed-up version",
	  "kept, differs from the snapshot" },
	{ "pod volume restore failed: data path restore failed: Failed to run kopia restore: "
	  "Unable to load snapshot ec8d: snapshot not found",
	  "a volume was not filled" },
	{ "error restoring services/default/web: Service \"web\" is invalid: "
	  "spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated",
	  "node port taken" },
	{ "an unexpected thing", NULL },
	{ "", NULL },
};

Test(cause, words_of_both_veleros_are_known)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct cause *cause = cause_find(rows[i].message);

		cr_expect_eq(cause == NULL, rows[i].title == NULL, "%s", rows[i].message);
		if (cause && rows[i].title)
			cr_expect_str_eq(cause->title, rows[i].title, "%s", rows[i].message);
	}
}

static const char mixed[] =
	"{\"errors\":{\"velero\":[\" message: /Error executing hook error: /command terminated "
	"with exit code 3\"]},\"warnings\":{\"namespaces\":{\"acme\":["
	"\" resource: /pods name: /job-1 message: /Skip pod volume a error: /pod is not in the "
	"expected status\",\" resource: /pods name: /job-2 message: /Skip pod volume b error: /pod "
	"is not in the expected status\",\"odd thing\",\"odd thing\","
	"\"could not restore, Endpoints web already exists\"]}}}";

Test(problems, are_grouped_by_cause_errors_first_harmless_last)
{
	struct result_lines lines;
	struct problem_groups groups;
	struct strbuf text = STRBUF_INIT;

	cr_assert_eq(results_parse(mixed, strlen(mixed), &lines, NULL), STATUS_OK);
	problems_group(&lines, &groups);
	cr_assert_eq(groups.count, 4, "%zu", groups.count);
	cr_expect(groups.rows[0].is_error);
	cr_expect_str_eq(groups.rows[0].title, "script failed");
	cr_expect_eq(groups.rows[1].count, 2);
	cr_expect_eq(groups.rows[2].cause, NULL);
	cr_expect_str_eq(groups.rows[2].title, "odd thing");
	cr_expect(groups.rows[3].cause->harmless);
	cr_expect_eq(groups.harmless, 1);
	result_line_add_object(&text, &lines.rows[groups.rows[1].lines[1]]);
	cr_expect_str_eq(text.buf, "job-2");
	problem_groups_done(&groups);
	result_lines_done(&lines);
	strbuf_done(&text);
}

static const char list[] =
	"{\"v1/Pod\":[\"app/web-0\",\"app/web-1\",\"kurl/r\"],"
	"\"apps/v1/Deployment\":[\"app/web\"],\"v1/PersistentVolume\":[\"pv-1\"],"
	"\"odd\":3}";

static const struct {
	const char *message, *object;
} objects[] = {
	{ "could not restore, ConfigMap:drift already exists. Warning: the", "ConfigMap drift" },
	{ "could not restore, Endpoints \"web\" already exists.", "Endpoints web" },
	{ "could not restore, and no more", "" },
	{ " resource: /pods name: /job-1 message: /Skip pod volume a error: /x", "job-1" },
	{ "pod volume restore failed: data path restore failed", "" },
};

Test(problems, name_the_object_they_are_about)
{
	for (size_t i = 0; i < ARRAY_SIZE(objects); i++) {
		struct result_line line = { .scope = "", .message = objects[i].message };
		struct strbuf text = STRBUF_INIT;

		result_line_add_object(&text, &line);
		cr_expect_str_eq(text.buf, objects[i].object, "row %zu", i);
		strbuf_done(&text);
	}
}

/* Nothing is only counted: each message stands there whole, with what it means and what to do. */
Test(problems, are_told_in_full)
{
	static const char json[] =
		"{\"errors\":{\"velero\":[\"pod volume restore failed: data path restore failed: "
		"no "
		"space left\\nin two lines\"]},\"warnings\":{\"namespaces\":{\"acme\":[\"odd "
		"thing\","
		"\"could not restore, Endpoints:web already exists\"]}}}";
	struct result_lines lines = { 0 }, more;
	struct problem_groups groups;
	struct strbuf text = STRBUF_INIT;

	cr_assert_eq(results_parse(json, strlen(json), &more, NULL), STATUS_OK);
	result_lines_add(&lines, &more);
	result_lines_done(&more);
	problems_group(&lines, &groups);
	problems_add_text(&text, &lines, &groups);
	cr_expect_str_eq(
		text.buf,
		"ERROR: a volume was not filled\n"
		"  Sure: It is empty, or filled in part, and its pod may stay in its init "
		"container.\n"
		"  Next: See to the reason, then restore again (r): the snapshot is unharmed.\n"
		"    velero: pod volume restore failed: data path restore failed: no space left in "
		"two lines\n"
		"\nWARNING: odd thing\n  No rule knows this message.\n    acme: odd thing\n"
		"\nWARNING: known harmless: endpoints exist already\n"
		"  Sure: Kubernetes makes them itself.\n  Next: Nothing.\n"
		"    acme: could not restore, Endpoints:web already exists\n"
		"\n1 of 3 known to be harmless.\n");
	problem_groups_done(&groups);
	result_lines_done(&lines);
	strbuf_done(&text);
}

Test(resources, are_counted_by_kind_and_namespace)
{
	struct resources resources;
	struct strbuf text = STRBUF_INIT;

	cr_assert_eq(resources_parse(list, strlen(list), &resources, NULL), STATUS_OK);
	cr_assert_eq(resources.count, 3);
	cr_expect_eq(resources.objects, 5);
	cr_expect_str_eq(resources.rows[0].kind, "apps/v1 Deployment");
	cr_expect_str_eq(resources.rows[2].kind, "v1 Pod");
	resource_kind_add_places(&text, &resources.rows[2], 4);
	cr_expect_str_eq(text.buf, "app 2, kurl 1");
	strbuf_reset(&text);
	resource_kind_add_places(&text, &resources.rows[1], 4);
	cr_expect_str_eq(text.buf, "of the cluster 1");
	strbuf_done(&text);
	resources_done(&resources);
}

Test(resources, what_is_no_list_is_told)
{
	struct resources resources;
	struct error err = ERROR_INIT;

	cr_expect_eq(resources_parse("[1]", 3, &resources, &err), STATUS_FORMAT);
	cr_expect_eq(resources_parse("{\"v1/Pod\":[", 10, &resources, &err), STATUS_FORMAT);
}
