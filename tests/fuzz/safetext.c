/* What came through the gate is safe, passes once more unchanged, and was unchanged if it was safe.
 */
#include "tests/fuzz/fuzz.h"

#include "backend/base/safetext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);

	for (int keep = 0; keep < 2; keep++) {
		struct strbuf once = STRBUF_INIT, twice = STRBUF_INIT;

		safetext_add(&once, text, size, keep);
		safetext_add(&twice, once.buf, once.len, keep);
		fuzz_require(once.len == twice.len && !memcmp(once.buf, twice.buf, once.len));
		fuzz_require(keep || safetext_is_safe(once.buf, once.len));
		for (size_t i = 0; i < once.len; i++)
			fuzz_require(((unsigned char)once.buf[i] >= 0x20 && once.buf[i] != 0x7f) ||
				     (keep && once.buf[i] == '\n'));
		if (safetext_is_safe(text, size))
			fuzz_require(once.len == size && !memcmp(once.buf, text, size));
		strbuf_done(&once);
		strbuf_done(&twice);
	}
	free(text);
	return 0;
}
