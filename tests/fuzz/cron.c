/* The next time lies ahead, and the one after it too; words are found for whatever is accepted. */
#include "tests/fuzz/fuzz.h"

#include "backend/ops/cron.h"

#define NOW INT64_C(1795223671)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct strbuf words = STRBUF_INIT;
	struct error err = ERROR_INIT;
	int64_t next = 0, then = 0;

	if (cron_next(text, NOW, &next, &err)) {
		fuzz_require(*err.text);
	} else if (next) {
		fuzz_require(next > NOW);
		fuzz_require(!cron_next(text, next, &then, &err));
		fuzz_require(!then || then > next);
	}
	cron_add_words(&words, text, NOW, (struct clock_zone){ .utc = true });
	strbuf_done(&words);
	free(text);
	return 0;
}
