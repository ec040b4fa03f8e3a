#include "tui/app/frame.h"

#include "backend/base/clock.h"
#include "tui/draw/text.h"
#include "tui/screens/estimate.h"
#include "tui/screens/reading.h"

#include <string.h>

#define WIDE 120 /* columns from which the versions are named */

static const char *kind_words(const struct console *console)
{
	static const char *const names[] = {
		[SITE_UNKNOWN] = "",
		[SITE_EXISTING] = "existing cluster",
		[SITE_KURL] = "kURL",
		[SITE_EMBEDDED] = "Embedded Cluster",
	};

	return console ? names[console->kind] : "";
}

static void add_kind(struct strbuf *out, const struct console *console)
{
	static const char *const nets[] = {
		[ANSWER_UNKNOWN] = "",
		[ANSWER_NO] = "online",
		[ANSWER_YES] = "air gap",
	};
	const char *kind = kind_words(console), *net = console ? nets[console->airgap] : "";

	if (*kind || *net)
		strbuf_addf(out, "  %s%s%s", kind, *kind && *net ? ", " : "", net);
}

static void add_versions(struct strbuf *out, const struct console *console)
{
	const struct {
		const char *name, *version;
	} parts[] = { { "Kubernetes", console->kubernetes_version },
		      { "KOTS", console->kots_version },
		      { "Velero", console->velero_version } };
	const char *between = "  ";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		const char *version = parts[i].version;

		if (!version || !*version)
			continue;
		strbuf_addf(out, "%s%s %s", between, parts[i].name, version + (*version == 'v'));
		between = ", ";
	}
}

static const struct {
	enum glyph glyph;
	enum role role;
	const char *words;
} link_rows[] = {
	[LINK_CONNECTING] = { GLYPH_ELLIPSIS, ROLE_UNKNOWN, "connecting" },
	[LINK_READING] = { GLYPH_ELLIPSIS, ROLE_UNKNOWN, "reading" },
	[LINK_LIVE] = { GLYPH_GOOD, ROLE_GOOD, "live" },
	[LINK_POLLING] = { GLYPH_WARNING, ROLE_WARNING, "polling" },
	[LINK_LOST] = { GLYPH_BAD, ROLE_BAD, "no answer" },
	[LINK_REFUSED] = { GLYPH_BAD, ROLE_BAD, "not permitted" },
};

static size_t count_old(const struct frame *frame, enum collection *ret_oldest)
{
	enum link_state state = frame->model->link.state;

	if (state != LINK_LIVE && state != LINK_POLLING)
		return 0;
	return reading_count_old(frame->model, frame->now, ret_oldest);
}

/* "snapshots 3 min old": others are live. */
static bool add_old(struct strbuf *out, const struct frame *frame)
{
	enum collection oldest = COLLECTION_BACKUPS;
	size_t count = count_old(frame, &oldest);

	if (count == 1)
		strbuf_addf(out, "%s ", collection_name(oldest));
	else if (count > 1)
		strbuf_addf(out, "%zu lists ", count);
	if (count) {
		clock_add_span(out, frame->now - frame->model->state[oldest].as_of);
		strbuf_adds(out, " old");
	}
	return count > 0;
}

static void add_link_words(struct strbuf *out, const struct frame *frame)
{
	const struct link *link = &frame->model->link;

	if (add_old(out, frame))
		return;
	if (link->state == LINK_REFUSED && link->why.code == STATUS_TLS)
		strbuf_adds(out, "not trusted"); /* by us: its certificate */
	else
		strbuf_adds(out, link_rows[link->state].words);
	if (link->state == LINK_LOST && link->since > 0 && frame->now > link->since) {
		strbuf_adds(out, " for ");
		clock_add_span(out, frame->now - link->since);
	}
}

struct right_part {
	enum role role;
	struct strbuf text;
};

