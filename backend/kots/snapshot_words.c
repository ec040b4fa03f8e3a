#include "backend/kots/snapshot_words.h"

#include "backend/base/safetext.h"

#include <string.h>

#define STATUS_CELLS 16 /* of the widest list (design/screens.md 5.1) */

static bool deletion_is(const struct snapshot *snapshot, bool processed)
{
	return snapshot->deletion &&
	       phase_is_final(PHASE_DELETE, snapshot->deletion->phase) == processed;
}

static bool is_phase_deleting(const struct snapshot *snapshot)
{
	return !strcmp(snapshot->phase, "Deleting");
}

bool snapshot_is_running(const struct snapshot *snapshot)
{
	return !is_phase_deleting(snapshot) && !phase_is_final(PHASE_BACKUP, snapshot->phase);
}

bool snapshot_is_undeleted(const struct snapshot *snapshot)
{
	return is_phase_deleting(snapshot) && deletion_is(snapshot, true) &&
	       snapshot->deletion->error_count > 0;
}

/* A request that was refused leaves the snapshot as it was. */
bool snapshot_is_deleting(const struct snapshot *snapshot)
{
	return is_phase_deleting(snapshot) || deletion_is(snapshot, false) ||
	       snapshot->backup->object.deleted != 0;
}

bool snapshot_is_empty(const struct snapshot *snapshot)
{
	return !strcmp(snapshot->phase, "Completed") && snapshot->parts == 1 &&
	       snapshot->backup->counted && snapshot->backup->items_total == 0;
}

const char *snapshot_word(const struct snapshot *snapshot)
{
	if (snapshot_is_running(snapshot))
		return phase_find(PHASE_BACKUP, snapshot->phase).word;
	if (snapshot_is_undeleted(snapshot))
		return "Not deleted";
	if (snapshot_is_deleting(snapshot))
		return "Deleting";
	if (snapshot->expired)
		return "Expired";
	if (snapshot->parts != snapshot->parts_expected)
		return "Parts";
	return phase_find(PHASE_BACKUP, snapshot->phase).word;
}

static void add_operations(struct strbuf *out, const struct backup *backup)
{
	long long done = backup->operations_done, all = backup->operations;

	if (all <= 0)
		return;
	if (all <= 9)
		strbuf_addf(out, " %lld/%lld", done < all ? done : all, all);
	else
		strbuf_addf(out, " %d %%",
			    done < all ? (int)(100.0 * (double)done / (double)all) : 100);
}

/* Of an unknown phase only what fits, and only what can be shown. */
static void cut(struct strbuf *out, size_t start)
{
	size_t end = start + STATUS_CELLS;

	if (out->len <= end)
		return;
	while (end > start && ((unsigned char)out->buf[end] & 0xc0) == 0x80)
		end--;
	strbuf_cut(out, end);
}

void snapshot_add_status(struct strbuf *out, const struct snapshot *snapshot)
{
	const char *word = snapshot_word(snapshot);
	int percent = snapshot_percent(snapshot);
	size_t start = out->len;

	safetext_add(out, word, strlen(word), false);
	if (!strcmp(word, "Parts"))
		strbuf_addf(out, " %d/%d", snapshot->parts, snapshot->parts_expected);
	else if (!strcmp(word, "Queued") && snapshot->backup->queue_position > 0)
		strbuf_addf(out, " %lld", (long long)snapshot->backup->queue_position);
	else if (!strcmp(word, "Plug-ins"))
		add_operations(out, snapshot->backup);
	else if (!strcmp(word, "Running") && percent >= 0)
		strbuf_addf(out, " %d %%", percent);
	cut(out, start);
}

const char *snapshot_trigger(const struct snapshot *snapshot)
{
	const struct backup *backup = snapshot->backup;

	if (!strcmp(backup->kots_trigger, "schedule") || *backup->schedule)
		return "Scheduled";
	return !strcmp(backup->kots_trigger, "manual") ? "By hand" : "";
}

/* Totals move while it runs (spec/velero-api.md 12): never 100 before the end. */
static int part_of(int64_t done, int64_t total)
{
	int percent;

	if (total <= 0)
		return -1;
	percent = done <= 0 ? 0 : done >= total ? 99 : (int)(100.0 * (double)done / (double)total);
	return percent < 99 ? percent : 99;
}

/* Objects are no measure where volumes are: their count stands still until the last volume is done
 * (spec/velero-api.md 2.2). */
int snapshot_percent(const struct snapshot *snapshot)
{
	const struct backup *backup = snapshot->backup;

	if (!strcmp(snapshot->phase, "Completed") || !strcmp(snapshot->phase, "PartiallyFailed"))
		return 100;
	if (strcmp(snapshot->phase, "InProgress") != 0 || !snapshot->volumes_read)
		return -1;
	if (snapshot->bytes_expected > 0)
		return part_of(snapshot->bytes_done, snapshot->bytes_expected);
	return snapshot->volumes || !backup->items_done
		       ? -1
		       : part_of(backup->items_done, backup->items_total);
}

const char *snapshot_kind_word(enum snapshot_kind kind)
{
	switch (kind) {
	case SNAPSHOT_FULL:
		return "full";
	case SNAPSHOT_PARTIAL:
		return "partial";
	default:
		return "other";
	}
}

static const char *phase_refusal(const char *phase)
{
	static const struct {
		const char *phase, *why;
	} rows[] = {
		{ "PartiallyFailed", "KOTS refuses incomplete snapshots" },
		{ "FailedValidation", "Velero refused it: nothing was stored" },
		{ "Failed", "it failed" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strcmp(rows[i].phase, phase))
			return rows[i].why;
	return "it is not complete";
}

const char *snapshot_restore_refusal(const struct snapshot *snapshot)
{
	const struct backup *backup = snapshot->backup;

	if (snapshot->kind == SNAPSHOT_OTHER)
		return "KOTS did not make it";
	if (snapshot_is_running(snapshot))
		return "it is not finished yet";
	if (snapshot_is_deleting(snapshot))
		return "it is being deleted";
	if (snapshot->expired)
		return "it has expired: Velero removes it within the hour";
	if (snapshot->parts != snapshot->parts_expected)
		return "one of its parts is missing";
	if (!phase_find(PHASE_BACKUP, snapshot->phase).restorable)
		return phase_refusal(snapshot->phase);
	if (!strcmp(backup->kots_embedded, "true"))
		return "it is of an Embedded Cluster, which has its own restore";
	if (*backup->dr_version)
		return "KOTS does not restore snapshots of its improved disaster recovery";
	return NULL;
}
