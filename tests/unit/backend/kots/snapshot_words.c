#include "tests/unit/backend/kots/snapshot_made.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define RUNS   "'phase':'InProgress'"
#define ASKED  "{'status':{'phase':'InProgress'}}"
#define FAILED "{'status':{'phase':'Processed','errors':['no']}}"

/* design/screens.md 5.1 */
static const struct {
	const char *patch;    /* of a complete full snapshot */
	const char *volume;   /* NULL = none */
	const char *deletion; /* NULL = none */
	const char *words;
	enum health health;
	int percent;
} rows[] = {
	{ "{}", NULL, NULL, "Completed", HEALTH_GOOD, 100 },
	{ "{'status':{'phase':''}}", NULL, NULL, "Waiting", HEALTH_OFF, -1 },
	{ "{'status':{'phase':'New'}}", NULL, NULL, "Waiting", HEALTH_OFF, -1 },
	{ "{'status':{'phase':'Queued','queuePosition':2}}", NULL, NULL, "Queued 2", HEALTH_OFF,
	  -1 },
	{ "{'status':{'phase':'Queued'}}", NULL, NULL, "Queued", HEALTH_OFF, -1 },
	{ "{'status':{'phase':'ReadyToStart'}}", NULL, NULL, "Starting", HEALTH_RUNNING, -1 },
	{ "{'status':{'phase':'FailedValidation'}}", NULL, NULL, "Refused", HEALTH_BAD, -1 },
	{ "{'status':{'phase':'PartiallyFailed'}}", NULL, NULL, "Incomplete", HEALTH_BAD, 100 },
	{ "{'status':{'phase':'Failed'}}", NULL, NULL, "Failed", HEALTH_BAD, -1 },
	{ "{'status':{'phase':'Finalizing'}}", NULL, NULL, "Finishing", HEALTH_RUNNING, -1 },
	{ "{'status':{'phase':'FinalizingPartiallyFailed'}}", NULL, NULL, "Finishing",
	  HEALTH_WARNING, -1 },
	{ "{'status':{'phase':'WaitingForPluginOperations','backupItemOperationsAttempted':7,"
	  "'backupItemOperationsCompleted':2,'backupItemOperationsFailed':1}}",
	  NULL, NULL, "Plug-ins 3/7", HEALTH_RUNNING, -1 },
	{ "{'status':{'phase':'WaitingForPluginOperationsPartiallyFailed',"
	  "'backupItemOperationsAttempted':200,'backupItemOperationsCompleted':86}}",
	  NULL, NULL, "Plug-ins 43 %", HEALTH_WARNING, -1 },
	{ "{'status':{'phase':'WaitingForPluginOperations'}}", NULL, NULL, "Plug-ins",
	  HEALTH_RUNNING, -1 },
	/* by volumes, else by objects, never 100 before the end */
	{ "{'status':{" RUNS "}}",
	  "{'status':{'phase':'InProgress','progress':{'bytesDone':43,'totalBytes':99}}}", NULL,
	  "Running 43 %", HEALTH_RUNNING, 43 },
	{ "{'status':{" RUNS "}}",
	  "{'status':{'phase':'Completed','progress':{'bytesDone':99,'totalBytes':99}}}", NULL,
	  "Running 99 %", HEALTH_RUNNING, 99 },
	{ "{'status':{" RUNS "}}",
	  "{'status':{'phase':'InProgress','progress':{'bytesDone':200,'totalBytes':99}}}", NULL,
	  "Running 99 %", HEALTH_RUNNING, 99 },
	{ "{'status':{" RUNS "}}", "{'status':{'phase':'InProgress','progress':{'bytesDone':43}}}",
	  NULL, "Running", HEALTH_RUNNING, -1 },
	{ "{'status':{" RUNS ",'progress':{'itemsBackedUp':4,'totalItems':16}}}", NULL, NULL,
	  "Running 25 %", HEALTH_RUNNING, 25 },
	{ "{'status':{" RUNS ",'progress':{'itemsBackedUp':40,'totalItems':16}}}", NULL, NULL,
	  "Running 99 %", HEALTH_RUNNING, 99 },
	{ "{'status':{" RUNS ",'progress':null}}", NULL, NULL, "Running", HEALTH_RUNNING, -1 },
	{ "{'status':{" RUNS ",'progress':null}}",
	  "{'status':{'phase':'Failed','progress':{'bytesDone':1,'totalBytes':4}}}", NULL,
	  "Running 25 %", HEALTH_WARNING, 25 },
	/* expiry and deletion */
	{ "{'status':{'expiration':'2026-11-21T01:14:31Z'}}", NULL, NULL, "Expired", HEALTH_OFF,
	  100 },
	{ "{'status':{'expiration':'2026-11-21T01:14:32Z'}}", NULL, NULL, "Completed", HEALTH_GOOD,
	  100 },
	{ "{'status':{" RUNS ",'progress':null,'expiration':'2026-11-01T00:00:00Z'}}", NULL, NULL,
	  "Running", HEALTH_RUNNING, -1 },
	{ "{'status':{'phase':'Deleting'}}", NULL, NULL, "Deleting", HEALTH_GONE, -1 },
	{ "{'status':{'phase':'Deleting'}}", NULL, ASKED, "Deleting", HEALTH_GONE, -1 },
	{ "{'status':{'phase':'Deleting'}}", NULL, FAILED, "Not deleted", HEALTH_BAD, -1 },
	{ "{'status':{'phase':'Deleting'}}", NULL, "{'status':{'phase':'Processed'}}", "Deleting",
	  HEALTH_GONE, -1 },
	{ "{}", NULL, "{}", "Deleting", HEALTH_GONE, 100 },
	{ "{}", NULL, ASKED, "Deleting", HEALTH_GONE, 100 },
	{ "{}", NULL, FAILED, "Completed", HEALTH_GOOD, 100 },
	{ "{'status':{" RUNS ",'progress':null}}", NULL, ASKED, "Running", HEALTH_RUNNING, -1 },
	{ "{'metadata':{'deletionTimestamp':'2026-11-21T01:00:00Z'}}", NULL, NULL, "Deleting",
	  HEALTH_GONE, 100 },
	{ "{'metadata':{'annotations':{'replicated.com/backup-count':'2'}}}", NULL, NULL,
	  "Parts 1/2", HEALTH_BAD, 100 },
	/* no number, nothing, nonsense: one part (2.4) */
	{ "{'metadata':{'annotations':{'replicated.com/backup-count':'-1'}}}", NULL, NULL,
	  "Completed", HEALTH_GOOD, 100 },
	{ "{'metadata':{'annotations':{'replicated.com/backup-count':'two'}}}", NULL, NULL,
	  "Completed", HEALTH_GOOD, 100 },
	/* versions to come, and rubbish */
	{ "{'status':{'phase':'Polishing'}}", NULL, NULL, "Polishing", HEALTH_RUNNING, -1 },
	{ "{'status':{'phase':'AnotherVeryLongPhaseName'}}", NULL, NULL, "AnotherVeryLongP",
	  HEALTH_RUNNING, -1 },
	{ "{'status':{'phase':'\\u001b[2J'}}", NULL, NULL, "^[[2J", HEALTH_RUNNING, -1 },
};

