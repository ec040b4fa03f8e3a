#include "backend/practice/practice_home.h"

#include "backend/base/clock.h"
#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/yaml.h"
#include "backend/practice/folder.h"
#include "backend/practice/server.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define BEGUN	    "seeded" /* how many applications; empty is one */
#define LOCK	    "lock"
#define SECRET_LEN  24
#define END_WAIT_MS 10000

void home_add_path(struct strbuf *out, const char *dir, const char *name)
{
	strbuf_addf(out, "%s/%s", dir, name);
}

enum status home_lock(const char *dir, int *ret_fd, struct error *err)
{
	struct strbuf path = STRBUF_INIT;
	char pid[24];
	enum status st;
	int fd;

	st = file_make_dirs(dir, 0700, err);
	home_add_path(&path, dir, LOCK);
	if (!st)
		st = file_lock(path.buf, &fd, err);
	strbuf_done(&path);
	if (st == STATUS_CONFLICT) {
		error_set(err, st, "a practice cluster runs in %s already", dir);
		error_hint(err, "open it with: kotsnap practice --open --dir %s", dir);
	}
	if (st)
		return st;
	snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
	if (ftruncate(fd, 0) < 0 || pwrite(fd, pid, strlen(pid), 0) < 0) {
		st = error_errno(err, errno, "write %s/" LOCK, dir);
		close(fd);
		return st;
	}
	*ret_fd = fd;
	return STATUS_OK;
}

bool home_is_taken(const char *dir)
{
	struct strbuf path = STRBUF_INIT;
	struct error err = ERROR_INIT;
	bool taken;
	int fd;

	home_add_path(&path, dir, LOCK);
	taken = file_lock(path.buf, &fd, &err) == STATUS_CONFLICT;
	if (!taken && !err.code)
		close(fd);
	strbuf_done(&path);
	return taken;
}

enum status home_end_running(const char *dir, struct error *err)
{
	int64_t until = clock_monotonic_ms() + END_WAIT_MS;
	struct strbuf path = STRBUF_INIT, text = STRBUF_INIT;
	enum status st;
	int pid;

	home_add_path(&path, dir, LOCK);
	st = file_read(path.buf, 64, &text, err);
	pid = st ? 0 : atoi(text.buf);
	if (!st && (pid <= 1 || kill(pid, SIGTERM) < 0))
		st = error_errno(err, pid <= 1 ? ESRCH : errno, "end the practice cluster in %s",
				 dir);
	while (!st && home_is_taken(dir)) {
		if (clock_monotonic_ms() > until)
			st = error_set(err, STATUS_TIMEOUT,
				       "the practice cluster in %s (process %d) does not end", dir,
				       pid);
		poll(NULL, 0, 50);
	}
	strbuf_done(&path);
	strbuf_done(&text);
	return st;
}

enum status home_reset(const char *dir, struct error *err)
{
	struct strbuf path = STRBUF_INIT;
	const struct dirent *entry;
	enum status st = STATUS_OK;
	DIR *list = opendir(dir);

	while (list && !st && (entry = readdir(list))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    strcmp(entry->d_name, LOCK) == 0 || strcmp(entry->d_name, HOME_LOG) == 0)
			continue;
		strbuf_reset(&path);
		home_add_path(&path, dir, entry->d_name);
		if (unlink(path.buf) < 0)
			st = folder_remove(path.buf, err);
	}
	if (list)
		closedir(list);
	strbuf_done(&path);
	return st;
}

bool home_is_begun(const char *dir)
{
	struct strbuf path = STRBUF_INIT;
	bool begun;

	home_add_path(&path, dir, BEGUN);
	begun = access(path.buf, F_OK) == 0;
	strbuf_done(&path);
	return begun;
}

enum status home_mark_begun(const char *dir, int apps, struct error *err)
{
	struct strbuf path = STRBUF_INIT, text = STRBUF_INIT;
	enum status st;

	home_add_path(&path, dir, BEGUN);
	strbuf_addf(&text, "%d\n", apps);
	st = file_replace(path.buf, text.buf, text.len, 0600, err);
	strbuf_done(&path);
	strbuf_done(&text);
	return st;
}

