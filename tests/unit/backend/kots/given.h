/* Consoles for the tests of this folder: the site of the recordings (existing cluster, one
 * application with a Backup manifest, one never deployed), whose rows pass through the real
 * decoder. Mutable, owned: console_unref(). */
#ifndef TESTS_UNIT_BACKEND_KOTS_GIVEN_H
#define TESTS_UNIT_BACKEND_KOTS_GIVEN_H

#include "backend/kots/console.h"
#include "backend/velero/backup.h"

#define GIVEN_APP "acme-analytics"
#define GIVEN_ID  "2aCmEaNaLyTiCs0000000000001"

struct console *given_console(void);
/* The application's texts are replaced: borrowed. */
struct app *given_app(struct console *console);
/* A second deployed application, with this manifest. */
void given_second_app(struct console *console, const char *backup_spec);
/* A recorded Backup, decoded; change: a merge patch in JSON, NULL = none. object_unref() it. */
const struct backup *given_backup(const char *recording, const char *change);

#endif
