#include "backend/ops/holder.h"

#include "backend/base/file.h"
#include "backend/base/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_BYTES 4096
#define BOOT_CHARS 8
#define START_WORD 20 /* of stat, counted behind the name in parentheses: field 22 */

/* "1a2b3c4d.4026531836", what must be the same for a pid to mean the same; "" not known. */
static void add_sight(struct strbuf *out)
{
	struct strbuf boot = STRBUF_INIT;
	char namespace[64];
	ssize_t len = readlink("/proc/self/ns/pid", namespace, sizeof(namespace) - 1);
	const char *number;

	if (len > 0 && !file_read("/proc/sys/kernel/random/boot_id", MOST_BYTES, &boot, NULL) &&
	    boot.len >= BOOT_CHARS) {
		namespace[len] = '\0';
		number = strchr(namespace, '[');
		if (number)
			strbuf_addf(out, "%.*s.%.*s", BOOT_CHARS, boot.buf,
				    (int)strcspn(number + 1, "]"), number + 1);
	}
	strbuf_done(&boot);
}

/* When it started, in ticks; 0 = there is no such process, or it is dead and waited for. */
static unsigned long long start_of(long pid)
{
	struct strbuf stat = STRBUF_INIT;
	char path[64];
	const char *at = NULL;
	unsigned long long start = 0;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	if (!file_read(path, MOST_BYTES, &stat, NULL))
		at = strrchr(stat.buf, ')');
	if (at && at[1] == ' ' && at[2] != 'Z') {
		for (int word = 0; at && word < START_WORD; word++)
			at = strchr(at + 1, ' ');
		start = at ? strtoull(at + 1, NULL, 10) : 0;
	}
	strbuf_done(&stat);
	return start;
}

void holder_add_process(struct strbuf *out)
{
	unsigned long long start = start_of((long)getpid());
	struct strbuf sight = STRBUF_INIT;

	add_sight(&sight);
	if (sight.len && start)
		strbuf_addf(out, "%s.%ld.%llu", sight.buf, (long)getpid(), start);
	strbuf_done(&sight);
}

bool holder_process_is_gone(const char *process)
{
	struct strbuf sight = STRBUF_INIT;
	long pid;
	unsigned long long start;
	bool gone = false;

	add_sight(&sight);
	if (sight.len && text_starts(process, sight.buf) &&
	    sscanf(process + sight.len, ".%ld.%llu", &pid, &start) == 2 && pid > 0)
		gone = start_of(pid) != start;
	strbuf_done(&sight);
	return gone;
}
