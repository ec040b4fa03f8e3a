#include "backend/kots/snapshot.h"

#include "backend/base/clock.h"

#include "tests/unit/backend/kots/snapshot_made.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

/* The predicates of ListInstanceBackups and ListBackupsForApp (spec/kots-snapshots.md 2.1) */
static const struct {
	const char *annotations;
	enum snapshot_kind kind;
} kinds[] = {
	{ "{'kots.io/instance':'true'}", SNAPSHOT_FULL },
	{ "{'kots.io/instance':'True'}", SNAPSHOT_OTHER },
	{ "{'kots.io/instance':'false'}", SNAPSHOT_OTHER },
	{ "{'kots.io/instance':'1'}", SNAPSHOT_OTHER },
	{ "{'kots.io/instance':''}", SNAPSHOT_OTHER },
	{ "{'replicated.com/disaster-recovery-version':'1'}", SNAPSHOT_FULL },
	{ "{'replicated.com/disaster-recovery-version':'x'}", SNAPSHOT_FULL },
	{ "{'replicated.com/disaster-recovery-version':''}", SNAPSHOT_OTHER },
	{ "{'replicated.com/backup-type':'infra'}", SNAPSHOT_OTHER },
	{ "{'kots.io/app-id':'2aCmE'}", SNAPSHOT_PARTIAL },
	{ "{'kots.io/app-id':''}", SNAPSHOT_OTHER },
	{ "{'kots.io/app-sequence':'3'}", SNAPSHOT_OTHER },
	{ "{'kots.io/instance':'true','kots.io/app-id':'2aCmE'}", SNAPSHOT_FULL },
	{ "{'kots.io/snapshot-trigger':'manual'}", SNAPSHOT_OTHER },
	{ "{}", SNAPSHOT_OTHER },
};

Test(snapshot, kinds_are_those_that_kots_lists)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct made made = { 0 };
		struct strbuf patch = STRBUF_INIT;

		strbuf_addf(&patch, "{'metadata':{'annotations':%s}}", kinds[i].annotations);
		made_backup(&made, "b", patch.buf);
		made_build(&made);
		cr_expect_eq(made.rows[0].kind, kinds[i].kind, "%s", kinds[i].annotations);
		made_done(&made);
		strbuf_done(&patch);
	}
}

Test(snapshot, recorded_ones_have_their_kinds_and_volumes)
{
	struct made made = { 0 };
	const struct snapshot *row;

	made_recorded(&made, "kots/backups.json", "kots/podvolumebackups.json");
	made_build(&made);
	cr_assert_eq(made.count, 5);
	cr_expect_str_eq(made.rows[0].backup->object.name, "foreign-no-image");
	row = made_row(&made, "instance-mkgk8");
	cr_expect_eq(row->kind, SNAPSHOT_FULL);
	cr_expect_eq(row->volumes, 3);
	cr_expect_eq(row->volumes_done, 3);
	cr_expect_eq(row->bytes_done, 8388637 + 221911);
	cr_expect(row->totals_known);
	cr_expect_eq(row->health, HEALTH_GOOD);
	row = made_row(&made, "acme-analytics-qlkjm");
	cr_expect_eq(row->kind, SNAPSHOT_PARTIAL);
	cr_expect_eq(row->volumes, 2);
	cr_expect_eq(made_row(&made, "instance-b94fw")->health, HEALTH_BAD);
	made_done(&made);
}

Test(snapshot, newest_start_comes_first_and_what_waits_on_top)
{
	static const char *const order[] = { "waits", "b-new", "a-old", "c-old" };
	struct made made = { 0 };

	made_full(&made, "c-old", "{}");
	made_full(&made, "a-old", "{}");
	made_full(&made, "b-new", "{'status':{'startTimestamp':'2026-11-20T02:00:00Z'}}");
	made_full(&made, "waits",
		  "{'metadata':{'creationTimestamp':'2026-11-20T03:00:00Z'},'status':null}");
	made_build(&made);
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		cr_expect_str_eq(made.rows[i].backup->object.name, order[i]);
	made_done(&made);
}

