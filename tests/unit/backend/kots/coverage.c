/* What a Backup would really hold (console-screens R-28, velero-api 7.2 and 8.1): each way in which
 * Velero leaves something out is a row. */
#include "backend/kots/coverage.h"

#include <criterion/criterion.h>
#include <string.h>

#define FULL                                                                                       \
	"{\"includedNamespaces\":[\"default\",\"kurl\"],"                                          \
	"\"orLabelSelectors\":[{\"matchLabels\":{\"kots.io/backup\":\"velero\"}}]"
#define PARTIAL                                                                                    \
	"{\"includedNamespaces\":[\"default\"],"                                                   \
	"\"labelSelector\":{\"matchLabels\":{\"kots.io/app-slug\":\"acme\"}}"
#define OURS	     "\"labels\":{\"kots.io/backup\":\"velero\",\"kots.io/app-slug\":\"acme\"}"
#define NAMES(list)  ",\"annotations\":{\"backup.velero.io/backup-volumes\":\"" list "\"}"
#define LEAVES(list) ",\"annotations\":{\"backup.velero.io/backup-volumes-excludes\":\"" list "\"}"

/* A pod with one volume, mounted, on node-1. */
#define POD_PHASE(meta, volume, mounts, phase)                                                     \
	"{\"kind\":\"Pod\",\"metadata\":{\"namespace\":\"default\",\"name\":\"db-0\"," meta        \
	"},\"spec\":{\"nodeName\":\"node-1\",\"volumes\":[" volume                                 \
	"],\"containers\":[{\"name\":\"db\"," mounts "}]},\"status\":{\"phase\":\"" phase "\"}}"
#define MOUNTED		  "\"volumeMounts\":[{\"name\":\"data\",\"mountPath\":\"/d\"}]"
#define POD(meta, volume) POD_PHASE(meta, volume, MOUNTED, "Running")
#define CLAIMED		  "{\"name\":\"data\",\"persistentVolumeClaim\":{\"claimName\":\"data-db-0\"}}"
#define OF_KIND(kind)	  "{\"name\":\"data\",\"" kind "\":{}}"
#define CLAIM_WITH(more)                                                                           \
	"{\"kind\":\"PersistentVolumeClaim\",\"metadata\":{\"namespace\":\"default\",\"name\":"    \
	"\"data-db-0\"" more "},\"spec\":{\"volumeName\":\"pv-1\",\"resources\":{\"requests\":{"   \
	"\"storage\":\"10Gi\"}}}}"
#define CLAIM CLAIM_WITH("")
#define AGENT                                                                                      \
	"{\"kind\":\"Agent\",\"metadata\":{\"namespace\":\"velero\",\"name\":\"node-agent-x\"},"   \
	"\"spec\":{\"nodeName\":\"node-1\"},\"status\":{\"phase\":\"Running\",\"conditions\":["    \
	"{\"type\":\"Ready\",\"status\":\"True\"}]}}"
#define IN "claim default/data-db-0 (pod db-0, 10.0 GiB): "

#define CONSOLE "\"labels\":{\"kots.io/backup\":\"velero\",\"kots.io/kotsadm\":\"true\"}"
#define DUMPER(phase)                                                                              \
	"{\"kind\":\"Pod\",\"metadata\":{\"namespace\":\"default\",\"name\":\"kotsadm-0\","        \
	"\"labels\":{\"app\":\"kotsadm\",\"kots.io/backup\":\"velero\",\"kots.io/"                 \
	"kotsadm\":\"true\"},"                                                                     \
	"\"annotations\":{\"backup.velero.io/backup-volumes\":\"backup\","                         \
	"\"pre.hook.backup.velero.io/command\":\"[\\\"/scripts/backup.sh\\\"]\"}},"                \
	"\"spec\":{\"volumes\":[{\"name\":\"backup\",\"emptyDir\":{}}],\"containers\":[{"          \
	"\"name\":\"kotsadm\",\"volumeMounts\":[{\"name\":\"backup\"}]}]},"                        \
	"\"status\":{\"phase\":\"" phase "\"}}"

