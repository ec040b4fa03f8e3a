#include "backend/kube/object.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static struct json *parse(const char *text)
{
	struct error err = ERROR_INIT;
	struct json *json = json_parse(text, strlen(text), &err);

	cr_assert(json != NULL, "%s: %s", text, err.text);
	return json;
}

struct thing {
	struct object object;
	int mine;
};

Test(object, carries_its_metadata_and_is_counted)
{
	struct json *json =
		parse("{\"metadata\":{\"name\":\"a\",\"namespace\":\"velero\",\"uid\":\"u1\","
		      "\"creationTimestamp\":\"2026-11-21T02:14:31Z\","
		      "\"deletionTimestamp\":\"2026-11-21T03:14:31Z\"}}");
	struct error err = ERROR_INIT;
	struct thing *thing = object_new(sizeof(*thing), 0, json, &err);

	json_free(json);
	cr_assert(thing != NULL);
	cr_expect(zero(int, strcmp(thing->object.name, "a")));
	cr_expect(zero(int, strcmp(thing->object.namespace, "velero")));
	cr_expect(zero(int, strcmp(thing->object.uid, "u1")));
	cr_expect(eq(i64, thing->object.deleted - thing->object.created, 3600));
	cr_expect(zero(int, thing->mine));
	cr_expect(object_ref(thing) == thing);
	object_unref(thing);
	cr_expect(zero(int, strcmp(thing->object.name, "a")), "one reference is left");
	object_unref(thing);
	object_unref(NULL);
}

Test(object, without_a_name_or_uid_is_none)
{
	static const char *const texts[] = { "{}", "{\"metadata\":{\"name\":\"a\"}}",
					     "{\"metadata\":{\"uid\":\"u\",\"name\":\"\"}}" };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct json *json = parse(texts[i]);
		struct error err = ERROR_INIT;

		cr_expect(object_new(sizeof(struct thing), 0, json, &err) == NULL);
		cr_expect(eq(int, (int)err.code, STATUS_FORMAT));
		json_free(json);
	}
}

static const struct {
	const char *name;
	bool object, namespace;
} names[] = {
	{ "a", true, true },
	{ "instance-k6r2w", true, true },
	{ "a.b-c.d", true, false },
	{ "0", true, true },
	{ "", false, false },
	{ "-a", false, false },
	{ "a-", false, false },
	{ "A", false, false },
	{ "a_b", false, false },
	{ "a..b", false, false },
	{ "a.-b", false, false },
	{ ".a", false, false },
	{ "a.", false, false },
	{ "a/b", false, false },
	{ "\xc3\xa4", false, false },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true, true },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true, false },
};

Test(object, names_are_valid_as_the_server_says)
{
	char long_name[256];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		cr_expect(eq(int, object_name_is_valid(names[i].name), names[i].object), "%s",
			  names[i].name);
		cr_expect(eq(int, object_namespace_is_valid(names[i].name), names[i].namespace),
			  "%s", names[i].name);
	}
	memset(long_name, 'a', 254);
	long_name[254] = '\0';
	cr_expect(not(object_name_is_valid(long_name)));
	long_name[253] = '\0';
	cr_expect(object_name_is_valid(long_name));
}

static void expect_label(char fill, size_t len, const char *tail)
{
	struct strbuf out = STRBUF_INIT;
	char name[300];

	memset(name, fill, len);
	name[len] = '\0';
	object_add_label_value(&out, name);
	cr_expect(eq(sz, out.len, 63));
	cr_expect(zero(int, strncmp(out.buf, name, 57)));
	cr_expect(zero(int, strcmp(out.buf + 57, tail)), "%s", out.buf);
	strbuf_done(&out);
}

/* Vectors of spec/velero-api.md 4.1, taken from Velero itself. */
Test(object, long_names_become_label_values_as_velero_makes_them)
{
	struct strbuf out = STRBUF_INIT;

	expect_label('a', 63, "aaaaaa");
	expect_label('a', 64, "ffe054");
	expect_label('x', 253, "1329e1");
	object_add_label_value(
		&out, "nightly-full-cluster-backup-of-the-production-environment-20260102030405");
	cr_expect(zero(int, strcmp(out.buf, "nightly-full-cluster-backup-of-the-production-"
					    "environment68aa04")),
		  "%s", out.buf);
	strbuf_done(&out);
}

static const struct {
	const char *selector;
	bool matches; /* {"app":"web","tier":"front"} */
} selectors[] = {
	{ "{}", true },
	{ "{\"matchLabels\":{\"app\":\"web\"}}", true },
	{ "{\"matchLabels\":{\"app\":\"web\",\"tier\":\"back\"}}", false },
	{ "{\"matchLabels\":{\"none\":\"web\"}}", false },
	{ "{\"matchExpressions\":[{\"key\":\"app\",\"operator\":\"In\",\"values\":[\"db\",\"web\"]}"
	  "]}",
	  true },
	{ "{\"matchExpressions\":[{\"key\":\"app\",\"operator\":\"In\",\"values\":[\"db\"]}]}",
	  false },
	{ "{\"matchExpressions\":[{\"key\":\"none\",\"operator\":\"In\",\"values\":[\"\"]}]}",
	  false },
	{ "{\"matchExpressions\":[{\"key\":\"app\",\"operator\":\"NotIn\",\"values\":[\"web\"]}]}",
	  false },
	{ "{\"matchExpressions\":[{\"key\":\"none\",\"operator\":\"NotIn\",\"values\":[\"web\"]}]}",
	  true },
	{ "{\"matchExpressions\":[{\"key\":\"app\",\"operator\":\"Exists\"}]}", true },
	{ "{\"matchExpressions\":[{\"key\":\"none\",\"operator\":\"Exists\"}]}", false },
	{ "{\"matchExpressions\":[{\"key\":\"app\",\"operator\":\"DoesNotExist\"}]}", false },
	{ "{\"matchExpressions\":[{\"key\":\"none\",\"operator\":\"DoesNotExist\"}]}", true },
	{ "{\"matchExpressions\":[{\"key\":\"app\",\"operator\":\"Like\"}]}", false },
	{ "{\"matchLabels\":{\"app\":\"web\"},\"matchExpressions\":[{\"key\":\"tier\",\"operator\":"
	  "\"DoesNotExist\"}]}",
	  false },
};

Test(object, labels_match_as_kubernetes_selects)
{
	struct json *labels = parse("{\"app\":\"web\",\"tier\":\"front\"}");

	cr_expect(object_labels_match(NULL, labels));
	cr_expect(object_labels_match(NULL, NULL));
	for (size_t i = 0; i < ARRAY_SIZE(selectors); i++) {
		struct json *selector = parse(selectors[i].selector);

		cr_expect(eq(int, object_labels_match(selector, labels), selectors[i].matches),
			  "%s", selectors[i].selector);
		json_free(selector);
	}
	json_free(labels);
}