Test(snapshot, volumes_of_a_long_name_are_found_by_its_hash)
{
	static const char name[] =
		"nightly-full-cluster-backup-of-the-production-environment-20260102030405";
	struct made made = { 0 };

	made_full(&made, name, "{}");
	made_full(&made, "nightly-full-cluster-backup-of-the-production-environment", "{}");
	made_volume(&made, "nightly-full-cluster-backup-of-the-production-environment68aa04",
		    "{'status':{'phase':'Completed','progress':{'bytesDone':7}}}");
	made_deletion(&made, name, "{}");
	made_build(&made);
	cr_expect_eq(made_row(&made, name)->bytes_done, 7);
	cr_expect_not_null(made_row(&made, name)->deletion);
	cr_expect_eq(made_row(&made, "nightly-full-cluster-backup-of-the-production-environment")
			     ->volumes,
		     0);
	made_done(&made);
}

Test(snapshot, volumes_without_a_snapshot_change_nothing)
{
	struct made made = { 0 };

	made_full(&made, "a", "{}");
	made_volume(&made, "", "{}");
	made_volume(&made, "gone", "{'status':{'progress':{'bytesDone':7}}}");
	made_build(&made);
	cr_expect_eq(made.rows[0].volumes, 0);
	cr_expect(made.rows[0].totals_known);
	made_done(&made);
}

Test(snapshot, sizes_are_never_below_nothing_nor_past_the_end)
{
	struct made made = { 0 };

	made_full(&made, "a", "{}");
	made_volume(&made, "a", "{'status':{'progress':{'bytesDone':-5,'totalBytes':-9}}}");
	made_build(&made);
	cr_expect_eq(made.rows[0].bytes_done, 0);
	cr_expect_eq(made.rows[0].bytes_total, 0);
	for (int i = 0; i < 3; i++)
		made_volume(&made, "a",
			    "{'status':{'progress':{'bytesDone':9000000000000000000}}}");
	made_build(&made);
	cr_expect_eq(made.rows[0].bytes_done, INT64_MAX);
	made_done(&made);
}

Test(snapshot, the_newest_deletion_counts)
{
	struct made made = { 0 };

	made_full(&made, "a", "{}");
	made_deletion(&made, "a", "{'metadata':{'creationTimestamp':'2026-11-20T03:00:00Z'}}");
	made_deletion(&made, "a", "{'metadata':{'creationTimestamp':'2026-11-20T04:00:00Z'}}");
	made_deletion(&made, "a", "{'metadata':{'creationTimestamp':'2026-11-20T02:00:00Z'}}");
	made_deletion(&made, "b", "{'metadata':{'creationTimestamp':'2026-11-20T05:00:00Z'}}");
	made_build(&made);
	cr_expect_str_eq(made.rows[0].deletion->object.name, "deletion-1");
	made_done(&made);
}

#define PART                                                                                       \
	"'metadata':{'labels':{'replicated.com/backup-name':'acme-0a1b2c3d'},'annotations':{"      \
	"'kots.io/instance':null,'replicated.com/disaster-recovery-version':'1',"                  \
	"'replicated.com/backup-count':'2'}}"

#define PART_APPS                                                                                  \
	"'metadata':{'labels':{'replicated.com/backup-name':'acme-0a1b2c3d'},'annotations':{"      \
	"'kots.io/instance':null,'replicated.com/disaster-recovery-version':'1',"                  \
	"'replicated.com/backup-count':'2','kots.io/apps-sequences':'{\\\"acme\\\":1}'}}"

/* Two Backups are one snapshot (spec/kots-snapshots.md 2.4, 3.1) */
static const struct {
	const char *infra, *app; /* phases; NULL = not there */
	const char *phase;
	enum health health;
} groups[] = {
	{ "Completed", "Completed", "Completed", HEALTH_GOOD },
	{ "Completed", "InProgress", "InProgress", HEALTH_RUNNING },
	{ "Failed", "InProgress", "InProgress", HEALTH_RUNNING },
	{ "Failed", "Deleting", "Deleting", HEALTH_GONE },
	{ "Completed", "PartiallyFailed", "PartiallyFailed", HEALTH_BAD },
	{ "Completed", NULL, "Completed", HEALTH_BAD },
	{ "InProgress", NULL, "InProgress", HEALTH_RUNNING },
};

