/* Programs, started without a shell: argv, environment, no inherited descriptors, a ceiling for
 * what they print. The caller polls; nothing here blocks except proc_run(). One thread a proc. */
#ifndef BACKEND_BASE_PROC_H
#define BACKEND_BASE_PROC_H

#include "backend/base/status.h"
#include "backend/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct proc_spec {
	const char *const *argv;    /* NULL-terminated; argv[0] is looked up in PATH */
	const char *const *env_add; /* NULL or "K=V", NULL-terminated: added to our environment, in
				       place of equal names */
	const char *folder;	    /* working directory, or NULL */
	const char *input;	    /* written to its stdin, then closed; NULL = /dev/null */
	size_t input_len;
	size_t ceiling; /* bytes of stdout kept; more ends it with STATUS_TOO_LARGE; 0 = 1 MiB */
};

struct proc;

enum status proc_start(const struct proc_spec *spec, struct proc **ret_proc, struct error *err);
int proc_fd_out(const struct proc *proc); /* poll for reading; -1 once ended */
int proc_fd_err(const struct proc *proc);
/* Reads what is there without blocking. true while it may still say something. */
bool proc_pump(struct proc *proc);
const struct strbuf *proc_output(const struct proc *proc); /* borrowed; all stdout so far */
const struct strbuf *proc_complaint(
	const struct proc *proc);		      /* borrowed; at most 64 KiB of stderr */
void proc_take_output(struct proc *proc, size_t len); /* forgets len bytes of stdout already used */
void proc_kill(struct proc *proc); /* SIGTERM, and SIGKILL when freed while alive */
/* Holds its whole group (SIGSTOP) or lets it go on; killing and freeing work while held. */
void proc_hold(struct proc *proc, bool hold);
/* Reaps without blocking. true when it ended; *ret_exit is its exit code, or 128 + signal. */
bool proc_ended(struct proc *proc, int *ret_exit);
void proc_free(struct proc *proc);

/* Runs to the end with a deadline; only where blocking is allowed (tests, the practice cluster). */
enum status proc_run(const struct proc_spec *spec, int deadline_ms, struct strbuf *ret_out,
		     struct strbuf *ret_err, int *ret_exit, struct error *err);

#endif
