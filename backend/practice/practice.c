#include "backend/practice/practice.h"

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/practice/actors.h"
#include "backend/practice/agent_place.h"
#include "backend/practice/kots_api.h"
#include "backend/practice/practice_fault.h"
#include "backend/practice/practice_home.h"
#include "backend/practice/practice_open.h"
#include "backend/practice/practice_options.h"
#include "backend/practice/seed.h"
#include "backend/practice/server.h"
#include "backend/practice/store.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

struct practice {
	const struct practice_options *options;
	struct world world;
	struct faults faults;
	struct server *server;
	struct actors *actors;
	struct strbuf token, password_file, rqlite_password;
	int lock; /* descriptor */
};

/* The folder is ours; a beginning that was cut off is forgotten. */
static enum status take_folder(struct practice *practice, struct error *err)
{
	const char *dir = practice->options->dir.buf;
	enum status st = STATUS_OK;

	if (practice->options->reset && home_is_taken(dir))
		st = home_end_running(dir, err);
	if (!st)
		st = home_lock(dir, &practice->lock, err);
	if (!st && (practice->options->reset || !home_is_begun(dir)))
		return home_reset(dir, err);
	return st ? st : home_check_apps(dir, practice->options->apps, err);
}

static enum status open_files(struct practice *practice, struct error *err)
{
	const char *dir = practice->options->dir.buf;
	struct strbuf path = STRBUF_INIT, password = STRBUF_INIT;
	enum status st;

	st = home_secret(dir, "token", &practice->token, err);
	if (!st)
		st = home_secret(dir, "rqlite-password", &practice->rqlite_password, err);
	if (!st)
		st = home_secret(dir, "repository-password", &password, err);
	home_add_path(&practice->password_file, dir, "repository-password");
	home_add_path(&path, dir, "cluster.db");
	if (!st)
		st = objects_open(path.buf, &practice->world.objects, err);
	strbuf_reset(&path);
	home_add_path(&path, dir, "kotsadm.db");
	if (!st)
		st = kotsdb_open(path.buf, practice->rqlite_password.buf, &practice->world.kotsdb,
				 err);
	mem_wipe(password.buf, password.len);
	strbuf_done(&password);
	strbuf_done(&path);
	return st;
}

static void set_up_world(struct practice *practice)
{
	struct world *world = &practice->world;

	world_init(world);
	world->faults = &practice->faults;
	world->dir = practice->options->dir.buf;
	world->fast = practice->options->fast;
	if (getrandom(&world->signing_key, sizeof(world->signing_key), 0) !=
	    (ssize_t)sizeof(world->signing_key))
		die("no random numbers from the kernel");
}

/* ---- the server ---- */

static void change_token(void *arg, const char *token)
{
	struct practice *practice = arg;
	struct strbuf path = STRBUF_INIT;

	home_add_path(&path, practice->options->dir.buf, "token");
	(void)file_replace(path.buf, token, strlen(token), 0600, NULL);
	(void)home_write_kubeconfig(practice->options->dir.buf, practice->world.port, token, NULL);
	strbuf_done(&path);
}

/* The port of the last time when it is free, so that an open console finds the cluster again. */
static enum status start_server(struct practice *practice, const struct server_extra *extras,
				size_t count, struct error *err)
{
	struct server_spec spec = {
		.objects = practice->world.objects,
		.faults = &practice->faults,
		.token = practice->token.buf,
		.port = practice->options->port,
		.fast = practice->options->fast,
		.extras = extras,
		.extra_count = count,
		.token_changed = change_token,
		.token_arg = practice,
	};
	enum status st;

	if (spec.port == PRACTICE_ANY_PORT)
		spec.port = home_last_port(practice->options->dir.buf);
	st = server_start(&spec, &practice->server, err);
	if (st == STATUS_CONFLICT && practice->options->port == PRACTICE_ANY_PORT) {
		spec.port = 0;
		st = server_start(&spec, &practice->server, err);
	}
	if (!st)
		practice->world.port = server_port(practice->server);
	return st;
}

/* ---- begin and end ---- */

