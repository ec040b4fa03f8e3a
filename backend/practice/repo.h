/* A real restic repository: the only file that starts restic. The password is read by restic from a
 * file, never from argv or the environment. All functions block; any thread, several at once
 * (restic locks for itself). */
#ifndef BACKEND_PRACTICE_REPO_H
#define BACKEND_PRACTICE_REPO_H

#include "backend/base/json.h"
#include "backend/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct repo {
	const char *path;	   /* its folder */
	const char *password_file; /* mode 0600 */
};

struct repo_progress {
	int64_t done_bytes, total_bytes; /* total 0 = not known yet */
};

/* What a copy is told by its owner at each step. */
enum repo_verdict {
	REPO_GO_ON,
	REPO_CANCEL, /* end restic politely: STATUS_CANCELLED */
	REPO_BREAK,  /* as when it runs out of memory: STATUS_FAILED, "signal: terminated" */
};
typedef enum repo_verdict (*repo_watcher)(void *arg, const struct repo_progress *progress);

struct repo_copy {
	const char *folder;	 /* backup: what is copied. restore: where to */
	const char *const *tags; /* "key=value", NULL-terminated; backup only */
	const char *time;	 /* "2006-01-02 15:04:05" for history, or NULL: now */
	int spread_ms; /* real bytes, but no sooner than over this long; 0 = as fast as it goes */
	repo_watcher watch; /* may be NULL; called several times a second in the caller's thread */
	void *arg;
};

struct repo_snapshot {
	char id[65]; /* the whole one */
	int64_t size_bytes, added_bytes;
};

bool repo_exists(const struct repo *repo);
enum status repo_init(const struct repo *repo, struct error *err);
bool repo_is_locked(const struct repo *repo);
/* Removes the locks a killed restic left behind. */
enum status repo_unlock(const struct repo *repo, struct error *err);
/* The error's text ends with what restic complained about, in one line. */
enum status repo_backup(const struct repo *repo, const struct repo_copy *copy,
			struct repo_snapshot *ret_snapshot, struct error *err);
enum status repo_restore(const struct repo *repo, const char *snapshot, int64_t size_bytes,
			 const struct repo_copy *copy, struct error *err);
/* Forgets these (unknown ones are no error) and frees their space. */
enum status repo_forget(const struct repo *repo, const char *const *snapshots, size_t count,
			struct error *err);
/* restic's own list: [{"id","time","tags":[...],"original",...}]. Owned. */
enum status repo_list(const struct repo *repo, struct json **ret_list, struct error *err);
/* Doubles the snapshots: each gets a twin of the same files with an id of its own. One run of
 * restic however many there are; a backup of an unchanged folder would be one each. */
enum status repo_double(const struct repo *repo, const char *tag, struct error *err);

/* The last complete status line in `text` decides; false when there is none. Pure, for
 * repo_backup(). */
bool repo_read_status(const char *text, size_t len, struct repo_progress *ret_progress);
/* The summary line; false when there is none. ret_snapshot->id may be a short one. Pure. */
bool repo_read_summary(const char *text, size_t len, struct repo_snapshot *ret_snapshot);
/* How long to hold the copy now, so that the bytes are spread over spread_ms. Pure. */
int repo_hold_ms(const struct repo_progress *progress, int64_t spent_ms, int spread_ms);

#endif
