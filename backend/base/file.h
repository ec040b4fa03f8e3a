/* Files, whole: read with a ceiling, replaced atomically, locked. Paths are the caller's. Any
 * thread. */
#ifndef BACKEND_BASE_FILE_H
#define BACKEND_BASE_FILE_H

#include "backend/base/status.h"
#include "backend/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Appends the file to out. Larger than ceiling bytes: STATUS_TOO_LARGE. */
enum status file_read(const char *path, size_t ceiling, struct strbuf *out, struct error *err);

/* Writes a temporary file beside it, fsync, rename, fsync of the folder: readers see the old or the
 * new content, whole. A symbolic link is replaced, not followed. Killed in between it may leave
 * "PATH.XXXXXX". */
enum status file_replace(const char *path, const void *bytes, size_t len, mode_t mode,
			 struct error *err);

/* mkdir -p with this mode for what is missing. */
enum status file_make_dirs(const char *path, mode_t mode, struct error *err);

/* Takes an exclusive lock on path (created when absent). STATUS_CONFLICT when another process holds
 * it. The descriptor is the lock: close it to let go; a killed process lets go by itself. */
enum status file_lock(const char *path, int *ret_fd, struct error *err);

/* XDG folders: "config", "state", "cache", "data", + "/kotsnap". HOME unset falls back to the
 * password database. */
enum file_xdg { FILE_XDG_CONFIG, FILE_XDG_STATE, FILE_XDG_CACHE, FILE_XDG_DATA };
void file_add_xdg(struct strbuf *out, enum file_xdg which);

/* "~/x" to the home folder, all else as it is. */
void file_add_home(struct strbuf *out, const char *path);

#endif