/* From right to left; gives the first column used. */
static int draw_link(struct view line, const struct frame *frame)
{
	struct strbuf words = STRBUF_INIT;
	enum collection oldest;
	enum link_state state = count_old(frame, &oldest) ? LINK_POLLING : frame->model->link.state;
	int x;

	add_link_words(&words, frame);
	x = line.w - 1 - text_width(words.buf) - 2;
	view_glyph(line, x, 0, link_rows[state].role, link_rows[state].glyph);
	view_text(line, x + 2, 0, link_rows[state].role, words.buf);
	strbuf_done(&words);
	return x;
}

static int draw_before(struct view line, int x, enum role role, const char *text)
{
	x -= text_width(text) + 2;
	view_text(line, x, 0, role, text);
	return x;
}

static void add_modes(struct strbuf *out, const struct link *link, bool practice)
{
	const char *const modes[] = { link->insecure ? "TLS NOT CHECKED" : "",
				      link->read_only ? "READ-ONLY" : "",
				      practice ? "PRACTICE" : "" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(modes); i++)
		if (*modes[i])
			strbuf_addf(out, "%s%s", out->len ? " " : "", modes[i]);
}

/* Everything that stands at the right end; gives the first column used. */
static int draw_right(struct view line, const struct frame *frame, bool practice_word)
{
	struct strbuf text = STRBUF_INIT;
	int x = draw_link(line, frame);

	if (line.w >= 70) {
		strbuf_adds(&text, "times ");
		clock_add_zone_name(&text, frame->now, frame->zone);
		x = draw_before(line, x, ROLE_HEADER, text.buf);
	}
	strbuf_reset(&text);
	add_modes(&text, &frame->model->link, practice_word);
	if (text.len)
		x = draw_before(line, x, ROLE_MODE, text.buf);
	strbuf_done(&text);
	return x;
}

void frame_draw_header(struct view line, const struct frame *frame)
{
	static const char practice[] = "PRACTICE CLUSTER, nothing here is real";
	const struct link *link = &frame->model->link;
	const struct console *console = frame->model->console;
	struct strbuf left = STRBUF_INIT;
	bool room = link->practice && line.w >= 80 && !link->insecure && !link->read_only;
	int end = draw_right(line, frame, link->practice && !room);
	struct view rest = view_part(line, 0, 0, end > 2 ? end - 1 : 0, 1);

	view_text(rest, 1, 0, ROLE_HEADING, "kotsnap");
	if (room && link->state != LINK_LOST) {
		view_text(rest, 10, 0, ROLE_MODE, practice);
		goto out;
	}
	if (room) {
		view_text(rest, 10, 0, ROLE_MODE, "PRACTICE CLUSTER");
		goto out;
	}
	strbuf_adds(&left, link->site ? link->site : "");
	if (line.w >= 80)
		add_kind(&left, console);
	if (line.w >= WIDE && console)
		add_versions(&left, console);
	view_field(rest, 10, 0, rest.w - 10, ROLE_HEADER, left.buf);
out:
	strbuf_done(&left);
}

void frame_draw_tabs(struct view line, const struct frame *frame)
{
	static const char *const names[][2] = { { "Overview", "Over" },	  { "Snapshots", "Snap" },
						{ "Activity", "Act" },	  { "Destination", "Dest" },
						{ "Schedules", "Sched" }, { "Doctor", "Doctor" } };
	bool narrow = line.w < 80;
	int x = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		bool current = frame->tab == (int)i + 1;
		enum role role = current ? ROLE_TAB_CURRENT : ROLE_TAB;

		x += view_text(line, x, 0, role, current ? "[" : " ");
		x += view_textf(line, x, 0, role, "%zu %s", i + 1, names[i][narrow]);
		x += view_text(line, x, 0, role, current ? "]" : " ");
	}
}

void frame_draw_notice(struct view line, enum message_level level, const char *text)
{
	view_glyph(line, 1, 0, message_role(level), message_glyph(level));
	view_field(line, 3, 0, line.w - 4, message_role(level), text);
}

