/* Velero, its agents and versions, and what runs. */
#include "backend/base/clock.h"
#include "backend/checks/rules.h"
#include "backend/checks/version.h"

#include <string.h>

#define VOLUME_LIMIT_S 14400 /* --fs-backup-timeout unless set */
#define QUEUE_LIMIT_S  120   /* Velero looks at its queue each minute */

void rule_velero_running(const struct check_facts *facts, struct check_result *result)
{
	const struct console *console = facts->console;

	if (rule_lacks_console(facts, result))
		return;
	result->means = "Without it nothing is taken, restored or deleted.";
	if (!*console->velero_namespace) {
		rule_say(facts, result, VERDICT_FAILED, "Velero was not found in this cluster");
		rule_do(facts, result,
			"Install Velero, or say where it is with --velero-namespace.");
	} else if (console->velero_unread) {
		rule_say(facts, result, VERDICT_UNKNOWN, "%s", console->velero_problem);
		rule_do(facts, result, "kubectl auth can-i get deployments -n %s",
			console->velero_namespace);
	} else if (*console->velero_problem || !console->velero_running) {
		rule_say(facts, result, VERDICT_FAILED, "not ready: %s",
			 *console->velero_problem ? console->velero_problem : "no replica runs");
		rule_do(facts, result, "kubectl -n %s describe deployment velero",
			console->velero_namespace);
	} else {
		rule_say(facts, result, VERDICT_PASSED, "%s runs in %s",
			 *console->velero_version ? console->velero_version : "it",
			 console->velero_namespace);
	}
}

/* */
void rule_node_agent(const struct check_facts *facts, struct check_result *result)
{
	const struct console *console = facts->console;
	long long ready, wanted;

	if (rule_lacks_console(facts, result))
		return;
	ready = console->node_agents_ready;
	wanted = console->node_agents_wanted;
	result->means = "It copies the volumes of its node; volumes of a node without it fail.";
	if (console->agents_unread)
		rule_say(facts, result, VERDICT_UNKNOWN, "its DaemonSet may not be read");
	else if (!wanted)
		rule_say(facts, result, VERDICT_WARNING, "there is none: volumes are not copied");
	else if (ready < wanted)
		rule_say(facts, result, ready ? VERDICT_WARNING : VERDICT_FAILED,
			 "%lld of %lld nodes", ready, wanted);
	else
		rule_say(facts, result, VERDICT_PASSED, "%lld of %lld nodes", ready, wanted);
	if (result->verdict != VERDICT_PASSED)
		rule_do(facts, result, "kubectl -n %s get pods -o wide", console->velero_namespace);
}

static void judge_pair(const struct check_facts *facts, struct check_result *result,
		       struct version velero, const struct version_pair *pair)
{
	const struct console *console = facts->console;
	const char *edition = pair->historic ? ", by an older edition of the table" : "";

	if (version_compare(velero, pair->velero_to) > 0)
		rule_say(facts, result, VERDICT_WARNING,
			 "Velero %s is newer than KOTS %s is documented for (%s)%s",
			 console->velero_version, console->kots_version, pair->to_text, edition);
	else if (version_compare(velero, pair->velero_from) < 0)
		rule_say(facts, result, VERDICT_WARNING,
			 "Velero %s is older than KOTS %s is documented for%s",
			 console->velero_version, console->kots_version, edition);
	else
		rule_say(facts, result, VERDICT_PASSED, "KOTS %s, Velero %s, Kubernetes %s%s",
			 console->kots_version, console->velero_version,
			 *console->kubernetes_version ? console->kubernetes_version : "unknown",
			 edition);
}

/* */
void rule_velero_version(const struct check_facts *facts, struct check_result *result)
{
	const struct console *console = facts->console;
	struct version velero, kots;
	struct version_pair pair;

	if (rule_lacks_console(facts, result))
		return;
	if (!version_parse(console->velero_version, &velero))
		rule_say(facts, result, VERDICT_UNKNOWN, "the version of Velero is not known");
	else if (!version_below(velero, 1, 19))
		rule_say(facts, result, VERDICT_FAILED, "Velero %s: KOTS supports 1.11.0 to 1.18.x",
			 console->velero_version);
	else if (!version_parse(console->kots_version, &kots))
		rule_say(facts, result, VERDICT_UNKNOWN, "the version of KOTS is not known");
	else if (!version_pair_find(kots, &pair))
		rule_say(facts, result, VERDICT_UNKNOWN, "KOTS %s is older than the table",
			 console->kots_version);
	else
		judge_pair(facts, result, velero, &pair);
}

/* R-15a, R-27. Patch -1: every release below major.minor. */
static const struct {
	int major, minor, patch;
	const char *words;
} bugs[] = {
	{ 1, 12, 0, "its node agent crashes" },
	{ 1, 12, 1, "its node agent crashes" },
	{ 1, 10, 3, "it warns about Endpoints at each restore" },
	{ 1, 11, 0, "it warns about Endpoints at each restore" },
	{ 1, 17, -1, "deleted snapshots may not free space in file stores" },
};

