/* Everything that must not be begun: what KOTS would begin and not be able to end, and what it
 * silently does not do at all (spec/kots-snapshots.md 8.1, 13). */
#include "backend/kots/restore_check.h"

#include "backend/kots/labels.h"
#include "backend/kots/snapshot_words.h"

#include <stdlib.h>
#include <string.h>

static enum status check_full(const struct restore_facts *facts, const struct app *app,
			      struct error *err)
{
	const struct backup *backup = facts->backup;
	const struct console *console = facts->console;

	(void)app;
	if (*backup->kots_namespace && *console->namespace &&
	    strcmp(backup->kots_namespace, console->namespace) != 0)
		return error_set(err, STATUS_REFUSED,
				 "snapshot %s is of the Admin Console in namespace %s, here it is "
				 "in %s",
				 backup->object.name, backup->kots_namespace, console->namespace);
	return STATUS_OK;
}

static struct json *selector_of(const struct backup *backup)
{
	return *backup->selector ? json_parse(backup->selector, strlen(backup->selector), NULL)
				 : NULL;
}

/* true also when the snapshot does not say whose it is. */
static bool is_for_slug(const struct backup *backup, const char *slug)
{
	struct json *selector =
		*backup->selector ? json_parse(backup->selector, strlen(backup->selector), NULL)
				  : NULL;
	const char *theirs = json_key_text(json_key(selector, "matchLabels"), KOTS_APP_SLUG);
	bool same = !*theirs || !strcmp(theirs, slug);

	json_free(selector);
	return same;
}

bool restore_crashes_console(const struct backup *backup)
{
	struct json *selector = selector_of(backup);
	bool crashes = json_count(json_key(selector, "matchExpressions")) &&
		       !json_count(json_key(selector, "matchLabels"));

	json_free(selector);
	return crashes;
}

static bool holds_anything(const struct restore_facts *facts)
{
	for (size_t i = 0; i < facts->object_count; i++)
		if (facts->objects[i].in_snapshot)
			return true;
	return false;
}

static enum status check_partial(const struct restore_facts *facts, const struct app *app,
				 struct error *err)
{
	const struct backup *backup = facts->backup;

	if ((app && *app->id && strcmp(app->id, backup->kots_app_id) != 0) ||
	    !is_for_slug(backup, facts->app_slug)) {
		error_set(err, STATUS_REFUSED, "snapshot %s is not of %s as installed here",
			  backup->object.name, facts->app_slug);
		error_hint(err, "a partial snapshot of another cluster or of an earlier "
				"installation cannot be restored; a full one can");
		return STATUS_REFUSED;
	}
	/* Everything in it is the application's, so here nothing means nothing (13 item 30). */
	if (facts->contents_known && !holds_anything(facts))
		return error_set(err, STATUS_REFUSED,
				 "snapshot %s holds no object of %s: it would be removed and not "
				 "come back",
				 backup->object.name, facts->app_slug);
	return STATUS_OK;
}

static const char *installed_id(const struct restore_facts *facts, const struct app *app)
{
	(void)facts;
	return app ? app->id : "";
}

static const char *annotated_id(const struct restore_facts *facts, const struct app *app)
{
	(void)app;
	return facts->backup->kots_app_id;
}

/* ---- the Admin Console's own part ---- */

bool restore_is_console_dump(const struct podvolume *volume, const struct backup *backup)
{
	return !strcmp(volume->volume, "backup") && text_starts(volume->pod, "kotsadm-") &&
	       !text_starts(volume->pod, "kotsadm-rqlite") &&
	       !strcmp(volume->pod_namespace, backup->kots_namespace) &&
	       !strcmp(volume->phase, "Completed");
}

