#include "backend/base/safetext.h"

#include <utf8proc.h>

/* Characters that move, hide or reorder others: everything of category Cf, and the separators of
 * lines and paragraphs. */
static bool is_hidden(utf8proc_int32_t c)
{
	utf8proc_category_t category = utf8proc_category(c);

	if (c == 0x200D || (c >= 0xFE00 && c <= 0xFE0F))
		return false; /* joiner and variation selectors inside emoji */
	return category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_ZL ||
	       category == UTF8PROC_CATEGORY_ZP || category == UTF8PROC_CATEGORY_CN ||
	       category == UTF8PROC_CATEGORY_CO || category == UTF8PROC_CATEGORY_CS ||
	       c == 0x034F || c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0;
}

size_t safetext_step(const char *text, size_t len, int32_t *ret_char, bool *ret_safe)
{
	utf8proc_ssize_t used;

	if ((unsigned char)*text < 0x80) {
		*ret_char = (unsigned char)*text;
		*ret_safe = *text >= 0x20 && *text != 0x7f;
		return 1;
	}
	used = utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, ret_char);
	if (used <= 0) {
		*ret_char = -1;
		*ret_safe = false;
		return 1;
	}
	*ret_safe = *ret_char >= 0xA0 && !is_hidden(*ret_char);
	return (size_t)used;
}

static void add_visible(struct strbuf *out, utf8proc_int32_t c, unsigned char byte,
			bool keep_newlines)
{
	if (c == '\n')
		strbuf_addc(out, keep_newlines ? '\n' : ' ');
	else if (c == '\t')
		strbuf_adds(out, keep_newlines ? "        " : " ");
	else if (c == -1)
		strbuf_addf(out, "\\x%02x", byte);
	else if (c == 0x7f)
		strbuf_adds(out, "^?");
	else if (c < 0x20)
		strbuf_addf(out, "^%c", (char)(c + 0x40));
	else if (c > 0xFFFF)
		strbuf_addf(out, "\\U%08x", (unsigned)c);
	else
		strbuf_addf(out, "\\u%04x", (unsigned)c);
}

void safetext_add(struct strbuf *out, const char *text, size_t len, bool keep_newlines)
{
	size_t at = 0, plain = 0, used;
	bool safe;
	int32_t c;

	while (at < len) {
		used = safetext_step(text + at, len - at, &c, &safe);
		if (!safe) {
			strbuf_add(out, text + plain, at - plain);
			add_visible(out, c, (unsigned char)text[at], keep_newlines);
			plain = at + used;
		}
		at += used;
	}
	strbuf_add(out, text + plain, at - plain);
}

bool safetext_is_safe(const char *text, size_t len)
{
	bool safe = true;
	size_t at = 0;
	int32_t c;

	while (safe && at < len)
		at += safetext_step(text + at, len - at, &c, &safe);
	return safe;
}