void rule_velero_bugs(const struct check_facts *facts, struct check_result *result)
{
	struct version velero;

	if (rule_lacks_console(facts, result))
		return;
	if (!version_parse(facts->console->velero_version, &velero)) {
		rule_say(facts, result, VERDICT_UNKNOWN, "the version of Velero is not known");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(bugs); i++) {
		bool same = velero.major == bugs[i].major && velero.minor == bugs[i].minor &&
			    velero.patch == bugs[i].patch;

		if (!same &&
		    (bugs[i].patch >= 0 || !version_below(velero, bugs[i].major, bugs[i].minor)))
			continue;
		rule_say(facts, result, VERDICT_WARNING, "Velero %s: %s",
			 facts->console->velero_version, bugs[i].words);
		rule_do(facts, result, "Upgrade Velero, one minor version at a time.");
		return;
	}
	rule_say(facts, result, VERDICT_PASSED, "none known of Velero %s",
		 facts->console->velero_version);
}

/* ---- what runs ---- */

static const struct restore *running_restore(const struct check_facts *facts)
{
	const struct list *list = facts->model->lists[COLLECTION_RESTORES];

	for (size_t i = 0; i < list->count; i++) {
		const struct restore *restore = (const struct restore *)list->items[i];

		if (!phase_is_final(PHASE_RESTORE, restore->phase))
			return restore;
	}
	return NULL;
}

/* one of a kind; another kind waits in Velero's queue. */
static bool is_same_kind(const struct check_facts *facts, const struct snapshot *snapshot)
{
	const struct app *app =
		facts->console && *facts->slug ? console_app(facts->console, facts->slug) : NULL;

	if (facts->snapshot)
		return true;
	if (!*facts->slug)
		return snapshot->kind == SNAPSHOT_FULL;
	return snapshot->kind == SNAPSHOT_PARTIAL && app &&
	       !strcmp(app->id, snapshot->backup->kots_app_id);
}

void rule_nothing_running(const struct check_facts *facts, struct check_result *result)
{
	const struct snapshot *snapshot = facts->model->running;
	const struct restore *restore = running_restore(facts);

	if (rule_lacks_list(facts, result, COLLECTION_BACKUPS))
		return;
	if (snapshot)
		rule_say(facts, result,
			 is_same_kind(facts, snapshot) ? VERDICT_FAILED : VERDICT_WARNING,
			 "%s (%s) is running", snapshot->backup->object.name,
			 snapshot->kind == SNAPSHOT_FULL      ? "full"
			 : snapshot->kind == SNAPSHOT_PARTIAL ? "partial"
							      : "not of KOTS");
	else if (restore)
		rule_say(facts, result, facts->snapshot ? VERDICT_FAILED : VERDICT_WARNING,
			 "restore %s runs", restore->object.name);
	else if (!facts->model->state[COLLECTION_RESTORES].ever)
		rule_say(facts, result, VERDICT_UNKNOWN, "no snapshot; restores are not read");
	else
		rule_say(facts, result, VERDICT_PASSED, "no snapshot or restore");
	if (snapshot || restore)
		rule_do(facts, result, "Wait until it has ended.");
}

/* A snapshot that waits in Velero's queue although none runs before it; NULL when all is in order.
 */
static const struct backup *waits_in_vain(const struct check_facts *facts)
{
	const struct backup *longest = NULL;

	for (size_t i = 0; i < facts->model->snapshot_count; i++) {
		const struct backup *backup = facts->model->snapshots[i].backup;

		if (phase_is_final(PHASE_BACKUP, backup->phase))
			continue;
		if (strcmp(backup->phase, "Queued") != 0)
			return NULL;
		if (!longest || backup->object.created < longest->object.created)
			longest = backup;
	}
	return longest && facts->now - longest->object.created > QUEUE_LIMIT_S ? longest : NULL;
}

static void say_stuck(const struct check_facts *facts, struct check_result *result,
		      const struct backup *backup)
{
	struct strbuf age = STRBUF_INIT;

	clock_add_span(&age, facts->now - backup->object.created);
	rule_say(facts, result, VERDICT_WARNING, "%s waits for %s though none runs",
		 backup->object.name, age.buf);
	result->means =
		"The queue of Velero 1.17 and later can stand still after a refused snapshot.";
	rule_do(facts, result, "kubectl -n %s rollout restart deployment velero",
		backup->object.namespace);
	strbuf_done(&age);
}

/* */
void rule_too_long(const struct check_facts *facts, struct check_result *result)
{
	const struct snapshot *snapshot = facts->model->running;
	const struct backup *stuck = waits_in_vain(facts);
	struct strbuf age = STRBUF_INIT;
	int64_t ran = 0;

	if (rule_lacks_list(facts, result, COLLECTION_BACKUPS))
		return;
	if (stuck) {
		say_stuck(facts, result, stuck);
		return;
	}
	if (snapshot && snapshot->backup->started)
		ran = facts->now - snapshot->backup->started;
	clock_add_span(&age, ran);
	if (!snapshot) {
		rule_say(facts, result, VERDICT_PASSED, "nothing runs");
	} else if (ran > VOLUME_LIMIT_S) {
		rule_say(facts, result, VERDICT_WARNING, "%s runs for %s",
			 snapshot->backup->object.name, age.buf);
		result->means = "Velero gives up on a volume after 4 h unless told otherwise.";
		rule_do(facts, result, "Raise --fs-backup-timeout of Velero's server.");
	} else {
		rule_say(facts, result, VERDICT_PASSED, "%s runs for %s",
			 snapshot->backup->object.name, age.buf);
	}
	strbuf_done(&age);
}