/* Findings 9: a snapshot taken while the console was off is Completed, and has no database. */
static enum status check_database(const struct restore_facts *facts, struct error *err)
{
	for (size_t i = 0; i < facts->volume_count; i++)
		if (restore_is_console_dump(facts->volumes[i], facts->backup))
			return STATUS_OK;
	if (!facts->volumes_known)
		return STATUS_OK;
	error_set(err, STATUS_REFUSED,
		  "snapshot %s was taken without the Admin Console: it holds no database",
		  facts->backup->object.name);
	error_hint(err, "restore its applications one by one, or everything from another snapshot");
	return STATUS_REFUSED;
}

static enum status check_idle(const struct console *console, struct error *err)
{
	for (size_t i = 0; i < console->app_count; i++) {
		const struct app *app = &console->apps[i];

		if (!*app->restoring)
			continue;
		error_set(err, STATUS_REFUSED, "the Admin Console is restoring %s from %s already",
			  app->slug, app->restoring);
		error_hint(err, "wait for its end or cancel it in the Admin Console");
		return STATUS_REFUSED;
	}
	return STATUS_OK;
}

static enum status check_console(const struct restore_facts *facts, const struct app *app,
				 struct error *err)
{
	const struct backup *backup = facts->backup;
	enum status st = check_full(facts, app, err);

	if (!st && (!*backup->kots_image || !*backup->kots_namespace)) {
		error_set(err, STATUS_REFUSED,
			  "snapshot %s does not say which Admin Console it is of (annotation %s)",
			  backup->object.name, *backup->kots_image ? KOTS_NAMESPACE : KOTS_IMAGE);
		error_hint(err, "its applications can be restored one by one");
		return STATUS_REFUSED;
	}
	if (!st)
		st = check_idle(facts->console, err);
	return st ? st : check_database(facts, err);
}

struct naming {
	const struct snapshot *snapshot;
	struct error *err;
	size_t count;
	enum status st;
};

static bool check_name(void *arg, const char *text, size_t len)
{
	struct naming *naming = arg;
	char *slug = mem_text_n(text, len);

	naming->count++;
	if (!object_name_is_valid(slug))
		naming->st = error_set(naming->err, STATUS_REFUSED,
				       "\"%.80s\" is no slug of an application", slug);
	else if (snapshot_app_sequence(naming->snapshot, slug, "") < 0)
		naming->st = error_set(naming->err, STATUS_REFUSED,
				       "snapshot %s does not say which version of %s it holds",
				       naming->snapshot->backup->object.name, slug);
	free(slug);
	return !naming->st;
}

/* Every application that is named must be one that can be brought back: it is removed first. */
static enum status check_all(const struct restore_facts *facts, const struct app *app,
			     struct error *err)
{
	struct snapshot snapshot = { .backup = facts->backup, .kind = SNAPSHOT_FULL };
	struct naming naming = { .snapshot = &snapshot, .err = err };
	enum status st = check_console(facts, app, err);

	if (st)
		return st;
	snapshot_each_slug(&snapshot, check_name, &naming);
	if (!naming.st && !naming.count) {
		error_set(err, STATUS_REFUSED,
			  "snapshot %s does not say which applications it holds",
			  facts->backup->object.name);
		error_hint(err, "its Admin Console alone can be restored");
		return STATUS_REFUSED;
	}
	return naming.st;
}

/* ---- the kinds ---- */

static const struct restore_row rows[RESTORE_KINDS] = {
	[RESTORE_APP_FROM_FULL] = { RESTORE_SCOPE_APP, SNAPSHOT_FULL, check_full, installed_id,
				    true, true, true, false },
	[RESTORE_APP_FROM_PARTIAL] = { RESTORE_SCOPE_APP, SNAPSHOT_PARTIAL, check_partial,
				       annotated_id, false, false, false, true },
	[RESTORE_FULL] = { RESTORE_SCOPE_ALL, SNAPSHOT_FULL, check_all, NULL, true, true, true,
			   false },
	[RESTORE_CONSOLE_ONLY] = { RESTORE_SCOPE_CONSOLE, SNAPSHOT_FULL, check_console, NULL, true,
				   true, true, false },
};

