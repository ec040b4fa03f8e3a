/* Slices of a log line lie inside of it. */
#include "tests/fuzz/fuzz.h"

#include "backend/velero/download.h"

static void lies_in(const char *slice, size_t len, const char *line, size_t size)
{
	fuzz_require(slice >= line && slice + len <= line + size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = malloc(size ? size : 1); /* no NUL behind it */
	struct log_line parsed;

	if (size)
		memcpy(line, data, size);
	log_line_parse(line, size, &parsed);
	fuzz_require(parsed.level && strchr("DIWE?", parsed.level));
	if (parsed.message)
		lies_in(parsed.message, parsed.message_len, line, size);
	if (parsed.error)
		lies_in(parsed.error, parsed.error_len, line, size);
	free(line);
	return 0;
}
