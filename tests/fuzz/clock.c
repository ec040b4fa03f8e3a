/* Times and durations: what is read is written so that it is read as the same. */
#include "tests/fuzz/fuzz.h"

#include "backend/base/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	int64_t at = clock_parse_rfc3339(text), ms, again;
	struct strbuf out = STRBUF_INIT;
	struct error err = ERROR_INIT;

	fuzz_require(at >= 0);
	if (at) {
		clock_add_rfc3339(&out, at);
		fuzz_require(clock_parse_rfc3339(out.buf) == at);
	}
	if (clock_parse_duration(text, &ms, &err) == STATUS_OK) {
		strbuf_reset(&out);
		clock_add_duration(&out, ms);
		fuzz_require(clock_parse_duration(out.buf, &again, &err) == STATUS_OK);
		fuzz_require(again == ms);
	} else {
		fuzz_require(*err.text);
	}
	strbuf_done(&out);
	free(text);
	return 0;
}
