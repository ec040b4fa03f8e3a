/* Before a restore: the snapshot, this cluster, and what the plan foretells. */
#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "backend/checks/rules.h"
#include "backend/checks/version.h"
#include "backend/velero/location.h"

#include <string.h>

/* R-09a */
void rule_complete(const struct check_facts *facts, struct check_result *result)
{
	const struct snapshot *snapshot = facts->snapshot;
	const char *refusal = snapshot_restore_refusal(snapshot);
	struct strbuf left = STRBUF_INIT;

	if (refusal) {
		rule_say(facts, result, VERDICT_FAILED, "%s", refusal);
		rule_do(facts, result, "Choose another snapshot.");
		return;
	}
	if (snapshot->expires)
		clock_add_span(&left, snapshot->expires - facts->now);
	rule_say(facts, result, snapshot->expired ? VERDICT_WARNING : VERDICT_PASSED,
		 "%s, %d of %d volumes%s%s%s", snapshot->backup->phase, snapshot->volumes_done,
		 snapshot->volumes,
		 snapshot->expired ? "; past its time, Velero may delete it now"
		 : left.len	   ? ", kept for "
				   : "",
		 snapshot->expired ? "" : left.buf,
		 snapshot->volumes_read ? "" : " (not read yet)");
	strbuf_done(&left);
}

void rule_marks(const struct check_facts *facts, struct check_result *result)
{
	const struct backup *backup = facts->snapshot->backup;

	if (facts->snapshot->kind == SNAPSHOT_OTHER)
		rule_say(facts, result, VERDICT_FAILED, "it was not made by KOTS");
	else if (facts->snapshot->kind == SNAPSHOT_PARTIAL)
		rule_say(facts, result, VERDICT_PASSED, "partial, sequence %s",
			 backup->kots_app_sequence);
	else if (!*backup->kots_image || !*backup->kots_namespace)
		rule_say(facts, result, VERDICT_WARNING,
			 "it does not name its Admin Console: kots itself would skip it");
	else
		rule_say(facts, result, VERDICT_PASSED, "full, namespace %s",
			 backup->kots_namespace);
}

/* */
void rule_this_cluster(const struct check_facts *facts, struct check_result *result)
{
	const struct console *console = facts->console;
	const struct backup *backup = facts->snapshot->backup;

	if (rule_lacks_console(facts, result))
		return;
	if (facts->snapshot->kind != SNAPSHOT_PARTIAL) {
		rule_say(facts, result, VERDICT_PASSED, "a full one may go to another cluster");
		return;
	}
	for (size_t i = 0; i < console->app_count; i++) {
		if (*console->apps[i].id && strcmp(console->apps[i].id, backup->kots_app_id) != 0)
			continue;
		rule_say(facts, result, *console->apps[i].id ? VERDICT_PASSED : VERDICT_UNKNOWN,
			 *console->apps[i].id ? "%s was installed as now"
					      : "the id of %s is not known",
			 console->apps[i].title);
		return;
	}
	rule_say(facts, result, console->source >= SOURCE_RQLITE ? VERDICT_FAILED : VERDICT_UNKNOWN,
		 "taken on another cluster: its application is not known here");
	rule_do(facts, result, "Only full snapshots can go to another cluster.");
}

/* */
void rule_kubernetes(const struct check_facts *facts, struct check_result *result)
{
	const char *then_text = facts->snapshot->backup->kubernetes, *now_text;
	struct version then, now;

	then_text += *then_text == 'v';
	if (rule_lacks_console(facts, result))
		return;
	now_text = facts->console->kubernetes_version;
	if (!*then_text || !*now_text) {
		rule_say(facts, result, VERDICT_UNKNOWN, "%s then; %s now",
			 *then_text ? then_text : "not noted", *now_text ? now_text : "not known");
		return;
	}
	rule_say(facts, result, VERDICT_PASSED, "%s then, %s now", then_text, now_text);
	if (!version_parse(then_text, &then) || !version_parse(now_text, &now))
		result->verdict = VERDICT_UNKNOWN;
	else if (then.major == now.major && then.minor == now.minor)
		return;
	else if (version_compare(now, then) < 0)
		result->verdict = VERDICT_WARNING;
	rule_do(facts, result,
		result->verdict == VERDICT_WARNING
			? "Objects of the newer one may not fit into the older one."
			: "Versions of the API that are gone since then are not restored.");
}

static bool was_kurl(const struct backup *backup)
{
	struct strbuf list = STRBUF_INIT;
	bool found;

	strbuf_addf(&list, ",%s,", backup->namespaces);
	found = strstr(list.buf, ",kurl,") != NULL;
	strbuf_done(&list);
	return found || *backup->kots_registry;
}

/* */
void rule_install_method(const struct check_facts *facts, struct check_result *result)
{
	const struct backup *backup = facts->snapshot->backup;
	const struct console *console = facts->console;
	bool airgap = !strcmp(backup->kots_airgap, "true"), kurl = was_kurl(backup);

	if (rule_lacks_console(facts, result))
		return;
	if (facts->snapshot->kind != SNAPSHOT_FULL) {
		rule_say(facts, result, VERDICT_NOT_HERE, "partial snapshots do not record it");
	} else if (console->kind == SITE_UNKNOWN || console->airgap == ANSWER_UNKNOWN ||
		   !*backup->kots_airgap) {
		rule_say(facts, result, VERDICT_UNKNOWN, "then %s%s; now not known for sure",
			 kurl ? "kURL" : "existing cluster", airgap ? ", air gap" : "");
	} else if (kurl != (console->kind == SITE_KURL) ||
		   airgap != (console->airgap == ANSWER_YES)) {
		rule_say(facts, result, VERDICT_WARNING, "then %s, %s; now %s, %s",
			 kurl ? "kURL" : "existing cluster", airgap ? "air gap" : "online",
			 console->kind == SITE_KURL ? "kURL" : "existing cluster",
			 console->airgap == ANSWER_YES ? "air gap" : "online");
		result->means = "KOTS restores to the same way of installation only.";
	} else {
		rule_say(facts, result, VERDICT_PASSED, "%s, %s then and now",
			 kurl ? "kURL" : "existing cluster", airgap ? "air gap" : "online");
	}
}

