#include "tui/screens/estimate.h"

#include "backend/base/amount.h"
#include "backend/base/clock.h"
#include "tui/screens/words.h"

#include <string.h>

void estimate_usual(const struct model *model, enum snapshot_kind kind, const char *app_id,
		    struct estimate *ret_estimate)
{
	size_t i;

	memset(ret_estimate, 0, sizeof(*ret_estimate));
	for (i = 0; i < model->snapshot_count && ret_estimate->runs < ESTIMATE_RUNS_MOST; i++) {
		const struct snapshot *row = &model->snapshots[i];
		int64_t took = row->backup->completed - row->backup->started;

		if (row->kind != kind || strcmp(row->backup->phase, "Completed") != 0 ||
		    row->backup->started <= 0 || took < 0)
			continue;
		if (*app_id && strcmp(row->backup->kots_app_id, app_id) != 0)
			continue;
		if (ret_estimate->runs == 0 || took < ret_estimate->took_low)
			ret_estimate->took_low = took;
		if (took > ret_estimate->took_high)
			ret_estimate->took_high = took;
		ret_estimate->runs++;
	}
}

/* Longer than any earlier run: then the bytes are the only witness. */
static void left_by_bytes(const struct snapshot *snapshot, int64_t elapsed,
			  struct estimate *estimate)
{
	int64_t done = snapshot->bytes_done, rest = snapshot->bytes_total - done;

	estimate->known = snapshot->totals_known && done > 0 && rest > 0;
	if (estimate->known)
		estimate->left_low = estimate->left_high =
			(int64_t)((double)elapsed * (double)rest / (double)done);
}

void estimate_left(const struct model *model, const struct snapshot *snapshot, int64_t now,
		   int64_t slowest_s, struct estimate *ret_estimate)
{
	int64_t elapsed = now - snapshot->backup->started;

	estimate_usual(model, snapshot->kind,
		       snapshot->kind == SNAPSHOT_PARTIAL ? snapshot->backup->kots_app_id : "",
		       ret_estimate);
	if (ret_estimate->runs < ESTIMATE_RUNS_LEAST || snapshot->backup->started <= 0)
		return;
	if (elapsed >= ret_estimate->took_high) {
		left_by_bytes(snapshot, elapsed, ret_estimate);
	} else {
		ret_estimate->known = true;
		ret_estimate->left_high = ret_estimate->took_high - elapsed;
		ret_estimate->left_low =
			ret_estimate->took_low > elapsed ? ret_estimate->took_low - elapsed : 0;
	}
	if (!ret_estimate->known)
		return;
	if (ret_estimate->left_low < slowest_s)
		ret_estimate->left_low = slowest_s;
	if (ret_estimate->left_high < ret_estimate->left_low)
		ret_estimate->left_high = ret_estimate->left_low;
}

static const struct {
	int64_t from; /* seconds from which the unit is used */
	int64_t size;
	const char *name;
} units[] = { { 3 * 3600, 3600, "h" }, { 120, 60, "min" }, { 0, 1, "s" } };

void estimate_add_range(struct strbuf *out, int64_t low_s, int64_t high_s)
{
	size_t i = 0;
	int64_t low, high;

	while (high_s < units[i].from)
		i++;
	low = low_s / units[i].size;
	high = high_s / units[i].size;
	if (low == high)
		strbuf_addf(out, "%lld %s", (long long)high, units[i].name);
	else
		strbuf_addf(out, "%lld to %lld %s", (long long)low, (long long)high, units[i].name);
}

void estimate_add_left(struct strbuf *out, const struct estimate *estimate)
{
	if (estimate->known) {
		estimate_add_range(out, estimate->left_low, estimate->left_high);
		strbuf_adds(out, " left");
		return;
	}
	strbuf_adds(out, "time left unknown");
	if (estimate->runs < ESTIMATE_RUNS_LEAST) {
		strbuf_adds(out, " (");
		amount_add_counted(out, (int64_t)estimate->runs, "earlier run");
		strbuf_addc(out, ')');
	} else {
		strbuf_adds(out, ", longer than usual");
	}
}

void estimate_add_running(struct strbuf *out, const struct model *model,
			  const struct snapshot *snapshot, int64_t now)
{
	struct estimate estimate;
	int percent = snapshot_percent(snapshot);

	strbuf_adds(out, snapshot->backup->object.name);
	if (percent >= 0)
		strbuf_addf(out, " %d %%", percent);
	strbuf_adds(out, ", ");
	estimate_left(model, snapshot, now, 0, &estimate);
	estimate_add_left(out, &estimate);
}

size_t estimate_step(const struct op_view *op)
{
	size_t i, last = 0;

	for (i = 0; i < op->step_count; i++) {
		if (op->steps[i].state == OP_STEP_RUNNING || op->steps[i].state == OP_STEP_FAILED)
			return i + 1;
		if (op->steps[i].state != OP_STEP_WAITING)
			last = i + 1;
	}
	return last;
}

void estimate_add_operation(struct strbuf *out, const struct op_view *op)
{
	static const char *const verbs[] = {
		[OP_TAKE] = "snapshot", [OP_DELETE] = "delete", [OP_RESTORE] = "restore"
	};
	const char *what = words_op_what(op);

	strbuf_addf(out, "%s %s", verbs[op->kind], what);
	if (op->step_count > 0)
		strbuf_addf(out, ", step %zu of %zu", estimate_step(op), op->step_count);
}