Test(snapshot_words, status_health_and_percent)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct made made = { 0 };
		struct strbuf words = STRBUF_INIT;

		made_full(&made, "a", rows[i].patch);
		if (rows[i].volume)
			made_volume(&made, "a", rows[i].volume);
		if (rows[i].deletion)
			made_deletion(&made, "a", rows[i].deletion);
		made_build(&made);
		snapshot_add_status(&words, &made.rows[0]);
		cr_expect_str_eq(words.buf, rows[i].words, "row %zu: %s", i, words.buf);
		cr_expect_leq(words.len, 16);
		cr_expect_eq(made.rows[0].health, rows[i].health, "row %zu: %d", i,
			     (int)made.rows[0].health);
		cr_expect_eq(snapshot_percent(&made.rows[0]), rows[i].percent, "row %zu: %d", i,
			     snapshot_percent(&made.rows[0]));
		made_done(&made);
		strbuf_done(&words);
	}
}

/* spec/kots-snapshots.md 8.1, 2.5; design/screens.md 4.2 */
static const struct {
	const char *patch, *deletion, *why; /* part of it; NULL = may be restored */
} refusals[] = {
	{ "{}", NULL, NULL },
	{ "{'status':{'warnings':3}}", NULL, NULL },
	{ "{}", FAILED, NULL },
	{ "{'metadata':{'annotations':{'kots.io/instance':null,'kots.io/app-id':'a'}}}", NULL,
	  NULL },
	{ "{'metadata':{'annotations':{'kots.io/instance':null}}}", NULL, "KOTS did not make it" },
	{ "{'status':{'phase':'PartiallyFailed'}}", NULL, "KOTS refuses incomplete snapshots" },
	{ "{'status':{'phase':'Failed'}}", NULL, "failed" },
	{ "{'status':{'phase':'FailedValidation'}}", NULL, "nothing was stored" },
	{ "{'status':{" RUNS "}}", NULL, "not finished" },
	{ "{'status':{'phase':''}}", NULL, "not finished" },
	{ "{'status':{'phase':'Polishing'}}", NULL, "not finished" },
	{ "{'status':{'phase':'Deleting'}}", NULL, "being deleted" },
	{ "{}", ASKED, "being deleted" },
	{ "{'status':{'expiration':'2026-11-21T01:14:31Z'}}", NULL, "expired" },
	{ "{'metadata':{'annotations':{'replicated.com/backup-count':'2'}}}", NULL, "missing" },
	{ "{'metadata':{'annotations':{'replicated.com/disaster-recovery-version':'1'}}}", NULL,
	  "improved disaster recovery" },
	{ "{'metadata':{'annotations':{'kots.io/embedded-cluster':'true'}}}", NULL,
	  "Embedded Cluster" },
};

