#include "tui/screens/help_text.h"

static const char *const pane_names[HELP_PANES] = {
	[HELP_KEYS] = "Keys",	      [HELP_MARKS] = "Marks",	[HELP_WORDS] = "Words",
	[HELP_RESTORES] = "Restores", [HELP_LIMITS] = "Limits", [HELP_ABOUT] = "About",
};

const char *help_pane_name(enum help_pane pane)
{
	return pane_names[pane];
}

/* Actions that mean something everywhere stand below those of the screen. */
static bool is_general(const struct action *action)
{
	return action->where == WHERE_ALL;
}

static void add_actions(struct strbuf *out, enum screen_id about, bool general)
{
	for (enum action_id id = ACT_NONE + 1; id < ACTIONS; id++) {
		const struct action *action = action_row(id);

		if (!(action->where & WHERE(about)) || is_general(action) != general)
			continue;
		strbuf_addf(out, "  %-18s %s\n", action->keys, action->what);
	}
}

static void add_keys(struct strbuf *out, enum screen_id about)
{
	strbuf_addf(out, "HERE: %s\n", screen_find(about)->name);
	add_actions(out, about, false);
	strbuf_adds(out, "\nEVERYWHERE\n");
	add_actions(out, about, true);
	strbuf_adds(out, "\nIN A TEXT FIELD letters are text. Tab leaves it, F1 is help,\n"
			 "  Ctrl-A Ctrl-E       to its begin, its end\n"
			 "  Ctrl-U Ctrl-W       clear it, delete a word\n");
}

static const struct {
	enum glyph glyph;
	const char *what;
} mark_rows[] = {
	{ GLYPH_GOOD, "good, done, passed" },
	{ GLYPH_RUNNING, "running, moving" },
	{ GLYPH_WARNING, "a warning, or standing still" },
	{ GLYPH_BAD, "bad, failed" },
	{ GLYPH_UNKNOWN, "unknown, or not checked" },
	{ GLYPH_OFF, "not begun, or off" },
	{ GLYPH_GONE, "being removed, or gone" },
	{ GLYPH_ELLIPSIS, "not read yet; text that was cut" },
	{ GLYPH_CURSOR, "the cursor, in column 1" },
	{ GLYPH_MARKED, "marked, in column 2" },
	{ GLYPH_PATH, "a path; a line that goes on to the right" },
};

static void add_marks(struct strbuf *out, bool ascii)
{
	for (size_t i = 0; i < ARRAY_SIZE(mark_rows); i++)
		strbuf_addf(out, "  %s  %s\n", glyph_text(mark_rows[i].glyph, ascii),
			    mark_rows[i].what);
	strbuf_adds(out,
		    "\nThe state of a row is always in column 3, worst first. Nothing rests on\n"
		    "colour alone. \"Passed\" means what the line says, no more.\n");
}

static const char words_text[] =
	"snapshot       what Velero calls a Backup, with all its volumes\n"
	"full           the Admin Console and all applications: the only kind that can\n"
	"               rebuild a lost cluster\n"
	"partial        one application: its objects and volumes\n"
	"other          made by something else than KOTS; can be looked at and deleted\n"
	"destination    where snapshots go; a location is Velero's object for it\n"
	"Admin Console  kotsadm, the console of KOTS\n"
	"script         a hook that runs in a pod before or after it is copied\n"
	"node agent     the pods of Velero that copy volumes, one on each node\n"
	"kept until     then Velero deletes the snapshot and its data by itself\n"
	"\n"
	"Incomplete     PartiallyFailed: something is missing; KOTS refuses to restore it\n"
	"Refused        FailedValidation: it never began, nothing was stored\n"
	"Failed         it ended early\n"
	"Plug-ins 3/7   waits for operations of plug-ins\n"
	"Not deleted    a deletion ended with errors; the snapshot is still there\n"
	"Gone           it went, and nobody asked: was its storage touched?\n"
	"Parts 1/2      KOTS made it of two Backups, one is missing\n"
	"Hangs          a deletion that no Velero takes up any more\n"
	"Left unfinished  whoever ran it is gone; Activity (3) lets you take it over\n";

static const char restores_text[] =
	"A restore removes what is there with its volumes, then creates it again from\n"
	"the snapshot. What was changed since then is lost. x shows the ways to stop.\n"
	"\n"
	"1 What          everything, one application, the Admin Console only\n"
	"2 Checks        what speaks against it; a failed check turns the button off\n"
	"3 Consequences  what is removed, what comes back, what is lost for good\n"
	"4 Confirm       the slug, or the name of the site, is typed; only then it begins\n"
	"5 Run           each step is written into the cluster before it is done\n"
	"6 Result        counted by Velero, checked after it\n"
	"\n"
	"Should the terminal go, Velero goes on with its part. The record in the\n"
	"cluster says how far it was: Activity (3), Enter, takes it over.\n"
	"\n"
	"A partial snapshot can be restored only where it was taken: KOTS keeps in its\n"
	"database which version belongs to it.\n";

static const char limits_text[] =
	"Retention       the Admin Console decides it; kotsnap shows it\n"
	"Schedules       run in the Admin Console: none is taken while it is down\n"
	"Stopping        Velero has no way to stop a snapshot that runs\n"
	"Volumes         a node copies one volume at a time unless it is set up otherwise\n"
	"Logs            Velero stores them when an operation ends, not before\n"
	"Sizes           are what was copied, not what the store uses: copies share parts\n"
	"Restic          Velero 1.17 and later cannot restore what Restic copied to a\n"
	"                local volume\n"
	"Embedded Cluster  is shown, not changed here\n";

static const char about_text[] =
	"kotsnap " KOTSNAP_VERSION "\n"
	"\n"
	"A console for the snapshots of Replicated KOTS applications. It talks straight\n"
	"to the Kubernetes API: no browser, no kubectl, no living Admin Console.\n"
	"\n"
	"kotsnap help      the same as commands, for scripts\n"
	"kotsnap practice  a cluster to learn on; nothing in it is real\n"
	"man kotsnap       options, environment, exit codes\n"
	"\n"
	"Apache-2.0.\n";

void help_add_pane(struct strbuf *out, enum help_pane pane, enum screen_id about, bool ascii)
{
	static const char *const texts[HELP_PANES] = {
		[HELP_WORDS] = words_text,
		[HELP_RESTORES] = restores_text,
		[HELP_LIMITS] = limits_text,
		[HELP_ABOUT] = about_text,
	};

	if (pane == HELP_KEYS)
		add_keys(out, about);
	else if (pane == HELP_MARKS)
		add_marks(out, ascii);
	else
		strbuf_adds(out, texts[pane]);
}
