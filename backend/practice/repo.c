#include "backend/practice/repo.h"

#include "backend/base/clock.h"
#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/proc.h"
#include "backend/practice/folder.h"

#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEADLINE_MS  (10 * 60 * 1000)
#define LIST_CEILING (8 * 1024 * 1024)
#define ARGS_MAX     64
#define STEP_MS	     100
#define BURST_MS     6	 /* a fast disk gives a megabyte or two meanwhile */
#define HOLD_MAX_MS  400 /* so that a cancel is heard soon */

struct args {
	const char *list[ARGS_MAX];
	size_t count;
};

/* Dropped arguments would be a programming error: the callers' lists are short. */
static void args_add(struct args *args, const char *arg)
{
	if (args->count + 1 < ARGS_MAX)
		args->list[args->count++] = arg;
}

static struct args args_new(const struct repo *repo)
{
	struct args args = { { 0 }, 0 };

	args_add(&args, "restic");
	args_add(&args, "--repo");
	args_add(&args, repo->path);
	args_add(&args, "--password-file");
	args_add(&args, repo->password_file);
	/* Beside a local repository a cache only costs space. */
	args_add(&args, "--no-cache");
	args_add(&args, "--json");
	return args;
}

static const char *const env_add[] = { "RESTIC_PROGRESS_FPS=60", NULL };

/* What restic said, in one line, without the JSON that is meant for programs. */
static enum status complain(struct error *err, const char *what, int exit_code,
			    const struct strbuf *said)
{
	struct strbuf line = STRBUF_INIT;
	enum status st;
	size_t i;

	for (i = 0; i < said->len && line.len < 300; i++)
		strbuf_addc(&line, said->buf[i] == '\n' ? ' ' : said->buf[i]);
	while (line.len > 0 && line.buf[line.len - 1] == ' ')
		strbuf_cut(&line, line.len - 1);
	if (line.len > 0)
		st = error_set(err, STATUS_FAILED, "%s: %s", what, line.buf);
	else
		st = error_set(err, STATUS_FAILED, "%s: exit status %d", what, exit_code);
	strbuf_done(&line);
	return st;
}

static enum status run(const struct args *args, const char *what, struct strbuf *out,
		       struct error *err)
{
	struct proc_spec spec = { .argv = args->list, .env_add = env_add, .ceiling = LIST_CEILING };
	struct strbuf said = STRBUF_INIT;
	enum status st;
	int exit_code = 0;

	st = proc_run(&spec, DEADLINE_MS, out, &said, &exit_code, err);
	if (!st && exit_code != 0)
		st = complain(err, what, exit_code, &said);
	strbuf_done(&said);
	return st;
}

bool repo_exists(const struct repo *repo)
{
	struct strbuf path = STRBUF_INIT;
	struct stat info;
	bool there;

	strbuf_addf(&path, "%s/config", repo->path);
	there = stat(path.buf, &info) == 0;
	strbuf_done(&path);
	return there;
}

bool repo_is_locked(const struct repo *repo)
{
	struct strbuf path = STRBUF_INIT;
	bool locked;

	strbuf_addf(&path, "%s/locks", repo->path);
	locked = !folder_is_empty(path.buf);
	strbuf_done(&path);
	return locked;
}

enum status repo_init(const struct repo *repo, struct error *err)
{
	struct args args = args_new(repo);

	args_add(&args, "init");
	return run(&args, "restic init", NULL, err);
}

enum status repo_unlock(const struct repo *repo, struct error *err)
{
	struct args args = args_new(repo);

	args_add(&args, "unlock");
	args_add(&args, "--remove-all");
	return run(&args, "restic unlock", NULL, err);
}

/* ---- reading what restic prints ---- */

typedef bool (*line_reader)(const struct json *line, void *ret);

/* Gives the last whole line that `reader` takes. */
static bool read_lines(const char *text, size_t len, line_reader reader, void *ret)
{
	const char *end = text + len, *start = text, *newline;
	bool found = false;
	struct json *line;

	while ((newline = memchr(start, '\n', (size_t)(end - start)))) {
		line = json_parse(start, (size_t)(newline - start), NULL);
		if (line && reader(line, ret))
			found = true;
		json_free(line);
		start = newline + 1;
	}
	return found;
}

static bool take_status(const struct json *line, void *ret)
{
	struct repo_progress *progress = ret;

	if (strcmp(json_text(line, "message_type"), "status") != 0)
		return false;
	progress->done_bytes = json_int(line, "bytes_done", 0);
	progress->total_bytes = json_int(line, "total_bytes", 0);
	return true;
}

