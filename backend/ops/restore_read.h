/* What the picture and the replies of the cluster mean for a restore. Pure. */
#ifndef BACKEND_OPS_RESTORE_READ_H
#define BACKEND_OPS_RESTORE_READ_H

#include "backend/ops/app_objects.h"
#include "backend/ops/restore_view.h"

/* Velero's Deployment: true when a replica is ready; else the words say what is. */
bool velero_is_ready(const struct json *deployment, struct strbuf *words);
/* The list of DaemonSets in Velero's namespace: every wanted node agent is ready. Without any,
 * `needed` decides. */
bool agents_are_ready(const struct json *daemon_sets, bool needed, struct strbuf *words);

/* Why the snapshot may not be restored (any more), in err; STATUS_OK when it may. */
enum status restore_backup_check(const struct model *model, const char *backup_name,
				 struct error *err);
/* Another restore of this cluster that was begun before ours and is alive: refused, with its owner.
 * began and id order two that begin at the same moment: of two exactly one goes on. */
enum status restore_rival_check(const struct model *model, const char *id, int64_t began,
				struct error *err);
/* Another restore of this cluster that nobody drives and that is not at its end: refused, with its
 * name and what to do. */
enum status restore_left_check(const struct model *model, const char *id, struct error *err);
/* true while a snapshot or a Restore that is none of the plan's runs; words say which. */
bool restore_must_wait(const struct model *model, const struct restore_plan *plan,
		       struct strbuf *words);

/* Statements that mark the version deployed (spec/kots-snapshots.md 8.4, Appendix B); owned. */
struct json *restore_mark_statements(const struct restore_part *part, int64_t now);
/* rqlite's answer to them: STATUS_FAILED with what it says, STATUS_NOT_FOUND when the console knows
 * no such version. */
enum status restore_mark_check(const struct json *reply, const struct restore_part *part,
			       struct error *err);

/* The list of pods with app=kotsadm: one is up, and all that are have one owner, so that none is a
 * leftover of the other form, Deployment or StatefulSet (8.2 item 5). words say which, or what it
 * waits for. */
bool console_pods_are_up(const struct json *pods, struct strbuf *words);

/* What is asked of the console's database after its restore; owned. And its answer. */
struct json *database_queries(void);
size_t database_apps(const struct json *reply);
bool database_knows(const struct json *reply, const char *app_slug);

/* A pod that runs and is ready, or has done its work. */
bool pod_is_well(const struct json *pod);
/* Why it is not: "ContainerCreating", "ImagePullBackOff", "Pending". Borrowed. */
const char *pod_trouble(const struct json *pod);

#endif
