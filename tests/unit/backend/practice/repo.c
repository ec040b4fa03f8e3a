#include "backend/practice/repo.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdint.h>

#include <string.h>

/* Lines restic 0.14 printed. */
static const char printed[] =
	"{\"message_type\":\"status\",\"percent_done\":0,\"total_files\":1,\"total_bytes\":"
	"30000000}\n"
	"{\"message_type\":\"status\",\"percent_done\":0.25,\"total_files\":2,\"total_bytes\":"
	"50000000,"
	"\"bytes_done\":12849684,\"current_files\":[\"/a\",\"/b\"]}\n"
	"{\"message_type\":\"summary\",\"files_new\":2,\"data_added\":30605800,"
	"\"total_bytes_processed\":50000000,\"snapshot_id\":\"7515a022\"}\n"
	"{\"message_type\":\"status\",\"bytes_do";

Test(practice_repo, progress_is_the_last_whole_status_line)
{
	struct repo_progress progress = { 0, 0 };

	cr_assert(repo_read_status(printed, strlen(printed), &progress));
	cr_assert(eq(i64, progress.done_bytes, 12849684));
	cr_assert(eq(i64, progress.total_bytes, 50000000));
	cr_assert(not(repo_read_status("nonsense\n", 9, &progress)));
}

Test(practice_repo, the_summary_gives_snapshot_and_sizes)
{
	struct repo_snapshot snapshot = { "", 0, 0 };

	cr_assert(repo_read_summary(printed, strlen(printed), &snapshot));
	cr_assert(eq(str, snapshot.id, "7515a022"));
	cr_assert(eq(i64, snapshot.size_bytes, 50000000));
	cr_assert(eq(i64, snapshot.added_bytes, 30605800));
	cr_assert(not(repo_read_summary("", 0, &snapshot)));
}

static const struct {
	int64_t done, total, spent_ms;
	int spread_ms, hold_ms;
} holds[] = {
	{ 0, 0, 0, 8000, 0 },	    /* nothing known yet */
	{ 50, 100, 4000, 8000, 0 }, /* just in time */
	{ 50, 100, 3900, 8000, 100 },
	{ 100, 100, 0, 8000, 400 }, /* never long: a cancel is heard */
	{ 50, 100, 0, 0, 0 },	    /* pace fast */
	{ 10, 100, 5000, 8000, 0 }, /* late already */
};

Test(practice_repo, a_copy_ahead_of_its_pace_is_held)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(holds); i++) {
		struct repo_progress progress = { holds[i].done, holds[i].total };

		cr_expect(eq(int, repo_hold_ms(&progress, holds[i].spent_ms, holds[i].spread_ms),
			     holds[i].hold_ms),
			  "row %zu", i);
	}
}