static bool take_summary(const struct json *line, void *ret)
{
	struct repo_snapshot *snapshot = ret;

	if (strcmp(json_text(line, "message_type"), "summary") != 0)
		return false;
	snapshot->size_bytes = json_int(line, "total_bytes_processed", 0);
	snapshot->added_bytes = json_int(line, "data_added", 0);
	snprintf(snapshot->id, sizeof(snapshot->id), "%s", json_text(line, "snapshot_id"));
	return true;
}

bool repo_read_status(const char *text, size_t len, struct repo_progress *ret_progress)
{
	return read_lines(text, len, take_status, ret_progress);
}

bool repo_read_summary(const char *text, size_t len, struct repo_snapshot *ret_snapshot)
{
	return read_lines(text, len, take_summary, ret_snapshot);
}

int repo_hold_ms(const struct repo_progress *progress, int64_t spent_ms, int spread_ms)
{
	int64_t due_ms;

	if (spread_ms <= 0 || progress->total_bytes <= 0)
		return 0;
	due_ms =
		(int64_t)((double)progress->done_bytes / (double)progress->total_bytes * spread_ms);
	if (due_ms <= spent_ms)
		return 0;
	return due_ms - spent_ms > HOLD_MAX_MS ? HOLD_MAX_MS : (int)(due_ms - spent_ms);
}

/* ---- a copy that is watched ---- */

struct watched {
	struct proc *proc;
	const struct repo_copy *copy;
	const char *restored; /* restore: the folder whose size is the progress, or NULL */
	struct repo_progress progress;
	struct repo_snapshot snapshot; /* backup: what its summary said */
	bool summed_up;
	int64_t started_ms;
};

static void read_progress(struct watched *watched)
{
	const struct strbuf *out = proc_output(watched->proc);
	size_t whole = out->len;

	while (whole > 0 && out->buf[whole - 1] != '\n')
		whole--;
	if (watched->restored)
		watched->progress.done_bytes = folder_size(watched->restored);
	else
		(void)repo_read_status(out->buf, whole, &watched->progress);
	/* At once: on a busy machine the summary comes in one read with pages of status lines. */
	if (!watched->restored && repo_read_summary(out->buf, whole, &watched->snapshot))
		watched->summed_up = true;
	proc_take_output(watched->proc, whole);
}

/* Held for a moment when the copy is ahead of its pace. */
static void keep_pace(struct watched *watched)
{
	int64_t spent_ms = clock_monotonic_ms() - watched->started_ms;
	int hold_ms = repo_hold_ms(&watched->progress, spent_ms, watched->copy->spread_ms);

	if (hold_ms <= 0)
		return;
	proc_hold(watched->proc, true);
	poll(NULL, 0, hold_ms);
	proc_hold(watched->proc, false);
}

static enum status follow(struct watched *watched, const char *what, struct error *err)
{
	enum repo_verdict verdict = REPO_GO_ON;
	bool talking = true;
	int exit_code = 0;

	watched->started_ms = clock_monotonic_ms();
	while (talking || !proc_ended(watched->proc, &exit_code)) {
		struct pollfd fds[] = { { proc_fd_out(watched->proc), POLLIN, 0 },
					{ proc_fd_err(watched->proc), POLLIN, 0 } };

		poll(fds, 2, !talking ? 5 : watched->copy->spread_ms > 0 ? BURST_MS : STEP_MS);
		talking = proc_pump(watched->proc);
		read_progress(watched);
		if (verdict == REPO_GO_ON && watched->copy->watch) {
			verdict = watched->copy->watch(watched->copy->arg, &watched->progress);
			if (verdict != REPO_GO_ON)
				proc_kill(watched->proc);
		}
		if (verdict == REPO_GO_ON && talking)
			keep_pace(watched);
	}
	if (verdict == REPO_CANCEL)
		return error_set(err, STATUS_CANCELLED, "%s: cancelled", what);
	if (verdict == REPO_BREAK)
		return error_set(err, STATUS_FAILED, "%s: signal: terminated", what);
	return exit_code ? complain(err, what, exit_code, proc_complaint(watched->proc))
			 : STATUS_OK;
}

/* restic 0.14 prints eight digits of the id; the file of the snapshot has the rest. */
static enum status complete_id(const struct repo *repo, struct repo_snapshot *snapshot,
			       struct error *err)
{
	struct strbuf path = STRBUF_INIT;
	const struct dirent *entry;
	size_t len = strlen(snapshot->id);
	bool found = false;
	DIR *dir;

	strbuf_addf(&path, "%s/snapshots", repo->path);
	dir = opendir(path.buf);
	while (dir && !found && len >= 8 && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, snapshot->id, len) != 0 || strlen(entry->d_name) != 64)
			continue;
		memcpy(snapshot->id, entry->d_name, sizeof(snapshot->id));
		found = true;
	}
	if (dir)
		closedir(dir);
	strbuf_done(&path);
	return found ? STATUS_OK
		     : error_set(err, STATUS_FAILED,
				 "restic backup: no snapshot %s in the repository", snapshot->id);
}