/* Locks of a restic that was killed with us; nobody else uses these repositories. */
static void unlock_repositories(struct world *world)
{
	struct strbuf path = STRBUF_INIT;
	const struct dirent *entry;
	size_t base;
	DIR *dir;

	world_add_path(world, &path, "store/" STORE_BUCKET "/restic");
	dir = opendir(path.buf);
	strbuf_addc(&path, '/');
	base = path.len;
	while (dir && (entry = readdir(dir))) {
		struct repo repo = { path.buf, world->password_file };

		strbuf_cut(&path, base);
		strbuf_adds(&path, entry->d_name);
		repo.path = path.buf;
		if (entry->d_name[0] != '.' && repo_exists(&repo) && repo_is_locked(&repo))
			(void)repo_unlock(&repo, NULL);
	}
	if (dir)
		closedir(dir);
	strbuf_done(&path);
}

static enum status begin(struct practice *practice, struct error *err)
{
	const char *dir = practice->options->dir.buf;
	struct world *world = &practice->world;
	int apps = practice->options->apps > 0 ? practice->options->apps : 1;
	enum status st = STATUS_OK;

	world->password_file = practice->password_file.buf;
	if (!home_is_begun(dir)) {
		st = seed_world(world, practice->rqlite_password.buf, apps, err);
		if (!st)
			st = home_mark_begun(dir, apps, err);
	} else {
		unlock_repositories(world);
		seed_follow_port(world);
	}
	if (!st)
		practice->actors = actors_start(world);
	if (!st)
		st = home_write_kubeconfig(dir, world->port, practice->token.buf, err);
	return st;
}

static void wait_for_end(const sigset_t *signals)
{
	int which;

	while (sigwait(signals, &which) != 0)
		;
}

static void end(struct practice *practice)
{
	actors_stop(practice->actors);
	server_stop(practice->server);
	kotsdb_close(practice->world.kotsdb);
	if (practice->world.objects)
		objects_close(practice->world.objects);
	world_done(&practice->world);
	mem_wipe(practice->token.buf, practice->token.len);
	mem_wipe(practice->rqlite_password.buf, practice->rqlite_password.len);
	strbuf_done(&practice->token);
	strbuf_done(&practice->rqlite_password);
	strbuf_done(&practice->password_file);
	if (practice->lock >= 0)
		close(practice->lock);
}

static enum status serve(const struct practice_options *options, struct error *err)
{
	struct practice practice = { .options = options,
				     .token = STRBUF_INIT,
				     .password_file = STRBUF_INIT,
				     .rqlite_password = STRBUF_INIT,
				     .lock = -1 };
	struct server_extra extras[3];
	sigset_t signals;
	enum status st;

	/* Blocked before there are threads: only wait_for_end() takes them. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	set_up_world(&practice);
	st = take_folder(&practice, err);
	if (!st)
		st = open_files(&practice, err);
	extras[0] = (struct server_extra){ "/db/", true, kotsdb_answer, practice.world.kotsdb };
	extras[1] = (struct server_extra){ KOTS_API_APPS, true, kots_api_answer, &practice.world };
	extras[2] = (struct server_extra){ "/", true, store_answer, &practice.world };
	if (!st)
		st = start_server(&practice, extras, ARRAY_SIZE(extras), err);
	if (!st)
		st = begin(&practice, err);
	if (!st) {
		printf("ready KUBECONFIG=%s/kubeconfig\n", options->dir.buf);
		fflush(stdout);
		wait_for_end(&signals);
	}
	end(&practice);
	return st;
}

static int complain(const struct error *err)
{
	fprintf(stderr, "kotsnap: %s\n", err->text);
	if (err->hint[0])
		fprintf(stderr, "  %s\n", err->hint);
	return status_exit_code(err->code);
}

int practice_run(int argc, char **argv)
{
	struct practice_options options;
	struct error err = ERROR_INIT;
	enum status st;

	st = practice_options_read(argc, argv, &options, &err);
	if (!st && options.help)
		practice_print_help();
	else if (!st && options.fault)
		st = practice_fault(&options, &err);
	else if (!st && options.open)
		st = practice_open(&options, &err);
	else if (!st)
		st = serve(&options, &err);
	practice_options_done(&options);
	return st ? complain(&err) : 0;
}
