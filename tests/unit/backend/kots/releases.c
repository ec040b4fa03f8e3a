/* What each release of KOTS has written (kots-snapshots 2.2 to 2.7), read: which kind it is, how it
 * is grouped, which application and version it holds, and whether KOTS would restore it. The
 * objects of fixtures/kots/releases.json are made by hand from the tables of the specification. */
#include "backend/kots/snapshot.h"
#include "tests/support/recording.h"
#include "tests/unit/backend/kots/snapshot_made.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
	const char *name; /* of the row */
	enum snapshot_kind kind;
	int parts;
	const char *registry, *version; /* of the application */
	bool one_selector;		/* labelSelector; else orLabelSelectors */
	const char *trigger, *refusal;	/* refusal: part of it, NULL = may be restored */
} cases[] = {
	/* up to 1.108.0: the old key of the registry, no versions; counts in annotations */
	{ "instance-a1089", SNAPSHOT_FULL, 1, "10.96.2.5", "", true, "By hand", NULL },
	{ "instance-b1100", SNAPSHOT_FULL, 1, "10.96.2.5", "", true, "By hand", NULL },
	/* 1.108.8: the new key, still no versions */
	{ "instance-c1108", SNAPSHOT_FULL, 1, "10.96.2.5", "", true, "By hand", NULL },
	/* 1.108.13: versions */
	{ "instance-d1108", SNAPSHOT_FULL, 1, "", "1.4.0", true, "By hand", NULL },
	/* from 1.109.0: the other form of the selector */
	{ "instance-e1109", SNAPSHOT_FULL, 1, "", "1.4.0", false, "By hand", NULL },
	{ "instance-f1131", SNAPSHOT_FULL, 1, "10.96.2.5", "1.4.0", false, "By hand", NULL },
	/* improved DR: two Backups, one snapshot, without kots.io/instance */
	{ "instance-g1124", SNAPSHOT_FULL, 2, "", "1.4.0", false, "By hand", "" },
	/* Embedded Cluster, legacy type */
	{ "instance-h1117", SNAPSHOT_FULL, 1, "", "1.4.0", false, "By hand", "Embedded Cluster" },
	/* one application, all releases */
	{ "acme-i1131", SNAPSHOT_PARTIAL, 1, "", "", true, "Scheduled", NULL },
};

Test(releases, each_is_read_as_what_it_is)
{
	struct made made = { 0 };

	made_recorded(&made, "kots/releases.json", NULL);
	made_build(&made);
	/* Ten Backups, two of them one snapshot. */
	cr_assert_eq(made.count, ARRAY_SIZE(cases));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct snapshot *row = made_row(&made, cases[i].name);
		const char *refusal = snapshot_restore_refusal(row);
		struct strbuf version = STRBUF_INIT;

		cr_expect_eq(row->kind, cases[i].kind, "%s", cases[i].name);
		cr_expect_eq(row->parts, cases[i].parts, "%s", cases[i].name);
		cr_expect_eq(row->parts_expected, cases[i].parts, "%s", cases[i].name);
		cr_expect_str_eq(row->backup->kots_registry, cases[i].registry, "%s",
				 cases[i].name);
		cr_expect_eq(*row->backup->selector != '\0', cases[i].one_selector, "%s",
			     cases[i].name);
		cr_expect_eq(snapshot_app_sequence(row, "acme", "2aCmE"), 4, "%s", cases[i].name);
		snapshot_add_app_version(&version, row, "acme");
		cr_expect_str_eq(version.buf, cases[i].version, "%s", cases[i].name);
		cr_expect_str_eq(snapshot_trigger(row), cases[i].trigger, "%s", cases[i].name);
		cr_expect_eq(refusal == NULL, cases[i].refusal == NULL, "%s: %s", cases[i].name,
			     refusal ? refusal : "may be restored");
		cr_expect(!refusal || strstr(refusal, cases[i].refusal), "%s: %s", cases[i].name,
			  refusal);
		strbuf_done(&version);
	}
	made_done(&made);
}

/* 2.6: read by releases up to 1.122.0, written by none that is left: the volumes themselves count.
 */
Test(releases, counts_in_annotations_are_not_believed)
{
	struct made made = { 0 };
	const struct snapshot *row;

	made_recorded(&made, "kots/releases.json", NULL);
	made_volume(&made, "instance-a1089",
		    "{'status':{'phase':'Completed','progress':{'bytesDone':5,'totalBytes':5}}}");
	made_build(&made);
	row = made_row(&made, "instance-a1089");
	cr_expect_eq(row->volumes, 1);
	cr_expect_eq(row->bytes_done, 5);
	made_done(&made);
}

/* One Backup of two is no snapshot that KOTS would call complete (3.2). */
Test(releases, a_part_alone_is_incomplete)
{
	struct json *all = recording_json("kots/releases.json");
	const struct json *item = json_first(json_key(all, "items"));
	struct made made = { 0 };

	for (; item; item = json_next(item)) {
		struct strbuf text = STRBUF_INIT;

		json_print(item, &text);
		for (char *c = text.buf; *c; c++)
			if (*c == '\'')
				cr_assert_fail("the fixture holds a quote");
		if (!strcmp(json_text(item, "metadata.name"), "instance-g1124"))
			made_backup(&made, "instance-g1124", text.buf);
		strbuf_done(&text);
	}
	made_build(&made);
	cr_assert_eq(made.count, 1);
	cr_expect_eq(made.rows[0].parts, 1);
	cr_expect_eq(made.rows[0].parts_expected, 2);
	cr_expect(snapshot_restore_refusal(&made.rows[0]) != NULL);
	made_done(&made);
	json_free(all);
}
