#include "backend/practice/schema.h"

#include "backend/practice/schema_velero.h"
#include "tests/unit/backend/practice/objects_rig.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <string.h>

/* Each: what stands beside metadata, and the first field that is refused and why, or "". */
static const struct {
	const char *resource, *content, *field, *reason;
} rows[] = {
	{ "backups.velero.io", "'spec':{}", "", "" },
	{ "backups.velero.io", "'spec':{'ttl':null},'status':{'phase':'New'}", "", "" },
	{ "backups.velero.io", "'status':{'phase':'Uploading'}", "status.phase",
	  "FieldValueNotSupported" },
	{ "backups.velero.io", "'status':{'startTimestamp':'yesterday'}", "status.startTimestamp",
	  "FieldValueInvalid" },
	{ "backups.velero.io", "'status':{'startTimestamp':'2026-11-21T02:14:31Z'}", "", "" },
	{ "backups.velero.io", "'status':{'warnings':1.5}", "status.warnings",
	  "FieldValueTypeInvalid" },
	{ "backups.velero.io", "'spec':{'includedNamespaces':['a',1]}",
	  "spec.includedNamespaces[1]", "FieldValueTypeInvalid" },
	{ "backups.velero.io", "'spec':{'orderedResources':{'pods':1}}",
	  "spec.orderedResources.pods", "FieldValueTypeInvalid" },
	{ "backups.velero.io", "'spec':{'hooks':{'resources':[{}]}}",
	  "spec.hooks.resources[0].name", "FieldValueRequired" },
	{ "backups.velero.io",
	  "'spec':{'hooks':{'resources':[{'name':'a','pre':[{'exec':{'command':['x'],"
	  "'onError':'Maybe'}}]}]}}",
	  "spec.hooks.resources[0].pre[0].exec.onError", "FieldValueNotSupported" },
	{ "restores.velero.io", "'spec':{'existingResourcePolicy':'whatever'}", "", "" },
	{ "restores.velero.io",
	  "'spec':{'hooks':{'resources':[{'name':'a','postHooks':[{'init':{'initContainers':"
	  "[{'any':{'thing':1}}]}}]}]}}",
	  "", "" },
	{ "schedules.velero.io", "'spec':{'schedule':'@daily','template':{}}", "", "" },
	{ "schedules.velero.io", "'spec':{'schedule':'@daily'}", "spec.template",
	  "FieldValueRequired" },
	{ "schedules.velero.io", "'spec':{'schedule':'@daily','template':{'ttl':1}}",
	  "spec.template.ttl", "FieldValueTypeInvalid" },
	{ "backupstoragelocations.velero.io",
	  "'spec':{'provider':'aws','objectStorage':{'bucket':'b'},'accessMode':'Sometimes'}",
	  "spec.accessMode", "FieldValueNotSupported" },
	{ "backupstoragelocations.velero.io", "'spec':{'provider':'aws','objectStorage':{}}",
	  "spec.objectStorage.bucket", "FieldValueRequired" },
	{ "podvolumebackups.velero.io",
	  "'spec':{'backupStorageLocation':'a','node':'n','pod':{},'volume':'v',"
	  "'uploaderType':''}",
	  "", "" },
	{ "downloadrequests.velero.io", "'spec':{}", "spec.target", "FieldValueRequired" },
	{ "configmaps", "'data':{'a':'b'},'whatever':1", "", "" },
};

ParameterizedTestParameters(schema, refuses_what_the_crds_refuse)
{
	static int indexes[ARRAY_SIZE(rows)];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		indexes[i] = (int)i;
	return cr_make_param_array(int, indexes, ARRAY_SIZE(rows));
}

ParameterizedTest(int *row, schema, refuses_what_the_crds_refuse)
{
	struct json *unknown = json_new_list(), *problems = json_new_list(), *object;
	struct strbuf text = STRBUF_INIT;
	const struct json *first;

	strbuf_addf(&text, "{'metadata':{'name':'x'},%s}", rows[*row].content);
	object = objects_rig_json(text.buf);
	schema_apply(kind_by_resource(rows[*row].resource), object, unknown, problems);
	first = json_first(problems);
	cr_expect_str_eq(json_key_text(first, "field"), rows[*row].field, "%s: %s",
			 rows[*row].content, json_key_text(first, "message"));
	cr_expect_str_eq(json_key_text(first, "reason"), rows[*row].reason);
	cr_expect(zero(sz, json_count(unknown)));
	json_free(object);
	json_free(unknown);
	json_free(problems);
	strbuf_done(&text);
}

Test(schema, names_each_field_it_prunes)
{
	struct json *object = objects_rig_json(
		"{'metadata':{'name':'x'},'spec':{'colour':1,'ttl':'1h','labelSelector':"
		"{'shade':2,'matchLabels':{'any':'thing'}}},'more':{}}");
	struct json *wanted = objects_rig_json("{'metadata':{'name':'x'},'spec':{'ttl':'1h',"
					       "'labelSelector':{'matchLabels':{'any':'thing'}}}}");
	struct json *names = objects_rig_json("['spec.colour','spec.labelSelector.shade','more']");
	struct json *unknown = json_new_list(), *problems = json_new_list();

	schema_apply(kind_by_resource("backups.velero.io"), object, unknown, problems);
	cr_assert(json_equal(object, wanted));
	cr_assert(json_equal(unknown, names));
	cr_assert(zero(sz, json_count(problems)));
	json_free(object);
	json_free(wanted);
	json_free(names);
	json_free(unknown);
	json_free(problems);
}

/* The notation is walked without checks: each text must at least be closed. */
Test(schema, every_kind_of_velero_has_a_text_that_is_closed)
{
	const struct kind *kind;
	size_t i;

	for (i = 0; (kind = kind_at(i)); i++) {
		const char *at = schema_velero_find(kind->resource);
		int depth = 0;

		if (strcmp(kind->group, "velero.io") != 0)
			continue;
		cr_assert_not_null(at, "%s", kind->resource);
		for (; *at; at++) {
			depth += strchr("{[<(", *at) != NULL;
			depth -= strchr("}]>)", *at) != NULL;
			cr_expect(ge(int, depth, at[1] ? 1 : 0), "%s", kind->resource);
		}
		cr_expect(zero(int, depth), "%s", kind->resource);
	}
}

Test(schema, a_label_or_name_that_is_too_long_is_refused)
{
	struct json *object = objects_rig_json("{'metadata':{'name':'x','labels':{'a':''}}}");
	struct json *unknown = json_new_list(), *problems = json_new_list();
	char name[260];

	memset(name, 'a', 254);
	name[254] = '\0';
	json_put_path(object, "metadata.name", json_new_text(name));
	name[64] = '\0';
	json_put_path(object, "metadata.labels.a", json_new_text(name));
	schema_apply(kind_by_resource("configmaps"), object, unknown, problems);
	cr_assert(eq(sz, json_count(problems), (size_t)2));
	json_free(object);
	json_free(unknown);
	json_free(problems);
}
