#include "backend/practice/select.h"

#include "backend/base/strbuf.h"

#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

#define EXCLUDE_LABEL	 "velero.io/exclude-from-backup"
#define VOLUMES		 "backup.velero.io/backup-volumes"
#define VOLUMES_EXCLUDED "backup.velero.io/backup-volumes-excludes"

static bool list_has(const struct json *list, const char *text)
{
	const struct json *entry;

	for (entry = json_first(list); entry; entry = json_next(entry)) {
		if (strcmp(json_value(entry), text) == 0)
			return true;
	}
	return false;
}

/* ---- labels ---- */

static bool takes_expression(const struct json *expression, const struct json *labels)
{
	const char *op = json_key_text(expression, "operator");
	const struct json *label = json_key(labels, json_key_text(expression, "key"));
	bool in = label && list_has(json_key(expression, "values"), json_value(label));

	if (strcmp(op, "In") == 0)
		return in;
	if (strcmp(op, "NotIn") == 0)
		return !in;
	if (strcmp(op, "Exists") == 0)
		return label != NULL;
	return strcmp(op, "DoesNotExist") == 0 && !label;
}

bool select_labels(const struct json *selector, const struct json *labels)
{
	const struct json *want;

	for (want = json_first(json_key(selector, "matchLabels")); want; want = json_next(want)) {
		const struct json *label = json_key(labels, json_name(want));

		if (!label || strcmp(json_value(label), json_value(want)) != 0)
			return false;
	}
	for (want = json_first(json_key(selector, "matchExpressions")); want;
	     want = json_next(want)) {
		if (!takes_expression(want, labels))
			return false;
	}
	return true;
}

bool select_has_labels(const struct json *spec)
{
	return json_key(spec, "labelSelector") ||
	       json_count(json_key(spec, "orLabelSelectors")) > 0;
}

bool select_by_spec_labels(const struct json *spec, const struct json *labels)
{
	const struct json *either = json_first(json_key(spec, "orLabelSelectors"));

	if (!select_labels(json_key(spec, "labelSelector"), labels))
		return false;
	if (!either)
		return true;
	for (; either; either = json_next(either)) {
		if (select_labels(either, labels))
			return true;
	}
	return false;
}

/* ---- namespaces and kinds ---- */

static bool list_matches(const struct json *list, const char *text)
{
	const struct json *entry;

	for (entry = json_first(list); entry; entry = json_next(entry)) {
		if (fnmatch(json_value(entry), text, 0) == 0)
			return true;
	}
	return false;
}

bool select_namespace(const struct json *spec, const char *namespace)
{
	const struct json *included = json_key(spec, "includedNamespaces");

	if (json_count(included) > 0 && !list_matches(included, namespace))
		return false;
	return !list_matches(json_key(spec, "excludedNamespaces"), namespace);
}

/* "pods", "deployments.apps" or "deployments". */
static bool names_kind(const struct json *list, const struct kind *kind)
{
	return list_has(list, kind->resource) || list_has(list, kind->plural) ||
	       list_has(list, "*");
}

/* An include and an exclude list; an empty include list is `otherwise`. */
static bool lists_take(const struct json *included, const struct json *excluded,
		       const struct kind *kind, bool otherwise)
{
	if (names_kind(excluded, kind))
		return false;
	return json_count(included) > 0 ? names_kind(included, kind) : otherwise;
}

static bool takes_all_namespaces(const struct json *spec)
{
	const struct json *included = json_key(spec, "includedNamespaces");

	return (json_count(included) == 0 || list_has(included, "*")) &&
	       json_count(json_key(spec, "excludedNamespaces")) == 0;
}

