/* The wizard of a restore: its state, and its steps as a table. For restore*.c only. Nothing is
 * written before the words of step 4 are typed (design/screens.md 4.7). */
#ifndef TUI_SCREENS_RESTORE_STEPS_H
#define TUI_SCREENS_RESTORE_STEPS_H

#include "backend/checks/check.h"
#include "tui/screens/confirm.h"
#include "tui/screens/screen.h"

enum restore_page { RESTORE_WHAT, RESTORE_CHECKS, RESTORE_LOSSES, RESTORE_CONFIRM, RESTORE_PAGES };

struct restore_wizard {
	char backup[254];
	char slug[128]; /* chosen; "" = nothing yet */
	enum restore_page page;
	struct form forms[RESTORE_PAGES];
	struct confirm confirm;
	const struct restore_plan *plan; /* counted; NULL while it is made */
	uint64_t ticket;		 /* of the plan */
	int64_t asked_ms;
	char words[254];	  /* where the planning is */
	struct error err;	  /* why there is no plan */
	size_t check, group, top; /* cursors of pages 2 and 3 */
};

#define RESTORE_ITEMS_MOST 24
#define RESTORE_LIST	   1000 /* id of a list inside a form */
#define RESTORE_NEXT	   1001
#define RESTORE_BACK	   1002
#define RESTORE_FIELD	   1003

/* What a page shows at this moment. Texts are in `texts`, which outlives the items. */
struct restore_layout {
	const struct snapshot *snapshot; /* NULL = it is gone */
	struct check_results checks;
	struct form_item items[RESTORE_ITEMS_MOST];
	size_t count;
	struct strbuf label, reason, note;
	struct arena texts;
};

/* Borrowed: the context of one call. */
struct restore_call {
	struct restore_wizard *wizard;
	const struct screen_context *context;
	struct restore_layout *layout;
	struct effects *effects;
};

struct restore_page_ops {
	const char *name;
	void (*lay_out)(const struct restore_wizard *wizard, const struct screen_context *context,
			struct restore_layout *layout);
	void (*draw)(const struct restore_wizard *wizard, const struct screen_context *context,
		     const struct restore_layout *layout);
	/* An item was chosen, pressed or typed into. */
	void (*act)(const struct restore_call *call, const struct form_result *result,
		    struct key key);
	/* Up and Down while the list of the page has the focus; NULL = it has none. */
	void (*move)(struct restore_wizard *wizard, const struct restore_layout *layout, int step);
};
extern const struct restore_page_ops restore_what_page, restore_checks_page, restore_losses_page,
	restore_confirm_page;

void restore_add_item(struct restore_layout *layout, const struct form_item *item);
/* "[ label ]   [ Back ]" on the line y; reason NULL = it can act. */
void restore_add_buttons(struct restore_layout *layout, int y, bool danger);
void restore_go(struct restore_wizard *wizard, enum restore_page page);
/* Asks for a plan of what is chosen; forgets the old one. */
void restore_ask_plan(const struct restore_call *call);
/* "Acme Analytics", or the slug. */
const char *restore_app_title(const struct restore_wizard *wizard,
			      const struct screen_context *context);

#endif
