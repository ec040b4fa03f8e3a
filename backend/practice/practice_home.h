/* The practice cluster's folder: its lock, secrets, kubeconfig, port. */
#ifndef BACKEND_PRACTICE_PRACTICE_HOME_H
#define BACKEND_PRACTICE_PRACTICE_HOME_H

#include "backend/base/status.h"
#include "backend/base/strbuf.h"

#include <stdbool.h>

#define HOME_LOG "practice.log" /* what a cluster in the background says */

/* dir + "/" + name. */
void home_add_path(struct strbuf *out, const char *dir, const char *name);

/* Takes the folder for this process. STATUS_CONFLICT: a cluster runs in it. The descriptor is the
 * lock. */
enum status home_lock(const char *dir, int *ret_fd, struct error *err);
bool home_is_taken(const char *dir);
/* Ends the cluster that runs in it, and waits for it. */
enum status home_end_running(const char *dir, struct error *err);
/* Removes all but the lock and the log, which others hold open. */
enum status home_reset(const char *dir, struct error *err);

/* What the cluster began with is whole, and holds that many applications. */
bool home_is_begun(const char *dir);
enum status home_mark_begun(const char *dir, int apps, struct error *err);
/* STATUS_CONFLICT: it began with another number of applications than apps. 0 is any number. */
enum status home_check_apps(const char *dir, int apps, struct error *err);

/* A text in a file of the folder, 0600; made from random bytes when absent. */
enum status home_secret(const char *dir, const char *name, struct strbuf *ret_text,
			struct error *err);
enum status home_write_kubeconfig(const char *dir, int port, const char *token, struct error *err);
/* Where the running cluster listens and what it wants to hear, from its kubeconfig. */
enum status home_read_kubeconfig(const char *dir, int *ret_port, struct strbuf *ret_token,
				 struct error *err);
int home_last_port(const char *dir); /* 0 when there was none */

#endif