Test(snapshot, parts_of_a_group_are_one_row)
{
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		struct made made = { 0 };
		struct strbuf patch = STRBUF_INIT;

		strbuf_addf(&patch, "{" PART ",'status':{'phase':'%s'}}", groups[i].infra);
		made_full(&made, "instance-aaaaa", patch.buf);
		strbuf_reset(&patch);
		strbuf_addf(&patch, "{" PART ",'status':{'phase':'%s'}}", groups[i].app);
		if (groups[i].app)
			made_full(&made, "application-bbbbb", patch.buf);
		made_volume(&made, "instance-aaaaa", "{'status':{'progress':{'bytesDone':1}}}");
		made_volume(&made, "application-bbbbb", "{'status':{'progress':{'bytesDone':2}}}");
		made_full(&made, "instance-ccccc", "{}");
		made_build(&made);
		cr_assert_eq(made.count, 2);
		for (size_t j = 0; j < made.count; j++) {
			const struct snapshot *row = &made.rows[j];

			if (!*row->backup->dr_group)
				continue;
			cr_expect_eq(row->parts, groups[i].app ? 2 : 1);
			cr_expect_eq(row->parts_expected, 2);
			cr_expect_str_eq(row->phase, groups[i].phase, "row %zu", i);
			cr_expect_eq(row->health, groups[i].health, "row %zu", i);
			cr_expect_eq(row->bytes_done, groups[i].app ? 3 : 1);
		}
		made_done(&made);
		strbuf_done(&patch);
	}
}

/* Each part counts for itself; the first to expire takes the snapshot with it. */
Test(snapshot, of_a_group_errors_are_summed_and_the_earliest_expiry_counts)
{
	struct made made = { 0 };
	const struct snapshot *row;
	struct strbuf apps = STRBUF_INIT;
	bool holds[3];

	made_full(&made, "instance-aaaaa",
		  "{" PART_APPS ",'status':{'phase':'Completed','errors':1,'warnings':2,"
		  "'completionTimestamp':'2026-11-20T02:30:00Z',"
		  "'expiration':'2026-12-20T02:00:00Z'}}");
	made_full(&made, "application-bbbbb",
		  "{" PART_APPS ",'status':{'phase':'PartiallyFailed','errors':3,'warnings':4,"
		  "'completionTimestamp':'2026-11-20T02:44:00Z',"
		  "'expiration':'2026-12-19T02:00:00Z'}}");
	made_full(&made, "instance-ccccc", "{'status':{'errors':7}}");
	made_build(&made);
	row = made.rows[0].parts == 2 ? &made.rows[0] : &made.rows[1];
	cr_expect_eq(row->parts, 2);
	cr_expect_eq(row->errors, 4);
	cr_expect_eq(row->warnings, 6);
	/* KOTS itself names each application twice here (fixtures/kots/FINDINGS.md, 3.2). */
	snapshot_add_apps(&apps, row, NULL);
	cr_expect_str_eq(apps.buf, "acme");
	strbuf_done(&apps);
	cr_expect_eq(row->completed, clock_parse_rfc3339("2026-11-20T02:44:00Z"));
	cr_expect_eq(row->expires, clock_parse_rfc3339("2026-12-19T02:00:00Z"));
	for (size_t i = 0; i < 3; i++)
		holds[i] = snapshot_holds(row, (const struct backup *)made.backups.items[i]);
	cr_expect(holds[0] && holds[1] && !holds[2]);
	made_done(&made);
}

Test(snapshot, the_label_of_a_group_alone_groups_nothing)
{
	static const char label[] = "{'metadata':{'labels':{'replicated.com/backup-name':'x'}}}";
	struct made made = { 0 };

	made_backup(&made, "a", label);
	made_backup(&made, "b", label);
	made_build(&made);
	cr_expect_eq(made.count, 2);
	made_done(&made);
}

Test(snapshot, more_warnings_than_the_one_before_are_marked)
{
	struct made made = { 0 };

	made_full(&made, "first", "{'status':{'warnings':5}}");
	made_full(&made, "same",
		  "{'status':{'warnings':5,'startTimestamp':'2026-11-20T02:00:00Z'}}");
	made_full(&made, "more",
		  "{'status':{'warnings':6,'startTimestamp':'2026-11-20T03:00:00Z'}}");
	made_full(&made, "partial",
		  "{'metadata':{'annotations':{'kots.io/instance':null,'kots.io/app-id':'a'}},"
		  "'status':{'warnings':9,'startTimestamp':'2026-11-20T04:00:00Z'}}");
	made_build(&made);
	cr_expect_eq(made_row(&made, "first")->health, HEALTH_GOOD);
	cr_expect_eq(made_row(&made, "same")->health, HEALTH_GOOD);
	cr_expect_eq(made_row(&made, "more")->health, HEALTH_WARNING);
	cr_expect_eq(made_row(&made, "partial")->health, HEALTH_GOOD);
	made_done(&made);
}

