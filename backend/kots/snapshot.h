/* Backups with their volumes to what a person calls a snapshot. Pure; rows borrow the objects of
 * the lists they were built from, which the owner (struct model) keeps alive.
 * spec/kots-snapshots.md 2.1, 3; design/screens.md 4.2. */
#ifndef BACKEND_KOTS_SNAPSHOT_H
#define BACKEND_KOTS_SNAPSHOT_H

#include "backend/kots/backup_spec.h"
#include "backend/velero/backup.h"
#include "backend/velero/phase.h"
#include "backend/velero/podvolume.h"
#include "backend/velero/restore.h"

struct snapshot {
	const struct backup *backup; /* the only one, or the first of a group (2.4) */
	const char *phase;	     /* speaks for all parts: one that runs, else the worst */
	enum snapshot_kind kind;
	enum health health;
	int32_t parts, parts_expected; /* 1, 1 but for groups */
	int64_t errors, warnings;      /* of all parts, as Velero counted */
	int64_t completed, expires;    /* the last that ended, the first to expire; 0 = none */
	int32_t volumes, volumes_done, volumes_failed;
	int64_t bytes_done, bytes_total; /* bytes_total counts known totals only */
	int64_t bytes_expected; /* bytes_total, or while some are not told yet what the last of its
				   kind held; 0 unknown */
	bool totals_known;	/* every volume has told its total */
	bool expired;		/* now was past status.expiration */
	const char *uploader;	/* of its volumes: "restic" when any is, "" without volumes */
	bool volumes_read;	/* false: pod volume backups were not listed yet: show "…" */
	const struct delete_request *deletion; /* newest request that names it, or NULL */
};

struct snapshot_sources {
	const struct object *const *backups;
	size_t backup_count;
	const struct object *const *volumes; /* PodVolumeBackups */
	size_t volume_count;
	bool volumes_read;
	const struct object *const *deletions;
	size_t deletion_count;
	int64_t now;
};

/* Newest start first, then name. The array is free()d by the caller. */
void snapshots_build(const struct snapshot_sources *sources, struct snapshot **ret_rows,
		     size_t *ret_count);

/* What KOTS takes a Backup for, by its marks (2.1). */
enum snapshot_kind backup_kind_of(const struct backup *backup);
/* Whether the backup is the snapshot's only one, or one of its parts. */
bool snapshot_holds(const struct snapshot *snapshot, const struct backup *backup);

/* "Running 43 %", "Incomplete", "Queued 2", "Parts 1/2", "Expired", "Not deleted" ... at most 16
 * cells; mark as health. */
void snapshot_add_status(struct strbuf *out, const struct snapshot *snapshot);
/* "Scheduled", "By hand", "" */
const char *snapshot_trigger(const struct snapshot *snapshot);
/* 0 to 100; -1 unknown; 100 only when final. */
int snapshot_percent(const struct snapshot *snapshot);
bool snapshot_is_running(const struct snapshot *snapshot);
/* NULL when a restore may start from it, else why not ("KOTS refuses incomplete snapshots").
 * spec/kots-snapshots.md 8.1 */
const char *snapshot_restore_refusal(const struct snapshot *snapshot);
/* Sequence and version of an app inside: from apps-sequences/-versions or app-sequence. -1 and ""
 * when it is not in it. */
int64_t snapshot_app_sequence(const struct snapshot *snapshot, const char *slug,
			      const char *app_id);
void snapshot_add_app_version(struct strbuf *out, const struct snapshot *snapshot,
			      const char *slug);
/* Slug list of what it holds, comma-separated; of a partial one the slug its name begins with, when
 * console knows the id. */
void snapshot_add_apps(struct strbuf *out, const struct snapshot *snapshot,
		       const struct console *console);

/* Filter text of design/screens.md 3 (filter), all of it must hold: words (in name, type, status or
 * applications), and the fields status: type: app: name: older: younger: size: err: warn:, each
 * turned round by "!" before it. Ages are 30d 12h 45m, sizes 10GiB, 1.5GB; numbers and sizes take >
 * >= < <= before them (a size alone means at least, a number alone equal). A field without value is
 * still being typed and holds. A wrong field or value is named in err. */
struct snapshot_filter;
enum status snapshot_filter_new(const char *text, struct snapshot_filter **ret_filter,
				struct error *err);
bool snapshot_filter_match(const struct snapshot_filter *filter, const struct snapshot *snapshot,
			   int64_t now);
void snapshot_filter_free(struct snapshot_filter *filter);

#endif
