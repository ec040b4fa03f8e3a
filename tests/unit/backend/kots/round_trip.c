/* What kotsnap creates passes every question that KOTS's readers ask of a Backup, and is read back
 * by our own as what it was meant to be (kots-snapshots 2.16, 3, 4, 8). Each question is written
 * down as KOTS asks it, over the JSON, not by our decoder. */
#include "backend/base/clock.h"
#include "backend/kots/backup_spec.h"
#include "backend/kots/snapshot.h"
#include "tests/unit/backend/kots/given.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define NOW    INT64_C(1795389449) /* 2026-11-22T23:17:29Z */
#define A(key) "metadata.annotations.[" key "]"

/* ---- the questions ---- */

static bool has_annotation(const struct json *backup, const char *key)
{
	return json_key(json_get(backup, "metadata.annotations"), key) != NULL;
}

/* 3.2: pkg/kotsadmsnapshot, ListInstanceBackups */
static bool is_listed_as_instance(const struct json *backup)
{
	return !strcmp(json_text(backup, A("kots.io/instance")), "true");
}

/* 3.3: ListBackupsForApp; a sequence that is no number fails the whole list. */
static bool is_listed_for_app(const struct json *backup)
{
	long long sequence;

	return !strcmp(json_text(backup, A("kots.io/app-id")), GIVEN_ID) &&
	       text_to_int(json_text(backup, A("kots.io/app-sequence")), &sequence) &&
	       sequence >= 0;
}

/* 2.1, 8.1: absent backup-type is "legacy", the only one that is restored. */
static bool is_legacy(const struct json *backup)
{
	return !has_annotation(backup, "replicated.com/backup-type") &&
	       !has_annotation(backup, "replicated.com/disaster-recovery-version") &&
	       !has_annotation(backup, "replicated.com/backup-count");
}

/* 11.2: `kots get backups -n default` compares the namespace; 8.1: `kots restore` needs the image.
 */
static bool is_seen_by_cli(const struct json *backup)
{
	return !strcmp(json_text(backup, A("kots.io/kotsadm-deploy-namespace")), "default") &&
	       *json_text(backup, A("kots.io/kotsadm-image"));
}

static bool is_map_of(const struct json *backup, const char *path, enum json_type type)
{
	const char *text = json_text(backup, path);
	struct json *map = json_parse(text, strlen(text), NULL);
	bool good = json_type(map) == JSON_MAP;

	for (const struct json *one = json_first(map); one; one = json_next(one))
		good &= json_type(one) == type;
	json_free(map);
	return good;
}

/* 3.2 includedApps, 8.4: Go reads map[string]int64 and map[string]string. */
static bool has_readable_apps(const struct json *backup)
{
	return is_map_of(backup, A("kots.io/apps-sequences"), JSON_NUMBER) &&
	       is_map_of(backup, A("kots.io/apps-versions"), JSON_TEXT);
}

/* 3.2: trigger is shown as it is; requested is parsed as RFC 3339. */
static bool has_readable_marks(const struct json *backup)
{
	const char *requested = json_text(backup, A("kots.io/snapshot-requested"));

	return !strcmp(json_text(backup, A("kots.io/snapshot-trigger")), "manual") &&
	       clock_parse_rfc3339(requested) == NOW && text_ends(requested, "Z");
}

static bool has_flag(const struct json *backup)
{
	const char *flag = json_text(backup, A("kots.io/is-airgap"));

	return !strcmp(flag, "true") || !strcmp(flag, "false");
}

/* 1.2, 4: the location named default, in Velero's namespace. */
static bool lies_where_kots_looks(const struct json *backup)
{
	return !strcmp(json_text(backup, "metadata.namespace"), "velero") &&
	       !strcmp(json_text(backup, "spec.storageLocation"), "default");
}

static bool takes(const struct json *backup, const char *labels_text)
{
	struct json *labels = json_parse(labels_text, strlen(labels_text), NULL);
	const struct json *one = json_get(backup, "spec.labelSelector"),
			  *any = json_first(json_get(backup, "spec.orLabelSelectors"));
	bool taken = json_type(one) == JSON_MAP && object_labels_match(one, labels);

	for (; any; any = json_next(any))
		taken |= object_labels_match(any, labels);
	json_free(labels);
	return taken;
}

