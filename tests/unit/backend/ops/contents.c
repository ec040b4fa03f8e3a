/* The list of what a snapshot holds, and the facts of a plan joined from it. */
#include "backend/ops/facts.h"
#include "backend/ops/sweep.h"
#include "tests/support/site.h"

#include <criterion/criterion.h>
#include <string.h>

#define LIST                                                                                       \
	"{\"apps/v1/Deployment\":[\"default/api\"],\"v1/Namespace\":[\"default\"],"                \
	"\"v1/PersistentVolumeClaim\":[\"default/data-postgres-0\",\"default/gone\"],"             \
	"\"v1/Pod\":[\"default/api-1\"]}"

Test(contents, an_object_is_found_whatever_its_version)
{
	struct error err = ERROR_INIT;
	struct contents *contents = contents_parse(LIST, strlen(LIST), &err);

	cr_assert(contents, "%s", err.text);
	cr_assert(contents_has(contents, "apps", "Deployment", "default", "api"));
	cr_assert(contents_has(contents, "", "Namespace", "", "default"));
	cr_assert_not(contents_has(contents, "", "Deployment", "default", "api"));
	cr_assert_not(contents_has(contents, "apps", "Deployment", "kurl", "api"));
	cr_assert_eq(contents_count(contents), 5);
	contents_free(contents);
}

Test(contents, what_is_no_list_is_refused)
{
	struct error err = ERROR_INIT;

	cr_assert_null(contents_parse("[]", 2, &err));
	cr_assert_eq(err.code, STATUS_FORMAT);
	cr_assert_null(contents_parse("{", 1, &err));
	cr_assert_not(contents_has(NULL, "", "Pod", "default", "x"));
	cr_assert_eq(contents_count(NULL), 0);
}

static const struct access_resource deployments = { "apps", "v1", "deployments", "Deployment",
						    true,   true, true };

static void add_deployment(struct app_objects *objects, const char *name)
{
	struct strbuf text = STRBUF_INIT;
	struct json *json;

	strbuf_addf(&text,
		    "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"default\",\"uid\":\"%s\","
		    "\"labels\":{\"kots.io/app-slug\":\"acme-analytics\"},"
		    "\"annotations\":{\"kots.io/app-slug\":\"acme-analytics\"}}}",
		    name, name);
	json = json_parse(text.buf, text.len, NULL);
	app_objects_add(objects, &deployments, json);
	json_free(json);
	strbuf_done(&text);
}

static const struct plan_object *find(const struct facts_rows *rows, const char *name)
{
	for (size_t i = 0; i < rows->count; i++)
		if (!strcmp(rows->objects[i].name, name))
			return &rows->objects[i];
	return NULL;
}

static void build(struct facts_rows *rows, const struct app_objects *objects,
		  const struct contents *contents, const struct model *model, const char *backup)
{
	struct facts_found found = { .scope = RESTORE_SCOPE_APP,
				     .app_slug = "acme-analytics",
				     .objects = objects,
				     .count = 1,
				     .contents = contents,
				     .model = model };

	found.backup =
		(const struct backup *)list_by_name(model->lists[COLLECTION_BACKUPS], backup);
	facts_rows_build(rows, &found);
}

/* Of a full snapshot nobody can tell whose an object is that is missing today; of a partial one
 * everything is the application's. */
static void check_missing(const char *backup_name, bool partial)
{
	struct model *model = site_model(SITE_QUIET);
	struct contents *contents = contents_parse(LIST, strlen(LIST), NULL);
	struct app_objects objects;
	struct facts_rows rows;

	app_objects_init(&objects, "acme-analytics", NULL);
	add_deployment(&objects, "api");
	add_deployment(&objects, "new");
	build(&rows, &objects, contents, model, backup_name);
	cr_assert(find(&rows, "api")->in_snapshot);
	cr_assert_not(find(&rows, "new")->in_snapshot);
	cr_assert(rows.facts.contents_known);
	cr_assert_eq(find(&rows, "gone") != NULL, partial);
	cr_assert_null(find(&rows, "api-1"), "pods come by themselves");
	cr_assert_null(find(&rows, "default"), "a namespace is of the cluster");
	facts_rows_done(&rows);
	app_objects_done(&objects);
	contents_free(contents);
	model_unref(model);
}

Test(facts, only_a_partial_snapshot_tells_what_is_missing_today)
{
	check_missing("acme-analytics-b9d4m", true);
	check_missing("instance-m4h8t", false);
}

Test(facts, without_the_list_nothing_is_claimed_about_losses)
{
	struct model *model = site_model(SITE_QUIET);
	struct app_objects objects;
	struct facts_rows rows;

	app_objects_init(&objects, "acme-analytics", NULL);
	add_deployment(&objects, "api");
	build(&rows, &objects, NULL, model, "instance-m4h8t");
	cr_assert_not(rows.facts.contents_known);
	facts_rows_done(&rows);
	app_objects_done(&objects);
	model_unref(model);
}