/* R-09b */
void rule_registry(const struct check_facts *facts, struct check_result *result)
{
	const char *then = facts->snapshot->backup->kots_registry;

	if (rule_lacks_console(facts, result))
		return;
	if (!*then)
		rule_say(facts, result, VERDICT_NOT_HERE, "no registry in the cluster then");
	else if (!*facts->console->registry)
		rule_say(facts, result, VERDICT_UNKNOWN, "%s then, not known now", then);
	else if (strcmp(then, facts->console->registry) != 0)
		rule_say(facts, result, VERDICT_WARNING, "%s then, %s now", then,
			 facts->console->registry);
	else
		rule_say(facts, result, VERDICT_PASSED, "%s then and now", then);
	if (result->verdict == VERDICT_WARNING)
		result->means = "Images are pulled from the old address and not found.";
}

void rule_os(const struct check_facts *facts, struct check_result *result)
{
	rule_say(facts, result, VERDICT_UNKNOWN, "not recorded then");
	result->means = "A restore is supported on the same operating system only.";
}

/* */
void rule_reads_copies(const struct check_facts *facts, struct check_result *result)
{
	struct version velero;
	const char *uploader = facts->snapshot->uploader;

	if (rule_lacks_console(facts, result) ||
	    rule_lacks_list(facts, result, COLLECTION_POD_VOLUME_BACKUPS))
		return;
	if (!*uploader)
		rule_say(facts, result, VERDICT_PASSED, "no volume was copied");
	else if (!version_parse(facts->console->velero_version, &velero))
		rule_say(facts, result, VERDICT_UNKNOWN,
			 "made by %s; the version of Velero is not known", uploader);
	else if (!strcmp(uploader, "restic") && !version_below(velero, 1, 19))
		rule_say(facts, result, VERDICT_FAILED, "Velero %s does not read restic copies",
			 facts->console->velero_version);
	else if (!strcmp(uploader, "kopia") && version_below(velero, 1, 10))
		rule_say(facts, result, VERDICT_FAILED, "Velero %s does not read Kopia copies",
			 facts->console->velero_version);
	else
		rule_say(facts, result, VERDICT_PASSED, "Velero %s reads %s copies",
			 facts->console->velero_version, uploader);
}

void rule_free_space(const struct check_facts *facts, struct check_result *result)
{
	struct strbuf needed = STRBUF_INIT;

	if (facts->plan)
		amount_add_bytes(&needed, facts->plan->total.restored_bytes);
	if (!facts->snapshot)
		rule_say(facts, result, VERDICT_UNKNOWN, "this store does not say");
	else if (!facts->plan)
		rule_say(facts, result, VERDICT_UNKNOWN, "storage classes do not say what is left");
	else if (facts->plan->total.restored_bytes <= 0)
		rule_say(facts, result, VERDICT_PASSED, "no volume is restored: none is needed");
	else
		rule_say(facts, result, VERDICT_UNKNOWN,
			 "%s needed; storage classes do not say what is left", needed.buf);
	strbuf_done(&needed);
}

/* ---- the plan ---- */

static bool lacks_plan(const struct check_facts *facts, struct check_result *result)
{
	if (!facts->plan)
		rule_say(facts, result, VERDICT_UNKNOWN, "not compared with the cluster yet");
	return !facts->plan;
}

void rule_contents(const struct check_facts *facts, struct check_result *result)
{
	if (lacks_plan(facts, result))
		return;
	if (facts->plan->contents_known) {
		rule_say(facts, result, VERDICT_PASSED, "read: what is lost can be foretold");
		return;
	}
	rule_say(facts, result, VERDICT_WARNING,
		 "the snapshot's list of objects could not be read");
	result->means = "What would be removed and not come back is not known.";
}

void rule_lost(const struct check_facts *facts, struct check_result *result)
{
	const struct restore_plan *plan = facts->plan;
	struct strbuf lost = STRBUF_INIT;

	if (lacks_plan(facts, result))
		return;
	amount_add_counted(&lost, (int64_t)plan->total.lost, "object");
	if (plan->total.lost_volumes) {
		strbuf_adds(&lost, ", ");
		amount_add_counted(&lost, (int64_t)plan->total.lost_volumes, "volume");
	}
	if (!plan->contents_known)
		rule_say(facts, result, VERDICT_UNKNOWN, "contents not known");
	else if (plan->total.lost)
		rule_say(facts, result, VERDICT_WARNING, "%s of today, not in the snapshot",
			 lost.buf);
	else
		rule_say(facts, result, VERDICT_PASSED, "nothing that is not in it");
	if (plan->total.lost && plan->contents_known)
		result->means = "They are removed and do not come back.";
	strbuf_done(&lost);
}

void rule_empty_volumes(const struct check_facts *facts, struct check_result *result)
{
	const struct restore_plan *plan = facts->plan;

	if (lacks_plan(facts, result))
		return;
	if (!plan->total.empty_volumes) {
		rule_say(facts, result, VERDICT_PASSED, "%zu come back with their data",
			 plan->total.restored_volumes);
		return;
	}
	rule_say(facts, result, VERDICT_WARNING, "%zu come back empty", plan->total.empty_volumes);
	result->means = "No copy of their data is in the snapshot (R-28).";
}