Test(snapshot, a_complete_one_with_nothing_in_it_is_marked)
{
	struct made made = { 0 };

	made_full(&made, "empty", "{'status':{'progress':{'itemsBackedUp':0,'totalItems':0}}}");
	made_full(&made, "uncounted", "{'status':{'progress':null}}");
	made_build(&made);
	cr_expect_eq(made_row(&made, "empty")->health, HEALTH_WARNING);
	cr_expect_eq(made_row(&made, "uncounted")->health, HEALTH_GOOD);
	made_done(&made);
}

Test(snapshot, what_is_not_told_yet_is_taken_from_the_last_one)
{
	struct made made = { 0 };
	const struct snapshot *row;

	made_full(&made, "last", "{}");
	made_volume(
		&made, "last",
		"{'status':{'phase':'Completed','progress':{'bytesDone':100,'totalBytes':100}}}");
	made_full(&made, "runs",
		  "{'status':{'phase':'InProgress','startTimestamp':'2026-11-21T01:00:00Z'}}");
	made_volume(&made, "runs", "{'status':{'phase':'InProgress','progress':{'bytesDone':43}}}");
	made_build(&made);
	row = made_row(&made, "runs");
	cr_expect_not(row->totals_known);
	cr_expect_eq(row->bytes_expected, 100);
	cr_expect_eq(snapshot_percent(row), 43);
	made_volume(&made, "runs",
		    "{'status':{'phase':'InProgress','progress':{'totalBytes':500}}}");
	made_build(&made);
	cr_expect_eq(made_row(&made, "runs")->bytes_expected, 500);
	made_done(&made);
}

Test(snapshot, nothing_makes_no_rows)
{
	struct made made = { 0 };

	made_build(&made);
	cr_expect_eq(made.count, 0);
	made_done(&made);
}

Test(snapshot, twenty_five_thousand_are_joined)
{
	struct made made = { 0 };
	struct strbuf name = STRBUF_INIT;

	for (int i = 0; i < 25000; i++) {
		strbuf_reset(&name);
		strbuf_addf(&name, "instance-%05d", i);
		made_full(&made, name.buf, "{}");
		made_volume(&made, name.buf, "{'status':{'progress':{'bytesDone':1}}}");
		if (i % 10 == 0)
			made_deletion(&made, name.buf, "{}");
	}
	made_build(&made);
	cr_assert_eq(made.count, 25000);
	for (size_t i = 0; i < made.count; i++) {
		cr_assert_eq(made.rows[i].volumes, 1);
		cr_assert_eq(made.rows[i].deletion != NULL, i % 10 == 0);
	}
	made_done(&made);
	strbuf_done(&name);
}

/* What a Velero must be able to read: restic's copies are the ones that newer ones cannot. */
Test(snapshot, one_volume_of_restic_makes_it_restics)
{
	struct made made = { 0 };

	made_full(&made, "none", "{}");
	made_full(&made, "kopia", "{}");
	made_full(&made, "mixed", "{}");
	made_full(&made, "old", "{}");
	made_volume(&made, "kopia", "{'spec':{'uploaderType':'kopia'}}");
	made_volume(&made, "mixed", "{'spec':{'uploaderType':'restic'}}");
	made_volume(&made, "mixed", "{'spec':{'uploaderType':'kopia'}}");
	made_volume(&made, "old", "{'spec':{'uploaderType':''}}");
	made_build(&made);
	cr_expect_str_eq(made_row(&made, "none")->uploader, "");
	cr_expect_str_eq(made_row(&made, "kopia")->uploader, "kopia");
	cr_expect_str_eq(made_row(&made, "mixed")->uploader, "restic");
	cr_expect_str_eq(made_row(&made, "old")->uploader, "restic");
	made_done(&made);
}
