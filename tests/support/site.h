/* The story of the design as a model: site acme-prod, kURL, air gap, two applications, 43
 * snapshots, one of them running, on Saturday 2026-11-21 02:14:31 CET. Objects pass through the
 * real decoders. For tests. */
#ifndef TESTS_SUPPORT_SITE_H
#define TESTS_SUPPORT_SITE_H

#include "backend/store/model.h"

#define SITE_NOW INT64_C(1795223671) /* 2026-11-21T01:14:31Z */

enum site_case {
	SITE_STORY,	   /* all is read; instance-x7k2p runs */
	SITE_QUIET,	   /* as the story, nothing runs */
	SITE_CONNECTING,   /* before any network */
	SITE_READING,	   /* lists are being read for the first time */
	SITE_EMPTY,	   /* all read, no snapshot, no schedule, no restore */
	SITE_STALE,	   /* the story, but the cluster has not answered for 40 s */
	SITE_FORBIDDEN,	   /* no permission to list backups and the rest */
	SITE_ABSENT,	   /* Velero is not installed */
	SITE_CONSOLE_DOWN, /* the admin console and its database are away */
	SITE_READ_ONLY,	   /* the story, started with --read-only */
	SITE_HOSTILE,	   /* names and messages with control characters and very long ones */
};

/* Sets the time zone of the process to CET, so that frames are the same everywhere. Counted, owned.
 */
struct model *site_model(enum site_case which);
/* The story with `count` snapshots instead of 43. */
struct model *site_model_large(size_t count);
/* One of the above with more backups: a JSON list, with ' for ". */
struct model *site_model_with(enum site_case which, const char *backups);
/* Fixed "now" of a model: SITE_NOW. */
int64_t site_now(void);

#endif
