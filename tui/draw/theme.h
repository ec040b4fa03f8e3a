/* Roles to looks. A theme is YAML: a palette and roles; unknown roles and colours are errors with
 * the nearest name. Reduced to 256 and 16 colours and to mono by computation
 * (design/screens.md 2.3; meaning never rests on colour alone). Pure. */
#ifndef TUI_DRAW_THEME_H
#define TUI_DRAW_THEME_H

#include "backend/base/status.h"
#include "tui/draw/role.h"

#include <stdbool.h>
#include <stdint.h>

#define COLOR_DEFAULT (-1)

struct style {
	int32_t fg, bg; /* 0xRRGGBB, or an index 0 to 15 as 0x1000000 + index, or COLOR_DEFAULT */
	bool bold, dim, underline, reverse;
};

struct theme {
	char name[32];
	struct style styles[ROLES];
};

enum status theme_parse(const char *yaml, size_t len, struct theme *ret_theme, struct error *err);
/* The one compiled in (themes/default.yaml). */
void theme_default(struct theme *ret_theme);

enum depth { DEPTH_MONO, DEPTH_16, DEPTH_256 };
/* A style as the terminal can show it: fg and bg become palette indexes 0 to 255 or COLOR_DEFAULT.
 */
struct style theme_reduce(const struct style *style, enum role role, enum depth depth);

#endif
