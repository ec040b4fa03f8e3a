#include "backend/practice/backup_log.h"

#define BACKUP_GO  "pkg/backup/backup.go:"
#define CONTROLLER "pkg/controller/backup_controller.go:"

static void log_list(struct velog *log, const struct json *backup, const char *line,
		     const char *what, const char *path)
{
	const struct json *entry = json_first(json_get(backup, path));
	struct strbuf text = STRBUF_INIT, source = STRBUF_INIT;

	for (; entry; entry = json_next(entry))
		strbuf_addf(&text, "%s%s", text.len > 0 ? ", " : "", json_value(entry));
	strbuf_addf(&source, BACKUP_GO "%s", line);
	velog_line(log, VELOG_INFO, source.buf, VELOG_NO_FIELDS, "%s: %s", what,
		   text.len > 0 ? text.buf : "<none>");
	strbuf_done(&text);
	strbuf_done(&source);
}

void backup_log_beginning(struct velog *log, const struct json *backup)
{
	static const struct {
		const char *source, *text;
	} lines[] = {
		{ CONTROLLER "745", "Setting up backup temp file" },
		{ CONTROLLER "752", "Setting up plugin manager" },
		{ CONTROLLER "756", "Getting backup item actions" },
		{ CONTROLLER "761", "Getting ItemBlock actions" },
		{ CONTROLLER "766", "Setting up backup store to check for backup existence" },
		{ BACKUP_GO "276", "Writing backup version file" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++)
		velog_line(log, VELOG_INFO, lines[i].source, VELOG_NO_FIELDS, "%s", lines[i].text);
	log_list(log, backup, "309", "Including namespaces", "spec.includedNamespaces");
	log_list(log, backup, "310", "Excluding namespaces", "spec.excludedNamespaces");
	velog_line(log, VELOG_INFO, BACKUP_GO "386", VELOG_NO_FIELDS,
		   "Backing up all volumes using pod volume backup: %s",
		   json_bool(backup, "spec.defaultVolumesToFsBackup", false) ? "true" : "false");
}

void backup_log_estimate(struct velog *log, size_t count)
{
	velog_line(log, VELOG_INFO, BACKUP_GO "448", VELOG_FIELDS({ "progress", "" }),
		   "Collected %zu items matching the backup spec from the Kubernetes API (actual "
		   "number of "
		   "items backed up may be more or less depending on velero.io/exclude-from-backup "
		   "annotation, "
		   "plugins returning additional related items to back up, etc.)",
		   count);
}

void backup_log_items(struct velog *log, const struct collection *items)
{
	size_t i;

	for (i = 0; i < items->count; i++) {
		const struct item *item = &items->items[i];
		const char *name = object_name(item->object),
			   *namespace = object_namespace(item->object);

		velog_line(log, VELOG_INFO, "pkg/backup/item_backupper.go:222",
			   VELOG_FIELDS({ "name", name }, { "namespace", namespace },
					{ "resource", item->kind->resource }),
			   "Backing up item");
		velog_line(log, VELOG_INFO, BACKUP_GO "610",
			   VELOG_FIELDS({ "kind", item->kind->kind }, { "name", name },
					{ "namespace", namespace }, { "progress", "" }),
			   "Backed up %zu items out of an estimated total of %zu (estimate will "
			   "change "
			   "throughout the backup)",
			   i + 1, items->count);
	}
	velog_line(log, VELOG_INFO, BACKUP_GO "734", VELOG_FIELDS({ "progress", "" }),
		   "Backed up a total of %zu items", items->count);
}
