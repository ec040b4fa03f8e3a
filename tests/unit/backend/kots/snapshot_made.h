/* Snapshots made up for a test: objects written in short, through the real decoders, joined. */
#ifndef TESTS_UNIT_BACKEND_KOTS_SNAPSHOT_MADE_H
#define TESTS_UNIT_BACKEND_KOTS_SNAPSHOT_MADE_H

#include "backend/kots/snapshot.h"

#define MADE_NOW INT64_C(1795223671) /* 2026-11-21T01:14:31Z */

struct made_list {
	const struct object **items;
	size_t count, capacity;
};

struct made {
	struct made_list backups, volumes, deletions;
	struct snapshot *rows;
	size_t count;
};

/* patch: JSON with ' for ", merged into an object of that name: "{'status':{'phase':'Completed'}}".
 */
void made_backup(struct made *made, const char *name, const char *patch);
void made_volume(struct made *made, const char *owner, const char *patch);
void made_deletion(struct made *made, const char *backup, const char *patch);
/* A full one of KOTS, Completed, 16 objects; patch on top of that. */
void made_full(struct made *made, const char *name, const char *patch);
/* From fixtures: lists of backups and volumes. */
void made_recorded(struct made *made, const char *backups, const char *volumes);

/* Joins (again). volumes_read is true. */
void made_build(struct made *made);
const struct snapshot *made_row(const struct made *made,
				const char *name); /* ends the test when absent */
void made_done(struct made *made);

#endif
