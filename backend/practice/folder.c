#include "backend/practice/folder.h"

#include "backend/base/strbuf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool folder_exists(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* The next entry but "." and "..". */
static const char *next_name(DIR *dir)
{
	const struct dirent *entry;

	while ((entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			return entry->d_name;
	}
	return NULL;
}

static DIR *open_below(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

	if (fd >= 0 && !dir)
		close(fd);
	return dir;
}

static int64_t size_below(int parent, const char *name) // NOLINT(misc-no-recursion)
{
	DIR *dir = open_below(parent, name);
	const char *child;
	struct stat info;
	int64_t size = 0;

	if (!dir)
		return 0;
	while ((child = next_name(dir))) {
		if (fstatat(dirfd(dir), child, &info, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (S_ISDIR(info.st_mode))
			size += size_below(dirfd(dir), child);
		else if (S_ISREG(info.st_mode))
			size += info.st_size;
	}
	closedir(dir);
	return size;
}

int64_t folder_size(const char *path)
{
	return size_below(AT_FDCWD, path);
}

bool folder_is_empty(const char *path)
{
	DIR *dir = open_below(AT_FDCWD, path);
	bool empty = !dir || !next_name(dir);

	if (dir)
		closedir(dir);
	return empty;
}

/* 0, or the errno of the first failure. */
static int clear_below(int parent, const char *name) // NOLINT(misc-no-recursion)
{
	DIR *dir = open_below(parent, name);
	const char *child;
	int problem = 0;

	if (!dir)
		return errno == ENOENT ? 0 : errno;
	while (!problem && (child = next_name(dir))) {
		if (unlinkat(dirfd(dir), child, 0) == 0 || errno == ENOENT)
			continue;
		problem = clear_below(dirfd(dir), child);
		if (!problem && unlinkat(dirfd(dir), child, AT_REMOVEDIR) < 0 && errno != ENOENT)
			problem = errno;
	}
	closedir(dir);
	return problem;
}

enum status folder_clear(const char *path, struct error *err)
{
	int problem = clear_below(AT_FDCWD, path);

	return problem ? error_errno(err, problem, "empty %s", path) : STATUS_OK;
}

enum status folder_remove(const char *path, struct error *err)
{
	int problem = clear_below(AT_FDCWD, path);

	if (!problem && rmdir(path) < 0 && errno != ENOENT)
		problem = errno;
	return problem ? error_errno(err, problem, "remove %s", path) : STATUS_OK;
}

enum status folder_link_files(const char *from, const char *to, struct error *err)
{
	DIR *source = open_below(AT_FDCWD, from), *target = open_below(AT_FDCWD, to);
	enum status st = STATUS_OK;
	const char *name;

	if (!source || !target)
		st = error_errno(err, errno, "open %s", source ? to : from);
	while (!st && (name = next_name(source))) {
		if (linkat(dirfd(source), name, dirfd(target), name, 0) < 0 && errno != EEXIST)
			st = error_errno(err, errno, "link %s/%s into %s", from, name, to);
	}
	if (source)
		closedir(source);
	if (target)
		closedir(target);
	return st;
}
