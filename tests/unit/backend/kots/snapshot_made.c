#include "tests/unit/backend/kots/snapshot_made.h"

#include "tests/support/recording.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct json *parse(const char *text)
{
	char *copy = mem_text(text);
	struct json *json;

	for (char *c = copy; *c; c++)
		if (*c == '\'')
			*c = '"';
	json = json_parse(copy, strlen(copy), NULL);
	cr_assert_not_null(json, "%s", text);
	free(copy);
	return json;
}

static void add(struct made_list *list, const void *object)
{
	cr_assert_not_null(object);
	list->items = mem_grow(list->items, list->count, &list->capacity, sizeof(struct object *));
	list->items[list->count++] = object;
}

static struct json *head(const char *name, const char *patch)
{
	struct json *json = json_new_map(), *changes = parse(patch);
	struct strbuf uid = STRBUF_INIT;

	strbuf_addf(&uid, "uid-of-%s", name);
	json_put_path(json, "metadata.name", json_new_text(name));
	json_put_path(json, "metadata.uid", json_new_text(uid.buf));
	json_merge(json, changes);
	strbuf_done(&uid);
	json_free(changes);
	return json;
}

void made_backup(struct made *made, const char *name, const char *patch)
{
	struct json *json = head(name, patch);

	add(&made->backups, backup_decode(json, NULL));
	json_free(json);
}

void made_full(struct made *made, const char *name, const char *patch)
{
	struct json *json =
		head(name, "{'metadata':{'annotations':{'kots.io/instance':'true'}},"
			   "'status':{'phase':'Completed','startTimestamp':'2026-11-20T01:00:00Z',"
			   "'progress':{'itemsBackedUp':16,'totalItems':16}}}");
	struct json *changes = parse(patch);

	json_merge(json, changes);
	add(&made->backups, backup_decode(json, NULL));
	json_free(changes);
	json_free(json);
}

void made_volume(struct made *made, const char *owner, const char *patch)
{
	struct strbuf name = STRBUF_INIT;
	struct json *json;

	strbuf_addf(&name, "volume-%zu", made->volumes.count);
	json = head(name.buf, patch);
	json_put_path(json, "metadata.labels.[velero.io/backup-name]", json_new_text(owner));
	add(&made->volumes, podvolume_decode(json, NULL));
	json_free(json);
	strbuf_done(&name);
}

void made_deletion(struct made *made, const char *backup, const char *patch)
{
	struct strbuf name = STRBUF_INIT;
	struct json *json;

	strbuf_addf(&name, "deletion-%zu", made->deletions.count);
	json = head(name.buf, patch);
	json_put_path(json, "spec.backupName", json_new_text(backup));
	add(&made->deletions, delete_request_decode(json, NULL));
	json_free(json);
	strbuf_done(&name);
}

void made_recorded(struct made *made, const char *backups, const char *volumes)
{
	struct json *json = recording_json(backups);
	const struct json *item;

	for (item = json_first(json_key(json, "items")); item; item = json_next(item))
		add(&made->backups, backup_decode(item, NULL));
	json_free(json);
	if (!volumes)
		return;
	json = recording_json(volumes);
	for (item = json_first(json_key(json, "items")); item; item = json_next(item))
		add(&made->volumes, podvolume_decode(item, NULL));
	json_free(json);
}

void made_build(struct made *made)
{
	struct snapshot_sources sources = { .backups = made->backups.items,
					    .backup_count = made->backups.count,
					    .volumes = made->volumes.items,
					    .volume_count = made->volumes.count,
					    .volumes_read = true,
					    .deletions = made->deletions.items,
					    .deletion_count = made->deletions.count,
					    .now = MADE_NOW };

	free(made->rows);
	snapshots_build(&sources, &made->rows, &made->count);
}

const struct snapshot *made_row(const struct made *made, const char *name)
{
	const struct snapshot *row = NULL;

	for (size_t i = 0; i < made->count && !row; i++)
		if (!strcmp(made->rows[i].backup->object.name, name))
			row = &made->rows[i];
	cr_assert_not_null(row, "no row %s", name);
	return row;
}

static void list_done(struct made_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		object_unref(list->items[i]);
	free(list->items);
}

void made_done(struct made *made)
{
	list_done(&made->backups);
	list_done(&made->volumes);
	list_done(&made->deletions);
	free(made->rows);
	*made = (struct made){ 0 };
}
