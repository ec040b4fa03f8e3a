/* Every tree that a YAML text gives is printed as YAML that gives it again. */
#include "tests/fuzz/fuzz.h"

#include "backend/base/yaml.h"

/* libyaml takes keys of at most 1024 characters on one line, and we print no others. */
#define LARGEST 900

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf first = STRBUF_INIT, second = STRBUF_INIT;
	struct error err = ERROR_INIT;
	struct json *json = yaml_parse((const char *)data, size, &err), *again;

	fuzz_require(json || *err.text);
	if (json && size < LARGEST) {
		yaml_print(json, &first);
		again = yaml_parse(first.buf, first.len, &err);
		if (!again)
			fprintf(stderr, "%s in:\n%s\n", err.text, first.buf);
		fuzz_require(again);
		yaml_print(again, &second);
		fuzz_require(!strcmp(first.buf, second.buf));
		json_free(again);
	}
	json_free(json);
	strbuf_done(&first);
	strbuf_done(&second);
	return 0;
}
