/* Any YAML as a theme: looks that every terminal can be given, or an error that says something. */
#include "tests/fuzz/fuzz.h"

#include "tui/draw/theme.h"

static void check(int32_t color)
{
	fuzz_require(color == COLOR_DEFAULT || (color >= 0 && color <= 255));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = ERROR_INIT;
	struct theme theme = { 0 };

	if (theme_parse((const char *)data, size, &theme, &err)) {
		fuzz_require(*err.text);
		return 0;
	}
	for (int role = 0; role < ROLES; role++)
		for (int depth = DEPTH_MONO; depth <= DEPTH_256; depth++) {
			struct style style = theme_reduce(&theme.styles[role], (enum role)role,
							  (enum depth)depth);

			check(style.fg);
			check(style.bg);
		}
	return 0;
}
