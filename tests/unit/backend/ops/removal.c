/* What belongs to an application, in which order it goes, and what is said of what does not go
 * (spec kots-snapshots 8.5). */
#include "backend/ops/removal.h"
#include "backend/ops/sweep.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1795223671) /* 2026-11-21T01:14:31Z */

static const struct access_resource deployments = { "apps", "v1", "deployments", "Deployment",
						    true,   true, true };
static const struct access_resource services = {
	"", "v1", "services", "Service", true, true, true
};

static struct json *parse(const char *text)
{
	struct error err = ERROR_INIT;
	struct json *json = json_parse(text, strlen(text), &err);

	cr_assert(json, "%s: %s", err.text, text);
	return json;
}

/* An object of the application "app"; more goes into its metadata. */
static void add(struct app_objects *objects, const struct access_resource *resource,
		const char *name, const char *more)
{
	struct strbuf text = STRBUF_INIT;
	struct json *json;

	strbuf_addf(&text,
		    "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"default\",\"uid\":\"uid-%s\","
		    "\"labels\":{\"kots.io/app-slug\":\"app\"},"
		    "\"annotations\":{\"kots.io/app-slug\":\"app\"}%s}}",
		    name, name, more);
	json = parse(text.buf);
	app_objects_add(objects, resource, json);
	json_free(json);
	strbuf_done(&text);
}

static const struct {
	const char *metadata;
	bool belongs, pod_belongs;
} belong_cases[] = {
	{ "{\"labels\":{\"kots.io/app-slug\":\"app\"},\"annotations\":{\"kots.io/app-slug\":"
	  "\"app\"}}",
	  true, true },
	{ "{\"labels\":{\"kots.io/app-slug\":\"app\"}}", false, true },
	{ "{\"annotations\":{\"kots.io/app-slug\":\"app\"}}", false, false },
	{ "{\"labels\":{\"kots.io/app-slug\":\"other\"},\"annotations\":{\"kots.io/app-slug\":"
	  "\"other\"}}",
	  false, false },
	{ "{}", false, false },
};

ParameterizedTestParameters(removal, only_what_carries_label_and_annotation_belongs)
{
	static size_t rows[ARRAY_SIZE(belong_cases)];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, removal, only_what_carries_label_and_annotation_belongs)
{
	struct json *object = json_new_map();
	struct json *selector = parse("{\"matchLabels\":{\"tier\":\"db\"}}");

	json_put(object, "metadata", parse(belong_cases[*row].metadata));
	cr_assert_eq(sweep_belongs(object, "app", NULL), belong_cases[*row].belongs);
	cr_assert_eq(sweep_pod_belongs(object, "app", NULL), belong_cases[*row].pod_belongs);
	cr_assert_not(sweep_belongs(object, "app", selector),
		      "the backup's own selector counts too");
	json_free(object);
	json_free(selector);
}

Test(removal, events_velero_and_what_nobody_may_delete_are_never_swept)
{
	struct access_resource row = deployments;

	cr_assert(sweep_wants(&row));
	row.can_delete = false;
	cr_assert_not(sweep_wants(&row));
	row = deployments;
	row.namespaced = false;
	cr_assert_not(sweep_wants(&row));
	cr_assert_not(sweep_wants(&(struct access_resource){ "velero.io", "v1", "backups", "Backup",
							     true, true, true }));
	cr_assert_not(sweep_wants(
		&(struct access_resource){ "", "v1", "events", "Event", true, true, true }));
	cr_assert_not(sweep_wants(&(struct access_resource){
		"apps", "v1", "controllerrevisions", "ControllerRevision", true, true, true }));
}

Test(removal, namespaces_are_matched_whole)
{
	cr_assert(sweep_in_namespaces("default,kurl", "kurl"));
	cr_assert_not(sweep_in_namespaces("default,kurl", "kur"));
	cr_assert_not(sweep_in_namespaces("default,kurl", "kurls"));
	cr_assert(sweep_in_namespaces("", "any"));
	cr_assert(sweep_in_namespaces("*", "any"));
}

Test(removal, things_go_in_the_order_of_kots_and_excluded_ones_stay)
{
	struct app_objects objects;
	size_t *order, count;

	app_objects_init(&objects, "app", NULL);
	app_objects_want_claim(&objects, "default", "data", "pod-1");
	add(&objects, &deployments, "api", "");
	add(&objects, &services, "front", "");
	add(&objects, &services, "kept", ",\"x\":1");
	objects.rows[2].plan.excluded = true;
	add(&objects, &services, "going", ",\"deletionTimestamp\":\"2026-11-21T01:12:55Z\"");
	add(&objects, &services, "front", "");
	cr_assert_eq(objects.count, 4, "one object served by two groups is one");
	count = removal_order(&objects, &order);
	cr_assert_eq(count, 2);
	cr_assert_str_eq(objects.rows[order[0]].plan.name, "front");
	cr_assert_str_eq(objects.rows[order[1]].plan.name, "api");
	cr_assert_eq(removal_left(&objects).objects, 3);
	free(order);
	app_objects_done(&objects);
}

Test(removal, claims_of_the_pods_go_too_although_they_carry_no_annotation)
{
	struct json *pod = parse(
		"{\"metadata\":{\"name\":\"db-1\",\"namespace\":\"default\",\"uid\":\"p\","
		"\"labels\":{\"kots.io/app-slug\":\"app\"}},\"spec\":{\"volumes\":["
		"{\"persistentVolumeClaim\":{\"claimName\":\"data-1\"}},{\"emptyDir\":{}}]}}");
	struct json *claim =
		parse("{\"metadata\":{\"name\":\"data-1\",\"namespace\":\"default\",\"uid\":\"c\","
		      "\"deletionTimestamp\":\"2026-11-21T01:12:55Z\","
		      "\"finalizers\":[\"kubernetes.io/pvc-protection\"]},"
		      "\"spec\":{\"resources\":{\"requests\":{\"storage\":\"10Gi\"}}}}");
	struct json *other = parse("{\"metadata\":{\"name\":\"theirs\",\"namespace\":\"default\","
				   "\"uid\":\"o\"}}");
	struct strbuf words = STRBUF_INIT;
	struct app_objects objects;

	app_objects_init(&objects, "app", NULL);
	app_objects_add(&objects, &sweep_pods, pod);
	app_objects_add_claim(&objects, claim);
	app_objects_add_claim(&objects, other);
	cr_assert_eq(objects.count, 1);
	cr_assert_eq(objects.rows[0].plan.size_bytes, INT64_C(10) << 30);
	removal_add_words(&words, &objects, NOW);
	cr_assert_str_eq(words.buf, "0 objects and 1 volume left; waits for PersistentVolumeClaim "
				    "default/data-1: in use by pod db-1, finalizer "
				    "kubernetes.io/pvc-protection, 96 s");
	strbuf_done(&words);
	app_objects_done(&objects);
	json_free(pod);
	json_free(claim);
	json_free(other);
}
