#include "backend/velero/hooks.h"
#include "tests/support/recording.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

static void parse(const char *text, struct hooks *hooks)
{
	const struct document *log = document_new(mem_text(text), strlen(text));

	hooks_parse(log, hooks);
	document_unref(log);
}

static void parse_recorded(const char *scenario, const char *version, struct hooks *hooks)
{
	struct strbuf path = STRBUF_INIT, text = STRBUF_INIT;

	strbuf_addf(&path, "velero/hooks/%s-%s.log", scenario, version);
	recording_text(path.buf, &text);
	parse(text.buf, hooks);
	strbuf_done(&path);
	strbuf_done(&text);
}

/* What the recorded runs of both Veleros ran: a script before, one after, or only the first. */
static const struct {
	const char *scenario;
	size_t count, failed;
	enum hook_state state;
	const char *error, *out, *err, *container;
	enum hook_pod known;
} rows[] = {
	{ "hooks-succeed", 2, 0, HOOK_DONE, "", "frozen to stdout\n", "a word on stderr\n", "web",
	  HOOK_POD_ONLY },
	{ "hooks-succeed-annotations", 2, 0, HOOK_DONE, "", "pre from annotation\n", "", "web",
	  HOOK_POD_ONLY },
	{ "hook-fails-fail", 1, 1, HOOK_FAILED, "command terminated with exit code 3", "",
	  "cannot freeze\n", "web", HOOK_POD_NAMED },
	{ "hook-fails-continue", 2, 1, HOOK_FAILED, "command terminated with exit code 3", "",
	  "cannot freeze\n", "web", HOOK_POD_ONLY },
	{ "hook-times-out", 1, 1, HOOK_FAILED, "timed out after 2s", "", "", "web",
	  HOOK_POD_NAMED },
	{ "hook-no-such-container", 1, 1, HOOK_FAILED, "no such container: \"nope\"", "", "", "",
	  HOOK_POD_ONLY },
	{ "hook-fails-annotation-onerror-unset", 1, 1, HOOK_FAILED,
	  "command terminated with exit code 5", "", "", "web", HOOK_POD_ONLY },
};

Test(hooks, recorded_scripts_with_outputs_errors_and_pod)
{
	static const char *const versions[] = { "1.18.3", "1.16.2" };

	for (size_t i = 0; i < ARRAY_SIZE(rows) * 2; i++) {
		const size_t row = i / 2;
		const struct hook *first;
		struct hooks hooks;

		parse_recorded(rows[row].scenario, versions[i % 2], &hooks);
		cr_assert_eq(hooks.count, rows[row].count, "%s: %zu", rows[row].scenario,
			     hooks.count);
		first = &hooks.rows[0];
		cr_expect_eq(hooks.failed, rows[row].failed, "%s", rows[row].scenario);
		cr_expect_eq(first->state, rows[row].state, "%s", rows[row].scenario);
		cr_expect_not(first->post);
		cr_expect_str_eq(first->error, rows[row].error);
		cr_expect_str_eq(first->out, rows[row].out);
		cr_expect_str_eq(first->err, rows[row].err);
		cr_expect_str_eq(first->container, rows[row].container);
		cr_expect_eq(first->pod_known, rows[row].known, "%s %s: %d", rows[row].scenario,
			     versions[i % 2], first->pod_known);
		cr_expect_eq(strncmp(first->pod, "web-559d665b87-", 15), 0, "%s: %s",
			     rows[row].scenario, first->pod);
		cr_expect_eq(first->answered,
			     *first->out || *first->err ||
				     !strcmp(first->error, "command terminated with exit code 5"));
		hooks_done(&hooks);
	}
}

#define RUN(phase, container)                                                                      \
	"time=\"2026-01-02T03:04:05Z\" level=info msg=\"running exec hook\" "                      \
	"hookCommand=\"[/x]\" hookContainer=" container " hookPhase=" phase                        \
	" hookSource=annotation hookType=exec\n"
#define OUT(phase, container)                                                                      \
	"time=\"2026-01-02T03:04:07Z\" level=info msg=\"stdout: a\\tb\\n\" "                       \
	"hookCommand=\"[/x]\" hookContainer=" container " hookPhase=" phase                        \
	" hookSource=annotation hookType=exec\n"
#define POD(name)                                                                                  \
	"time=\"2026-01-02T03:04:08Z\" level=info msg=\"Backing up item\" name=" name              \
	" namespace=acme resource=pods\n"

Test(hooks, the_pod_is_taken_from_the_lines_around_and_said_to_be)
{
	struct hooks hooks;

	parse(RUN("pre", "db") OUT("pre", "db") POD("db-0") RUN("pre", "web") OUT("pre", "web")
		      POD("web-0") RUN("post", "db") OUT("post", "db"),
	      &hooks);
	cr_assert_eq(hooks.count, 3);
	cr_expect_str_eq(hooks.rows[0].pod, "db-0");
	cr_expect_str_eq(hooks.rows[1].pod, "web-0");
	cr_expect_str_eq(hooks.rows[2].pod, "db-0");
	cr_expect_eq(hooks.rows[2].pod_known, HOOK_POD_LIKELY);
	cr_expect_str_eq(hooks.rows[0].out, "a\tb\n");
	cr_expect_eq(hooks.rows[0].ended - hooks.rows[0].began, 2);
	hooks_done(&hooks);
}

Test(hooks, two_pods_of_one_kind_leave_it_unknown)
{
	struct hooks hooks;

	parse(RUN("pre", "db") OUT("pre", "db") POD("db-0") RUN("pre", "db") OUT("pre", "db")
		      POD("db-1") RUN("post", "db") OUT("post", "db"),
	      &hooks);
	cr_assert_eq(hooks.count, 3);
	cr_expect_str_eq(hooks.rows[2].pod, "");
	cr_expect_eq(hooks.rows[2].pod_known, HOOK_POD_UNKNOWN);
	hooks_done(&hooks);
}

Test(hooks, one_without_an_end_is_no_success)
{
	struct hooks hooks;

	parse(RUN("pre", "db") POD("db-0"), &hooks);
	cr_assert_eq(hooks.count, 1);
	cr_expect_eq(hooks.rows[0].state, HOOK_NO_ANSWER);
	cr_expect_eq(hooks.failed, 1);
	hooks_done(&hooks);
}

Test(hooks, the_pod_on_the_line_of_an_older_velero_is_taken)
{
	struct hooks hooks;

	parse("time=\"2026-01-02T03:04:05Z\" level=info msg=\"running exec hook\" "
	      "hookContainer=db hookPhase=pre hookSource=annotation name=db-7 namespace=acme\n" POD(
		      "other-0") POD("db-7"),
	      &hooks);
	cr_expect_str_eq(hooks.rows[0].pod, "db-7");
	cr_expect_eq(hooks.rows[0].pod_known, HOOK_POD_NAMED);
	hooks_done(&hooks);
}

Test(hooks, lines_that_are_none_and_json_are_read)
{
	struct hooks hooks;

	parse("hook\nstdout: hook\n{\"hookContainer\":\"db\",\"hookPhase\":\"post\",\"level\":"
	      "\"info\",\"msg\":\"running exec hook\",\"time\":\"2026-01-02T03:04:05Z\"}\n",
	      &hooks);
	cr_assert_eq(hooks.count, 1);
	cr_expect(hooks.rows[0].post);
	cr_expect_str_eq(hooks.rows[0].container, "db");
	hooks_done(&hooks);
}
