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
	bool chosen;
	enum restore_scope scope; /* when chosen */
	char slug[128];		  /* of the application that is chosen, else "" */
	enum restore_page page;
	struct form forms[RESTORE_PAGES];
	struct confirm confirm;
	const struct restore_plan *plan; /* counted; NULL while it is made */
	uint64_t ticket;		 /* of the plan */
	int64_t asked_ms;
	char words[254];	  /* where the planning is */
	struct error err;	  /* why there is no plan */
	size_t check, group, top; /* cursors of pages 2 and 3 */
	bool listing;		  /* page 3: the objects of a line fill the page, from `top` on */
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
	/* Rows up or down while the list of the page has the focus; NULL = it has none. */
	void (*move)(struct restore_wizard *wizard, const struct restore_layout *layout, int step);
};
extern const struct restore_page_ops restore_what_page, restore_checks_page, restore_losses_page,
	restore_confirm_page;

/* Page 1 is opened: what alone is possible is chosen. */
void restore_what_begin(struct restore_wizard *wizard, const struct screen_context *context);
void restore_add_item(struct restore_layout *layout, const struct form_item *item);
/* "[ label ]   [ Back ]" on the line y; reason NULL = it can act. */
void restore_add_buttons(struct restore_layout *layout, int y, bool danger);
void restore_go(struct restore_wizard *wizard, enum restore_page page);
/* Asks for a plan of what is chosen; forgets the old one. */
void restore_ask_plan(const struct restore_call *call);
/* What is chosen: "Acme Analytics", "Everything", "The Admin Console". Borrowed. */
const char *restore_chosen_title(const struct restore_wizard *wizard,
				 const struct screen_context *context);

/* Page 3: which objects belong to a line, and their list (restore_objects.c). */
typedef bool restore_group_has(const struct plan_object *object);
struct restore_objects {
	const char *name;
	restore_group_has *has;
	const struct restore_plan *plan;
};
/* Rows of the list: a head for each kind, and the objects by name. */
size_t restore_objects_rows(const struct restore_objects *objects);
/* A title rule and the rows from `top` on. */
void restore_objects_draw(struct view view, const struct restore_objects *objects, size_t top,
			  const struct screen_context *context);

#endif