static const struct {
	const char *name, *spec, *objects; /* objects: in a JSON list */
	struct coverage_options options;
	const char *want; /* rows, a line each */
} cases[] = {
	{ "named and mounted: copied",
	  FULL "}",
	  CLAIM "," POD(OURS NAMES("data"), CLAIMED),
	  { 0 },
	  IN "copied\n" },
	{ "nobody named it",
	  FULL "}",
	  CLAIM "," POD(OURS, CLAIMED),
	  { 0 },
	  IN "named by no annotation\n" },
	{ "the annotation is cut at commas only",
	  FULL "}",
	  CLAIM "," POD(OURS NAMES("logs, data"), CLAIMED),
	  { 0 },
	  IN
	  "named by no annotation\n"
	  "volume default/\" data\" (pod db-0): named by the annotation, but the pod has no such "
	  "volume\n"
	  "volume default/\"logs\" (pod db-0): named by the annotation, but the pod has no such "
	  "volume\n" },
	{ "a pod that waits",
	  FULL "}",
	  CLAIM "," POD_PHASE(OURS NAMES("data"), CLAIMED, MOUNTED, "Pending"),
	  { 0 },
	  IN "its pod does not run (Pending)\n" },
	{ "a pod that has ended",
	  FULL "}",
	  CLAIM "," POD_PHASE(OURS NAMES("data"), CLAIMED, MOUNTED, "Succeeded"),
	  { 0 },
	  IN "its pod has ended (Succeeded)\n"
	     "pod default/db-0: it has ended: kept as an object, never restored (Succeeded)\n" },
	{ "no agent on its node",
	  FULL "}",
	  CLAIM "," POD(OURS NAMES("data"), CLAIMED),
	  { .agents_known = true },
	  IN "no node agent runs on its node (node-1)\n" },
	{ "an agent on its node",
	  FULL "}",
	  AGENT "," CLAIM "," POD(OURS NAMES("data"), CLAIMED),
	  { .agents_known = true },
	  IN "copied\n" },
	{ "a folder of the node, even when named",
	  FULL "}",
	  POD(OURS NAMES("data"), OF_KIND("hostPath")),
	  { 0 },
	  "volume default/data (pod db-0): a folder of the node, which Velero never copies\n" },
	{ "a claim on a folder of the node",
	  FULL "}",
	  "{\"kind\":\"PersistentVolume\",\"metadata\":{\"name\":\"pv-1\"},\"spec\":{\"hostPath\":{"
	  "}}"
	  "}," CLAIM "," POD(OURS NAMES("data"), CLAIMED),
	  { 0 },
	  IN "a folder of the node, which Velero never copies\n" },
	{ "a raw device",
	  FULL "}",
	  CLAIM "," POD_PHASE(OURS NAMES("data"), CLAIMED,
			      "\"volumeDevices\":[{\"name\":\"data\"}]", "Running"),
	  { 0 },
	  IN "a raw device, which is not copied as files\n" },
	{ "declared, and mounted by no container",
	  FULL "}",
	  CLAIM "," POD_PHASE(OURS NAMES("data"), CLAIMED, "\"image\":\"x\"", "Running"),
	  { 0 },
	  IN "no container mounts it\n" },
	{ "the claim is gone",
	  FULL "}",
	  POD(OURS NAMES("data"), CLAIMED),
	  { 0 },
	  "claim default/data-db-0 (pod db-0): the claim is not there\n" },
	{ "scratch space that is named is copied",
	  FULL "}",
	  POD(OURS NAMES("data"), OF_KIND("emptyDir")),
	  { 0 },
	  "volume default/data (pod db-0): copied\n" },
	{ "scratch space that is not",
	  FULL "}",
	  POD(OURS, OF_KIND("emptyDir")),
	  { 0 },
	  "volume default/data (pod db-0): scratch space (emptyDir), named by no annotation\n" },
	{ "what comes from the API is no data", FULL "}", POD(OURS, OF_KIND("secret")), { 0 }, "" },
	{ "a claim of a template in the pod",
	  FULL "}",
	  POD(OURS, OF_KIND("ephemeral")),
	  { 0 },
	  "claim default/db-0-data (pod db-0): named by no annotation\n" },
	{ "a claim that is selected, without a pod",
	  FULL "}",
	  CLAIM_WITH("," OURS),
	  { 0 },
	  "claim default/data-db-0 (10.0 GiB): no pod of the snapshot mounts it\n" },
	{ "a claim that nothing selects",
	  FULL "}",
	  CLAIM,
	  { 0 },
	  "claim default/data-db-0 (10.0 GiB): no selector of the snapshot takes it\n" },
	{ "a pod that nothing selects",
	  FULL "}",
	  CLAIM "," POD("\"labels\":{\"app\":\"x\"}" NAMES("data"), CLAIMED),
	  { 0 },
	  "claim default/data-db-0 (10.0 GiB): no selector of the snapshot takes it\n"
	  "pod default/db-0: no selector of the snapshot takes it\n" },
	{ "a pod labelled out",
	  FULL "}",
	  POD("\"labels\":{\"kots.io/backup\":\"velero\",\"velero.io/"
	      "exclude-from-backup\":\"true\"}",
	      OF_KIND("emptyDir")),
	  { 0 },
	  "pod default/db-0: labelled velero.io/exclude-from-backup\n" },
	{ "of two pods that mount it, the one that copies counts",
	  FULL "}",
	  CLAIM "," POD_PHASE(
		  OURS NAMES("data"), CLAIMED, MOUNTED,
		  "Pending") ",{\"kind\":\"Pod\","
			     "\"metadata\":{\"namespace\":\"default\",\"name\":\"db-1\"," OURS
				     NAMES("data") "},\"spec\":{\"nodeName\":\"node-1\","
						   "\"volumes\":[" CLAIMED
						   "],\"containers\":[{\"name\":\"db\"," MOUNTED
						   "}]},\"status\":{\"phase\":\"Running\"}}",
	  { 0 },
	  "claim default/data-db-0 (pod db-1, 10.0 GiB): copied\n" },
	/* The Admin Console saves its claims by a dump of its own. */
	{ "the console's claims while it runs",
	  FULL "}",
	  CLAIM "," POD(CONSOLE, CLAIMED) "," DUMPER("Running"),
	  { 0 },
	  IN "what is in it is in the dump of the Admin Console\n"
	     "volume default/backup (pod kotsadm-0): copied\n" },
	{ "the console's claims while it does not",
	  FULL "}",
	  CLAIM "," POD(CONSOLE, CLAIMED) "," DUMPER("Pending"),
	  { 0 },
	  IN "the Admin Console does not run, and nobody else dumps it\n"
	     "volume default/backup (pod kotsadm-0): its pod does not run (Pending)\n" },
	{ "the console's claims without it",
	  FULL "}",
	  CLAIM "," POD(CONSOLE, CLAIMED),
	  { 0 },
	  IN "the Admin Console does not run, and nobody else dumps it\n" },
	{ "another namespace is not looked at",
	  FULL "}",
	  "{\"kind\":\"Pod\",\"metadata\":{\"namespace\":\"other\",\"name\":\"x\"," OURS "}}",
	  { 0 },
	  "" },
	{ "a namespace that is not there",
	  FULL "}",
	  "{\"kind\":\"Namespace\",\"metadata\":{\"name\":\"default\"}}",
	  { 0 },
	  "namespace kurl: to be included, but not there: Velero would end PartiallyFailed\n" },
	{ "a namespace labelled out hides its pods",
	  FULL "}",
	  "{\"kind\":\"Namespace\",\"metadata\":{\"name\":\"default\",\"labels\":{"
	  "\"velero.io/exclude-from-backup\":\"true\"}}},"
	  "{\"kind\":\"Namespace\",\"metadata\":{\"name\":\"kurl\"}}," CLAIM
	  "," POD(OURS NAMES("data"), CLAIMED),
	  { 0 },
	  "claim default/data-db-0 (10.0 GiB): labelled velero.io/exclude-from-backup\n"
	  "pod default/db-0: labelled velero.io/exclude-from-backup\n"
	  "namespace default: labelled velero.io/exclude-from-backup\n" },
	/* opt-out: the server copies by default, or the Backup says so */
	{ "opt-out copies what nobody named",
	  FULL "}",
	  CLAIM "," POD(OURS, CLAIMED),
	  { .copies_by_default = true },
	  IN "copied\n" },
	{ "the Backup's own word wins over the server's",
	  FULL ",\"defaultVolumesToFsBackup\":false}",
	  CLAIM "," POD(OURS, CLAIMED),
	  { .copies_by_default = true },
	  IN "named by no annotation\n" },
	{ "opt-out by the name of old",
	  FULL ",\"defaultVolumesToRestic\":true}",
	  CLAIM "," POD(OURS, CLAIMED),
	  { 0 },
	  IN "copied\n" },
	{ "opt-out leaves out what is excluded",
	  FULL ",\"defaultVolumesToFsBackup\":true}",
	  CLAIM "," POD(OURS LEAVES("logs,data"), CLAIMED),
	  { 0 },
	  IN "left out by backup-volumes-excludes\n" },
	{ "opt-out copies no folder of the node",
	  FULL ",\"defaultVolumesToFsBackup\":true}",
	  POD(OURS, OF_KIND("hostPath")),
	  { 0 },
	  "volume default/data (pod db-0): a folder of the node, which Velero never copies\n" },
	{ "opt-out copies nothing that comes from the API",
	  FULL ",\"defaultVolumesToFsBackup\":true}",
	  POD(OURS, OF_KIND("projected")),
	  { 0 },
	  "" },
	/* snapshots of the storage */
	{ "the storage may have one",
	  FULL "}",
	  CLAIM "," POD(OURS, CLAIMED),
	  { .has_snapshots = true },
	  IN "not copied; perhaps a snapshot of its storage\n" },
	{ "the Backup wants none",
	  FULL ",\"snapshotVolumes\":false}",
	  CLAIM "," POD(OURS, CLAIMED),
	  { .has_snapshots = true },
	  IN "named by no annotation\n" },
	/* partial */
	{ "of another application nobody expects anything",
	  PARTIAL "}",
	  CLAIM "," POD("\"labels\":{\"kots.io/app-slug\":\"other\"}" NAMES("data"), CLAIMED),
	  { 0 },
	  "" },
	{ "a pod without its label is told",
	  PARTIAL "}",
	  POD("\"labels\":{}", OF_KIND("emptyDir")),
	  { 0 },
	  "pod default/db-0: no selector of the snapshot takes it\n" },
	{ "kinds that a manifest leaves out",
	  PARTIAL ",\"includedResources\":[\"deployments\"]}",
	  CLAIM_WITH("," OURS) "," POD(OURS NAMES("data"), CLAIMED),
	  { 0 },
	  "claim default/data-db-0 (10.0 GiB): no selector of the snapshot takes it\n"
	  "pod default/db-0: no selector of the snapshot takes it\n" },
	{ "an excluded namespace",
	  FULL ",\"excludedNamespaces\":[\"default\"]}",
	  CLAIM "," POD(OURS NAMES("data"), CLAIMED),
	  { 0 },
	  "" },
};

