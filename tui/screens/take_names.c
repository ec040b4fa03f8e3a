/* By name: what a snapshot would leave out and why, what is not meant to be in it, what is copied,
 * which scripts would run, and what could not be read. */
#include "backend/base/amount.h"
#include "tui/screens/take_parts.h"

enum section { LEFT_OUT, NOT_READ, ASIDE, COPIED, SCRIPTS, SECTIONS };

static const struct {
	const char *heading;
	enum coverage_weight weight; /* of the sections that are rows of the coverage */
	enum role role;
	size_t lines; /* of one entry: what it is, and why */
} sections[SECTIONS] = {
	[LEFT_OUT] = { "Left out", COVERAGE_LEFT_OUT, ROLE_WARNING, 2 },
	[NOT_READ] = { "Could not be read", COVERAGE_IN, ROLE_UNKNOWN, 2 },
	[ASIDE] = { "Not meant to be in it", COVERAGE_ASIDE, ROLE_TEXT, 2 },
	[COPIED] = { "Copied", COVERAGE_IN, ROLE_TEXT, 1 },
	[SCRIPTS] = { "Scripts that run", COVERAGE_IN, ROLE_TEXT, 2 },
};

static size_t section_count(const struct preview *preview, enum section section)
{
	switch (section) {
	case SCRIPTS:
		return preview->coverage.script_count;
	case NOT_READ:
		return preview->gap_count;
	default:
		return preview_count(preview, sections[section].weight);
	}
}

size_t take_names_rows(const struct preview *preview)
{
	size_t rows = 0;

	for (int i = 0; preview && i < SECTIONS; i++) {
		size_t count = section_count(preview, (enum section)i);

		rows += count ? count * sections[i].lines + 1 : 0;
	}
	return rows;
}

/* Where the rows of a weight begin: they are sorted, what matters most first. */
static size_t first_of(const struct preview *preview, enum coverage_weight weight)
{
	const struct coverage *coverage = &preview->coverage;
	size_t i = 0;

	while (i < coverage->count && coverage_weight(coverage->rows[i].why) != weight)
		i++;
	return i;
}

static void add_script(struct strbuf *out, const struct coverage_script *script, bool why)
{
	if (why)
		strbuf_addf(out, "%s, at most %s%s%s", script->command, script->timeout,
			    *script->on_error ? ", on error " : "", script->on_error);
	else
		strbuf_addf(out, "%s: %s/%s, container %s", script->post ? "after" : "before",
			    script->namespace, script->pod, script->container);
}

/* What entry `index` of a section is, or why it stands there. */
static void add_entry(struct strbuf *out, const struct preview *preview, enum section section,
		      size_t index, bool why)
{
	const struct coverage_row *row;

	if (section == SCRIPTS) {
		add_script(out, &preview->coverage.scripts[index], why);
		return;
	}
	if (section == NOT_READ) {
		strbuf_adds(out, why ? preview->gaps[index].why : preview->gaps[index].what);
		return;
	}
	row = &preview->coverage.rows[first_of(preview, sections[section].weight) + index];
	if (why)
		coverage_add_reason(out, row);
	else
		coverage_add_thing(out, row);
}

static void draw_heading(struct view view, int y, enum section section, size_t count)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s: ", sections[section].heading);
	amount_add_count(&text, (int64_t)count);
	view_field(view, 4, y, view.w - 5, ROLE_HEADING, text.buf);
	strbuf_done(&text);
}

static void draw_line(struct view view, int y, const struct preview *preview, size_t line)
{
	for (int i = 0; i < SECTIONS; i++) {
		size_t count = section_count(preview, (enum section)i);
		size_t lines = sections[i].lines;
		struct strbuf text = STRBUF_INIT;
		bool why;

		if (!count)
			continue;
		if (!line) {
			draw_heading(view, y, (enum section)i, count);
			return;
		}
		if (line > count * lines) {
			line -= count * lines + 1;
			continue;
		}
		why = lines == 2 && line % 2 == 0;
		add_entry(&text, preview, (enum section)i, (line - 1) / lines, why);
		view_field(view, why ? 8 : 6, y, view.w - (why ? 9 : 7),
			   why ? ROLE_DIM : sections[i].role, text.buf);
		strbuf_done(&text);
		return;
	}
}

void take_names_draw(struct view view, const struct take *take)
{
	size_t rows = take_names_rows(take->preview), row = take->top;
	struct strbuf place = STRBUF_INIT;
	int y = 1;

	for (; row < rows && y < view.h - 1; row++, y++)
		draw_line(view, y, take->preview, row);
	if (rows)
		strbuf_addf(&place, "lines %zu to %zu of %zu", take->top + 1, row, rows);
	view_rule(view, 0, ROLE_HEADING, "By name", place.buf);
	view_text(view, 4, view.h - 1, ROLE_DIM, "Up, Down and PgDn move it; Esc closes it.");
	strbuf_done(&place);
}