const struct restore_row *restore_row(enum restore_kind kind)
{
	return &rows[kind];
}

/* ---- refusals that all kinds share ---- */

/* 8.1, 13 items 3 and 5: what KOTS would begin and not be able to end. */
static enum status check_app(const struct restore_facts *facts, const struct app *app,
			     struct error *err)
{
	const char *slug = facts->app_slug;

	if (!object_name_is_valid(slug))
		return error_set(err, STATUS_REFUSED, "\"%.80s\" is no slug of an application",
				 slug);
	if (!app && facts->console->source >= SOURCE_RQLITE)
		return error_set(err, STATUS_REFUSED,
				 "%s is not installed; only a full restore brings it back", slug);
	if (!app || !*app->restoring)
		return STATUS_OK;
	error_set(err, STATUS_REFUSED, "the Admin Console is restoring %s from %s already", slug,
		  app->restoring);
	error_hint(err, "wait for its end or cancel it in the Admin Console");
	return STATUS_REFUSED;
}

static enum status check_snapshot(const struct restore_facts *facts,
				  const struct snapshot *snapshot, struct error *err)
{
	const char *refusal = snapshot_restore_refusal(snapshot);

	if (refusal)
		return error_set(err, STATUS_REFUSED, "snapshot %s cannot be restored: %s",
				 facts->backup->object.name, refusal);
	if (facts->console->kind == SITE_EMBEDDED)
		return error_set(err, STATUS_REFUSED,
				 "this is an Embedded Cluster installation, which restores only by "
				 "its own installer");
	return STATUS_OK;
}

static enum restore_kind find_kind(const struct restore_facts *facts,
				   const struct snapshot *snapshot)
{
	size_t i = 0;

	while (i < RESTORE_KINDS &&
	       (rows[i].snapshot != snapshot->kind || rows[i].scope != facts->scope))
		i++;
	return (enum restore_kind)i;
}

static enum status refuse_kind(const struct restore_facts *facts, const struct snapshot *snapshot,
			       struct error *err)
{
	const char *name = facts->backup->object.name;

	if (snapshot->kind != SNAPSHOT_PARTIAL)
		return error_set(err, STATUS_REFUSED, "snapshot %s has no marks of KOTS", name);
	error_set(err, STATUS_REFUSED,
		  "snapshot %s is of one application: the Admin Console is not in it", name);
	error_hint(err, "restore its application (--app), or choose a full snapshot");
	return STATUS_REFUSED;
}

/* 13 item 3: KOTS removes such an application, brings nothing back and never notices. */
static enum status refuse_absent(const struct restore_facts *facts, struct error *err)
{
	error_set(err, STATUS_REFUSED,
		  "%s is not in snapshot %s: it would be removed and not come back",
		  facts->app_slug, facts->backup->object.name);
	error_hint(err, "choose a snapshot that names it");
	return STATUS_REFUSED;
}

enum status restore_check(const struct restore_facts *facts, const struct snapshot *snapshot,
			  enum restore_kind *ret_kind, struct error *err)
{
	bool one_app = facts->scope == RESTORE_SCOPE_APP;
	const struct app *app = one_app ? console_app(facts->console, facts->app_slug) : NULL;
	enum restore_kind kind = find_kind(facts, snapshot);
	enum status st = check_snapshot(facts, snapshot, err);

	if (!st && one_app)
		st = check_app(facts, app, err);
	if (!st && kind == RESTORE_KINDS)
		st = refuse_kind(facts, snapshot, err);
	if (!st)
		st = rows[kind].check(facts, app, err);
	if (!st && one_app &&
	    snapshot_app_sequence(snapshot, facts->app_slug, rows[kind].app_id(facts, app)) < 0)
		st = refuse_absent(facts, err);
	if (!st)
		*ret_kind = kind;
	return st;
}