static struct json *parse(const char *text)
{
	struct error err = ERROR_INIT;
	struct json *json = json_parse(text, strlen(text), &err);

	cr_assert(json, "%s: %s", err.text, text);
	return json;
}

static bool show(struct coverage_work *work, const struct json *object)
{
	static const struct {
		const char *kind;
		void (*add)(struct coverage_work *work, const struct json *object);
	} kinds[] = { { "Namespace", coverage_add_namespace },
		      { "Agent", coverage_add_agent },
		      { "PersistentVolume", coverage_add_volume },
		      { "PersistentVolumeClaim", coverage_add_claim },
		      { "Pod", coverage_add_pod } };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].kind, json_key_text(object, "kind")))
			kinds[i].add(work, object);
	return !strcmp(json_key_text(object, "kind"), "Namespace");
}

/* The result lies in the arena. */
static void judge(const char *spec_text, const char *objects,
		  const struct coverage_options *options, struct arena *arena,
		  struct coverage *ret_coverage)
{
	struct strbuf list = STRBUF_INIT;
	struct json *spec = parse(spec_text), *all;
	struct coverage_work *work = coverage_begin(spec, options);
	bool namespaces = false;

	strbuf_addf(&list, "[%s]", objects);
	all = parse(list.buf);
	for (const struct json *one = json_first(all); one; one = json_next(one))
		namespaces |= show(work, one);
	coverage_end(work, namespaces, arena, ret_coverage);
	json_free(all);
	json_free(spec);
	strbuf_done(&list);
}