bool select_kind(const struct json *spec, const struct kind *kind)
{
	bool cluster = !(kind->flags & KIND_NAMESPACED), all = takes_all_namespaces(spec);

	if (kind->flags & KIND_CREATE)
		return false;
	if (!lists_take(json_key(spec, "includedResources"), json_key(spec, "excludedResources"),
			kind, true))
		return false;
	if (!cluster)
		return lists_take(json_key(spec, "includedNamespaceScopedResources"),
				  json_key(spec, "excludedNamespaceScopedResources"), kind, true);
	/* Namespaces come along with what lies in them. */
	if (strcmp(kind->resource, "namespaces") == 0)
		return false;
	if (!json_bool(spec, "includeClusterResources", all))
		return lists_take(json_key(spec, "includedClusterScopedResources"), NULL, kind,
				  false);
	return lists_take(json_key(spec, "includedClusterScopedResources"),
			  json_key(spec, "excludedClusterScopedResources"), kind, true);
}

static bool is_excluded(const struct json *object)
{
	return strcmp(json_key_text(json_get(object, "metadata.labels"), EXCLUDE_LABEL), "true") ==
	       0;
}

bool select_object(const struct json *spec, const struct kind *kind, const struct json *object)
{
	if (!select_kind(spec, kind) || is_excluded(object))
		return false;
	if (kind->flags & KIND_NAMESPACED &&
	    !select_namespace(spec, json_text(object, "metadata.namespace")))
		return false;
	return select_by_spec_labels(spec, json_get(object, "metadata.labels"));
}

bool select_related(const struct json *spec, const struct kind *kind, const struct json *object)
{
	if (is_excluded(object) || !lists_take(json_key(spec, "includedResources"),
					       json_key(spec, "excludedResources"), kind, true))
		return false;
	if (kind->flags & KIND_NAMESPACED)
		return select_namespace(spec, json_text(object, "metadata.namespace"));
	if (strcmp(kind->resource, "namespaces") == 0)
		return select_namespace(spec, json_text(object, "metadata.name"));
	return json_bool(spec, "includeClusterResources", true) &&
	       !names_kind(json_key(spec, "excludedClusterScopedResources"), kind);
}

/* ---- volumes of a pod ---- */

/* Is `name` in a comma list with blanks? */
static bool comma_has(const char *list, const char *name)
{
	size_t len = strlen(name), part;

	while (*list) {
		list += strspn(list, ", ");
		part = strcspn(list, ", ");
		if (part == len && strncmp(list, name, len) == 0)
			return true;
		list += part;
	}
	return false;
}

static bool is_copied_by_default(const struct json *volume)
{
	static const char *const never[] = { "hostPath", "secret", "configMap", "projected",
					     "downwardAPI" };
	size_t i;

	for (i = 0; i < sizeof(never) / sizeof(*never); i++) {
		if (json_key(volume, never[i]))
			return false;
	}
	return !text_starts(json_key_text(volume, "name"), "default-token");
}

struct json *select_pod_volumes(const struct json *pod, bool default_all)
{
	const struct json *annotations = json_get(pod, "metadata.annotations");
	const struct json *volume = json_first(json_get(pod, "spec.volumes"));
	struct json *names = json_new_list();

	for (; volume; volume = json_next(volume)) {
		const char *name = json_key_text(volume, "name");
		bool taken =
			default_all
				? is_copied_by_default(volume) &&
					  !comma_has(json_key_text(annotations, VOLUMES_EXCLUDED),
						     name)
				: comma_has(json_key_text(annotations, VOLUMES), name);

		if (taken && !json_key(volume, "hostPath"))
			json_add_text(names, name);
	}
	return names;
}

/* ---- what is refused ---- */

static bool is_namespace_pattern(const char *text, const char **ret_problem)
{
	size_t len = strlen(text), i;

	*ret_problem = NULL;
	if (strpbrk(text, "|()!{},") || strstr(text, "**"))
		*ret_problem =
			"wildcard pattern contains unsupported characters: |, (, ), !, {, }, ,";
	for (i = 0; i < len && !*ret_problem; i++) {
		if (!islower((unsigned char)text[i]) && !isdigit((unsigned char)text[i]) &&
		    !strchr("-*?[]", text[i]))
			*ret_problem =
				"a lowercase RFC 1123 label must consist of lower case "
				"alphanumeric "
				"characters or '-', and must start and end with an alphanumeric "
				"character (e.g. 'my-name',  or '123-abc', regex used for "
				"validation "
				"is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
	}
	return !*ret_problem;
}

