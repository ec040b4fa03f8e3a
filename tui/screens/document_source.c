#include "tui/screens/document_source.h"

#include <stdio.h>

static const char *raw(const void *arg, size_t line, size_t *ret_len)
{
	return document_line(arg, line, ret_len);
}

struct pager_source document_source(const struct document *document)
{
	return (struct pager_source){ .count = document ? document_lines(document) : 0,
				      .arg = document,
				      .raw = raw };
}

const struct document *document_from(struct strbuf *sb)
{
	size_t len = sb->len;

	return document_new(strbuf_detach(sb), len);
}

void document_copy_line(const struct document *document, const struct pager *pager,
			struct effects *effects)
{
	struct pager_source source = document_source(document);
	struct effect *effect;
	const char *text;
	size_t line, len;

	if (!pager_current(pager, &source, &line))
		return;
	text = document_line(document, line, &len);
	while (len > 0 && *text == ' ') {
		text++;
		len--;
	}
	effect = effects_add(effects, EFFECT_COPY);
	snprintf(effect->text, sizeof(effect->text), "%.*s", (int)len, text);
}

void document_write(const struct document *document, const char *file, struct effects *effects)
{
	struct effect *effect = effects_add(effects, EFFECT_WRITE);

	snprintf(effect->text, sizeof(effect->text), "%s", file);
	effect->document = document_ref(document);
}