/* 2.16 item 5 */
static bool takes_console_and_apps(const struct json *backup)
{
	return takes(backup, "{\"kots.io/kotsadm\":\"true\",\"kots.io/backup\":\"velero\"}") &&
	       takes(backup,
		     "{\"kots.io/app-slug\":\"" GIVEN_APP "\",\"kots.io/backup\":\"velero\"}");
}

static bool takes_its_app_alone(const struct json *backup)
{
	return takes(backup,
		     "{\"kots.io/app-slug\":\"" GIVEN_APP "\",\"kots.io/backup\":\"velero\"}") &&
	       !takes(backup, "{\"kots.io/kotsadm\":\"true\",\"kots.io/backup\":\"velero\"}");
}

/* 13 items 7, 8: one form of selector, and matchLabels in the single one. */
static bool crashes_nobody(const struct json *backup)
{
	const struct json *one = json_get(backup, "spec.labelSelector");

	if (one && json_get(backup, "spec.orLabelSelectors"))
		return false;
	return !one || json_count(json_key(one, "matchLabels")) > 0;
}

/* 2.16 item 7: Restores are called NAME.SLUG and NAME.kotsadm; the server adds five characters. */
static bool leaves_room_for_restores(const struct json *backup)
{
	struct strbuf name = STRBUF_INIT;
	bool good;

	strbuf_addf(&name, "%sabcde", json_text(backup, "metadata.generateName"));
	good = name.len <= 63 && object_name_is_valid(name.buf);
	strbuf_addf(&name, ".%s", GIVEN_APP);
	good &= object_name_is_valid(name.buf);
	strbuf_done(&name);
	return good;
}

/* 8.5: the undeploy clears these namespaces one by one: "*" among names is refused by Velero. */
static bool has_sound_namespaces(const struct json *backup)
{
	const struct json *list = json_get(backup, "spec.includedNamespaces");
	bool star = false;

	for (const struct json *one = json_first(list); one; one = json_next(one)) {
		if (!*json_value(one))
			return false;
		star |= !strcmp(json_value(one), "*");
		for (const struct json *other = json_next(one); other; other = json_next(other))
			if (!strcmp(json_value(one), json_value(other)))
				return false;
	}
	return json_count(list) > 0 && (!star || json_count(list) == 1);
}

enum { OF_FULL = 1, OF_PARTIAL = 2, OF_BOTH = 3 };

static const struct {
	const char *name;
	unsigned of;
	bool (*holds)(const struct json *backup);
} questions[] = {
	{ "listed as instance", OF_FULL, is_listed_as_instance },
	{ "legacy type", OF_BOTH, is_legacy },
	{ "seen and restored by the CLI", OF_FULL, is_seen_by_cli },
	{ "readable applications", OF_FULL, has_readable_apps },
	{ "air gap flag", OF_FULL, has_flag },
	{ "holds the console and applications", OF_FULL, takes_console_and_apps },
	{ "listed for its application", OF_PARTIAL, is_listed_for_app },
	{ "holds its application alone", OF_PARTIAL, takes_its_app_alone },
	{ "trigger and time", OF_BOTH, has_readable_marks },
	{ "where KOTS looks", OF_BOTH, lies_where_kots_looks },
	{ "crashes nobody", OF_BOTH, crashes_nobody },
	{ "room for the names of restores", OF_BOTH, leaves_room_for_restores },
	{ "sound namespaces", OF_BOTH, has_sound_namespaces },
};

/* ---- the sites ---- */

static void plain(struct console *console)
{
	(void)console;
}

static void kurl_air_gap(struct console *console)
{
	console->kind = SITE_KURL;
	console->airgap = ANSWER_YES;
	console->registry = "10.96.2.5";
}

static void minimal_rbac(struct console *console)
{
	console->cluster_scoped = false;
}

static void manifest_of_everything(struct console *console)
{
	given_app(console)->backup_spec =
		"metadata: {labels: {a: b}, annotations: {kots.io/instance: 'no', "
		"replicated.example.com/x: '<&>'}}\n"
		"spec: {includedNamespaces: ['*', extra], ttl: 24h, "
		"labelSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}, "
		"hooks: {resources: [{name: h, pre: [{exec: {command: [sync]}}]}]}}";
}

