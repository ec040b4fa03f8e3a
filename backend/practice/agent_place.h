/* Where the files behind a pod volume object lie: the repository of its namespace, the folder of
 * its volume. */
#ifndef BACKEND_PRACTICE_AGENT_PLACE_H
#define BACKEND_PRACTICE_AGENT_PLACE_H

#include "backend/practice/repo.h"
#include "backend/practice/world.h"

/* ROOT/restic/NAMESPACE of a location. */
void place_add_repository(const struct world *world, const struct json *location,
			  const char *namespace, struct strbuf *out);
/* Makes the repository when it is not there, and its BackupRepository object when that is missing.
 */
enum status place_ensure_repository(struct world *world, const struct json *location,
				    const char *namespace, struct error *err);
/* "s3:http://127.0.0.1:1234/bucket/restic/default", what restic objects name it. */
void place_add_identifier(const struct json *location, const char *namespace, struct strbuf *out);

#endif