static void check_names(const struct json *list, struct json *problems)
{
	static const char before[] = "Invalid included/excluded namespace lists: ";
	struct strbuf text = STRBUF_INIT;
	const struct json *entry;
	const char *why;

	for (entry = json_first(list); entry; entry = json_next(entry)) {
		if (is_namespace_pattern(json_value(entry), &why))
			continue;
		strbuf_reset(&text);
		if (text_starts(why, "wildcard"))
			strbuf_addf(&text, "%s%s", before, why);
		else
			strbuf_addf(&text, "%sinvalid namespace \"%s\": %s", before,
				    json_value(entry), why);
		json_add_text(problems, text.buf);
	}
	strbuf_done(&text);
}

static void check_lists(const struct json *included, const struct json *excluded, const char *what,
			struct json *problems)
{
	struct strbuf text = STRBUF_INIT;
	const struct json *entry;

	if (json_count(included) > 1 && list_has(included, "*")) {
		strbuf_addf(
			&text,
			"Invalid included/excluded %s lists: includes list must either contain '*' "
			"only, or a non-empty list of items",
			what);
		json_add_text(problems, text.buf);
	}
	for (entry = json_first(excluded); entry; entry = json_next(entry)) {
		strbuf_reset(&text);
		if (list_has(included, json_value(entry)))
			strbuf_addf(&text,
				    "Invalid included/excluded %s lists: excludes list cannot "
				    "contain an "
				    "item in the includes list: %s",
				    what, json_value(entry));
		else if (strcmp(json_value(entry), "*") == 0)
			strbuf_addf(&text,
				    "Invalid included/excluded %s lists: excludes list cannot "
				    "contain '*'",
				    what);
		if (text.len > 0)
			json_add_text(problems, text.buf);
	}
	strbuf_done(&text);
}

static bool has_old_filters(const struct json *spec)
{
	return json_count(json_key(spec, "includedResources")) > 0 ||
	       json_count(json_key(spec, "excludedResources")) > 0 ||
	       json_type(json_key(spec, "includeClusterResources")) == JSON_BOOL;
}

static bool has_new_filters(const struct json *spec)
{
	return json_count(json_key(spec, "includedClusterScopedResources")) > 0 ||
	       json_count(json_key(spec, "excludedClusterScopedResources")) > 0 ||
	       json_count(json_key(spec, "includedNamespaceScopedResources")) > 0 ||
	       json_count(json_key(spec, "excludedNamespaceScopedResources")) > 0;
}

struct json *select_problems(const struct json *spec)
{
	struct json *problems = json_new_list();

	check_names(json_key(spec, "includedNamespaces"), problems);
	check_names(json_key(spec, "excludedNamespaces"), problems);
	check_lists(json_key(spec, "includedNamespaces"), json_key(spec, "excludedNamespaces"),
		    "namespace", problems);
	check_lists(json_key(spec, "includedResources"), json_key(spec, "excludedResources"),
		    "resource", problems);
	if (has_old_filters(spec) && has_new_filters(spec))
		json_add_text(
			problems,
			"include-resources, exclude-resources and include-cluster-resources are "
			"old "
			"filter parameters.\ninclude-cluster-scoped-resources, "
			"exclude-cluster-scoped-resources, include-namespace-scoped-resources and "
			"exclude-namespace-scoped-resources are new filter parameters.\nThey "
			"cannot "
			"be used together");
	if (json_key(spec, "labelSelector") && json_count(json_key(spec, "orLabelSelectors")) > 0)
		json_add_text(problems,
			      "encountered labelSelector as well as orLabelSelectors in backup "
			      "spec, only one can be specified");
	return problems;
}
