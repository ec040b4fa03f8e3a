#include "backend/base/clock.h"
#include "backend/practice/velog.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdint.h>

/* The line is one of a recording of Velero 1.18.3 (backup-two-volumes-progress). */
Test(practice_velog, a_line_is_what_logrus_writes)
{
	struct velog log;

	velog_init(&log, "backup", "velero", "p1");
	log.at = clock_parse_rfc3339("2026-11-22T23:09:38Z");
	velog_line(&log, VELOG_INFO, "pkg/backup/item_backupper.go:222",
		   VELOG_FIELDS({ "resource", "pods" }, { "namespace", "acme" },
				{ "name", "web-559d665b87-vf4f9" }),
		   "Backing up item");
	cr_assert(eq(
		str, log.text.buf,
		"time=\"2026-11-22T23:09:38Z\" level=info msg=\"Backing up item\" backup=velero/p1 "
		"logSource=\"github.com/vmware-tanzu/velero@v1.18.3/pkg/backup/"
		"item_backupper.go:222\" "
		"name=web-559d665b87-vf4f9 namespace=acme resource=pods\n"));
	velog_done(&log);
}

static const struct {
	const char *value, *printed;
} values[] = {
	{ "", "k=" },
	{ "a-b_c/d.e@f^g+1", "k=a-b_c/d.e@f^g+1" },
	{ "two words", "k=\"two words\"" },
	{ "line\n", "k=\"line\\n\"" },
	{ "say \"x\"", "k=\"say \\\"x\\\"\"" },
	{ "\x1b[0m", "k=\"\\x1b[0m\"" },
};

Test(practice_velog, values_are_quoted_when_they_need_it)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		struct strbuf out = STRBUF_INIT;

		velog_add_pair(&out, "k", values[i].value);
		cr_expect(eq(str, out.buf, (char *)(uintptr_t)values[i].printed));
		strbuf_done(&out);
	}
}

Test(practice_velog, results_stand_where_velero_puts_them)
{
	struct strbuf text = STRBUF_INIT;
	struct json *results;
	struct velog log;

	velog_init(&log, "backup", "velero", "p1");
	velog_add_result(&log, VELOG_ERROR, "velero", false, " message: /m");
	velog_add_result(&log, VELOG_WARNING, "acme", true, "w");
	results = velog_results(&log);
	json_print(results, &text);
	cr_assert(eq(str, text.buf,
		     "{\"errors\":{\"velero\":[\" message: "
		     "/m\"]},\"warnings\":{\"namespaces\":{\"acme\":[\"w\"]}}}"));
	cr_assert(eq(i64, log.error_count, 1));
	json_free(results);
	strbuf_done(&text);
	velog_done(&log);
}
