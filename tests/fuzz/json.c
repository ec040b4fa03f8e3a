/* What is read and printed is read again as the same, in each style, and can do nothing to a
 * terminal. */
#include "tests/fuzz/fuzz.h"

#include "backend/base/json.h"

typedef void printer(const struct json *json, struct strbuf *out);

/* Printed, looked at, and read again; frees json. */
static struct json *once(struct json *json, printer *print, struct strbuf *out)
{
	struct json *again;

	strbuf_reset(out);
	print(json, out);
	for (size_t i = 0; i < out->len; i++)
		fuzz_require((unsigned char)out->buf[i] >= 0x20 || out->buf[i] == '\n');
	again = json_parse(out->buf, out->len, NULL);
	fuzz_require(again);
	json_free(json);
	return again;
}

/* The first printing mends broken UTF-8; from then on nothing changes. */
static void check(const struct json *json, printer *print)
{
	struct strbuf first = STRBUF_INIT, second = STRBUF_INIT;
	struct json *copy = once(json_clone(json), print, &first);

	copy = once(copy, print, &first);
	copy = once(copy, print, &second);
	fuzz_require(!strcmp(first.buf, second.buf));
	json_free(copy);
	strbuf_done(&first);
	strbuf_done(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = ERROR_INIT;
	struct json *json = json_parse((const char *)data, size, &err), *clone;

	fuzz_require(json || err.code == STATUS_FORMAT);
	if (!json)
		return 0;
	check(json, json_print);
	check(json, json_print_go);
	check(json, json_print_pretty);
	clone = json_clone(json);
	fuzz_require(json_type(clone) == json_type(json));
	if (json_type(clone) == JSON_MAP)
		json_merge(clone, json);
	json_free(clone);
	json_free(json);
	return 0;
}