bool frame_add_running(struct strbuf *out, const struct frame *frame)
{
	const struct model *model = frame->model;
	const struct snapshot *snapshot = model->running;

	if (snapshot) {
		estimate_add_running(out, model, snapshot, frame->now);
		return true;
	}
	if (model->op_count > 0 && model->ops[0]->state == OP_RUNNING) {
		estimate_add_operation(out, model->ops[0]);
		return true;
	}
	return false;
}

/* Only what failed and why: which of the lists it was is one `m` away. */
static const char *short_reason(const struct link *link)
{
	const char *at =
		link->server && *link->server ? strstr(link->why.text, link->server) : NULL;

	return at ? at : link->why.text;
}

/* "snapshots are as of 02:13:52: list backups in velero: not permitted" */
static bool add_old_reason(struct strbuf *out, const struct frame *frame, int width, bool ascii)
{
	enum collection oldest;
	struct strbuf text = STRBUF_INIT;
	const struct collection_state *state;

	if (!count_old(frame, &oldest))
		return false;
	state = &frame->model->state[oldest];
	strbuf_addf(&text, "%s are as of ", collection_name(oldest));
	clock_add_hms(&text, state->as_of, frame->zone);
	strbuf_addf(&text, ": %s", state->why.text);
	text_add_cut(out, text.buf, width, ascii);
	strbuf_done(&text);
	return true;
}

void frame_add_connection(struct strbuf *out, const struct frame *frame, int width, bool ascii)
{
	const struct link *link = &frame->model->link;
	struct strbuf tail = STRBUF_INIT;

	if (add_old_reason(out, frame, width, ascii))
		return;
	if (link->state == LINK_CONNECTING) {
		strbuf_addf(out, "Connecting to %s, from %s", link->server ? link->server : "?",
			    link->source ? link->source : "?");
		return;
	}
	if (link->next_try > frame->now)
		strbuf_addf(&tail, ". Next try in %lld s, Ctrl-R now.",
			    (long long)(link->next_try - frame->now));
	else
		strbuf_adds(&tail, ". Trying again.");
	text_add_cut(out, short_reason(link), width - text_width(tail.buf), ascii);
	strbuf_adds(out, tail.buf);
	strbuf_done(&tail);
}

bool frame_connection_level(const struct frame *frame, enum message_level *ret_level)
{
	static const enum message_level levels[] = { [LINK_CONNECTING] = MESSAGE_INFO,
						     [LINK_LOST] = MESSAGE_ERROR,
						     [LINK_REFUSED] = MESSAGE_ERROR };
	enum link_state state = frame->model->link.state;
	enum collection oldest;

	if (count_old(frame, &oldest)) {
		*ret_level = MESSAGE_WARNING;
		return true;
	}
	if (state != LINK_CONNECTING && state != LINK_LOST && state != LINK_REFUSED)
		return false;
	*ret_level = levels[state];
	return true;
}

void frame_draw_too_small(struct view view, const struct frame *frame)
{
	struct view inner = view_part(view, 1, 0, view.w - 1, view.h);
	struct strbuf text = STRBUF_INIT;
	int y;

	strbuf_addf(&text, "kotsnap needs %dx%d, this is %dx%d.", FRAME_LEAST_COLS,
		    FRAME_LEAST_ROWS, view.w, view.h);
	y = view_wrap(inner, 0, 0, 3, ROLE_HEADING, text.buf);
	strbuf_reset(&text);
	if (frame_add_running(&text, frame)) {
		view_glyph(inner, 0, y, ROLE_RUNNING, GLYPH_RUNNING);
		y += view_wrap(inner, 2, y, 3, ROLE_TEXT, text.buf);
	}
	strbuf_done(&text);
	y += view_wrap(inner, 0, y, 3, ROLE_TEXT,
		       "Make the window larger, or use the commands: kotsnap help");
	view_text(inner, 0, y, ROLE_KEY, "q quit");
}
