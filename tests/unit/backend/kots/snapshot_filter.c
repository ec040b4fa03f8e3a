#include "tests/unit/backend/kots/snapshot_made.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

/* Newest first: r runs, p partial of acme-analytics 20 GiB, f full incomplete, o other. A letter
 * for each row that holds. */
static void build_story(struct made *made)
{
	made_full(made, "instance-r",
		  "{'metadata':{'annotations':{'kots.io/apps-sequences':"
		  "'{\\'acme-analytics\\':42,\\'acme-gateway\\':17}'}},"
		  "'status':{'phase':'InProgress','startTimestamp':'2026-11-21T01:00:00Z'}}");
	made_full(made, "acme-analytics-b9d4p",
		  "{'metadata':{'annotations':{'kots.io/instance':null,'kots.io/app-id':'a'}},"
		  "'status':{'warnings':2,'startTimestamp':'2026-11-18T01:00:00Z'}}");
	made_volume(made, "acme-analytics-b9d4p",
		    "{'status':{'phase':'Completed','progress':{'bytesDone':21474836480}}}");
	made_full(
		made, "instance-f",
		"{'metadata':{'annotations':{'kots.io/apps-sequences':'{\\'acme-gateway\\':16}'}},"
		"'status':{'phase':'PartiallyFailed','errors':3,"
		"'startTimestamp':'2026-10-01T01:00:00Z'}}");
	made_backup(made, "before-upgrade-o",
		    "{'status':{'phase':'Completed','startTimestamp':'2026-01-01T01:00:00Z'}}");
	made_build(made);
}

static const struct {
	const char *text, *holds;
} rows[] = {
	{ "", "rpfo" },
	{ "   ", "rpfo" },
	{ "instance", "rf" },
	{ "INSTANCE", "rf" },
	{ "!instance", "po" },
	{ "acme", "rpf" },
	{ "acme instance", "rf" },
	{ "incomplete", "f" },
	{ "partial", "p" },
	{ "status:failed", "f" },
	{ "status:incomplete", "f" },
	{ "status:completed", "po" },
	{ "status:running", "r" },
	{ "!status:running", "pfo" },
	{ "type:full", "rf" },
	{ "type:p", "p" },
	{ "TYPE:Other", "o" },
	{ "app:acme-gateway", "rf" },
	{ "app:analytics", "rp" },
	{ "app:16", "" },
	{ "app:b9d4p", "" },
	{ "name:b9d4p", "p" },
	{ "older:30d", "fo" },
	{ "older:2w", "fo" },
	{ "younger:24h", "r" },
	{ "younger:14min", "" },
	{ "younger:15m", "r" },
	{ "!older:60d", "rpf" },
	{ "size:>10GiB", "p" },
	{ "size:20GiB", "p" },
	{ "size:>20GiB", "" },
	{ "size:<1kb", "rfo" },
	{ "size:>=21.4GB", "p" },
	{ "err:>0", "f" },
	{ "err:0", "rpo" },
	{ "err:3", "f" },
	{ "warn:>=2", "p" },
	{ "warn:<=1", "rfo" },
	{ "acme status:failed older:30d err:>0", "f" },
	/* still being typed */
	{ "status:", "rpfo" },
	{ "older:", "rpfo" },
	{ "err:>", "rpfo" },
	{ "!", "rpfo" },
	{ "!status:", "rpfo" },
};

Test(snapshot_filter, finds_what_it_says)
{
	struct made made = { 0 };

	build_story(&made);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct snapshot_filter *filter = NULL;
		struct error err = ERROR_INIT;
		struct strbuf holds = STRBUF_INIT;

		cr_assert_eq(snapshot_filter_new(rows[i].text, &filter, &err), STATUS_OK, "%s: %s",
			     rows[i].text, err.text);
		for (size_t j = 0; j < made.count; j++) {
			const char *name = made.rows[j].backup->object.name;

			if (snapshot_filter_match(filter, &made.rows[j], MADE_NOW))
				strbuf_addc(&holds, name[strlen(name) - 1]);
		}
		cr_expect_str_eq(holds.buf, rows[i].holds, "%s: %s", rows[i].text, holds.buf);
		snapshot_filter_free(filter);
		strbuf_done(&holds);
	}
	made_done(&made);
}

static const struct {
	const char *text, *error;
} wrong[] = {
	{ "sttus:failed",
	  "sttus: no such field; status type app name older younger size err warn" },
	{ "acme 02:00", "02: no such field; status type app name older younger size err warn" },
	{ "older:abc", "abc: not an age; 30d, 2w, 12h, 45min" },
	{ "older:30", "30: not an age; 30d, 2w, 12h, 45min" },
	{ "younger:-3d", "-3d: not an age; 30d, 2w, 12h, 45min" },
	{ "err:many", "many: not a number; 0, >0, <=3" },
	{ "err:>>1", ">>1: not a number; 0, >0, <=3" },
	{ "size:10XB", "10XB: not a size; 10GiB, >1.5TiB, <500MB" },
	{ "size:nan", "nan: not a size; 10GiB, >1.5TiB, <500MB" },
};

Test(snapshot_filter, a_wrong_field_or_value_is_named)
{
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct snapshot_filter *filter = NULL;
		struct error err = ERROR_INIT;

		cr_expect_eq(snapshot_filter_new(wrong[i].text, &filter, &err), STATUS_USAGE, "%s",
			     wrong[i].text);
		cr_expect_str_eq(err.text, wrong[i].error);
		cr_expect_null(filter);
	}
}
