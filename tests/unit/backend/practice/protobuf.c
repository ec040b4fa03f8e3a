#include "backend/practice/protobuf.h"

#include "tests/unit/backend/practice/objects_rig.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>

/* The bytes that follow "k8s\0", as kubectl sends them, and what they are as JSON. */
static const struct {
	const char *bytes;
	size_t len;
	const char *json; /* "" for what is refused */
	enum status status;
} rows[] = {
#define ROW(bytes, json, status)                                                                   \
	{                                                                                          \
		bytes, sizeof(bytes) - 1, json, status                                             \
	}
	/* An empty generateName is none. */
	ROW("\x0a\x0f\x0a\x02v1\x12\x09"
	    "ConfigMap\x12\x1a\x0a\x07\x0a\x03one\x12\x00\x12\x0f\x0a\x06"
	    "colour\x12\x05green\x1a\x00\x22\x00",
	    "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'one'},"
	    "'data':{'colour':'green'}}",
	    STATUS_OK),
	/* data of a Secret is bytes, and a time of zero none. */
	ROW("\x0a\x0c\x0a\x02v1\x12\x06Secret\x12$\x0a\x11\x0a\x01sB\x00Z\x0a\x0a\x03"
	    "app\x12\x03web\x12\x07\x0a\x01k\x12\x02\xff\x00\x1a\x06Opaque\x1a\x00\x22\x00",
	    "{'apiVersion':'v1','kind':'Secret','metadata':{'name':'s','labels':{'app':'web'}},"
	    "'data':{'k':'/wA='},'type':'Opaque'}",
	    STATUS_OK),
	ROW("\x0a\x1d\x0a\x02v1\x12\x17SelfSubjectAccessReview\x12\x11\x0a\x00\x12\x0d\x0a\x0b\x12"
	    "\x03get*\x04pods\x1a\x00\x22\x00",
	    "{'apiVersion':'v1','kind':'SelfSubjectAccessReview','metadata':{},"
	    "'spec':{'resourceAttributes':{'verb':'get','resource':'pods'}}}",
	    STATUS_OK),
	/* Not in the table. */
	ROW("\x0a\x09\x0a\x02v1\x12\x03Pod\x12\x00\x1a\x00\x22\x00", "", STATUS_UNSUPPORTED),
	/* a length beyond the end, a varint without one, groups */
	ROW("\x0a\x7f\x0a\x02v1", "", STATUS_FORMAT),
	ROW("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "", STATUS_FORMAT),
	ROW("\x0b\x0c", "", STATUS_FORMAT),
};

ParameterizedTestParameters(protobuf, reads_what_kubectl_sends_and_refuses_the_rest)
{
	static size_t index[sizeof(rows) / sizeof(rows[0])];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		index[i] = i;
	return cr_make_param_array(size_t, index, sizeof(rows) / sizeof(rows[0]));
}

ParameterizedTest(size_t *row, protobuf, reads_what_kubectl_sends_and_refuses_the_rest)
{
	struct json *object = NULL, *want;
	struct strbuf bytes = STRBUF_INIT;
	struct error err = ERROR_INIT;
	enum status st;

	strbuf_add(&bytes, "k8s\0", 4);
	strbuf_add(&bytes, rows[*row].bytes, rows[*row].len);
	st = protobuf_parse(bytes.buf, bytes.len, &object, &err);
	cr_assert(eq(int, st, rows[*row].status), "row %zu: %s", *row, err.text);
	if (!st) {
		want = objects_rig_json(rows[*row].json);
		cr_assert(json_equal(object, want));
		json_free(want);
		json_free(object);
	}
	strbuf_done(&bytes);
}

/* Every cut of a good message is refused or read as less; the sanitizers watch. */
Test(protobuf, a_cut_message_is_never_read_beyond_its_end)
{
	static const char whole[] =
		"k8s\0"
		"\x0a\x0c\x0a\x02v1\x12\x06Secret\x12$\x0a\x11\x0a\x01sB\x00Z\x0a\x0a\x03"
		"app\x12\x03web\x12\x07\x0a\x01k\x12\x02\xff\x00\x1a\x06Opaque\x1a\x00\x22\x00";
	size_t len;

	for (len = 0; len < sizeof(whole); len++) {
		struct json *object = NULL;
		struct error err = ERROR_INIT;
		struct strbuf cut = STRBUF_INIT;

		strbuf_add(&cut, whole, len);
		if (protobuf_parse(cut.buf, cut.len, &object, &err) == STATUS_OK)
			json_free(object);
		else
			cr_assert(ne(chr, *err.text, '\0'));
		strbuf_done(&cut);
	}
}
