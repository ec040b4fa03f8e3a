/* Any JSON as the results of a backup: lines, or an error that says something. */
#include "tests/fuzz/fuzz.h"

#include "backend/velero/download.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct result_lines lines = { 0 };
	struct error err = ERROR_INIT;

	if (results_parse((const char *)data, size, &lines, &err)) {
		fuzz_require(*err.text);
		return 0;
	}
	fuzz_require(lines.errors + lines.warnings == lines.count);
	for (size_t i = 0; i < lines.count; i++)
		fuzz_require(lines.rows[i].scope && lines.rows[i].message);
	result_lines_done(&lines);
	return 0;
}
