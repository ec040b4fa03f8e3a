#include "backend/practice/select.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdint.h>

#include <string.h>

static struct json *parse(const char *text)
{
	struct json *node = json_parse(text, strlen(text), NULL);

	cr_assert_not_null(node, "%s", text);
	return node;
}

/* spec, resource, object, taken? */
static const struct row {
	const char *spec, *resource, *object;
	bool taken;
} rows[] = {
	{ "{}", "pods", "{\"metadata\":{\"name\":\"a\",\"namespace\":\"x\"}}", true },
	{ "{\"includedNamespaces\":[\"y\"]}", "pods", "{\"metadata\":{\"namespace\":\"x\"}}",
	  false },
	{ "{\"includedNamespaces\":[\"x*\"]}", "pods", "{\"metadata\":{\"namespace\":\"xy\"}}",
	  true },
	{ "{\"excludedNamespaces\":[\"x\"]}", "pods", "{\"metadata\":{\"namespace\":\"x\"}}",
	  false },
	{ "{}", "pods",
	  "{\"metadata\":{\"namespace\":\"x\",\"labels\":{\"velero.io/"
	  "exclude-from-backup\":\"true\"}}}",
	  false },
	{ "{}", "pods",
	  "{\"metadata\":{\"namespace\":\"x\",\"labels\":{\"velero.io/"
	  "exclude-from-backup\":\"false\"}}}",
	  true },
	{ "{\"labelSelector\":{\"matchLabels\":{\"a\":\"b\"}}}", "pods",
	  "{\"metadata\":{\"namespace\":\"x\"}}", false },
	{ "{\"orLabelSelectors\":[{\"matchLabels\":{\"a\":\"z\"}},{\"matchLabels\":{\"a\":\"b\"}}]"
	  "}",
	  "pods", "{\"metadata\":{\"namespace\":\"x\",\"labels\":{\"a\":\"b\"}}}", true },
	{ "{\"excludedResources\":[\"pods\"]}", "pods", "{\"metadata\":{\"namespace\":\"x\"}}",
	  false },
	{ "{\"includedResources\":[\"deployments\"]}", "deployments.apps",
	  "{\"metadata\":{\"namespace\":\"x\"}}", true },
	{ "{\"includedNamespaces\":[\"x\"]}", "storageclasses.storage.k8s.io",
	  "{\"metadata\":{\"name\":\"s\"}}", false },
	{ "{\"includedNamespaces\":[\"x\"],\"includeClusterResources\":true}",
	  "storageclasses.storage.k8s.io", "{\"metadata\":{\"name\":\"s\"}}", true },
	{ "{\"includeClusterResources\":false}", "storageclasses.storage.k8s.io",
	  "{\"metadata\":{\"name\":\"s\"}}", false },
};

Test(practice_select, takes_what_velero_takes)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct json *spec = parse(rows[i].spec), *object = parse(rows[i].object);

		cr_expect(eq(int, select_object(spec, kind_by_resource(rows[i].resource), object),
			     rows[i].taken),
			  "%s %s", rows[i].spec, rows[i].object);
		json_free(spec);
		json_free(object);
	}
}

static const struct {
	const char *expression, *labels;
	bool matches;
} expressions[] = {
	{ "{\"key\":\"a\",\"operator\":\"In\",\"values\":[\"x\",\"y\"]}", "{\"a\":\"y\"}", true },
	{ "{\"key\":\"a\",\"operator\":\"In\",\"values\":[\"x\"]}", "{}", false },
	{ "{\"key\":\"a\",\"operator\":\"NotIn\",\"values\":[\"x\"]}", "{}", true },
	{ "{\"key\":\"a\",\"operator\":\"Exists\"}", "{\"a\":\"\"}", true },
	{ "{\"key\":\"a\",\"operator\":\"DoesNotExist\"}", "{\"a\":\"\"}", false },
};

Test(practice_select, expressions_match_as_kubernetes_has_them)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(expressions); i++) {
		struct json *selector = json_new_map(), *labels = parse(expressions[i].labels);

		json_add(json_put(selector, "matchExpressions", json_new_list()),
			 parse(expressions[i].expression));
		cr_expect(eq(int, select_labels(selector, labels), expressions[i].matches), "%s",
			  expressions[i].expression);
		json_free(selector);
		json_free(labels);
	}
}

static void expect_volumes(const char *pod_text, bool all, const char *want_text)
{
	struct json *pod = parse(pod_text), *want = parse(want_text),
		    *names = select_pod_volumes(pod, all);

	cr_expect(json_equal(names, want), "%s", want_text);
	json_free(pod);
	json_free(want);
	json_free(names);
}

Test(practice_select, volumes_are_opted_in_by_annotation_or_out_with_the_default)
{
	static const char pod[] =
		"{\"metadata\":{\"annotations\":{\"backup.velero.io/backup-volumes\":\"data, "
		"cache\","
		"\"backup.velero.io/backup-volumes-excludes\":\"cache\"}},\"spec\":{\"volumes\":["
		"{\"name\":\"data\",\"emptyDir\":{}},{\"name\":\"cache\",\"emptyDir\":{}},"
		"{\"name\":\"conf\",\"configMap\":{}},{\"name\":\"more\",\"emptyDir\":{}}]}}";

	expect_volumes(pod, false, "[\"data\",\"cache\"]");
	expect_volumes(pod, true, "[\"data\",\"more\"]");
}

static const struct {
	const char *spec;
	size_t problems;
} refused[] = {
	{ "{}", 0 },
	{ "{\"includedNamespaces\":[\"a\"],\"excludedNamespaces\":[\"a\"]}", 1 },
	{ "{\"includedNamespaces\":[\"Not_A_Name\"]}", 1 },
	{ "{\"includedNamespaces\":[\"a**\"]}", 1 },
	{ "{\"includedNamespaces\":[\"*\",\"a\"]}", 1 },
	{ "{\"includedResources\":[\"pods\"],\"includedNamespaceScopedResources\":[\"pods\"]}", 1 },
	{ "{\"labelSelector\":{},\"orLabelSelectors\":[{}]}", 1 },
};

Test(practice_select, refuses_what_velero_refuses)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		struct json *spec = parse(refused[i].spec), *problems = select_problems(spec);

		cr_expect(eq(sz, json_count(problems), refused[i].problems), "%s", refused[i].spec);
		json_free(spec);
		json_free(problems);
	}
}
