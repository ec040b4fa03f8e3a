#include "backend/base/file.h"

#include "backend/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum status file_read(const char *path, size_t ceiling, struct strbuf *out, struct error *err)
{
	size_t start = out->len;
	enum status st = STATUS_OK;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return error_errno(err, errno, "read %s", path);
	do {
		strbuf_reserve(out, 16384);
		got = read(fd, out->buf + out->len, 16384);
		if (got > 0)
			out->len += (size_t)got;
		out->buf[out->len] = '\0';
	} while ((got > 0 && out->len - start <= ceiling) || (got < 0 && errno == EINTR));
	if (got < 0)
		st = error_errno(err, errno, "read %s", path);
	else if (out->len - start > ceiling)
		st = error_set(err, STATUS_TOO_LARGE, "%s is larger than %zu bytes", path, ceiling);
	if (st)
		strbuf_cut(out, start);
	close(fd);
	return st;
}

static enum status write_all(int fd, const char *bytes, size_t len, const char *path,
			     struct error *err)
{
	while (len > 0) {
		ssize_t put = write(fd, bytes, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return error_errno(err, errno, "write %s", path);
		bytes += put;
		len -= (size_t)put;
	}
	if (fsync(fd) < 0)
		return error_errno(err, errno, "write %s", path);
	return STATUS_OK;
}

/* A rename is on disk only once its folder is. */
static void sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? mem_text_n(path, slash == path ? 1 : (size_t)(slash - path))
			     : mem_text(".");
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
	free(folder);
}

enum status file_replace(const char *path, const void *bytes, size_t len, mode_t mode,
			 struct error *err)
{
	struct strbuf temporary = STRBUF_INIT;
	enum status st;
	int fd;

	strbuf_addf(&temporary, "%s.XXXXXX", path);
	fd = mkostemp(temporary.buf, O_CLOEXEC);
	if (fd < 0) {
		st = error_errno(err, errno, "write %s", path);
		goto out;
	}
	st = write_all(fd, bytes, len, path, err);
	if (!st && fchmod(fd, mode) < 0)
		st = error_errno(err, errno, "write %s", path);
	if (close(fd) < 0 && !st)
		st = error_errno(err, errno, "write %s", path);
	if (!st && rename(temporary.buf, path) < 0)
		st = error_errno(err, errno, "write %s", path);
	if (st)
		unlink(temporary.buf);
	else
		sync_folder(path);
out:
	strbuf_done(&temporary);
	return st;
}

static bool is_folder(const char *path)
{
	struct stat found;

	return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

enum status file_make_dirs(const char *path, mode_t mode, struct error *err)
{
	char *copy = mem_text(path), *p = copy;
	enum status st = STATUS_OK;

	while (!st && p) {
		p = strchr(p + 1, '/');
		if (p)
			*p = '\0';
		if (mkdir(copy, mode) < 0 && !is_folder(copy))
			st = error_errno(err, errno, "make folder %s", copy);
		if (p)
			*p = '/';
	}
	free(copy);
	return st;
}

enum status file_lock(const char *path, int *ret_fd, struct error *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return error_errno(err, errno, "lock %s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		int problem = errno;

		close(fd);
		if (problem == EWOULDBLOCK)
			return error_set(err, STATUS_CONFLICT, "%s is held by another process",
					 path);
		return error_errno(err, problem, "lock %s", path);
	}
	*ret_fd = fd;
	return STATUS_OK;
}

static void add_home_folder(struct strbuf *out)
{
	const char *home = getenv("HOME");
	struct passwd entry, *found = NULL;
	char buffer[4096];

	if (home && *home) {
		strbuf_adds(out, home);
		return;
	}
	if (getpwuid_r(getuid(), &entry, buffer, sizeof(buffer), &found) == 0 && found)
		strbuf_adds(out, found->pw_dir);
}

static const struct {
	const char *variable, *fallback;
} xdg_rows[] = {
	[FILE_XDG_CONFIG] = { "XDG_CONFIG_HOME", "/.config" },
	[FILE_XDG_STATE] = { "XDG_STATE_HOME", "/.local/state" },
	[FILE_XDG_CACHE] = { "XDG_CACHE_HOME", "/.cache" },
	[FILE_XDG_DATA] = { "XDG_DATA_HOME", "/.local/share" },
};

void file_add_xdg(struct strbuf *out, enum file_xdg which)
{
	const char *set = getenv(xdg_rows[which].variable);

	if (set && *set == '/') {
		strbuf_adds(out, set);
	} else {
		add_home_folder(out);
		strbuf_adds(out, xdg_rows[which].fallback);
	}
	strbuf_adds(out, "/kotsnap");
}

void file_add_home(struct strbuf *out, const char *path)
{
	if (path[0] == '~' && (path[1] == '/' || !path[1])) {
		add_home_folder(out);
		path++;
	}
	strbuf_adds(out, path);
}