Test(coverage, says_by_name_what_is_left_out_and_why)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct arena arena = { 0 };
		struct coverage coverage;
		struct strbuf got = STRBUF_INIT;

		judge(cases[i].spec, cases[i].objects, &cases[i].options, &arena, &coverage);
		for (size_t n = 0; n < coverage.count; n++) {
			coverage_add_row(&got, &coverage.rows[n]);
			strbuf_addc(&got, '\n');
		}
		cr_expect_str_eq(got.buf, cases[i].want, "%s:\n%s", cases[i].name, got.buf);
		strbuf_done(&got);
		arena_done(&arena);
	}
}

Test(coverage, counts_what_is_in)
{
	static const struct coverage_options plain = { 0 };
	struct arena arena = { 0 };
	struct coverage coverage;

	judge(FULL "}", CLAIM "," POD(OURS NAMES("data"), CLAIMED), &plain, &arena, &coverage);
	cr_expect_eq(coverage.pods, 1);
	cr_expect_eq(coverage.by_why[COVERAGE_COPIED], 1);
	cr_expect_eq(coverage.copied_bytes, INT64_C(10) << 30);
	arena_done(&arena);
}

#define HOOKED(phase)                                                                              \
	POD_PHASE(OURS                                                                             \
		  ",\"annotations\":{\"pre.hook.backup.velero.io/command\":\"[\\\"/dump\\\"]\","   \
		  "\"pre.hook.backup.velero.io/timeout\":\"10m\"}",                                \
		  OF_KIND("emptyDir"), MOUNTED, phase)