Test(snapshot_words, what_kots_refuses_to_restore)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		struct made made = { 0 };
		const char *why;

		made_full(&made, "a", refusals[i].patch);
		if (refusals[i].deletion)
			made_deletion(&made, "a", refusals[i].deletion);
		made_build(&made);
		why = snapshot_restore_refusal(&made.rows[0]);
		cr_expect_eq(why == NULL, refusals[i].why == NULL, "row %zu: %s", i,
			     why ? why : "may");
		if (why && refusals[i].why)
			cr_expect_not_null(strstr(why, refusals[i].why), "row %zu: %s", i, why);
		made_done(&made);
	}
}

Test(snapshot_words, triggers)
{
	struct made made = { 0 };

	made_full(&made, "hand",
		  "{'metadata':{'annotations':{'kots.io/snapshot-trigger':'manual'}}}");
	made_full(&made, "time",
		  "{'metadata':{'annotations':{'kots.io/snapshot-trigger':'schedule'}}}");
	made_backup(&made, "velero",
		    "{'metadata':{'labels':{'velero.io/schedule-name':'nightly'}}}");
	made_backup(&made, "none", "{'metadata':{'annotations':{'kots.io/snapshot-trigger':'x'}}}");
	made_build(&made);
	cr_expect_str_eq(snapshot_trigger(made_row(&made, "hand")), "By hand");
	cr_expect_str_eq(snapshot_trigger(made_row(&made, "time")), "Scheduled");
	cr_expect_str_eq(snapshot_trigger(made_row(&made, "velero")), "Scheduled");
	cr_expect_str_eq(snapshot_trigger(made_row(&made, "none")), "");
	made_done(&made);
}

/* Annotations may hold anything. */
static const struct {
	const char *sequences, *versions; /* as written in the annotation */
	int64_t sequence;
	const char *version, *apps;
} apps[] = {
	{ "{\\'acme\\':42,\\'gate\\':17}", "{\\'acme\\':\\'3.8.1\\'}", 42, "3.8.1", "acme,gate" },
	{ "{\\'acme\\':0}", "{}", 0, "", "acme" },
	{ "{\\'acme\\':\\'7\\'}", "{\\'acme\\':8}", 7, "", "acme" },
	{ "{\\'acme\\':-3}", "", -1, "", "acme" },
	{ "{\\'acme\\':null,\\'\\':1}", "null", -1, "", "acme" },
	{ "{}", "{}", -1, "", "" },
	{ "", "", -1, "", "" },
	{ "{\\'acme\\':4", "{\\'acme\\'", -1, "", "" },
	{ "[1]", "[\\'acme\\']", -1, "", "" },
	{ "7", "x", -1, "", "" },
};

Test(snapshot_words, applications_inside_a_full_one)
{
	for (size_t i = 0; i < ARRAY_SIZE(apps); i++) {
		struct made made = { 0 };
		struct strbuf text = STRBUF_INIT;

		strbuf_addf(&text,
			    "{'metadata':{'annotations':{'kots.io/apps-sequences':'%s',"
			    "'kots.io/apps-versions':'%s'}}}",
			    apps[i].sequences, apps[i].versions);
		made_full(&made, "a", text.buf);
		made_build(&made);
		cr_expect_eq(snapshot_app_sequence(&made.rows[0], "acme", "id"), apps[i].sequence,
			     "row %zu", i);
		cr_expect_eq(snapshot_app_sequence(&made.rows[0], "absent", ""), -1);
		strbuf_reset(&text);
		snapshot_add_app_version(&text, &made.rows[0], "acme");
		cr_expect_str_eq(text.buf, apps[i].version, "row %zu", i);
		strbuf_reset(&text);
		snapshot_add_apps(&text, &made.rows[0], NULL);
		cr_expect_str_eq(text.buf, apps[i].apps, "row %zu: %s", i, text.buf);
		made_done(&made);
		strbuf_done(&text);
	}
}

Test(snapshot_words, a_partial_one_holds_its_application)
{
	struct app app = { .slug = "acme-analytics-renamed", .id = "2aCmE" };
	struct console console = { .apps = &app, .app_count = 1 };
	struct made made = { 0 };
	struct strbuf slugs = STRBUF_INIT;
	const struct snapshot *row;

	made_full(&made, "acme-analytics-b9d4m",
		  "{'metadata':{'annotations':{'kots.io/instance':null,'kots.io/app-id':'2aCmE',"
		  "'kots.io/app-sequence':'40'}}}");
	made_build(&made);
	row = &made.rows[0];
	cr_expect_eq(snapshot_app_sequence(row, "whatever", "2aCmE"), 40);
	cr_expect_eq(snapshot_app_sequence(row, "acme-analytics", "other"), -1);
	cr_expect_eq(snapshot_app_sequence(row, "acme-analytics", ""), 40);
	cr_expect_eq(snapshot_app_sequence(row, "acme", ""), -1);
	snapshot_add_apps(&slugs, row, NULL);
	cr_expect_str_eq(slugs.buf, "acme-analytics");
	strbuf_reset(&slugs);
	snapshot_add_apps(&slugs, row, &console);
	cr_expect_str_eq(slugs.buf, "acme-analytics-renamed");
	made_done(&made);
	strbuf_done(&slugs);
}
