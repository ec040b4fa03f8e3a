#include "backend/cli/check_json.h"

#include "backend/cli/output.h"

static const char *const verdict_names[] = { [VERDICT_PASSED] = "passed",
					     [VERDICT_UNKNOWN] = "unknown",
					     [VERDICT_WARNING] = "warning",
					     [VERDICT_FAILED] = "failed",
					     [VERDICT_NOT_HERE] = "not for this site" };

struct json *checks_to_json(const struct check_results *results)
{
	struct json *items = json_new_list();

	for (size_t i = 0; i < results->count; i++) {
		const struct check_result *row = &results->rows[i];
		struct json *map = json_add(items, json_new_map());

		json_put_text(map, "name", row->rule);
		json_put_text(map, "title", row->title);
		json_put_text(map, "verdict", verdict_names[row->verdict]);
		json_put_text(map, "seen", row->seen);
		json_put_text(map, "action", row->action);
		output_put_time(map, "checkedAt", row->checked_at);
	}
	return items;
}
