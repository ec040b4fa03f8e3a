#include "backend/velero/cause.h"

#include "backend/base/amount.h"

static void add_head(struct strbuf *out, const struct problem_group *group)
{
	const struct cause *cause = group->cause;

	strbuf_addf(out, "%s: %s", group->is_error ? "ERROR" : "WARNING", group->title);
	if (group->count > 1)
		strbuf_addf(out, ", %zu times", group->count);
	strbuf_addc(out, '\n');
	if (!cause) {
		strbuf_adds(out, "  No rule knows this message.\n");
		return;
	}
	strbuf_addf(out, "  %s: %s\n", surety_words(cause->surety), cause->so);
	strbuf_addf(out, "  Next: %s\n", cause->next);
}

static void add_line(struct strbuf *out, const struct result_line *line)
{
	strbuf_addf(out, "    %s: ", line->scope);
	/* One message, one line: what Velero took from elsewhere may have several. */
	for (const char *text = line->message; *text; text++)
		strbuf_addc(out, *text == '\n' ? ' ' : *text);
	strbuf_addc(out, '\n');
}

void problems_add_text(struct strbuf *out, const struct result_lines *lines,
		       const struct problem_groups *groups)
{
	for (size_t i = 0; i < groups->count; i++) {
		const struct problem_group *group = &groups->rows[i];

		if (i)
			strbuf_addc(out, '\n');
		add_head(out, group);
		for (size_t n = 0; n < group->count; n++)
			add_line(out, &lines->rows[group->lines[n]]);
	}
	if (groups->harmless) {
		strbuf_addc(out, '\n');
		amount_add_count(out, (int64_t)groups->harmless);
		strbuf_adds(out, " of ");
		amount_add_count(out, (int64_t)lines->count);
		strbuf_adds(out, " known to be harmless.\n");
	}
}