static void add_backup_args(struct args *args, const struct repo_copy *copy)
{
	size_t i;

	args_add(args, "backup");
	args_add(args, "--host");
	args_add(args, "velero");
	args_add(args, "--compression");
	args_add(args, "off");
	/* Everything is read each time, so that a copy can be watched; what is known already is not
	 * stored again. */
	args_add(args, "--force");
	if (copy->time) {
		args_add(args, "--time");
		args_add(args, copy->time);
	}
	for (i = 0; copy->tags && copy->tags[i]; i++) {
		args_add(args, "--tag");
		args_add(args, copy->tags[i]);
	}
	args_add(args, ".");
}

enum status repo_backup(const struct repo *repo, const struct repo_copy *copy,
			struct repo_snapshot *ret_snapshot, struct error *err)
{
	struct args args = args_new(repo);
	struct proc_spec spec = { .argv = args.list, .env_add = env_add, .folder = copy->folder };
	struct watched watched = { .copy = copy };
	enum status st;

	add_backup_args(&args, copy);
	st = proc_start(&spec, &watched.proc, err);
	if (!st)
		st = follow(&watched, "restic backup", err);
	if (!st && !watched.summed_up)
		st = error_set(err, STATUS_FAILED,
			       "restic backup of %s: it ended well but printed no summary",
			       copy->folder);
	if (!st)
		st = complete_id(repo, &watched.snapshot, err);
	if (!st)
		*ret_snapshot = watched.snapshot;
	proc_free(watched.proc);
	return st;
}

enum status repo_restore(const struct repo *repo, const char *snapshot, int64_t size_bytes,
			 const struct repo_copy *copy, struct error *err)
{
	struct args args = args_new(repo);
	struct proc_spec spec = { .argv = args.list, .env_add = env_add };
	struct watched watched = { .copy = copy, .restored = copy->folder };
	enum status st;

	args_add(&args, "restore");
	args_add(&args, snapshot);
	args_add(&args, "--target");
	args_add(&args, copy->folder);
	watched.progress.total_bytes = size_bytes;
	st = proc_start(&spec, &watched.proc, err);
	if (!st)
		st = follow(&watched, "restic restore", err);
	proc_free(watched.proc);
	return st;
}

enum status repo_forget(const struct repo *repo, const char *const *snapshots, size_t count,
			struct error *err)
{
	struct args args = args_new(repo);
	enum status st = STATUS_OK;
	size_t i, base;

	args_add(&args, "forget");
	base = args.count;
	for (i = 0; i < count && !st; i++) {
		args_add(&args, snapshots[i]);
		if (args.count < ARGS_MAX - 2 && i + 1 < count)
			continue;
		if (i + 1 == count)
			args_add(&args, "--prune");
		st = run(&args, "restic forget", NULL, err);
		args.count = base;
		memset(args.list + base, 0, (ARGS_MAX - base) * sizeof(*args.list));
	}
	return st;
}

enum status repo_list(const struct repo *repo, struct json **ret_list, struct error *err)
{
	struct args args = args_new(repo);
	struct strbuf out = STRBUF_INIT;
	struct json *list = NULL;
	enum status st;

	args_add(&args, "snapshots");
	st = run(&args, "restic snapshots", &out, err);
	if (!st) {
		list = json_parse(out.buf, out.len, err);
		st = list ? STATUS_OK : error_wrap(err, "restic snapshots");
	}
	if (!st)
		*ret_list = list;
	strbuf_done(&out);
	return st;
}

enum status repo_double(const struct repo *repo, const char *tag, struct error *err)
{
	struct strbuf mine = STRBUF_INIT, kept = STRBUF_INIT;
	struct args args = args_new(repo);
	enum status st;

	strbuf_addf(&mine, "%s/snapshots", repo->path);
	strbuf_addf(&kept, "%s/tmp", repo->path); /* a folder that restic leaves alone */
	args_add(&args, "tag");
	args_add(&args, "--add");
	args_add(&args, tag);
	st = file_make_dirs(kept.buf, 0700, err);
	if (!st)
		st = folder_link_files(mine.buf, kept.buf, err);
	/* `restic tag` writes each snapshot anew and removes the old one, which is then put back.
	 */
	if (!st)
		st = run(&args, "restic tag", NULL, err);
	if (!st)
		st = folder_link_files(kept.buf, mine.buf, err);
	if (!st)
		st = folder_remove(kept.buf, err);
	strbuf_done(&mine);
	strbuf_done(&kept);
	return st;
}
