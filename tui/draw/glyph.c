#include "tui/draw/glyph.h"

#include <string.h>

static const struct {
	const char *utf8, *ascii;
} glyph_rows[GLYPHS] = {
#define GLYPH_ROW(glyph, utf8, ascii) [glyph] = { utf8, ascii },
	GLYPH_LIST(GLYPH_ROW)
#undef GLYPH_ROW
};

const char *glyph_text(enum glyph glyph, bool ascii)
{
	return ascii ? glyph_rows[glyph].ascii : glyph_rows[glyph].utf8;
}

const char *glyph_reduce(const char *grapheme)
{
	enum glyph glyph;

	for (glyph = 0; glyph < GLYPHS; glyph++) {
		if (!strcmp(glyph_rows[glyph].utf8, grapheme))
			return glyph_rows[glyph].ascii;
	}
	return "?";
}