static void two_applications(struct console *console)
{
	given_second_app(console, "spec: {includedNamespaces: [gateway]}");
}

static const struct {
	const char *name;
	void (*make)(struct console *console);
} sites[] = {
	{ "plain", plain },
	{ "kURL, air gap", kurl_air_gap },
	{ "minimal RBAC", minimal_rbac },
	{ "a manifest of everything", manifest_of_everything },
	{ "two applications", two_applications },
};

static struct json *create(const struct console *console, const char *slug)
{
	struct backup_wish wish = { .kind = slug ? SNAPSHOT_PARTIAL : SNAPSHOT_FULL,
				    .app_slug = slug,
				    .now = NOW,
				    .request_id = "r7k2p",
				    .made_by = "kotsnap 0.1.0 root@node-01" };
	struct error err = ERROR_INIT;
	struct json *backup = NULL;

	cr_assert_eq(backup_spec_build(console, &wish, &backup, &err), STATUS_OK, "%s", err.text);
	return backup;
}

Test(round_trip, kots_takes_what_we_create_for_its_own)
{
	static const char *const slugs[] = { NULL, GIVEN_APP };

	for (size_t s = 0; s < ARRAY_SIZE(sites); s++) {
		for (size_t k = 0; k < ARRAY_SIZE(slugs); k++) {
			struct console *console = given_console();
			struct json *backup;

			sites[s].make(console);
			backup = create(console, slugs[k]);
			for (size_t i = 0; i < ARRAY_SIZE(questions); i++)
				if (questions[i].of & (slugs[k] ? OF_PARTIAL : OF_FULL))
					cr_expect(questions[i].holds(backup), "%s, %s: %s",
						  sites[s].name, slugs[k] ? "partial" : "full",
						  questions[i].name);
			json_free(backup);
			console_unref(console);
		}
	}
}

/* As the API server would give it back, ended. */
static const struct backup *end(struct json *backup, const char *name)
{
	const struct backup *decoded;
	struct error err = ERROR_INIT;

	json_put_path(backup, "metadata.name", json_new_text(name));
	json_put_path(backup, "metadata.uid", json_new_text("u"));
	json_put_path(backup, "status.phase", json_new_text("Completed"));
	json_put_path(backup, "status.startTimestamp", json_new_text("2026-11-22T23:17:30Z"));
	json_put_path(backup, "status.completionTimestamp", json_new_text("2026-11-22T23:20:00Z"));
	decoded = backup_decode(backup, &err);
	cr_assert(decoded, "%s", err.text);
	return decoded;
}

Test(round_trip, our_own_reader_takes_it_for_what_it_was_meant_to_be)
{
	static const char *const slugs[] = { NULL, GIVEN_APP };

	for (size_t k = 0; k < ARRAY_SIZE(slugs); k++) {
		struct console *console = given_console();
		struct json *json;
		const struct backup *backup;
		struct snapshot *rows;
		size_t count;

		kurl_air_gap(console);
		json = create(console, slugs[k]);
		backup = end(json, slugs[k] ? GIVEN_APP "-abcde" : "instance-abcde");
		snapshots_build(
			&(struct snapshot_sources){
				.backups = (const struct object *const[]){ &backup->object },
				.backup_count = 1,
				.volumes_read = true,
				.now = NOW + 600 },
			&rows, &count);
		cr_assert_eq(count, 1);
		cr_expect_eq(rows[0].kind, slugs[k] ? SNAPSHOT_PARTIAL : SNAPSHOT_FULL);
		cr_expect_null(snapshot_restore_refusal(&rows[0]), "%s",
			       snapshot_restore_refusal(&rows[0]));
		cr_expect_eq(snapshot_app_sequence(&rows[0], GIVEN_APP, GIVEN_ID), 1);
		cr_expect_str_eq(snapshot_trigger(&rows[0]), "By hand");
		cr_expect_str_eq(backup->kots_registry, slugs[k] ? "" : "10.96.2.5");
		cr_expect(text_starts(backup->kotsnap_origin, "kotsnap "));
		object_unref(backup);
		free(rows);
		json_free(json);
		console_unref(console);
	}
}