#define OF_BACKUP                                                                                  \
	",\"hooks\":{\"resources\":[{\"name\":\"h\",\"includedNamespaces\":[\"default\"],"         \
	"\"labelSelector\":{\"matchLabels\":{\"kots.io/app-slug\":\"acme\"}},"                     \
	"\"pre\":[{\"exec\":{\"command\":[\"/b\"]}}],"                                             \
	"\"post\":[{\"exec\":{\"container\":\"c\",\"command\":[\"/c\"],\"onError\":\"Fail\"}}]},"  \
	"{\"name\":\"not here\",\"includedNamespaces\":[\"other\"],"                               \
	"\"pre\":[{\"exec\":{\"command\":[\"/no\"]}}]}]}}"

static const struct {
	const char *name, *spec, *objects, *want;
} script_cases[] = {
	{ "of an annotation", FULL "}", HOOKED("Running"),
	  "pre db-0 db [\"/dump\"] 10m Continue pod\n" },
	{ "of the Backup, where the pod has none of that phase", FULL OF_BACKUP, HOOKED("Running"),
	  "pre db-0 db [\"/dump\"] 10m Continue pod\npost db-0 c [\"/c\"] 30s Fail backup\n" },
	{ "of the Backup alone", FULL OF_BACKUP, POD(OURS, OF_KIND("emptyDir")),
	  "pre db-0 db [\"/b\"] 30s Continue backup\npost db-0 c [\"/c\"] 30s Fail backup\n" },
	{ "none in a pod that has ended", FULL OF_BACKUP, HOOKED("Failed"), "" },
	{ "none in a pod that is not in it", FULL OF_BACKUP,
	  POD("\"labels\":{}", OF_KIND("emptyDir")), "" },
	{ "an annotation of old, without its prefix", FULL "}",
	  POD(OURS ",\"annotations\":{\"hook.backup.velero.io/command\":\"/old\"}",
	      OF_KIND("emptyDir")),
	  "pre db-0 db /old 30s Continue pod\n" },
};

Test(coverage, names_the_scripts_that_would_run)
{
	static const struct coverage_options plain = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(script_cases); i++) {
		struct arena arena = { 0 };
		struct coverage coverage;
		struct strbuf got = STRBUF_INIT;

		judge(script_cases[i].spec, script_cases[i].objects, &plain, &arena, &coverage);
		for (size_t n = 0; n < coverage.script_count; n++) {
			const struct coverage_script *script = &coverage.scripts[n];

			strbuf_addf(&got, "%s %s %s %s %s %s %s\n", script->post ? "post" : "pre",
				    script->pod, script->container, script->command,
				    script->timeout, script->on_error,
				    script->from_manifest ? "backup" : "pod");
		}
		cr_expect_str_eq(got.buf, script_cases[i].want, "%s:\n%s", script_cases[i].name,
				 got.buf);
		strbuf_done(&got);
		arena_done(&arena);
	}
}