enum status home_check_apps(const char *dir, int apps, struct error *err)
{
	struct strbuf path = STRBUF_INIT, text = STRBUF_INIT;
	enum status st;
	int begun;

	if (apps == 0 || !home_is_begun(dir))
		return STATUS_OK;
	home_add_path(&path, dir, BEGUN);
	st = file_read(path.buf, 16, &text, err);
	begun = text.len > 0 ? atoi(text.buf) : 1;
	if (!st && begun != apps) {
		st = error_set(err, STATUS_CONFLICT,
			       "the practice cluster in %s has %d application%s, not %d", dir,
			       begun, begun == 1 ? "" : "s", apps);
		error_hint(err, "--reset begins anew, with that many");
	}
	strbuf_done(&path);
	strbuf_done(&text);
	return st;
}

enum status home_secret(const char *dir, const char *name, struct strbuf *ret_text,
			struct error *err)
{
	struct strbuf path = STRBUF_INIT, text = STRBUF_INIT;
	unsigned char bytes[SECRET_LEN];
	enum status st;
	size_t i;

	home_add_path(&path, dir, name);
	st = file_read(path.buf, 4096, &text, err);
	if (st == STATUS_NOT_FOUND) {
		if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
			die("no random numbers from the kernel");
		for (i = 0; i < sizeof(bytes); i++)
			strbuf_addf(&text, "%02x", bytes[i]);
		st = file_replace(path.buf, text.buf, text.len, 0600, err);
	}
	if (!st)
		strbuf_add(ret_text, text.buf, text.len);
	mem_wipe(text.buf, text.len);
	strbuf_done(&text);
	strbuf_done(&path);
	return st;
}

enum status home_write_kubeconfig(const char *dir, int port, const char *token, struct error *err)
{
	struct strbuf path = STRBUF_INIT, text = STRBUF_INIT;
	enum status st;

	/* The token in the address too: kubectl sends none by itself over plain HTTP (server.h). */
	strbuf_addf(&text,
		    "apiVersion: v1\n"
		    "kind: Config\n"
		    "clusters:\n"
		    "- name: practice\n"
		    "  cluster:\n"
		    "    server: http://127.0.0.1:%d" SERVER_TOKEN_PREFIX "%s\n"
		    "users:\n"
		    "- name: practice\n"
		    "  user:\n"
		    "    token: %s\n"
		    "contexts:\n"
		    "- name: practice\n"
		    "  context:\n"
		    "    cluster: practice\n"
		    "    user: practice\n"
		    "    namespace: default\n"
		    "current-context: practice\n",
		    port, token, token);
	home_add_path(&path, dir, "kubeconfig");
	st = file_replace(path.buf, text.buf, text.len, 0600, err);
	mem_wipe(text.buf, text.len);
	strbuf_done(&path);
	strbuf_done(&text);
	return st;
}

enum status home_read_kubeconfig(const char *dir, int *ret_port, struct strbuf *ret_token,
				 struct error *err)
{
	struct strbuf path = STRBUF_INIT, text = STRBUF_INIT;
	struct json *config = NULL;
	const char *server;
	enum status st;

	home_add_path(&path, dir, "kubeconfig");
	st = file_read(path.buf, 65536, &text, err);
	if (!st) {
		config = yaml_parse(text.buf, text.len, err);
		st = config ? STATUS_OK : STATUS_FORMAT;
	}
	if (!st) {
		server = json_text(json_first(json_key(config, "clusters")), "cluster.server");
		*ret_port = strrchr(server, ':') ? atoi(strrchr(server, ':') + 1) : 0;
		strbuf_adds(ret_token,
			    json_text(json_first(json_key(config, "users")), "user.token"));
	}
	json_free(config);
	mem_wipe(text.buf, text.len);
	strbuf_done(&path);
	strbuf_done(&text);
	return st;
}

int home_last_port(const char *dir)
{
	struct strbuf token = STRBUF_INIT;
	int port = 0;

	(void)home_read_kubeconfig(dir, &port, &token, NULL);
	mem_wipe(token.buf, token.len);
	strbuf_done(&token);
	return port;
}
