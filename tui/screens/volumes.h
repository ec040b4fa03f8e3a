/* The volumes of a running or ended snapshot or restore: failed and stalled first, then moving,
 * waiting, done; each with its node, bar, bytes and time left (design/screens.md 4.5). Pure. */
#ifndef TUI_SCREENS_VOLUMES_H
#define TUI_SCREENS_VOLUMES_H

#include "tui/screens/rates.h"
#include "tui/screens/screen.h"
#include "tui/widgets/mark.h"

struct volume_row {
	const struct podvolume *volume; /* borrowed from the model */
	enum mark mark;
	bool final;
	int64_t total; /* bytes; of a restore that has not said yet, what the snapshot holds. 0 */
	int64_t rate, left_s; /* -1 unknown */
	int64_t still_ms;
};

struct volume_rows {
	struct volume_row *rows; /* owned */
	size_t count, done, failed, stalled;
	int64_t bytes_done, bytes_total, rate, slowest_s; /* rate -1: none is known */
	bool totals_known;
};

/* Those whose owner is `name`, of COLLECTION_POD_VOLUME_BACKUPS or _RESTORES. */
void volume_rows_collect(struct volume_rows *rows, const struct model *model, enum collection which,
			 const char *name, const struct rates *rates, int64_t now_ms);
void volume_rows_done(struct volume_rows *rows);
/* Tells rates what the volumes have reached. */
void volume_rows_note(struct rates *rates, const struct model *model, enum collection which,
		      const char *name, int64_t now_ms);
/* Titles and rows from `top` on; done ones fold into one line when there is no room. */
void volume_rows_draw(const struct volume_rows *rows, struct view view, size_t top);
/* "postgres-0 data" */
void volume_add_name(struct strbuf *out, const struct podvolume *volume);

#endif
