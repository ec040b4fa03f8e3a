/* What of a cluster a Backup would really hold: which volumes are copied, and by name which claims,
 * volumes and pods are not, and why. A person who reads only "Completed" never learns it: Velero
 * copies nothing that no annotation names, and says so nowhere (console-screens.md R-28,
 * spec/velero-api.md 7.2, 8.1). Pure: values in, rows out.
 *
 * Objects are shown to it one by one: node agents, volumes and claims before the pods, in any
 * order; then coverage_end(). Nothing is kept of an object but the texts of a row. */
#ifndef BACKEND_KOTS_COVERAGE_H
#define BACKEND_KOTS_COVERAGE_H

#include "backend/base/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From "it is in" to "it was never meant": of a claim that two pods mount the first counts. */
enum coverage_why {
	COVERAGE_COPIED,
	/* errors: Velero would end PartiallyFailed */
	COVERAGE_NO_AGENT,     /* no node agent runs on its node */
	COVERAGE_NO_CLAIM,     /* the pod names a claim that is not there */
	COVERAGE_NO_NAMESPACE, /* to be included, and not there */
	/* left out without an error, at most with a warning */
	COVERAGE_NO_DUMP,	  /* of the Admin Console, and nobody dumps it now: no database */
	COVERAGE_SNAPSHOT,	  /* not copied; its storage may make a snapshot of it */
	COVERAGE_NOT_NAMED,	  /* opt-in, and no annotation names it */
	COVERAGE_NO_POD,	  /* a claim that no pod of the snapshot mounts */
	COVERAGE_POD_NOT_RUNNING, /* Pending, Unknown: Velero skips its volumes */
	COVERAGE_POD_ENDED,	  /* Succeeded, Failed: the same */
	COVERAGE_HOST_PATH,	  /* a folder of the node, or a claim on one */
	COVERAGE_BLOCK,		  /* a raw device */
	COVERAGE_NOT_MOUNTED,	  /* no container mounts it */
	COVERAGE_NO_SUCH_VOLUME,  /* the annotation names what the pod has not */
	/* on purpose */
	COVERAGE_EXCLUDED,     /* opt-out, and backup-volumes-excludes names it */
	COVERAGE_DUMPED,       /* of the Admin Console: its hook dumps what is in it (2.12) */
	COVERAGE_SCRATCH,      /* an emptyDir that nobody named: gone with its pod anyway */
	COVERAGE_ENDED,	       /* a pod that has ended: stored, but no script runs, nor restored */
	COVERAGE_LABELLED_OUT, /* velero.io/exclude-from-backup */
	COVERAGE_OUTSIDE,      /* in an included namespace, but no selector takes it */
	COVERAGE_WHYS
};

/* How much it matters that a row is not in the snapshot. */
enum coverage_weight {
	COVERAGE_IN,
	COVERAGE_LEFT_OUT, /* data that somebody may expect to be there */
	COVERAGE_ASIDE,	   /* left out on purpose, or nothing that could be lost */
};

enum coverage_thing { COVERAGE_CLAIM, COVERAGE_VOLUME, COVERAGE_POD, COVERAGE_NAMESPACE };

struct coverage_row {
	enum coverage_thing thing;
	enum coverage_why why;
	const char *namespace, *name;
	const char *pod, *volume; /* of a claim or volume: who has it and under which name, "" */
	const char *detail;	  /* "node-02", "Pending": what the words of `why` are about, "" */
	int64_t size_bytes;	  /* that a claim asks for, 0 unknown */
};

/* A script that Velero would run in a pod. on_error "Fail" leaves the pod and its volumes out,
 * "Continue" goes on; either way a script that fails makes the snapshot PartiallyFailed. */
struct coverage_script {
	const char *namespace, *pod, *container, *command, *timeout, *on_error;
	bool post;	    /* after the pod was saved */
	bool from_manifest; /* else from an annotation of the pod */
};

struct coverage_options {
	bool copies_by_default; /* the server runs with --default-volumes-to-fs-backup */
	bool has_snapshots;	/* the server can have storage make snapshots of claims */
	bool agents_known;	/* node agents were shown; else COVERAGE_NO_AGENT is never said */
};

struct coverage {
	struct coverage_row *rows; /* after coverage_end(): what matters most first, then by name */
	size_t count;
	struct coverage_script *scripts;
	size_t script_count;
	size_t pods;		      /* that are in the snapshot */
	size_t by_why[COVERAGE_WHYS]; /* rows; pods and claims alike */
	int64_t copied_bytes;	      /* asked for by the claims that are copied */
};

struct coverage_work;
/* spec: of the Backup as it would be sent; borrowed until coverage_end(). */
struct coverage_work *coverage_begin(const struct json *spec,
				     const struct coverage_options *options);
void coverage_add_namespace(struct coverage_work *work, const struct json *object);
void coverage_add_agent(struct coverage_work *work, const struct json *pod);
void coverage_add_volume(struct coverage_work *work,
			 const struct json *volume); /* of the cluster */
void coverage_add_claim(struct coverage_work *work, const struct json *claim);
void coverage_add_pod(struct coverage_work *work, const struct json *pod);
/* namespaces_known: all of them were shown. Frees work; texts and rows of the result lie in the
 * arena. */
void coverage_end(struct coverage_work *work, bool namespaces_known, struct arena *arena,
		  struct coverage *ret_coverage);
void coverage_free(struct coverage_work *work); /* without a result; NULL is fine */

enum coverage_weight coverage_weight(enum coverage_why why);
/* How many rows alone would make Velero end PartiallyFailed. */
size_t coverage_errors(const struct coverage *coverage);
/* "named by no annotation"; static, reads on after the name of the row. */
const char *coverage_words(enum coverage_why why);
const char *coverage_word(enum coverage_why why);	    /* "not-named": for programs; static */
const char *coverage_thing_word(enum coverage_thing thing); /* "PersistentVolumeClaim"; static */
/* "claim default/data (pod db-0, 10.0 GiB)" */
void coverage_add_thing(struct strbuf *out, const struct coverage_row *row);
/* "its pod does not run (Pending)" */
void coverage_add_reason(struct strbuf *out, const struct coverage_row *row);
/* Both, with a colon between them. */
void coverage_add_row(struct strbuf *out, const struct coverage_row *row);

/* Whether the selectors of a Backup take an object with these labels: either form, or none. */
bool coverage_selects(const struct json *spec, const struct json *labels);

#endif
